"""Facts beside their contact, in its partition."""

from __future__ import annotations

from sotto.aws import keys
from sotto.aws.outbox import outbox_write
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, StorageUnavailable, Table
from sotto.call.contact_facts import ContactFacts
from sotto.call.events import ContactMeasured
from sotto.core.subject_data import DataKind
from sotto.core.validation import silent

_facts = silent(ContactFacts)
_IS_NEWER = "attribute_not_exists(updated_at_ms) OR updated_at_ms < :updated"


class DynamoFacts:
    """A FactStore."""

    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def facts(self, tenant: str, contact_id: str) -> ContactFacts | None:
        item = self._table.get(keys.of_contact(tenant, contact_id), keys.FACTS)
        return _facts.validate_json(item["body"]) if item else None

    def store(self, facts: ContactFacts) -> bool:
        item = {
            "pk": keys.of_contact(facts.tenant, facts.contact_id),
            "sk": keys.FACTS,
            "updated_at_ms": facts.updated_at_ms,
            "body": _facts.dump_json(facts).decode(),
            "expires_at": self._retention.expires_at(facts.tenant, DataKind.FACTS),
        }
        try:
            self._table.put_all(
                [(item, _IS_NEWER, {"updated": facts.updated_at_ms}), outbox_write(ContactMeasured.of(facts))]
            )
        except ConditionFailed as error:
            if not error.which:
                raise StorageUnavailable("facts of the contact were stored by another in the same moment") from error
            return False
        return True
