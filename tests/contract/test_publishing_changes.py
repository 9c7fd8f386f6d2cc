"""Contract: publishing a folder changes what changed and nothing else, against the emulated S3 and DynamoDB; every
write is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from moto import mock_aws

from local.audit_trail import AuditTrail
from local.commands.sotto import sotto as command
from local.commands.tenants import PublishedInTheApp, refuse_taking_back
from local.publishing import PublishPlan, PublishTarget
from local.tenants import ModelPublisher
from sotto.aws import keys
from sotto.aws.table import Table
from sotto.models.adapters.dynamodb_registry import RegistryChanged
from sotto.models.package import ModelCard, write_package
from sotto.models.publish_plan import Decision, Wish
from sotto.models.registry import SHARED
from sotto.models.training_record import TrainingRecord
from sotto.tenants.adapters.published_books import PublishedMeanwhile
from sotto.tenants.book import TenantBook
from sotto.tenants.playbook_version import PlaybookVersion, digest_of, version_id
from sotto.wiring.publishing import book_from
from sotto.wiring.sotto import Sotto
from tests.contract.published_account import unpublished
from tests.unit.tenants.tenant_files import TENANT, write_tenant

TENANT_ID = "corner_shop"
WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem", "PutObject", "DeleteObject"}
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": "us-east-1",
    "AWS_ENDPOINT_URL": None,
    "AWS_PROFILE": None,
    "SOTTO_SHARD_ENDPOINT": None,
}


@dataclass
class Shop:
    """A tenant's folder beside its packages, and somebody who publishes both."""

    root: Path
    sotto: Sotto
    writes: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        for service in ("s3", "dynamodb"):
            self.sotto.client(service).meta.events.register("before-call", self._count)

    def _count(self, model: Any, **_: Any) -> None:
        if model.name in WRITES:
            self.writes[model.name] += 1

    @property
    def target(self) -> PublishTarget:
        trail = AuditTrail(self.sotto.audit_log, lambda: "arn:aws:iam::111122223333:user/ann", self.sotto.clock)
        models = ModelPublisher(self.sotto.client("s3"), "sotto-artifacts", self.sotto.model_registry, trail=trail)
        return PublishTarget(self.sotto.books, models, "blue", publisher=lambda: "anybody")

    @property
    def folder(self) -> Path:
        return self.root / TENANT_ID

    def package(self, version: str, content: bytes | None = None, tenant: str = TENANT_ID) -> Path:
        card = ModelCard(
            task="intent",
            tenant=tenant,
            model="intent" if tenant == TENANT_ID else "sentiment",
            version=version,
            base_model="any",
            base_revision="any",
            metrics={"ood_recall": 0.95},
        )
        record = TrainingRecord(data=f"data of {version}", gates={"ood_recall": 0.9})
        weights = {"head.safetensors": content or version.encode()}
        return write_package(card, {**weights, **record.files}, self.root / "models")

    def plan(self, *packages: Path, wish: Wish | None = None) -> PublishPlan:
        return self.target.plan(self.folder, packages, wish or Wish())

    def push(self, *packages: Path, wish: Wish | None = None, why: str = "") -> list[str]:
        plan = self.plan(*packages, wish=wish)
        self.writes.clear()
        self.target.carry_out(plan, why)
        return list(plan.lines)

    def serving(self, tenant: str = TENANT_ID, model: str = "intent") -> str:
        return self.sotto.model_registry.find(tenant, model).chain[0].version


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with mock_aws():
        sotto = unpublished()
        knowledge = write_tenant(tmp_path) / "knowledge"
        knowledge.mkdir()
        for name in ("fees", "loans"):
            article = f"---\nid: {name}\ntitle: About {name}\n---\nAll about {name}.\n"
            (knowledge / f"{name}.md").write_text(article, encoding="utf-8")
        yield Shop(tmp_path, sotto)


def adapters(*arguments: object) -> Result:
    return CliRunner().invoke(command, ["adapters", *map(str, arguments)], env=ENVIRONMENT)


def test_pushing_twice_writes_nothing_the_second_time(shop: Shop) -> None:
    shop.push(shop.package("v1"))
    assert shop.writes
    lines = shop.push(shop.package("v1"))
    assert not shop.writes and all("unchanged" in line for line in lines)
    renamed = shop.push(shop.package("v1-retrained", content=b"v1"))
    assert not shop.writes and "unchanged" in renamed[0], "the same content under another name"


def test_a_playbook_of_a_release_that_kept_no_text_has_it_after_the_next_push(shop: Shop) -> None:
    shop.push(shop.package("v1"))
    shelf, table = shop.sotto.playbook_shelf, Table(shop.sotto.client("dynamodb"), "sotto-tenants")
    (version,) = shelf.versions(TENANT_ID, limit=2)
    table.delete(keys.of_book(TENANT_ID), keys.of_playbook_version(version.id))
    lines = shop.push(shop.package("v1"))
    assert lines[-1].endswith("playbook: its text will be kept, for drafts in the app")
    (kept,) = shelf.versions(TENANT_ID, limit=2)
    assert kept.text and (kept.book, kept.digest) == (version.book, version.digest)
    shop.push(shop.package("v1"))
    assert not shop.writes


def test_what_an_author_published_in_the_app_is_not_taken_back_unasked(shop: Shop) -> None:
    mine, written = shop.folder / "playbook.yaml", (shop.folder / "playbook.yaml").read_text(encoding="utf-8")
    shop.push(shop.package("v1"))
    assert printed(TENANT_ID) == written
    refuse_taking_back([shop.plan(shop.package("v1"))])
    mine.write_text(written.replace("title: ", "title: Another "), encoding="utf-8")
    theirs = published_in_the_app(shop, mine)
    assert printed(TENANT_ID) == theirs
    refuse_taking_back([shop.plan(shop.package("v1"))])
    mine.write_text(written, encoding="utf-8")
    with pytest.raises(PublishedInTheApp, match="ada has published another playbook"):
        refuse_taking_back([shop.plan(shop.package("v1"))])


def published_in_the_app(shop: Shop, playbook: Path) -> str:
    text, live = playbook.read_text(encoding="utf-8"), shop.sotto.playbook_shelf.book(TENANT_ID)
    book = book_from(shop.folder)
    at_ms = int(shop.sotto.clock.now_ms())
    version = PlaybookVersion(TENANT_ID, version_id(at_ms), book.version, digest_of(book.playbook), at_ms, "ada", text)
    shop.sotto.playbook_shelf.publish(book, version, instead_of=live.version)
    return text


def printed(tenant: str) -> str:
    return CliRunner().invoke(command, ["tenants", "playbook", tenant], env=ENVIRONMENT).output


def test_only_what_changed_is_written(shop: Shop) -> None:
    shop.push(shop.package("v1"))
    (shop.folder / "knowledge" / "fees.md").write_text(
        "---\nid: fees\ntitle: About fees\n---\nNone.\n", encoding="utf-8"
    )
    lines = shop.push(shop.package("v1"))
    assert lines[-1].endswith("changed: articles: fees changed")
    assert shop.writes["PutObject"] == 2, "one article and the book, no model"
    article = shop.sotto.books.article(TENANT_ID, "loans")
    assert article is not None and article.text.startswith("All about loans")
    assert shop.push(shop.package("v2"))[-1].endswith("unchanged")
    assert shop.serving() == "v2" and shop.writes["PutObject"] == 1


def test_a_version_rolled_back_stays_rolled_back(shop: Shop) -> None:
    for version in ("v1", "v2"):
        shop.push(shop.package(version))
    adapters("rollback", TENANT_ID, "intent")
    (line, _) = shop.push(shop.package("v2"))
    assert "v2 was rolled back" in line and shop.serving() == "v1" and not shop.writes
    shop.push(shop.package("v3"))
    assert shop.serving() == "v3"
    states = adapters("list", TENANT_ID, "intent").output
    assert states.index("v2") < states.index("withdrawn")


def test_a_pinned_version_stays_pinned_and_nothing_is_put_beside_it(shop: Shop) -> None:
    for version in ("v1", "v2"):
        shop.push(shop.package(version))
    adapters("pin", TENANT_ID, "intent", "v1")
    (line, _) = shop.push(shop.package("v3"))
    assert "v1 is pinned" in line and shop.serving() == "v1" and not shop.writes
    assert len(shop.sotto.model_registry.shelf(TENANT_ID, "intent").published) == 2


def test_a_split_stays_as_it_is(shop: Shop) -> None:
    for version in ("v1", "v2"):
        shop.push(shop.package(version))
    adapters("pin", TENANT_ID, "intent", "v1")
    adapters("unpin", TENANT_ID, "intent")
    adapters("split", TENANT_ID, "intent", "v1", 10)
    (line, _) = shop.push(shop.package("v3"))
    rollout = shop.sotto.model_registry.find(TENANT_ID, "intent")
    assert "calls are split" in line and not shop.writes
    assert rollout.shares == {"v1": 10} and rollout.chain[0].version == "v2"


def test_a_model_that_somebody_tuned_is_not_replaced_by_the_folders(shop: Shop) -> None:
    shop.push(shop.package("v1"))
    assert adapters("push", shop.package("tuned"), "--why", "LoRA wins by two points").exit_code == 0
    (line, _) = shop.push(shop.package("v2"))
    assert "tuned was trained and pushed by itself" in line and shop.serving() == "tuned" and not shop.writes
    adapters("rollback", TENANT_ID, "intent")
    shop.push(shop.package("v2"))
    assert shop.serving() == "v2"


def test_a_tenants_push_leaves_shared_models_to_whoever_publishes_them(shop: Shop) -> None:
    shop.push(shop.package("s1", tenant=SHARED))
    assert shop.serving(SHARED, "sentiment") == "s1", "nobody had one"
    (line, _) = shop.push(shop.package("s2", tenant=SHARED))
    assert "--shared" in line and shop.serving(SHARED, "sentiment") == "s1" and not shop.writes
    shop.push(shop.package("s2", tenant=SHARED), wish=Wish(shared=True))
    assert shop.serving(SHARED, "sentiment") == "s2"


def test_a_plan_writes_nothing(shop: Shop) -> None:
    lines = list(shop.plan(shop.package("v1")).lines)
    assert not shop.writes and shop.sotto.model_registry.models(TENANT_ID) == []
    assert "new version: the first one" in lines[0] and lines[1].endswith("changed: the first one")


def test_versions_of_an_earlier_release_are_compared_by_their_packages(shop: Shop) -> None:
    for version in ("v1", "v2"):
        shop.push(shop.package(version))
    adapters("rollback", TENANT_ID, "intent")
    forget_contents(shop)
    (line, _) = shop.push(shop.package("v2-retrained", content=b"v2"))
    assert "v2 was rolled back" in line and not shop.writes
    (line, _) = shop.push(shop.package("v1-retrained", content=b"v1"))
    assert "unchanged" in line and not shop.writes


def forget_contents(shop: Shop) -> None:
    """As the release before wrote it."""
    dynamodb, key = shop.sotto.client("dynamodb"), {"pk": {"S": f"tenant#{TENANT_ID}"}, "sk": {"S": "model#intent"}}
    item = dynamodb.get_item(TableName="sotto-models", Key=key)["Item"]
    for one in item["versions"]["L"]:
        del one["M"]["content"], one["M"]["source"]
    dynamodb.put_item(TableName="sotto-models", Item=item)


def test_of_two_pushes_at_once_the_second_is_refused_and_undoes_nothing(shop: Shop) -> None:
    shop.push(shop.package("v1"))
    early = shop.plan(shop.package("early"))
    shop.push(shop.package("late"))
    with pytest.raises(RegistryChanged, match="changed by somebody else"):
        shop.target.carry_out(early)
    assert shop.serving() == "late"
    with_folder = shop.plan()
    other = changed_book(shop, "house_rules: [Be brief.]\n")
    shop.sotto.books.publish(other)
    (shop.folder / "tenant.yaml").write_text(TENANT + "house_rules: [Be kind.]\n", encoding="utf-8")
    late_book = shop.target.plan(shop.folder, [], Wish())
    shop.sotto.books.publish(changed_book(shop, "house_rules: [Be quick.]\n"))
    with pytest.raises(PublishedMeanwhile, match="by somebody else meanwhile"):
        shop.target.carry_out(late_book)
    assert not with_folder.changes and shop.sotto.house_rules(TENANT_ID) == "Be quick."


def changed_book(shop: Shop, more: str) -> TenantBook:
    (shop.folder / "tenant.yaml").write_text(TENANT + more, encoding="utf-8")
    return book_from(shop.folder)


def test_a_history_tells_who_released_what_why_and_from_what(shop: Shop) -> None:
    shop.push(shop.package("v1"), why="first")
    shop.push(shop.package("v2"), why="forty more phrases")
    adapters("rollback", TENANT_ID, "intent", "--why", "wrong on loans")
    shown = adapters("history", TENANT_ID).output
    assert "intent v2 published; preferred is v2, instead of v1" in shown and "user/ann: forty more phrases" in shown
    assert "rolled back; preferred is v1, instead of v2" in shown and ": wrong on loans" in shown
    assert shown.index("wrong on loans") < shown.index("forty more phrases") < shown.index(": first")
    assert "trained from data data of v2" in shown and "gates: ood_recall at least 0.9, reached 0.95" in shown
    assert adapters("history", TENANT_ID, "intent").output == shown


def test_who_has_released_nothing_has_no_history(shop: Shop) -> None:
    result = adapters("history", "nobody", "intent")
    assert "nobody/intent has no releases on record" in str(result.exception)


def test_an_adapter_that_was_trained_behind_the_calls_is_a_release_of_its_own(shop: Shop) -> None:
    shop.push(shop.package("head"))
    (step,) = shop.target.release([shop.package("adapter")], "an adapter beside the head wins")
    assert step.decision is Decision.NEW and shop.serving() == "adapter"
    latest = shop.sotto.model_registry.releases(TENANT_ID, "intent")[0]
    assert latest.because.why == "an adapter beside the head wins" and latest.replaced == "head"


def test_what_was_trained_behind_the_calls_moves_nothing_that_somebody_put_there(shop: Shop) -> None:
    shop.push(shop.package("head"))
    shop.sotto.model_registry.pin(TENANT_ID, "intent", "head")
    shop.writes.clear()
    (step,) = shop.target.release([shop.package("adapter")], "an adapter beside the head wins")
    assert step.decision is Decision.KEPT_BACK and not shop.writes
    shop.sotto.model_registry.unpin(TENANT_ID, "intent")
    shop.target.release([shop.package("adapter")], "")
    shop.sotto.model_registry.roll_back(TENANT_ID, "intent")
    (step,) = shop.target.release([shop.package("adapter")], "")
    assert step.decision is Decision.KEPT_BACK and shop.serving() == "head"
