"""Which versions of which models serve a tenant, and where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sotto.clock import Clock
from sotto.errors import Rejected

SHARED = "shared"
"""The tenant of models that serve every tenant."""


class UnknownModel(Rejected):
    """No such model is registered for the tenant."""


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One servable version. ``target_model`` is its package's name beneath the endpoint's models prefix."""

    tenant: str
    model: str
    version: str
    target_model: str
    endpoint: str
    adapter: str = ""


Chain = tuple[ModelVersion, ...]
"""The preferred version first, then the ones to fall back on."""


class ModelRegistry(Protocol):
    def find(self, tenant: str, model: str) -> Chain:
        """The versions to try for this tenant; its own before the shared ones. Raises UnknownModel."""
        ...


class CachedRegistry:
    """Remembers answers, refusals too, for ``ttl_ms``. When the registry fails, an old answer is better than none."""

    def __init__(
        self, registry: ModelRegistry, clock: Clock, *, ttl_ms: float = 30_000, most_entries: int = 10_000
    ) -> None:
        self._registry = registry
        self._clock = clock
        self._ttl_ms = ttl_ms
        self._most_entries = most_entries
        self._known: dict[tuple[str, str], tuple[float, Chain | UnknownModel]] = {}

    def find(self, tenant: str, model: str) -> Chain:
        key, now = (tenant, model), self._clock.monotonic_ms()
        known = self._known.get(key)
        if known is None or now - known[0] >= self._ttl_ms:
            known = (now, self._asked(tenant, model, known[1] if known else None))
            self._remember(key, known)
        if isinstance(known[1], UnknownModel):
            raise UnknownModel(*known[1].args)
        return known[1]

    def _asked(self, tenant: str, model: str, before: Chain | UnknownModel | None) -> Chain | UnknownModel:
        try:
            return self._registry.find(tenant, model)
        except UnknownModel as unknown:
            return unknown
        except Exception:
            if before is None:
                raise
            return before

    def _remember(self, key: tuple[str, str], answer: tuple[float, Chain | UnknownModel]) -> None:
        if len(self._known) >= self._most_entries:
            self._known.clear()
        self._known[key] = answer


class FixedRegistry:
    """A registry held in memory: for a single machine and for tests."""

    def __init__(self, *versions: ModelVersion) -> None:
        self._chains: dict[tuple[str, str], Chain] = {}
        for version in versions:
            key = (version.tenant, version.model)
            self._chains[key] = (*self._chains.get(key, ()), version)

    def find(self, tenant: str, model: str) -> Chain:
        return own_before_shared(lambda owner: self._chains.get((owner, model), ()), tenant, model)


def own_before_shared(chain_of: Callable[[str], Chain], tenant: str, model: str) -> Chain:
    """The tenant's own chain, else the shared one, else UnknownModel."""
    chain = chain_of(tenant) or chain_of(SHARED)
    if not chain:
        raise UnknownModel(f"tenant {tenant} has no model {model!r}: publish it, or correct the policy that names it")
    return chain
