"""Hostile: card numbers and security codes stay in clear only where a tenant says so on purpose, and it is audited."""

from __future__ import annotations

from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from functions.specs import everything
from local.aws.resources import create
from local.aws.stack import EmbeddedAws
from local.embedded import EmbeddedSotto
from local.filing_systems import FilingSystems
from local.options import REPOSITORY, Options
from local.shard_process import ShardProcess
from sotto.aws.table import Table
from sotto.core.resources import Resources
from sotto.tenants.acknowledged import Acknowledgement, acknowledgement_of
from sotto.tenants.adapters.dynamodb_acknowledgements import DynamoAcknowledgements, acknowledgement_write
from sotto.tenants.book import BOOK
from sotto.wiring.publishing import book_from, load_tenant
from tests.fakes.clock import ClockByHand
from tests.unit.tenants.tenant_files import TENANT, write_tenant


def mistakes(folder: Path, *redaction: str) -> list[str]:
    loaded = load_tenant(write_tenant(folder, tenant=with_redaction(*redaction)))
    return [str(mistake) for mistake in loaded.mistakes]


def with_redaction(*lines: str) -> str:
    return TENANT + "redaction:\n" + "".join(f"  {line}\n" for line in lines)


@pytest.mark.parametrize("kind", ["card_number", "security_code"])
def test_in_clear_without_a_word_is_refused_with_file_and_line(tmp_path: Path, kind: str) -> None:
    (mistake,) = mistakes(tmp_path, "name: off", f"{kind}: off")
    assert mistake.startswith(f"corner_shop/tenant.yaml:13:{5 + len(kind)}: '{kind}: off'")
    assert f"acknowledge_unredacted: [{kind}]" in mistake


def test_an_acknowledgement_of_one_kind_is_none_of_the_other(tmp_path: Path) -> None:
    lines = ("card_number: off", "security_code: off", "acknowledge_unredacted: [card_number]")
    (mistake,) = mistakes(tmp_path, *lines)
    assert "'security_code: off'" in mistake


def test_an_acknowledgement_of_what_is_masked_is_refused(tmp_path: Path) -> None:
    (mistake,) = mistakes(tmp_path, "acknowledge_unredacted: [card_number]")
    assert "nothing to acknowledge" in mistake


def test_only_these_two_are_acknowledged(tmp_path: Path) -> None:
    (mistake,) = mistakes(tmp_path, "name: off", "acknowledge_unredacted: [name]")
    assert "unknown kind 'name'" in mistake


def test_other_kinds_are_the_tenants_affair(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "name: off", "card_ending: off") == []


ACKNOWLEDGED = with_redaction("card_number: off", "acknowledge_unredacted: [card_number]")


def test_the_book_keeps_the_acknowledgement_and_its_version_changes_with_it(tmp_path: Path) -> None:
    book = book_from(write_tenant(tmp_path, tenant=ACKNOWLEDGED))
    assert book.settings.acknowledged_unredacted == ("card_number",)
    assert BOOK.validate_json(BOOK.dump_json(book)) == book
    without = book.settings.model_copy(update={"acknowledged_unredacted": ()})
    assert book.version != book.model_copy(update={"settings": without}).sealed().version


def test_a_book_of_before_shows_neither_until_it_is_acknowledged(tmp_path: Path) -> None:
    settings = book_from(write_tenant(tmp_path, tenant=ACKNOWLEDGED)).settings
    before = settings.model_copy(update={"acknowledged_unredacted": ()})
    assert settings.redaction_in_effect == {"card_number": "off"} and before.redaction_in_effect == {}


def nobody() -> str:
    raise AssertionError("nobody needs to be asked")


def test_who_published_what_in_clear_and_when_is_kept(tmp_path: Path) -> None:
    book = book_from(write_tenant(tmp_path, tenant=ACKNOWLEDGED))
    clock = ClockByHand(1_790_000_000_000)
    made = acknowledgement_of(book, by=lambda: "arn:aws:iam::111122223333:user/ada", clock=clock)
    assert made == Acknowledgement(
        "corner_shop", book.version, ("card_number",), "arn:aws:iam::111122223333:user/ada", int(clock.now_ms())
    )


def test_a_book_that_masks_them_asks_for_nobody(tmp_path: Path) -> None:
    assert acknowledgement_of(book_from(write_tenant(tmp_path)), by=nobody, clock=ClockByHand(0)) is None


def test_entries_are_kept_in_order_and_the_current_book_is_none_of_them() -> None:
    with mock_aws():
        client = boto3.client("dynamodb", region_name="us-east-1")
        client.create_table(
            TableName="tenants",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in ("pk", "sk")],
            BillingMode="PAY_PER_REQUEST",
        )
        table = Table(client, "tenants")
        table.put({"pk": "bank#book", "sk": "current", "version": "v2"})
        log = DynamoAcknowledgements(table)
        entries = [Acknowledgement("bank", f"v{i}", ("security_code",), "arn", 1_790_000_000_000 + i) for i in (2, 1)]
        for entry in entries:
            table.put_all([acknowledgement_write(entry)])
        assert log.of_tenant("bank") == entries[::-1] and log.of_tenant("shop") == []


def test_the_embedded_stack_publishes_them_too_though_its_functions_may_not(tmp_path: Path) -> None:
    options = Options(recogniser="transcript", state=tmp_path)
    with EmbeddedAws(tenants=lambda: ["corner_shop"]) as aws:
        listed = everything()
        create(Resources(tables=listed.tables, buckets=listed.buckets), aws.functions, aws.engineer, REPOSITORY)
        shard = ShardProcess(tmp_path, tmp_path / "shard.log")
        shard.port = 9  # never asked
        stack = EmbeddedSotto(aws, options, shard, tmp_path, FilingSystems(tmp_path, aws.connect_cases))
        stack.publish(write_tenant(tmp_path, tenant=ACKNOWLEDGED), [])
        (entry,) = DynamoAcknowledgements(Table(aws.engineer("dynamodb"), "sotto-tenants")).of_tenant("corner_shop")
    assert entry.kinds == ("card_number",) and entry.by.startswith("arn:aws:")
