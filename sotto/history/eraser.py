"""What the history keeps of a contact: its leg of a conversation's row, in each list that the row is in."""

from __future__ import annotations

from collections.abc import Mapping

from sotto.call.contact import ContactReader
from sotto.core.subject_data import ErasureStep
from sotto.history.conversation import ConversationRow, without_leg
from sotto.history.keep import ATTEMPTS
from sotto.history.store import HistoryChanged, HistoryStore


class HistoryEraser:
    """An Eraser."""

    name = "history"
    step = ErasureStep.INDEXES

    def __init__(self, store: HistoryStore, contacts: ContactReader) -> None:
        self._store = store
        self._contacts = contacts

    def erase(self, tenant: str, contact_id: str) -> Mapping[str, int]:
        return {"rows of the history": sum(self._taken_out(row, contact_id) for row in self._rows(tenant, contact_id))}

    def left(self, tenant: str, contact_id: str) -> int:
        return len(self._rows(tenant, contact_id))

    def _taken_out(self, row: ConversationRow, contact_id: str) -> int:
        for _ in range(ATTEMPTS):
            try:
                left = without_leg(row, contact_id)
                if left is None:
                    self._store.remove(row)
                else:
                    self._store.replace(left, before=row)
                return 1
            except HistoryChanged:
                now = self._store.row(row.tenant, row.conversation_id)
                if now is None or not _has(now, contact_id):
                    return 0
                row = now
        raise HistoryChanged("the row of a conversation changes too often; try again")

    def _rows(self, tenant: str, contact_id: str) -> list[ConversationRow]:
        """Of its conversation, and the one that it may have been by itself."""
        contact = self._contacts.contact(tenant, contact_id)
        names = dict.fromkeys((contact.conversation_id if contact else contact_id, contact_id))
        rows = (self._store.row(tenant, name) for name in names)
        return [row for row in rows if row is not None and _has(row, contact_id)]


def _has(row: ConversationRow, contact_id: str) -> bool:
    """An erased call's leg is left by ``keep``: who had it and when, and nothing of what was said."""
    return any(leg.contact_id == contact_id and not leg.erased for leg in row.legs)
