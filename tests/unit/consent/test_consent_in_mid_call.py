"""Unit: what is said about consent in mid-call, from the redaction boundary to the end of the capture."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from sotto.call.contact import Contact, Speaker
from sotto.call.transcript_result import TranscriptResult
from sotto.consent.rules import ConsentDecision, ConsentRecord, decide_at_start, record_of
from sotto.redaction.redactor import Redacted
from sotto.tenants.consent_rule import ConsentBasis, ConsentRule
from sotto.transcription.consented import ConsentPorts, Transcribe, transcribe_with_consent
from sotto.transcription.ports import TranscriptionPorts, WorkerAssignment, WorkerOutcome
from tests.fakes.consents import ConsentsInMemory
from tests.fakes.turned_clock import TurnedClock

CONTACT = Contact("bank", "contact-1", "arn", "stream", 0)
CUSTOMER, AGENT = Speaker.CUSTOMER, Speaker.AGENT
Line = tuple[Speaker, str]
QUESTION: Line = (AGENT, "is it okay if we record this call")


class Shouting:
    """A redactor whose work is seen."""

    def redact(self, heard: TranscriptResult) -> Redacted:
        return Redacted(heard)

    def memory(self) -> str:
        return ""

    def remember(self, memory: str) -> None:
        raise AssertionError("there is nothing to remember")


class Call:
    """A worker whose calls consist of finals, 1 s apart; what leaves the redactor with text is kept."""

    def __init__(self, rule: ConsentRule, *, caller: str | None = "+4930") -> None:
        self.clock = TurnedClock()
        self.store = ConsentsInMemory()
        self.lines_heard = 0
        self.ports = ConsentPorts(lambda tenant: rule, self.store, self.store, self.clock)
        start = decide_at_start(rule, attributes={}, caller=caller)
        self.store.record(record_of(start, tenant="bank", contact_id="contact-1", decided_at_ms=0))

    def worker(self, lines: Sequence[Line], from_line: int) -> Transcribe:
        async def transcribing(contact: Contact, order: WorkerAssignment, ports: TranscriptionPorts) -> WorkerOutcome:
            redactor = ports.redactor(contact)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._hear(lines, from_line, redactor))
            return WorkerOutcome("finished", order.generation)

        return transcribing

    async def _hear(self, lines: Sequence[Line], from_line: int, redactor) -> None:  # type: ignore[no-untyped-def]
        for number, (speaker, text) in enumerate(lines[from_line:], from_line):
            self.lines_heard += 1
            heard = TranscriptResult(speaker, str(number), number * 1000, number * 1000 + 900, text, is_final=True)
            redacted = redactor.redact(heard).heard
            assert (redacted.start_ms, redacted.end_ms, redacted.is_final) == (heard.start_ms, heard.end_ms, True)
            if redacted.text:
                self.store.kept.append(redacted.text)
            await asyncio.sleep(0)

    async def run(self, *lines: Line, from_line: int = 0) -> WorkerOutcome:
        ports = TranscriptionPorts(None, None, lambda contact: Shouting(), None, None, self.clock)  # type: ignore[arg-type]
        return await transcribe_with_consent(
            CONTACT, WorkerAssignment("w"), ports, self.ports, self.worker(lines, from_line)
        )

    @property
    def decisions(self) -> list[str]:
        return [record.reason for record in self.store.records]


async def test_a_refusal_ends_the_capture_at_once_and_is_recorded_without_its_words() -> None:
    call = Call(ConsentRule())
    outcome = await call.run((CUSTOMER, "hello"), (CUSTOMER, "please stop recording"), (CUSTOMER, "my card is"))
    assert outcome.how == "refused" and call.lines_heard == 2
    assert call.store.kept == ["hello"] and call.store.drops == 0
    last = call.store.records[-1]
    assert (last.reason, last.speaker, last.call_time_ms, last.allowed) == ("customer_refused", CUSTOMER, 1000, False)


async def test_what_was_kept_is_dropped_if_the_rule_says_so_also_what_was_still_being_written() -> None:
    call = Call(ConsentRule(drop_on_refusal=True))
    await call.run((CUSTOMER, "hello"), (CUSTOMER, "i do not want to be recorded"))
    assert call.store.kept == [] and call.store.drops == 2
    assert call.clock.waits_ms == [20_000]


async def test_a_successor_of_a_refused_call_does_not_listen() -> None:
    call = Call(ConsentRule())
    await call.run((CUSTOMER, "please stop recording"))
    assert (await call.run((CUSTOMER, "yes hello"))).how == "refused"
    assert call.lines_heard == 1


async def test_until_somebody_consents_nothing_leaves_the_boundary() -> None:
    call = Call(ConsentRule(ConsentBasis.SPOKEN))
    outcome = await call.run((CUSTOMER, "my card is lost"), QUESTION, (CUSTOMER, "yes that's fine"), (CUSTOMER, "so"))
    assert outcome.how == "finished" and call.store.kept == ["yes that's fine", "so"]
    assert call.decisions == ["awaiting_spoken_consent", "customer_consented"]


async def test_a_successor_keeps_to_itself_what_was_said_before_the_consent() -> None:
    call = Call(ConsentRule(ConsentBasis.SPOKEN))
    lines = [(CUSTOMER, "my card is lost"), QUESTION, (CUSTOMER, "yes that's fine"), (CUSTOMER, "so")]
    await call.run(*lines)
    call.store.kept.clear()
    await call.run(*lines, (CUSTOMER, "again"))
    assert call.store.kept == ["yes that's fine", "so", "again"]


async def test_a_rule_that_ignores_refusals_goes_on() -> None:
    call = Call(ConsentRule(stop_on_refusal=False))
    assert (await call.run((CUSTOMER, "please stop recording"), (CUSTOMER, "well"))).how == "finished"


async def test_a_contact_that_the_rule_left_out_is_not_heard_even_if_a_worker_is_started() -> None:
    call = Call(ConsentRule(ConsentBasis.REGION, excluded_prefixes=("+49",)))
    assert (await call.run((CUSTOMER, "hello"))).how == "refused" and call.lines_heard == 0


async def test_other_errors_pass_through_as_themselves() -> None:
    call = Call(ConsentRule())

    async def failing(contact: Contact, order: WorkerAssignment, ports: TranscriptionPorts) -> WorkerOutcome:
        raise OSError("gone")

    ports = TranscriptionPorts(None, None, lambda contact: Shouting(), None, None, call.clock)  # type: ignore[arg-type]
    with pytest.raises(OSError, match="gone"):
        await transcribe_with_consent(CONTACT, WorkerAssignment("w"), ports, call.ports, failing)


def test_a_record_survives_json() -> None:
    from pydantic import TypeAdapter

    record = record_of(ConsentDecision(True, "always"), tenant="t", contact_id="c", decided_at_ms=1)
    adapter = TypeAdapter(ConsentRecord)
    assert adapter.validate_json(adapter.dump_json(record)) == record
