"""Facts in a folder of this machine: ``<folder>/<tenant>/<fact>/dt=<day>/part.parquet``, as they lie in S3."""

from __future__ import annotations

import shutil
from pathlib import Path

from sotto.analytics.adapters.places import place_of


class FolderFiles:
    """FactFiles."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, tenant: str, fact: str, day: str, file: Path) -> None:
        place = self._folder / place_of(tenant, fact, day)
        place.parent.mkdir(parents=True, exist_ok=True)
        unfinished = place.with_suffix(".unfinished")
        shutil.copyfile(file, unfinished)
        unfinished.replace(place)

    def remove(self, tenant: str, fact: str, day: str) -> None:
        (self._folder / place_of(tenant, fact, day)).unlink(missing_ok=True)

    def get(self, tenant: str, fact: str, day: str, file: Path) -> bool:
        place = self._folder / place_of(tenant, fact, day)
        if not place.exists():
            return False
        shutil.copyfile(place, file)
        return True
