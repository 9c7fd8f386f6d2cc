"""One contact, and what was said in it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sotto.api.caller import Unauthorised
from sotto.api.panel.ports import readable
from sotto.api.panel.request_models import Page
from sotto.api.panel.requests import annotations_after, checklist, utterances_after
from sotto.api.rest.about import about
from sotto.api.rest.cursor import after_of, next_of
from sotto.api.rest.fields import LOWER, AtMs, Next, Paged, Word
from sotto.api.rest.route import ApiPorts, Asked, Example, Shown, route
from sotto.api.roles import Action
from sotto.call.annotation import AnnotationKind
from sotto.call.contact import Speaker
from sotto.realtime.shapes import Shape, contact_shape

CallMs = Annotated[int, Field(description="Milliseconds since the call began.")]


class Wait(Shown):
    from_ms: CallMs
    until_ms: CallMs | None
    is_hold: bool


class Contact(Shown):
    contact_id: str
    conversation_id: str
    media_started_at_ms: AtMs
    initiation_method: str
    language: str
    queue: str | None
    agent: str | None
    agent_name: str | None
    team: str | None
    status: Word
    version: int
    waits: Annotated[list[Wait], Field(description="While no agent was there, or the customer was on hold.")]


class PrivateWords(Shown):
    kind: str
    start_char: int | None
    end_char: int | None
    start_ms: CallMs | None
    end_ms: CallMs | None


class Utterance(Shown):
    id: str
    seq: int
    speaker: Annotated[Speaker, LOWER]
    start_ms: CallMs
    end_ms: CallMs
    text: Annotated[str, Field(description="Redacted.")]
    confidence: float | None
    private: Annotated[list[PrivateWords], Field(description="What was redacted, and where it stood.")]


class Transcript(Shown):
    data: list[Utterance]
    next: Next


class Evidence(Shown):
    utterance_id: str
    start_char: int | None
    end_char: int | None


class Citation(Shown):
    article: str
    title: str
    quote: str
    source: str | None
    date: str | None


class Annotation(Shown):
    id: str
    seq: int
    kind: Annotated[AnnotationKind, LOWER]
    name: str
    at_ms: CallMs
    utterance_id: str | None
    severity: Word
    title: str
    text: str
    reply: str | None
    citations: list[Citation]
    evidence: list[Evidence]
    confidence: float | None
    model: str | None
    policy: str | None
    playbook: str | None


class Annotations(Shown):
    data: list[Annotation]
    next: Next


class ChecklistItem(Shown):
    checklist: str
    name: str
    title: str
    state: Word
    done_by: str | None


class Checklist(Shown):
    data: list[ChecklistItem]


_PATH = {"contact_id": "c1"}
_CONTACT = {
    "contact_id": "c1", "conversation_id": "c1", "media_started_at_ms": 1_790_000_000_000,
    "initiation_method": "INBOUND", "language": "en-US", "queue": "Loans", "agent": "emma", "agent_name": None,
    "team": "service", "status": "ended", "version": 2, "waits": [{"from_ms": 0, "until_ms": None, "is_hold": False}],
}  # fmt: skip
_UTTERANCE = {
    "id": "u1", "seq": 1, "speaker": "customer", "start_ms": 1_000, "end_ms": 2_400, "text": "I want to leave.",
    "confidence": 0.93, "private": [],
}  # fmt: skip
_ANNOTATION = {
    "id": "a1", "seq": 1, "kind": "moment", "name": "cancellation_risk", "at_ms": 2_400, "utterance_id": "u1",
    "severity": "high", "title": "Wants to leave", "text": "", "reply": None, "citations": [],
    "evidence": [{"utterance_id": "u1", "start_char": 2, "end_char": 15}], "confidence": 0.9, "model": "intents",
    "policy": "default", "playbook": "retention",
}  # fmt: skip


@route(
    "GET", "/v1/contacts/{contact_id}", action=Action.READ_CALL, scope="contacts:read", answers=Contact,
    example=Example(path=_PATH, answer=_CONTACT),
)  # fmt: skip
def get_contact(asked: Asked, ports: ApiPorts) -> Shape:
    """One contact: who, when, where it stands."""
    found = readable(about(asked), asked.caller, ports.panel())
    if found.erased:
        raise Unauthorised("contact_id: there is no such contact among yours")
    return contact_shape(found)


@route(
    "GET", "/v1/contacts/{contact_id}/transcript", action=Action.READ_CALL, scope="transcripts:read", query=Paged,
    answers=Transcript, example=Example(path=_PATH, answer={"data": [_UTTERANCE], "next": None}),
)  # fmt: skip
def get_transcript(asked: Asked, ports: ApiPorts) -> Shape:
    """What was said, redacted, utterance by utterance. Reading it is noted in the audit log."""
    page = _page(asked, ports, "transcript")
    found = utterances_after(page, asked.caller, ports.panel())
    return {"data": found, "next": next_of(found, page.limit, "transcript", asked, ports)}


@route(
    "GET", "/v1/contacts/{contact_id}/annotations", action=Action.READ_CALL, scope="contacts:read", query=Paged,
    answers=Annotations, example=Example(path=_PATH, answer={"data": [_ANNOTATION], "next": None}),
)  # fmt: skip
def list_annotations(asked: Asked, ports: ApiPorts) -> Shape:
    """What was noticed and shown, each with its evidence."""
    page = _page(asked, ports, "annotations")
    found = annotations_after(page, asked.caller, ports.panel())
    return {"data": found, "next": next_of(found, page.limit, "annotations", asked, ports)}


@route(
    "GET", "/v1/contacts/{contact_id}/checklist", action=Action.READ_CALL, scope="contacts:read", answers=Checklist,
    example=Example(
        path=_PATH,
        answer={"data": [
            {"checklist": "every_call", "name": "greet", "title": "Greets", "state": "done", "done_by": "u1"},
        ]},
    ),
)  # fmt: skip
def get_checklist(asked: Asked, ports: ApiPorts) -> Shape:
    """What was to be done in the call, and what was."""
    return {"data": checklist(about(asked), asked.caller, ports.panel())}


def _page(asked: Asked, ports: ApiPorts, what: str) -> Page:
    wanted: Paged = asked.query
    after = after_of(wanted.cursor, what, asked, ports)
    return Page.read({"contactId": asked.path["contact_id"], "afterSeq": after, "limit": wanted.limit})
