"""Contract tests: events of the bus reach a tenant's endpoint by way of the API, the table and the function."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws
from standardwebhooks import Webhook

from functions.deliver_webhooks.handler import handler
from sotto.call.envelope import Envelope
from sotto.call.events import SummaryReady, UtteranceCommitted
from sotto.webhooks.send import Outcome
from tests.contract.rest_bank import BANK, GARAGE, NOW_MS, RestBank
from tests.fakes.webhooks import Receivers

READY = SummaryReady(BANK, "c1", "summary", 1, NOW_MS)
WANTED = {"url": "https://crm.example.com/hook", "types": ["summary.ready"]}


def delivered(event: Any) -> dict[str, Any]:
    return {"source": "sotto", "detail-type": event.TYPE, "detail": Envelope.of(event).model_dump()}


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Iterator[RestBank]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield RestBank()


def test_an_endpoint_gets_what_it_asked_for_and_verifies_it_with_the_secret_that_it_was_shown(bank: RestBank) -> None:
    receivers = Receivers()
    run = handler.within(bank.another_process(webhook_sender=receivers))
    made = bank.ask("POST", "/v1/webhooks", role="admin", body=WANTED).json
    for event in (
        READY,
        READY,
        UtteranceCommitted(BANK, "c1", "u1", 1, NOW_MS),
        SummaryReady(GARAGE, "c1", "summary", 1, 1),
    ):
        run(delivered(event), None)
    ((url, headers, body),) = receivers.sent
    assert url == WANTED["url"] and b"leave" not in body
    reference = Webhook(made["secret"])
    reference._Webhook__verify_timestamp = lambda header: None  # type: ignore[attr-defined]
    signed = reference.sign(headers["webhook-id"], _at(headers["webhook-timestamp"]), body.decode())
    assert signed == headers["webhook-signature"]


def _at(header: str) -> Any:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(int(header), UTC)


def test_a_day_without_a_receiver_a_replay_and_an_end(bank: RestBank) -> None:
    down = [True]
    receivers = Receivers(lambda url, before: Outcome(503) if down else Outcome(204))
    run = handler.within(bank.another_process(webhook_sender=receivers))
    made = bank.ask("POST", "/v1/webhooks", role="admin", body=WANTED).json
    run(delivered(READY), None)
    for _ in range(24):
        bank.clock.advance(3_600_000)
        run({}, None)
    shown = bank.ask("GET", f"/v1/webhooks/{made['id']}", role="admin").json
    assert shown["failing_since_ms"] == NOW_MS and not receivers.taken
    down.clear()
    for _ in range(21):
        bank.clock.advance(3_600_000)
        run({}, None)
    assert len(receivers.taken) == 1
    assert bank.ask("GET", f"/v1/webhooks/{made['id']}", role="admin").json["failing_since_ms"] is None
    window = {"since_ms": NOW_MS - 1, "until_ms": NOW_MS + 1}
    for missing_only, count in ((True, 0), (False, 1)):
        answered = bank.ask(
            "POST", f"/v1/webhooks/{made['id']}/replay", role="admin", body=window | {"missing_only": missing_only}
        )
        assert (answered.status, answered.json["messages"]) == (202, count)
    run({}, None)
    assert [message for _, message in receivers.taken] == [receivers.taken[0][1]] * 2, "the same id again"
    assert bank.ask("DELETE", f"/v1/webhooks/{made['id']}", role="admin").status == 200
    run(delivered(SummaryReady(BANK, "c1", "summary", 2, NOW_MS)), None)
    assert len(receivers.taken) == 2


def test_no_secret_lies_in_the_table(bank: RestBank) -> None:
    made = bank.ask("POST", "/v1/webhooks", role="admin", body=WANTED).json
    kept = repr(bank.sotto.client("dynamodb").scan(TableName="sotto-api")["Items"])
    assert made["secret"].removeprefix("whsec_") not in kept


def test_addresses_inside_are_asked_nothing_by_the_function_as_it_is_deployed(bank: RestBank) -> None:
    run = handler.within(bank.another_process())
    bank.ask("POST", "/v1/webhooks", role="admin", body=WANTED | {"url": "https://127.0.0.1/2018-06-01/runtime"})
    run(delivered(READY), None)
    (kept,) = bank.sotto.webhook_ports.deliveries.between(BANK, _only(bank), 0, NOW_MS + 1)
    assert (kept.attempts, kept.status) == (1, None)


def _only(bank: RestBank) -> str:
    (found,) = bank.sotto.webhook_ports.endpoints.endpoints(BANK)
    return found.id
