"""Contract tests: from utterances that no intent was for to a version that knows them. Tables and bucket are moto's;
grouping and training are the real ones, in processes of their own."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from local.commands.learn import learn
from local.learning.grouping import LocalGrouping
from local.learning.package_answers import encoder
from local.learning.training import LocalTraining
from model_containers.shard.heads.classifier import ClassifierHead
from sotto.learning.example import ExampleState
from sotto.learning.gaps.decide import Decision, accept, groups_of, ignore, shown
from sotto.learning.gaps.gap import Gap, GapGroup, GapKind, GroupState
from sotto.learning.gaps.regroup import Regrouped, RegroupPorts, regroup
from sotto.learning.run import Stage
from sotto.learning.train import go_on
from sotto.models.package import open_package
from tests.contract.test_learning import REPOSITORY, TENANT, Garage, garage

__all__ = ["garage"]
COURTESY_CAR = (
    "can i have a courtesy car while you work on mine",
    "do you lend me a courtesy car for those two days",
    "i need a courtesy car while mine is with you",
    "is there a courtesy car that i could drive until then",
    "how much is a courtesy car for a day",
    "my wife needs a courtesy car during the repair",
    "please reserve a courtesy car for me",
    "would a courtesy car be ready in the morning",
    "i was promised a courtesy car for the whole week",
    "which courtesy car would i get from you",
)
TRUMPET = (
    "my neighbour plays the trumpet every evening",
    "the trumpet kept me awake the whole night",
    "he practises the trumpet for hours each day",
    "that trumpet is far too loud for me",
    "somebody should take his trumpet away",
    "i hear the trumpet through the wall again",
)
UNSEEN = "could you give me a courtesy car for the time of the service"


def wish(garage: Garage, contact_id: str, text: str) -> None:
    """As collecting leaves it: the call, and what the model had no label for."""
    garage.call(contact_id, text)
    at_ms = int(garage.sotto.clock.now_ms())
    garage.sotto.gaps.put(Gap(TENANT, contact_id, "customer-1", GapKind.INTENT, text, at_ms, "attribute:may_learn"))


def grouped(garage: Garage) -> Regrouped:
    sotto = garage.sotto
    groups = LocalGrouping(garage.folder, REPOSITORY)
    ports = RegroupPorts(sotto.gaps, groups, sotto.books, sotto.contacts, sotto.consents, sotto.clock)
    return regroup(TENANT, GapKind.INTENT, ports)


def waiting(garage: Garage) -> dict[str, GapGroup]:
    """By a word of their names."""
    found = groups_of(TENANT, GapKind.INTENT, GroupState.OPEN, garage.sotto.decide_ports)
    return {word: each for each in found for word in ("courtesy", "trumpet") if word in " ".join(each.phrases)}


def typed(*words: str) -> str:
    done = CliRunner().invoke(learn, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_a_new_wish_is_grouped_accepted_trained_and_known_in_words_that_nobody_has_said_yet(
    garage: Garage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, "us-east-1")
    for place, text in enumerate((*COURTESY_CAR, *TRUMPET)):
        wish(garage, f"call-{place}", text)
    assert "intent: 16 found, 2 groups wait" in typed("group", str(garage.folder))
    assert len(typed("new-intents", TENANT).splitlines()) == 2
    assert typed("new-intents", TENANT, "--articles") == ""
    found = waiting(garage)
    assert set(found) == {"courtesy", "trumpet"}
    ports, car, noise = garage.sotto.decide_ports, found["courtesy"], found["trumpet"]
    ignore(Decision(TENANT, "sue", GapKind.INTENT, noise.id, noise.version), ports)
    group, examples = shown(TENANT, "sue", GapKind.INTENT, car.id, ports)
    chosen = tuple((each.contact_id, each.id) for each in examples if "courtesy" in each.text)
    assert len(chosen) >= 8
    accept(Decision(TENANT, "sue", GapKind.INTENT, car.id, group.version, chosen), "courtesy_car", ports)
    accepted = garage.sotto.examples.examples(TENANT, ExampleState.ACCEPTED, 50)
    assert {each.label for each in accepted} == {"courtesy_car"} and len(accepted) == len(chosen)

    run = go_on(TENANT, "intent", garage.train)
    assert run.stage is Stage.JUDGED and "courtesy_car" in run.card["set"]["labels"]
    assert answered(garage, run.release, UNSEEN) == "courtesy_car"

    for place, text in enumerate(TRUMPET):
        wish(garage, f"later-{place}", f"well, {text}, you know")
    done = grouped(garage)
    assert done.joined == len(TRUMPET), "what is ignored stays ignored"
    assert not waiting(garage)


def answered(garage: Garage, release: str, text: str) -> str | None:
    training: LocalTraining = garage.training
    package = open_package(training.archive(TENANT, "intent", release), garage.models / "open")
    (embedding,) = encoder().encode([text])
    label: str | None = ClassifierHead(package).answer({}, embedding)["label"]
    return label


def test_what_is_erased_is_in_no_group_any_more(garage: Garage) -> None:
    for place, text in enumerate(COURTESY_CAR):
        wish(garage, f"call-{place}", text)
    grouped(garage)
    [group] = waiting(garage).values()
    garage.sotto.stored_call.drop(TENANT, "call-3")
    ports = garage.sotto.decide_ports
    _, examples = shown(TENANT, "sue", GapKind.INTENT, group.id, ports)
    assert examples and "call-3" not in {each.contact_id for each in examples}
    assert garage.sotto.gaps.gap(TENANT, "call-3", GapKind.INTENT, "customer-1") is None
