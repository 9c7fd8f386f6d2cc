"""What was made of a call so far, as lists and searches show it and filter by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sotto.call.contact import Contact


@dataclass(frozen=True, slots=True)
class FormScore:
    """Of the evaluation that stands for the call. ``percentage``: 0 to 100; None where nothing could be scored.
    ``by_person``: it was reviewed, or decided after an appeal. ``determined``: the share of the form that has an
    answer. ``appealed``: an appeal waits for its decision."""

    form: str
    percentage: float | None
    by_person: bool = False
    has_failed: bool = False
    determined: float = 1.0
    appealed: bool = False


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """``summary``: its lines, empty before there is one. ``disposition``: the code that the agent chose, else the one
    that is suggested, else empty. ``moments``: names of those that were noticed, each once, sorted."""

    summary: tuple[str, ...] = ()
    disposition: str = ""
    is_chosen: bool = False
    scores: tuple[FormScore, ...] = ()
    moments: tuple[str, ...] = ()

    @property
    def lowest_score(self) -> float | None:
        """Of its forms."""
        return min((each.percentage for each in self.scores if each.percentage is not None), default=None)


class OutcomeReader(Protocol):
    def outcome(self, contact: Contact) -> CallOutcome:
        """As it is now; empty where nothing was made, or all of it was erased. Raises Retryable."""
        ...
