"""What the media gateway says of a call makes a contact of it: its stream, its agent, its end.

Nothing else tells of such a call, so whichever message comes first records the contact and has it read. Where the end
is never told, because the gateway died, the audio's end tells it (sotto.contacts.sweep).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from sotto.call.contact import MEDIA_GATEWAY, Contact, ContactStatus, HoldChange
from sotto.call.live import GatewayCall
from sotto.contacts.follow import FollowPorts, apply_facts
from sotto.contacts.named_agent import named_agent
from sotto.contacts.start import ContactChanged
from sotto.contacts.sweep import ended
from sotto.contacts.teams import placed
from sotto.sources.connect.contact_event import ContactEvent

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GatewayPorts:
    """``tenant_of``: a gateway, by its id; None for one that is not the cell's."""

    tenant_of: Callable[[str], str | None]
    follow: FollowPorts


def follow_gateway(call: GatewayCall, ports: GatewayPorts) -> Contact | None:
    """The contact as it is now; None where it is none of ours, or may not be listened to. A message that comes again,
    or late, changes nothing. Raises Retryable, and ContactChanged."""
    if ports.tenant_of(call.gateway) != call.tenant:
        return None
    follow = ports.follow
    contact = follow.contacts.contact(call.tenant, call.contact_id)
    if contact is None:
        contact = _recorded(call, follow)
        if contact is None:
            return None
    if contact.erased:
        return None
    if call.ended_at_ms is None and contact.status is not ContactStatus.ENDED:
        # Also for a message that comes again: the first may have failed between recording and starting. A worker too
        # many finds the contact's lease taken, or released, and leaves.
        follow.workers.start(contact.tenant, contact.contact_id, 1)
    for facts in _facts(call, contact, follow):
        contact = apply_facts(facts, contact, follow) or contact
    return contact


def _recorded(call: GatewayCall, ports: FollowPorts) -> Contact | None:
    """None where nobody may listen. Whoever is on the agent's side is there from the beginning, whether or not anybody
    knows who that is: the telephone system plays its menus and its music before it streams."""
    agent = _agent_of(call, ports)
    if agent is None:
        log.warning("gateway agent unknown", extra={"why": "nobody of ours" if call.agent else "not named"})
    bare = Contact(
        call.tenant,
        call.contact_id,
        f"sotto:media-gateway/{call.gateway}",
        call.stream_arn,
        call.started_at_ms,
        initiation_method=MEDIA_GATEWAY,
        queue=(ports.directory.queue_name(call.tenant, call.queue) or call.queue) if call.queue else None,
        agent=agent,
        team=ports.teams.team_of(call.tenant, agent) if agent else None,
        status=ContactStatus.CONNECTED,
        connected_at_ms=float(call.started_at_ms),
        hold_changes=(HoldChange(float(call.started_at_ms), on_hold=False),),
    )
    contact = ports.languages.in_its_language(placed(bare, ports.directory))
    if ports.consent.refusal(contact, caller=call.caller) is not None:
        return None
    if not ports.contacts.record(contact):
        known = ports.contacts.contact(call.tenant, call.contact_id)
        if known is None:
            raise ContactChanged("the contact was recorded and is gone")
        return known
    ports.customers.want(contact)
    if contact.agent is not None:
        ports.channel.contact_changed(contact, previous_agent=None)
        ports.guidance.agent_joined(contact, 0)
    return contact


def _agent_of(call: GatewayCall, ports: FollowPorts) -> str | None:
    return named_agent(call.tenant, call.agent, ports.directory, ports.teams) if call.agent else None


def _facts(call: GatewayCall, contact: Contact, ports: FollowPorts) -> list[ContactEvent]:
    """What the message adds to a contact that was known, as a contact event would."""
    found = []
    agent = _agent_of(call, ports)
    if agent is not None and agent != contact.agent:
        found.append(
            ContactEvent(
                "CONNECTED_TO_AGENT",
                contact.contact_id,
                contact.instance_arn,
                agent=agent,
                connected_at_ms=float(call.started_at_ms),
            )
        )
    if call.ended_at_ms is not None:
        found.append(ended(contact, at_ms=call.ended_at_ms))
    return found
