"""The versions of one model: which is preferred, what to fall back on, and what was taken back.

publish    a new version is preferred, unless another is pinned
pin        a version stays preferred, whatever is published later, until it is unpinned
roll back  the preferred version is withdrawn: kept for the record, asked no more; the one before it serves
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from sotto.errors import Rejected
from sotto.inference.registry import Chain, ModelVersion

VERSIONS_KEPT = 5
State = Literal["pinned", "preferred", "fallback", "withdrawn"]


class UnknownVersion(Rejected):
    """The registry has no such version of the model, or none that could serve."""


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """``published_at_ms`` is Unix time. ``metrics`` are those that training measured."""

    version: ModelVersion
    published_at_ms: int = 0
    metrics: Mapping[str, float] = field(default_factory=dict)
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Shelf:
    """``published`` holds the newest first. Every change gives a new shelf."""

    published: tuple[PublishedVersion, ...] = ()
    pinned: str | None = None

    @property
    def chain(self) -> Chain:
        """What the router tries: the pinned version, then the newest, then the earlier ones."""
        serving = [one.version for one in self.published if not one.withdrawn]
        return tuple(sorted(serving, key=lambda version: version.version != self.pinned))

    def with_published(self, new: PublishedVersion) -> Shelf:
        """Publishing a version again moves it to the front and ends its withdrawal. The oldest are forgotten."""
        earlier = (one for one in self.published if one.version.version != new.version.version)
        return replace(self, published=self._kept((new, *earlier)))

    def with_pin(self, version: str) -> Shelf:
        """Pinning a withdrawn version takes it back into service. Raises UnknownVersion."""
        if version not in (known := [one.version.version for one in self.published]):
            raise UnknownVersion(f"there is no version {version!r} to pin; known are {', '.join(known) or 'none'}")
        return Shelf(self._marked(version, withdrawn=False), pinned=version)

    def without_pin(self) -> Shelf:
        return replace(self, pinned=None)

    def rolled_back(self) -> Shelf:
        """A pin on the withdrawn version is taken off. Raises UnknownVersion when nothing would be left to serve."""
        if len(self.chain) < 2:
            raise UnknownVersion("there is no earlier version to roll back to: publish one that works instead")
        gone = self.chain[0].version
        return Shelf(self._marked(gone, withdrawn=True), None if gone == self.pinned else self.pinned)

    def state(self, one: PublishedVersion) -> State:
        if one.withdrawn:
            return "withdrawn"
        if one.version.version == self.pinned:
            return "pinned"
        return "preferred" if one.version == self.chain[0] else "fallback"

    def _marked(self, version: str, *, withdrawn: bool) -> tuple[PublishedVersion, ...]:
        return tuple(
            replace(one, withdrawn=withdrawn) if one.version.version == version else one for one in self.published
        )

    def _kept(self, published: tuple[PublishedVersion, ...]) -> tuple[PublishedVersion, ...]:
        recent = published[:VERSIONS_KEPT]
        pinned = (one for one in published[VERSIONS_KEPT:] if one.version.version == self.pinned)
        return (*recent, *pinned)


class ModelShelves(Protocol):
    """The registry as those see it who publish. Each change raises RegistryChanged when somebody else was quicker."""

    def models(self, tenant: str) -> list[str]: ...

    def shelf(self, tenant: str, model: str) -> Shelf:
        """Raises UnknownModel."""
        ...

    def publish(
        self, version: ModelVersion, *, metrics: Mapping[str, float] | None = None, published_at_ms: int = 0
    ) -> None: ...

    def pin(self, tenant: str, model: str, version: str) -> Shelf: ...

    def unpin(self, tenant: str, model: str) -> Shelf: ...

    def roll_back(self, tenant: str, model: str) -> Shelf: ...
