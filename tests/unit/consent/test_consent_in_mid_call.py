"""Unit: what is said about consent in mid-call, from the gate to the audit trail."""

from __future__ import annotations

from local.simulation.consents import ConsentsInMemory
from sotto.call.contact import Contact, Speaker
from sotto.call.transcript_result import TranscriptResult
from sotto.consent.decisions import ConsentPorts
from sotto.consent.gate import ConsentGate, RecordingRefused
from sotto.consent.rules import ConsentDecision, ConsentRecord, decide_at_start, is_withdrawal, record_of
from sotto.redaction.redactor import Redacted
from sotto.redaction.withheld import no_alarm
from sotto.tenants.consent_rule import ConsentBasis, ConsentRule
from tests.fakes.turned_clock import TurnedClock

CONTACT = Contact("bank", "contact-1", "arn", "stream", 0)
CUSTOMER, AGENT = Speaker.CUSTOMER, Speaker.AGENT
Line = tuple[Speaker, str]
QUESTION: Line = (AGENT, "is it okay if we record this call")


class PassThrough:
    """A redactor that changes nothing."""

    def redact(self, result: TranscriptResult) -> Redacted:
        return Redacted(result)

    def memory(self) -> str:
        return ""

    def remember(self, memory: str) -> None:
        raise AssertionError("there is nothing to remember")


class Call:
    """A call that consists of finals, 1 s apart; what leaves the gate with text is kept."""

    def __init__(self, rule: ConsentRule, *, caller: str | None = "+4930") -> None:
        self.store = ConsentsInMemory()
        self.passed: list[str] = []
        self.lines_read = 0
        self.ports = ConsentPorts(lambda tenant: rule, self.store, TurnedClock())
        start = decide_at_start(rule, attributes={}, caller=caller)
        self.store.record(record_of(start, tenant="bank", contact_id="contact-1", decided_at_ms=0))

    def run(self, *lines: Line) -> str:
        """As a transcript session does; how it ended."""
        gate = self.ports.gate(CONTACT, PassThrough(), no_alarm)
        if gate is None:
            return "refused"
        try:
            for number, line in enumerate(lines):
                self._pass(gate, number, *line)
        except RecordingRefused as withdrawn:
            self.ports.record(CONTACT, withdrawn.spoken)
            return "refused"
        return "finished"

    def _pass(self, gate: ConsentGate, number: int, speaker: Speaker, text: str) -> None:
        self.lines_read += 1
        result = TranscriptResult(speaker, str(number), number * 1000, number * 1000 + 900, text, is_final=True)
        passed = gate.redact(result).result
        assert (passed.start_ms, passed.end_ms, passed.is_final) == (result.start_ms, result.end_ms, True)
        while (decision := gate.next_decision()) is not None:
            self.ports.record(CONTACT, decision)
        if passed.text:
            self.passed.append(passed.text)

    @property
    def decisions(self) -> list[str]:
        return [record.reason for record in self.store.records]


def test_a_refusal_ends_the_capture_at_once_and_is_recorded_without_its_words() -> None:
    call = Call(ConsentRule())
    outcome = call.run((CUSTOMER, "hello"), (CUSTOMER, "please stop recording"), (CUSTOMER, "my card is"))
    assert outcome == "refused" and call.lines_read == 2
    assert call.passed == ["hello"]
    last = call.store.records[-1]
    assert (last.reason, last.speaker, last.call_time_ms, last.allowed) == ("customer_refused", CUSTOMER, 1000, False)


def test_a_rule_that_lets_nothing_stay_is_recorded_so_that_it_is_erased() -> None:
    call = Call(ConsentRule(drop_on_refusal=True))
    call.run((CUSTOMER, "hello"), (CUSTOMER, "i do not want to be recorded"))
    assert call.store.records[-1].drop_kept and is_withdrawal(call.store.records[-1])


def test_a_successor_of_a_refused_call_does_not_transcribe() -> None:
    call = Call(ConsentRule())
    call.run((CUSTOMER, "please stop recording"))
    assert (call.run((CUSTOMER, "yes hello"))) == "refused"
    assert call.lines_read == 1


def test_until_somebody_consents_nothing_leaves_the_boundary() -> None:
    call = Call(ConsentRule(ConsentBasis.SPOKEN))
    outcome = call.run((CUSTOMER, "my card is lost"), QUESTION, (CUSTOMER, "yes that's fine"), (CUSTOMER, "so"))
    assert outcome == "finished" and call.passed == ["yes that's fine", "so"]
    assert call.decisions == ["awaiting_spoken_consent", "customer_consented"]


def test_a_successor_keeps_to_itself_what_was_said_before_the_consent() -> None:
    call = Call(ConsentRule(ConsentBasis.SPOKEN))
    lines = [(CUSTOMER, "my card is lost"), QUESTION, (CUSTOMER, "yes that's fine"), (CUSTOMER, "so")]
    call.run(*lines)
    call.passed.clear()
    call.run(*lines, (CUSTOMER, "again"))
    assert call.passed == ["yes that's fine", "so", "again"]


def test_a_rule_that_ignores_refusals_goes_on() -> None:
    call = Call(ConsentRule(stop_on_refusal=False))
    assert (call.run((CUSTOMER, "please stop recording"), (CUSTOMER, "well"))) == "finished"


def test_a_contact_that_the_rule_left_out_is_not_transcribed_even_if_a_worker_is_started() -> None:
    call = Call(ConsentRule(ConsentBasis.REGION, excluded_prefixes=("+49",)))
    assert (call.run((CUSTOMER, "hello"))) == "refused" and call.lines_read == 0


def test_a_record_survives_json() -> None:
    from pydantic import TypeAdapter

    record = record_of(ConsentDecision(True, "always"), tenant="t", contact_id="c", decided_at_ms=1)
    adapter = TypeAdapter(ConsentRecord)
    assert adapter.validate_json(adapter.dump_json(record)) == record
