"""What was said and shown in a conversation, and the state that playbooks keep of it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

from sotto.aws import keys
from sotto.aws.outbox import outbox_write
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, Table
from sotto.call.annotation import Annotation, AnnotationKind, ChecklistItem
from sotto.call.events import MomentNoticed
from sotto.call.utterance import Utterance
from sotto.core.clock import Clock
from sotto.core.subject_data import DataKind
from sotto.core.validation import silent
from sotto.guidance.deliver import Conversation, ConversationBusy

_utterance = silent(Utterance)
_annotation = silent(Annotation)
_conversation = silent(Conversation)

MOST_PER_TRANSACTION = 99


class DynamoConversations:
    """The state is written anew in every round, in a transaction, which counts each begun kilobyte twice: it is kept
    compressed, at a sixth of its size after a minute of talk."""

    def __init__(self, table: Table, retention: Retention, clock: Clock) -> None:
        self._table = table
        self._retention = retention
        self._clock = clock

    def conversation(self, tenant: str, contact_id: str) -> Conversation | None:
        item = self._table.get(keys.of_contact(tenant, contact_id), keys.STATE)
        return _conversation.validate_json(_unpacked(item["body"])) if item else None

    def save(
        self,
        tenant: str,
        contact_id: str,
        conversation: Conversation,
        annotations: Sequence[Annotation],
        *,
        expected_version: int,
    ) -> None:
        """Store the state and the annotations that led to it, all or none. Raises ConversationBusy."""
        pk, expires_at = keys.of_contact(tenant, contact_id), self._retention.expires_at(tenant, DataKind.ANNOTATIONS)
        state = {
            "pk": pk,
            "sk": keys.STATE,
            "version": conversation.version,
            "body": zlib.compress(_conversation.dump_json(conversation)),
            "expires_at": min(expires_at, self._retention.expires_at(tenant, DataKind.TRANSCRIPTS)),
        }
        condition = "attribute_not_exists(pk)" if expected_version == 0 else "version = :expected"
        values: dict[str, Any] = {} if expected_version == 0 else {"expected": expected_version}
        writes: list[tuple[Any, str | None, dict[str, Any]]] = [(state, condition, values)]
        beside: list[tuple[Any, str | None, dict[str, Any]]] = []
        for annotation in annotations[:MOST_PER_TRANSACTION]:
            item = {
                "pk": pk,
                "sk": keys.of_annotation(annotation.seq),
                "id": annotation.id,
                "name": annotation.name,
                "kind": annotation.kind.value,
                "body": _annotation.dump_json(annotation).decode(),
                "expires_at": expires_at,
            }
            writes.append((item, "attribute_not_exists(pk)", {}))
            if annotation.kind is AnnotationKind.MOMENT and annotation.severity == "high":
                # Beside it, so that a list of calls need not read through all that was noticed in each.
                beside.append((item | {"sk": keys.of_risk(annotation.seq)}, None, {}))
            if annotation.kind is AnnotationKind.MOMENT and not annotation.is_fact:
                beside.append(outbox_write(MomentNoticed.of(annotation, at_ms=self._clock.now_ms())))
        try:
            self._table.put_all([*writes, *beside][: MOST_PER_TRANSACTION + 1])
        except ConditionFailed as error:
            raise ConversationBusy(f"version {expected_version} of the conversation is no longer current") from error

    def utterances(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> list[Utterance]:
        """Finals with a sequence number above ``after_seq``, oldest first."""
        items = self._after(tenant, contact_id, keys.of_utterance, after_seq, limit)
        return [_utterance.validate_json(item["body"]) for item in items]

    def annotations(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> list[Annotation]:
        """Annotations with a sequence number above ``after_seq``, oldest first."""
        items = self._after(tenant, contact_id, keys.of_annotation, after_seq, limit)
        return [_annotation.validate_json(item["body"]) for item in items]

    def annotation(self, tenant: str, contact_id: str, annotation_id: str) -> Annotation | None:
        """One annotation by id. A contact has some hundreds at most, so its own are read through."""
        for item in self._after(tenant, contact_id, keys.of_annotation, 0, None):
            if item["id"] == annotation_id:
                return _annotation.validate_json(item["body"])
        return None

    def risks(self, tenant: str, contact_id: str) -> list[Annotation]:
        """Moments of high severity, oldest first."""
        items = self._after(tenant, contact_id, keys.of_risk, 0, None)
        return [_annotation.validate_json(item["body"]) for item in items]

    def checklist(self, tenant: str, contact_id: str) -> list[ChecklistItem]:
        conversation = self.conversation(tenant, contact_id)
        return list(conversation.checklist) if conversation else []

    def _after(self, tenant: str, contact_id: str, key: Any, after_seq: int, limit: int | None) -> list[dict[str, Any]]:
        pk = keys.of_contact(tenant, contact_id)
        return list(self._table.between(pk, key(after_seq + 1), key(99_999_999), limit))


def _unpacked(body: Any) -> bytes:
    """``body``: a boto3 Binary; a state that was written before states were compressed is text."""
    return body.encode() if isinstance(body, str) else zlib.decompress(body.value)
