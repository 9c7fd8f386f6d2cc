"""One contact, and what was said in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import Field

from sotto.api.caller import Unauthorised
from sotto.api.panel.after_call import after_call
from sotto.api.panel.ports import readable
from sotto.api.panel.questions import summary
from sotto.api.panel.request_models import Page
from sotto.api.panel.requests import annotations_after, checklist, feedback, utterances_after
from sotto.api.rest.about import about
from sotto.api.rest.cursor import after_of, next_of
from sotto.api.rest.fields import LOWER, AtMs, Next, Paged, Word
from sotto.api.rest.route import ApiPorts, Asked, Example, Shown, Wanted, route
from sotto.api.rest.routes.contacts.afterwards import Disposition, Feedback, Summary
from sotto.api.roles import Action
from sotto.call.annotation import AnnotationKind
from sotto.call.contact import Speaker
from sotto.realtime.shapes import Shape, contact_shape

CallMs = Annotated[int, Field(description="Milliseconds since the call began.")]


class Wait(Shown):
    from_ms: CallMs
    until_ms: CallMs | None
    is_hold: bool


class ChecklistItem(Shown):
    checklist: str
    name: str
    title: str
    state: Word
    done_by: str | None


class Checklist(Shown):
    data: list[ChecklistItem]


class ExpandedContact(Shown):
    """Null: it was not asked for, or there is none yet."""

    summary: Summary | None
    disposition: Disposition | None
    checklist: list[ChecklistItem] | None
    feedback: list[Feedback] | None


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
    expanded: Annotated[ExpandedContact | None, Field(description="What expand asked for.")]


class WantedContact(Wanted):
    expand: Annotated[
        frozenset[Literal["summary", "disposition", "checklist", "feedback"]],
        Field(max_length=4, description="What is shown with it, instead of asking for each."),
    ] = frozenset()


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


_PATH = {"contact_id": "c1"}
_CONTACT = {
    "contact_id": "c1", "conversation_id": "c1", "media_started_at_ms": 1_790_000_000_000,
    "initiation_method": "INBOUND", "language": "en-US", "queue": "Loans", "agent": "emma", "agent_name": None,
    "team": "service", "status": "ended", "version": 2, "waits": [{"from_ms": 0, "until_ms": None, "is_hold": False}],
    "expanded": None,
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
    "GET", "/v1/contacts/{contact_id}", action=Action.READ_CALL, scope="contacts:read", query=WantedContact,
    answers=Contact, example=Example(path=_PATH, answer=_CONTACT),
)  # fmt: skip
def get_contact(asked: Asked, ports: ApiPorts) -> Shape:
    """One contact: who, when, where it stands; and with it what was made of it, as far as expand asks for it."""
    found = readable(about(asked), asked.caller, ports.panel())
    if found.erased:
        raise Unauthorised("contact_id: there is no such contact among yours")
    return contact_shape(found) | {"expanded": _expanded(asked, ports)}


def _expanded(asked: Asked, ports: ApiPorts) -> Shape | None:
    wanted: WantedContact = asked.query
    if not wanted.expand:
        return None
    given = (about(asked), asked.caller, ports.panel())
    shown: dict[str, Callable[[], Any]] = {
        "summary": lambda: summary(*given),
        "disposition": lambda: (after_call(*given) or {}).get("disposition"),
        "checklist": lambda: checklist(*given),
        "feedback": lambda: feedback(*given),
    }
    return {name: make() if name in wanted.expand else None for name, make in shown.items()}


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
