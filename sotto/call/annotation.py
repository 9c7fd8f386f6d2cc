"""What the agent is shown and what the audit trail keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sotto.call.contact import Channel


class AnnotationKind(StrEnum):
    MOMENT = "moment"
    ACTION = "action"


class Withdrawal(StrEnum):
    """Why an action was taken back: it was done, or another one took its place."""

    DONE = "done"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words an annotation rests on: an utterance and, where known, the span of its text."""

    utterance_id: str
    start_char: int | None = None
    end_char: int | None = None


@dataclass(frozen=True, slots=True)
class Annotation:
    """A moment or an action. Immutable; ``seq`` counts 1, 2, 3... within the contact.

    ``severity`` is info, low, medium or high. ``show`` is what the panel displays: ``{"title", "text", "reply"?,
    "citations"?: [{"article", "title", "quote"}], "expires_ms"?}``; beside it, for the summary, ``"done_text"?`` and,
    of a moment, ``"outcome"?`` and ``"fact"?``; of a withdrawal ``{"title", "withdraws", "because"?}``. ``stages_ms``
    says where the time went, ``latency_ms`` runs from the utterance's final in hand until this annotation was handed to
    the channel. ``route`` is for the audit trail and stored only: version, endpoint and variant that answered, and why
    those before did not. So is ``runner``: what carried the graph that led to it; empty of what no utterance caused.
    """

    tenant: str
    contact_id: str
    id: str
    seq: int
    kind: AnnotationKind
    name: str
    at_ms: int
    utterance_id: str | None
    confidence: float
    severity: str = "info"
    show: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    model: str = ""
    adapter: str = ""
    policy: str = ""
    playbook: str = ""
    stages_ms: Mapping[str, float] = field(default_factory=dict)
    latency_ms: float = 0.0
    route: str = ""
    runner: str = ""
    channel: Channel = Channel.VOICE

    @property
    def is_fact(self) -> bool:
        """The words that it rests on are what is shown of it; nothing happened."""
        return bool(self.show.get("fact"))


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One line of a checklist as the agent sees it. ``state``: open, done or missed."""

    checklist: str
    name: str
    title: str
    state: str
    done_by: str | None = None


@dataclass(frozen=True, slots=True)
class Checklist:
    """All items of a contact at ``at_ms`` (call time); ``version`` rises with every change."""

    tenant: str
    contact_id: str
    items: tuple[ChecklistItem, ...]
    version: int
    at_ms: int
