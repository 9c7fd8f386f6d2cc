"""Which versions of which models serve a tenant, and where."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sotto.core.clock import Clock
from sotto.core.errors import Rejected

SHARED = "shared"
"""The tenant of models that serve every tenant."""


class UnknownModel(Rejected):
    """No such model is registered for the tenant."""


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One servable version. ``target_model`` is its package's name beneath the endpoint's models prefix.

    ``also_at``: further endpoints that can load it. An endpoint may be written ``endpoint/variant``.
    """

    tenant: str
    model: str
    version: str
    target_model: str
    endpoint: str
    adapter: str = ""
    also_at: tuple[str, ...] = ()

    @property
    def endpoints(self) -> tuple[str, ...]:
        return (self.endpoint, *self.also_at)


Chain = tuple[ModelVersion, ...]
"""The preferred version first, then the ones to fall back on."""


@dataclass(frozen=True, slots=True)
class Shadow:
    """``version`` is asked what the live one was asked, on ``percent`` of the calls; its answers are only compared."""

    version: ModelVersion
    percent: int = 100


@dataclass(frozen=True, slots=True)
class Rollout:
    """Who answers for a model. ``chain``: never holds the shadow.

    ``shares``: version -> percent of the calls that it answers first. The rest is the preferred version's.
    """

    chain: Chain = ()
    shares: Mapping[str, int] = field(default_factory=dict)
    shadow: Shadow | None = None

    def for_call(self, contact_id: str) -> Chain:
        """The chain of one call: whenever and wherever it is asked, a call sees one version.

        Shares lie side by side from 0 up, in the order of their names. When the last share grows, only calls of the
        preferred version move.
        """
        point, end = _point(contact_id, self.chain, "share"), 0
        for name in sorted(self.shares):
            end += self.shares[name]
            if point < end:
                return tuple(sorted(self.chain, key=lambda version: version.version != name))
        return self.chain

    def shadow_of(self, contact_id: str) -> ModelVersion | None:
        """The version that is asked the same on this call; None when none is."""
        if self.shadow is None or _point(contact_id, self.chain, "shadow") >= self.shadow.percent:
            return None
        return self.shadow.version

    def variant(self, version: ModelVersion) -> str:
        """``trial``: it has a share of the calls."""
        if version.version in self.shares:
            return "trial"
        return "preferred" if version == self.chain[0] else "fallback"


def _point(contact_id: str, chain: Chain, what: str) -> float:
    """From 0 to below 100, evenly spread, and independent for every model and use."""
    model = chain[0].model if chain else ""
    digest = hashlib.blake2b(f"{what}|{model}|{contact_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64 * 100


Found = Rollout | Exception
"""Of one model among several: its rollout, or the error that asking for it alone would raise."""


class ModelRegistry(Protocol):
    def find(self, tenant: str, model: str) -> Rollout:
        """The versions to try for this tenant; its own before the shared ones. Raises UnknownModel."""
        ...

    def find_all(self, tenant: str, models: Sequence[str]) -> Mapping[str, Found]:
        """The same of several models, with as few questions as the store allows. Raises what the store raises."""
        ...


class CachedRegistry:
    """Remembers answers, refusals too, for ``ttl_ms``, and of a model with a version on trial for ``trial_ttl_ms``: a
    bad one is taken back by as much sooner. When the registry fails, an old answer is better than none."""

    def __init__(
        self,
        registry: ModelRegistry,
        clock: Clock,
        *,
        ttl_ms: float = 30_000,
        trial_ttl_ms: float = 10_000,
        most_entries: int = 10_000,
    ) -> None:
        self._registry = registry
        self._clock = clock
        self._ttl_ms = ttl_ms
        self._trial_ttl_ms = min(ttl_ms, trial_ttl_ms)
        self._most_entries = most_entries
        self._known: dict[tuple[str, str], tuple[float, Rollout | UnknownModel]] = {}

    def find(self, tenant: str, model: str) -> Rollout:
        key, now = (tenant, model), self._clock.monotonic_ms()
        known = self._known.get(key)
        if known is None or self._is_old(known, now):
            known = (now, self._asked(tenant, model, known[1] if known else None))
            self._remember(key, known)
        if isinstance(known[1], UnknownModel):
            raise UnknownModel(*known[1].args)
        return known[1]

    def find_all(self, tenant: str, models: Sequence[str]) -> Mapping[str, Found]:
        """Where the registry fails, for what is not remembered, its error is each one's."""
        now = self._clock.monotonic_ms()
        known = {model: answer for model in models if (answer := self._known.get((tenant, model)))}
        before: dict[str, Found] = {model: found for model, (_, found) in known.items()}
        due = [model for model in models if model not in known or self._is_old(known[model], now)]
        fresh = self._asked_all(tenant, due, before)
        for model, found in fresh.items():
            if isinstance(found, Rollout | UnknownModel):
                self._remember((tenant, model), (now, found))
        return {**before, **fresh}

    def _is_old(self, known: tuple[float, Rollout | UnknownModel], now_ms: float) -> bool:
        on_trial = isinstance(known[1], Rollout) and bool(known[1].shares)
        return now_ms - known[0] >= (self._trial_ttl_ms if on_trial else self._ttl_ms)

    def _asked_all(self, tenant: str, models: Sequence[str], before: Mapping[str, Found]) -> Mapping[str, Found]:
        if not models:
            return {}
        try:
            return self._registry.find_all(tenant, models)
        except Exception as error:
            return {model: before.get(model, error) for model in models}

    def _asked(self, tenant: str, model: str, before: Rollout | UnknownModel | None) -> Rollout | UnknownModel:
        try:
            return self._registry.find(tenant, model)
        except UnknownModel as unknown:
            return unknown
        except Exception:
            if before is None:
                raise
            return before

    def _remember(self, key: tuple[str, str], answer: tuple[float, Rollout | UnknownModel]) -> None:
        if len(self._known) >= self._most_entries:
            self._known.clear()
        self._known[key] = answer


def own_before_shared(rollout_of: Callable[[str], Rollout], tenant: str, model: str) -> Rollout:
    """The tenant's own rollout, else the shared one, else UnknownModel."""
    for owner in (tenant, SHARED):
        if (found := rollout_of(owner)).chain:
            return found
    raise unknown_model(tenant, model)


def unknown_model(tenant: str, model: str) -> UnknownModel:
    return UnknownModel(f"tenant {tenant} has no model {model!r}: publish it, or correct the policy that names it")
