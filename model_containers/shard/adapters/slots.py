"""Which adapters are on the device, who uses them, and which one goes when room is needed. Bookkeeping only."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from model_containers.shard.lora.gathered import AdapterPlacement, AdapterPools
from model_containers.shard.protocol.errors import NoRoom
from sotto.models.package import ModelCard


@dataclass(slots=True)
class Slot:
    """A resident adapter. ``holders``: sequences that compute with it now; it cannot leave before they do."""

    url: str
    card: ModelCard
    placement: AdapterPlacement
    bytes: int
    load_ms: float = 0.0
    holders: int = 0
    pinned: bool = False
    leaving: bool = False

    @property
    def rank(self) -> int:
        return len(self.placement.rows)

    @property
    def may_leave(self) -> bool:
        return not self.holders and not self.pinned


class Slots:
    """Least recently used first. Room is counted in rank rows, so small adapters take small slots."""

    def __init__(self, pools: AdapterPools) -> None:
        self._pools = pools
        self._rows = pools.free_rows
        self._resident: OrderedDict[str, Slot] = OrderedDict()
        self.evictions = 0

    def all(self) -> list[Slot]:
        return list(self._resident.values())

    def get(self, url: str) -> Slot | None:
        slot = self._resident.get(url)
        if slot is not None:
            self._resident.move_to_end(url)
        return slot

    def make_room(self, rank: int) -> AdapterPlacement:
        """Evicts no more than needed, and nothing when it would not help. Raises NoRoom."""
        leaving: list[Slot] = []
        free = self._pools.free_rows
        for slot in self._resident.values():
            if free >= rank:
                break
            if slot.may_leave:
                leaving.append(slot)
                free += slot.rank
        if free < rank:
            raise NoRoom(f"the adapter needs {rank} rank rows, and all but {free} of {self._rows} are pinned or in use")
        for slot in leaving:
            self.remove(slot.url)
            self.evictions += 1
        return self._pools.reserve(rank)

    def give_back(self, placement: AdapterPlacement) -> None:
        """Reserved rows whose load failed."""
        self._pools.release(placement)

    def add(self, slot: Slot) -> None:
        self._resident[slot.url] = slot

    def remove(self, url: str) -> None:
        self._pools.release(self._resident.pop(url).placement)

    def pin(self, url: str) -> None:
        """Room for one more of this size stays unpinned, or nobody else could ever be served. Raises NoRoom."""
        slot = self._resident[url]
        pinned = sum(other.rank for other in self._resident.values() if other.pinned and other is not slot)
        if pinned + 2 * slot.rank > self._rows:
            raise NoRoom(f"pinning {url} would leave no slot for the others: unpin one first")
        slot.pinned = True
