"""Whether the latest calls are unlike those of the weeks before, in what, where, and what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import sqrt

from sotto.analytics.drift.accuracy import Level, expected_accuracy, unknown_share
from sotto.analytics.drift.display import divergence, moved_mass, population_stability
from sotto.analytics.drift.sketched import COLUMNS, NO_LABEL, SketchedCall, labels_of, read_call, views_of
from sotto.analytics.drift.watch import FEWEST_BEFORE, WINDOWS, Looked, View, Watch
from sotto.analytics.query.answer import QueryPorts
from sotto.analytics.query.compile import rows_of
from sotto.analytics.query.form import Filter, Period

BEFORE_DAYS = 28
MOST_CALLS = 20_000
SEGMENTS = ("queue", "team", "language")
MOST_MOVED = 8
SURELY = 3.0
"""Standard errors by which a label or a segment has moved to be named."""
MUCH_UNKNOWN, MUCH_LOST = 0.03, 0.03


class Proposal(StrEnum):
    NEW_INTENTS = "new_intents"
    """Customers want something that the model does not know: look at examples, and write an intent."""
    ARTICLES = "articles"
    """Known wishes come much more often: look at what agents are shown for them."""
    RETRAIN = "retrain"
    """Fewer answers are to be expected right: correct examples and train anew."""
    RECOGNISER = "recogniser"
    """Words are recognised less surely: look at the lines and the recogniser before the model."""
    LOOK = "look"
    """Customers speak otherwise than before, and nothing says yet of what: look at calls."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A label's share of utterances. ``errors``: by how many standard errors it has moved."""

    label: str
    before: float
    now: float
    errors: float


@dataclass(frozen=True, slots=True)
class Segment:
    """``doubt``: by how many standard errors the model doubts more there than it did."""

    dimension: str
    value: str
    utterances: int
    unknown: float
    doubt: float


@dataclass(frozen=True, slots=True)
class Side:
    """``first``, ``last``: days."""

    calls: int
    utterances: int
    unanswered: float
    accuracy: float
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Drift:
    """``is_alarm`` None: too little to say. ``psi``, ``divergence``: of labels; ``moved_mass``: of how sure answers
    were. ``unknown``: share of utterances with a wish that the model does not know, beyond those of before."""

    is_alarm: bool | None
    looked: tuple[Looked, ...] = ()
    before: Side | None = None
    now: Side | None = None
    unknown: float = 0.0
    psi: float = 0.0
    divergence: float = 0.0
    moved_mass: float = 0.0
    moved: tuple[Moved, ...] = ()
    segments: tuple[Segment, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    synthetic: bool = False


def latest_drift(tenant: str, filters: tuple[Filter, ...], ports: QueryPorts, *, last_day: str, days: int) -> Drift:
    """Of the last ``days`` beside the 28 before them. Raises Retryable."""
    return drift_of(*_read(tenant, filters, ports, last_day, days))


def drift_by(
    tenant: str, dimension: str, filters: tuple[Filter, ...], ports: QueryPorts, *, last_day: str, days: int
) -> Mapping[str, Drift]:
    """Of each value of one of SEGMENTS. Raises Retryable."""
    before, now = _read(tenant, filters, ports, last_day, days)
    values = sorted({each.segments[dimension] for each in now if dimension in each.segments})

    def of(calls: Sequence[SketchedCall], value: str) -> list[SketchedCall]:
        return [each for each in calls if each.segments.get(dimension) == value]

    return {value: drift_of(of(before, value), of(now, value), looks=len(values)) for value in values}


def drift_of(before: Sequence[SketchedCall], now: Sequence[SketchedCall], *, looks: int = 1) -> Drift:
    """Both in the order in which calls began. ``looks``: at how many things is looked at the same time."""
    if not now or len(before) < FEWEST_BEFORE:
        return Drift(None)
    version, labels = now[-1].version, labels_of((*before, *now))
    looked = [
        each.among(looks) for each in Watch(views_of(before, labels, version)).look(views_of(now, labels, version))
    ]
    if not looked:
        return Drift(None)
    window = _window(now)
    same_before = [each for each in before if each.version == version] or list(before)
    one, two = _level(same_before), _level(window)
    same_words = not any(each.is_alarm and each.view is View.RECOGNITION for each in looked)
    unknown = unknown_share(one, two) if same_words else 0.0
    found = Drift(
        any(each.is_alarm for each in looked),
        tuple(looked),
        _side(same_before, one.right),
        _side(window, expected_accuracy(one, two, same_words=same_words)),
        unknown,
        population_stability(_counts(same_before), _counts(window)),
        divergence(_counts(same_before), _counts(window)),
        moved_mass(_sure(same_before), _sure(window)),
        _moved(same_before, window),
        _segments(same_before, window),
        synthetic=any(each.synthetic for each in (*before, *now)),
    )
    return replace(found, proposals=proposals_of(found)) if found.is_alarm else found


def _read(
    tenant: str, filters: tuple[Filter, ...], ports: QueryPorts, last_day: str, days: int
) -> tuple[list[SketchedCall], list[SketchedCall]]:
    last = Period(last_day, last_day)
    period = Period(last.moved(1 - days - BEFORE_DAYS).first, last_day)
    found = ports.facts.files(tenant, "understanding", period.each_day())
    if not found.files:
        return [], []
    rows = ports.database.rows(
        rows_of("understanding", COLUMNS, period, filters, MOST_CALLS), "understanding", found.files
    )
    calls = [each for row in reversed(rows) if (each := read_call(row)) is not None]
    begins = last.moved(1 - days).first
    return [each for each in calls if each.day < begins], [each for each in calls if each.day >= begins]


def _window(now: Sequence[SketchedCall]) -> list[SketchedCall]:
    """As much as the longest window looks at."""
    found: list[SketchedCall] = []
    utterances = 0
    for each in reversed(now):
        if utterances >= max(WINDOWS):
            break
        found.append(each)
        utterances += each.utterances
    return found[::-1]


def _utterances(calls: Sequence[SketchedCall]) -> int:
    return sum(each.utterances for each in calls)


def _level(calls: Sequence[SketchedCall]) -> Level:
    count = _utterances(calls)
    sums = (sum(of) for of in zip(*((each.right, each.doubt, each.unanswered) for each in calls), strict=True))
    return Level(*(each / count for each in sums))


def _side(calls: Sequence[SketchedCall], accuracy: float) -> Side:
    count = _utterances(calls)
    unanswered = sum(each.unanswered for each in calls) / count
    return Side(len(calls), count, unanswered, accuracy, calls[0].day, calls[-1].day)


def _counts(calls: Sequence[SketchedCall]) -> Counter[str]:
    found = Counter({NO_LABEL: sum(each.unanswered for each in calls)})
    for each in calls:
        found.update(each.labels)
    return found


def _sure(calls: Sequence[SketchedCall]) -> list[int]:
    width = max((len(each.sure) for each in calls), default=0)
    return [sum(each.sure[at] for each in calls if at < len(each.sure)) for at in range(width)]


def _moved(before: Sequence[SketchedCall], now: Sequence[SketchedCall]) -> tuple[Moved, ...]:
    one, two, found = _counts(before), _counts(now), []
    all_before, all_now = _utterances(before), _utterances(now)
    for label in sorted({*one, *two}):
        share = (one[label] + two[label]) / (all_before + all_now)
        # Of whole calls: utterances of a call have the same intent more often than not.
        error = sqrt(max(share * (1 - share), 1e-9) * (1 / len(before) + 1 / len(now)))
        shares = one[label] / all_before, two[label] / all_now
        found.append(Moved(label, *shares, (shares[1] - shares[0]) / error))
    surely = [each for each in found if abs(each.errors) >= SURELY]
    return tuple(sorted(surely, key=lambda each: -abs(each.errors))[:MOST_MOVED])


def _segments(before: Sequence[SketchedCall], now: Sequence[SketchedCall]) -> tuple[Segment, ...]:
    found = []
    for dimension in SEGMENTS:
        for value in sorted({each.segments[dimension] for each in now if dimension in each.segments}):
            one, two = ([each for each in calls if each.segments.get(dimension) == value] for calls in (before, now))
            if len(one) < FEWEST_BEFORE // 10 or len(two) < FEWEST_BEFORE // 10:
                continue
            first, second = _level(one), _level(two)
            error = sqrt(_spread(one, first.doubt) * (1 / len(one) + 1 / len(two)))
            errors = (second.doubt - first.doubt) / error if error else 0.0
            found.append(Segment(dimension, value, _utterances(two), unknown_share(first, second), errors))
    surely = [each for each in found if each.doubt >= SURELY]
    return tuple(sorted(surely, key=lambda each: -each.doubt)[:MOST_MOVED])


def _spread(calls: Sequence[SketchedCall], mean: float) -> float:
    """Of what a call adds to the mean over utterances."""
    size = _utterances(calls) / len(calls)
    return sum(((each.doubt - mean * each.utterances) / size) ** 2 for each in calls) / len(calls)


def proposals_of(found: Drift) -> tuple[Proposal, ...]:
    alarms = {each.view for each in found.looked if each.is_alarm}
    lost = found.before.accuracy - found.now.accuracy if found.before and found.now else 0.0
    risen = any(each.errors > 0 and each.label != NO_LABEL for each in found.moved)
    wanted = {
        Proposal.RECOGNISER: View.RECOGNITION in alarms,
        Proposal.NEW_INTENTS: bool(alarms & {View.DOUBT, View.MEANING}) and found.unknown >= MUCH_UNKNOWN,
        Proposal.ARTICLES: bool(alarms & {View.LABELS, View.MEANING}) and risen,
        Proposal.RETRAIN: lost >= MUCH_LOST,
    }
    named = tuple(each for each, is_wanted in wanted.items() if is_wanted)
    return named or (Proposal.LOOK,)
