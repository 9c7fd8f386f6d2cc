"""Contract tests: from a correction to a version that answers calls, and back. Tables and bucket are moto's, the
trainer is the real one in a process of its own, and so are packages, heads and the registry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from local.learning.releasing import HistoryTrialCalls, RegistryReleasing
from local.learning.training import LocalTraining
from local.tenants import ModelPublisher, PublishedModels
from sotto.call.contact import Contact, Speaker
from sotto.call.correction import Correction, CorrectionKind
from sotto.call.events import CorrectionGiven
from sotto.call.utterance import Utterance
from sotto.learning.collect import collect
from sotto.learning.example import NONE_OF_THESE, ExampleState
from sotto.learning.review import use_cases
from sotto.learning.rollout.roll import RollPorts, roll, take_back
from sotto.learning.run import Stage
from sotto.learning.train import CannotTrain, TrainPorts, decide, go_on
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

    @property
    def roll(self) -> RollPorts:
        sotto = self.sotto
        calls = HistoryTrialCalls(self.publisher, sotto.history)
        return RollPorts(sotto.training_runs, self.releasing, calls, sotto.conversations, sotto.feedback, sotto.clock)

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


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Packages are made once: the same examples give the same package."""
    return tmp_path_factory.mktemp("learned")


@pytest.fixture
def garage(models: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Garage]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        made = Garage(unpublished(), models)
        book = book_from(made.folder)
        learning = LearningSettings(
            consent=LearnFrom.ATTRIBUTE, attribute="may_learn", updates=Updates.REVIEW, silent_sample=0
        )
        settings = book.settings.model_copy(update={"learning": learning})
        made.sotto.books.publish(book.model_copy(update={"settings": settings}).sealed())
        yield made


def test_from_corrections_to_a_version_on_trial_and_back(garage: Garage) -> None:
    garage.call("silent", "I will not be learned from", may_learn="no")
    garage.correct("silent", "oil_change")
    garage.corrected()
    waiting = use_cases.next_examples(TENANT, "sue", 50, garage.sotto.example_review_ports)
    assert len(waiting) == 9
    garage.accepted()

    first = go_on(TENANT, "intent", garage.train)
    assert (first.stage, first.replaces) == (Stage.JUDGED, ""), "few examples: a person looks, whatever the gates say"
    assert "a person looks" in first.card["text"]
    live = decide(TENANT, first.number, "sue", garage.train, approved=True)
    assert live.stage is Stage.LIVE, "the first version of all"
    assert garage.sotto.model_registry.find(TENANT, "intent").chain[0].version == first.release
    card = read_archived_card(garage.models / TENANT / "intent" / f"{first.release}.tar.gz")
    assert set(UTTERANCES) <= set(card.labels)

    garage.call("one-more", "could you have a look at my oil level")
    garage.correct("one-more", "oil_change")
    garage.call("another", "I would like the oil to be replaced")
    garage.correct("another", "oil_change")
    garage.call("third", "the brakes make a screeching sound")
    garage.correct("third", "brake_noise")
    garage.accepted()
    second = go_on(TENANT, "intent", garage.train)
    assert (second.stage, second.number, second.replaces) == (Stage.JUDGED, 2, first.release), second.card["text"]
    assert second.release != first.release
    decide(TENANT, 2, "sue", garage.train, approved=True)
    rollout = garage.sotto.model_registry.find(TENANT, "intent")
    assert rollout.shadow is not None and rollout.shadow.version.version == second.release
    on_trial, _ = roll(TENANT, 2, garage.roll)
    rollout = garage.sotto.model_registry.find(TENANT, "intent")
    assert (on_trial.stage, dict(rollout.shares), rollout.shadow) == (Stage.TRIAL, {second.release: 10}, None)
    assert rollout.chain[0].version == first.release, "the live version stays preferred"
    back = take_back(on_trial, "by hand", garage.roll)
    rollout = garage.sotto.model_registry.find(TENANT, "intent")
    assert (back.stage, dict(rollout.shares)) == (Stage.TAKEN_BACK, {})
    whys = [each.because.why for each in garage.sotto.model_registry.releases(TENANT, "intent")]
    assert "taken back: by hand" in whys and "learned from set 2" in whys


def test_an_erased_contact_is_unlearned(garage: Garage) -> None:
    garage.corrected()
    garage.accepted()
    run = go_on(TENANT, "intent", garage.train)
    contact_id = "oil_change-0"
    before = garage.sotto.example_sets.sets_of(TENANT, contact_id)
    assert set(before) == {run.number}
    learned = garage.sotto.learned_eraser
    assert learned.left(TENANT, contact_id) == 1
    garage.sotto.stored_call.drop(TENANT, contact_id)
    learned.erase(TENANT, contact_id)
    assert garage.sotto.examples.example(TENANT, contact_id, "customer-1") is None
    listed = garage.sotto.examples.examples(TENANT, ExampleState.ACCEPTED, 100)
    assert contact_id not in {each.contact_id for each in listed}
    assert list(garage.sotto.example_sets.retrain_by(TENANT)) == [run.number]


def test_a_base_or_intents_that_are_gone_end_the_run_with_the_trainers_reason(garage: Garage, tmp_path: Path) -> None:
    garage.corrected()
    garage.accepted()
    empty = tmp_path / TENANT
    empty.mkdir()
    without = replace(garage, folder=empty)
    with pytest.raises(CannotTrain, match="two intents"):
        go_on(TENANT, "intent", without.train)
    assert garage.sotto.training_runs.runs(TENANT)[0].stage is Stage.FAILED
