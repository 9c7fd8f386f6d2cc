"""What the stores of learning must do: classes of tests to inherit. A subclass gives ``examples``, ``reviewers``,
``sets``, ``runs``, ``tallies`` or ``sketches``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sotto.aws.keys import BadKey
from sotto.call.sketch import CallSketch
from sotto.learning.example import Example, ExampleState, Source, Vote
from sotto.learning.ports import (
    ExampleChanged,
    ExampleStore,
    ReviewerStore,
    RunChanged,
    RunStore,
    SetStore,
    SetTaken,
)
from sotto.learning.rollout.tally import Tally, TallyStore
from sotto.learning.run import Run, Stage
from sotto.learning.sets.manifest import ExampleSet, Manifest
from sotto.learning.sketch import SketchStore
from tests.contract.ports.bad_ids import for_each_bad_id

NOW_MS = 1_790_000_000_000


def any_example(**changed: Any) -> Example:
    made = Example("bank", "c1", "u1", "my card is gone", Source.CORRECTION, NOW_MS, "always", "card_lost", "emma")
    return replace(made, **changed)


def accepted(label: str = "card_lost", **changed: Any) -> Example:
    """By one person."""
    votes = (Vote("tom", label, NOW_MS),)
    return any_example(**{"state": ExampleState.ACCEPTED, "label": label, "votes": votes} | changed)


class ExamplesContract:
    def test_what_is_kept_is_found_by_its_place_and_by_its_state(self, examples: ExampleStore) -> None:
        assert examples.example("bank", "c1", "u1") is None
        examples.put(any_example())
        assert examples.example("bank", "c1", "u1") == any_example()
        assert list(examples.examples("bank", ExampleState.OPEN, 10)) == [any_example()]
        assert list(examples.examples("garage", ExampleState.OPEN, 10)) == []

    def test_a_new_one_that_is_there_already_stays_as_it_is(self, examples: ExampleStore) -> None:
        examples.put(any_example())
        assert examples.put(any_example(proposed="card_arrival")) == any_example()

    def test_a_changed_one_moves_to_the_list_of_its_state(self, examples: ExampleStore) -> None:
        examples.put(any_example())
        changed = accepted(version=2, votes=(Vote("sue", "card_lost", NOW_MS),))
        assert examples.put(changed) == changed
        assert list(examples.examples("bank", ExampleState.OPEN, 10)) == []
        assert list(examples.examples("bank", ExampleState.ACCEPTED, 10)) == [changed]

    def test_two_who_change_one_at_once_do_not_undo_each_other(self, examples: ExampleStore) -> None:
        examples.put(any_example())
        examples.put(accepted(version=2))
        with pytest.raises(ExampleChanged):
            examples.put(any_example(version=2, state=ExampleState.REJECTED))
        with pytest.raises(ExampleChanged):
            examples.put(any_example(contact_id="c9", version=2))

    def test_they_come_by_what_a_look_is_worth_then_the_oldest_first(self, examples: ExampleStore) -> None:
        given = [
            any_example(utterance_id="silent", source=Source.SILENT, at_ms=1),
            any_example(utterance_id="later", at_ms=NOW_MS + 1),
            any_example(utterance_id="first", at_ms=NOW_MS),
            any_example(utterance_id="shadow", source=Source.SHADOW, at_ms=NOW_MS + 5),
        ]
        for each in given:
            examples.put(each)
        found = [each.utterance_id for each in examples.examples("bank", ExampleState.OPEN, 3)]
        assert found == ["shadow", "first", "later"]

    def test_those_of_a_contact_are_found_by_it(self, examples: ExampleStore) -> None:
        for each in (any_example(), any_example(utterance_id="u0"), any_example(contact_id="c2")):
            examples.put(each)
        assert [each.utterance_id for each in examples.of_contact("bank", "c1")] == ["u0", "u1"]
        assert list(examples.of_contact("garage", "c1")) == []

    def test_what_is_removed_is_gone_twice_too(self, examples: ExampleStore) -> None:
        examples.put(any_example())
        for _ in range(2):
            examples.remove(any_example())
        assert examples.example("bank", "c1", "u1") is None
        assert list(examples.examples("bank", ExampleState.OPEN, 10)) == []

    @for_each_bad_id
    def test_an_id_that_could_reach_another_key_is_refused(
        self, examples: ExampleStore, tenant: str, contact_id: str
    ) -> None:
        with pytest.raises(BadKey):
            examples.put(any_example(tenant=tenant, contact_id=contact_id))
        with pytest.raises(BadKey):
            examples.example(tenant, contact_id, "u1")


class ReviewersContract:
    def test_somebody_new_has_answered_nothing_and_the_first_answer_stands(self, reviewers: ReviewerStore) -> None:
        assert reviewers.reviewer("bank", "sue").gold == {}
        reviewers.answered_gold("bank", "sue", "g1", False, NOW_MS)
        assert reviewers.answered_gold("bank", "sue", "g1", True, NOW_MS).gold == {"g1": False}
        reviewers.answered_gold("bank", "tom", "g1", True, NOW_MS)
        reviewers.answered_gold("garage", "ann", "g1", True, NOW_MS)
        found = {each.name: dict(each.gold) for each in reviewers.reviewers("bank")}
        assert found == {"sue": {"g1": False}, "tom": {"g1": True}}


def any_set(number: int = 1, *examples: Example, tenant: str = "bank") -> ExampleSet:
    members = examples or (accepted(tenant=tenant), accepted(tenant=tenant, contact_id="c2"))
    digests = tuple(sorted(each.digest for each in members))
    made = Manifest(tenant, number, NOW_MS, digests, (), {"card_lost": len(members)}, {"not accepted": 3})
    return ExampleSet(made, members, ())


class SetsContract:
    def test_a_set_is_kept_as_it_is_and_the_same_examples_make_no_second_one(self, sets: SetStore) -> None:
        assert (sets.latest("bank"), sets.manifest("bank", 1)) == (None, None)
        first = sets.keep(any_set())
        assert sets.manifest("bank", 1) == sets.latest("bank") == first == any_set().manifest
        assert sets.keep(any_set(2)) == first
        assert sets.manifest("bank", 2) is None

    def test_a_set_that_is_kept_is_never_changed(self, sets: SetStore) -> None:
        first = sets.keep(any_set())
        with pytest.raises(SetTaken):
            sets.keep(any_set(1, accepted(contact_id="c3")))
        assert sets.manifest("bank", 1) == first

    def test_a_great_set_comes_back_whole(self, sets: SetStore) -> None:
        members = [accepted(contact_id=f"c{number % 7}", utterance_id=f"u{number}") for number in range(9_000)]
        kept = sets.keep(any_set(1, *members))
        assert sets.manifest("bank", 1) == kept
        assert len(kept.learned) == 9_000

    def test_from_an_example_to_its_sets_and_from_an_erased_contact_to_what_must_be_trained_anew(
        self, sets: SetStore
    ) -> None:
        sets.keep(any_set())
        sets.keep(any_set(2, accepted(), accepted(contact_id="c3")))
        assert sets.sets_of("bank", "c1") == {1: (accepted().digest,), 2: (accepted().digest,)}
        assert sets.sets_of("bank", "c3") == {2: (accepted(contact_id="c3").digest,)}
        assert sets.forget("bank", "c1", NOW_MS + 5) == 2
        assert sets.forget("bank", "c1", NOW_MS + 9) == 0
        assert sets.sets_of("bank", "c1") == {}
        assert sets.forget("bank", "c3", NOW_MS + 9) == 1
        assert sets.retrain_by("bank") == {1: NOW_MS + 5, 2: NOW_MS + 5}
        assert sets.retrain_by("garage") == {}
        assert list(sets.members("bank")) == [("c2", NOW_MS)]


class RunsContract:
    def test_a_run_goes_on_by_one_process_at_a_time(self, runs: RunStore) -> None:
        assert runs.run("bank", 1) is None
        first = Run("bank", 1, "intent", Stage.SET, NOW_MS, NOW_MS)
        runs.save(first)
        trained = replace(first, stage=Stage.TRAINED, release="v1", card={"passed": True}, version=2)
        assert runs.save(trained) == runs.run("bank", 1) == trained
        for late in (first, trained, replace(first, version=4)):
            with pytest.raises(RunChanged):
                runs.save(late)
        runs.save(replace(first, number=2))
        assert [each.number for each in runs.runs("bank")] == [2, 1]
        assert [each.number for each in runs.runs("bank", 1)] == [2]
        assert list(runs.runs("garage")) == []


class TalliesContract:
    def test_a_call_that_is_counted_anew_is_counted_once(self, tallies: TallyStore) -> None:
        tallies.put("bank", 1, 10, Tally("c1", "emma", True, shown=1))
        tallies.put("bank", 1, 10, Tally("c1", "emma", True, shown=3, used=2, dismissed=1, asked=3, failed=1))
        tallies.put("bank", 1, 10, Tally("c2", "tom", False))
        found = list(tallies.tallies("bank", 1, 10))
        assert found == [Tally("c1", "emma", True, 3, 2, 1, 3, 1), Tally("c2", "tom", False)]

    def test_each_share_of_each_run_of_each_tenant_is_counted_by_itself(self, tallies: TallyStore) -> None:
        tallies.put("bank", 1, 10, Tally("c1", "emma", True))
        for place in (("bank", 1, 30), ("bank", 11, 10), ("garage", 1, 10)):
            assert list(tallies.tallies(*place)) == []
        with pytest.raises(BadKey):
            tallies.put("bank#", 1, 10, Tally("c1", "emma", True))


def any_sketch(**changed: Any) -> CallSketch:
    made = CallSketch("bank", "c1", "v1", 3, 1, 1.5, 2.2, "AAAA", {"card_lost": 2}, (0, 3), through_seq=7)
    return replace(made, **changed)


class SketchesContract:
    def test_what_is_kept_is_found_and_stands_for_one_contact(self, sketches: SketchStore) -> None:
        assert sketches.sketch("bank", "c1") is None
        sketches.put(any_sketch(), at_ms=NOW_MS)
        assert sketches.sketch("bank", "c1") == any_sketch()
        assert sketches.sketch("garage", "c1") is sketches.sketch("bank", "c2") is None

    def test_what_reaches_further_takes_its_place_and_what_does_not_changes_nothing(
        self, sketches: SketchStore
    ) -> None:
        sketches.put(any_sketch(), at_ms=NOW_MS)
        sketches.put(any_sketch(utterances=9), at_ms=NOW_MS)
        assert sketches.sketch("bank", "c1") == any_sketch()
        sketches.put(any_sketch(utterances=4, through_seq=9), at_ms=NOW_MS)
        sketches.put(any_sketch(), at_ms=NOW_MS)
        assert sketches.sketch("bank", "c1") == any_sketch(utterances=4, through_seq=9)
