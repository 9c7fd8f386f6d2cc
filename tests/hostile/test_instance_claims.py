"""Hostile: a tenant that names another's Connect instance gets none of its calls."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import boto3
import pytest
from click.testing import CliRunner, Result
from moto import mock_aws

from local.aws import moto_shortcuts
from local.commands.sotto import sotto
from sotto.aws.table import Removal, Table, Write
from sotto.tenants.acknowledged import Acknowledgement
from sotto.tenants.adapters.dynamodb_acknowledgements import DynamoAcknowledgements
from sotto.tenants.adapters.published_books import InstanceTaken, PublishedBooks, PublishedMeanwhile
from sotto.tenants.book import TenantBook, TenantSettings
from sotto.tenants.reading.folder import TenantMistaken
from tests.fakes.clock import ClockByHand
from tests.unit.tenants.tenant_files import TENANT, write_tenant

INSTANCE = "11111111-2222-3333-4444-555555555555"
OTHER = "aaaaaaaa-2222-3333-4444-555555555555"
ARN = f"arn:aws:connect:us-east-1:111122223333:instance/{INSTANCE}"
DEPLOYMENT = f"""\
account: "111122223333"
tenants: {{bank: {{}}, garage: {{}}}}
regions:
  us-east-1:
    calls: 100
    instances:
      - {{arn: "{ARN}", alias: bank, tenant: bank}}
      - {{arn: "arn:aws:connect:us-east-1:111122223333:instance/{OTHER}", alias: garage, tenant: garage}}
    sign_in: {{issuer: "https://login.example.com", client_id: sotto}}
    panel: {{url: "https://panel.example.com/"}}
"""


class Meanwhile(Table):
    """A table in which something happens between a look and the write that follows from it."""

    def __init__(self, table: Table) -> None:
        super().__init__(table._client, table.name)
        self.happens: list[object] = []

    def put_all(
        self, writes: Sequence[Write], deletes: Sequence[tuple[str, str]] = (), removals: Sequence[Removal] = ()
    ) -> None:
        if self.happens:
            self.happens.pop()()  # type: ignore[operator]
        super().put_all(writes, deletes, removals)


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[Table]:
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "SOTTO_SHARD_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    moto_shortcuts.install()  # a condition and its write are one step, as they are on AWS
    with mock_aws():
        client = boto3.client("dynamodb", region_name="us-east-1")
        for name in ("sotto-tenants", "sotto-models", "sotto-contacts"):
            client.create_table(
                TableName=name,
                BillingMode="PAY_PER_REQUEST",
                KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
                AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            )
        boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="sotto-artifacts")
        yield Table(client, "sotto-tenants")


def books_in(table: Table) -> PublishedBooks:
    return PublishedBooks(table, boto3.client("s3", region_name="us-east-1"), "sotto-artifacts", ClockByHand(0))


def book(tenant: str, *instances: str, title: str = "") -> TenantBook:
    return TenantBook(tenant=tenant, settings=TenantSettings(title=title or tenant, instances=instances)).sealed()


def test_a_second_tenant_cannot_publish_an_instance_and_the_first_keeps_its_calls(table: Table) -> None:
    books_in(table).publish(book("bank", INSTANCE))
    with pytest.raises(InstanceTaken, match=rf"instances: {INSTANCE} is bank's and cannot be thief's too; take it out"):
        books_in(table).publish(book("thief", OTHER, ARN))
    assert books_in(table).tenant_of(ARN) == "bank"
    assert books_in(table).tenant_of(OTHER) is None, "all or nothing"
    assert table.get("thief#book", "current") is None


def test_an_instance_that_a_book_drops_is_free_for_another(table: Table) -> None:
    books_in(table).publish(book("bank", INSTANCE, OTHER))
    books_in(table).publish(book("bank", OTHER))
    assert books_in(table).tenant_of(INSTANCE) is None and books_in(table).tenant_of(OTHER) == "bank"
    books_in(table).publish(book("garage", INSTANCE))
    assert books_in(table).tenant_of(INSTANCE) == "garage"


def test_a_tenant_may_publish_its_own_instances_again(table: Table) -> None:
    for title in ("one", "two", "two"):
        books_in(table).publish(book("bank", INSTANCE, title=title))
    assert books_in(table).current("bank").settings.title == "two" and books_in(table).tenant_of(INSTANCE) == "bank"


def test_who_loses_the_race_for_an_instance_publishes_nothing(table: Table) -> None:
    racing = Meanwhile(table)
    racing.happens = [lambda: books_in(table).publish(book("bank", INSTANCE))]
    with pytest.raises(InstanceTaken, match="is bank's"):
        books_in(racing).publish(book("thief", INSTANCE))
    assert books_in(table).tenant_of(INSTANCE) == "bank" and table.get("thief#book", "current") is None


def test_an_acknowledgement_is_kept_with_its_book_and_not_without(table: Table) -> None:
    """However often the publish is tried, and not at all where it comes to nothing."""
    racing, log = Meanwhile(table), DynamoAcknowledgements(table)
    made = Acknowledgement("thief", "v1", ("card_number",), "arn", 1_790_000_000_000)
    racing.happens = [lambda: books_in(table).publish(book("bank", INSTANCE))]
    with pytest.raises(InstanceTaken):
        books_in(racing).publish(book("thief", INSTANCE), acknowledgement=made)
    assert log.of_tenant("thief") == []
    racing.happens = [lambda: books_in(table).publish(book("thief"))]
    books_in(racing).publish(book("thief", OTHER), acknowledgement=made)
    assert log.of_tenant("thief") == [made]


def test_two_publishes_of_one_tenant_at_once_leave_the_claims_of_the_later_one(table: Table) -> None:
    racing = Meanwhile(table)
    racing.happens = [lambda: books_in(table).publish(book("bank", INSTANCE))]
    books_in(racing).publish(book("bank", OTHER))
    assert books_in(table).current("bank").settings.instances == (OTHER,)
    assert books_in(table).tenant_of(OTHER) == "bank" and books_in(table).tenant_of(INSTANCE) is None


def test_a_publish_that_always_comes_second_says_so(table: Table) -> None:
    racing = Meanwhile(table)
    others = [book("bank", INSTANCE, title=str(number)) for number in range(20)]
    racing.happens = [lambda other=other: books_in(table).publish(other) for other in others]
    with pytest.raises(PublishedMeanwhile, match="try again"):
        books_in(racing).publish(book("bank", OTHER))


def test_of_many_tenants_at_once_one_has_the_instance(table: Table) -> None:
    refused: list[str] = []
    together = threading.Barrier(6)

    def publish(tenant: str) -> None:
        together.wait(10)
        try:
            books_in(table).publish(book(tenant, INSTANCE))
        except InstanceTaken:
            refused.append(tenant)

    threads = [threading.Thread(target=publish, args=(f"tenant{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    (owner,) = {f"tenant{number}" for number in range(6)} - set(refused)
    assert books_in(table).tenant_of(INSTANCE) == owner
    assert all(table.get(f"{tenant}#book", "current") is None for tenant in refused)


def as_an_older_release_published(table: Table, tenant: str, instance: str) -> None:
    books_in(table).publish(book(tenant, instance))
    table.put({"pk": f"{tenant}#book", "sk": "current", "version": book(tenant, instance).version})


def test_claims_of_an_older_release_are_released_too_but_never_anothers(table: Table) -> None:
    as_an_older_release_published(table, "bank", INSTANCE)
    books_in(table).publish(book("bank", OTHER))
    assert books_in(table).tenant_of(INSTANCE) is None
    as_an_older_release_published(table, "garage", INSTANCE)
    table.put({"pk": f"instance#{INSTANCE}", "sk": "tenant", "tenant": "newcomer"})  # the last one won
    books_in(table).publish(book("garage"))
    assert books_in(table).tenant_of(INSTANCE) == "newcomer"


def test_a_book_that_is_lost_can_be_published_again(table: Table) -> None:
    as_an_older_release_published(table, "bank", INSTANCE)
    lost = f"bank/books/{book('bank', INSTANCE).version}.json"
    boto3.client("s3", region_name="us-east-1").delete_object(Bucket="sotto-artifacts", Key=lost)
    books_in(table).publish(book("bank", INSTANCE, title="again"))
    assert books_in(table).current("bank").settings.title == "again"


def check(*arguments: object) -> Result:
    return CliRunner().invoke(sotto, ["tenants", "check", *map(str, arguments)])


def two_tenants(root: Path) -> tuple[Path, Path]:
    for name in ("here", "there"):
        (root / name).mkdir()
    garage = write_tenant(root / "there", name="garage", tenant=TENANT.replace(INSTANCE, ARN))
    return write_tenant(root / "here", name="bank"), garage


def test_folders_that_are_checked_together_may_not_name_one_instance(tmp_path: Path) -> None:
    bank, garage = two_tenants(tmp_path)
    assert check(bank).exit_code == check(garage).exit_code == 0
    result = check(bank, garage)
    assert result.exit_code == 1
    assert f"{garage}/tenant.yaml:3:13: {INSTANCE} is named by bank's book, too; an instance" in result.output


def test_a_folder_of_tenants_and_one_beside_it_are_checked_together(tmp_path: Path) -> None:
    bank, garage = two_tenants(tmp_path)
    assert check(bank.parent, garage).exit_code == 1
    (garage / "tenant.yaml").write_text(TENANT.replace(INSTANCE, OTHER))
    assert check(bank.parent, garage).exit_code == 0


def test_two_folders_of_one_name_would_be_one_tenant(tmp_path: Path) -> None:
    bank, garage = two_tenants(tmp_path)
    renamed = garage.rename(garage.parent / "bank")
    result = check(bank, renamed)
    assert result.exit_code == 1 and "is tenant 'bank', too; rename one of the two folders" in result.output
    assert check(bank, bank).exit_code == 0, "the same folder given twice is no mistake"


def test_an_instance_that_is_listed_twice_is_a_mistake(tmp_path: Path) -> None:
    result = check(write_tenant(tmp_path, tenant=TENANT.replace(f"[{INSTANCE}]", f"[{INSTANCE}, '{ARN}']")))
    assert result.exit_code == 1 and f"{INSTANCE} is listed twice" in result.output


def test_a_book_cannot_name_what_the_deployment_gives_to_another(tmp_path: Path) -> None:
    (tmp_path / "deployment.yaml").write_text(DEPLOYMENT)
    bank, garage = two_tenants(tmp_path)
    assert check(bank, "--deployment", tmp_path / "deployment.yaml").exit_code == 0
    result = check(garage, "--deployment", tmp_path / "deployment.yaml")
    assert result.exit_code == 1 and f"the deployment gives {INSTANCE} to bank; take it out here" in result.output


def test_the_deployment_beside_the_tenants_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, garage = two_tenants(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert check(garage).exit_code == 0
    (tmp_path / "deployment.yaml").write_text(DEPLOYMENT)
    assert check(garage).exit_code == 1


def test_a_deployment_that_cannot_be_read_stops_the_check(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("account: twelve\n")
    bank, _ = two_tenants(tmp_path)
    for name in ("broken.yaml", "missing.yaml"):
        result = check(bank, "--deployment", tmp_path / name)
        assert result.exit_code != 0 and name in str(result.exception)


def push(*arguments: object) -> Result:
    return CliRunner().invoke(sotto, ["tenants", "push", *map(str, arguments)])


def test_nothing_is_trained_for_a_push_that_would_take_an_instance(table: Table, tmp_path: Path) -> None:
    books_in(table).publish(book("bank", INSTANCE))
    _, garage = two_tenants(tmp_path)
    result = push(garage, "--models", tmp_path / "models")
    assert isinstance(result.exception, InstanceTaken) and "training" not in result.output
    assert not (tmp_path / "models").exists()


def test_a_push_against_the_deployment_is_refused(table: Table, tmp_path: Path) -> None:
    (tmp_path / "deployment.yaml").write_text(DEPLOYMENT)
    _, garage = two_tenants(tmp_path)
    result = push(garage, "--deployment", tmp_path / "deployment.yaml", "--models", tmp_path / "models")
    assert isinstance(result.exception, TenantMistaken) and "the deployment gives" in str(result.exception)
    assert books_in(table).tenant_of(INSTANCE) is None and not (tmp_path / "models").exists()


def test_tenants_that_clash_cannot_be_pushed_together(table: Table, tmp_path: Path) -> None:
    write_tenant(tmp_path, name="bank")
    write_tenant(tmp_path, name="garage")
    result = push(tmp_path, "--models", tmp_path / "models")
    assert isinstance(result.exception, TenantMistaken) and "an instance belongs to one tenant" in str(result.exception)
