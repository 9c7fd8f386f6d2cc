"""Where the files of facts are read from: fetched as the tenant into a folder of this process, or as they lie."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from uuid import uuid4

from sotto.analytics.adapters.places import place_of
from sotto.analytics.days.filing import FiledDay, FiledFacts
from sotto.analytics.days.write import FactFiles
from sotto.analytics.query.answer import Found

AT_ONCE = 8
KEPT_BYTES = 400 * 1024**2
"""Of fetched files: less than the 512 MB that a function's /tmp has."""


class FetchedFacts:
    """A FactReader. Only days that are known to be written are asked for: S3 says of an object that is not there that
    access is denied, which would be counted as an attempt. What was fetched once is kept while the day stays the
    same."""

    def __init__(self, filed: FiledFacts, files: FactFiles, folder: Path) -> None:
        self._filed = filed
        self._files = files
        self._folder = folder

    def files(self, tenant: str, fact: str, days: Sequence[str]) -> Found:
        wanted = set(days)
        known = [each for each in self._filed.days(tenant) if each.day in wanted]
        with_rows = [each for each in known if dict(each.rows).get(fact)]
        self._make_room(self._place(tenant, fact, each) for each in with_rows)
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="facts") as fetching:
            fetched = list(fetching.map(partial(self._fetched, tenant, fact), with_rows))
        return Found(
            files=tuple(file for file in fetched if file is not None),
            missing=tuple(each.day for each, file in zip(with_rows, fetched, strict=True) if file is None),
            behind=tuple(each.day for each in known if each.is_behind),
        )

    def _fetched(self, tenant: str, fact: str, day: FiledDay) -> Path | None:
        place = self._place(tenant, fact, day)
        if place.exists():
            return place
        place.parent.mkdir(parents=True, exist_ok=True)
        # Of this fetch alone: where functions share a process, two may fetch the same day at once.
        unfinished = place.with_suffix(f".{uuid4().hex}.unfinished")
        if not self._files.get(tenant, fact, day.day, unfinished):
            return None
        return unfinished.replace(place)

    def _place(self, tenant: str, fact: str, day: FiledDay) -> Path:
        version = hashlib.sha256(day.written.encode()).hexdigest()[:16]
        return self._folder / tenant / fact / f"{day.day}-{version}.parquet"

    def _make_room(self, wanted: Iterable[Path]) -> None:
        """What is not wanted now goes, the longest unused first, until the rest is small enough."""
        keep = set(wanted)
        files = [(file.stat(), file) for file in self._folder.rglob("*.parquet")]
        size = sum(stat.st_size for stat, _ in files)
        for stat, file in sorted(files, key=lambda each: each[0].st_atime):
            if size <= KEPT_BYTES:
                return
            if file not in keep:
                file.unlink(missing_ok=True)
                size -= stat.st_size


class LyingFacts:
    """A FactReader of a folder as ``FolderFiles`` writes it. A day of which there is no file has no rows; between the
    first day and the last it counts as missing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def files(self, tenant: str, fact: str, days: Sequence[str]) -> Found:
        places = {day: self._folder / place_of(tenant, fact, day) for day in days}
        there = {day: place for day, place in places.items() if place.exists()}
        known = sorted(there)
        missing = [day for day in places if known and known[0] < day < known[-1] and day not in there]
        return Found(tuple(there.values()), tuple(missing))
