"""What a person whose recordings they are may ask for, and what goes when its time is up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from sotto.core.subject_data import DataKind, ErasureStep
from sotto.recordings.ports import RedactedFiles
from sotto.recordings.record import Published, RecordingStore

LINK_S = 3_600
"""How long a link of an export opens."""


class ErasableFiles(Protocol):
    """Redacted recordings of a tenant, all versions of them. Raises Retryable."""

    def erase(self, tenant: str, contact_id: str) -> int:
        """How many versions there were."""
        ...

    def versions(self, tenant: str, contact_id: str) -> int: ...

    def erase_before(self, tenant: str, written_before_ms: int, held: frozenset[str]) -> int:
        """Of contacts that are not in ``held``; how many versions."""
        ...


class RecordingsEraser:
    """The Eraser of redacted recordings; what is known of them is among the contact's records."""

    name = "recordings"
    step = ErasureStep.OBJECTS

    def __init__(self, files: ErasableFiles) -> None:
        self._files = files

    def erase(self, tenant: str, contact_id: str) -> Mapping[str, int]:
        return {"object versions": self._files.erase(tenant, contact_id)}

    def left(self, tenant: str, contact_id: str) -> int:
        return self._files.versions(tenant, contact_id)


class RecordingsExpirer:
    """The Expirer of redacted recordings."""

    kind = DataKind.RECORDINGS

    def __init__(self, files: ErasableFiles) -> None:
        self._files = files

    def expire(self, tenant: str, written_before_ms: int, held: frozenset[str]) -> int:
        return self._files.erase_before(tenant, written_before_ms, held)


class RecordingsExporter:
    """The Exporter of links to redacted recordings."""

    name = "recordings"

    def __init__(self, store: RecordingStore, files: RedactedFiles) -> None:
        self._store = store
        self._files = files

    def export(self, tenant: str, contact_id: str) -> object:
        published = [
            each.published for each in self._store.recordings(tenant, contact_id) if each.published is not None
        ]
        return [self._link(tenant, each) for each in published] or None

    def _link(self, tenant: str, published: Published) -> dict[str, object]:
        url = self._files.url(tenant, published, expires_s=LINK_S)
        return {"url": url, "opens_for_s": LINK_S, "duration_ms": published.duration_ms}
