"""Unit: a version's way to all calls and back, by what calls say of it; the registry's rules are the real ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from sotto.call.annotation import Annotation, AnnotationKind
from sotto.call.contact import Contact
from sotto.call.feedback import FeedbackAction, FeedbackEntry
from sotto.core.errors import Retryable
from sotto.learning.adapters.registry_rollouts import RegistryRollouts
from sotto.learning.ports import RunChanged
from sotto.learning.rollout.judge import Step
from sotto.learning.rollout.roll import BY_HAND, SHADOW_FOR_MS, RollPorts, judged, roll, roll_due, take_back
from sotto.learning.rollout.tally import NONE_FOR_MS, CountPorts, OpenTrials, Tally, count_call
from sotto.learning.run import Run, Stage
from sotto.learning.train import NoSuchRun
from sotto.models.releases import Because
from sotto.models.versions import PublishedVersion, ShadowRelease, Shelf
from sotto.tenants.learning import LearningSettings, Updates
from tests.fakes.books import BooksInMemory, any_book
from tests.fakes.call_records import FeedbackInMemory
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.conversations import ConversationsInMemory
from tests.fakes.learning import RunsInMemory, ShelfInMemory, TalliesInMemory
from tests.fakes.routing import any_version
from tests.fakes.turned_clock import TurnedClock


@dataclass
class Trial:
    """``bank`` has v1 live and v2 in the shadow."""

    runs: RunsInMemory = field(default_factory=RunsInMemory)
    tallies: TalliesInMemory = field(default_factory=TalliesInMemory)
    contacts: ContactsInMemory = field(default_factory=ContactsInMemory)
    conversations: ConversationsInMemory = field(default_factory=ConversationsInMemory)
    feedback: FeedbackInMemory = field(default_factory=FeedbackInMemory)
    clock: TurnedClock = field(default_factory=TurnedClock)
    updates: Updates = Updates.REVIEW

    def __post_init__(self) -> None:
        published = tuple(PublishedVersion(any_version(name)) for name in ("v2", "v1"))
        self.registry = ShelfInMemory(Shelf(published, shadow=ShadowRelease("v2", 100)))
        self.rollouts = RegistryRollouts(self.registry, lambda why: Because("sotto/learn", why, 0))
        self.books = BooksInMemory()
        book = any_book(tenant="bank")
        learning = LearningSettings(updates=self.updates)
        settings = book.settings.model_copy(update={"learning": learning})
        self.books.publish(book.model_copy(update={"settings": settings}))
        now_ms = int(self.clock.now_ms())
        self.runs.save(Run("bank", 1, "intent", Stage.SHADOW, now_ms, now_ms, "v2", "v1"))

    @property
    def ports(self) -> RollPorts:
        return RollPorts(self.runs, self.rollouts, self.tallies, self.books, self.clock)

    @property
    def count(self) -> CountPorts:
        return CountPorts(
            OpenTrials(self.runs, self.clock),
            self.contacts,
            self.rollouts,
            self.conversations,
            self.feedback,
            self.tallies,
        )

    @property
    def run(self) -> Run:
        found = self.runs.run("bank", 1)
        assert found is not None
        return found

    def used(self, live: int, candidate: int, *, of: int = 20, agents: int = 20) -> None:
        """Each agent has a call of each version in which so many of twenty cards were used; the candidate has as many
        of the calls as its share says."""
        others = {10: 9, 30: 2, 50: 1}[self.run.percent]
        for agent in range(agents):
            for place in range(others + 1):
                hits = candidate if place == 0 else live
                tally = Tally(f"{agent}-{place}", f"a{agent}", place == 0, of, hits)
                self.tallies.put("bank", 1, self.run.percent, tally)


def test_a_version_goes_from_the_shadow_to_all_calls_by_itself() -> None:
    trial = Trial()
    assert roll_due("bank", trial.ports) == [], "it has only just come"
    trial.clock.pass_ms(SHADOW_FOR_MS)
    [(run, _)] = roll_due("bank", trial.ports)
    assert (run.stage, run.percent, trial.registry.of_model.shares) == (Stage.TRIAL, 10, {"v2": 10})
    for percent in (30, 50):
        trial.used(10, 15)
        [(run, found)] = roll_due("bank", trial.ports)
        assert (found.why, run.percent, trial.registry.of_model.shares) == ("used more", percent, {"v2": percent})
    trial.used(10, 15)
    [(run, _)] = roll_due("bank", trial.ports)
    assert (run.stage, trial.registry.of_model.chain[0].version) == (Stage.LIVE, "v2")
    assert roll_due("bank", trial.ports) == []


def test_a_bad_version_is_taken_back_by_the_timetable_and_stays_back() -> None:
    trial = Trial()
    roll("bank", 1, trial.ports)
    trial.used(16, 4)
    [(run, found)] = roll_due("bank", trial.ports)
    assert (run.stage, found.why) == (Stage.TAKEN_BACK, "used")
    assert (trial.registry.of_model.shares, trial.registry.of_model.chain[0].version) == ({}, "v1")
    with pytest.raises(NoSuchRun):
        roll("bank", 1, trial.ports)


def test_what_is_not_sure_yet_waits() -> None:
    trial = Trial()
    roll("bank", 1, trial.ports)
    trial.used(12, 12, agents=10)
    [(run, found)] = roll_due("bank", trial.ports)
    assert (run.percent, found.step, found.why) == (10, Step.WAIT, "not sure yet")


def test_where_updates_are_off_nothing_gets_more_calls_but_a_bad_one_is_taken_back() -> None:
    trial = Trial(updates=Updates.OFF)
    trial.clock.pass_ms(SHADOW_FOR_MS)
    assert roll_due("bank", trial.ports) == []
    roll("bank", 1, trial.ports)  # by a person
    trial.used(10, 15)
    [(run, _)] = roll_due("bank", trial.ports)
    assert run.percent == 10
    trial.used(16, 4)
    [(run, _)] = roll_due("bank", trial.ports)
    assert run.stage is Stage.TAKEN_BACK


def test_what_somebody_ended_by_hand_is_not_begun_again() -> None:
    trial = Trial()
    roll("bank", 1, trial.ports)
    trial.registry.split("bank", "intent", "v2", 0)
    run, found = judged(trial.run, trial.ports)
    assert (run.stage, run.why, found.step) == (Stage.TAKEN_BACK, BY_HAND, Step.STOP)
    assert trial.registry.of_model.shares == {}


def test_a_version_that_is_taken_out_of_the_shadow_is_not_preferred_by_that() -> None:
    trial = Trial()
    run = take_back(trial.run, "by quinn", trial.ports)
    shelf = trial.registry.of_model
    assert (run.stage, shelf.shadow, shelf.chain[0].version, shelf.shares) == (Stage.TAKEN_BACK, None, "v1", {})


def test_whoever_dies_between_the_note_and_the_registry_leaves_what_the_next_one_mends() -> None:
    trial = Trial()
    split = trial.registry.split

    def dies(*_: Any, **__: Any) -> Shelf:
        raise Retryable("the store is away")

    trial.registry.split = dies  # type: ignore[method-assign]
    with pytest.raises(Retryable):
        roll("bank", 1, trial.ports)
    assert trial.run.stage is Stage.TRIAL
    trial.registry.split = split  # type: ignore[method-assign]
    trial.registry.of_model = replace(trial.registry.of_model, shadow=ShadowRelease("v2", 100))
    judged(trial.run, trial.ports)
    assert trial.registry.of_model.shares == {"v2": 10}


def test_of_two_who_judge_at_once_the_one_that_takes_back_wins() -> None:
    """The other one read the run before, and found the version better."""
    trial = Trial()
    seen, _ = roll("bank", 1, trial.ports)
    trial.used(10, 15)
    take_back(seen, "used", trial.ports)
    with pytest.raises(RunChanged):
        judged(seen, replace(trial.ports, rollouts=AlwaysAt(trial.rollouts, 10)))
    assert trial.registry.of_model.shares == {}


@dataclass
class AlwaysAt:
    """Rollouts as somebody read them a moment ago."""

    inner: RegistryRollouts
    at: int

    def percent(self, tenant: str, model: str, release: str) -> int | None:
        return self.at

    def share(self, tenant: str, model: str, release: str, percent: int, why: str) -> None:
        self.inner.share(tenant, model, release, percent, why)

    def make_live(self, tenant: str, model: str, release: str, why: str) -> None:
        self.inner.make_live(tenant, model, release, why)


def a_card(number: int, route: str = "v1 sotto-shard preferred", **changed: Any) -> Annotation:
    made = Annotation(
        "bank", "c1", f"n{number}", number, AnnotationKind.ACTION, "card", 0, "u1", 1.0,
        show={"title": "t", "text": "t"}, model="bank/intent/v1", route=route,
    )  # fmt: skip
    return replace(made, **changed)


@pytest.fixture
def on_trial() -> Trial:
    trial = Trial()
    roll("bank", 1, trial.ports)
    return trial


def begun(trial: Trial, contact_id: str = "c1", **changed: Any) -> Contact:
    at_ms = int(trial.clock.now_ms()) + 1
    contact = replace(Contact("bank", contact_id, "i", "s", at_ms, agent="emma"), **changed)
    trial.contacts.record(contact)
    return contact


def tallied(trial: Trial) -> list[Tally]:
    return list(trial.tallies.tallies("bank", 1, 10))


def test_a_call_is_counted_by_what_was_shown_used_dismissed_and_answered_by_another_version(on_trial: Trial) -> None:
    begun(on_trial)
    first = on_trial.rollouts.first("bank", "intent", "c1")
    other = {"v1": "v2", "v2": "v1"}[first]
    for each in (
        a_card(1, f"{first} sotto-shard preferred"),
        a_card(2, f"{other} sotto-shard fallback; ModelLate: did not answer in time"),
        a_card(3, "", model=""),  # of a rule, not of a model
        a_card(4, f"{first} x preferred", kind=AnnotationKind.MOMENT),
        a_card(5, "v9 x preferred", model="bank/mood/v9"),
    ):
        on_trial.conversations.all_annotations.append(each)
    for number, action in ((1, FeedbackAction.ACKNOWLEDGED), (2, FeedbackAction.DISMISSED)):
        on_trial.feedback.record(FeedbackEntry("bank", "c1", f"n{number}", "emma", action, 5.0))
    for _ in range(2):
        assert [run.number for run in count_call("bank", "c1", on_trial.count)] == [1]
    [tally] = tallied(on_trial)
    assert (tally.agent, tally.candidate) == ("emma", first == "v2")
    assert (tally.shown, tally.used, tally.dismissed, tally.asked, tally.failed) == (4, 1, 1, 3, 1)
    assert "c1" not in tally.call


@pytest.mark.parametrize(
    "says_nothing",
    [
        lambda trial: begun(trial, media_started_at_ms=int(trial.clock.now_ms()) - 1),
        lambda trial: begun(trial, agent=None),
        lambda trial: begun(trial, erased=True),
        lambda trial: None,
    ],
    ids=["began before", "no agent yet", "erased", "unknown"],
)
def test_calls_that_say_nothing_are_not_counted(on_trial: Trial, says_nothing: Callable[[Trial], object]) -> None:
    says_nothing(on_trial)
    assert count_call("bank", "c1", on_trial.count) == []
    assert tallied(on_trial) == []


def test_without_a_version_on_trial_no_call_is_read() -> None:
    trial = Trial()
    begun(trial)
    trial.contacts.contact = None  # type: ignore[assignment,method-assign]
    assert count_call("bank", "c1", trial.count) == []


def test_that_nothing_is_on_trial_is_remembered_for_ten_seconds_and_a_trial_is_read_anew() -> None:
    trial = Trial()
    ports = trial.count
    begun(trial)
    assert count_call("bank", "c1", ports) == []
    roll("bank", 1, trial.ports)
    begun(trial, "c2")
    assert count_call("bank", "c2", ports) == []
    trial.clock.pass_ms(NONE_FOR_MS)
    assert [run.percent for run in count_call("bank", "c2", ports)] == [10]
    take_back(trial.run, "used", trial.ports)
    assert count_call("bank", "c2", ports) == []


def test_versions_that_others_must_answer_for_are_taken_back_at_the_event(on_trial: Trial) -> None:
    """No agent has answered anything: failures alone."""
    for number in range(14):
        on_trial.tallies.put("bank", 1, 10, Tally(f"l{number}", "a", False, asked=9))
    on_trial.tallies.put("bank", 1, 10, Tally("c", "a", True, asked=12, failed=12))
    run, found = judged(on_trial.run, on_trial.ports)
    assert (run.stage, found.why) == (Stage.TAKEN_BACK, "failed")
