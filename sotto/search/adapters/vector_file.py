"""Vectors in files, eight bits a number, with the signs of all of them in memory.

A search compares signs first (the Hamming distance of 384 bits, 48 bytes a vector), which costs a pass over little
memory, then reads the closest thousands from the mapped file and compares them in eight bits. Nothing is trained, so a
vector is found as soon as it is written, and one that is removed is zeroes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from sotto.search.passage import DIMENSIONS

WORDS = DIMENSIONS // 64
GROWS_BY = 65_536
"""Slots that are added at least; files are doubled up to a quarter of a million, and grow by a quarter after that."""
RESCORED = 2_000
"""Of the closest by sign. With so many of a million, what is closest in truth is among them: see docs/search.md."""
BLOCK = 65_536

Floats = npt.NDArray[np.float32]
Slots = npt.NDArray[np.int64]


class VectorFile:
    """``centre``: subtracted before numbers are rounded and signs are taken, because sentences of one trade point in
    one direction; it is set when the first vectors are written and stays. Not for several threads at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._centre: Floats | None = None
        if self._file("centre").exists():
            self._centre = np.fromfile(self._file("centre"), dtype=np.float32)
        self._numbers: npt.NDArray[np.int8]
        self._scales: Floats
        self._stored_signs: npt.NDArray[np.uint64]
        self._empty: Slots | None = None
        self._open()

    @property
    def capacity(self) -> int:
        return len(self._scales)

    def write(self, slots: Slots, vectors: Floats) -> None:
        """``vectors``: of length 1, shape (n, 384)."""
        if self._centre is None:
            self._centre = vectors.mean(axis=0).astype(np.float32)
            self._centre.tofile(self._file("centre"))
        self._make_room(int(slots.max()) + 1)
        apart = vectors - self._centre
        scales = np.abs(apart).max(axis=1) / 127.0
        scales[scales == 0] = 1.0
        self._numbers[slots] = np.rint(apart / scales[:, None]).astype(np.int8)
        self._scales[slots] = scales
        self._signs[:, slots] = self._signs_of(vectors)
        self._stored_signs[slots] = self._signs[:, slots].T
        self._empty = None

    def erase(self, slots: Slots) -> None:
        self._numbers[slots] = 0
        self._scales[slots] = 0.0
        self._signs[:, slots] = 0
        self._stored_signs[slots] = 0
        self._empty = None
        self.flush()

    def read(self, slots: Slots) -> Floats:
        scales = self._scales[slots][:, None]
        assert self._centre is not None
        found: Floats = np.where(scales > 0, self._numbers[slots].astype(np.float32) * scales + self._centre, 0)
        return found

    def closest(
        self, vector: Floats, most: int, *, among: npt.NDArray[np.bool_] | None, rescored: int = RESCORED
    ) -> tuple[Slots, Floats]:
        """Slots and cosines, best first. ``among``: which slots may be; those with nothing in them never are."""
        if among is None:
            places = self._closest_by_sign(vector, rescored, self._holes)
        else:
            allowed = among[: len(self._scales)] & (self._scales[: len(among)] > 0)
            places = np.flatnonzero(allowed)
            if len(places) > rescored:
                places = self._closest_by_sign(vector, rescored, np.flatnonzero(~allowed))
        if not len(places) or self._centre is None:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        cosines = (self._numbers[places].astype(np.float32) @ vector) * self._scales[places] + self._centre @ vector
        best = np.argsort(-cosines, kind="stable")[:most]
        return places[best], cosines[best]

    def flush(self) -> None:
        for mapped in (self._numbers, self._scales, self._stored_signs):
            if isinstance(mapped, np.memmap):
                mapped.flush()

    def close(self) -> None:
        self.flush()

    def _closest_by_sign(self, vector: Floats, most: int, without: Slots) -> Slots:
        """In blocks that stay in the processor's cache."""
        asked = self._signs_of(vector[None, :])[:, 0]
        apart = np.zeros(self.capacity, dtype=np.uint16)
        for start in range(0, self.capacity, BLOCK):
            block = apart[start : start + BLOCK]
            for word in range(WORDS):
                block += np.bitwise_count(self._signs[word, start : start + BLOCK] ^ asked[word])
        apart[without] = DIMENSIONS + 1
        counts = np.cumsum(np.bincount(apart, minlength=DIMENSIONS + 2)[: DIMENSIONS + 1])
        within = min(int(np.searchsorted(counts, most)), DIMENSIONS)
        return np.flatnonzero(apart <= within)[: 2 * most]

    @property
    def _holes(self) -> Slots:
        """Slots with nothing in them."""
        if self._empty is None:
            self._empty = np.flatnonzero(self._scales == 0)
        return self._empty

    def _signs_of(self, vectors: Floats) -> npt.NDArray[np.uint64]:
        """Shape (6, n)."""
        assert self._centre is not None
        packed = np.packbits(vectors > self._centre, axis=1)
        signs: npt.NDArray[np.uint64] = np.ascontiguousarray(packed.view(np.uint64).T)
        return signs

    def _make_room(self, slots: int) -> None:
        if slots <= self.capacity:
            return
        grown = max(slots, self.capacity + max(GROWS_BY, min(self.capacity, 262_144)))
        self.flush()
        for name, width in (("numbers", DIMENSIONS), ("scales", 4), ("signs", WORDS * 8)):
            with self._file(name).open("ab") as file:
                file.truncate(grown * width)
        self._open()

    def _open(self) -> None:
        self._empty = None
        scales = self._file("scales")
        slots = scales.stat().st_size // 4 if scales.exists() else 0
        if not slots:
            self._numbers = np.zeros((0, DIMENSIONS), np.int8)
            self._scales = np.zeros(0, np.float32)
            self._stored_signs = np.zeros((0, WORDS), np.uint64)
            self._signs = np.zeros((WORDS, 0), np.uint64)
            return
        self._numbers = np.memmap(self._file("numbers"), np.int8, "r+", shape=(slots, DIMENSIONS))
        self._scales = np.memmap(scales, np.float32, "r+", shape=(slots,))
        self._stored_signs = np.memmap(self._file("signs"), np.uint64, "r+", shape=(slots, WORDS))
        self._signs = np.ascontiguousarray(self._stored_signs.T)

    def _file(self, name: str) -> Path:
        return self._folder / f"vectors.{name}"
