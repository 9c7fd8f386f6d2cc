"""Contract: import_conversations.asl.json, run unchanged, over manifests in a customer's bucket, as the tenant whose it
is."""

from __future__ import annotations

import io
import json
import random
import wave
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from local.options import REPOSITORY
from sotto.after_call.review.request import request_review
from sotto.call.after_call_work import StepOrder
from sotto.call.contact import ContactStatus, Speaker
from sotto.call.events import ConversationStarted
from sotto.contacts.erase import ContactEraser
from sotto.core.clock import SystemClock
from sotto.core.settings import ImportMachineArn
from sotto.erasure.identity import IdentityKind, identity
from sotto.erasure.index import index_contact
from sotto.imports.audio.audio_file import swapped
from sotto.imports.item import ItemMistaken, Reason, contact_id_of
from sotto.imports.run import Form, ItemState, RunState
from sotto.imports.start import OBJECT_PUT
from sotto.recognition.adapters.whisper.recogniser import WhisperRecogniser
from sotto.recognition.whisper.weights import installed
from sotto.recordings.retranscribe import TenantsRetranscriber
from sotto.webhooks.delivery import delivery_of
from sotto.wiring.recordings import pace_of
from tests.contract.import_office import BANK, GARAGE, ImportOffice, ScriptedRecognisers, import_office

STARTED = "2024-03-05T10:00:00Z"
STARTED_MS = 1_709_632_800_000


RECOGNISERS = ScriptedRecognisers()


@pytest.fixture(scope="module")
def office() -> Iterator[ImportOffice]:
    with import_office(import_recognisers=RECOGNISERS) as made:
        yield made


def turns(*texts: str) -> list[dict[str, Any]]:
    return [
        {"speaker": ("agent", "customer")[at % 2], "start_ms": at * 4_000, "end_ms": at * 4_000 + 3_000, "text": text}
        for at, text in enumerate(texts)
    ]


def line(id: str, *texts: str, **more: Any) -> dict[str, Any]:
    said = texts or ("Thank you for calling, how can I help?", "I want to block my card")
    return {"id": id, "started_at": STARTED, "transcript": turns(*said), **more}


def test_a_line_of_a_manifest_is_a_conversation_of_the_past(office: ImportOffice) -> None:
    office.put_lines(
        "one.jsonl", line("call-1", "Your card number please", "four one one one, 4111 1111 1111 1111", agent="emma")
    )
    found = office.imported("one.jsonl")
    assert found.run.state is RunState.DONE and found.counts[ItemState.DONE] == 1
    contact_id = contact_id_of(BANK, "archive", "call-1")
    contact = office.sotto.contacts.contact(BANK, contact_id)
    assert contact is not None and contact.imported == "archive" and contact.status is ContactStatus.ENDED
    assert contact.media_started_at_ms == STARTED_MS and contact.ended_at_ms == STARTED_MS + 7_000
    assert contact.agent == "emma" and contact.team is not None
    assert "4111" not in repr(office.texts(contact_id)) and "[card number]" in office.texts(contact_id)[1]
    assert set(office.events(contact_id)) >= {"conversation.started", "conversation.ended", "transcript.completed"}
    assert not office.sotto.contacts.last_of(BANK, "emma") and not office.sotto.contacts.contacts_of(BANK, "emma")


def test_what_is_wrong_is_reported_with_its_line_and_the_others_go_on(office: ImportOffice) -> None:
    office.put("not-audio.wav", b"this is no recording of a call")
    office.put("empty.wav", b"")
    office.put("packed.wav", b"PK\x03\x04" + bytes(60))
    office.put_lines(
        "wrong.jsonl",
        line("w-1"),
        "{not JSON",
        line("w-2", agnet="emma"),
        line("w-1"),
        line("w-3") | {"started_at": "2999-01-01T00:00:00Z"},
        {"id": "w-4", "started_at": STARTED, "recording": "nowhere.wav"},
        {"id": "w-5", "started_at": STARTED, "recording": "not-audio.wav"},
        {"id": "w-6", "started_at": STARTED, "recording": "empty.wav"},
        {"id": "w-7", "started_at": STARTED, "recording": "packed.wav"},
        line("w-8", "  "),
        line("w-9", agent="somebody unheard of"),
        "",
        line("w-10"),
    )
    found = office.imported("wrong.jsonl")
    assert {each.line: each.reason for each in found.mistakes} == {
        2: Reason.NOT_JSON,
        3: Reason.WRONG_FIELDS,
        4: Reason.TWICE,
        5: Reason.IN_THE_FUTURE,
        6: Reason.MISSING,
        7: Reason.NOT_AUDIO,
        8: Reason.EMPTY,
        9: Reason.ENCRYPTED,
        10: Reason.NO_WORDS,
        11: Reason.AGENT_UNKNOWN,
    }
    assert found.counts[ItemState.DONE] == 3 and found.counts[ItemState.FAILED] == 9 and found.left_ms == 0
    unknown = office.sotto.contacts.contact(BANK, contact_id_of(BANK, "archive", "w-9"))
    assert unknown is not None and unknown.agent is None
    assert office.sotto.contacts.contact(BANK, contact_id_of(BANK, "archive", "w-5")) is None, (
        "nothing is recorded of it"
    )


def test_imported_twice_it_is_one_conversation(office: ImportOffice) -> None:
    office.put_lines("once.jsonl", line("again-1"), line("again-2", "  "))
    first = office.imported("once.jsonl")
    contact_id = contact_id_of(BANK, "archive", "again-1")
    said, events = office.texts(contact_id), office.events(contact_id)
    office.put_lines("another.jsonl", line("again-1"), line("again-3"))
    other = office.imported("another.jsonl")
    assert other.run.id != first.run.id
    assert other.counts[ItemState.KNOWN] == 1 and other.counts[ItemState.DONE] == 1
    again = office.imported("once.jsonl")
    assert again.run.id == first.run.id and again.run.attempt == 2, "what had failed is tried again, under the same id"
    assert office.texts(contact_id) == said and office.events(contact_id) == events


def test_what_was_erased_does_not_come_back(office: ImportOffice) -> None:
    office.put_lines("erased.jsonl", line("gone", customer="+441632960017"))
    office.imported("erased.jsonl")
    contact_id = contact_id_of(BANK, "archive", "gone")
    phone = identity(IdentityKind.PHONE, "+441632960017")
    assert list(office.sotto.identity_index.contacts(BANK, phone)) == [contact_id], "its person can ask for it"
    ContactEraser(office.sotto.stored_call, office.sotto.contacts).erase(BANK, contact_id)
    assert not office.texts(contact_id)
    office.put_lines("erased-again.jsonl", line("gone"), line("gone-not"))
    found = office.imported("erased-again.jsonl")
    assert found.counts[ItemState.SKIPPED] == 1 and found.mistakes[0].reason is Reason.ERASED
    assert not office.texts(contact_id)


def test_a_worker_that_dies_at_any_item_loses_and_doubles_nothing(office: ImportOffice) -> None:
    names = [f"killed-{at}" for at in range(10)]
    office.put_lines("killed.jsonl", *(line(each, f"Hello, this is {each}", "I lost my card") for each in names))
    lives = Dying(office)
    found = office.imported("killed.jsonl")
    lives.stop()
    assert lives.deaths == 3
    assert found.counts[ItemState.DONE] + found.counts[ItemState.KNOWN] == 10
    for each in names:
        contact_id = contact_id_of(BANK, "archive", each)
        assert len(office.texts(contact_id)) == 2
        assert office.events(contact_id).count("transcript.completed") == 1


def test_no_tenant_reads_what_another_keeps(office: ImportOffice) -> None:
    office.put_lines("theirs.jsonl", line("theirs"), tenant=GARAGE)
    with pytest.raises(ItemMistaken, match="no_access"):
        source = replace(office.sotto.import_sources.of(GARAGE), tenant=BANK)
        office.sotto.import_objects.open(source, source.key_of("theirs.jsonl"))
    with pytest.raises(ItemMistaken, match="missing"):
        office.start("../../torque_garage/calls/theirs.jsonl")


def test_what_is_put_below_a_source_is_imported(office: ImportOffice) -> None:
    office.put("named-by-nobody.vcon.json", json.dumps(VCON))
    office.put("inbox/one.vcon.json", json.dumps(VCON))
    contact_id = contact_id_of(BANK, "archive", VCON["uuid"])
    found = office.over(office.begun("inbox/one.vcon.json"))
    assert found.run.form is Form.VCON and found.run.by == OBJECT_PUT and found.counts[ItemState.DONE] == 1
    contact = office.sotto.contacts.contact(BANK, contact_id)
    assert contact is not None and contact.is_written and contact.agent == "emma"
    assert office.texts(contact_id) == ["Is my card on its way?", "It is, since Monday."]
    assert not [each for each in office.runs() if "named-by-nobody" in each.key], "a manifest may name it"


def test_nothing_that_leads_to_a_person_is_in_the_machines_history(office: ImportOffice) -> None:
    office.put_lines("+441632960018.jsonl", line("+441632960018", customer="+441632960018"))
    found = office.imported("+441632960018.jsonl")
    states = office.aws.engineer("stepfunctions")
    machine = office.sotto.settings.of(ImportMachineArn).arn
    runs = states.list_executions(stateMachineArn=machine)["executions"]
    (arn,) = (each["executionArn"] for each in runs if found.run.id in each["name"])
    history = states.get_execution_history(executionArn=arn)["events"]
    assert history and "1632960018" not in repr(history)
    assert "1632960018" not in contact_id_of(BANK, "archive", "+441632960018")


VCON = {
    "vcon": "0.3.0",
    "uuid": "018e3f72-c3a8-8b0d-8b0d-8b0d8b0d8b0d",
    "created_at": STARTED,
    "parties": [{"tel": "+441632960019", "name": "A. Customer"}, {"mailto": "emma@bank.example", "role": "agent"}],
    "dialog": [
        {"type": "text", "start": "2024-03-05T10:00:00Z", "parties": [0, 1], "originator": 0, "mediatype": "text/plain",
         "encoding": "none", "body": "Is my card on its way?"},
        {"type": "text", "start": "2024-03-05T10:00:20Z", "parties": [0, 1], "originator": 1, "mediatype": "text/plain",
         "encoding": "none", "body": "It is, since Monday."},
    ],
}  # fmt: skip


class Dying:
    """Some writes end the worker, as a crash would, until three have."""

    def __init__(self, office: ImportOffice) -> None:
        self.deaths = 0
        self._random = random.Random(7)
        office.on_write = self._perhaps
        self._office = office

    def stop(self) -> None:
        self._office.on_write = lambda: None

    def _perhaps(self) -> None:
        if self.deaths < 3 and self._random.random() < 0.15:
            self.deaths += 1
            raise MemoryError("killed")


def wav(seconds: int, *, rate: int = 8_000) -> bytes:
    """Noise on both channels, with a pause every seven seconds."""
    noise = random.Random(1).randbytes(2 * 2 * rate)
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(rate)
        for second in range(seconds):
            file.writeframes(bytes(len(noise)) if second % 7 == 6 else noise)
    return made.getvalue()


def recorded(id: str, place: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "started_at": STARTED, "recording": place, **more}


def test_a_recording_goes_on_where_a_worker_died_and_nothing_is_lost_or_doubled(office: ImportOffice) -> None:
    office.put("long.wav", wav(300))
    office.put_lines("recordings.jsonl", recorded("long", "long.wav", agent="emma"))
    RECOGNISERS.asked.clear()
    RECOGNISERS.dies_at_ms = 150_000
    found = office.imported("recordings.jsonl")
    assert found.counts[ItemState.DONE] == 1 and found.seconds == 300.0
    texts = office.texts(contact_id_of(BANK, "archive", "long"))
    whole = [f"sentence {at} of this call" for at in range(30)]
    missing = set(whole) - {each for text in texts for each in whole if each in text.lower()}
    assert len(missing) <= 4, "a sentence that lies over a cut is not in the script"
    assert all(sum(each in text.lower() for text in texts) <= 1 for each in whole)
    assert RECOGNISERS.asked.count(0.0) == 1, "the windows before the death are not recognised again"


def test_a_recording_that_ends_early_is_imported_as_far_as_it_goes(office: ImportOffice) -> None:
    whole = wav(40, rate=16_000)
    office.put("cut.wav", whole[: len(whole) // 2])
    office.put("mono.wav", mono(wav(30)))
    office.put_lines("cut.jsonl", recorded("cut", "cut.wav"), recorded("mono", "mono.wav"))
    found = office.imported("cut.jsonl")
    assert {each.line: each.reason for each in found.mistakes} == {1: Reason.CUT_OFF, 2: Reason.ONE_CHANNEL}
    assert found.counts[ItemState.DONE] == 1 and 19 <= found.seconds <= 21


def mono(stereo: bytes) -> bytes:
    made = io.BytesIO()
    with wave.open(io.BytesIO(stereo)) as source, wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(source.readframes(source.getnframes())[: 8_000 * 2 * 10])
    return made.getvalue()


def test_alerts_and_workflows_leave_what_is_imported_alone(office: ImportOffice) -> None:
    contact_id = contact_id_of(BANK, "archive", "call-1")
    contact = office.sotto.contacts.contact(BANK, contact_id)
    assert contact is not None and not contact.is_recorded
    order = StepOrder(BANK, contact_id)
    assert request_review(order, office.sotto.request_review_ports) is False
    assert index_contact(ConversationStarted.of(contact), office.sotto.index_ports) == 0, "Connect is not asked"
    delivery = delivery_of(ConversationStarted.of(contact), "we_1", 1)
    assert json.loads(delivery.body)["data"]["imported"] is True


@pytest.mark.skipif(not installed(), reason="Whisper is not installed")
def test_a_recording_is_recognised_by_the_embedded_recogniser(office: ImportOffice) -> None:
    """The agent is on the left channel here, and the customer on the right."""
    with wave.open(str(REPOSITORY / "events" / "calls" / "bank_card" / "call.wav")) as file:
        spoken = file.readframes(12 * 8_000)
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(swapped(spoken))
    office.put("spoken.wav", made.getvalue())
    office.put_lines("spoken.jsonl", recorded("spoken", "spoken.wav", agent_channel=0))
    whisper, now = WhisperRecogniser(max_processes=1), SystemClock()
    try:
        RECOGNISERS.instead = TenantsRetranscriber(lambda tenant: [whisper], lambda tenant: ((), ()), pace_of, now)
        found = office.imported("spoken.jsonl")
    finally:
        RECOGNISERS.instead = None
        whisper.close()
    assert found.counts[ItemState.DONE] == 1
    said = office.sotto.conversations.utterances(BANK, contact_id_of(BANK, "archive", "spoken"), 0, 100)
    assert {each.speaker for each in said} == {Speaker.AGENT, Speaker.CUSTOMER}
    customer = " ".join(each.text.lower() for each in said if each.speaker is Speaker.CUSTOMER)
    assert "card" in customer or "wallet" in customer
