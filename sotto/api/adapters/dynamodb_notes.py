"""Supervisors' notes, beside the call that they are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sotto.aws import keys
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, StorageUnavailable, Table
from sotto.call.supervisor_note import NoteState, SupervisorNote
from sotto.core.validation import silent

_note = silent(SupervisorNote)
ATTEMPTS = 4


class DynamoNotes:
    """A NoteStore."""

    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def notes(self, tenant: str, contact_id: str) -> Sequence[SupervisorNote]:
        found = self._table.between(keys.of_contact(tenant, contact_id), "note#", "note#~")
        return sorted(
            (_note.validate_json(item["body"]) for item in found), key=lambda each: (each.sent_at_ms, each.id)
        )

    def add(self, note: SupervisorNote) -> SupervisorNote:
        try:
            self._table.put(self._item(note), "attribute_not_exists(pk)")
        except ConditionFailed:
            return self._known(note.tenant, note.contact_id, note.id)
        return note

    def advance(self, tenant: str, contact_id: str, note_id: str, state: NoteState, at_ms: int) -> SupervisorNote:
        for _ in range(ATTEMPTS):
            known = self._known(tenant, contact_id, note_id)
            if known.state.rank >= state.rank:
                return known
            now = replace(known, state=state, state_at_ms=at_ms)
            try:
                self._table.put(self._item(now), "body = :before", before=_body(known))
            except ConditionFailed:
                continue
            return now
        raise StorageUnavailable("the note changed at each of our attempts")

    def _known(self, tenant: str, contact_id: str, note_id: str) -> SupervisorNote:
        item = self._table.get(keys.of_contact(tenant, contact_id), keys.of_note(note_id))
        if item is None:
            raise KeyError(note_id)
        return _note.validate_json(item["body"])

    def _item(self, note: SupervisorNote) -> dict[str, object]:
        return {
            "pk": keys.of_contact(note.tenant, note.contact_id),
            "sk": keys.of_note(note.id),
            "body": _body(note),
            "expires_at": self._retention.expires_at(note.tenant),
        }


def _body(note: SupervisorNote) -> str:
    return _note.dump_json(note).decode()
