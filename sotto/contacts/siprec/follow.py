"""A Voice Connector's events make a contact of a recorded call: its legs, its agent, its end.

Nothing but these events tells of such a call, so each of them, whichever comes first, records the contact and has it
read; what an event adds is merged, in whatever order they come and however often. Where none tells of the end, silence
does (sotto.contacts.sweep).
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace

from sotto.call.contact import CHANNELS, Contact, ContactStatus, HoldChange, MediaLeg, Speaker
from sotto.contacts.follow import ATTEMPTS, FollowPorts, apply_facts
from sotto.contacts.siprec.parties import Roster
from sotto.contacts.start import ContactChanged
from sotto.contacts.sweep import ended
from sotto.contacts.teams import placed
from sotto.sources.connect.contact_event import ContactEvent
from sotto.sources.siprec.streaming_event import Leg, Status, StreamingEvent

log = logging.getLogger(__name__)

LEAD_MS = 1_000
"""Call time begins so long before the first leg that is known: the other one may have begun a moment earlier."""
LATEST_LEG_MS = 60_000
"""A leg of which no event came within so much of the call is one whose events are lost."""
MOST_SIDES = len(CHANNELS)
_CALLS = uuid.UUID("6b0c1c0e-6f53-4b35-9a3f-6f2f6f6f5a51")


@dataclass(frozen=True, slots=True)
class SiprecPorts:
    """``tenant_of``: a Voice Connector, by its id; None for one that is not the cell's."""

    tenant_of: Callable[[str], str | None]
    follow: FollowPorts


def contact_id_of(voice_connector: str, call_id: str) -> str:
    """The same whatever comes first. A call's own id is the telephone network's: it may name machines."""
    return str(uuid.uuid5(_CALLS, f"{voice_connector}/{call_id}"))


def follow_siprec(event: StreamingEvent, ports: SiprecPorts) -> Contact | None:
    """The contact as it is now; None where the event is about none of ours. Raises Retryable, and ContactChanged."""
    tenant = ports.tenant_of(event.voice_connector)
    if tenant is None:
        return None
    if event.status is Status.FAILED:
        log.warning("siprec stream failed")
    roster = Roster(tenant, ports.follow.directory, ports.follow.teams)
    contact = _as_known_now(event, roster, ports.follow)
    if contact is None:
        return None
    for facts in _facts(event, contact, roster):
        contact = apply_facts(facts, contact, ports.follow) or contact
    return contact


def _as_known_now(event: StreamingEvent, roster: Roster, ports: FollowPorts) -> Contact | None:
    """The contact, with the event's leg in it and a worker on it; None where it is not recorded."""
    contact_id = contact_id_of(event.voice_connector, event.call_id)
    for _ in range(ATTEMPTS):
        known = ports.contacts.contact(roster.tenant, contact_id)
        contact = _begun(event, contact_id, roster, ports) if known is None else _merged(known, event, roster)
        if contact is None or (known is not None and known.erased):
            return None
        if contact != known and not _stored(contact, known, ports):
            continue
        # Also for a repeated start: the first may have failed between recording and starting. A worker too many finds
        # the contact's lease taken, or released, and leaves.
        if event.status is Status.STARTED or known is None or len(contact.legs) > len(known.legs):
            ports.workers.start(contact.tenant, contact_id, 1)
        return ports.contacts.contact(contact.tenant, contact_id)
    raise ContactChanged("others changed the contact in the same moment, again and again")


def _stored(contact: Contact, known: Contact | None, ports: FollowPorts) -> bool:
    """False where somebody else was quicker."""
    if known is not None:
        try:
            changed = replace(contact, version=known.version + 1)
            ports.contacts.replace(changed, expected_version=known.version, events=())
        except ContactChanged:
            return False
        return True
    if not ports.contacts.record(contact):
        return False
    ports.customers.want(contact)
    if contact.agent is not None:
        ports.channel.contact_changed(contact, previous_agent=None)
        ports.guidance.agent_joined(contact, 0)
    return True


def _begun(event: StreamingEvent, contact_id: str, roster: Roster, ports: FollowPorts) -> Contact | None:
    """The contact that the event tells of, which nobody knew; None where there is no leg to read, or no consent.

    Whoever is on the agent's leg is there from the beginning, whether or not anybody knows who that is: no menu and no
    music is played on it.
    """
    if event.leg is None:
        return None
    zero_ms = int(event.leg.started_at_ms) - LEAD_MS
    agent = roster.agent_of(event.metadata)
    if agent is None:
        why = event.unreadable or ("nobody of ours" if event.metadata is not None else "no metadata")
        log.warning("siprec agent unknown", extra={"why": why})
    bare = Contact(
        roster.tenant,
        contact_id,
        event.connector_arn,
        event.leg.stream_arn,
        zero_ms,
        initiation_method="SIPREC",
        queue=roster.queue_of(event.metadata),
        agent=agent,
        team=roster.teams.team_of(roster.tenant, agent) if agent else None,
        status=ContactStatus.CONNECTED,
        connected_at_ms=float(zero_ms),
        hold_changes=(HoldChange(float(zero_ms), on_hold=False),),
    )
    contact = ports.languages.in_its_language(_merged(placed(bare, ports.directory), event, roster))
    return contact if ports.consent.refusal(contact, caller=event.caller) is None else None


def _merged(contact: Contact, event: StreamingEvent, roster: Roster) -> Contact:
    """With the event's leg, and as many sides as the session has. Of two legs of one side, the first within the session
    stays: of three participants two are heard."""
    if event.metadata is not None and event.metadata.labels:
        contact = replace(contact, sides=min(MOST_SIDES, len(event.metadata.labels)))
    if event.leg is None:
        return contact
    leg = _media_leg(event, event.leg, roster.speaker_of(event.leg, event.metadata))
    others = {each.speaker: each for each in contact.legs}
    other = others.get(leg.speaker)
    if other is not None and other.stream_arn == leg.stream_arn:
        leg = replace(leg, ended_at_ms=_earlier(leg.ended_at_ms, other.ended_at_ms))
    elif other is not None:
        log.warning("siprec leg left out", extra={"speaker": leg.speaker.value})
        leg = min(leg, other, key=_place)
    others[leg.speaker] = leg
    return replace(contact, legs=tuple(others[speaker] for speaker in CHANNELS if speaker in others))


def _media_leg(event: StreamingEvent, leg: Leg, speaker: Speaker) -> MediaLeg:
    return MediaLeg(
        speaker, leg.stream_arn, event.call_id, event.transaction_id, leg.index, int(leg.started_at_ms), leg.ended_at_ms
    )


def _place(leg: MediaLeg) -> tuple[int, int, str]:
    return leg.index, leg.started_at_ms, leg.stream_arn


def _earlier(one: float | None, other: float | None) -> float | None:
    known = [each for each in (one, other) if each is not None]
    return min(known, default=None)


def _facts(event: StreamingEvent, contact: Contact, roster: Roster) -> list[ContactEvent]:
    """What else the event tells, as a contact event would: an agent, and the end once no leg goes on."""
    found = []
    agent = roster.agent_of(event.metadata)
    if agent is not None and agent != contact.agent:
        # What the start says, late or doubled, is older than what an update said.
        since_ms = event.occurred_at_ms if event.status is Status.UPDATED else float(contact.media_started_at_ms)
        found.append(
            ContactEvent(
                "CONNECTED_TO_AGENT", contact.contact_id, contact.instance_arn, agent=agent, connected_at_ms=since_ms
            )
        )
    if (over_ms := _over_ms(contact)) is not None:
        found.append(ended(contact, at_ms=over_ms))
    return found


def _over_ms(contact: Contact) -> float | None:
    """When no leg goes on. One that nobody has told of may still be told of, out of order, for a while."""
    ends = [leg.ended_at_ms for leg in contact.legs]
    known = [each for each in ends if each is not None]
    if not known or len(known) < len(ends):
        return None
    is_whole = len(ends) >= contact.sides or max(known) - contact.media_started_at_ms > LATEST_LEG_MS
    return max(known) if is_whole else None
