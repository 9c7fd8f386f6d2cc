"""Releases of a training run, in the registry of models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.tenants import ModelPublisher
from sotto.learning.adapters.registry_rollouts import RegistryRollouts


@dataclass(frozen=True, slots=True)
class RegistryReleasing:
    """A Releasing. ``archive``: the package of a version. ``endpoints``: that serve it."""

    publisher: ModelPublisher
    archive: Callable[[str, str, str], Path]
    endpoints: Sequence[str]

    @property
    def rollouts(self) -> RegistryRollouts:
        """The same registry's, by whoever publishes."""
        return RegistryRollouts(self.publisher.registry, self.publisher.because)

    def live(self, tenant: str, model: str) -> str:
        return self.rollouts.live(tenant, model)

    def publish(self, tenant: str, model: str, release: str, why: str) -> None:
        because = self.publisher.because(why)
        self.publisher.put(self.archive(tenant, model, release), self.endpoints, because, source="package")

    def put_in_shadow(self, tenant: str, model: str, release: str, why: str) -> None:
        shelf = self.rollouts.shelf(tenant, model)
        if shelf.shadow is not None and shelf.shadow.version == release:
            return
        because, package = self.publisher.because(why), self.archive(tenant, model, release)
        self.publisher.put(package, self.endpoints, because, source="package", in_shadow=True)
