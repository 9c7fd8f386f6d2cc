"""Unit: Connect records nothing while a card is due, and always records again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from sotto.call.contact import Contact, ContactStatus, Speaker
from sotto.call.live import RecordingAction, RecordingOrder
from sotto.call.transcript_result import TranscriptResult
from sotto.core.errors import Retryable
from sotto.core.metrics.recorder import Recorder
from sotto.recordings.suspension.guard import (
    HOLDS_MS,
    LONGEST_MS,
    Answer,
    GuardPorts,
    Suspension,
    guard_recording,
    resume_overdue,
)
from sotto.recordings.suspension.watch import FORGOTTEN_MS, CardsDue
from tests.fakes.books import BooksInMemory, any_book
from tests.fakes.clock import ClockByHand
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.suspensions import SuspensionsInMemory
from tests.unit.recordings.recorded_call import STARTED_MS, contact, redactor

SUSPEND, RESUME, STOP = RecordingAction.SUSPEND, RecordingAction.RESUME, RecordingAction.STOP


def orders(*talk: tuple[float, str]) -> list[tuple[float, str]]:
    """What is ordered when, while this is spoken: ``(call ms, text)``."""
    by, found, at_ms = redactor(), list[tuple[float, str]](), 0.0
    watch = CardsDue(lambda action: found.append((at_ms, action.value)))
    for at_ms, text in talk:
        done = by.redact(TranscriptResult(Speaker.AGENT, "r", at_ms - 500, at_ms, text, is_final=True))
        watch.final(done.expected, {span.kind for span in done.spans}, at_ms)
    return found


def test_from_the_question_until_the_card_is_over() -> None:
    talk = (
        (1_000, "thank you for calling harbour bank how can i help"),
        (5_000, "i want to pay my bill"),
        (9_000, "can you read me the long number on the front of your card please"),
        (15_000, "it is four one one one one one one one"),
        (20_000, "one one one one one one one one"),
        (24_000, "and the expiry date"),
        (27_000, "oh eight twenty eight"),
        (31_000, "and the security code on the back"),
        (34_000, "seven three two"),
        (38_000, "thank you that has gone through"),
        (42_000, "is there anything else i can do for you today"),
    )
    found = orders(*talk)
    assert found[0] == (9_000, "suspend")
    assert found[-1][1] == "resume" and 34_000 < found[-1][0] <= 42_000
    assert [each for _, each in found].count("resume") == 1


def test_a_card_that_nobody_asked_for_suspends_too() -> None:
    found = orders((2_000, "my card number is four one one one one one one one one one one one one one one one"))
    assert found == [(2_000, "suspend")]


def test_talk_without_a_card_orders_nothing() -> None:
    assert (
        orders((1_000, "my name is mark and i was born in eighty four"), (4_000, "my e mail is a at b dot com")) == []
    )


def test_a_card_that_never_comes_is_forgotten() -> None:
    found: list[RecordingAction] = []
    watch = CardsDue(found.append)
    watch.final("card_number", (), 1_000)
    watch.passed(1_000 + FORGOTTEN_MS - 1)
    assert found == [SUSPEND]
    watch.passed(1_000 + FORGOTTEN_MS)
    watch.passed(1_000 + FORGOTTEN_MS + 9_000)
    assert found == [SUSPEND, RESUME]


def test_a_worker_that_follows_another_resumes_what_that_one_may_have_suspended() -> None:
    found: list[RecordingAction] = []
    CardsDue(found.append, follows=True).final(None, (), 60_000)
    assert found == [RESUME]


def test_after_a_refusal_nothing_resumes() -> None:
    found: list[RecordingAction] = []
    watch = CardsDue(found.append)
    watch.final("card_number", (), 1_000)
    watch.refused()
    watch.final(None, (), 30_000)
    assert found == [SUSPEND, STOP]


@dataclass
class Guard:
    """``connect``: what was asked of it. ``fails``: how often it does not answer."""

    known: Contact = field(default_factory=lambda: contact(status=ContactStatus.CONNECTED))
    suspend_policy: bool = True
    suspensions: SuspensionsInMemory = field(default_factory=SuspensionsInMemory)
    clock: ClockByHand = field(default_factory=lambda: ClockByHand(STARTED_MS))
    connect: list[str] = field(default_factory=list)
    fails: int = 0
    answer: Answer = Answer.DONE

    def __post_init__(self) -> None:
        self.contacts = ContactsInMemory(self.known)

    def suspend(self, contact: Contact) -> Answer:
        return self._asked("suspend")

    def resume(self, contact: Contact) -> Answer:
        return self._asked("resume")

    def _asked(self, what: str) -> Answer:
        if self.fails:
            self.fails -= 1
            raise Retryable("throttled")
        self.connect.append(what)
        return self.answer

    @property
    def ports(self) -> GuardPorts:
        books = BooksInMemory(any_book("bank", recordings={"suspend": self.suspend_policy}))
        metrics = Recorder(self.clock, lambda line: None, cell="test")
        return GuardPorts(self.contacts, books, self.suspensions, self, metrics, self.clock)

    def order(self, action: RecordingAction, *, at_ms: float = 0) -> Answer:
        ordered_at_ms = int(STARTED_MS + at_ms)
        return guard_recording(RecordingOrder("bank", "c1", action, ordered_at_ms), self.ports)

    def sweep(self) -> int:
        return resume_overdue(["bank"], self.ports)


def test_it_is_suspended_and_resumed_once() -> None:
    at = Guard()
    assert [at.order(SUSPEND), at.order(SUSPEND), at.order(RESUME, at_ms=9_000)] == ["done", "nothing", "done"]
    at.clock.advance(HOLDS_MS * 9)
    assert at.sweep() == 0
    assert at.connect == ["suspend", "resume"]


def test_an_order_that_was_overtaken_does_nothing() -> None:
    at = Guard()
    at.order(SUSPEND)
    at.order(RESUME, at_ms=9_000)
    assert at.order(SUSPEND, at_ms=8_000) is Answer.NOTHING
    assert at.connect == ["suspend", "resume"]


def test_when_the_worker_dies_the_sweep_resumes() -> None:
    at = Guard()
    at.order(SUSPEND)
    at.clock.advance(HOLDS_MS - 1)
    assert at.sweep() == 0
    at.clock.advance(1)
    assert (at.sweep(), at.sweep()) == (1, 0)
    assert at.connect == ["suspend", "resume"]


def test_what_was_erased_with_its_contact_is_swept_once() -> None:
    at = Guard()
    at.order(SUSPEND)
    at.suspensions.stored.clear()
    at.clock.advance(HOLDS_MS)
    at.sweep()
    assert at.sweep() == 0
    assert at.connect == ["suspend", "resume"]


def test_renewals_hold_it_for_a_while_and_not_for_ever() -> None:
    at = Guard()
    for at_ms in range(0, LONGEST_MS, 20_000):
        at.order(SUSPEND, at_ms=at_ms)
    at.clock.advance(LONGEST_MS)
    assert at.sweep() == 1


def test_a_suspension_of_which_nobody_knows_whether_it_came_about_is_resumed() -> None:
    """Connect did not answer, or this function ended before it did."""
    at = Guard(fails=1)
    with pytest.raises(Retryable):
        at.order(SUSPEND)
    at.clock.advance(HOLDS_MS)
    assert at.sweep() == 1
    assert at.connect == ["resume"]


def test_a_resumption_that_fails_is_tried_again_by_the_sweep() -> None:
    at = Guard()
    at.order(SUSPEND)
    at.fails = 2
    with pytest.raises(Retryable):
        at.order(RESUME, at_ms=5_000)
    at.clock.advance(HOLDS_MS)
    with pytest.raises(Retryable):
        at.sweep()
    assert at.sweep() == 1
    assert at.connect == ["suspend", "resume"]


def test_a_contact_that_has_ended_has_nothing_to_resume_and_is_let_go() -> None:
    at = Guard()
    at.order(SUSPEND)
    at.contacts.put(contact(status=ContactStatus.ENDED))
    at.clock.advance(HOLDS_MS)
    assert at.sweep() == 1
    assert at.connect == ["suspend"]
    assert at.order(SUSPEND, at_ms=99_000) is Answer.NOTHING


@pytest.mark.parametrize("answer", [Answer.NOTHING, Answer.REFUSED])
def test_a_contact_that_is_not_recorded_or_a_role_that_may_not_harms_nothing(answer: Answer) -> None:
    at = Guard(answer=answer)
    assert at.order(SUSPEND) is answer
    assert at.order(RESUME, at_ms=1) is answer


def test_a_tenant_may_do_without_but_who_refuses_is_not_recorded_any_more() -> None:
    at = Guard(suspend_policy=False)
    assert at.order(SUSPEND) is Answer.NOTHING
    assert at.order(STOP, at_ms=1) is Answer.DONE
    at.clock.advance(3_600_000)
    assert at.sweep() == 0
    assert at.connect == ["suspend"]


def test_a_tenant_whose_records_cannot_be_read_keeps_no_other_from_being_resumed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = Guard()
    at.order(SUSPEND)
    at.clock.advance(HOLDS_MS)
    overdue = at.suspensions.overdue

    def read(tenant: str, now_ms: int, limit: int) -> Sequence[Suspension]:
        if tenant == "another":
            raise Retryable("throttled")
        return overdue(tenant, now_ms, limit)

    monkeypatch.setattr(at.suspensions, "overdue", read)
    with pytest.raises(Retryable):
        resume_overdue(["another", "bank"], at.ports)
    assert at.connect == ["suspend", "resume"]
