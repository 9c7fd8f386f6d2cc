"""Unit: a training run, step by step, however it is interrupted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from local.simulation.consents import ConsentsInMemory
from sotto.call.contact import Contact, Speaker
from sotto.consent.rules import ConsentRecord
from sotto.core.errors import Retryable
from sotto.learning.erase import LearnedEraser
from sotto.learning.example import NONE_OF_THESE, Example, ExampleState, Vote, is_for_regression
from sotto.learning.releases.figures import Answer, figures_of, rightness
from sotto.learning.releases.gates import Measured
from sotto.learning.review.doubts import Doubted
from sotto.learning.review.votes import queue_for, with_vote
from sotto.learning.run import Stage
from sotto.learning.train import (
    CannotTrain,
    LearningIsOff,
    Made,
    NoSuchRun,
    NothingToLearn,
    TrainPorts,
    decide,
    go_on,
)
from sotto.tenants.book import ModelUse
from tests.contract.ports.learning_contract import accepted
from tests.fakes.audit_log import AuditLogInMemory
from tests.fakes.books import BooksInMemory, any_book
from tests.fakes.clock import ClockByHand
from tests.fakes.conversations import ConversationsInMemory
from tests.fakes.gaps import NewIntentsInMemory
from tests.fakes.learning import ExamplesInMemory, ReviewersInMemory, RunsInMemory, SetsInMemory

INTENT = ModelUse(task="intent", package="bank/intent", labels=("card_lost", "card_arrival"))


class Killed(Exception):
    """The process is gone."""


@dataclass
class Trainer:
    """A Training that knows as many of the examples as ``share`` says, by how many it learned from."""

    share: dict[str, float] = field(default_factory=dict)
    learned: list[int] = field(default_factory=list)
    fails: BaseException | None = None
    sure: float = 0.9
    doubted: frozenset[str] = frozenset()

    def train(self, tenant: str, model: str, examples: Sequence[Example], new_intents: Sequence[str]) -> Made:
        if self.fails is not None:
            raise self.fails
        self.learned.append(len(examples))
        return Made(f"v{len(examples)}", 3, 12, 2.0, "minilm")

    def doubts(self, tenant: str, examples: Sequence[Example]) -> Sequence[Doubted]:
        places = [place for place, each in enumerate(examples) if each.contact_id in self.doubted]
        return [Doubted(place, "card_arrival", 0.6) for place in places]

    def measure(self, tenant: str, model: str, release: str, examples: Sequence[Example]) -> Measured:
        known = int(self.share.get(release, 0.9) * len(examples))
        answers = [Answer(each.label if at < known else NONE_OF_THESE, self.sure) for at, each in enumerate(examples)]
        return Measured(release, figures_of(examples, answers), 1, 1.0, rightness(examples, answers))


@dataclass
class Releases:
    """A Releasing that notes what was done."""

    now: str = "v0"
    done: list[tuple[Any, ...]] = field(default_factory=list)

    def live(self, tenant: str, model: str) -> str:
        return self.now

    def publish(self, tenant: str, model: str, release: str, why: str) -> None:
        self.done.append(("publish", release))

    def put_in_shadow(self, tenant: str, model: str, release: str, why: str) -> None:
        self.done.append(("shadow", release))

    def share(self, tenant: str, model: str, release: str, percent: int, why: str) -> None:
        self.done.append(("share", release, percent))

    def make_live(self, tenant: str, model: str, release: str, why: str) -> None:
        self.now = release
        self.done.append(("live", release))


@dataclass
class School:
    learning: dict[str, Any] = field(default_factory=lambda: {"consent": "always", "updates": "auto"})
    training: Trainer = field(default_factory=Trainer)
    releases: Releases = field(default_factory=Releases)
    examples: ExamplesInMemory = field(default_factory=ExamplesInMemory)
    reviewers: ReviewersInMemory = field(default_factory=ReviewersInMemory)
    sets: SetsInMemory = field(default_factory=SetsInMemory)
    runs: RunsInMemory = field(default_factory=RunsInMemory)
    consents: ConsentsInMemory = field(default_factory=ConsentsInMemory)
    calls: ConversationsInMemory = field(default_factory=ConversationsInMemory)
    audit: AuditLogInMemory = field(default_factory=AuditLogInMemory)

    def accept(self, count: int, start: int = 0) -> None:
        for place in range(start, start + count):
            label = ("card_lost", "card_arrival")[place % 2]
            text = f"sentence {place} about {label} and {place * place}"
            self.examples.put(accepted(label, contact_id=f"c{place}", text=text))
            self.calls.all_contacts.append(Contact("bank", f"c{place}", "i", "s", 0))

    @property
    def ports(self) -> TrainPorts:
        book = any_book("bank", learning=self.learning).model_copy(update={"models": {"intent": INTENT}})
        return TrainPorts(
            BooksInMemory(book), self.calls, self.consents, self.examples, self.reviewers, self.sets, self.runs,
            self.training, self.releases, self.audit, ClockByHand(5), NewIntentsInMemory(),
        )  # fmt: skip

    def go_on(self) -> Any:
        return go_on("bank", "intent", self.ports)


@pytest.fixture
def school() -> School:
    made = School()
    made.accept(200)
    return made


def test_what_was_accepted_becomes_a_version_in_the_shadow_with_its_card(school: School) -> None:
    run = school.go_on()
    assert (run.stage, run.replaces, run.card["passed"]) == (Stage.SHADOW, "v0", True)
    judged = sum(is_for_regression("bank", each.text) for each in school.examples.all.values())
    assert school.training.learned == [200 - judged]
    assert school.releases.done == [("shadow", run.release)]
    assert "Passed its gates" in run.card["text"]
    assert [each.action.value for each in school.audit.all] == ["examples_learned"]


def test_a_person_approves_where_the_tenant_wants_it_and_may_refuse(school: School) -> None:
    school.learning["updates"] = "review"
    run = school.go_on()
    assert run.stage is Stage.JUDGED and not school.releases.done
    assert school.go_on().stage is Stage.JUDGED, "it waits"
    approved = decide("bank", 1, "sue", school.ports, approved=True, why="looks good")
    assert (approved.stage, approved.who, approved.why) == (Stage.SHADOW, "sue", "looks good")
    with pytest.raises(NoSuchRun):
        decide("bank", 1, "sue", school.ports, approved=False)
    with pytest.raises(NoSuchRun):
        decide("bank", 7, "sue", school.ports, approved=True)


def test_refused_is_over(school: School) -> None:
    school.learning["updates"] = "review"
    school.go_on()
    assert decide("bank", 1, "sue", school.ports, approved=False).stage is Stage.REFUSED
    with pytest.raises(NothingToLearn):
        school.go_on()


def test_a_worse_version_changes_nothing(school: School) -> None:
    school.training.share = {"v0": 0.95}
    school.training.share |= {f"v{count}": 0.5 for count in range(1, 201)}
    run = school.go_on()
    assert (run.stage, run.why, run.card["passed"]) == (Stage.FAILED, "did not pass its gates", False)
    assert school.releases.done == []


@pytest.mark.parametrize("died", [Killed(), KeyboardInterrupt()])
def test_training_that_dies_at_99_percent_goes_on_where_it_was(school: School, died: BaseException) -> None:
    school.training.fails = died
    with pytest.raises(type(died)):
        school.go_on()
    assert school.runs.all["bank", 1].stage is Stage.SET
    school.training.fails = None
    assert (school.go_on().stage, len(school.runs.all)) == (Stage.SHADOW, 1)


def test_a_run_is_resumed_after_each_of_its_steps(school: School) -> None:
    """Each store fails once, at each of its writes in turn: in the end there is one run, and one version."""
    for fails_at in range(1, 6):
        fresh = School()
        fresh.accept(200)
        writes, save = [0], fresh.runs.save

        def flaky(run: Any, writes: list[int] = writes, save: Any = save, fails_at: int = fails_at) -> Any:
            writes[0] += 1
            if writes[0] == fails_at:
                raise Retryable("gone")
            return save(run)

        fresh.runs.save = flaky  # type: ignore[method-assign]
        for _ in range(3):
            try:
                run = fresh.go_on()
                break
            except Retryable:
                continue
        assert (run.stage, len(fresh.runs.all)) == (Stage.SHADOW, 1), fails_at
        assert {each[1] for each in fresh.releases.done} == {run.release}


def test_a_base_that_is_gone_fails_the_run_with_its_reason(school: School) -> None:
    school.training.fails = CannotTrain("the base minilm is gone: install it again")
    with pytest.raises(CannotTrain):
        school.go_on()
    assert (school.runs.all["bank", 1].stage, school.runs.all["bank", 1].why) == (
        Stage.FAILED,
        "the base minilm is gone: install it again",
    )


def test_confidence_that_is_no_number_fails_the_run(school: School) -> None:
    school.training.sure = float("nan")
    assert school.go_on().stage is Stage.FAILED
    assert school.releases.done == []


def test_with_learning_off_or_nothing_new_nothing_is_trained(school: School) -> None:
    with pytest.raises(NothingToLearn):
        School().go_on()
    school.learning["updates"] = "off"
    with pytest.raises(LearningIsOff):
        school.go_on()
    assert school.training.learned == []


def test_who_withdrew_since_is_left_out_and_their_example_deleted(school: School) -> None:
    school.consents.record(ConsentRecord("bank", "c7", 1, False, "customer_refused", False, Speaker.CUSTOMER))
    school.calls.all_contacts = [each for each in school.calls.all_contacts if each.contact_id != "c9"]
    run = school.go_on()
    assert school.sets.manifest("bank", run.number).left_out["no consent to learn"] == 2  # type: ignore[union-attr]
    assert school.examples.example("bank", "c7", "u1") is None
    assert school.sets.sets_of("bank", "c7") == {}


def test_a_doubtful_example_waits_for_one_more_person_and_is_in_no_set_until_they_agree(school: School) -> None:
    school.training.doubted = frozenset({"c4"})
    first = school.go_on()
    doubted = school.examples.example("bank", "c4", "u1")
    assert doubted is not None
    assert (doubted.state, doubted.unsure, doubted.warnings) == (ExampleState.OPEN, 0.6, ("doubtful",))
    manifest = school.sets.manifest("bank", first.number)
    assert manifest is not None and len(manifest.learned) + len(manifest.regression) == 199
    assert queue_for("ann", [doubted], 5) == [doubted] and queue_for("tom", [doubted], 5) == []
    school.runs.all["bank", 1] = replace(first, stage=Stage.LIVE)
    school.examples.put(replace(with_vote(doubted, Vote("ann", "card_lost", 9), needed=1), version=3))
    second = school.go_on()
    manifest = school.sets.manifest("bank", second.number)
    assert manifest is not None and len(manifest.learned) + len(manifest.regression) == 200, "doubted again, asked once"


def test_an_erased_contact_marks_its_sets_and_the_next_run_learns_without_it(school: School) -> None:
    first = school.go_on()
    school.runs.all["bank", 1] = replace(first, stage=Stage.LIVE)
    eraser = LearnedEraser(school.sets, ClockByHand(5))
    assert eraser.left("bank", "c3") == 1
    school.examples.remove(accepted("card_arrival", contact_id="c3"))
    assert eraser.erase("bank", "c3") == {"sets to be trained anew": 1}
    assert eraser.left("bank", "c3") == 0
    assert list(school.sets.retrain_by("bank")) == [1]
    second = school.go_on()
    assert second.number == 2
    of_first, of_second = (school.sets.manifest("bank", number) for number in (1, 2))
    assert of_first is not None and of_second is not None
    assert len({*of_first.learned, *of_first.regression} - {*of_second.learned, *of_second.regression}) == 1
