"""What the panel may ask and do: one function for each field of schema.graphql that people may use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sotto.api.admission import find_agent
from sotto.api.caller import Caller, Unauthorised
from sotto.api.panel import (
    alerts,
    examples,
    figures,
    gaps,
    playbooks,
    releases,
    scorecard_lists,
    scorecards,
    settings,
    shared_moments,
    workflows,
)
from sotto.api.panel.after_call import after_call, choose, choose_person, edit
from sotto.api.panel.audit import AuditRequest, audit_trail, call_audit_trail
from sotto.api.panel.corrections import correct, corrections, intents
from sotto.api.panel.history import (
    ConversationsRequest,
    SearchRequest,
    conversations,
    search,
)
from sotto.api.panel.live_contacts import live_contacts
from sotto.api.panel.notes import acknowledge_note, notes, send_note
from sotto.api.panel.ports import AgentPorts, allowed, readable
from sotto.api.panel.questions import article, ask_about_call, ask_knowledge, handover_note, search_knowledge, summary
from sotto.api.panel.recordings import RecordingsRequest, recordings
from sotto.api.panel.request_models import (
    About,
    AboutAgent,
    AboutAnnotation,
    AboutArticle,
    AboutCode,
    AboutNote,
    AboutPerson,
    EditedSummary,
    LiveRequest,
    NewCorrection,
    NewNote,
    NotFound,
    Page,
    Question,
    RateRequest,
    RequestModel,
)
from sotto.api.roles import Role
from sotto.call.feedback import Feedback, FeedbackAction, FeedbackEntry, Rating
from sotto.core.errors import Rejected
from sotto.realtime.shapes import (
    Shape,
    annotation_shape,
    checklist_item_shape,
    contact_shape,
    utterance_shape,
)


class UnknownField(Rejected):
    """The schema has a field that serve_agent does not serve."""


def serve(field: str, arguments: Mapping[str, Any], caller: Caller, ports: AgentPorts) -> Any:
    """Answer ``field`` (``Query.contact``) in the schema's shape.

    Raises Unauthorised, NotFound, BadRequest; and what the ports raise.
    """
    try:
        asked, answer = _FIELDS[field]
    except KeyError:
        raise UnknownField("serve_agent has no answer for a field of the schema; add it to agent_requests") from None
    return answer(asked.read(arguments), caller, ports)


def contact(asked: About, caller: Caller, ports: AgentPorts) -> Shape | None:
    found = ports.conversations.contact(caller.tenant, asked.contact_id)
    return contact_shape(found) if found and caller.may_read(found) else None


def my_contacts(asked: RequestModel, caller: Caller, ports: AgentPorts) -> list[Shape]:
    found = ports.conversations.contacts_of(caller.tenant, caller.agent)
    return [contact_shape(each) for each in found if caller.serves(each)]


def my_last_contacts(asked: RequestModel, caller: Caller, ports: AgentPorts) -> list[Shape]:
    found = ports.conversations.last_contacts_of(caller.tenant, caller.agent)
    return [contact_shape(each) for each in found if caller.serves(each)]


def utterances_after(asked: Page, caller: Caller, ports: AgentPorts) -> list[Shape]:
    readable(asked, caller, ports)
    found = ports.conversations.utterances(caller.tenant, asked.contact_id, asked.after_seq, asked.limit)
    return [utterance_shape(each) for each in found]


def annotations_after(asked: Page, caller: Caller, ports: AgentPorts) -> list[Shape]:
    readable(asked, caller, ports)
    found = ports.conversations.annotations(caller.tenant, asked.contact_id, asked.after_seq, asked.limit)
    return [annotation_shape(each) for each in found]


def checklist(asked: About, caller: Caller, ports: AgentPorts) -> list[Shape]:
    readable(asked, caller, ports)
    return [checklist_item_shape(each) for each in ports.conversations.checklist(caller.tenant, asked.contact_id)]


def feedback(asked: About, caller: Caller, ports: AgentPorts) -> list[Shape]:
    readable(asked, caller, ports)
    return [_feedback_shape(each) for each in ports.feedback.feedback(caller.tenant, asked.contact_id)]


def acknowledge(asked: AboutAnnotation, caller: Caller, ports: AgentPorts) -> Shape:
    return _feedback_shape(ports.feedback.record(_given(FeedbackAction.ACKNOWLEDGED, asked, caller, ports)))


def dismiss(asked: AboutAnnotation, caller: Caller, ports: AgentPorts) -> Shape:
    return _feedback_shape(ports.feedback.record(_given(FeedbackAction.DISMISSED, asked, caller, ports)))


def restore(asked: AboutAnnotation, caller: Caller, ports: AgentPorts) -> Shape:
    return _feedback_shape(ports.feedback.record(_given(FeedbackAction.RESTORED, asked, caller, ports)))


def rate(asked: RateRequest, caller: Caller, ports: AgentPorts) -> Shape:
    return _feedback_shape(ports.feedback.record(_given(FeedbackAction.RATED, asked, caller, ports)))


def on_contact_message(asked: About, caller: Caller, ports: AgentPorts) -> Shape:
    """This contact, of the caller's tenant even if ids should ever collide.

    It ends when the agent is released from the contact. A supervisor's ends when anyone is, because the contact's new
    team may not be theirs: the panel subscribes anew and is judged anew.
    """
    about = allowed(asked, ports, caller, caller.may_follow)
    if not caller.serves(about):
        ports.follows.record(caller.tenant, asked.contact_id, caller.agent, int(ports.clock.now_ms()))
    deliver = {"tenant": {"eq": caller.tenant}, "contactId": {"eq": asked.contact_id}}
    end = deliver | {"agent": {"eq": caller.agent}} if caller.role is not Role.SUPERVISOR else deliver
    return {"deliverWhen": deliver, "endWhen": end}


def on_assignment(asked: AboutAgent, caller: Caller, ports: AgentPorts) -> Shape:
    known = find_agent(caller.tenant, asked.agent, ports.directory)
    if (known.username if known else asked.agent) != caller.agent:
        raise Unauthorised("agent: assignments can be followed by the agent alone")
    return {"deliverWhen": {"tenant": {"eq": caller.tenant}, "agent": {"eq": caller.agent}}, "endWhen": None}


def _given(response: FeedbackAction, asked: AboutAnnotation, caller: Caller, ports: AgentPorts) -> FeedbackEntry:
    # A supervisor reads along; only who serves the contact answers its guidance.
    allowed(asked, ports, caller, caller.serves)
    if ports.conversations.annotation(caller.tenant, asked.contact_id, asked.annotation_id) is None:
        raise NotFound("annotationId: this contact has no such annotation")
    rated: tuple[Rating | None, str | None] = (None, None)
    if isinstance(asked, RateRequest):
        rated = (asked.rating, asked.reason and ports.redact(caller.tenant, asked.reason))
    return FeedbackEntry(
        caller.tenant, asked.contact_id, asked.annotation_id, caller.agent, response, ports.clock.now_ms(), *rated
    )


def _feedback_shape(feedback: Feedback) -> Shape:
    return {
        "contactId": feedback.contact_id,
        "annotationId": feedback.annotation_id,
        "acknowledgedAtMs": feedback.acknowledged_at_ms,
        "dismissedAtMs": feedback.dismissed_at_ms,
        "ratedAtMs": feedback.rated_at_ms,
        "rating": feedback.rating and feedback.rating.value,
        "reason": feedback.reason,
    }


_FIELDS: Mapping[str, tuple[type[RequestModel], Callable[[Any, Caller, AgentPorts], Any]]] = {
    "Query.contact": (About, contact),
    "Query.myContacts": (RequestModel, my_contacts),
    "Query.myLastContacts": (RequestModel, my_last_contacts),
    "Query.liveContacts": (LiveRequest, live_contacts),
    "Query.utterances": (Page, utterances_after),
    "Query.annotations": (Page, annotations_after),
    "Query.checklist": (About, checklist),
    "Query.feedback": (About, feedback),
    "Query.corrections": (About, corrections),
    "Query.intents": (About, intents),
    "Query.searchKnowledge": (Question, search_knowledge),
    "Query.askKnowledge": (Question, ask_knowledge),
    "Query.article": (AboutArticle, article),
    "Query.askAboutCall": (Question, ask_about_call),
    "Query.summary": (About, summary),
    "Query.handoverNote": (About, handover_note),
    "Query.notes": (About, notes),
    "Query.afterCall": (About, after_call),
    "Query.conversations": (ConversationsRequest, conversations),
    "Query.search": (SearchRequest, search),
    "Query.auditTrail": (AuditRequest, audit_trail),
    "Query.callAuditTrail": (About, call_audit_trail),
    "Query.recordings": (RecordingsRequest, recordings),
    "Mutation.chooseDisposition": (AboutCode, choose),
    "Mutation.choosePerson": (AboutPerson, choose_person),
    "Mutation.editSummary": (EditedSummary, edit),
    "Mutation.sendNote": (NewNote, send_note),
    "Mutation.acknowledgeNote": (AboutNote, acknowledge_note),
    "Mutation.acknowledge": (AboutAnnotation, acknowledge),
    "Mutation.dismiss": (AboutAnnotation, dismiss),
    "Mutation.restore": (AboutAnnotation, restore),
    "Mutation.rate": (RateRequest, rate),
    "Mutation.correct": (NewCorrection, correct),
    "Subscription.onContactMessage": (About, on_contact_message),
    "Subscription.onAssignment": (AboutAgent, on_assignment),
    **scorecards.FIELDS,
    **scorecard_lists.FIELDS,
    **figures.FIELDS,
    **examples.FIELDS,
    **gaps.FIELDS,
    **releases.FIELDS,
    **alerts.FIELDS,
    **settings.FIELDS,
    **shared_moments.FIELDS,
    **workflows.FIELDS,
    **playbooks.FIELDS,
}

SERVED_FIELDS = frozenset(_FIELDS)
