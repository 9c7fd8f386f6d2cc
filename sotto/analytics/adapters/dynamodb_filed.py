"""What is filed for the days' files: a partition for each day with an item for each conversation, and one that lists
the days. An item of the conversation's own says where its rows are; it is the lock of all that changes them."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator
from typing import Any

from sotto.analytics.days.filing import Claim, Filed, FiledDay, FiledMeanwhile
from sotto.analytics.facts.of_conversation import ConversationFacts
from sotto.aws import keys
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, Table, Write


class DynamoFiled:
    """FiledFacts."""

    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def filed(self, tenant: str, conversation_id: str) -> Filed:
        item = self._table.get(keys.of_contact(tenant, conversation_id), keys.FILED_FACTS)
        return Filed(item["day"], int(item["filings"]), item["digest"]) if item else Filed()

    def file(self, tenant: str, facts: ConversationFacts, *, after: Filed) -> bool:
        body = json.dumps({name: list(map(dict, rows)) for name, rows in facts.rows.items()}, sort_keys=True)
        now = Filed(facts.day, after.number + 1, hashlib.sha256(body.encode()).hexdigest())
        if (after.day, after.digest) == (now.day, now.digest):
            return False
        row = {
            "pk": keys.of_fact_day(tenant, facts.day),
            "sk": facts.conversation,
            "body": zlib.compress(body.encode()),
            "expires_at": self._retention.expires_at(tenant),
        }
        self._change(tenant, facts.conversation, now, after, (row, None, {}))
        return True

    def drop(self, tenant: str, conversation_id: str, *, after: Filed) -> None:
        """That nothing is filed stays known, so that who read the records before is refused."""
        self._change(tenant, conversation_id, Filed("", after.number + 1), after)

    def conversations(self, tenant: str, day: str) -> Iterator[ConversationFacts]:
        for item in self._table.between(keys.of_fact_day(tenant, day), " ", "~"):
            yield ConversationFacts(item["sk"], day, json.loads(zlib.decompress(item["body"].value)))

    def contacts_filed(self, tenant: str, conversation_id: str) -> list[str]:
        """The conversation's first contact is in its own row."""
        day = self.filed(tenant, conversation_id).day
        item = self._table.get(keys.of_fact_day(tenant, day), conversation_id) if day else None
        if item is None:
            return []
        rows = json.loads(zlib.decompress(item["body"].value))
        return sorted({str(row["contact"]) for row in rows.get("contact", ())})

    def days(self, tenant: str) -> list[FiledDay]:
        listed = {item["sk"]: item for item in self._table.between(keys.of_fact_days(tenant), " ", "~")}
        changed = {sk.partition("#")[2]: item for sk, item in listed.items() if sk.startswith("changed#")}
        return [_day(day, item, listed.get(f"written#{day}")) for day, item in sorted(changed.items())]

    def claim(self, tenant: str, day: str, *, token: str, now_ms: int, until_ms: int) -> Claim | None:
        pk = keys.of_fact_days(tenant)
        changed = self._table.get(pk, f"changed#{day}")
        if changed is None:
            return None
        before = self._table.get(pk, f"written#{day}") or {"pk": pk, "sk": f"written#{day}"}
        item = before | {"claim": token, "claim_until": until_ms, "expires_at": self._retention.expires_at(tenant)}
        try:
            self._table.put(item, "attribute_not_exists(claim) OR claim_until < :now", now=now_ms)
        except ConditionFailed:
            return None
        return Claim(tenant, day, token, changed["changes"])

    def written(self, claim: Claim, *, conversations: int, rows: dict[str, int]) -> bool:
        pk = keys.of_fact_days(claim.tenant)
        item = {
            "pk": pk,
            "sk": f"written#{claim.day}",
            "changes": claim.changes,
            "conversations": conversations,
            "rows": json.dumps(rows),
            "expires_at": self._retention.expires_at(claim.tenant),
        }
        try:
            self._table.put(item, "claim = :mine", mine=claim.token)
        except ConditionFailed:
            self._table.put(self._changed(claim.tenant, claim.day, claim.token))
            return False
        return True

    def adopt(self, tenant: str, day: str, *, token: str, conversations: int, rows: dict[str, int]) -> bool:
        """The day's files were made elsewhere, and nothing is filed under it: as if they had been written from what is.
        False where anything is known of the day already."""
        pk, expires_at = keys.of_fact_days(tenant), self._retention.expires_at(tenant)
        common = {"pk": pk, "changes": token, "expires_at": expires_at}
        made = {"sk": f"written#{day}", "conversations": conversations, "rows": json.dumps(rows)}
        try:
            self._table.put_all(
                [
                    (common | {"sk": f"changed#{day}"}, "attribute_not_exists(pk)", {}),
                    (common | made, "attribute_not_exists(pk)", {}),
                ]
            )
        except ConditionFailed:
            return False
        return True

    def _change(self, tenant: str, conversation_id: str, now: Filed, after: Filed, *rows: Write) -> None:
        pk = keys.of_contact(tenant, conversation_id)
        place = {"pk": pk, "sk": keys.FILED_FACTS, "day": now.day, "filings": now.number, "digest": now.digest}
        lock: Write = (
            place | {"expires_at": self._retention.expires_at(tenant)},
            "filings = :seen" if after.number else "attribute_not_exists(pk)",
            {"seen": after.number} if after.number else {},
        )
        change = f"{conversation_id}#{now.number}"
        days = dict.fromkeys(day for day in (now.day, after.day) if day)
        marks: list[Write] = [(self._changed(tenant, day, change), None, {}) for day in days]
        moved = [(keys.of_fact_day(tenant, after.day), conversation_id)] if after.day not in ("", now.day) else []
        try:
            self._table.put_all([lock, *rows, *marks], moved)
        except ConditionFailed as error:
            raise FiledMeanwhile("the conversation was filed at the same time") from error

    def _changed(self, tenant: str, day: str, change: str) -> dict[str, Any]:
        expires_at = self._retention.expires_at(tenant)
        return {"pk": keys.of_fact_days(tenant), "sk": f"changed#{day}", "changes": change, "expires_at": expires_at}


def _day(day: str, changed: dict[str, Any], written: dict[str, Any] | None) -> FiledDay:
    if written is None or "changes" not in written:
        return FiledDay(day, changed["changes"])
    rows = tuple(sorted((name, int(number)) for name, number in json.loads(written["rows"]).items()))
    return FiledDay(day, changed["changes"], written["changes"], int(written["conversations"]), rows)
