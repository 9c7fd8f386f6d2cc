"""Drafts and replays in DynamoDB. No item is of a contact, so none is under a contact's key."""

from __future__ import annotations

import zlib

from sotto.aws import keys
from sotto.aws.table import ConditionFailed, Table
from sotto.core.clock import Clock
from sotto.core.validation import silent
from sotto.playbooks.draft import Draft, DraftChanged
from sotto.playbooks.replay.run import Replay

_draft = silent(Draft)
_replay = silent(Replay)


class DynamoDrafts:
    """A DraftStore. Drafts stay until they are removed."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def drafts(self, tenant: str) -> list[Draft]:
        items = self._table.between(keys.of_playbooks(tenant), "draft#", "draft#~")
        found = (_draft.validate_json(zlib.decompress(item["body"].value)) for item in items)
        return sorted(found, key=lambda each: (-each.changed_at_ms, each.id))

    def draft(self, tenant: str, draft_id: str) -> Draft | None:
        item = self._table.get(keys.of_playbooks(tenant), keys.of_playbook_draft(draft_id))
        return _draft.validate_json(zlib.decompress(item["body"].value)) if item else None

    def save(self, draft: Draft) -> None:
        item = {
            "pk": keys.of_playbooks(draft.tenant),
            "sk": keys.of_playbook_draft(draft.id),
            "version": draft.version,
            "body": zlib.compress(_draft.dump_json(draft)),
        }
        first = draft.version == 1
        condition, values = (
            ("attribute_not_exists(pk)", {}) if first else ("version = :before", {"before": draft.version - 1})
        )
        try:
            self._table.put(item, condition, **values)
        except ConditionFailed:
            raise _changed() from None

    def remove(self, tenant: str, draft_id: str, version: int) -> None:
        pk, sk = keys.of_playbooks(tenant), keys.of_playbook_draft(draft_id)
        try:
            self._table.put_all([], removals=[(pk, sk, "version = :seen", {"seen": version})])
        except ConditionFailed:
            raise _changed() from None


class DynamoReplays:
    """A ReplayStore."""

    def __init__(self, table: Table, clock: Clock) -> None:
        self._table = table
        self._clock = clock

    def add(self, replay: Replay) -> None:
        self._table.put(
            {
                "pk": keys.of_playbooks(replay.tenant),
                "sk": keys.of_playbook_replay(replay.id),
                "body": zlib.compress(_replay.dump_json(replay)),
                "expires_at": replay.expires_at_ms // 1000,
            }
        )

    def replay(self, tenant: str, replay_id: str) -> Replay | None:
        item = self._table.get(keys.of_playbooks(tenant), keys.of_playbook_replay(replay_id))
        found = _replay.validate_json(zlib.decompress(item["body"].value)) if item else None
        return found if found is not None and found.expires_at_ms > self._clock.now_ms() else None


def _changed() -> DraftChanged:
    return DraftChanged("version: somebody has changed the draft since you read it; read it again")
