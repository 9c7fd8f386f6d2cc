"""Unit: a whole call in virtual time, transcribed by real audio workers within the bounds of consent."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from local.simulation.call import Plan, SimulatedCall
from local.simulation.consents import ConsentsInMemory
from local.simulation.virtual_time import run_virtually
from sotto.call.contact import Speaker
from sotto.consent.decisions import ConsentPorts
from sotto.consent.rules import decide_at_start, record_of
from sotto.media.wav import read_call
from sotto.tenants.consent_rule import ConsentBasis, ConsentRule

CALL = Path(__file__).parents[3] / "events" / "calls" / "bank_cancel"
SECONDS = 60


def with_words(folder: Path, turn: int, words: str) -> Path:
    """The call's transcript, with other words in one turn."""
    lines = [json.loads(line) for line in (CALL / "call.transcript.jsonl").read_text().splitlines()]
    said, start_ms = lines[turn], lines[turn]["start_ms"]
    spoken = words.split()
    step_ms = (said["end_ms"] - start_ms) / len(spoken)
    said["words"] = [
        {"text": word, "start_ms": start_ms + n * step_ms, "end_ms": start_ms + (n + 1) * step_ms}
        for n, word in enumerate(spoken)
    ]
    path = folder / "call.transcript.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines))
    return path


class ConsentedCall(SimulatedCall):
    def __init__(self, plan: Plan, rule: ConsentRule, store: ConsentsInMemory) -> None:
        super().__init__(plan)
        consent = ConsentPorts(lambda tenant: rule, store, self.clock)
        self.ports = replace(self.ports, session=replace(self.ports.session, consent=consent))
        start = decide_at_start(rule, attributes={}, caller="+1212")
        contact = self.contact
        store.record(record_of(start, tenant=contact.tenant, contact_id=contact.contact_id, decided_at_ms=0))


def played(rule: ConsentRule, transcript: Path, *, worker_limit_s: float) -> tuple[ConsentedCall, ConsentsInMemory]:
    store = ConsentsInMemory()
    plan = Plan(read_call(CALL / "call.wav", None)[: SECONDS * 32_000], transcript, worker_limit_s=worker_limit_s)

    async def main() -> ConsentedCall:
        call = ConsentedCall(plan, rule, store)
        await call.run()
        return call

    return run_virtually(main), store


@pytest.mark.parametrize("worker_limit_s", [float("inf"), 13, 21])
def test_after_a_refusal_not_another_word_is_stored_shown_or_guided_on(tmp_path: Path, worker_limit_s: float) -> None:
    transcript = with_words(tmp_path, 3, "no please stop recording this call")
    call, store = played(ConsentRule(), transcript, worker_limit_s=worker_limit_s)
    refused_ms = store.records[-1].call_time_ms
    assert store.records[-1].reason == "customer_refused" and refused_ms == 19_414
    assert [u.speaker for u in call.utterances] == [Speaker.AGENT, Speaker.CUSTOMER, Speaker.AGENT]
    everything = [*call.sink.published, *call.sink.guided, *call.utterances]
    assert all(u.start_ms <= refused_ms for u in everything)
    assert {outcome.how for outcome in call.outcomes} <= {"refused", "superseded"} and call.errors == []
    received_ms = len(call.tap.received("simulated").audio) / 32
    assert received_ms < 30_000


@pytest.mark.parametrize("worker_limit_s", [float("inf"), 13, 21])
def test_what_was_said_before_the_consent_stays_unsaid_whoever_transcribes_it_again(
    tmp_path: Path, worker_limit_s: float
) -> None:
    with_words(tmp_path, 2, "is it okay if we record this call")
    transcript = tmp_path / "call.transcript.jsonl"
    lines = transcript.read_text().splitlines()
    transcript = with_words(tmp_path, 3, "yes that's fine with me")
    lines[3] = transcript.read_text().splitlines()[3]
    transcript.write_text("\n".join(lines))
    call, store = played(ConsentRule(ConsentBasis.SPOKEN), transcript, worker_limit_s=worker_limit_s)
    assert [record.reason for record in store.records[:2]] == ["awaiting_spoken_consent", "customer_consented"]
    everything = [*call.sink.published, *call.sink.guided, *call.utterances]
    assert min(u.start_ms for u in everything) == 19_414
    assert call.utterances[0].text == "Yes that's fine with me" and len(call.utterances) > 3
