"""Contract: the function that subscribes to ``consent.withdrawn``, on moto's DynamoDB and S3."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from functions.erase_contact import handler as function
from local.aws.resources import _create_table
from local.functions_environment import forget_wiring
from sotto.aws.outbox import outbox_item
from sotto.call.contact import Contact, Speaker
from sotto.call.envelope import NotAnEvent
from sotto.call.events import ConsentWithdrawn, ConversationStarted, Event
from sotto.call.utterance import Utterance
from sotto.consent.rules import ConsentDecision, record_of
from sotto.contacts.erase import IN_FLIGHT_MS, ErasePorts
from sotto.core.audit import AuditAction
from sotto.core.resources import SOTTO
from sotto.transcription.lease.lease import Takeover
from sotto.wiring.contact import erase_ports
from sotto.wiring.process import client
from sotto.wiring.publishing import book_from
from sotto.wiring.stores import audit_log, books, consents, contacts, conversations, leases

ROOT = Path(__file__).parents[2]
NOW_MS = 1_790_000_000_000
BANK, CALL = "harbour_bank", "c1"
CONTACT = Contact(BANK, CALL, "arn", "stream", NOW_MS)


@pytest.fixture
def waits_ms(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """A bank with a call of one utterance, whose customer has refused; how long the function waits."""
    for name, value in {
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }.items():
        monkeypatch.setenv(name, value)
    waited: list[float] = []

    def ports() -> ErasePorts:
        return replace(erase_ports(), wait=waited.append)

    monkeypatch.setattr(function, "ports", ports)
    with mock_aws():
        forget_wiring()
        for table in SOTTO.tables:
            _create_table(table, client("dynamodb"))
        client("s3").create_bucket(Bucket="sotto-artifacts")
        books().publish(book_from(ROOT / "tenants" / "harbour_bank"))
        contacts().record(CONTACT)
        lease = leases().take(BANK, CALL, Takeover("w", 1), now_ms=NOW_MS)
        assert lease is not None
        leases().commit(lease, Utterance(BANK, CALL, "u1", 1, Speaker.CUSTOMER, 1, 2, "hello"), lease.checkpoint)
        said = ConsentDecision(False, "customer_refused", drop_kept=True)
        consents().record(record_of(said, tenant=BANK, contact_id=CALL, decided_at_ms=NOW_MS, speaker=Speaker.CUSTOMER))
        yield waited
    forget_wiring()


def delivered(event: Event) -> dict[str, Any]:
    """As the pipe puts it on the bus and the bus gives it to the function."""
    (pipe,) = SOTTO.pipes
    item = outbox_item(event)
    detail = {field: item[field] for field in pipe.fields}
    return {"detail-type": event.TYPE, "source": pipe.source, "detail": json.loads(json.dumps(detail))}


def test_a_withdrawal_erases_the_call_and_leaves_one_entry_however_often_it_comes(waits_ms: list[float]) -> None:
    withdrawn = ConsentWithdrawn.of(BANK, CALL, decided_at_ms=NOW_MS)
    for _ in range(2):
        function.handler(delivered(withdrawn), None)
    assert conversations().utterances(BANK, CALL, 0, 10) == [] and waits_ms == [IN_FLIGHT_MS]
    now_ms = int(erase_ports().clock.now_ms())
    (entry,) = audit_log().entries(BANK, now_ms - 3_600_000, now_ms + 1_000)
    assert (entry.action, entry.record) == (AuditAction.ERASED, "contact/c1")


def test_any_other_event_is_refused(waits_ms: list[float]) -> None:
    with pytest.raises(NotAnEvent, match="not consent.withdrawn"):
        function.handler(delivered(ConversationStarted.of(CONTACT)), None)
    assert len(conversations().utterances(BANK, CALL, 0, 10)) == 1
