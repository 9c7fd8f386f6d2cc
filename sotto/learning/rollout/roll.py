"""The next step of a version's way to all calls, by what was counted; and its way back, by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sotto.call.annotation import Annotation, AnnotationKind
from sotto.call.feedback import Feedback
from sotto.core.clock import Clock
from sotto.learning.ports import RunStore
from sotto.learning.rollout.judge import SHARES, Judgement, Step, Trial, judge, next_percent
from sotto.learning.rollout.sequential import ByAgent, Counted
from sotto.learning.run import Run, Stage
from sotto.learning.train import NoSuchRun, Releasing

MOST_ANNOTATIONS = 2_000


@dataclass(frozen=True, slots=True)
class TrialCall:
    """``candidate``: whether the version on trial answered it, which the contact's id alone decides."""

    contact_id: str
    agent: str
    candidate: bool


class TrialCalls(Protocol):
    def calls(self, tenant: str, model: str, release: str, since_ms: int) -> Iterator[TrialCall]:
        """Those that began since and are over, once each. Raises Retryable."""
        ...


class ShownCards(Protocol):
    def annotations(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Annotation]: ...


class GivenFeedback(Protocol):
    def feedback(self, tenant: str, contact_id: str) -> Sequence[Feedback]: ...


@dataclass(frozen=True, slots=True)
class RollPorts:
    runs: RunStore
    releasing: Releasing
    calls: TrialCalls
    cards: ShownCards
    feedback: GivenFeedback
    clock: Clock


def roll(tenant: str, number: int, ports: RollPorts) -> tuple[Run, Judgement]:
    """A version in the shadow gets its first share; one on trial is judged and gets more, all, or none. Raises
    NoSuchRun and Retryable."""
    run = ports.runs.run(tenant, number)
    if run is None or run.stage not in (Stage.SHADOW, Stage.TRIAL):
        raise NoSuchRun("number: no run of this number is in the shadow or on trial; ask for the status")
    if run.stage is Stage.SHADOW:
        return _shared(run, SHARES[0], ports), Judgement(Step.WIDEN, "begins")
    judged = judge(counted(run, ports))
    if judged.step is Step.WIDEN:
        percent = next_percent(run.percent)
        return (_shared(run, percent, ports) if percent is not None else _live(run, judged, ports)), judged
    if judged.step in (Step.ROLL_BACK, Step.STOP):
        return take_back(run, judged.why, ports), judged
    return run, judged


def take_back(run: Run, why: str, ports: RollPorts) -> Run:
    """The version that was live before answers all calls again, within the 30 s for which the registry's answers are
    remembered."""
    ports.releasing.share(run.tenant, run.model, run.release, 0, f"taken back: {why}")
    return ports.runs.save(_changed(run, Stage.TAKEN_BACK, ports, percent=0, why=why))


def counted(run: Run, ports: RollPorts) -> Trial:
    """Since the version got its share, by agent: cards that were shown, used and dismissed."""
    used: dict[str, list[Counted]] = {}
    dismissed: dict[str, list[Counted]] = {}
    calls = [0, 0]
    for call in ports.calls.calls(run.tenant, run.model, run.release, run.changed_at_ms):
        arm = int(call.candidate)
        calls[arm] += 1
        cards = ports.cards.annotations(run.tenant, call.contact_id, 0, MOST_ANNOTATIONS)
        shown = [each.id for each in cards if each.kind is AnnotationKind.ACTION and "withdraws" not in each.show]
        given = {each.annotation_id: each for each in ports.feedback.feedback(run.tenant, call.contact_id)}
        done = sum(given[id].acknowledged_at_ms is not None for id in shown if id in given)
        away = sum(given[id].dismissed_at_ms is not None for id in shown if id in given)
        for where, hits in ((used, done), (dismissed, away)):
            of_agent = where.setdefault(call.agent, [Counted(), Counted()])
            of_agent[arm] += Counted(len(shown), hits)
    return Trial(run.percent, _pairs(used), _pairs(dismissed), (calls[0], calls[1]))


def _pairs(counts: dict[str, list[Counted]]) -> ByAgent:
    return {agent: (live, candidate) for agent, (live, candidate) in counts.items()}


def _shared(run: Run, percent: int, ports: RollPorts) -> Run:
    ports.releasing.share(run.tenant, run.model, run.release, percent, f"learned from set {run.number}")
    return ports.runs.save(_changed(run, Stage.TRIAL, ports, percent=percent))


def _live(run: Run, judged: Judgement, ports: RollPorts) -> Run:
    ports.releasing.make_live(run.tenant, run.model, run.release, judged.why)
    return ports.runs.save(_changed(run, Stage.LIVE, ports, percent=100))


def _changed(run: Run, stage: Stage, ports: RollPorts, *, percent: int, why: str = "") -> Run:
    now_ms = int(ports.clock.now_ms())
    return replace(run, stage=stage, percent=percent, why=why, changed_at_ms=now_ms, version=run.version + 1)
