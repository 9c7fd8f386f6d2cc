"""A ModelRegistry in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sotto.models.registry import Found, ModelVersion, Rollout, UnknownModel, own_before_shared


class FixedRegistry:
    """The first version of a model is the newest."""

    def __init__(self, *versions: ModelVersion) -> None:
        self._rollouts: dict[tuple[str, str], Rollout] = {}
        for version in reversed(versions):
            self.publish(version)

    @classmethod
    def of(cls, rollout: Rollout) -> FixedRegistry:
        """Of the model that the rollout's chain is of."""
        made, newest = cls(), rollout.chain[0]
        made._rollouts[newest.tenant, newest.model] = rollout
        return made

    def publish(self, version: ModelVersion) -> None:
        """As the newest one, also where it was there before."""
        key = (version.tenant, version.model)
        others = [each for each in self._of(*key).chain if each.version != version.version]
        self._rollouts[key] = Rollout((version, *others))

    def find(self, tenant: str, model: str) -> Rollout:
        return own_before_shared(lambda owner: self._of(owner, model), tenant, model)

    def find_all(self, tenant: str, models: Sequence[str]) -> Mapping[str, Found]:
        return {model: self._found(tenant, model) for model in models}

    def _found(self, tenant: str, model: str) -> Found:
        try:
            return self.find(tenant, model)
        except UnknownModel as unknown:
            return unknown

    def _of(self, tenant: str, model: str) -> Rollout:
        return self._rollouts.get((tenant, model), Rollout())
