"""Contract: ``sotto tenants push`` over HTTP to the embedded AWS: trained, uploaded, registered and published."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from local.aws.resources import create
from local.aws.stack import EmbeddedAws
from local.commands.sotto import sotto
from local.functions_environment import forget_wiring
from sotto.core.audit import AuditAction
from sotto.core.clock import SystemClock
from sotto.core.resources import SOTTO, Resources
from sotto.models.package import CARD
from sotto.tenants.reading.folder import TenantMistaken
from sotto.wiring.models import house_rules
from sotto.wiring.process import client
from sotto.wiring.publishing import book_from
from sotto.wiring.stores import acknowledgements, audit_log, books, model_registry
from tests.unit.tenants.tenant_files import INTENTS, PLAYBOOK, TENANT, write_tenant

INSTANCE = "arn:aws:connect:us-east-1:111122223333:instance/11111111-2222-3333-4444-555555555555"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The tables and the bucket that Sotto deploys, behind an address."""
    with pytest.MonkeyPatch.context() as environment, EmbeddedAws() as aws:
        environment.delenv("AWS_PROFILE", raising=False)
        environment.delenv("SOTTO_SHARD_ENDPOINT", raising=False)
        for name, value in {**aws.environment(), "AWS_ENDPOINT_URL": aws.url}.items():
            environment.setenv(name, value)
        forget_wiring()
        kept = Resources(tables=SOTTO.tables, buckets=SOTTO.buckets)
        create(kept, aws.functions, client, Path(__file__).resolve().parents[2])
        yield aws.url
        forget_wiring()


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shared by the tests of this file, as runs of the command share them."""
    return tmp_path_factory.mktemp("models")


def push(folder: Path, models: Path, *more: str) -> Result:
    forget_wiring()  # each run of the command is a new process
    return CliRunner().invoke(sotto, ["tenants", "push", str(folder), "--models", str(models), *more])


def test_a_pushed_tenant_is_trained_uploaded_registered_and_published(
    address: str, tmp_path: Path, models: Path
) -> None:
    result = push(write_tenant(tmp_path), models, "--endpoint", "blue,green")
    assert result.exit_code == 0, result.output + repr(result.exception)
    assert "training corner_shop/intent" in result.output and "published corner_shop " in result.output
    book = books().current("corner_shop")
    assert book.settings.title == "Corner Shop" and books().tenant_of(INSTANCE) == "corner_shop"
    version = model_registry().find("corner_shop", "intent").chain[0]
    assert version.endpoints == ("blue", "green")
    stored = client("s3").get_object(Bucket="sotto-artifacts", Key=f"models/{version.target_model}")["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(stored)) as archive:
        assert CARD in archive.getnames()
    assert model_registry().find("corner_shop", "sentiment").chain[0].tenant == "shared"
    now_ms = int(SystemClock().now_ms())
    trail = list(audit_log().entries("corner_shop", now_ms - 3_600_000, now_ms + 1_000))
    assert {(each.action, each.record) for each in trail} >= {
        (AuditAction.RELEASE_PUBLISHED, f"release/intent/{version.version}"),
        (AuditAction.BOOK_PUBLISHED, f"book/{book.version}"),
    }
    assert all(each.who.startswith("arn:aws:") for each in trail), "as AWS knows the credentials"


def test_house_rules_are_read_by_those_who_write_texts(address: str, tmp_path: Path) -> None:
    rules = "house_rules: [Be brief., 'Say \"you\".']\n"
    own = TENANT.replace("11111111-2222", "22222222-2222")
    folder = write_tenant(tmp_path, tenant=own + rules, name="polite_shop")
    forget_wiring()
    books().publish(book_from(folder))
    assert house_rules("polite_shop") == 'Be brief.\nSay "you".'
    assert house_rules("nobody_yet") == ""


def test_what_did_not_change_is_not_trained_again_and_what_did_is_preferred(
    address: str, tmp_path: Path, models: Path
) -> None:
    folder = write_tenant(tmp_path)
    assert push(folder, models).exit_code == 0
    before = model_registry().find("corner_shop", "intent").chain[0].version
    again = push(folder, models)
    assert again.exit_code == 0 and "training" not in again.output
    (folder / "intents.yaml").write_text(INTENTS.replace("give me two", "wrap it up for me"))
    changed = push(folder, models)
    assert changed.exit_code == 0 and "training corner_shop/intent" in changed.output
    chain = model_registry().find("corner_shop", "intent").chain
    assert chain[0].version != before and before in [version.version for version in chain[1:]]


def test_card_numbers_in_clear_are_audited_with_who_published_them(address: str, tmp_path: Path, models: Path) -> None:
    in_clear = TENANT + "redaction: {card_number: off, acknowledge_unredacted: [card_number]}\n"
    result = push(write_tenant(tmp_path, tenant=in_clear), models)
    assert result.exit_code == 0, result.output + repr(result.exception)
    (entry,) = acknowledgements().of_tenant("corner_shop")
    assert (entry.version, entry.kinds) == (books().current("corner_shop").version, ("card_number",))
    assert entry.by.startswith("arn:aws:") and f"in clear, as acknowledged by {entry.by}" in result.output


def test_a_folder_with_a_mistake_publishes_nothing(address: str, tmp_path: Path, models: Path) -> None:
    write_tenant(tmp_path, name="good_shop")
    write_tenant(tmp_path, name="bad_shop", playbook=PLAYBOOK.replace("intent: buy", "intent: bye"))
    result = push(tmp_path, models)
    assert isinstance(result.exception, TenantMistaken) and "bad_shop/playbook.yaml" in str(result.exception)
    assert model_registry().models("good_shop") == []
