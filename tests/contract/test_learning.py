"""Contract tests: from a correction to a version that answers calls, and back. Tables and bucket are moto's, the
trainer is the real one in a process of its own, and so are packages, heads and the registry."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from moto import mock_aws

from local.aws.keys import create_keys
from local.commands.learn import learn
from local.learning.releasing import RegistryReleasing
from local.learning.training import LocalTraining
from local.records import records_environment
from local.tenants import ModelPublisher, PublishedModels
from sotto.call.contact import Contact, Speaker
from sotto.call.correction import Correction, CorrectionKind
from sotto.call.events import CorrectionGiven
from sotto.call.utterance import Utterance
from sotto.learning.collect import collect
from sotto.learning.example import NONE_OF_THESE, ExampleState
from sotto.learning.review import use_cases
from sotto.learning.run import Stage
from sotto.learning.train import CannotTrain, NothingToLearn, TrainPorts, go_on
from sotto.models.package import read_archived_card
from sotto.models.versions import PublishedVersion
from sotto.tenants.learning import LearnFrom, LearningSettings, Updates
from sotto.transcription.lease.lease import Takeover
from sotto.wiring.publishing import book_from
from sotto.wiring.sotto import Sotto
from tests.contract.published_account import unpublished

REPOSITORY = Path(__file__).parents[2]
TENANT = "torque_garage"
UTTERANCES = {
    "oil_change": (
        "the oil light has come on again",
        "how soon can you swap the oil",
        "it wants fresh oil",
    ),
    "brake_noise": (
        "there is a grinding when I stop",
        "my pads squeal in the morning",
        "stopping is awfully noisy",
    ),
    NONE_OF_THESE: ("the weather was dreadful on sunday", "my neighbour plays the trumpet", "we saw the sea"),
}


@dataclass
class Garage:
    sotto: Sotto
    models: Path
    folder: Path = REPOSITORY / "tenants" / TENANT

    @property
    def train(self) -> TrainPorts:
        sotto = self.sotto
        return TrainPorts(
            sotto.books, sotto.contacts, sotto.consents, sotto.examples, sotto.example_reviewers,
            sotto.example_sets, sotto.training_runs, self.training, self.releasing, sotto.audit_log, sotto.clock,
            sotto.new_intents,
        )  # fmt: skip

    @property
    def publisher(self) -> ModelPublisher:
        return ModelPublisher(self.sotto.client("s3"), "sotto-artifacts", self.sotto.model_registry)

    @property
    def training(self) -> LocalTraining:
        registry = self.sotto.model_registry

        def version_of(tenant: str, model: str, release: str) -> Any:
            known: list[PublishedVersion] = list(registry.shelf(tenant, model).published)
            return next((each.version for each in known if each.version.version == release), None)

        published = PublishedModels(self.sotto.client("s3"), "sotto-artifacts")
        return LocalTraining(self.folder, self.models, REPOSITORY, published, version_of)

    @property
    def releasing(self) -> RegistryReleasing:
        return RegistryReleasing(self.publisher, self.training.archive, ["sotto-shard"])

    def call(self, contact_id: str, text: str, **attributes: str) -> None:
        contact = Contact(TENANT, contact_id, "i", "s", 0, agent="emma", attributes={"may_learn": "yes"} | attributes)
        self.sotto.contacts.record(contact)
        lease = self.sotto.leases.take(TENANT, contact_id, Takeover("w", 1), now_ms=self.sotto.clock.now_ms())
        assert lease is not None
        utterance = Utterance(TENANT, contact_id, "customer-1", 1, Speaker.CUSTOMER, 0, 1, text)
        self.sotto.leases.commit(lease, utterance, lease.checkpoint)

    def correct(self, contact_id: str, label: str) -> None:
        other = label != NONE_OF_THESE
        kind = CorrectionKind.OTHER_INTENT if other else CorrectionKind.NO_INTENT
        at_ms = int(self.sotto.clock.now_ms())
        given = Correction(TENANT, contact_id, "a1", "customer-1", "emma", kind, at_ms, intent=label if other else "")
        self.sotto.corrections.record(given)
        collect(CorrectionGiven.of(given), self.sotto.collect_ports)

    def corrected(self) -> None:
        for label, texts in UTTERANCES.items():
            for place, text in enumerate(texts):
                self.call(f"{label}-{place}", text)
                self.correct(f"{label}-{place}", label)

    def accepted(self) -> None:
        for each in self.sotto.examples.examples(TENANT, ExampleState.OPEN, 100):
            place = (TENANT, "sue", each.contact_id, each.utterance_id, each.proposed)
            use_cases.vote(*place, self.sotto.example_review_ports)


@pytest.fixture
def garage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Garage]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        account = unpublished()
        environment = (
            records_environment() | create_keys((TENANT,), account.client("kms")) | {"AWS_REGION": "us-east-1"}
        )
        made = Garage(Sotto.of(environment, session=account.session), tmp_path / "models")
        book = book_from(made.folder)
        learning = LearningSettings(
            consent=LearnFrom.ATTRIBUTE, attribute="may_learn", updates=Updates.REVIEW, silent_sample=0
        )
        settings = book.settings.model_copy(update={"learning": learning})
        made.sotto.books.publish(book.model_copy(update={"settings": settings}).sealed())
        yield made


def test_a_base_or_intents_that_are_gone_end_the_run_and_an_erased_contact_is_in_no_set(
    garage: Garage, tmp_path: Path
) -> None:
    garage.corrected()
    garage.accepted()
    empty = tmp_path / TENANT
    empty.mkdir()
    with pytest.raises(CannotTrain, match="two intents"):
        go_on(TENANT, "intent", replace(garage, folder=empty).train)
    [run] = garage.sotto.training_runs.runs(TENANT)
    assert run.stage is Stage.FAILED

    contact_id, learned = "oil_change-0", garage.sotto.learned_eraser
    assert (set(garage.sotto.example_sets.sets_of(TENANT, contact_id)), learned.left(TENANT, contact_id)) == ({1}, 1)
    garage.sotto.stored_call.drop(TENANT, contact_id)
    learned.erase(TENANT, contact_id)
    assert garage.sotto.examples.example(TENANT, contact_id, "customer-1") is None
    assert learned.left(TENANT, contact_id) == 0
    listed = garage.sotto.examples.examples(TENANT, ExampleState.ACCEPTED, 100)
    assert contact_id not in {each.contact_id for each in listed}
    assert list(garage.sotto.example_sets.retrain_by(TENANT)) == [1]


def test_the_commands_take_a_correction_to_a_version_on_trial(
    garage: Garage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As somebody would type them, on the stack that the environment names."""
    for name, value in {
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    folder = str(garage.folder)

    def typed(*words: str) -> str:
        done = CliRunner().invoke(learn, words, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    garage.call("silent", "I will not be learned from", may_learn="no")
    garage.correct("silent", "oil_change")
    garage.corrected()
    shown = [json.loads(line) for line in typed("review", TENANT, "--as", "sue", "--limit", "50").splitlines()]
    assert len(shown) == 9
    first = shown[0]
    answer = typed("vote", TENANT, first["contact"], first["utterance"], first["proposed"], "--as", "sue")
    assert answer.strip() == f"accepted {first['proposed']}"
    garage.accepted()
    card = typed("train", folder)
    assert "# intent" in card and "run 1 of torque_garage/intent" in card and ": judged" in card
    assert json.loads(typed("gates", TENANT, "--json"))["set"]["number"] == 1
    assert ": live" in typed("approve", TENANT, "1", "--why", "the first")
    status = typed("status", TENANT)
    assert "0 open, 9 accepted, 0 rejected" in status and "set 1: " in status
    with pytest.raises(NothingToLearn):
        typed("train", folder)
    garage.call("later", "please put new oil into it")
    garage.correct("later", "oil_change")
    garage.accepted()
    assert "run 2 of torque_garage/intent" in typed("train", folder)
    before, second = (garage.sotto.training_runs.run(TENANT, number) for number in (1, 2))
    assert before is not None and second is not None and second.replaces == before.release != second.release
    assert ": shadow" in typed("approve", TENANT, "2")
    rollout = garage.sotto.model_registry.find(TENANT, "intent")
    assert rollout.shadow is not None and rollout.shadow.version.version == second.release
    assert ": trial at 10 %" in typed("roll", TENANT, "2")
    rollout = garage.sotto.model_registry.find(TENANT, "intent")
    assert (dict(rollout.shares), rollout.shadow) == ({second.release: 10}, None)
    assert rollout.chain[0].version == before.release, "the live version stays preferred"
    assert "too little was shown" in typed("roll", TENANT, "2")
    assert ": taken_back" in typed("back", TENANT, "2", "--why", "enough")
    rollout = garage.sotto.model_registry.find(TENANT, "intent")
    assert (dict(rollout.shares), rollout.chain[0].version) == ({}, before.release)
    whys = [each.because.why for each in garage.sotto.model_registry.releases(TENANT, "intent")]
    assert "taken back: enough" in whys and "learned from set 2" in whys
    card = read_archived_card(tmp_path / ".sotto/learned" / TENANT / "intent" / f"{second.release}.tar.gz")
    assert set(UTTERANCES) <= set(card.labels)
