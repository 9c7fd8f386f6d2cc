"""The registry of model versions in DynamoDB.

One item per tenant and model: pk ``tenant#<tenant>``, sk ``model#<model>``, ``versions`` a list of maps, the newest
first, ``pinned`` where one is, ``shares`` and ``shadow`` where there are trials, and ``revision``, which rises with
every change. Beside it, written in the same transaction, one item for each release (dynamodb_releases).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sotto.core.errors import Retryable
from sotto.models.adapters.dynamodb_releases import of_tenant, release_item, release_of
from sotto.models.registry import (
    SHARED,
    Found,
    ModelVersion,
    Rollout,
    UnknownModel,
    own_before_shared,
    unknown_model,
)
from sotto.models.releases import Because, Release, ReleaseEvent, Trained
from sotto.models.versions import PublishedVersion, SeenShelf, ShadowRelease, Shelf, Source

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_MEANWHILE = {"ConditionalCheckFailed", "TransactionConflict"}
_FIELDS = ("version", "target_model", "endpoint", "adapter")


class RegistryChanged(Retryable):
    """Somebody else changed this model's versions at the same moment."""


class DynamoModelRegistry:
    """``table`` has a string hash key ``pk`` and a string range key ``sk``."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def find(self, tenant: str, model: str) -> Rollout:
        return own_before_shared(lambda owner: self._read(owner, model)[0].rollout, tenant, model)

    def find_all(self, tenant: str, models: Sequence[str]) -> Mapping[str, Found]:
        """One query of the tenant's models, and one of those that all share where that is not enough. Not a batch of
        keys: a tenant's role may read items of its own partition and of the shared one, and a batch names many."""
        if len(models) == 1:
            return {models[0]: self._found(tenant, models[0])}
        found: dict[str, Found] = {}
        for owner in dict.fromkeys((tenant, SHARED)):
            if missing := [model for model in models if model not in found]:
                rollouts = {model: _shelf(owner, model, item).rollout for model, item in self._items(owner)}
                found |= {model: rollouts[model] for model in missing if model in rollouts and rollouts[model].chain}
        return {model: found.get(model) or unknown_model(tenant, model) for model in models}

    def _found(self, tenant: str, model: str) -> Found:
        try:
            return self.find(tenant, model)
        except UnknownModel as unknown:
            return unknown

    def models(self, tenant: str) -> list[str]:
        """Names of the models of which the tenant itself has a version, in order."""
        return [model for model, _ in self._items(tenant, ProjectionExpression="sk")]

    def shelf(self, tenant: str, model: str) -> Shelf:
        found, _ = self._read(tenant, model, consistent=True)
        if not found.published:
            raise UnknownModel(f"tenant {tenant} has no model {model!r} of its own: publish it first")
        return found

    def seen(self, tenant: str, model: str) -> SeenShelf:
        """Empty where nothing is published. To plan a change by, which is then written only if nobody changed it."""
        return SeenShelf(*self._read(tenant, model, consistent=True))

    def releases(self, tenant: str, model: str | None = None) -> list[Release]:
        """Of one model or of all, the newest first."""
        pages = self._client.get_paginator("query").paginate(TableName=self._table, **of_tenant(tenant, model))
        found = [release_of(tenant, item) for page in pages for item in page["Items"]]
        return sorted(found, key=lambda release: release.because.at_ms)[::-1]

    def publish(
        self,
        version: ModelVersion,
        *,
        metrics: Mapping[str, float] | None = None,
        published_at_ms: int = 0,
        in_shadow: bool = False,
        content: str = "",
        source: Source = "",
        seen: SeenShelf | None = None,
        because: Because | None = None,
        trained: Trained | None = None,
    ) -> None:
        """Make this the preferred version, unless one is pinned; the one before becomes the fallback.

        ``in_shadow``: it is only compared with the preferred one. Raises WrongTrial when there is none. ``seen``: only
        if nobody changed it since; raises RegistryChanged. ``because``: for the history of releases.
        """
        new = PublishedVersion(version, published_at_ms, metrics or {}, content=content, source=source)
        seen = seen or self.seen(version.tenant, version.model)
        after = seen.shelf.with_published_in_shadow(new) if in_shadow else seen.shelf.with_published(new)
        event = ReleaseEvent.PUT_IN_SHADOW if in_shadow else ReleaseEvent.PUBLISHED
        known = trained or Trained(metrics=new.metrics)
        release = _release(version.tenant, version.model, version.version, event, because, seen.shelf, after, known)
        self._write(version.tenant, version.model, after, seen.revision, release)

    def pin(self, tenant: str, model: str, version: str, because: Because | None = None) -> Shelf:
        return self._change(tenant, model, lambda shelf: shelf.with_pin(version), ReleaseEvent.PINNED, because, version)

    def unpin(self, tenant: str, model: str, because: Because | None = None) -> Shelf:
        return self._change(tenant, model, Shelf.without_pin, ReleaseEvent.UNPINNED, because)

    def roll_back(self, tenant: str, model: str, because: Because | None = None) -> Shelf:
        return self._change(tenant, model, Shelf.rolled_back, ReleaseEvent.ROLLED_BACK, because)

    def split(self, tenant: str, model: str, version: str, percent: int, because: Because | None = None) -> Shelf:
        return self._change(
            tenant, model, lambda shelf: shelf.with_share(version, percent), ReleaseEvent.SPLIT, because, version
        )

    def put_in_shadow(
        self, tenant: str, model: str, version: str, percent: int, because: Because | None = None
    ) -> Shelf:
        change = ReleaseEvent.PUT_IN_SHADOW
        return self._change(tenant, model, lambda shelf: shelf.with_shadow(version, percent), change, because, version)

    def end_shadow(self, tenant: str, model: str, because: Because | None = None) -> Shelf:
        return self._change(tenant, model, Shelf.without_shadow, ReleaseEvent.SHADOW_ENDED, because)

    def _change(
        self,
        tenant: str,
        model: str,
        change: Callable[[Shelf], Shelf],
        event: ReleaseEvent,
        because: Because | None,
        version: str = "",
    ) -> Shelf:
        """``version``: that the change is about, where it is not the one that was preferred."""
        before, revision = self._read(tenant, model, consistent=True)
        if not before.published:
            raise UnknownModel(f"tenant {tenant} has no model {model!r} of its own: publish it first")
        after = change(before)
        about = version or (before.chain[0].version if before.chain else "")
        self._write(tenant, model, after, revision, _release(tenant, model, about, event, because, before, after))
        return after

    def _read(self, tenant: str, model: str, *, consistent: bool = False) -> tuple[Shelf, int]:
        found = self._client.get_item(TableName=self._table, Key=_key(tenant, model), ConsistentRead=consistent)
        item: dict[str, Any] = dict(found.get("Item", {}))
        return _shelf(tenant, model, item), int(item.get("revision", {"N": "0"})["N"])

    def _items(self, tenant: str, **more: Any) -> Iterator[tuple[str, dict[str, Any]]]:
        """Of all models of which the tenant itself has a version, by name and in order."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :model)",
            ExpressionAttributeValues={":pk": {"S": f"tenant#{tenant}"}, ":model": {"S": "model#"}},
            **more,
        )
        return ((item["sk"]["S"].partition("#")[2], dict(item)) for page in pages for item in page["Items"])

    def _write(self, tenant: str, model: str, shelf: Shelf, revision: int, release: Release | None = None) -> None:
        item: dict[str, Any] = {
            **_key(tenant, model),
            "versions": {"L": [_stored(one) for one in shelf.published]},
            "revision": {"N": str(revision + 1)},
        }
        if shelf.pinned:
            item["pinned"] = {"S": shelf.pinned}
        if shelf.shares:
            item["shares"] = {"M": {name: {"N": str(share)} for name, share in shelf.shares.items()}}
        if shelf.shadow:
            item["shadow"] = {
                "M": {"version": {"S": shelf.shadow.version}, "percent": {"N": str(shelf.shadow.percent)}}
            }
        put: Any = {
            "TableName": self._table,
            "Item": item,
            "ConditionExpression": "attribute_not_exists(pk) OR revision = :seen",
            "ExpressionAttributeValues": {":seen": {"N": str(revision)}},
        }
        history: list[Any] = [release_item(release, revision + 1)] if release else []
        entries: list[Any] = [{"Put": {"TableName": self._table, "Item": each}} for each in history]
        try:
            self._client.transact_write_items(TransactItems=[{"Put": put}, *entries])
        except self._client.exceptions.TransactionCanceledException as error:
            if not _MEANWHILE & {str(each.get("Code")) for each in error.response["CancellationReasons"]}:
                raise
            raise RegistryChanged(f"{model} of {tenant} was changed by somebody else: try again") from error


def _key(tenant: str, model: str) -> dict[str, Any]:
    return {"pk": {"S": f"tenant#{tenant}"}, "sk": {"S": f"model#{model}"}}


def _shelf(tenant: str, model: str, item: dict[str, Any]) -> Shelf:
    versions = item.get("versions", {"L": []})["L"]
    published = tuple(_published(tenant, model, stored["M"]) for stored in versions)
    shares = {name: int(share["N"]) for name, share in item.get("shares", {"M": {}})["M"].items()}
    return Shelf(published, item.get("pinned", {}).get("S"), shares, _shadow(item))


def _shadow(item: dict[str, Any]) -> ShadowRelease | None:
    stored = item.get("shadow", {}).get("M")
    return ShadowRelease(stored["version"]["S"], int(stored["percent"]["N"])) if stored else None


def _release(
    tenant: str,
    model: str,
    version: str,
    event: ReleaseEvent,
    because: Because | None,
    before: Shelf,
    after: Shelf,
    trained: Trained | None = None,
) -> Release | None:
    if because is None:
        return None
    was, now = ((shelf.chain[0].version if shelf.chain else "") for shelf in (before, after))
    preferred, replaced = (now, was) if was != now else ("", "")
    return Release(tenant, model, version, event, because, preferred, replaced, trained or Trained())


def _stored(one: PublishedVersion) -> dict[str, Any]:
    fields: dict[str, Any] = {field: {"S": getattr(one.version, field)} for field in _FIELDS}
    fields["published_at_ms"] = {"N": str(one.published_at_ms)}
    finite = {name: float(value) for name, value in one.metrics.items() if math.isfinite(value)}
    fields["metrics"] = {"M": {name: {"N": repr(value)} for name, value in finite.items()}}
    fields["withdrawn"] = {"BOOL": one.withdrawn}
    fields["also_at"] = {"L": [{"S": endpoint} for endpoint in one.version.also_at]}
    fields |= {name: {"S": value} for name, value in (("content", one.content), ("source", one.source)) if value}
    return {"M": fields}


def _published(tenant: str, model: str, stored: dict[str, Any]) -> PublishedVersion:
    """What earlier releases wrote has neither metrics nor a time, nor further endpoints, nor content and source."""
    also_at = tuple(endpoint["S"] for endpoint in stored.get("also_at", {"L": []})["L"])
    return PublishedVersion(
        ModelVersion(tenant, model, **{field: stored[field]["S"] for field in _FIELDS}, also_at=also_at),
        published_at_ms=int(stored.get("published_at_ms", {"N": "0"})["N"]),
        metrics={name: float(value["N"]) for name, value in stored.get("metrics", {"M": {}})["M"].items()},
        withdrawn=stored.get("withdrawn", {"BOOL": False})["BOOL"],
        content=stored.get("content", {"S": ""})["S"],
        source=stored.get("source", {}).get("S") or _source_of(stored.get("metrics", {"M": {}})["M"]),
    )


def _source_of(metrics: Mapping[str, Any]) -> Source:
    """Of what earlier releases stored: only 'sotto adapters train' compared a head with an adapter."""
    return "package" if "head_accuracy" in metrics else ""
