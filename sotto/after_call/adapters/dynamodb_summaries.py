"""The summary of a call: one item beside what was said, kept as long."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sotto.after_call.summarise import SummaryChanged
from sotto.aws import keys
from sotto.aws.outbox import outbox_write
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, StorageUnavailable, Table, Write
from sotto.call.events import SummaryReady
from sotto.call.summary import CallSummary, Origin, SummaryPart
from sotto.core.subject_data import DataKind
from sotto.core.validation import silent

_summary = silent(CallSummary)
_RENAMED = {"told": SummaryPart.OVERVIEW, "agreed": SummaryPart.OUTCOME}
"""Parts of summaries that an earlier release stored."""
ATTEMPTS = 5


class DynamoSummaries:
    """``place``: the sort key; of what is stored under ``keys.SUMMARY``, consumers learn by an event."""

    def __init__(self, table: Table, retention: Retention, place: str = keys.SUMMARY) -> None:
        self._table = table
        self._retention = retention
        self._place = place

    def summary(self, tenant: str, contact_id: str) -> CallSummary | None:
        item = self._table.get(keys.of_contact(tenant, contact_id), self._place)
        return _read(item["body"]) if item else None

    def store(self, summary: CallSummary) -> CallSummary | None:
        """The summary as it is kept, with its version; None when the one that is there rests on more, or says the same.
        Raises StorageUnavailable when others keep changing it."""
        for _ in range(ATTEMPTS):
            known = self.summary(summary.tenant, summary.contact_id)
            if known is not None and not replaces(summary, known):
                return None
            before = known.version if known else 0
            stored = replace(summary, version=before + 1)
            write: Write = (self._item(stored, self._place), "attribute_not_exists(pk)", {})
            if known is not None:
                write = (self._item(stored, self._place), "version = :before", {"before": before})
            try:
                ready = [outbox_write(SummaryReady.of(stored))] if self._place == keys.SUMMARY else []
                self._table.put_all([write, *ready])
            except ConditionFailed:
                continue
            return stored
        raise StorageUnavailable("the summary changed at each of our attempts")

    def edit(self, summary: CallSummary, *, before: CallSummary) -> CallSummary:
        stored = replace(summary, version=before.version + 1)
        kept = self._item(before, keys.of_summary_version(before.version))
        try:
            self._table.put_all(
                [
                    (self._item(stored, self._place), "version = :before", {"before": before.version}),
                    (kept, None, {}),
                    outbox_write(SummaryReady.of(stored)),
                ]
            )
        except ConditionFailed as error:
            raise SummaryChanged from error
        return stored

    def versions(self, tenant: str, contact_id: str) -> Sequence[CallSummary]:
        first, last = keys.of_summary_version(0), keys.of_summary_version(99_999_999)
        return [_read(item["body"]) for item in self._table.between(keys.of_contact(tenant, contact_id), first, last)]

    def _item(self, summary: CallSummary, place: str) -> dict[str, Any]:
        return {
            "pk": keys.of_contact(summary.tenant, summary.contact_id),
            "sk": place,
            "version": summary.version,
            "body": _summary.dump_json(summary).decode(),
            "expires_at": self._retention.expires_at(summary.tenant, DataKind.SUMMARIES),
        }


def _read(body: str) -> CallSummary:
    stored = json.loads(body)
    for line in stored["lines"]:
        line["part"] = _RENAMED.get(line["part"], line["part"])
    return _summary.validate_python(stored)


def replaces(new: CallSummary, known: CallSummary) -> bool:
    """More was said, or as much and a model wrote it, or no model did and it says something else. What an agent has
    edited stays."""
    if known.origin is Origin.EDITED:
        return False
    if new.through_seq != known.through_seq:
        return new.through_seq > known.through_seq
    if new.origin is not known.origin:
        return new.origin is Origin.MODEL
    return new.lines != known.lines
