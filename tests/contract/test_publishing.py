"""Contract: ``sotto tenants push`` and ``sotto adapters`` against the embedded AWS' S3 and DynamoDB."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from moto import mock_aws

from local.commands.sotto import sotto as command
from local.options import REPOSITORY
from local.publishing import PublishTarget, publish
from local.tenants import ModelPublisher, publish_models
from sotto.core.audit import AuditAction
from sotto.core.clock import SystemClock
from sotto.core.errors import Rejected, Retryable
from sotto.inference.comparison import Comparison, ShadowAnswer
from sotto.models.adapters.inference_components import AdapterComponents, ComponentNotReady
from sotto.models.package import ModelCard, write_package
from sotto.models.registry import UnknownModel
from sotto.tenants.reading.folder import read_articles
from sotto.wiring.sotto import Sotto
from tests.contract.published_account import unpublished

CARD = ModelCard(
    task="intent",
    tenant="harbour_bank",
    model="intent",
    version="v1",
    base_model="any",
    base_revision="any",
    metrics={"accuracy": 0.9312},
)


ENVIRONMENT: Mapping[str, str | None] = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": "us-east-1",
    "AWS_ENDPOINT_URL": None,
    "AWS_PROFILE": None,
    "SOTTO_SHARD_ENDPOINT": None,
    "COLUMNS": "160",
}
"""Of the command. None: not set."""


@pytest.fixture
def empty_account() -> Iterator[None]:
    with mock_aws():
        yield


@pytest.fixture
def stack(empty_account: None) -> Sotto:
    return unpublished()


def run(*arguments: object, **environment: str | None) -> Result:
    return CliRunner().invoke(command, [str(each) for each in arguments], env={**ENVIRONMENT, **environment})


def any_package(root: Path, version: str = "v1") -> Path:
    return write_package(CARD.model_copy(update={"version": version}), {"head.safetensors": b"weights"}, root)


def preferred(stack: Sotto) -> str:
    return stack.model_registry.find("harbour_bank", "intent").chain[0].version


def test_a_pushed_package_is_uploaded_and_preferred(stack: Sotto, tmp_path: Path) -> None:
    result = run("adapters", "push", any_package(tmp_path), "--endpoint", "blue")
    assert result.exit_code == 0 and result.output == "published harbour_bank/intent v1\n"
    uploaded = stack.client("s3").get_object(Bucket="sotto-artifacts", Key="models/harbour_bank/intent/v1.tar.gz")
    assert uploaded["Body"].read() == any_package(tmp_path).read_bytes()
    assert stack.model_registry.find("harbour_bank", "intent").chain[0].endpoint == "blue"


class NotReady:
    """An account in which a component is made for longer than anybody waits."""

    def __init__(self) -> None:
        self.asked = list[dict[str, Any]]()

    def create_inference_component(self, **asked: Any) -> dict[str, Any]:
        self.asked.append(asked)
        return {}

    def describe_inference_component(self, **asked: Any) -> dict[str, Any]:
        return {"InferenceComponentStatus": "Creating"}

    def delete_inference_component(self, **asked: Any) -> dict[str, Any]:
        raise AssertionError("it did not fail")


def test_calls_are_sent_to_a_version_only_when_its_component_is_in_service(stack: Sotto, tmp_path: Path) -> None:
    account = NotReady()
    publisher = models_of(stack, AdapterComponents(account, wait=lambda seconds: None))
    with pytest.raises(ComponentNotReady, match="not in service"):
        publish_models([any_package(tmp_path)], publisher, "blue/components")
    (asked,) = account.asked
    assert asked["EndpointName"] == "blue" and asked["InferenceComponentName"].startswith(
        "blue-harbour-bank-intent-v1-"
    )
    assert asked["Specification"] == {
        "BaseInferenceComponentName": "blue-base",
        "Container": {"ArtifactUrl": "s3://sotto-artifacts/models/harbour_bank/intent/v1.tar.gz"},
    }
    with pytest.raises(UnknownModel):
        preferred(stack)


def test_an_endpoint_of_components_needs_somebody_who_makes_them(stack: Sotto, tmp_path: Path) -> None:
    with pytest.raises(Rejected, match="blue hosts inference components"):
        publish_models([any_package(tmp_path)], models_of(stack), "blue/components")


def test_a_folder_of_packages_is_pushed_whole(stack: Sotto, tmp_path: Path) -> None:
    for version in ("v1", "v2"):
        any_package(tmp_path, version)
    assert run("adapters", "push", tmp_path).output.count("published") == 2


def test_versions_are_listed_with_their_state_and_metrics(stack: Sotto, tmp_path: Path) -> None:
    for version in ("v1", "v2"):
        run("adapters", "push", any_package(tmp_path, version))
    lines = run("adapters", "list", "harbour_bank").output
    assert "harbour_bank/intent" in lines and "accuracy 0.9312" in lines
    assert lines.index("v2") < lines.index("preferred") < lines.index("v1 ") < lines.index("fallback")


def test_pin_unpin_and_rollback_choose_the_preferred_version(stack: Sotto, tmp_path: Path) -> None:
    for version in ("v1", "v2", "v3"):
        run("adapters", "push", any_package(tmp_path, version))
    assert run("adapters", "pin", "harbour_bank", "intent", "v1").exit_code == 0
    assert preferred(stack) == "v1"
    run("adapters", "unpin", "harbour_bank", "intent")
    assert preferred(stack) == "v3"
    assert "withdrawn" in run("adapters", "rollback", "harbour_bank", "intent").output
    assert preferred(stack) == "v2"
    now_ms = int(SystemClock().now_ms())
    trail = [each.action for each in stack.audit_log.entries("harbour_bank", now_ms - 3_600_000, now_ms + 1_000)]
    assert sorted(trail) == [AuditAction.RELEASE_CHANGED] * 3 + [AuditAction.RELEASE_PUBLISHED] * 3


def test_a_share_of_the_calls_goes_to_a_version_on_trial(stack: Sotto, tmp_path: Path) -> None:
    for version in ("v1", "v2"):
        run("adapters", "push", any_package(tmp_path, version), "--endpoint", "blue, green/canary")
    refused = run("adapters", "split", "harbour_bank", "intent", "v2", 10)
    assert isinstance(refused.exception, Rejected) and "pin another one first, such as v1" in str(refused.exception)
    run("adapters", "pin", "harbour_bank", "intent", "v1")
    shown = run("adapters", "split", "harbour_bank", "intent", "v2", 10).output
    assert "90 %" in shown and "10 %" in shown
    rollout = stack.model_registry.find("harbour_bank", "intent")
    assert rollout.shares == {"v2": 10} and rollout.chain[0].endpoints == ("blue", "green/canary")
    assert run("adapters", "split", "harbour_bank", "intent", "v2", 0).exit_code == 0
    assert not stack.model_registry.find("harbour_bank", "intent").shares


def test_a_version_in_the_shadow_is_compared_and_answers_no_call(stack: Sotto, tmp_path: Path) -> None:
    alone = run("adapters", "push", any_package(tmp_path, "v1"), "--shadow")
    assert isinstance(alone.exception, Rejected) and "publish one beside v1 first" in str(alone.exception)
    run("adapters", "push", any_package(tmp_path, "v1"))
    assert "in the shadow" in run("adapters", "push", any_package(tmp_path, "v2"), "--shadow").output
    assert preferred(stack) == "v1"
    early = run("adapters", "compare", "harbour_bank", "intent")
    assert isinstance(early.exception, Rejected) and "nothing was compared with v2" in str(early.exception)
    live, other = ShadowAnswer("v1", ("buy",), 0.9, 10.0), ShadowAnswer("v2", ("sell",), 0.7, 8.0)
    for number, said in enumerate((other, other, replace(other, labels=("buy",)))):
        stack.comparisons.store(Comparison(f"id-{number}", "harbour_bank", "intent", live, said))
    output = run("adapters", "compare", "harbour_bank", "intent").output
    assert "compared 3, answered 3, agreed 1 (33.3 %)" in output and "median ms: live 10, shadow 8" in output
    assert "buy" in output and "sell" in output
    assert run("adapters", "shadow", "harbour_bank", "intent", "v2", "--percent", 20).output.count("20 %") == 1
    run("adapters", "pin", "harbour_bank", "intent", "v1")
    assert "fallback" in run("adapters", "shadow", "harbour_bank", "intent", "--off").output
    ended = run("adapters", "compare", "harbour_bank", "intent")
    assert isinstance(ended.exception, Rejected) and "name the one that was" in str(ended.exception)
    assert run("adapters", "compare", "harbour_bank", "intent", "v2").exit_code == 0


def test_an_endpoint_that_cannot_be_one_publishes_nothing(stack: Sotto, tmp_path: Path) -> None:
    result = run("adapters", "push", any_package(tmp_path), "--endpoint", "blue,,green")
    assert isinstance(result.exception, Rejected) and "is not an endpoint" in str(result.exception)
    assert stack.model_registry.models("harbour_bank") == []


def test_a_tenant_without_models_is_refused_with_the_reason(stack: Sotto) -> None:
    result = run("adapters", "list", "nobody")
    assert isinstance(result.exception, Rejected) and "has published no models" in str(result.exception)


def test_a_damaged_package_publishes_nothing(stack: Sotto, tmp_path: Path) -> None:
    good, bad = any_package(tmp_path / "good"), tmp_path / "bad.tar.gz"
    bad.write_bytes(good.read_bytes()[:40])
    result = run("adapters", "push", good, bad)
    assert isinstance(result.exception, Rejected) and "bad.tar.gz" in str(result.exception)
    assert stack.model_registry.models("harbour_bank") == []


def test_an_account_without_sotto_is_named_with_the_fix(empty_account: None) -> None:
    result = run("adapters", "list", "harbour_bank")
    assert isinstance(result.exception, Rejected) and "deploy Sotto there" in str(result.exception)


def test_a_missing_bucket_is_named_with_the_fix(stack: Sotto, tmp_path: Path) -> None:
    stack.client("s3").delete_bucket(Bucket="sotto-artifacts")
    result = run("adapters", "push", any_package(tmp_path))
    assert isinstance(result.exception, Rejected) and "SOTTO_ARTIFACTS_BUCKET" in str(result.exception)


def test_an_address_where_nothing_answers_is_named() -> None:
    for asked in (["adapters", "list", "harbour_bank"], ["tenants", "push", "tenants/harbour_bank"]):
        result = run(*asked, AWS_ENDPOINT_URL="http://127.0.0.1:9")
        assert isinstance(result.exception, Retryable) and "nothing answers at http://127.0.0.1:9" in str(
            result.exception
        )


def test_without_credentials_the_fix_is_named() -> None:
    without: dict[str, str | None] = {
        "AWS_ACCESS_KEY_ID": None,
        "AWS_SECRET_ACCESS_KEY": None,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/nonexistent",
        "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
    }
    result = run("adapters", "list", "harbour_bank", **without)
    assert isinstance(result.exception, Rejected) and "AWS_ACCESS_KEY_ID" in str(result.exception)


def test_without_a_region_the_variable_is_named() -> None:
    result = run("adapters", "list", "harbour_bank", AWS_REGION=None)
    assert isinstance(result.exception, Rejected) and "AWS_REGION" in str(result.exception)


def test_a_tenants_articles_are_published_with_its_book_and_follow_it(stack: Sotto, tmp_path: Path) -> None:
    folder = tmp_path / "harbour_bank"
    shutil.copytree(REPOSITORY / "tenants" / "harbour_bank", folder)
    published_from(stack, folder)
    before = stack.books.article("harbour_bank", "monthly-fee")
    assert before in read_articles(folder) and before is not None
    assert before.title == "Monthly account fee and how to avoid it"
    assert before.text.startswith("The Harbour Everyday checking account costs 12 dollars a month.")
    assert stack.books.article("harbour_bank", "no-such-article") is None
    source = folder / "knowledge" / "monthly-fee.md"
    source.write_text(source.read_text().replace("12 dollars", "13 dollars"))
    published_from(stack, folder)
    after = stack.books.article("harbour_bank", "monthly-fee")
    assert after is not None and after.text.startswith("The Harbour Everyday checking account costs 13 dollars")


def published_from(stack: Sotto, folder: Path) -> None:
    publish(folder, [], PublishTarget(stack.books, models_of(stack), "any", publisher=lambda: "anybody"))


def models_of(stack: Sotto, components: AdapterComponents | None = None) -> ModelPublisher:
    return ModelPublisher(stack.client("s3"), "sotto-artifacts", stack.model_registry, components)
