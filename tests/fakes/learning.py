"""What learning keeps, in memory, with the rules of what is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sotto.aws import keys
from sotto.learning.example import Example, ExampleState
from sotto.learning.ports import ExampleChanged, RunChanged, SetTaken
from sotto.learning.review.votes import Reviewer
from sotto.learning.rollout.tally import Tally
from sotto.learning.run import Run
from sotto.learning.sets.manifest import ExampleSet, Manifest
from sotto.models.registry import Rollout
from sotto.models.releases import Because
from sotto.models.versions import Shelf


@dataclass
class ExamplesInMemory:
    """An ExampleStore."""

    all: dict[tuple[str, str, str], Example] = field(default_factory=dict)

    def put(self, example: Example) -> Example:
        keys.of_contact(example.tenant, example.contact_id), keys.of_example(example.utterance_id)
        key = (example.tenant, example.contact_id, example.utterance_id)
        known = self.all.get(key)
        if known is not None and example.version == 1:
            return known
        if (known.version if known else 0) != example.version - 1:
            raise ExampleChanged("the example was changed by somebody else")
        self.all[key] = example
        return example

    def example(self, tenant: str, contact_id: str, utterance_id: str) -> Example | None:
        keys.of_contact(tenant, contact_id)
        return self.all.get((tenant, contact_id, utterance_id))

    def examples(self, tenant: str, state: ExampleState, limit: int) -> Sequence[Example]:
        keys.of_examples(tenant, state.value)
        found = [each for each in self.all.values() if each.tenant == tenant and each.state is state]
        order = sorted(found, key=lambda each: (-each.source.worth, each.at_ms, each.contact_id, each.utterance_id))
        return order[:limit]

    def of_contact(self, tenant: str, contact_id: str) -> Sequence[Example]:
        keys.of_contact(tenant, contact_id)
        return [self.all[key] for key in sorted(self.all) if key[:2] == (tenant, contact_id)]

    def remove(self, example: Example) -> None:
        self.all.pop((example.tenant, example.contact_id, example.utterance_id), None)


@dataclass
class ReviewersInMemory:
    """A ReviewerStore."""

    all: dict[tuple[str, str], dict[str, bool]] = field(default_factory=dict)

    def reviewer(self, tenant: str, name: str) -> Reviewer:
        return Reviewer(name, dict(self.all.get((tenant, name), {})))

    def reviewers(self, tenant: str) -> Sequence[Reviewer]:
        return [Reviewer(name, dict(gold)) for (owner, name), gold in sorted(self.all.items()) if owner == tenant]

    def answered_gold(self, tenant: str, name: str, example_id: str, is_right: bool, at_ms: int) -> Reviewer:
        self.all.setdefault((tenant, name), {}).setdefault(example_id, is_right)
        return self.reviewer(tenant, name)


@dataclass
class SetsInMemory:
    """A SetStore."""

    all: dict[tuple[str, int], Manifest] = field(default_factory=dict)
    learned: dict[tuple[str, str, int], tuple[str, ...]] = field(default_factory=dict)
    due: dict[tuple[str, int], int] = field(default_factory=dict)

    def keep(self, built: ExampleSet) -> Manifest:
        manifest = built.manifest
        last = self.latest(manifest.tenant)
        if last is not None and last.digest == manifest.digest:
            return last
        if (manifest.tenant, manifest.number) in self.all:
            raise SetTaken("a set of this number is there already")
        self.all[manifest.tenant, manifest.number] = manifest
        for each in built.members:
            key = (manifest.tenant, each.contact_id, manifest.number)
            self.learned[key] = tuple(sorted((*self.learned.get(key, ()), each.digest)))
        return manifest

    def manifest(self, tenant: str, number: int) -> Manifest | None:
        return self.all.get((tenant, number))

    def latest(self, tenant: str) -> Manifest | None:
        numbers = [number for owner, number in self.all if owner == tenant]
        return self.all[tenant, max(numbers)] if numbers else None

    def sets_of(self, tenant: str, contact_id: str) -> Mapping[int, Sequence[str]]:
        return {number: each for (*key, number), each in self.learned.items() if key == [tenant, contact_id]}

    def members(self, tenant: str) -> Iterator[tuple[str, int]]:
        for owner, contact_id, number in sorted(self.learned):
            if owner == tenant:
                yield contact_id, self.all[tenant, number].made_at_ms

    def forget(self, tenant: str, contact_id: str, retrain_by_ms: int) -> int:
        numbers = self.sets_of(tenant, contact_id)
        for number in numbers:
            self.due.setdefault((tenant, number), retrain_by_ms)
            del self.learned[tenant, contact_id, number]
        return len(numbers)

    def retrain_by(self, tenant: str) -> Mapping[int, int]:
        return {number: by for (owner, number), by in sorted(self.due.items()) if owner == tenant}


@dataclass
class RunsInMemory:
    """A RunStore."""

    all: dict[tuple[str, int], Run] = field(default_factory=dict)

    def run(self, tenant: str, number: int) -> Run | None:
        return self.all.get((tenant, number))

    def runs(self, tenant: str, limit: int | None = None) -> Sequence[Run]:
        return [run for (owner, _), run in sorted(self.all.items(), reverse=True) if owner == tenant][:limit]

    def save(self, run: Run) -> Run:
        known = self.all.get((run.tenant, run.number))
        if (known.version if known else 0) != run.version - 1:
            raise RunChanged("another process goes on with this run")
        self.all[run.tenant, run.number] = replace(run)
        return run


@dataclass
class TalliesInMemory:
    """A TallyStore."""

    all: dict[tuple[str, int, int, str], Tally] = field(default_factory=dict)

    def put(self, tenant: str, number: int, percent: int, tally: Tally) -> None:
        keys.of_trial(tenant, number, percent)
        self.all[tenant, number, percent, tally.call] = tally

    def tallies(self, tenant: str, number: int, percent: int) -> Iterator[Tally]:
        return iter([each for key, each in sorted(self.all.items()) if key[:3] == (tenant, number, percent)])


@dataclass
class ShelfInMemory:
    """What RegistryRollouts uses of the registry, over its own rules."""

    of_model: Shelf = field(default_factory=Shelf)

    def find(self, tenant: str, model: str) -> Rollout:
        return self.of_model.rollout

    def shelf(self, tenant: str, model: str) -> Shelf:
        return self.of_model

    def _now(self, shelf: Shelf) -> Shelf:
        self.of_model = shelf
        return shelf

    def pin(self, tenant: str, model: str, version: str, because: Because | None = None) -> Shelf:
        return self._now(self.of_model.with_pin(version))

    def end_shadow(self, tenant: str, model: str, because: Because | None = None) -> Shelf:
        return self._now(self.of_model.without_shadow())

    def split(self, tenant: str, model: str, version: str, percent: int, because: Because | None = None) -> Shelf:
        return self._now(self.of_model.with_share(version, percent))
