"""What agents and reviewers say should have been understood, shown or answered: what learning begins with.

The words of a correction are redacted before anything sees them; an intent is one that the tenant's models know.
"""

from __future__ import annotations

from sotto.api.caller import Caller
from sotto.api.panel.ports import AgentPorts, allowed, readable
from sotto.api.panel.request_models import About, BadRequest, NewCorrection, NotFound, TooManyRequests
from sotto.api.roles import Action
from sotto.call.contact import Contact
from sotto.call.correction import Correction
from sotto.realtime.shapes import Shape

MOST_OF_A_CALL = 100
"""More than anybody corrects in earnest."""
MOST_UTTERANCES = 5_000
"""Of a call: hours of talk."""


def intents(asked: About, caller: Caller, ports: AgentPorts) -> list[str]:
    allowed(asked, ports, caller, caller.may_read)
    return list(known_intents(caller, ports))


def known_intents(caller: Caller, ports: AgentPorts) -> tuple[str, ...]:
    models = ports.books.current(caller.tenant).models.values()
    return tuple(dict.fromkeys(label for model in models if model.task == "intent" for label in model.labels))


def corrections(asked: About, caller: Caller, ports: AgentPorts) -> list[Shape]:
    readable(asked, caller, ports)
    return [_shape(each) for each in ports.corrections.corrections(caller.tenant, asked.contact_id)]


def correct(asked: NewCorrection, caller: Caller, ports: AgentPorts) -> Shape:
    """By who serves the contact, or may review it. Raises Unauthorised, NotFound, BadRequest and TooManyRequests."""
    allowed(asked, ports, caller, lambda contact: _may_correct(contact, caller))
    if asked.intent is not None and asked.intent not in known_intents(caller, ports):
        raise BadRequest("intent: the tenant's models know no such intent; ask for `intents` first")
    known = ports.corrections.corrections(caller.tenant, asked.contact_id)
    if len(known) >= MOST_OF_A_CALL:
        raise TooManyRequests(f"contactId: a call takes at most {MOST_OF_A_CALL} corrections")
    about, utterance_id = _about(asked, caller, ports)
    given = Correction(
        caller.tenant,
        asked.contact_id,
        about,
        utterance_id,
        caller.agent,
        asked.kind,
        int(ports.clock.now_ms()),
        intent=asked.intent or "",
        words=ports.redact(caller.tenant, asked.words) if asked.words else "",
    )
    return _shape(ports.corrections.record(given))


def _may_correct(contact: Contact, caller: Caller) -> bool:
    return caller.serves(contact) or caller.may(Action.REVIEW, contact)


def _about(asked: NewCorrection, caller: Caller, ports: AgentPorts) -> tuple[str, str]:
    """Of what, and the utterance that it rests on."""
    if asked.annotation_id is not None:
        found = ports.conversations.annotation(caller.tenant, asked.contact_id, asked.annotation_id)
        if found is None:
            raise NotFound("annotationId: this contact has no such annotation")
        if asked.kind.labels and found.utterance_id is None:
            raise BadRequest("annotationId: no utterance led to this card, so there is no intent to correct")
        return found.id, found.utterance_id or ""
    utterances = ports.conversations.utterances(caller.tenant, asked.contact_id, 0, MOST_UTTERANCES)
    if not any(each.id == asked.utterance_id for each in utterances):
        raise NotFound("utteranceId: this contact has no such utterance")
    return str(asked.utterance_id), str(asked.utterance_id)


def _shape(given: Correction) -> Shape:
    return {
        "contactId": given.contact_id,
        "about": given.about,
        "agent": given.agent,
        "kind": given.kind.value.upper(),
        "intent": given.intent or None,
        "words": given.words or None,
        "atMs": float(given.at_ms),
    }
