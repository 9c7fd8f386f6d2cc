"""Where a version is asked, when more than one endpoint can load it: where it already lies, on an endpoint that lives.

What an endpoint has in memory is known by what it answers: a model that answered was there, one that was not ready was
not. Endpoints that nothing is known of are ranked by a hash of model and endpoint, the same in every process, so that a
model stays where it is and models spread evenly (rendezvous hashing).
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from threading import Lock

from sotto.core.clock import Clock
from sotto.models.registry import ModelVersion

RESIDENT, UNKNOWN, COLD = range(3)
RESIDENT_MS = 10 * 60_000.0
"""A model that nobody asked for so long may have had to make room."""
COLD_MS = 15_000.0
"""So long an endpoint is passed over that had to load the model: by then it has, if it could."""
MOST_REMEMBERED = 20_000


class EndpointPlacement:
    """Bounded; safe in several threads. One per process: each learns for itself from the shards' answers."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: OrderedDict[tuple[str, str], tuple[bool, float]] = OrderedDict()
        self._lock = Lock()

    def targets(self, version: ModelVersion) -> list[str]:
        """The version's endpoints: resident ones first, cold ones last, each group in its lasting order."""
        if not version.also_at:
            return [version.endpoint]
        return sorted(version.endpoints, key=lambda endpoint: (self.rank(version, endpoint), _order(version, endpoint)))

    def answered(self, version: ModelVersion) -> None:
        """The version lies in the memory of ``version.endpoint``."""
        self._note(version, resident=True)

    def was_cold(self, version: ModelVersion) -> None:
        """It does not, or not yet."""
        self._note(version, resident=False)

    def rank(self, version: ModelVersion, endpoint: str = "") -> int:
        """RESIDENT, UNKNOWN or COLD at ``endpoint``, by default the version's own."""
        resident, at_ms = self._known.get((version.target_model, endpoint or version.endpoint), (True, float("-inf")))
        age_ms = self._clock.monotonic_ms() - at_ms
        if resident:
            return RESIDENT if age_ms < RESIDENT_MS else UNKNOWN
        return COLD if age_ms < COLD_MS else UNKNOWN

    def _note(self, version: ModelVersion, *, resident: bool) -> None:
        key = (version.target_model, version.endpoint)
        with self._lock:
            self._known[key] = (resident, self._clock.monotonic_ms())
            self._known.move_to_end(key)
            while len(self._known) > MOST_REMEMBERED:
                self._known.popitem(last=False)


def _order(version: ModelVersion, endpoint: str) -> bytes:
    """By tenant and model, not by version: the next version goes where its tenant's calls already go."""
    return hashlib.blake2b(f"{version.tenant}|{version.model}|{endpoint}".encode(), digest_size=8).digest()
