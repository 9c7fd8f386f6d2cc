"""Which version answers whom, in the registry of models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sotto.models.registry import Rollout, UnknownModel
from sotto.models.releases import Because
from sotto.models.versions import Shelf


class TrialRegistry(Protocol):
    """What this uses of a DynamoModelRegistry."""

    def find(self, tenant: str, model: str) -> Rollout: ...

    def shelf(self, tenant: str, model: str) -> Shelf: ...

    def pin(self, tenant: str, model: str, version: str, because: Because | None = None) -> Shelf: ...

    def end_shadow(self, tenant: str, model: str, because: Because | None = None) -> Shelf: ...

    def split(self, tenant: str, model: str, version: str, percent: int, because: Because | None = None) -> Shelf: ...


@dataclass(frozen=True, slots=True)
class RegistryRollouts:
    """Rollouts and FirstVersions. ``because``: of a change, by why it is made."""

    registry: TrialRegistry
    because: Callable[[str], Because]

    def first(self, tenant: str, model: str, contact_id: str) -> str:
        return self.registry.find(tenant, model).for_call(contact_id)[0].version

    def live(self, tenant: str, model: str) -> str:
        """The version that is preferred; empty where there is none."""
        chain = self.shelf(tenant, model).chain
        return chain[0].version if chain else ""

    def percent(self, tenant: str, model: str, release: str) -> int | None:
        shelf = self.shelf(tenant, model)
        if shelf.shadow is not None and shelf.shadow.version == release:
            return None
        return shelf.shares.get(release, 0)

    def share(self, tenant: str, model: str, release: str, percent: int, why: str) -> None:
        """The live version is pinned first: out of the shadow, the newest would be preferred."""
        because, shelf = self.because(why), self.shelf(tenant, model)
        is_in_shadow = shelf.shadow is not None and shelf.shadow.version == release
        if (percent or is_in_shadow) and shelf.pinned is None and shelf.chain:
            self.registry.pin(tenant, model, shelf.chain[0].version, because)
        if is_in_shadow:
            self.registry.end_shadow(tenant, model, because)
        self.registry.split(tenant, model, release, percent, because)

    def make_live(self, tenant: str, model: str, release: str, why: str) -> None:
        self.registry.pin(tenant, model, release, self.because(why))

    def shelf(self, tenant: str, model: str) -> Shelf:
        try:
            return self.registry.shelf(tenant, model)
        except UnknownModel:
            return Shelf()
