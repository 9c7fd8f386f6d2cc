"""What is counted as found, as hidden for nothing, and as readable."""

from __future__ import annotations

from benchmarks.private_templates import Case, Span, SpokenTurn
from benchmarks.private_templates.scoring import Mask, RedactedTurn, Score, aligned, redacted
from sotto.call.utterance import PrivateSpan
from sotto.tenants.redaction_rules import PrivateKind

CARD = "my card is four five uh one one thanks"
VALUE = ((11, 20), (24, 31))


def case_of(text: str, *spans: Span, innocent: bool = False) -> Case:
    return Case("en-card-99", "card", "en_GB", innocent, (SpokenTurn("customer", text, spans),))


def card(*, mention: int = 1) -> Span:
    return Span(PrivateKind.CARD_NUMBER, 11, 31, "card", mention, VALUE)


def scored(case: Case, *masks: Mask) -> Score:
    score = Score()
    score.add(case, [RedactedTurn(case.turns[0], "", masks)])
    return score


def test_masks_are_found_in_what_was_said() -> None:
    span = PrivateSpan("card_number", 0, 1, 11, 24)
    assert aligned(CARD, "my card is [card number] thanks", (span,)) == (Mask("card_number", 11, 31),)


def test_a_value_is_found_when_all_that_gives_it_away_is_hidden() -> None:
    whole = scored(case_of(CARD, card()), Mask("card_number", 11, 31))
    two = scored(case_of(CARD, card()), Mask("number", 11, 20), Mask("number", 24, 31))
    half = scored(case_of(CARD, card()), Mask("card_number", 11, 28))
    assert [one.kinds["card_number"].found for one in (whole, two, half)] == [1, 1, 0]
    assert half.misses and not whole.misses


def test_a_mask_of_another_kind_hides_and_is_precise_but_not_right() -> None:
    tally = scored(case_of(CARD, card()), Mask("phone", 11, 31)).kinds["phone"]
    assert (tally.masks, tally.good, tally.right) == (1, 1, 0)


def test_what_is_hidden_of_innocent_talk_is_counted_by_turn_and_by_word() -> None:
    score = scored(case_of("we open at nine thirty", innocent=True), Mask("number", 11, 22))
    assert score.summary()["innocent_turns_touched"] == 1.0
    assert score.summary()["innocent_words_masked"] == 2 / 5
    assert score.summary()["overall_precision"] == 0.0


def test_a_value_said_in_parts_counts_once_and_only_whole() -> None:
    first, second = (
        SpokenTurn("customer", "four five", (Span(PrivateKind.CARD_NUMBER, 0, 9, "card", 1, ((0, 9),)),)),
        (SpokenTurn("customer", "one one", (Span(PrivateKind.CARD_NUMBER, 0, 7, "card", 1, ((0, 7),)),))),
    )
    case = Case("en-card-99", "card", "en_GB", False, (first, second))
    score = Score()
    score.add(case, [RedactedTurn(first, "", (Mask("card_number", 0, 9),)), RedactedTurn(second, "", ())])
    assert (score.kinds["card_number"].values, score.kinds["card_number"].found) == (1, 0)


def test_redaction_itself_is_asked_turn_by_turn() -> None:
    digits = "4539148803436467"
    turn = SpokenTurn("customer", f"my card number is {digits}", (card(),))
    (one,) = redacted(Case("en-card-99", "card", "en_GB", False, (turn,)))
    assert one.hides(18, 18 + len(digits))
    assert not one.hides(0, 2)
