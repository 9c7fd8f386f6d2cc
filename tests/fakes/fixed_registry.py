"""A ModelRegistry of versions that never change."""

from __future__ import annotations

from sotto.models.registry import Chain, ModelVersion, Rollout, own_before_shared


class FixedRegistry:
    """The first version of a model is the newest."""

    def __init__(self, *versions: ModelVersion) -> None:
        self._chains: dict[tuple[str, str], Chain] = {}
        for version in versions:
            key = (version.tenant, version.model)
            self._chains[key] = (*self._chains.get(key, ()), version)

    def find(self, tenant: str, model: str) -> Rollout:
        return own_before_shared(lambda owner: Rollout(self._chains.get((owner, model), ())), tenant, model)
