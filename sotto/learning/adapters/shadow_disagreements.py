"""Where the version of an intent model in the shadow answered otherwise than the live one: comparisons hold neither
words nor contacts, but are found by what an utterance is (sotto.inference.comparison)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sotto.call.utterance import Utterance
from sotto.inference.comparison import Comparison, comparison_id
from sotto.models.registry import ModelRegistry, UnknownModel
from sotto.tenants.book import BookReader

INTENT = "intent"
MOST = 300
"""Utterances of a call that are looked up, the last ones."""


class StoredComparisons(Protocol):
    def one(self, tenant: str, model: str, version: str, id: str) -> Comparison | None: ...


@dataclass(frozen=True, slots=True)
class ShadowDisagreements:
    """Disagreements."""

    registry: ModelRegistry
    comparisons: StoredComparisons
    books: BookReader

    def unsure(self, tenant: str, utterances: Sequence[Utterance]) -> Mapping[str, float]:
        if (version := self._in_shadow(tenant)) is None:
            return {}
        nodes = self._nodes(tenant)
        found: dict[str, float] = {}
        for each in utterances[-MOST:]:
            for node in nodes:
                id = comparison_id(each.contact_id, each.id, each.end_ms, node)
                compared = self.comparisons.one(tenant, INTENT, version, id)
                if compared is not None and not compared.failure and not compared.agreed:
                    found[each.id] = round(1 - max(compared.live.confidence, compared.shadow.confidence), 4)
        return found

    def _in_shadow(self, tenant: str) -> str | None:
        try:
            shadow = self.registry.find(tenant, INTENT).shadow
        except UnknownModel:
            return None
        return shadow.version.version if shadow is not None and shadow.version.tenant == tenant else None

    def _nodes(self, tenant: str) -> tuple[str, ...]:
        """What the tenant's policies call the nodes that ask for intents."""
        rules = (rule for policy in self.books.current(tenant).policies for rule in policy.run)
        return tuple(dict.fromkeys(rule.id for rule in rules if rule.model == INTENT))
