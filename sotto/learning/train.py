"""From accepted examples to a version in the shadow: one step after the other, each stored, so that a run that died
goes on where it was. Always a whole training from the base, on all that is live: nothing is forgotten, and what was
erased is unlearned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from sotto.call.contact import ContactReader
from sotto.consent.kept import Consents
from sotto.core.audit import AuditAction, AuditEntry, AuditLog
from sotto.core.clock import Clock
from sotto.core.errors import Rejected
from sotto.learning.collect import consent_to_learn
from sotto.learning.example import Example, ExampleState
from sotto.learning.gaps.ports import NewIntents
from sotto.learning.ports import ExampleStore, ReviewerStore, RunStore, SetStore
from sotto.learning.releases.card import ReleaseCard
from sotto.learning.releases.figures import NotAnAnswer
from sotto.learning.releases.gates import Measured, gates_of
from sotto.learning.review.doubts import Doubted, put_before_others
from sotto.learning.review.use_cases import ExampleReviewPorts, distrusted, labels_of, reconsider
from sotto.learning.run import Run, Stage
from sotto.learning.sets.manifest import ExampleSet, build_set
from sotto.tenants.book import BookReader
from sotto.tenants.learning import Updates

MOST_EXAMPLES = 50_000
TRAINER = "sotto/learn"
"""Who it is in the audit log where nobody signed in."""


class LearningIsOff(Rejected):
    """The tenant's book says that nothing is trained: write ``learning`` in tenant.yaml."""


class NothingToLearn(Rejected):
    """Nothing was accepted since the last run, and nothing has to be trained anew."""


class NoSuchRun(Rejected):
    """There is no such run, or it does not stand where that could be done."""


class CannotTrain(Rejected):
    """What there is cannot be learned from, or the base to learn on is gone; the message says the fix."""


@dataclass(frozen=True, slots=True)
class Made:
    """A package. ``release``: its version. ``labels``: how many it tells apart. ``phrases``: of the tenant's own."""

    release: str
    labels: int
    phrases: int
    seconds: float
    base: str


class Training(Protocol):
    def train(self, tenant: str, model: str, examples: Sequence[Example], new_intents: Sequence[str]) -> Made:
        """The tenant's phrases and ``examples``, whole and from the base. ``new_intents``: those that examples may
        be of beside the tenant's. The same again gives the same version. Raises CannotTrain and Retryable."""
        ...

    def doubts(self, tenant: str, examples: Sequence[Example]) -> Sequence[Doubted]:
        """Which labels are probably wrong, by models that never saw the example: the most doubtful first. Raises
        CannotTrain and Retryable."""
        ...

    def measure(self, tenant: str, model: str, release: str, examples: Sequence[Example]) -> Measured:
        """What ``release`` answers to ``examples``, which it never saw. Raises NotAnAnswer and Retryable."""
        ...


class Releasing(Protocol):
    """Of the registry of models. ``why`` goes into the history of releases. All raise Retryable."""

    def live(self, tenant: str, model: str) -> str:
        """The version that is preferred; empty where there is none."""
        ...

    def publish(self, tenant: str, model: str, release: str, why: str) -> None:
        """As the first version: it is live at once."""
        ...

    def put_in_shadow(self, tenant: str, model: str, release: str, why: str) -> None:
        """Twice is as good as once."""
        ...


@dataclass(frozen=True, slots=True)
class TrainPorts:
    books: BookReader
    contacts: ContactReader
    consents: Consents
    examples: ExampleStore
    reviewers: ReviewerStore
    sets: SetStore
    runs: RunStore
    training: Training
    releasing: Releasing
    audit: AuditLog
    clock: Clock
    new_intents: NewIntents


def go_on(tenant: str, model: str, ports: TrainPorts) -> Run:
    """The run that is open, or a new one, until it is over, waits for approval, or is in the shadow. Raises
    LearningIsOff, NothingToLearn, CannotTrain and Retryable; what is done is stored."""
    settings = ports.books.current(tenant).settings.learning
    if settings.updates is Updates.OFF:
        raise LearningIsOff("learning.updates: is off in the tenant's book")
    run = next((each for each in ports.runs.runs(tenant) if not each.stage.is_over and each.model == model), None)
    if run is None or run.stage is Stage.SET:
        run, built = _begun(tenant, model, run, ports)
        run = _trained(run, built, ports)
    if run.stage is Stage.TRAINED:
        run = _judged(run, _built(tenant, run.number, ports), ports)
    if run.stage is Stage.APPROVED:
        run = _released(run, ports)
    return run


def decide(tenant: str, number: int, who: str, ports: TrainPorts, *, approved: bool, why: str = "") -> Run:
    """By a person, of a run that passed its gates and waits. Raises NoSuchRun."""
    run = ports.runs.run(tenant, number)
    if run is None or run.stage is not Stage.JUDGED:
        raise NoSuchRun("number: no run of this number waits for approval; ask for the status")
    stage = Stage.APPROVED if approved else Stage.REFUSED
    run = ports.runs.save(_changed(run, stage, ports, who=who, why=why))
    return _released(run, ports) if approved else run


def _begun(tenant: str, model: str, run: Run | None, ports: TrainPorts) -> tuple[Run, ExampleSet]:
    """A set of what is accepted now. A run that died before it was trained begins anew, with what is there now: what
    was erased meanwhile is in no training."""
    reviewing = (ports.examples, ports.reviewers, ports.books, ports.audit, ports.clock, ports.new_intents)
    reconsider(tenant, ExampleReviewPorts(*reviewing))
    latest, numbers = ports.sets.latest(tenant), [each.number for each in ports.runs.runs(tenant)]
    number = max([latest.number if latest else 0, *numbers, 0]) + 1
    built = _undoubted(tenant, number, ports)
    manifest = ports.sets.keep(built)
    built = replace(built, manifest=manifest)
    if run is not None and run.number == manifest.number:
        return run, built
    if run is not None:
        ports.runs.save(_changed(run, Stage.FAILED, ports, why="what it was to learn from has changed"))
    known = ports.runs.run(tenant, manifest.number)
    if known is not None or not (built.learned or ports.sets.retrain_by(tenant)):
        raise NothingToLearn("examples: nothing was accepted since the last run")
    now_ms = int(ports.clock.now_ms())
    record = f"set/{manifest.number}"
    ports.audit.append(AuditEntry(tenant, TRAINER, AuditAction.EXAMPLES_LEARNED, record, now_ms))
    return ports.runs.save(Run(tenant, manifest.number, model, Stage.SET, now_ms, now_ms)), built


def _undoubted(tenant: str, number: int, ports: TrainPorts) -> ExampleSet:
    """Without the examples that one more person has to look at first: they wait in the queue, for the next set."""
    built = _built(tenant, number, ports)
    doubts = ports.training.doubts(tenant, built.members) if built.members else ()
    needed = ports.books.current(tenant).settings.learning.reviewers
    out = distrusted(tenant, ports.reviewers)
    waiting = put_before_others(built.members, doubts, ports.examples, needed=needed, distrusted=out)
    return _built(tenant, number, ports) if waiting else built


def _built(tenant: str, number: int, ports: TrainPorts) -> ExampleSet:
    """Each example's consent is asked for anew; where it does not stand any more, the example is deleted."""
    settings = ports.books.current(tenant).settings.learning
    standing: dict[str, bool] = {}

    def may_learn(each: Example) -> bool:
        if each.contact_id not in standing:
            contact = ports.contacts.contact(tenant, each.contact_id)
            standing[each.contact_id] = contact is not None and bool(
                consent_to_learn(contact, settings, ports.consents)
            )
        if not standing[each.contact_id]:
            ports.examples.remove(each)
        return standing[each.contact_id]

    return build_set(
        tenant,
        ports.examples.examples(tenant, ExampleState.ACCEPTED, MOST_EXAMPLES),
        may_learn=may_learn,
        labels=labels_of(tenant, ports.books, ports.new_intents),
        number=number,
        now_ms=int(ports.clock.now_ms()),
    )


def _trained(run: Run, built: ExampleSet, ports: TrainPorts) -> Run:
    try:
        made = ports.training.train(run.tenant, run.model, built.learned, ports.new_intents.names(run.tenant))
    except CannotTrain as error:
        ports.runs.save(_changed(run, Stage.FAILED, ports, why=str(error)))
        raise
    card = {"labels": made.labels, "phrases": made.phrases, "seconds": made.seconds, "base": made.base}
    replaces = ports.releasing.live(run.tenant, run.model)
    return ports.runs.save(_changed(run, Stage.TRAINED, ports, release=made.release, replaces=replaces, card=card))


def _judged(run: Run, built: ExampleSet, ports: TrainPorts) -> Run:
    """By the regression examples that are there now, beside the version that is live."""
    live = ports.releasing.live(run.tenant, run.model)
    try:
        candidate = ports.training.measure(run.tenant, run.model, run.release, built.regression)
    except NotAnAnswer as error:
        return ports.runs.save(_changed(run, Stage.FAILED, ports, why=str(error)))
    before = ports.training.measure(run.tenant, run.model, live, built.regression) if live else None
    made, manifest = run.card, ports.sets.manifest(run.tenant, run.number) or built.manifest
    card = ReleaseCard(
        run.tenant,
        run.model,
        int(ports.clock.now_ms()),
        candidate,
        before,
        gates_of(candidate, before, trained_labels=int(made["labels"])),
        manifest,
        int(made["phrases"]),
        float(made["seconds"]),
        str(made["base"]),
    )
    updates = ports.books.current(run.tenant).settings.learning.updates
    stage, why = Stage.JUDGED, ""
    if not card.passed:
        stage, why = Stage.FAILED, "did not pass its gates"
    elif live == run.release:
        stage, why = Stage.LIVE, "the same as what is live"
    elif card.may_go_out(updates):
        stage = Stage.APPROVED
    written = {**made, **card.as_json(), "text": card.as_markdown()}
    return ports.runs.save(_changed(run, stage, ports, replaces=live, card=written, why=why))


def _released(run: Run, ports: TrainPorts) -> Run:
    why = f"learned from set {run.number}"
    if not run.replaces:
        ports.releasing.publish(run.tenant, run.model, run.release, why)
        return ports.runs.save(_changed(run, Stage.LIVE, ports))
    ports.releasing.put_in_shadow(run.tenant, run.model, run.release, why)
    return ports.runs.save(_changed(run, Stage.SHADOW, ports))


def _changed(run: Run, stage: Stage, ports: TrainPorts, **changed: Any) -> Run:
    now_ms = int(ports.clock.now_ms())
    return replace(run, stage=stage, changed_at_ms=now_ms, version=run.version + 1, **changed)
