"""What calls say of a version on trial, counted call by call as they go on, and judged each time.

A call is counted whenever an agent answers what was shown, and when it is over: always anew and as a whole, so that an
event that comes twice, late or out of order counts nothing twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from sotto.call.annotation import Annotation, AnnotationKind
from sotto.call.contact import Contact, ContactReader
from sotto.call.feedback import Feedback
from sotto.core.clock import Clock
from sotto.learning.ports import RunStore
from sotto.learning.rollout.judge import Trial
from sotto.learning.rollout.sequential import ByAgent, Counted
from sotto.learning.run import Run, Stage

MOST_ANNOTATIONS = 2_000
LATEST_RUNS = 8
"""Among which the one on trial is; older ones are over."""
NONE_FOR_MS = 10_000
MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Tally:
    """Of one call. ``call``: stands for it, and leads nowhere. ``candidate``: the version on trial was to answer it.
    ``asked``: answers of the model that led to something; ``failed``: of those, that another version had to give."""

    call: str
    agent: str
    candidate: bool
    shown: int = 0
    used: int = 0
    dismissed: int = 0
    asked: int = 0
    failed: int = 0


class TallyStore(Protocol):
    """By training run and the share of calls that its version has. All raise Retryable."""

    def put(self, tenant: str, number: int, percent: int, tally: Tally) -> None:
        """In place of what was counted of that call before."""
        ...

    def tallies(self, tenant: str, number: int, percent: int) -> Iterator[Tally]: ...


class FirstVersions(Protocol):
    def first(self, tenant: str, model: str, contact_id: str) -> str:
        """The version that answers a call first, which its id alone decides. Raises UnknownModel and Retryable."""
        ...


class ShownCards(Protocol):
    def annotations(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Annotation]: ...


class GivenFeedback(Protocol):
    def feedback(self, tenant: str, contact_id: str) -> Sequence[Feedback]: ...


class OpenTrials:
    """Runs on trial. That a tenant has none is remembered for ten seconds: agents answer far more often than trials
    begin, and a call that is missed is counted as a whole the next time."""

    def __init__(self, runs: RunStore, clock: Clock) -> None:
        self._runs = runs
        self._clock = clock
        self._none_until_ms: dict[str, float] = {}

    def of(self, tenant: str) -> list[Run]:
        now_ms = self._clock.monotonic_ms()
        if now_ms < self._none_until_ms.get(tenant, 0.0):
            return []
        found = [run for run in self._runs.runs(tenant, LATEST_RUNS) if run.stage is Stage.TRIAL]
        if not found:
            if len(self._none_until_ms) >= MOST_REMEMBERED:
                self._none_until_ms.clear()
            self._none_until_ms[tenant] = now_ms + NONE_FOR_MS
        return found


@dataclass(frozen=True, slots=True)
class CountPorts:
    trials: OpenTrials
    contacts: ContactReader
    versions: FirstVersions
    cards: ShownCards
    feedback: GivenFeedback
    tallies: TallyStore


def count_call(tenant: str, contact_id: str, ports: CountPorts) -> list[Run]:
    """The runs on trial of which the call says something, now that it is counted. Calls that began before a version got
    its share say nothing of it. Raises Retryable."""
    trials = ports.trials.of(tenant)
    contact = ports.contacts.contact(tenant, contact_id) if trials else None
    if contact is None or contact.erased or contact.agent is None:
        return []
    counted = [run for run in trials if contact.media_started_at_ms >= run.changed_at_ms]
    for run in counted:
        ports.tallies.put(tenant, run.number, run.percent, _tally(run, contact, ports))
    return counted


def _tally(run: Run, contact: Contact, ports: CountPorts) -> Tally:
    assert contact.agent is not None
    first = ports.versions.first(run.tenant, run.model, contact.contact_id)
    annotations = ports.cards.annotations(run.tenant, contact.contact_id, 0, MOST_ANNOTATIONS)
    shown = [each.id for each in annotations if each.kind is AnnotationKind.ACTION and "withdraws" not in each.show]
    given = {each.annotation_id: each for each in ports.feedback.feedback(run.tenant, contact.contact_id)}
    answered = [given[id] for id in shown if id in given]
    asked = [each for each in annotations if each.model.startswith(f"{run.tenant}/{run.model}/") and each.route]
    return Tally(
        call=digest_of(run.tenant, contact.contact_id),
        agent=contact.agent,
        candidate=first == run.release,
        shown=len(shown),
        used=sum(each.acknowledged_at_ms is not None for each in answered),
        dismissed=sum(each.dismissed_at_ms is not None for each in answered),
        asked=len(asked),
        failed=sum(each.route.split()[0] != first for each in asked),
    )


def digest_of(tenant: str, contact_id: str) -> str:
    return hashlib.sha256(f"trial\0{tenant}\0{contact_id}".encode()).hexdigest()[:24]


def trial_of(percent: int, tallies: Iterator[Tally]) -> Trial:
    """All of them together, as they are judged: by agent, of the live version and of the candidate."""
    used: dict[str, list[Counted]] = {}
    dismissed: dict[str, list[Counted]] = {}
    calls, asked, failed = [0, 0], [0, 0], [0, 0]
    for each in tallies:
        arm = int(each.candidate)
        calls[arm] += 1
        asked[arm] += each.asked
        failed[arm] += each.failed
        for where, hits in ((used, each.used), (dismissed, each.dismissed)):
            where.setdefault(each.agent, [Counted(), Counted()])[arm] += Counted(each.shown, hits)
    return Trial(
        percent,
        _pairs(used),
        _pairs(dismissed),
        (calls[0], calls[1]),
        (asked[0], asked[1]),
        (failed[0], failed[1]),
    )


def _pairs(counts: dict[str, list[Counted]]) -> ByAgent:
    return {agent: (live, candidate) for agent, (live, candidate) in counts.items()}
