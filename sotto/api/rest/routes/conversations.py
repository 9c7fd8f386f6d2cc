"""Conversations of the past."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sotto.api.caller import Unauthorised
from sotto.api.panel import history
from sotto.api.rest.fields import AtMs, Id, Ms, Names, Next, Paged
from sotto.api.rest.route import ApiPorts, Asked, Example, Shown, route
from sotto.api.roles import Action
from sotto.call.contact import Channel
from sotto.history.listing import SortBy
from sotto.realtime.shapes import Shape


class FormScore(Shown):
    form: str
    percentage: float | None


class ConversationContact(Shown):
    """One leg of a conversation: a transfer opens another."""

    contact_id: str
    started_at_ms: AtMs
    ended_at_ms: AtMs | None
    is_over: bool
    language: str
    channel: Literal["VOICE", "CHAT"]
    queue: str | None
    agent: str | None
    agent_name: str | None
    team: str | None
    summary: Annotated[str | None, Field(description="Its first line.")]
    disposition: str | None
    is_chosen: Annotated[bool, Field(description="Whether a person chose the disposition.")]
    scores: list[FormScore]
    moments: list[str]
    is_erased: bool


class Conversation(Shown):
    conversation_id: str
    started_at_ms: AtMs
    ended_at_ms: AtMs | None
    duration_ms: int | None
    score: Annotated[float | None, Field(description="The lowest of its contacts', in percent.")]
    contacts: list[ConversationContact]


class Conversations(Shown):
    data: list[Conversation]
    next: Next


class WantedConversations(Paged):
    agent: Names = frozenset()
    team: Names = frozenset()
    queue: Names = frozenset()
    language: Names = frozenset()
    channel: Annotated[frozenset[Channel], Field(description="voice, chat")] = frozenset()
    disposition: Names = frozenset()
    moment: Names = frozenset()
    since_ms: Ms | None = None
    until_ms: Ms | None = None
    min_score: Annotated[float, Field(ge=0, le=100)] | None = None
    max_score: Annotated[float, Field(ge=0, le=100)] | None = None
    min_duration_ms: Ms | None = None
    max_duration_ms: Ms | None = None
    contact_id: Id | None = None
    sort: SortBy = SortBy.STARTED
    order: Literal["ascending", "descending"] = "descending"


_CONTACT = {
    "contact_id": "c1", "started_at_ms": 1_790_000_000_000, "ended_at_ms": 1_790_000_180_000, "is_over": True,
    "language": "en-US", "channel": "VOICE", "queue": "Loans", "agent": "emma", "agent_name": None, "team": "service",
    "summary": "I want to leave.", "disposition": "saved", "is_chosen": True,
    "scores": [{"form": "every_call", "percentage": 80.0}], "moments": ["cancellation_risk"], "is_erased": False,
}  # fmt: skip
_CONVERSATION = {
    "conversation_id": "c1", "started_at_ms": 1_790_000_000_000, "ended_at_ms": 1_790_000_180_000,
    "duration_ms": 180_000, "score": 80.0, "contacts": [_CONTACT],
}  # fmt: skip


@route(
    "GET", "/v1/conversations", action=Action.LIST_HISTORY, scope="conversations:read", query=WantedConversations,
    answers=Conversations,
    example=Example(query={"limit": "1", "team": "service"}, answer={"data": [_CONVERSATION], "next": None}),
)  # fmt: skip
def list_conversations(asked: Asked, ports: ApiPorts) -> Shape:
    """Conversations of the last 30 days or of a period, the latest first."""
    wanted: WantedConversations = asked.query
    question = history.ConversationsRequest.read(
        {
            "filter": {
                "agents": wanted.agent,
                "teams": wanted.team,
                "queues": wanted.queue,
                "languages": wanted.language,
                "channels": wanted.channel,
                "dispositions": wanted.disposition,
                "moments": wanted.moment,
                "sinceMs": wanted.since_ms,
                "untilMs": wanted.until_ms,
                "minScore": wanted.min_score,
                "maxScore": wanted.max_score,
                "minDurationMs": wanted.min_duration_ms,
                "maxDurationMs": wanted.max_duration_ms,
                "contactId": wanted.contact_id,
            },
            "sort": wanted.sort,
            "descending": wanted.order == "descending",
            "first": wanted.limit,
            "after": wanted.cursor,
        }
    )
    page = history.conversations(question, asked.caller, ports.panel())
    return {"data": page["conversations"], "next": page["cursor"]}


@route(
    "GET", "/v1/conversations/{conversation_id}", action=Action.LIST_HISTORY, scope="conversations:read",
    answers=Conversation, example=Example(path={"conversation_id": "c1"}, answer=_CONVERSATION),
)  # fmt: skip
def get_conversation(asked: Asked, ports: ApiPorts) -> Shape:
    """One conversation with those of its contacts that you may see."""
    found = history.conversation(asked.path["conversation_id"], asked.caller, ports.panel())
    if found is None:
        raise Unauthorised("conversation_id: there is no such conversation among yours")
    return found
