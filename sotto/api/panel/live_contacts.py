"""The calls under way of a supervisor's teams, with what asks for a look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

from sotto.api.admission import find_agent
from sotto.api.caller import Caller
from sotto.api.panel.ports import AgentPorts, note_look
from sotto.api.panel.request_models import LiveRequest
from sotto.call.contact import Contact
from sotto.call.utterance import Utterance
from sotto.guidance.conversation import Occurrence
from sotto.guidance.deliver import Conversation
from sotto.realtime.shapes import Shape, live_contact_shape

LATEST = 16
"""Utterances after the last that guidance has considered; more than ever wait for it."""
INERTIA, STRENGTH = 0.5, 1.4
"""How much of the mood before remains at each new moment, and how much a moment says: as in the panel's own line."""
_POLARITY = {"negative": -1.0, "neutral": 0.0, "positive": 1.0}


def live_contacts(asked: LiveRequest, caller: Caller, ports: AgentPorts) -> list[Shape]:
    """The last words of a call are a look into it, and are noted as one."""
    found = ports.conversations.live_contacts(caller.tenant, caller.supervises())
    return [_live(each, asked, caller, ports) for each in found if caller.may_read(each)]


def _live(contact: Contact, asked: LiveRequest, caller: Caller, ports: AgentPorts) -> Shape:
    about = (caller.tenant, contact.contact_id)
    conversation = ports.conversations.conversation(*about)
    last = None
    if asked.with_last_words:
        note_look(contact, caller, ports)
        last = _last_words(contact, conversation, ports)
    missed = [item.title for item in conversation.checklist if item.state == "missed"] if conversation else []
    mood = mood_of(conversation.state.moments) if conversation else None
    known = find_agent(caller.tenant, contact.agent, ports.directory) if contact.agent else None
    name, risks = known.title if known else None, ports.conversations.risks(*about)
    return live_contact_shape(contact, risks, agent_name=name, missed=missed, mood=mood, last=last)


def _last_words(contact: Contact, conversation: Conversation | None, ports: AgentPorts) -> Utterance | None:
    done = conversation.state.done_seq if conversation else 0
    after = ports.conversations.utterances(contact.tenant, contact.contact_id, max(0, done - 1), LATEST)
    return after[-1] if after else None


def mood_of(moments: Mapping[str, Sequence[Occurrence]]) -> float | None:
    """-1 (bad) to 1 (good), from the moments that carry a sentiment by name; None where none was noticed."""
    signs = chain.from_iterable(
        [(each.at_ms, polarity) for each in occurrences]
        for name, occurrences in moments.items()
        if (polarity := _polarity(name)) is not None
    )
    mood: float | None = None
    for _, polarity in sorted(signs):
        mood = max(-1.0, min(1.0, INERTIA * (mood or 0.0) + (1 - INERTIA) * polarity * STRENGTH))
    return mood


def _polarity(moment: str) -> float | None:
    words = moment.lower().split("_")
    named = [_POLARITY[word] for word in words if word in _POLARITY]
    return named[0] if named and "sentiment" in words else None
