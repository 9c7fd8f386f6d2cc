"""Contract: the function that subscribes to ``consent.withdrawn``, on moto's DynamoDB and S3."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from functions.erase_contact.handler import handler
from local.records import records_environment
from sotto.aws.outbox import outbox_item
from sotto.call.contact import Contact, Speaker
from sotto.call.envelope import NotAnEvent
from sotto.call.events import ConsentWithdrawn, ConversationStarted, Event
from sotto.call.utterance import Utterance
from sotto.consent.rules import ConsentDecision, record_of
from sotto.contacts.erase import IN_FLIGHT_MS
from sotto.core.audit import AuditAction
from sotto.core.resources import EVENT_OUTBOX
from sotto.transcription.lease.lease import Takeover
from sotto.wiring.publishing import book_from
from tests.contract.published_account import unpublished

ROOT = Path(__file__).parents[2]
NOW_MS = 1_790_000_000_000
BANK, CALL = "harbour_bank", "c1"
CONTACT = Contact(BANK, CALL, "arn", "stream", NOW_MS)


class Erasing:
    """The function of a bank with a call of one utterance, whose customer has refused."""

    def __init__(self) -> None:
        self.waited_ms: list[float] = []
        self.sotto = sotto = unpublished()
        sotto.books.publish(book_from(ROOT / "tenants" / BANK))
        sotto.contacts.record(CONTACT)
        lease = sotto.leases.take(BANK, CALL, Takeover("w", 1), now_ms=NOW_MS)
        assert lease is not None
        utterance = Utterance(BANK, CALL, "u1", 1, Speaker.CUSTOMER, 1, 2, "hello")
        sotto.leases.commit(lease, utterance, lease.checkpoint)
        said = ConsentDecision(False, "customer_refused", drop_kept=True)
        refusal = record_of(said, tenant=BANK, contact_id=CALL, decided_at_ms=NOW_MS, speaker=Speaker.CUSTOMER)
        sotto.consents.record(refusal)
        environment = records_environment() | {"AWS_REGION": "us-east-1"}
        ports = replace(sotto.erase_ports, wait=self.waited_ms.append)
        self.handler = handler.started(environment, session=sotto.session, erase_ports=ports)

    @property
    def utterances(self) -> list[Utterance]:
        return list(self.sotto.conversations.utterances(BANK, CALL, 0, 10))


@pytest.fixture
def erasing() -> Iterator[Erasing]:
    with mock_aws():
        yield Erasing()


def delivered(event: Event) -> dict[str, Any]:
    """As the pipe puts it on the bus and the bus gives it to the function."""
    item = outbox_item(event)
    detail = {field: item[field] for field in EVENT_OUTBOX.fields}
    return {"detail-type": event.TYPE, "source": EVENT_OUTBOX.source, "detail": json.loads(json.dumps(detail))}


def test_a_withdrawal_erases_the_call_and_leaves_one_entry_however_often_it_comes(erasing: Erasing) -> None:
    withdrawn = ConsentWithdrawn.of(BANK, CALL, decided_at_ms=NOW_MS)
    for _ in range(2):
        erasing.handler(delivered(withdrawn), None)
    assert erasing.utterances == [] and erasing.waited_ms == [IN_FLIGHT_MS]
    now_ms = int(erasing.sotto.clock.now_ms())
    (entry,) = erasing.sotto.audit_log.entries(BANK, now_ms - 3_600_000, now_ms + 1_000)
    assert (entry.action, entry.record) == (AuditAction.ERASED, "contact/c1")


def test_any_other_event_is_refused(erasing: Erasing) -> None:
    with pytest.raises(NotAnEvent, match="not consent.withdrawn"):
        erasing.handler(delivered(ConversationStarted.of(CONTACT)), None)
    assert len(erasing.utterances) == 1
