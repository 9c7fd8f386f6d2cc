"""Sotto's records in the shapes of schema.graphql: camel case, upper-case enums, nothing the panel may not see.

AWSJSON fields are objects here, which is what AppSync expects from a resolver; as an argument they travel as text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sotto.call.after_call_work import AfterCallWork, Disposition
from sotto.call.agent_presence import AgentPresence, Wait
from sotto.call.annotation import Annotation, ChecklistItem, Withdrawal
from sotto.call.contact import Contact
from sotto.call.customer import CustomerContext
from sotto.call.filing import FiledCall
from sotto.call.summary import CallSummary
from sotto.call.supervisor_note import SupervisorNote
from sotto.call.utterance import Utterance
from sotto.realtime.channel import AgentAssignment, Body, Health, MessageKind, PanelMessage

Shape = dict[str, Any]

RISKS_SHOWN = 3
CALLER, REASON = "sotto_caller", "sotto_reason"
"""Contact attributes that a flow sets where the tenant wants agents to see them: name or number, and why they call."""
LONGEST_DISCLOSED = 80


def message_shape(message: PanelMessage) -> Shape:
    """ContactMessage, with the one field filled that its kind asks for, and what came with it in the same round."""
    beside: Shape = {"before": [annotation_shape(each) for each in message.before]} if message.before else {}
    if message.checklist is not None:
        items = [checklist_item_shape(item) for item in message.checklist.items]
        beside |= {"checklist": items, "checklistSeq": message.checklist.version}
    return {
        "tenant": message.tenant,
        "contactId": message.contact_id,
        "kind": message.kind.value,
        "seq": message.seq,
        "atMs": message.at_ms,
        _FIELD_OF[message.kind]: body_shape(message.body),
        **beside,
    }


_FIELD_OF = {
    MessageKind.INTERIM: "utterance",
    MessageKind.UTTERANCE: "utterance",
    MessageKind.ANNOTATION: "annotation",
    MessageKind.CHECKLIST: "checklist",
    MessageKind.CONTACT: "contact",
    MessageKind.HEALTH: "health",
    MessageKind.SUMMARY: "summary",
    MessageKind.HANDOVER_NOTE: "summary",
    MessageKind.SUPERVISOR_NOTE: "note",
    MessageKind.AFTER_CALL: "afterCall",
}


def body_shape(body: Body) -> Shape | list[Shape]:
    match body:
        case Utterance():
            return utterance_shape(body)
        case Annotation():
            return annotation_shape(body)
        case Contact():
            return contact_shape(body)
        case Health():
            return {"state": body.state.value, "part": body.part, "reason": body.reason}
        case CallSummary():
            return summary_shape(body)
        case SupervisorNote():
            return supervisor_note_shape(body)
        case AfterCallWork():
            return after_call_shape(body)
        case items:
            return [checklist_item_shape(item) for item in items]


def assignment_shape(assignment: AgentAssignment) -> Shape:
    return {
        "tenant": assignment.contact.tenant,
        "agent": assignment.agent,
        "state": assignment.state.value,
        "contact": contact_shape(assignment.contact),
    }


def utterance_shape(utterance: Utterance) -> Shape:
    return {
        "id": utterance.id,
        "seq": utterance.seq,
        "speaker": utterance.speaker.value.upper(),
        "startMs": utterance.start_ms,
        "endMs": utterance.end_ms,
        "text": utterance.text,
        "isFinal": utterance.is_final,
        "confidence": utterance.confidence,
        "private": [
            {
                "kind": span.kind,
                "startMs": span.start_ms,
                "endMs": span.end_ms,
                "startChar": span.start_char,
                "endChar": span.end_char,
            }
            for span in utterance.private
        ],
        "doubtful": [
            {"startChar": word.start_char, "endChar": word.end_char, "confidence": word.confidence}
            for word in utterance.doubtful
        ],
    }


def annotation_shape(annotation: Annotation) -> Shape:
    show = annotation.show
    return {
        "id": annotation.id,
        "seq": annotation.seq,
        "kind": annotation.kind.value.upper(),
        "name": annotation.name,
        "atMs": annotation.at_ms,
        "utteranceId": annotation.utterance_id,
        "severity": annotation.severity.upper(),
        "title": title_of(annotation),
        "text": show.get("text") or "",
        "reply": show.get("reply"),
        "citations": [
            {
                **{name: cited[name] for name in ("article", "title", "quote")},
                **{name: cited.get(name) for name in ("source", "date")},
            }
            for cited in show.get("citations") or ()
        ],
        "evidence": [
            {"utteranceId": words.utterance_id, "startChar": words.start_char, "endChar": words.end_char}
            for words in annotation.evidence
        ],
        "confidence": annotation.confidence,
        "model": annotation.model,
        "adapter": annotation.adapter,
        "policy": annotation.policy,
        "playbook": annotation.playbook,
        "stagesMs": dict(annotation.stages_ms),
        "latencyMs": annotation.latency_ms,
        "expiresMs": show.get("expires_ms"),
        "withdraws": show.get("withdraws"),
        "because": _because(show),
        "isFact": annotation.is_fact,
    }


def checklist_item_shape(item: ChecklistItem) -> Shape:
    return {
        "checklist": item.checklist,
        "name": item.name,
        "title": item.title,
        "state": item.state.upper(),
        "doneBy": item.done_by,
    }


def summary_shape(summary: CallSummary) -> Shape:
    return {
        "lines": [
            {
                "part": line.part.value.upper(),
                "text": line.text,
                "utteranceIds": list(line.rests_on),
                "owner": line.owner and line.owner.value.upper(),
                "due": line.due or None,
            }
            for line in summary.lines
        ],
        "origin": summary.origin.value.upper(),
        "model": summary.model,
        "madeAtMs": summary.made_at_ms,
        "throughSeq": summary.through_seq,
        "version": summary.version,
        "editedBy": summary.edited_by or None,
    }


def after_call_shape(work: AfterCallWork) -> Shape:
    steps = [{"step": each.step, "outcome": each.outcome.value.upper(), "atMs": each.at_ms} for each in work.steps]
    disposition = work.disposition and _disposition_shape(work.disposition)
    filed = [_filed_shape(each) for each in work.filed]
    return {"steps": steps, "disposition": disposition, "filed": filed, "version": work.version}


def _filed_shape(filed: FiledCall) -> Shape:
    return {
        "system": filed.system,
        "title": filed.title,
        "state": filed.state.value.upper(),
        "address": filed.address or None,
        "persons": [{"id": each.id, "label": each.label, "address": each.address or None} for each in filed.persons],
        "hasMore": filed.has_more,
        "person": filed.person,
    }


def _disposition_shape(disposition: Disposition) -> Shape:
    choice = disposition.choice
    return {
        "ranked": [
            {
                "code": each.code,
                "title": each.title,
                "confidence": each.confidence,
                "utteranceIds": list(each.rests_on),
            }
            for each in disposition.ranked
        ],
        "suggested": disposition.suggested or None,
        "choice": choice
        and {
            "code": choice.code,
            "title": choice.title,
            "agent": choice.agent,
            "atMs": choice.at_ms,
            "written": choice.written.value.upper(),
        },
    }


def supervisor_note_shape(note: SupervisorNote) -> Shape:
    return {
        "contactId": note.contact_id,
        "id": note.id,
        "senderName": note.sender_name,
        "agent": note.agent,
        "text": note.text,
        "sentAtMs": note.sent_at_ms,
        "state": note.state.value.upper(),
        "version": note.version,
    }


def live_contact_shape(
    contact: Contact,
    risks: Sequence[Annotation],
    *,
    agent_name: str | None,
    missed: Sequence[str],
    mood: float | None,
    last: Utterance | None,
) -> Shape:
    """``risks`` by rising seq; ``agent_name``: as people call the agent; ``missed``: titles of the checklist; ``mood``:
    -1 to 1."""
    latest = list(reversed(risks))[:RISKS_SHOWN]
    return {
        "contactId": contact.contact_id,
        "conversationId": contact.conversation_id,
        "agent": contact.agent,
        "agentName": agent_name,
        "team": contact.team,
        "queue": contact.queue,
        "startedAtMs": contact.media_started_at_ms,
        "channel": contact.channel.value.upper(),
        "riskCount": len(risks),
        "riskMoments": [{"name": each.name, "title": title_of(each), "atMs": each.at_ms} for each in latest],
        "caller": _disclosed(contact, CALLER),
        "reason": _disclosed(contact, REASON),
        "missedSteps": list(missed),
        "mood": mood,
        "lastWords": utterance_shape(last) if last else None,
    }


def _because(show: Mapping[str, Any]) -> str | None:
    return str(show.get("because", Withdrawal.DONE)).upper() if show.get("withdraws") else None


def title_of(annotation: Annotation) -> str:
    return annotation.show.get("title") or annotation.name.replace("_", " ")


def contact_shape(contact: Contact) -> Shape:
    return {
        "contactId": contact.contact_id,
        "conversationId": contact.conversation_id,
        "mediaStartedAtMs": contact.media_started_at_ms,
        "initiationMethod": contact.initiation_method,
        "language": contact.language,
        "channel": contact.channel.value.upper(),
        "unavailable": list(contact.unavailable),
        "queue": contact.queue,
        "agent": contact.agent,
        "agentName": contact.agent_name,
        "team": contact.team,
        "status": contact.status.value.upper(),
        "version": contact.version,
        "caller": _disclosed(contact, CALLER),
        "reason": _disclosed(contact, REASON),
        "customer": _customer_shape(contact.customer) if contact.customer else None,
        "waits": [_wait_shape(wait) for wait in AgentPresence.of(contact).waits()],
    }


def _wait_shape(wait: Wait) -> Shape:
    return {"fromMs": wait.from_ms, "untilMs": wait.until_ms if wait.is_over else None, "isHold": wait.is_hold}


def _customer_shape(customer: CustomerContext) -> Shape:
    """What is only for policies stays on the server."""
    shown = [{"name": each.name, "title": each.title, "value": each.value} for each in customer.shown]
    return {"state": customer.state.value.upper(), "fields": shown}


def _disclosed(contact: Contact, attribute: str) -> str | None:
    """What the contact flow chose to tell the agent; every other attribute stays on the server."""
    return contact.attributes.get(attribute, "").strip()[:LONGEST_DISCLOSED] or None
