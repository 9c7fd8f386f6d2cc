"""Manifests, runs, and whose examples are in which set: beside the registry of models, in the tenant's own partition.

A manifest is a head and as many parts as its digests need; the head is written last, and what has a head is never
written again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from sotto.aws import keys
from sotto.aws.table import ConditionFailed, Table
from sotto.core.validation import silent
from sotto.learning.ports import RunChanged, SetTaken
from sotto.learning.run import Run
from sotto.learning.sets.manifest import ExampleSet, Manifest

_manifest, _run = silent(Manifest), silent(Run)
A_PART = 4_000
"""Digests of 24 characters: 100 KB, a quarter of what an item may have."""
SET, RUN, LEARNED = "set#", "run#", "learned#"


class DynamoSets:
    """A SetStore. ``table``: that of models."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def keep(self, built: ExampleSet) -> Manifest:
        manifest = built.manifest
        last = self.latest(manifest.tenant)
        if last is not None and last.digest == manifest.digest:
            return last
        pk = _pk(manifest.tenant)
        if self.manifest(manifest.tenant, manifest.number) is not None:
            raise SetTaken("a set of this number is there already")
        self._note_members(built)
        parts = [*_parts("learned", manifest.learned), *_parts("regression", manifest.regression)]
        for place, (kind, digests) in enumerate(parts):
            self._table.put({"pk": pk, "sk": f"{_sk(manifest.number)}#{place:04d}", "kind": kind, "digests": digests})
        head = replace(manifest, learned=(), regression=())
        item = {"pk": pk, "sk": _sk(manifest.number), "parts": len(parts), "body": _manifest.dump_json(head).decode()}
        try:
            self._table.put(item, "attribute_not_exists(pk)")
        except ConditionFailed as error:
            raise SetTaken("a set of this number was made meanwhile") from error
        return manifest

    def _note_members(self, built: ExampleSet) -> None:
        by_contact: dict[str, list[str]] = {}
        for each in built.members:
            by_contact.setdefault(each.contact_id, []).append(each.digest)
        tenant, number = built.manifest.tenant, built.manifest.number
        for contact_id, digests in by_contact.items():
            sk = f"{LEARNED}{keys.contact_part(contact_id)}#{number:08d}"
            made = {"made_at_ms": built.manifest.made_at_ms, "digests": sorted(digests)}
            self._table.put({"pk": _pk(tenant), "sk": sk, **made})

    def manifest(self, tenant: str, number: int) -> Manifest | None:
        head = self._table.get(_pk(tenant), _sk(number))
        return self._whole(tenant, head) if head is not None else None

    def latest(self, tenant: str) -> Manifest | None:
        for item in self._table.between(_pk(tenant), SET, SET + "~", backwards=True, at_once=20):
            if item["sk"].count("#") == 1:
                return self._whole(tenant, item)
        return None

    def _whole(self, tenant: str, head: Mapping[str, str]) -> Manifest:
        found = _manifest.validate_json(head["body"])
        of_kind: dict[str, list[str]] = {"learned": [], "regression": []}
        first = f"{_sk(found.number)}#"
        for item in self._table.between(_pk(tenant), first, first + "~"):
            of_kind[item["kind"]] += item["digests"]
        return replace(found, learned=tuple(of_kind["learned"]), regression=tuple(of_kind["regression"]))

    def sets_of(self, tenant: str, contact_id: str) -> Mapping[int, Sequence[str]]:
        first = f"{LEARNED}{keys.contact_part(contact_id)}#"
        found = self._table.between(_pk(tenant), first, first + "~")
        return {int(item["sk"].rpartition("#")[2]): tuple(item["digests"]) for item in found}

    def members(self, tenant: str) -> Iterator[tuple[str, int]]:
        for item in self._table.between(_pk(tenant), LEARNED, LEARNED + "~"):
            yield item["sk"].split("#")[1], int(item["made_at_ms"])

    def forget(self, tenant: str, contact_id: str, retrain_by_ms: int) -> int:
        numbers = self.sets_of(tenant, contact_id)
        for number in numbers:
            # First what must be done about it: afterwards nobody knows of which set it was.
            due = {"pk": _pk(tenant), "sk": f"retrain#{number:08d}", "by_ms": retrain_by_ms}
            with suppress(ConditionFailed):  # the earlier deadline stands
                self._table.put(due, "attribute_not_exists(pk)")
            self._table.delete(_pk(tenant), f"{LEARNED}{keys.contact_part(contact_id)}#{number:08d}")
        return len(numbers)

    def retrain_by(self, tenant: str) -> Mapping[int, int]:
        found = self._table.between(_pk(tenant), "retrain#", "retrain#~")
        return {int(item["sk"].rpartition("#")[2]): int(item["by_ms"]) for item in found}


class DynamoRuns:
    """A RunStore, in the same partition."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def run(self, tenant: str, number: int) -> Run | None:
        item = self._table.get(_pk(tenant), f"{RUN}{number:08d}")
        return _run.validate_json(item["body"]) if item is not None else None

    def runs(self, tenant: str, limit: int | None = None) -> Sequence[Run]:
        found = self._table.between(_pk(tenant), RUN, RUN + "~", limit, backwards=True, at_once=limit)
        return [_run.validate_json(item["body"]) for item in found]

    def save(self, run: Run) -> Run:
        item = {
            "pk": _pk(run.tenant),
            "sk": f"{RUN}{run.number:08d}",
            "version": run.version,
            "body": _run.dump_json(run).decode(),
        }
        condition = "attribute_not_exists(pk)" if run.version == 1 else "version = :before"
        values = {} if run.version == 1 else {"before": run.version - 1}
        try:
            self._table.put(item, condition, **values)
        except ConditionFailed as error:
            raise RunChanged("another process goes on with this run") from error
        return run


def _pk(tenant: str) -> str:
    return f"tenant#{keys.of_tenant(tenant)}"


def _sk(number: int) -> str:
    return f"{SET}{number:08d}"


def _parts(kind: str, digests: Sequence[str]) -> list[tuple[str, list[str]]]:
    return [(kind, list(digests[start : start + A_PART])) for start in range(0, len(digests), A_PART)]
