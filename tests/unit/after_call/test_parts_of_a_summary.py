"""Unit: what a summary quotes by what is spoken: promises, attempts, facts, mood; and the day that words mean."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from sotto.after_call.extract import extracted
from sotto.after_call.parts.due import due
from sotto.after_call.stored_call import Call
from sotto.call.annotation import AnnotationKind
from sotto.call.contact import Speaker
from sotto.call.summary import SummaryLine, SummaryPart
from tests.unit.after_call.any_call import noted, said

WEDNESDAY = date(2026, 11, 25)
STARTED_MS = int(datetime(2026, 11, 25, 10, tzinfo=UTC).timestamp() * 1000)


def lines(part: SummaryPart, *turns: tuple[str, str]) -> list[SummaryLine]:
    call = Call(
        said(("customer", "I want to change my tariff today, it is too expensive."), *turns), started_at_ms=STARTED_MS
    )
    return [line for line in extracted(call) if line.part is part]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("You get it today.", "2026-11-25"),
        ("I call you tomorrow morning.", "2026-11-26"),
        ("The technician comes on Friday.", "2026-11-27"),
        ("It will be there by Wednesday.", "2026-12-02"),
        ("within two business days", "2026-11-27"),
        ("within three business days", "2026-11-30"),
        ("in 10 days", "2026-12-05"),
        ("in a couple of weeks", "2026-12-09"),
        ("by the end of the week", "2026-11-27"),
        ("by the end of the month", "2026-11-30"),
        ("on the 3rd of December", "2026-12-03"),
        ("on January 5th", "2027-01-05"),
        ("Ich rufe Sie morgen an.", "2026-11-26"),
        ("Der Techniker kommt am Freitag.", "2026-11-27"),
        ("innerhalb von zwei Wochen", "2026-12-09"),
        ("am 3. Dezember", "2026-12-03"),
        ("bis Ende des Monats", "2026-11-30"),
        ("on the 31st of February", ""),
        ("as soon as I can", ""),
    ],
)
def test_the_day_that_is_named_is_the_next_one_to_come(words: str, day: str) -> None:
    assert due(words, WEDNESDAY) == day
    assert due(words, None) == ""


def test_a_promise_has_who_made_it_and_the_day_it_is_for() -> None:
    found = lines(
        SummaryPart.PROMISE,
        ("agent", "I will send you the new contract by Friday."),
        ("customer", "I'll send the signed copy back within two weeks."),
        ("agent", "Thanks a lot for your call."),
    )
    assert [(line.text, line.owner, line.due, line.rests_on) for line in found] == [
        ("I will send you the new contract by Friday.", Speaker.AGENT, "2026-11-27", ("u2",)),
        ("I'll send the signed copy back within two weeks.", Speaker.CUSTOMER, "2026-12-09", ("u3",)),
    ]


@pytest.mark.parametrize(
    "words",
    [
        "I will just check that for you.",
        "Will you send me the contract on Friday?",
        "If you pay today I will close it.",
        "I sent you the contract.",
    ],
)
def test_what_is_done_while_they_speak_asked_or_bound_to_a_condition_is_no_promise(words: str) -> None:
    assert lines(SummaryPart.PROMISE, ("agent", words)) == []


def test_what_was_tried_and_which_figures_were_named_is_quoted_once() -> None:
    turns = (
        ("customer", "I have already restarted the router twice."),
        ("customer", "That did not help at all."),
        ("agent", "Your bill of March was 84 euros."),
    )
    assert [line.text for line in lines(SummaryPart.TRIED, *turns)] == [
        "I have already restarted the router twice.",
        "That did not help at all.",
    ]
    assert lines(SummaryPart.FACT, *turns) == [], "how the call ended quotes it already"
    named = (*turns, ("customer", "In February it was still 60 euros."))
    assert [line.text for line in lines(SummaryPart.FACT, *named)] == ["In February it was still 60 euros."]


def test_the_course_of_the_mood_names_each_change_and_rests_on_it() -> None:
    utterances = said(("customer", "This is terrible."), ("customer", "Really bad."), ("customer", "Thank you, great."))
    moments = [
        noted(AnnotationKind.MOMENT, f"sentiment_{sign}", f"u{seq}", seq=seq)
        for seq, sign in enumerate(("negative", "negative", "positive"), 1)
    ]
    (found,) = (line for line in extracted(Call(utterances, moments)) if line.part is SummaryPart.SENTIMENT)
    assert (found.text, found.rests_on) == ("negative, then positive", ("u1", "u3"))


def test_how_it_ended_is_last_and_always() -> None:
    call = Call(
        said(("customer", "I want a refund."), ("agent", "I will refund the fee by Friday.")), started_at_ms=STARTED_MS
    )
    assert [line.part for line in extracted(call)] == [SummaryPart.REASON, SummaryPart.PROMISE, SummaryPart.OUTCOME]
