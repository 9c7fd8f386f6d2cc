"""Where gaps, their groups and new intents are kept, and what groups them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sotto.call.utterance import Utterance
from sotto.core.errors import Retryable
from sotto.learning.gaps.gap import Gap, GapGroup, GapKind


class GroupChanged(Retryable):
    """Somebody else changed this group at the same moment: read it again."""


class GapStore(Protocol):
    """Gaps in the partitions of their contacts, and groups of them. All raise Retryable."""

    def put(self, gap: Gap) -> Gap:
        """A new one has version 1: one that is there already stays as it is, and is the answer. A changed one, with the
        version before plus one, takes its place; one that went meanwhile, or was changed, stays as it is."""
        ...

    def gap(self, tenant: str, contact_id: str, kind: GapKind, id: str) -> Gap | None: ...

    def gaps(self, tenant: str, kind: GapKind, limit: int) -> Sequence[Gap]:
        """Whatever their group, the latest first."""
        ...

    def of_group(self, tenant: str, kind: GapKind, group: str, limit: int) -> Sequence[Gap]:
        """The latest first."""
        ...

    def of_contact(self, tenant: str, contact_id: str) -> Sequence[Gap]: ...

    def remove(self, gap: Gap) -> None:
        """Twice is as good as once."""
        ...

    def groups(self, tenant: str, kind: GapKind) -> Sequence[GapGroup]:
        """By their ids."""
        ...

    def group(self, tenant: str, kind: GapKind, id: str) -> GapGroup | None: ...

    def save_group(self, group: GapGroup) -> GapGroup:
        """A new one has version 1, a changed one the version before plus one. Raises GroupChanged for another."""
        ...

    def remove_group(self, group: GapGroup) -> None:
        """Twice is as good as once; one that was changed meanwhile stays."""
        ...


class NewIntents(Protocol):
    """Intents that people have accepted in the manager's app, beside those that a tenant wrote. All raise Retryable."""

    def add(self, tenant: str, name: str, who: str, at_ms: int) -> None:
        """Twice is as good as once; the first stands."""
        ...

    def names(self, tenant: str) -> Sequence[str]:
        """In alphabetical order."""
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """What an agent asked during a call, redacted. ``at_ms``: Unix epoch."""

    at_ms: int
    text: str


class UnansweredQuestions(Protocol):
    def unanswered(self, tenant: str, contact_id: str) -> Sequence[Question]:
        """Those to which no article was found, oldest first. Raises Retryable."""
        ...


class IntentModel(Protocol):
    def unknown(self, utterances: Sequence[Utterance]) -> frozenset[str]:
        """Ids of those, of one contact, to which the tenant's intent model has no label; none where it has no such
        model. Raises Degraded where the model does not answer."""
        ...


@dataclass(frozen=True, slots=True)
class Grouped:
    """``members``: places in what was grouped. Else as GapGroup has it."""

    members: tuple[int, ...]
    phrases: tuple[str, ...]
    centre: str
    nearest: str = ""
    near: float = 0.0


@dataclass(frozen=True, slots=True)
class Grouping:
    """``joined``: places that are nearest to a group which is kept, by its id. ``left_out``: why the others are in no
    group, counted."""

    groups: tuple[Grouped, ...]
    joined: dict[str, tuple[int, ...]]
    left_out: dict[str, int]


class Groups(Protocol):
    def group(self, tenant: str, kind: GapKind, gaps: Sequence[Gap], kept: Sequence[GapGroup]) -> Grouping:
        """``kept``: groups that gaps may join and that are not grouped anew. The same gaps, the same groups. Raises
        CannotTrain and Retryable."""
        ...
