"""Drift found, and false alarms: ``python -m benchmarks.drift``.

A head learns thirty phrases of each of 69 intents of BANKING77; eight are left out and come as new wishes. Other texts
of the 69 become calls (three utterances on average, six of ten of one intent), no text twice: some are what was before,
the rest is what comes. ``sotto.analytics.drift`` looks at the latest calls after every three. By hash, texts fall into
a part to choose by and a judged part, and intents that are left out in three groups for each: ``--choose`` reads the
first, and nothing else was ever chosen on.

    new          one call in ten, or in five, has one of the eight wishes: utterances until an alarm
    elsewhere    one in ten is out of CLINC150's out-of-scope texts
    reordered    intents come in another mix
    words        one word in ten, or in five, is lost or another one, and the recogniser has said so
    null         nothing changes: alarms in windows drawn anew from what comes
    hours        nothing changes but the mix by hour of day, as it did before

Reads ``SOTTO_SHARED_DATA`` or
``../shared/data``. ``--readings FILE`` keeps what the encoder made of texts for the next run.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from benchmarks.intent_quality import by_label, place, shared_text
from local.interruption import ended_in_order
from model_containers.shard.base_encoder.embedding import CachingEncoder, TextEmbedding, Vectors
from model_containers.shard.base_encoder.minilm import MiniLmEncoder
from model_containers.shard.encoder.sketch import BYTE, added_up, cosines
from model_containers.trainer.heads.classifiers import FITS, intent_examples
from model_containers.trainer.heads.fitting import fit_softmax, out_of_fold, softmax, temperature_for
from sotto.analytics.drift.accuracy import Level, expected_accuracy
from sotto.analytics.drift.departures import Calls
from sotto.analytics.drift.watch import ALARM, View, Views, Watch

LEFT_OUT, GROUPS, PHRASES = 8, 3, 30
CALL, ONE_INTENT = 3.0, 0.6
BEFORE_SHARE, QUIET, LOOK_EVERY = 0.55, 400, 3
NONE, RARE = "", 1 / 500
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Readings:
    """Of each text what a call's sketch adds up. ``top``: the label that is answered, ``labels`` for none of them."""

    cosines: Vectors
    top: Ints
    none: Ints
    right: Floats
    doubt: Floats


class Model:
    """A head as a package has one, with small talk for what is none of the intents, fitted in the first of the recipe's
    ways (the recipe tries four, in four times the time)."""

    def __init__(self, learned: list[tuple[str, str]], encoder: CachingEncoder) -> None:
        every, fit = intent_examples(by_label(learned), ()), FITS[0]
        self.labels = list(every.labels)
        vectors = fit.features(encoder, every.texts)
        logits = out_of_fold(vectors, every.targets, len(self.labels), fit.strength, every.is_utterance)
        self._temperature = temperature_for(logits, every.targets[every.is_utterance])
        self._head = fit_softmax(vectors, every.targets, len(self.labels), fit.strength)

    def read(self, texts: Sequence[str], encoder: CachingEncoder) -> Readings:
        shares = softmax(self._head.logits(FITS[0].features(encoder, texts)), self._temperature).astype(np.float64)
        entropy = -(shares * np.log(np.maximum(shares, 1e-12))).sum(axis=1)
        none = np.array([label == "none_of_these" for label in self.labels])[shares.argmax(axis=1)]
        top = shares.argmax(axis=1)
        return Readings(cosines(encoder.whole(texts)), top, none.astype(np.int64), shares.max(axis=1), entropy)


def views_of(calls: Sequence[Sequence[int]], read: Readings, labels: int) -> Views:
    """As the shard's sketches make them, without the strings between."""
    counts = np.array([len(each) for each in calls], dtype=np.float64)
    meaning = np.stack([np.rint(read.cosines[list(each)].mean(axis=0) * BYTE) / BYTE for each in calls])
    tops = np.zeros((len(calls), labels))
    for row, each in enumerate(calls):
        np.add.at(tops[row], read.top[list(each)], 1.0)
    doubt = np.array([[read.doubt[list(each)].sum()] for each in calls])
    return {
        View.DOUBT: Calls(doubt, counts),
        View.LABELS: Calls(tops, counts),
        View.MEANING: Calls(meaning.astype(np.float64) * counts[:, None], counts),
    }


def joined(*many: Views) -> Views:
    return {
        view: Calls(
            np.concatenate([each[view].sums for each in many]), np.concatenate([each[view].counts for each in many])
        )
        for view in many[0]
    }


def only(views: Views, places: Sequence[int] | Ints) -> Views:
    return {view: Calls(calls.sums[places], calls.counts[places]) for view, calls in views.items()}


def calls_of(places: dict[str, list[int]], source: random.Random, by_hour: bool = False) -> list[list[int]]:
    """All texts, each once. ``by_hour``: their mix changes through a day of twelve calls an hour, each day alike."""
    left = {name: source.sample(each, len(each)) for name, each in places.items()}
    taste = [{name: source.lognormvariate(0.0, 0.7 if by_hour else 0.0) for name in left} for _ in range(24)]
    calls: list[list[int]] = []
    while left:
        likes = taste[len(calls) // 12 % 24]
        names = list(left)
        about = source.choices(names, [len(left[name]) * likes[name] for name in names])[0]
        call: list[int] = []
        for _ in range(1 + min(9, _poisson(CALL - 1, source))):
            names = list(left)
            if not names:
                break
            same = about in left and source.random() < ONE_INTENT
            name = about if same else source.choices(names, [len(left[each]) * likes[each] for each in names])[0]
            call.append(left[name].pop())
            if not left[name]:
                del left[name]
        calls.append(call)
    return calls


def _poisson(mean: float, source: random.Random) -> int:
    bound, product, found = np.exp(-mean), source.random(), 0
    while product > bound:
        product *= source.random()
        found += 1
    return found


def spoilt(text: str, share: float, words: Sequence[str], source: random.Random) -> str:
    kept = []
    for word in text.split():
        if source.random() >= share:
            kept.append(word)
        elif source.random() < 0.5:
            kept.append(source.choice(words))
    return " ".join(kept) or text


class World:
    """A model, its texts, and those that it does not know."""

    def __init__(self, group: int, choosing: bool, encoder: CachingEncoder) -> None:
        with (shared_text() / "banking77/train.csv").open(encoding="utf-8") as rows:
            labelled = [(row["text"], row["category"]) for row in csv.DictReader(rows)]
        content = json.loads((shared_text() / "clinc150/data_full_train_val.json").read_text(encoding="utf-8"))
        elsewhere = [text for part in ("oos_train", "oos_val") for text, _ in content[part]]
        order = sorted({label for _, label in labelled}, key=lambda label: place(label, "left out"))
        begin = (group + (0 if choosing else GROUPS)) * LEFT_OUT
        self.new = set(order[begin : begin + LEFT_OUT])
        texts: dict[str, list[str]] = {}
        for text, label in sorted(set(labelled), key=lambda one: place(one[0], "drift")):
            texts.setdefault(label, []).append(text)
        learned = [(text, label) for label in texts if label not in self.new for text in texts[label][:PHRASES]]
        known = set(learned)
        self.model = Model(learned, encoder)
        half = 0 if choosing else 1
        ours = [
            (text, label)
            for label in texts
            for text in texts[label]
            if (text, label) not in known and (label in self.new or place(text, "half") % 2 == half)
        ]
        self.texts = [text for text, _ in ours] + elsewhere
        self.labels = [label for _, label in ours] + [NONE] * len(elsewhere)
        self.read = self.model.read(self.texts, encoder)
        self.encoder = encoder

    def places(self, wanted: Callable[[str], bool]) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for at, label in enumerate(self.labels):
            if wanted(label):
                found.setdefault(label, []).append(at)
        return found

    def known(self) -> dict[str, list[int]]:
        return self.places(lambda label: label != NONE and label not in self.new)

    def views(self, calls: Sequence[Sequence[int]], read: Readings | None = None) -> Views:
        return views_of(calls, read or self.read, len(self.model.labels))

    def is_right(self, read: Readings, labels: Sequence[str]) -> Floats:
        """Of what is none of the model's intents: that it says so."""
        named = [self.model.labels[top] for top in read.top]
        wanted = [label if label in self.model.labels else "none_of_these" for label in labels]
        return np.array([one == two for one, two in zip(named, wanted, strict=True)], dtype=np.float64)


def parted(calls: list[list[int]]) -> tuple[list[list[int]], list[list[int]]]:
    cut = round(len(calls) * BEFORE_SHARE)
    return calls[:cut], calls[cut:]


def mixed(calls: list[list[int]], others: list[list[int]], share: float, source: random.Random) -> list[list[int]]:
    """In the place of so many of the calls one of the others, as long as there are any."""
    rest = list(others)
    return [rest.pop() if rest and source.random() < share else call for call in calls]


def delay(watch: Watch, quiet: Views, drifting: Views) -> tuple[float | None, str]:
    """Utterances of what has changed until the first alarm; None: not within what there is. By which view."""
    both, first = joined(quiet, drifting), len(quiet[View.DOUBT])
    for end in range(first + LOOK_EVERY, len(both[View.DOUBT]) + 1, LOOK_EVERY):
        found = watch.look(only(both, np.arange(max(0, end - 700), end)))
        if found and found[0].is_alarm:
            return float(both[View.DOUBT].counts[first:end].sum()), found[0].view.value
    return None, ""


def trials(world: World, number: int, kinds: Sequence[str]) -> Iterator[dict[str, Any]]:
    for trial in range(number):
        source = random.Random(f"trial {trial}")
        before, coming = parted(calls_of(world.known(), source))
        watch = Watch(world.views(before))
        quiet, rest = coming[: int(QUIET / CALL)], coming[int(QUIET / CALL) :]
        new = calls_of(world.places(lambda label: label in world.new), source)
        elsewhere = calls_of(world.places(lambda label: label == NONE), source)
        streams = {
            "new 10 %": mixed(rest, new, 0.1, source),
            "new 20 %": mixed(rest, new, 0.2, source),
            "elsewhere 10 %": mixed(rest, elsewhere, 0.1, source),
        }
        for kind in kinds:
            after, view = delay(watch, world.views(quiet), world.views(streams[kind]))
            yield {"kind": kind, "after": after, "view": view}


def nulls(world: World, splits: int, windows: int, by_hour: bool) -> dict[str, float]:
    """Alarms in windows of what comes where nothing changes. In a split the same calls are drawn from again and again,
    which leaves the expected number as it is."""
    alarms = looked = rare = 0
    took: list[float] = []
    for split in range(splits):
        source = random.Random(f"null {split} {by_hour}")
        before, coming = parted(calls_of(world.known(), source, by_hour))
        watch, views = Watch(world.views(before)), world.views(coming)
        for _ in range(windows):
            if by_hour:
                end = source.randrange(len(coming) // 2, len(coming) + 1)
                drawn = only(views, np.arange(end))
            else:
                drawn = only(views, np.array(source.sample(range(len(coming)), len(coming) * 9 // 10)))
            started = time.perf_counter()
            found = watch.look(drawn)
            took.append(time.perf_counter() - started)
            looked += 1
            alarms += bool(found) and found[0].is_alarm
            rare += bool(found) and found[0].chance < RARE
    return {"windows": looked, "alarms": alarms, "rare": rare, "look_ms": 1000 * float(np.median(took))}


def accuracies(world: World, number: int, utterances: int) -> Iterator[dict[str, Any]]:
    """Windows of so many utterances: what is expected right, and what is."""
    source = random.Random("accuracy")
    known = [at for each in world.known().values() for at in each]
    new = [at for each in world.places(lambda label: label in world.new).values() for at in each]
    elsewhere = [at for each in world.places(lambda label: label == NONE).values() for at in each]
    words = sorted({word for at in known for word in world.texts[at].split()})
    some = source.sample(known, min(len(known), 1_200))
    worse = {
        f"words {share:.0%}": world.model.read(
            [spoilt(world.texts[at], share, words, source) for at in some], world.encoder
        )
        for share in (0.1, 0.2)
    }
    for _ in range(number):
        source.shuffle(known)
        cut = len(known) - utterances
        before, coming = known[:cut], known[cut:]
        tenth = utterances // 10
        skewed = sorted(coming, key=lambda at: place(world.labels[at], "mix") % 7)[: utterances // 2]
        yield from (
            _estimate(kind, world, world.read, before, now)
            for kind, now in (
                ("none", coming),
                ("new 10 %", [*coming[tenth:], *source.sample(new, tenth)]),
                ("elsewhere 10 %", [*coming[tenth:], *source.sample(elsewhere, min(tenth, len(elsewhere)))]),
                ("reordered", skewed),
            )
        )
        for kind, read in worse.items():
            drawn = source.sample(range(len(some)), min(len(some), utterances))
            yield _estimate(kind, world, read, before, drawn, [world.labels[some[at]] for at in drawn])


def _estimate(
    kind: str, world: World, read: Readings, before: list[int], now: list[int], labels: list[str] | None = None
) -> dict[str, Any]:
    usual, level = _level(world.read, before), _level(read, now)
    part = Readings(read.cosines[now], read.top[now], read.none[now], read.right[now], read.doubt[now])
    true = float(world.is_right(part, labels or [world.labels[at] for at in now]).mean())
    return {
        "kind": kind,
        "true": true,
        "error": expected_accuracy(usual, level, same_words=labels is None) - true,
        "by_confidence": level.right - true,
        "unchanged": usual.right - true,
    }


def _level(read: Readings, places: list[int]) -> Level:
    return Level(*(float(each[places].mean()) for each in (read.right, read.doubt, read.none)))


def sizes(world: World) -> dict[str, float]:
    """Of a call's sketch, as it is emitted, and the time to add it up where the encoder has read the texts."""
    calls = calls_of(world.known(), random.Random("sizes"))[:200]
    sketches, took = [], []
    for call in calls:
        whole = world.encoder.whole([world.texts[at] for at in call])
        answers = [{"label": world.model.labels[world.read.top[at]]} for at in call]
        shares = np.full((len(call), len(world.model.labels)), 1 / len(world.model.labels), dtype=np.float32)
        started = time.perf_counter()
        sketches.append(added_up(answers, shares, whole))
        took.append(time.perf_counter() - started)
    bytes_each = sorted(len(json.dumps(each, separators=(",", ":"))) for each in sketches)
    return {"bytes_p95": bytes_each[int(len(calls) * 0.95)], "ms": 1000 * float(np.median(took))}


class KeptReadings:
    """A TextEncoder that knows texts of an earlier run."""

    def __init__(self, file: Path | None) -> None:
        self._encoder, self._file = MiniLmEncoder(pieces=False), file
        self.revision = self._encoder.revision
        self._known: dict[str, TextEmbedding] = {}
        if file is not None and file.exists():
            with np.load(file) as kept:
                for text, whole, inner in zip(kept["texts"], kept["whole"], kept["inner"], strict=True):
                    self._known[str(text)] = TextEmbedding(whole[None], ((0, len(text)),), inner[None])

    def encode(self, texts: Sequence[str]) -> list[TextEmbedding]:
        missing = [text for text in texts if text not in self._known]
        if missing:
            self._known.update(zip(missing, self._encoder.encode(missing), strict=True))
        return [self._known[text] for text in texts]

    def __enter__(self) -> None: ...

    def __exit__(self, *raised: object) -> None:
        """Also of a run that was stopped."""
        if self._file is None or not self._known:
            return
        found = list(self._known.items())
        whole = np.stack([each.whole for _, each in found])
        inner = np.stack([each.wide[0][whole.shape[1] :] for _, each in found])
        np.savez(self._file, texts=np.array([text for text, _ in found]), whole=whole, inner=inner)


def show(found: dict[str, Any]) -> None:
    table = Table("drift", "found", "median", "p90", "by", title="Utterances until an alarm (goal: 500)")
    for kind in dict.fromkeys(each["kind"] for each in found["delays"]):
        rows = [each for each in found["delays"] if each["kind"] == kind]
        after = sorted(each["after"] if each["after"] is not None else np.inf for each in rows)
        views = [each["view"] for each in rows if each["view"]]
        by = ", ".join(f"{view} {views.count(view)}" for view in dict.fromkeys(views))
        noticed = f"{len(views)} of {len(rows)}"
        table.add_row(kind, noticed, f"{after[len(after) // 2]:.0f}", f"{after[int(len(after) * 0.9)]:.0f}", by)
    Console().print(table)
    table = Table(
        "nothing changed", "windows", "alarms", "expected at most", "one in 500", "expected at most", "ms a look"
    )
    for name in ("null", "hours"):
        each = found[name]
        expected = f"{each['windows'] * ALARM:.1f}"
        rare = f"{each['windows'] * RARE:.0f}"
        counts = (each["windows"], each["alarms"], expected, each["rare"], rare)
        table.add_row(name, *map(str, counts), f"{each['look_ms']:.1f}")
    Console().print(table)
    table = Table("accuracy of", "true", "mean error", "mean |error|", "p90", "by confidence alone", "taken as before")
    for kind in dict.fromkeys(each["kind"] for each in found["accuracy"]):
        rows = [each for each in found["accuracy"] if each["kind"] == kind]
        errors = np.array([each["error"] for each in rows])
        alone, same = (float(np.mean([abs(each[name]) for each in rows])) for name in ("by_confidence", "unchanged"))
        true = float(np.mean([each["true"] for each in rows]))
        figures = (true, errors.mean(), np.abs(errors).mean(), np.quantile(np.abs(errors), 0.9), alone, same)
        table.add_row(kind, *(f"{each:.3f}" for each in figures))
    Console().print(table)
    Console().print(f"a sketch: {found['sketch']['bytes_p95']} bytes (p95), {found['sketch']['ms']:.2f} ms to add up")


@ended_in_order()
def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--choose", action="store_true", help="The part that choices are made on.")
    parser.add_argument("--trials", type=int, default=10, help="Of each group of intents.")
    parser.add_argument("--splits", type=int, default=20, help="Of each group, of which nothing changes.")
    parser.add_argument("--windows", type=int, default=1_000, help="Of each split.")
    parser.add_argument("--readings", type=Path)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    kept = KeptReadings(options.readings)
    encoder = CachingEncoder(kept)
    found: dict[str, Any] = {"delays": [], "accuracy": []}
    counts: dict[str, list[dict[str, float]]] = {"null": [], "hours": []}
    with threadpool_limits(1), kept:
        for group in range(GROUPS):
            world = World(group, options.choose, encoder)
            found["delays"] += trials(world, options.trials, ("new 10 %", "new 20 %", "elsewhere 10 %"))
            found["accuracy"] += accuracies(world, options.trials * 3, 1_000)
            counts["null"].append(nulls(world, options.splits, options.windows, False))
            counts["hours"].append(nulls(world, options.splits, max(1, options.windows // 10), True))
            found["sketch"] = sizes(world)
    for name, each in counts.items():
        found[name] = {
            "windows": sum(one["windows"] for one in each),
            "alarms": sum(one["alarms"] for one in each),
            "rare": sum(one["rare"] for one in each),
            "look_ms": float(np.median([one["look_ms"] for one in each])),
        }
    show(found)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
