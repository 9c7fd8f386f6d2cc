"""Corrections, in the partition of the contact that they are about: sealed, expired and erased with it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from sotto.aws import keys
from sotto.aws.outbox import outbox_write
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, Table
from sotto.call.correction import Correction
from sotto.call.events import CorrectionGiven
from sotto.core.subject_data import DataKind
from sotto.core.validation import silent

_correction = silent(Correction)


class DynamoCorrections:
    """A CorrectionStore."""

    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def record(self, given: Correction) -> Correction:
        pk, sk = keys.of_contact(given.tenant, given.contact_id), keys.of_correction(given.about, given.agent)
        item = {
            "pk": pk,
            "sk": sk,
            "at_ms": given.at_ms,
            "body": _correction.dump_json(given).decode(),
            "expires_at": self._retention.expires_at(given.tenant, DataKind.EXAMPLES),
        }
        newer = "attribute_not_exists(pk) OR at_ms < :at_ms"
        with suppress(ConditionFailed):  # it is there already, or a later one is
            self._table.put_all([(item, newer, {"at_ms": given.at_ms}), outbox_write(CorrectionGiven.of(given))])
        known = self._table.get(pk, sk)
        return _correction.validate_json(known["body"]) if known is not None else given

    def corrections(self, tenant: str, contact_id: str) -> Sequence[Correction]:
        found = self._table.between(keys.of_contact(tenant, contact_id), keys.CORRECTION, keys.CORRECTION + "~")
        return [_correction.validate_json(item["body"]) for item in found]
