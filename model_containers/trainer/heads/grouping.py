"""Texts in groups whose number nobody knows, beside what is known already.

Agglomeration by Ward's criterion (1963) of the encoder's last two layers. With few known names the number of groups is
the one with the best silhouette (Rousseeuw 1987). With many, their texts say what differs between wishes and what does
not: readings are whitened by the scatter within names, the number of groups is the one that recovers the names best (as
in generalised category discovery, Vaze et al. 2022), and k-means goes on from the names' own means and the new groups'.
Chosen on parts of BANKING77 that no figure is of (benchmarks/new_intents.py).
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage  # type: ignore[import-untyped]
from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]
from sklearn.metrics import silhouette_score

from model_containers.shard.base_encoder.embedding import CachingEncoder, Vectors
from model_containers.trainer.heads.fitting import Targets
from sotto.learning.gaps.gap import FEWEST_MEMBERS
from sotto.learning.gaps.naming import names_of
from sotto.learning.gaps.ports import Grouped, Grouping

MANY_NAMES = 20
"""From here on what is known says more about differences than it blurs."""
AT_ONCE = 3_000
"""Texts that are agglomerated, which takes memory by their square; the others go to the nearest group."""
DIMENSIONS = 128
SHRINKAGE = 0.3
ROUNDS = 15
IS_NEW = 0.3
"""Of the known texts that a group of its size has on average; with fewer, it is none of the known names."""
ASKED = 1_200
"""Texts by which a silhouette is estimated."""
BEYOND = 1.4
"""Times the number of groups that recovers the known names best: what is new comes beside them."""
NUMBERS = 16
"""Of groups, that are tried."""
ALIKE = 0.4
"""Cosine to a group's centre; what is further off is like nothing else."""
ONE_WISH = 0.78
"""Mean cosine to the common centre, from which on a few texts are one group: a silhouette knows no single one. Sixteen
texts of two of CLINC150's intents have as much once in twenty times, of one intent four times in five."""
JOINS = 0.88
"""Cosine between centres, from which on a group is one that is kept. Of six texts it finds 89 % of CLINC150's groups
and 96 % of BANKING77's again, and takes 1 % and 12 % for another one."""
SMALL_TALK = 0.75
"""Cosine to a text that is known to be about nothing."""
CLOSER = 12
"""And between the neighbours of the best of them."""
SEED = 11


@dataclass(frozen=True, slots=True)
class Known:
    """``names``: texts by intent or article. ``nothing``: texts that need no name."""

    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    nothing: Sequence[str] = ()


def grouped(
    gaps: Sequence[tuple[str, int]], kept: Mapping[str, str], known: Known, encoder: CachingEncoder
) -> Grouping:
    """``gaps``: words and number of the call. ``kept``: centres of groups that are not grouped anew, by their ids."""
    texts = [text for text, _ in gaps]
    if not texts:
        return Grouping((), {}, {})
    vectors = encoder.wide(texts)
    names = [name for name, phrases in known.names.items() for _ in phrases]
    phrases = [text for some in known.names.values() for text in some]
    labelled = encoder.wide(phrases) if phrases else vectors[:0]
    return in_groups(gaps, vectors, kept, (names, labelled), encoder.wide(known.nothing) if known.nothing else None)


def in_groups(
    gaps: Sequence[tuple[str, int]],
    vectors: Vectors,
    kept: Mapping[str, str],
    known: tuple[Sequence[str], Vectors],
    nothing: Vectors | None,
) -> Grouping:
    """As ``grouped``, of readings. A reading that is no number is in no group."""
    sound: npt.NDArray[np.bool_] = np.asarray(np.isfinite(vectors).all(axis=1))
    units = _unit(np.where(sound[:, None], vectors, 0.0))
    loose = sound
    if nothing is not None:
        loose = sound & ((units @ _unit(nothing).T).max(axis=1) < SMALL_TALK)
    places = np.flatnonzero(loose)
    found = _members(units[places], *known) if len(places) else []
    joined, members = _joined(units, [places[each] for each in found], kept)
    grouped = sum(map(len, members)) + sum(map(len, joined.values()))
    left = {
        "no reading": int((~sound).sum()),
        "small talk": int((sound & ~loose).sum()),
        "like too few others": len(places) - grouped,
    }
    phrases = names_of([[gaps[place] for place in each] for each in members])
    groups = [
        Grouped(tuple(map(int, each)), phrase, centre_of(units[each]), *_nearest(units[each], *known))
        for each, phrase in zip(members, phrases, strict=True)
    ]
    return Grouping(tuple(groups), joined, {why: count for why, count in left.items() if count})


def partition(vectors: Vectors, labelled: Vectors, targets: Targets) -> Targets:
    """The group of each of ``vectors``, numbered from 0. ``labelled`` with ``targets``: readings of what is known, by
    name; those of many names give the first numbers."""
    if len(np.unique(targets)) < MANY_NAMES:
        return _by_silhouette(_unit(vectors))
    units = _unit(np.concatenate([labelled, vectors]))
    space = _whitened(units, len(labelled), targets)
    sample = np.concatenate([np.arange(len(labelled)), len(labelled) + _evenly(len(vectors), AT_ONCE - len(labelled))])
    tree = linkage(space[sample], "ward")
    names = len(np.unique(targets))
    tried = np.unique(np.linspace(max(2, names // 2), min(len(sample) - 1, 5 * names // 2), NUMBERS).astype(int))
    best = max(tried, key=lambda number: (_recovered(_cut(tree, number)[: len(labelled)], targets), -number))
    return _from_names(space, len(labelled), targets, sample, _cut(tree, round(BEYOND * int(best))))


def centre_of(units: Vectors) -> str:
    """Signed bytes in base64."""
    centre = _unit(units.mean(axis=0, keepdims=True))[0]
    scaled = centre / max(1e-9, float(np.abs(centre).max())) * 127
    return base64.b64encode(np.rint(scaled).astype(np.int8).tobytes()).decode()


def _by_silhouette(units: Vectors) -> Targets:
    sample = _evenly(len(units), AT_ONCE)
    together = float((units @ _unit(units.mean(axis=0, keepdims=True))[0]).mean())
    are_few = len(sample) < 2 * FEWEST_MEMBERS or (len(sample) < 4 * FEWEST_MEMBERS and together >= ONE_WISH)
    if are_few or float(np.ptp(units[sample], axis=0).max()) < 1e-6:
        return np.zeros(len(units), dtype=np.int64)
    tree, asked = linkage(units[sample], "ward"), _evenly(len(sample), ASKED)
    tried = np.unique(np.geomspace(max(2, (len(sample) / 10) ** 0.5), max(3, len(sample) / 10), NUMBERS).astype(int))

    def score(number: int) -> float:
        cut = _cut(tree, number)[asked]
        count = len(np.unique(cut))
        return float(silhouette_score(units[sample][asked], cut)) if 1 < count < len(asked) else -1.0

    place = int(np.argmax([score(number) for number in tried]))
    between = np.linspace(tried[max(0, place - 1)], tried[min(len(tried) - 1, place + 1)], CLOSER).astype(int)
    cut = _cut(tree, int(max(np.unique([tried[place], *between]), key=score)))
    centres = np.stack([units[sample][cut == group].mean(axis=0) for group in range(cut.max() + 1)])
    found = _to_nearest(units, centres)
    found[sample] = cut
    return found


def _whitened(units: Vectors, labelled: int, targets: Targets) -> Vectors:
    """In directions in which texts of one name differ, differences count less."""
    rest = units[labelled:] if len(units) > labelled else units
    mean = rest.mean(axis=0)
    some = rest[_evenly(len(rest), AT_ONCE)]
    directions = np.linalg.svd(some - mean, full_matrices=False)[2][:DIMENSIONS]
    space = (units - mean) @ directions.T
    within = space[:labelled] - np.stack([space[:labelled][targets == each].mean(axis=0) for each in targets])
    scatter = within.T @ within / max(1, labelled - len(np.unique(targets)))
    size = len(scatter)
    scatter = (1 - SHRINKAGE) * scatter + SHRINKAGE * np.trace(scatter) / size * np.eye(size)
    values, axes = np.linalg.eigh(scatter)
    return _unit(space @ ((axes / np.sqrt(values)) @ axes.T))


def _from_names(space: Vectors, labelled: int, targets: Targets, sample: Targets, cut: Targets) -> Targets:
    names = np.unique(targets)
    usual = IS_NEW * labelled / len(sample)
    new = []
    for group in range(cut.max() + 1):
        inside = targets[cut[:labelled] == group]
        most = int(np.bincount(inside).max()) if len(inside) else 0
        if most < usual * int((cut == group).sum()):
            new.append(space[sample][cut == group].mean(axis=0))
    centres = np.stack([*(space[:labelled][targets == name].mean(axis=0) for name in names), *new])
    fixed: Targets = np.searchsorted(names, targets)
    for _ in range(ROUNDS):
        every = np.concatenate([fixed, _to_nearest(space[labelled:], centres)])
        present = np.unique(every)
        centres[present] = np.stack([space[every == each].mean(axis=0) for each in present])
    return _to_nearest(space[labelled:], centres)


def _recovered(groups: Targets, targets: Targets) -> float:
    """The share of texts whose group is their name's, one group a name (Kuhn 1955)."""
    counts = np.zeros((int(groups.max()) + 1, int(targets.max()) + 1))
    np.add.at(counts, (groups, targets), 1)
    rows, columns = linear_sum_assignment(-counts)
    return float(counts[rows, columns].sum() / len(targets))


def _members(units: Vectors, names: Sequence[str], labelled: Vectors) -> list[Targets]:
    """Places of each group that is large enough, the largest first; without what is like nothing else."""
    order = {name: number for number, name in enumerate(dict.fromkeys(names))}
    targets: Targets = np.array([order[name] for name in names], dtype=np.int64)
    cut = partition(units, labelled, targets)
    found = []
    for group in np.unique(cut):
        places = np.flatnonzero(cut == group)
        centre = _unit(units[places].mean(axis=0, keepdims=True))[0]
        alike: Targets = places[units[places] @ centre >= ALIKE]
        if len(alike) >= FEWEST_MEMBERS:
            found.append(alike)
    return sorted(found, key=lambda places: (-len(places), int(places[0])))


def _nearest(units: Vectors, names: Sequence[str], labelled: Vectors) -> tuple[str, float]:
    if not names:
        return "", 0.0
    likeness = _unit(labelled) @ _unit(units.mean(axis=0, keepdims=True))[0]
    best = int(likeness.argmax())
    return names[best], round(float(likeness[best]), 3)


def _joined(
    units: Vectors, groups: Sequence[Targets], kept: Mapping[str, str]
) -> tuple[dict[str, tuple[int, ...]], list[Targets]]:
    """Those that are kept ones, by their ids, and the others."""
    centres = {id: np.frombuffer(base64.b64decode(centre), dtype=np.int8) for id, centre in kept.items()}
    ids = [id for id, centre in centres.items() if len(centre) == units.shape[1]]
    if not ids:
        return {}, list(groups)
    known = _unit(np.stack([centres[id] for id in ids]).astype(np.float32))
    joined: dict[str, tuple[int, ...]] = {}
    others = []
    for group in groups:
        likeness = known @ _unit(units[group].mean(axis=0, keepdims=True))[0]
        best = int(likeness.argmax())
        if likeness[best] < JOINS:
            others.append(group)
        else:
            joined[ids[best]] = (*joined.get(ids[best], ()), *map(int, group))
    return joined, others


def _cut(tree: Vectors, number: int) -> Targets:
    found: Targets = fcluster(tree, number, "maxclust").astype(np.int64) - 1
    return found


def _to_nearest(vectors: Vectors, centres: Vectors) -> Targets:
    scores = vectors @ centres.T - 0.5 * (centres**2).sum(axis=1)
    found: Targets = scores.argmax(axis=1).astype(np.int64)
    return found


def _evenly(count: int, most: int) -> Targets:
    """Places, at most so many, the same at every call."""
    if count <= most:
        return np.arange(count)
    return np.sort(np.random.RandomState(SEED).permutation(count)[: max(0, most)])


def _unit(vectors: Vectors) -> Vectors:
    found: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return found.astype(np.float32)
