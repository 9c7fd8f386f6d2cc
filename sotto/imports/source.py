"""Where a tenant keeps what is imported: a part of a bucket of the customer's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from sotto.core.errors import Rejected


class NoSuchSource(Rejected):
    """The message names those that there are."""


@dataclass(frozen=True, slots=True)
class ImportSource:
    """``name``: by which conversations are marked; part of their identity. Objects are below ``prefix``, which ends
    with '/'. ``agent_channel``: 0 or 1, of recordings with two channels. ``language``: empty for the tenant's."""

    tenant: str
    name: str
    bucket: str
    prefix: str
    agent_channel: int = 1
    language: str = ""

    def key_of(self, place: str) -> str:
        """Where a manifest's ``place`` is: always below the prefix, since S3 knows no way upwards."""
        return self.prefix + place


@dataclass(frozen=True, slots=True)
class ImportSources:
    """Of all the tenants of a cell."""

    every: tuple[ImportSource, ...] = ()

    def of(self, tenant: str, name: str | None = None) -> ImportSource:
        """``name`` may be left out where the tenant has one. Raises NoSuchSource."""
        known = {each.name: each for each in self.every if each.tenant == tenant}
        if name is None and len(known) == 1:
            return next(iter(known.values()))
        if name is None or name not in known:
            there = ", ".join(sorted(known)) or "none; name one under imports in the deployment file"
            raise NoSuchSource(f"source: choose one of this tenant's: {there}")
        return known[name]

    def at(self, bucket: str, key: str) -> ImportSource | None:
        """Whose object it is; the longest prefix, where one is within another."""
        there = [each for each in self.every if each.bucket == bucket and key.startswith(each.prefix)]
        return max(there, key=lambda each: len(each.prefix), default=None)


class StoredObject(Protocol):
    """One version of an object: what is put over it meanwhile is refused, not mixed in. Reading raises ItemMistaken and
    Retryable."""

    @property
    def size(self) -> int: ...

    @property
    def version(self) -> str:
        """Stands for its content: an entity tag."""
        ...

    @property
    def put_at_ms(self) -> int:
        """Unix epoch."""
        ...

    def stream(self, offset: int = 0, end: int | None = None) -> Iterator[bytes]:
        """From one byte to before another."""
        ...

    def file(self) -> AbstractContextManager[BinaryIO]:
        """To be read and sought in, a piece at a time."""
        ...


class Objects(Protocol):
    def open(self, source: ImportSource, key: str, version: str | None = None) -> StoredObject:
        """``key``: whole. ``version``: which it must still be. Raises ItemMistaken (MISSING, NO_ACCESS, CHANGED) and
        Retryable."""
        ...


def source_of(written: Mapping[str, object]) -> ImportSource:
    """An entry of the setting SOTTO_IMPORT_SOURCES."""
    return ImportSource(
        tenant=str(written["tenant"]),
        name=str(written["name"]),
        bucket=str(written["bucket"]),
        prefix=str(written["prefix"]),
        agent_channel=1 if written.get("agent_channel", 1) else 0,
        language=str(written.get("language") or ""),
    )
