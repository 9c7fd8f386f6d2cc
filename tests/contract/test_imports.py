"""Contract: import_conversations.asl.json, run unchanged, over manifests in a customer's bucket, as the tenant whose it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sotto.call.contact import ContactStatus
from sotto.imports.item import Reason, contact_id_of
from sotto.imports.run import ItemState, RunState
from tests.contract.import_office import BANK, GARAGE, ImportOffice, import_office

STARTED = "2024-03-05T10:00:00Z"
STARTED_MS = 1_709_632_800_000


@pytest.fixture(scope="module")
def office() -> Iterator[ImportOffice]:
    with import_office() as made:
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
