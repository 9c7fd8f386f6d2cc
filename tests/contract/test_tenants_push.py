"""Contract: ``sotto tenants push`` over HTTP to the embedded AWS: trained, uploaded, registered and published."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from functions.specs import everything
from local.aws.resources import create
from local.aws.stack import EmbeddedAws
from local.commands.sotto import sotto as command
from local.records import records_environment
from sotto.aws.table import Table
from sotto.core.audit import AuditAction
from sotto.core.clock import SystemClock
from sotto.core.resources import Resources
from sotto.models.package import CARD
from sotto.tenants.adapters.dynamodb_acknowledgements import DynamoAcknowledgements
from sotto.tenants.reading.folder import TenantMistaken
from sotto.wiring.publishing import book_from
from sotto.wiring.sotto import Sotto
from tests.unit.tenants.tenant_files import INTENTS, PLAYBOOK, TENANT, write_tenant

INSTANCE = "arn:aws:connect:us-east-1:111122223333:instance/11111111-2222-3333-4444-555555555555"


class Deployed:
    """The tables and the bucket that Sotto deploys, behind an address."""

    def __init__(self, aws: EmbeddedAws) -> None:
        self._aws = aws

    @property
    def sotto(self) -> Sotto:
        """Of somebody who has cached nothing."""
        return Sotto.of(records_environment(), session=self._aws.session)

    def push(self, folder: Path, models: Path, *more: str) -> Result:
        environment = {**self._aws.environment(), "AWS_PROFILE": None, "SOTTO_SHARD_ENDPOINT": None}
        return CliRunner().invoke(
            command, ["tenants", "push", str(folder), "--models", str(models), *more], env=environment
        )


@pytest.fixture(scope="module")
def stack() -> Iterator[Deployed]:
    with EmbeddedAws() as aws:
        kept = Resources(tables=everything().tables, buckets=everything().buckets)
        create(kept, aws.functions, aws.engineer, Path(__file__).resolve().parents[2])
        yield Deployed(aws)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shared by the tests of this file, as runs of the command share them."""
    return tmp_path_factory.mktemp("models")


def test_a_pushed_tenant_is_trained_uploaded_registered_and_published(
    stack: Deployed, tmp_path: Path, models: Path
) -> None:
    result = stack.push(write_tenant(tmp_path), models, "--endpoint", "blue,green")
    assert result.exit_code == 0, result.output + repr(result.exception)
    assert "training corner_shop/intent" in result.output and "published corner_shop " in result.output
    sotto = stack.sotto
    book = sotto.books.current("corner_shop")
    assert book.settings.title == "Corner Shop" and sotto.books.tenant_of(INSTANCE) == "corner_shop"
    version = sotto.model_registry.find("corner_shop", "intent").chain[0]
    assert version.endpoints == ("blue", "green")
    stored = sotto.client("s3").get_object(Bucket="sotto-artifacts", Key=f"models/{version.target_model}")
    with tarfile.open(fileobj=io.BytesIO(stored["Body"].read())) as archive:
        assert CARD in archive.getnames()
    assert sotto.model_registry.find("corner_shop", "sentiment").chain[0].tenant == "shared"
    now_ms = int(SystemClock().now_ms())
    trail = list(sotto.audit_log.entries("corner_shop", now_ms - 3_600_000, now_ms + 1_000))
    assert {(each.action, each.record) for each in trail} >= {
        (AuditAction.RELEASE_PUBLISHED, f"release/intent/{version.version}"),
        (AuditAction.BOOK_PUBLISHED, f"book/{book.version}"),
    }
    assert all(each.who.startswith("arn:aws:") for each in trail), "as AWS knows the credentials"


def test_house_rules_are_read_by_those_who_write_texts(stack: Deployed, tmp_path: Path) -> None:
    rules = "house_rules: [Be brief., 'Say \"you\".']\n"
    own = TENANT.replace("11111111-2222", "22222222-2222")
    folder = write_tenant(tmp_path, tenant=own + rules, name="polite_shop")
    sotto = stack.sotto
    sotto.books.publish(book_from(folder))
    assert sotto.house_rules("polite_shop") == 'Be brief.\nSay "you".'
    assert sotto.house_rules("nobody_yet") == ""


def test_what_did_not_change_is_not_trained_again_and_what_did_is_preferred(
    stack: Deployed, tmp_path: Path, models: Path
) -> None:
    folder = write_tenant(tmp_path)
    assert stack.push(folder, models).exit_code == 0
    before = stack.sotto.model_registry.find("corner_shop", "intent").chain[0].version
    again = stack.push(folder, models)
    assert again.exit_code == 0 and "training" not in again.output
    (folder / "intents.yaml").write_text(INTENTS.replace("give me two", "wrap it up for me"))
    changed = stack.push(folder, models)
    assert changed.exit_code == 0 and "training corner_shop/intent" in changed.output
    chain = stack.sotto.model_registry.find("corner_shop", "intent").chain
    assert chain[0].version != before and before in [version.version for version in chain[1:]]


def test_card_numbers_in_clear_are_audited_with_who_published_them(
    stack: Deployed, tmp_path: Path, models: Path
) -> None:
    in_clear = TENANT + "redaction: {card_number: off, acknowledge_unredacted: [card_number]}\n"
    result = stack.push(write_tenant(tmp_path, tenant=in_clear), models)
    assert result.exit_code == 0, result.output + repr(result.exception)
    table = Table(stack.sotto.client("dynamodb"), "sotto-tenants")
    (entry,) = DynamoAcknowledgements(table).of_tenant("corner_shop")
    assert (entry.version, entry.kinds) == (stack.sotto.books.current("corner_shop").version, ("card_number",))
    assert entry.by.startswith("arn:aws:") and f"in clear, as acknowledged by {entry.by}" in result.output


def test_a_folder_with_a_mistake_publishes_nothing(stack: Deployed, tmp_path: Path, models: Path) -> None:
    write_tenant(tmp_path, name="good_shop")
    write_tenant(tmp_path, name="bad_shop", playbook=PLAYBOOK.replace("intent: buy", "intent: bye"))
    result = stack.push(tmp_path, models)
    assert isinstance(result.exception, TenantMistaken) and "bad_shop/playbook.yaml" in str(result.exception)
    assert stack.sotto.model_registry.models("good_shop") == []


def test_a_dry_run_shows_the_plan_and_a_second_push_has_nothing_to_do(
    stack: Deployed, tmp_path: Path, models: Path
) -> None:
    folder = write_tenant(tmp_path, tenant=TENANT.replace("11111111-2222", "33333333-2222"), name="dry_shop")
    dry = stack.push(folder, models, "--dry-run", "--shared")
    assert dry.exit_code == 0, dry.output + repr(dry.exception)
    assert "dry_shop/intent" in dry.output and "new version: the first one" in dry.output
    assert "\npublished " not in dry.output and stack.sotto.model_registry.models("dry_shop") == []
    done = stack.push(folder, models, "--why", "opening day")
    assert done.exit_code == 0 and "published dry_shop/intent " in done.output
    assert {each.because.why for each in stack.sotto.model_registry.releases("dry_shop")} == {"opening day"}
    (release,) = stack.sotto.model_registry.releases("dry_shop", "intent")
    assert release.trained.data and release.trained.gates["out_of_scope_recall"] == 0.9
    assert "nll_saved" in release.trained.metrics, "an adapter was tried"
    again = stack.push(folder, models)
    assert again.exit_code == 0 and "nothing to publish for dry_shop" in again.output
    assert "\npublished " not in again.output and len(stack.sotto.model_registry.releases("dry_shop", "intent")) == 1
