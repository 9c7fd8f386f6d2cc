"""The next step of a version's way to all calls, by what was counted; and its way back, by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from sotto.core.clock import Clock
from sotto.learning.ports import RunStore
from sotto.learning.rollout.judge import SHARES, Judgement, Step, judge, next_percent
from sotto.learning.rollout.tally import LATEST_RUNS, TallyStore, trial_of
from sotto.learning.run import Run, Stage
from sotto.learning.train import NoSuchRun
from sotto.tenants.book import BookReader
from sotto.tenants.learning import Updates

SHADOW_FOR_MS = 3_600_000
"""The timetable leaves a version in the shadow for so long; a person may give it calls sooner."""
BY_HAND = "somebody took its calls from it"


class Rollouts(Protocol):
    """Of the registry of models. ``why`` goes into the history of releases. All raise Retryable."""

    def percent(self, tenant: str, model: str, release: str) -> int | None:
        """Of the calls, that the version answers; None while it is in the shadow."""
        ...

    def share(self, tenant: str, model: str, release: str, percent: int, why: str) -> None:
        """Of the calls; 0 ends it. The version that is live stays preferred, whatever else is published."""
        ...

    def make_live(self, tenant: str, model: str, release: str, why: str) -> None: ...


@dataclass(frozen=True, slots=True)
class RollPorts:
    runs: RunStore
    rollouts: Rollouts
    tallies: TallyStore
    books: BookReader
    clock: Clock


def roll(tenant: str, number: int, ports: RollPorts) -> tuple[Run, Judgement]:
    """A version in the shadow gets its first share; one on trial is judged and gets more, all, or none. Raises
    NoSuchRun and Retryable."""
    run = ports.runs.run(tenant, number)
    if run is None or run.stage not in (Stage.SHADOW, Stage.TRIAL):
        raise NoSuchRun("number: no run of this number is in the shadow or on trial; ask for the status")
    if run.stage is Stage.SHADOW:
        return _shared(run, SHARES[0], ports), Judgement(Step.WIDEN, "begins")
    return judged(run, ports)


def roll_due(tenant: str, ports: RollPorts) -> list[tuple[Run, Judgement]]:
    """What the timetable does: judges what is on trial, and lets out what was in the shadow long enough. Where the
    tenant wants no updates, nothing gets more calls; what is bad is taken back all the same. Raises Retryable."""
    latest, now_ms = ports.runs.runs(tenant, LATEST_RUNS), int(ports.clock.now_ms())
    found = [judged(run, ports) for run in latest if run.stage is Stage.TRIAL]
    for run in latest:
        if run.stage is Stage.SHADOW and now_ms - run.changed_at_ms >= SHADOW_FOR_MS and _may_widen(tenant, ports):
            found.append(roll(tenant, run.number, ports))
    return found


def judged(run: Run, ports: RollPorts) -> tuple[Run, Judgement]:
    """What becomes of a run on trial. The store lets one process at a time go on with it. Raises Retryable."""
    found = judge(trial_of(run.percent, ports.tallies.tallies(run.tenant, run.number, run.percent)))
    if found.step in (Step.ROLL_BACK, Step.STOP):
        return take_back(run, found.why, ports), found
    now = ports.rollouts.percent(run.tenant, run.model, run.release)
    if now == 0:
        return _ended(run, BY_HAND, ports), Judgement(Step.STOP, BY_HAND, found.figures)
    if now != run.percent:  # whoever gave it this share died in between
        ports.rollouts.share(run.tenant, run.model, run.release, run.percent, _why(run))
        return run, found
    if found.step is Step.WAIT or not _may_widen(run.tenant, ports):
        return run, found
    percent = next_percent(run.percent)
    return (_shared(run, percent, ports) if percent is not None else _live(run, found, ports)), found


def _may_widen(tenant: str, ports: RollPorts) -> bool:
    return ports.books.current(tenant).settings.learning.updates is not Updates.OFF


def take_back(run: Run, why: str, ports: RollPorts) -> Run:
    """The version that was live before answers all calls again, as soon as the registry's answers are forgotten: of a
    model with a version on trial after ten seconds. First that, then what is written about it."""
    ports.rollouts.share(run.tenant, run.model, run.release, 0, f"taken back: {why}")
    return _ended(run, why, ports)


def _ended(run: Run, why: str, ports: RollPorts) -> Run:
    return ports.runs.save(_changed(run, Stage.TAKEN_BACK, ports, percent=0, why=why))


def _shared(run: Run, percent: int, ports: RollPorts) -> Run:
    """Written first: two who judge at once must not give calls back that the other one took away."""
    changed = ports.runs.save(_changed(run, Stage.TRIAL, ports, percent=percent))
    ports.rollouts.share(run.tenant, run.model, run.release, percent, _why(run))
    return changed


def _live(run: Run, found: Judgement, ports: RollPorts) -> Run:
    ports.rollouts.make_live(run.tenant, run.model, run.release, found.why)
    return ports.runs.save(_changed(run, Stage.LIVE, ports, percent=100))


def _why(run: Run) -> str:
    return f"learned from set {run.number}"


def _changed(run: Run, stage: Stage, ports: RollPorts, *, percent: int, why: str = "") -> Run:
    now_ms = int(ports.clock.now_ms())
    return replace(run, stage=stage, percent=percent, why=why, changed_at_ms=now_ms, version=run.version + 1)
