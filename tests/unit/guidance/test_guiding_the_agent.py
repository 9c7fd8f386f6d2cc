"""Unit: actions and checklists, retries, order of arrival, and the size of what is remembered."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from sotto.call.annotation import AnnotationKind
from sotto.graph.node import NodeResult, NodeStatus
from sotto.guidance.call_events import CallEvent
from sotto.guidance.conversation import ConversationState, state_to_json
from sotto.guidance.evaluate import checklist_of, evaluate
from sotto.guidance.rules import Rules, rules_of
from sotto.wiring.publishing import book_from
from tests.unit.guidance.calls import MODELS, found, play, rules_for, says, tick
from tests.unit.tenants.tenant_files import write_tenant

NO_POLICIES = "version: 1\npolicies: []\n"
PLAYBOOK = """\
moments:
  leaving: {when: {phrases: [close my account]}, severity: high}
  named: {when: {phrases: [another bank]}}
  both: {when: {all: [leaving, named]}, once: true}
  offered: {when: {phrases: [free account], speaker: agent}}
actions:
  offer:
    when: leaving
    withdraw_when: offered
    expires: 60s
    severity: high
    show: {title: Offer the free account, text: It is free., reply: May I offer you the free account?}
  compare: {when: {all: [leaving, named]}, once: true, show: {title: Compare}}
  late: {when: named, unless: offered, show: {title: Late}}
  answer: {answer: {model: knowledge, at_least: 0.5}, again_after: 1m, show: {title: "{article}"}}
checklists:
  opening:
    title: Opening
    items:
      greet: {title: Greet, done_when: {behaviour: greeting}, within: 10s}
      offer: {title: Offer, done_when: offered, needed_when: leaving, within: 30s, after: leaving}
"""


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    return rules_for(tmp_path, PLAYBOOK)


def shown(rules: Rules, *events: CallEvent) -> list[str]:
    """The actions in order; a withdrawal has a minus before its name."""
    annotations = play(rules, *events)[1]
    return [
        ("-" if "withdraws" in one.show else "") + one.name for one in annotations if one.kind is AnnotationKind.ACTION
    ]


def answers(confidence: float, article: str = "fees") -> NodeResult:
    best = {
        "text": "It costs 12.",
        "article": article,
        "title": "Fees",
        "start": 0,
        "end": 12,
        "confidence": confidence,
    }
    return NodeResult("knowledge", "knowledge", NodeStatus.OK, {"answers": [best]})


def test_an_action_shows_what_the_playbook_says_with_the_evidence_of_its_moment(rules: Rules) -> None:
    _, (leaving, offer) = play(rules, says("I close my account", 5))
    assert offer.show == {
        "title": "Offer the free account",
        "text": "It is free.",
        "reply": "May I offer you the free account?",
        "expires_ms": 60_000,
    }
    assert (offer.seq, offer.severity, offer.evidence) == (2, "high", leaving.evidence)


def test_an_action_is_withdrawn_when_it_has_been_done(rules: Rules) -> None:
    assert shown(rules, says("close my account", 5), says("a free account", 9, by="agent")) == ["offer", "-offer"]
    _, annotations = play(rules, says("close my account", 5), says("a free account", 9, by="agent"))
    opened, withdrawn = (one for one in annotations if one.name == "offer")
    assert withdrawn.show["withdraws"] == opened.id


def test_an_action_that_is_open_is_not_shown_again_and_after_it_expired_it_may(rules: Rules) -> None:
    again = [says("close my account", at) for at in (5, 30, 200)]
    assert shown(rules, *again) == ["offer", "offer"]
    assert play(rules, again[0], tick(66))[0].open_actions == ()


def test_an_action_may_need_several_moments(rules: Rules) -> None:
    assert "compare" in shown(rules, says("close my account", 5), says("another bank", 50))


def test_an_action_is_not_shown_if_what_it_asks_for_has_happened(rules: Rules) -> None:
    assert "late" not in shown(rules, says("a free account", 5, by="agent"), says("another bank", 9))
    assert "late" in shown(rules, says("another bank", 9))


def test_a_sure_answer_is_shown_with_its_source_and_an_unsure_one_is_not(rules: Rules) -> None:
    _, (one,) = play(rules, says("what does it cost", 5, results=[answers(0.6)]))
    assert one.show["title"] == "Fees" and one.show["text"] == "It costs 12."
    assert one.show["citations"] == [{"article": "fees", "title": "Fees", "quote": "It costs 12."}]
    assert shown(rules, says("hm", 5, results=[answers(0.4)])) == []


def test_the_same_article_is_not_shown_twice_in_a_row_but_another_one_is(rules: Rules) -> None:
    events = [says("a", 5, results=[answers(0.6)]), says("b", 9, results=[answers(0.7)])]
    assert shown(rules, *events) == ["answer"]
    assert shown(rules, *events, says("c", 12, results=[answers(0.6, "cards")])) == ["answer", "-answer", "answer"]


def states(rules: Rules, *events: CallEvent) -> dict[str, str]:
    return {item.name: item.state for item in checklist_of(play(rules, *events)[0], rules)}


def test_a_checklist_item_is_done_when_it_was_said_and_missed_when_its_time_is_over(rules: Rules) -> None:
    hello = says("hello", 5, by="agent", results=[found("behaviours", "greeting")])
    assert states(rules, tick(3)) == {"greet": "open"}
    assert states(rules, tick(3), hello) == {"greet": "done"}
    assert states(rules, tick(14)) == {"greet": "missed"}


def test_an_item_that_is_done_late_is_done(rules: Rules) -> None:
    hello = says("hello", 50, by="agent", results=[found("behaviours", "greeting")])
    assert states(rules, tick(14), hello) == {"greet": "done"}


def test_an_item_appears_when_it_is_needed_and_says_what_did_it(rules: Rules) -> None:
    leaving, offered = says("close my account", 20), says("a free account", 25, by="agent")
    assert states(rules, leaving)["offer"] == "open"
    state = play(rules, leaving, offered)[0]
    assert checklist_of(state, rules)[1].done_by == "agent-23000"
    assert states(rules, leaving, tick(60))["offer"] == "missed"


def test_only_changes_of_a_checklist_are_published(rules: Rules) -> None:
    first = evaluate(ConversationState("t", "c"), tick(1), rules)
    assert [item.name for item in first.checklist] == ["greet"]
    assert evaluate(first.state, tick(2), rules).checklist == ()


CALL = (
    says("hello", 4, by="agent", seq=1, results=[found("behaviours", "greeting")]),
    says("I close my account", 9, seq=2, results=[found("intent", "buy")]),
    says("another bank", 14, seq=3),
    says("a free account", 20, by="agent", seq=4),
    says("fine", 25, seq=5, results=[found("sentiment", "positive")]),
)


def test_everything_delivered_again_changes_nothing(rules: Rules) -> None:
    state, annotations = play(rules, *CALL)
    again = state
    for event in (*CALL, *reversed(CALL)):
        considered = evaluate(again, event, rules)
        assert considered.annotations == () and considered.checklist == ()
        again = considered.state
    assert again == state and annotations


def test_a_retry_on_the_old_state_gives_the_same_ids(rules: Rules) -> None:
    first = evaluate(ConversationState("t", "c"), CALL[1], rules)
    assert evaluate(ConversationState("t", "c"), CALL[1], rules) == first


def test_whatever_overtakes_what_the_outcome_is_the_same(rules: Rules) -> None:
    outcomes = set()
    for order in permutations(CALL):
        state, annotations = play(rules, *order)
        names = sorted((one.kind, one.name) for one in annotations if "withdraws" not in one.show)
        lasting = [
            one for one in names if one not in {(AnnotationKind.ACTION, "late"), (AnnotationKind.ACTION, "offer")}
        ]
        outcomes.add(
            str((lasting, sorted(state.checklists.items()), sorted(state.signals.items()), state.done_seq, state.turns))
        )
        assert not any(one.name == "offer" for one in state.open_actions)
    assert len(outcomes) == 1


def test_two_waves_of_an_utterance_are_applied_in_either_order(rules: Rules) -> None:
    text = "I close my account with another bank"
    waves = [says(text, 5, seq=1), says(text, 5, seq=1, results=[answers(0.9)])]
    first, second = play(rules, *waves), play(rules, *reversed(waves))
    assert {one.id for one in first[1]} == {one.id for one in second[1]}
    assert first[0].done_seq == second[0].done_seq == 1 and len(first[0].turns) == 1


def test_a_transfer_keeps_what_was_said_before_it(tmp_path: Path) -> None:
    playbook = (
        "version: 1\nsets:\n  one:\n    moments:\n      a: {when: {phrases: [apple]}}\n"
        "  two:\n    moments:\n      b: {when: {all: [{phrases: [apple]}, {phrases: [pear]}]}}\n"
    )
    book = book_from(write_tenant(tmp_path, tenant=MODELS, playbook=playbook, policies=NO_POLICIES))
    before, after = rules_of(book.playbook, ["one"]), rules_of(book.playbook, ["two"])
    state = evaluate(ConversationState("t", "c"), says("apple", 5), before).state
    assert [one.name for one in evaluate(state, says("pear", 9), after).annotations] == ["b"]


def test_a_moment_of_another_set_is_noticed_when_an_active_rule_mentions_it(tmp_path: Path) -> None:
    playbook = (
        "version: 1\nsets:\n  one:\n    moments:\n      a: {when: {phrases: [apple]}}\n"
        "  two:\n    actions:\n      act: {when: a, show: {title: Act}}\n"
    )
    book = book_from(write_tenant(tmp_path, tenant=MODELS, playbook=playbook, policies=NO_POLICIES))
    considered = evaluate(ConversationState("t", "c"), says("apple", 5), rules_of(book.playbook, ["two"]))
    assert [one.name for one in considered.annotations] == ["a", "act"]


def test_no_text_is_remembered_and_the_state_stays_small(rules: Rules) -> None:
    state = ConversationState("t", "c")
    for number in range(600):
        by = "agent" if number % 2 else "customer"
        text = "my secret plan is to close my account with another bank for a free account"
        results = [found("behaviours", "greeting"), answers(0.9, f"article-{number % 40}")]
        state = evaluate(state, says(text, 5 + 4 * number, by=by, seq=number + 1, results=results), rules).state
    stored = state_to_json(state)
    assert b"secret" not in stored
    assert len(stored) < 40_000
