"""The disk tier: fetched packages, unpacked and checked, up to a budget of bytes. It outlives the process.

What is on the device or in host memory needs no copy here, so any entry may go when the disk is full.

A package's checksums are computed when it arrives, and once more by a process that finds it here; after that only if a
file has changed since. Hashing would be most of what a load from this tier costs.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore, Lock

from model_containers.shard.adapters.sources import PackageSource
from model_containers.shard.protocol.errors import NoRoom
from sotto.models.package import CARD, BadPackage, ModelPackage, open_package

_PARTIAL = ".partial"
_State = tuple[tuple[int, int, int], ...]
"""What a change of a file would change: inode, size, time, of the card and of each file that it lists."""


@contextmanager
def packages_folder(chosen: Path | None) -> Iterator[Path]:
    """The one that was chosen, or a temporary one that goes with the process."""
    if chosen is not None:
        yield chosen
        return
    with TemporaryDirectory(prefix="sotto-packages-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def checks_at_once() -> int:
    """Unpacking and hashing keep a processor busy, and the model needs it too: of few processors they get one."""
    return max(1, (os.cpu_count() or 1) // 4)


class DiskPackages:
    """Used from several threads, one package by one thread at a time."""

    def __init__(self, root: Path, source: PackageSource, *, budget_bytes: int) -> None:
        self._root = root
        self._source = source
        self._budget_bytes = budget_bytes
        self._lock = Lock()
        self._sizes: OrderedDict[str, int] = OrderedDict()
        self._being_read: Counter[str] = Counter()
        self._checked: dict[str, tuple[_State, ModelPackage]] = {}
        self._checking = BoundedSemaphore(checks_at_once())
        self._take_stock()

    @property
    def bytes(self) -> int:
        return sum(self._sizes.values())

    def __contains__(self, url: object) -> bool:
        """Whether it is probably here: it may turn out to have rotted."""
        return isinstance(url, str) and _key(url) in self._sizes

    @contextmanager
    def opened(self, url: str) -> Iterator[tuple[ModelPackage, bool]]:
        """The checked package at ``url``, and whether it was here already; it stays while it is being read.

        Raises BadPackage, NotReachable, NoRoom.
        """
        key = _key(url)
        with self._lock:
            self._being_read[key] += 1
        try:
            package = self._found(key)
            yield (package, True) if package else (self._fetched(url, key), False)
        finally:
            with self._lock:
                self._being_read[key] -= 1

    def _found(self, key: str) -> ModelPackage | None:
        """A disk can lose bits, and hands can change files: then the package is fetched anew."""
        with self._lock:
            if key not in self._sizes:
                return None
            self._sizes.move_to_end(key)
            checked = self._checked.get(key)
        try:
            if checked is not None and checked[0] == _state_of(checked[1]):
                return checked[1]
            return self._noted(key, open_package(self._root / key, self._root / key))
        except (BadPackage, OSError):
            self._drop(key)
            return None

    def _noted(self, key: str, package: ModelPackage) -> ModelPackage:
        with self._lock:
            self._checked[key] = _state_of(package), package
        return package

    def forget(self, url: str) -> None:
        self._drop(_key(url))

    def _fetched(self, url: str, key: str) -> ModelPackage:
        while True:
            try:
                return self._fetch(url, key)
            except (OSError, BadPackage) as error:
                if not _disk_full(error):
                    raise
                if not self._drop_oldest():
                    raise NoRoom(f"the disk has no room for {url}") from error

    def _fetch(self, url: str, key: str) -> ModelPackage:
        partial = self._root / (key + _PARTIAL)
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        try:
            self._source.fetch(url, partial / "fetched")
            with self._checking:
                package = open_package(partial / "fetched", partial / "unpacked")
            size = package.size_bytes
            self._make_room(size)
            shutil.rmtree(self._root / key, ignore_errors=True)
            package.directory.rename(self._root / key)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        with self._lock:
            self._sizes[key] = size
        return self._noted(key, ModelPackage(package.card, self._root / key))

    def _make_room(self, size: int) -> None:
        if size > self._budget_bytes:
            raise NoRoom(f"the package holds {size} bytes, the disk's share is {self._budget_bytes}")
        while self.bytes + size > self._budget_bytes and self._drop_oldest():
            pass

    def _drop_oldest(self) -> bool:
        with self._lock:
            oldest = next((key for key in self._sizes if not self._being_read[key]), None)
        if oldest is not None:
            self._drop(oldest)
        return oldest is not None

    def _drop(self, key: str) -> None:
        with self._lock:
            self._sizes.pop(key, None)
            self._checked.pop(key, None)
        shutil.rmtree(self._root / key, ignore_errors=True)

    def _take_stock(self) -> None:
        """What an earlier process left, oldest first; what it did not finish is removed."""
        self._root.mkdir(parents=True, exist_ok=True)
        for entry in sorted(self._root.iterdir(), key=lambda path: path.stat().st_mtime):
            if entry.name.endswith(_PARTIAL):
                shutil.rmtree(entry, ignore_errors=True)
            else:
                self._sizes[entry.name] = sum(file.stat().st_size for file in entry.rglob("*") if file.is_file())


def _state_of(package: ModelPackage) -> _State:
    found = [(package.directory / name).stat() for name in (CARD, *package.card.files)]
    return tuple((file.st_ino, file.st_size, file.st_mtime_ns) for file in found)


def _key(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:32]


def _disk_full(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        error = error.__cause__
    return False
