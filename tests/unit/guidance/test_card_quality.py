"""Unit: how the cards of a call are judged against what a supervisor expects."""

from __future__ import annotations

from typing import Any

from benchmarks.card_quality import Expectations, Figures, Shown, judge
from sotto.call.annotation import Annotation, AnnotationKind

EXPECTED = Expectations.read(
    {
        "service": {
            "must": [{"any": ["offer", "fees"], "from": 10, "to": 20}, {"any": ["recap"], "from": 50, "to": 60}],
            "useful": [{"any": ["calm"], "from": 10, "to": 20}],
        },
        "opposed": [["offer", "close"]],
    },
    "service",
)


def card(name: str, at_s: int, *, severity: str = "info", kind: str = "action", **show: Any) -> Shown:
    utterance = f"u-{name}-{at_s}"
    kind_of = AnnotationKind(kind)
    made = Annotation(
        "t", "c", f"{name}-{at_s}", 1, kind_of, name, 0, utterance, 1.0, severity, {"title": name, **show}
    )
    return Shown(made, at_s * 1000)


def test_precision_counts_useful_cards_and_found_counts_what_had_to_come() -> None:
    made = judge([card("offer", 12), card("calm", 13), card("calm", 40)], EXPECTED, 60_000)
    assert (made.cards, made.useful, made.wanted, made.found) == (3, 2, 2, 1)
    assert made.missed == ("recap",) and made.disturbing == ("calm at 40 s",)
    figures = Figures([made])
    assert (round(figures.precision, 2), figures.recall, figures.cards_a_minute) == (0.67, 0.5, 3.0)


def test_an_article_counts_by_its_name_and_a_merged_card_for_both() -> None:
    cited = {"citations": [{"article": "fees", "title": "Fees", "quote": "x"}]}
    assert judge([card("knowledge_answer", 12, **cited)], EXPECTED, 60_000).found == 1
    assert judge([card("anything", 12, **cited)], EXPECTED, 60_000).found == 1


def test_cards_are_open_until_they_are_taken_back_or_their_time_is_over() -> None:
    gone = card("offer", 15, withdraws="offer-10")
    made = judge([card("offer", 10), gone, card("calm", 12, expires_ms=4_000)], EXPECTED, 20_000)
    assert made.open_each_second == (0,) * 10 + (1, 1, 2, 2, 2, 1) + (0,) * 4


def test_only_cards_that_stand_there_together_contradict() -> None:
    apart = [card("offer", 10, expires_ms=5_000), card("close", 16)]
    together = [card("offer", 10, expires_ms=7_000), card("close", 16)]
    assert judge(apart, EXPECTED, 60_000).contradictions == ()
    assert judge(together, EXPECTED, 60_000).contradictions == ("offer at 10 s beside close at 16 s",)


def test_a_grave_moment_without_an_action_is_a_card_as_on_the_panel() -> None:
    alone = card("code", 5, kind="moment", severity="high")
    assert judge([alone], EXPECTED, 60_000).cards == 1
    assert judge([card("code", 5, kind="moment", severity="low")], EXPECTED, 60_000).cards == 0
