"""What the live path leaves of a conversation, as those read it who work on it afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sotto.call.annotation import Annotation
from sotto.call.utterance import Utterance
from sotto.guidance.deliver import Conversation

MOST_UTTERANCES = 2_000
MOST_ANNOTATIONS = 2_000


class StoredCall(Protocol):
    def utterances(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Utterance]: ...

    def annotations(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Annotation]: ...

    def conversation(self, tenant: str, contact_id: str) -> Conversation | None: ...
