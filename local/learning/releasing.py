"""Releases of a training run, in the registry of models."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.tenants import ModelPublisher
from sotto.history.store import HistoryStore, RowList
from sotto.learning.rollout.roll import TrialCall
from sotto.models.registry import UnknownModel
from sotto.models.versions import Shelf


@dataclass(frozen=True, slots=True)
class RegistryReleasing:
    """A Releasing. ``archive``: the package of a version. ``endpoints``: that serve it."""

    publisher: ModelPublisher
    archive: Callable[[str, str, str], Path]
    endpoints: Sequence[str]

    def live(self, tenant: str, model: str) -> str:
        chain = self._shelf(tenant, model).chain
        return chain[0].version if chain else ""

    def publish(self, tenant: str, model: str, release: str, why: str) -> None:
        because = self.publisher.because(why)
        self.publisher.put(self.archive(tenant, model, release), self.endpoints, because, source="package")

    def put_in_shadow(self, tenant: str, model: str, release: str, why: str) -> None:
        shelf = self._shelf(tenant, model)
        if shelf.shadow is not None and shelf.shadow.version == release:
            return
        because, package = self.publisher.because(why), self.archive(tenant, model, release)
        self.publisher.put(package, self.endpoints, because, source="package", in_shadow=True)

    def share(self, tenant: str, model: str, release: str, percent: int, why: str) -> None:
        """The live version is pinned first: out of the shadow, the newest would be preferred."""
        registry, because = self.publisher.registry, self.publisher.because(why)
        shelf = self._shelf(tenant, model)
        if percent and shelf.pinned is None and shelf.chain:
            shelf = registry.pin(tenant, model, shelf.chain[0].version, because)
        if shelf.shadow is not None and shelf.shadow.version == release:
            registry.end_shadow(tenant, model, because)
        registry.split(tenant, model, release, percent, because)

    def make_live(self, tenant: str, model: str, release: str, why: str) -> None:
        self.publisher.registry.pin(tenant, model, release, self.publisher.because(why))

    def _shelf(self, tenant: str, model: str) -> Shelf:
        try:
            return self.publisher.registry.shelf(tenant, model)
        except UnknownModel:
            return Shelf()


@dataclass(frozen=True, slots=True)
class HistoryTrialCalls:
    """TrialCalls: which version answers a call, its contact's id decides; so nothing has to note it."""

    publisher: ModelPublisher
    history: HistoryStore

    def calls(self, tenant: str, model: str, release: str, since_ms: int) -> Iterator[TrialCall]:
        rollout = self.publisher.registry.find(tenant, model)
        now_ms = int(self.publisher.clock.now_ms())
        rows = self.history.rows(tenant, RowList(), since_ms=since_ms, until_ms=now_ms, after=None, newest_first=False)
        for row in rows:
            for leg in row.legs:
                if leg.agent is not None:
                    first = rollout.for_call(leg.contact_id)[0]
                    yield TrialCall(leg.contact_id, leg.agent, first.version == release)
