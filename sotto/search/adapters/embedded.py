"""A tenant's passages on this machine's disk: SQLite for words and filters, mapped files for vectors.

For a machine of one's own: one process writes. What a search of a million passages takes is in docs/search.md.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import RLock

import numpy as np

from sotto.aws import keys as names
from sotto.search.adapters.passage_table import PassageTable
from sotto.search.adapters.vector_file import RESCORED, VectorFile
from sotto.search.fusion import fused
from sotto.search.index import Asked, Candidate, Candidates, IndexedPassage
from sotto.search.passage import Vector


class EmbeddedIndex:
    """A SearchIndex, in a folder for each tenant below ``folder``."""

    def __init__(self, folder: Path, *, rescored: int = RESCORED) -> None:
        self._folder = folder
        self._rescored = rescored
        self._open: dict[str, tuple[PassageTable, VectorFile]] = {}
        self._lock = RLock()

    def put(self, tenant: str, passages: Sequence[IndexedPassage]) -> None:
        latest = list({each.passage.key: each for each in passages}.values())
        if not latest:
            return
        with self._lock:
            table, vectors = self._of(tenant, make=True)
            # Vectors are found by a slot that a row names: a crash between the two leaves a row whose vector is that of
            # nothing, which by words is found, and which the next put of the same key repairs.
            slots = np.array(table.put([each.passage for each in latest]), dtype=np.int64)
            vectors.write(slots, np.array([each.vector for each in latest], dtype=np.float32))
            vectors.flush()

    def known(self, tenant: str, keys: Sequence[str]) -> Mapping[str, tuple[str, Vector]]:
        with self._lock:
            if (opened := self._there(tenant)) is None:
                return {}
            table, vectors = opened
            found = {key: each for key, each in table.by_keys(keys).items() if each[0] < vectors.capacity}
            if not found:
                return {}
            read = vectors.read(np.array([slot for slot, _ in found.values()], dtype=np.int64))
            pairs = zip(found.items(), read, strict=True)
            return {key: (digest, vector.tolist()) for (key, (_, digest)), vector in pairs if vector.any()}

    def candidates(self, tenant: str, asked: Asked) -> Candidates:
        with self._lock:
            if (opened := self._there(tenant)) is None:
                return Candidates((), False)
            table, vectors = opened
            by_words, missed = self._by_words(table, asked)
            # A phrase is looked for in all that there is: what only means it has not said it.
            by_meaning = self._by_meaning(table, vectors, asked) if not asked.said.phrases else {}
            ranked = fused([by_words, list(by_meaning)])
            passages = table.passages([slot for slot, _ in ranked[: asked.most]])
            best = [(slot, score) for slot, score in ranked[: asked.most] if slot in passages]
            holding = set(by_words) | table.holding(asked.said, [slot for slot, _ in best])
            likeness = self._likeness(vectors, asked, [slot for slot, _ in best])
            found = tuple(Candidate(passages[slot], score, slot in holding, likeness.get(slot)) for slot, score in best)
            return Candidates(found, missed or len(ranked) >= asked.most)

    def keys(self, tenant: str, contact_id: str) -> Sequence[str]:
        with self._lock:
            opened = self._there(tenant)
            return opened[0].keys_of(contact_id) if opened else []

    def remove(self, tenant: str, keys: Sequence[str]) -> None:
        with self._lock:
            if (opened := self._there(tenant)) is None or not keys:
                return
            freed = opened[0].remove(keys)
            if freed:
                opened[1].erase(np.array(freed, dtype=np.int64))

    def drop(self, tenant: str) -> None:
        with self._lock:
            self._close(tenant)
            shutil.rmtree(self._folder / names.of_tenant(tenant), ignore_errors=True)

    def close(self) -> None:
        with self._lock:
            for tenant in list(self._open):
                self._close(tenant)

    @staticmethod
    def _by_words(table: PassageTable, asked: Asked) -> tuple[list[int], bool]:
        if not asked.by_words and asked.vector is not None:
            return [], False
        return table.by_words(asked.said, asked.filter, asked.most)

    def _by_meaning(self, table: PassageTable, vectors: VectorFile, asked: Asked) -> dict[int, float]:
        if asked.vector is None or not vectors.capacity:
            return {}
        wanted = table.slots_of(asked.filter)
        among = None
        if wanted is not None:
            among = np.zeros(vectors.capacity, dtype=np.bool_)
            among[[slot for slot in wanted if slot < vectors.capacity]] = True
        question = np.asarray(asked.vector, dtype=np.float32)
        slots, cosines = vectors.closest(question, asked.most, among=among, rescored=self._rescored)
        return dict(zip(slots.tolist(), cosines.tolist(), strict=True))

    @staticmethod
    def _likeness(vectors: VectorFile, asked: Asked, slots: Sequence[int]) -> dict[int, float]:
        """Of what words found, too."""
        if asked.vector is None or not slots:
            return {}
        question = np.asarray(asked.vector, dtype=np.float32)
        cosines = vectors.read(np.array(slots, dtype=np.int64)) @ question
        return dict(zip(slots, cosines.tolist(), strict=True))

    def _there(self, tenant: str) -> tuple[PassageTable, VectorFile] | None:
        made = (self._folder / names.of_tenant(tenant) / "passages.sqlite").exists()
        return self._of(tenant, make=False) if made else None

    def _of(self, tenant: str, *, make: bool) -> tuple[PassageTable, VectorFile]:
        if tenant not in self._open:
            place = self._folder / names.of_tenant(tenant)
            if make:
                place.mkdir(parents=True, exist_ok=True)
            self._open[tenant] = PassageTable(place / "passages.sqlite"), VectorFile(place)
        return self._open[tenant]

    def _close(self, tenant: str) -> None:
        opened = self._open.pop(tenant, None)
        if opened is not None:
            opened[0].close()
            opened[1].close()
