"""Where examples, sets, reviewers and runs are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from sotto.core.errors import Retryable
from sotto.learning.example import Example, ExampleState
from sotto.learning.review.votes import Reviewer
from sotto.learning.run import Run
from sotto.learning.sets.manifest import ExampleSet, Manifest


class ExampleChanged(Retryable):
    """Somebody else changed this example at the same moment: read it again."""


class ExampleStore(Protocol):
    """Examples in the partitions of their contacts. All raise Retryable."""

    def put(self, example: Example) -> Example:
        """A new one has version 1, a changed one the version before plus one. Answers with what stands: a new one that
        is there already stays as it is. Raises ExampleChanged for another version."""
        ...

    def example(self, tenant: str, contact_id: str, utterance_id: str) -> Example | None: ...

    def examples(self, tenant: str, state: ExampleState, limit: int) -> Sequence[Example]:
        """By what a look at them is worth, then the oldest first."""
        ...

    def of_contact(self, tenant: str, contact_id: str) -> Sequence[Example]:
        """By their utterances."""
        ...

    def remove(self, example: Example) -> None:
        """Twice is as good as once."""
        ...


class ReviewerStore(Protocol):
    def reviewer(self, tenant: str, name: str) -> Reviewer:
        """Somebody new, where nobody is known by that name."""
        ...

    def reviewers(self, tenant: str) -> Sequence[Reviewer]: ...

    def answered_gold(self, tenant: str, name: str, example_id: str, is_right: bool, at_ms: int) -> Reviewer:
        """The first answer to a question stands."""
        ...


class SetStore(Protocol):
    """Manifests, and which contacts' examples are in which."""

    def keep(self, built: ExampleSet) -> Manifest:
        """Never changed afterwards. The same examples as in the last set are that set: its manifest is the answer.
        Raises SetTaken where somebody else has made a set of that number meanwhile."""
        ...

    def manifest(self, tenant: str, number: int) -> Manifest | None: ...

    def latest(self, tenant: str) -> Manifest | None: ...

    def sets_of(self, tenant: str, contact_id: str) -> Mapping[int, Sequence[str]]:
        """Sets in which examples of the contact are, with their digests."""
        ...

    def members(self, tenant: str) -> Iterator[tuple[str, int]]:
        """Contacts of whose examples sets were made, with when; a contact once for each set."""
        ...

    def forget(self, tenant: str, contact_id: str, retrain_by_ms: int) -> int:
        """Whose examples those were is known no more, and each version that learned from them has to be trained anew
        until then. How many sets it concerns. Twice is as good as once."""
        ...

    def retrain_by(self, tenant: str) -> Mapping[int, int]:
        """Sets of which something was erased, with the time until which what learned from them must be replaced."""
        ...


class SetTaken(Retryable):
    """A set of this number is there already, with other examples: build it anew."""


class RunStore(Protocol):
    def run(self, tenant: str, number: int) -> Run | None: ...

    def runs(self, tenant: str, limit: int | None = None) -> Sequence[Run]:
        """The newest first, all or so many."""
        ...

    def save(self, run: Run) -> Run:
        """Its version is the one before plus one. Raises RunChanged."""
        ...


class RunChanged(Retryable):
    """Another process goes on with this run."""
