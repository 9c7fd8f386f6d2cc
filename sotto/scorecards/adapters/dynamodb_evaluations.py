"""Evaluations in the contact's partition, an item for each version, kept and erased with what was said; beside each, in
a partition of the form, a row of bare answers by which agreement is reckoned. An erasure removes both: the first names
the second."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from sotto.aws import keys
from sotto.aws.outbox import outbox_write
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, StorageUnavailable, Table, Write
from sotto.core.subject_data import DataKind
from sotto.core.validation import silent
from sotto.scorecards.evaluation import (
    Acknowledgement,
    Appeal,
    Evaluation,
    EvaluationChanged,
    GoldAnswer,
    Kind,
    NotAllowed,
    Rating,
    lodged,
    ratings_of,
    ready,
)

_evaluation, _appeal, _gold = silent(Evaluation), silent(Appeal), silent(tuple[GoldAnswer, ...])
_ratings, _acknowledgement = silent(tuple[Rating, ...]), silent(Acknowledgement)


class DynamoEvaluations:
    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def versions(self, tenant: str, contact_id: str, form: str) -> Sequence[Evaluation]:
        first, last = keys.of_evaluation(form, 0), keys.of_evaluation(form, 99_999_999)
        found = self._table.between(keys.of_contact(tenant, contact_id), first, last)
        return [_evaluation.validate_json(item["body"]) for item in found]

    def append(
        self, evaluation: Evaluation, *, after: int, gold: Sequence[GoldAnswer] = (), decides: Appeal | None = None
    ) -> Evaluation:
        stored = replace(evaluation, version=after + 1)
        writes: list[Write] = [
            (self._item(stored), "attribute_not_exists(pk)", {}),
            (self._rated(stored), None, {}),
        ]
        if stored.kind is not Kind.CALIBRATION:
            writes.append(outbox_write(ready(stored)))
        if gold:
            body = _gold.dump_json(tuple(gold)).decode()
            writes.append((self._of_contact(stored, keys.of_gold(stored.form), body), None, {}))
        if decides is not None:
            decided = replace(decides, decided_version=stored.version)
            writes.append((self._appealed(decided), "decided = :none", {"none": 0}))
        if self._last_version(stored) != after:
            raise EvaluationChanged("another version was stored meanwhile; read it and try again")
        try:
            self._table.put_all(writes)
        except ConditionFailed as error:
            raise EvaluationChanged("another version was stored meanwhile; read it and try again") from error
        return stored

    def _last_version(self, of: Evaluation) -> int:
        """Of the last item's key alone: an evaluation may have dozens of kilobytes."""
        first, last = keys.of_evaluation(of.form, 0), keys.of_evaluation(of.form, 99_999_999)
        items = self._table.between(keys.of_contact(of.tenant, of.contact_id), first, last, 1, backwards=True)
        return next((int(item["sk"].rpartition("#")[2]) for item in items), 0)

    def appeal(self, tenant: str, contact_id: str, form: str) -> Appeal | None:
        first, last = keys.of_appeal(form, 0), keys.of_appeal(form, 99_999_999)
        items = self._table.between(keys.of_contact(tenant, contact_id), first, last, 1, backwards=True)
        return next((_appeal.validate_json(item["body"]) for item in items), None)

    def lodge(self, appeal: Appeal) -> None:
        try:
            self._table.put_all(
                [(self._appealed(appeal), "attribute_not_exists(pk)", {}), outbox_write(lodged(appeal))]
            )
        except ConditionFailed as error:
            if not error.which:
                raise StorageUnavailable("the appeal was stored by another in the same moment") from error
            raise NotAllowed("appeal: there is one against this version already") from error

    def acknowledge(self, seen: Acknowledgement) -> None:
        place = keys.of_acknowledged_evaluation(seen.form, seen.version)
        item = self._of_contact(seen, place, _acknowledgement.dump_json(seen).decode())
        with suppress(ConditionFailed):
            self._table.put(item, "attribute_not_exists(pk)")

    def acknowledged(self, tenant: str, contact_id: str, form: str) -> Acknowledgement | None:
        first, last = (keys.of_acknowledged_evaluation(form, version) for version in (0, 99_999_999))
        items = self._table.between(keys.of_contact(tenant, contact_id), first, last, 1, backwards=True)
        return next((_acknowledgement.validate_json(item["body"]) for item in items), None)

    def gold(self, tenant: str, contact_id: str, form: str) -> Sequence[GoldAnswer]:
        item = self._table.get(keys.of_contact(tenant, contact_id), keys.of_gold(form))
        found = _gold.validate_json(item["body"]) if item else ()
        return sorted(found, key=lambda each: each.question)

    def ratings(self, tenant: str, form: str, *, limit: int) -> Sequence[Rating]:
        items = self._table.between(keys.of_ratings(tenant, form), "0", "~", limit, backwards=True)
        return [rating for item in items for rating in _ratings.validate_json(item["body"])]

    def _item(self, stored: Evaluation) -> dict[str, Any]:
        place = keys.of_evaluation(stored.form, stored.version)
        item = self._of_contact(stored, place, _evaluation.dump_json(stored).decode())
        rated = self._rated(stored)
        return item | {keys.BESIDE: [rated["pk"], rated["sk"]]}

    def _rated(self, stored: Evaluation) -> dict[str, Any]:
        return {
            "pk": keys.of_ratings(stored.tenant, stored.form),
            "sk": keys.of_rated(stored.at_ms, stored.contact_id, stored.version),
            "body": _ratings.dump_json(ratings_of(stored)).decode(),
            "expires_at": self._retention.expires_at(stored.tenant, DataKind.EVALUATIONS),
        }

    def _of_contact(self, of: Evaluation | Appeal | Acknowledgement, place: str, body: str) -> dict[str, Any]:
        return {
            "pk": keys.of_contact(of.tenant, of.contact_id),
            "sk": place,
            "body": body,
            "expires_at": self._retention.expires_at(of.tenant, DataKind.EVALUATIONS),
        }

    def _appealed(self, appeal: Appeal) -> dict[str, Any]:
        body = _appeal.dump_json(appeal).decode()
        item = self._of_contact(appeal, keys.of_appeal(appeal.form, appeal.version), body)
        return item | {"decided": appeal.decided_version}
