"""Unit: the history and the index made anew, page by page, also after an interruption."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from local.rebuilding import rebuild

TABLE = "sotto-contacts"


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = boto3.Session("testing", "testing", region_name="us-east-1").client("dynamodb")
        client.create_table(
            TableName=TABLE,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        )
        for tenant in ("bank", "bankers"):
            for number in range(6):
                for sk in ("contact", "utterance#00000001", "summary"):
                    item = {"pk": {"S": f"{tenant}#c{number}"}, "sk": {"S": sk}}
                    client.put_item(TableName=TABLE, Item=item)
        yield client


def test_each_contact_of_the_tenant_is_made_anew_once(dynamodb: Any, tmp_path: Path) -> None:
    made: list[str] = []
    state = tmp_path / "state.json"
    last = list(rebuild("bank", dynamodb, TABLE, (made.append,), state, page=5))[-1]
    assert sorted(made) == [f"c{number}" for number in range(6)]
    assert (last.contacts, last.looked_at) == (6, 36) and not state.exists()


def test_an_interrupted_run_goes_on_where_it_was(dynamodb: Any, tmp_path: Path) -> None:
    state, made = tmp_path / "state.json", list[str]()

    def fails_at_the_fourth(contact_id: str) -> None:
        if len(made) == 3:
            raise KeyboardInterrupt
        made.append(contact_id)

    with pytest.raises(KeyboardInterrupt):
        list(rebuild("bank", dynamodb, TABLE, (fails_at_the_fourth,), state, page=5))
    before, again = list(made), list[str]()
    last = list(rebuild("bank", dynamodb, TABLE, (again.append,), state, page=5))[-1]
    assert set(before) | set(again) == {f"c{number}" for number in range(6)}
    assert len(again) < 6, "what was done is not done again, but for the page in which it stopped"
    assert last.looked_at == 36


def test_a_place_in_another_tenants_rebuilding_is_none(dynamodb: Any, tmp_path: Path) -> None:
    state, made = tmp_path / "state.json", list[str]()
    next(rebuild("bankers", dynamodb, TABLE, (lambda contact_id: None,), state, page=20))
    list(rebuild("bank", dynamodb, TABLE, (made.append,), state, page=5))
    assert len(made) == 6
