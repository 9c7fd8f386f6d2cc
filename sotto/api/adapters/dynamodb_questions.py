"""What agents asked during a call, redacted: kept beside the call, for learning."""

from __future__ import annotations

from sotto.api.panel.conversations import AskedQuestion, Subject
from sotto.aws import keys
from sotto.aws.retention import Retention
from sotto.aws.table import Table
from sotto.core.subject_data import DataKind
from sotto.core.validation import silent

_asked = silent(AskedQuestion)
ALWAYS = 9_999_999_999_999


class DynamoQuestions:
    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def record(self, asked: AskedQuestion) -> None:
        self._table.put(
            {
                "pk": keys.of_contact(asked.tenant, asked.contact_id),
                "sk": keys.of_question(asked.at_ms, asked.subject),
                "body": _asked.dump_json(asked).decode(),
                "expires_at": self._retention.expires_at(asked.tenant, DataKind.QUESTIONS),
            }
        )

    def asked_since(self, tenant: str, contact_id: str, subject: Subject, since_ms: int) -> int:
        return sum(each.subject is subject for each in self.questions(tenant, contact_id, since_ms))

    def questions(self, tenant: str, contact_id: str, since_ms: int = 0) -> list[AskedQuestion]:
        """Oldest first. ``since_ms`` is Unix epoch."""
        first, last = f"question#{max(0, since_ms):013d}", f"question#{ALWAYS}~"
        found = self._table.between(keys.of_contact(tenant, contact_id), first, last)
        return [_asked.validate_json(item["body"]) for item in found]
