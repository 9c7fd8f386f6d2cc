"""Publishes to agents' panels which contacts are theirs."""

from __future__ import annotations

from sotto.call.contact import Contact
from sotto.core.clock import Clock
from sotto.realtime.channel import AgentAssignment, AssignmentState, contact_message
from sotto.realtime.panel_publisher import PanelPublisher


class PanelAssignments:
    """A panel that misses this learns it from ``myContacts``, so a channel that is down harms nothing."""

    def __init__(self, panel: PanelPublisher, clock: Clock) -> None:
        self._panel = panel
        self._clock = clock

    def contact_changed(self, contact: Contact, *, previous_agent: str | None) -> None:
        assignments = []
        if previous_agent and previous_agent != contact.agent:
            assignments.append(AgentAssignment(previous_agent, AssignmentState.RELEASED, contact))
        if contact.agent:
            assignments.append(AgentAssignment(contact.agent, AssignmentState.ASSIGNED, contact))
        at_ms = int(self._clock.now_ms()) - contact.media_started_at_ms
        self._panel.publish([contact_message(contact, at_ms=max(0, at_ms))], what="assignment")
        # For itself: who has lost the contact must receive no more of it, also where a panel did not take the message.
        if assignments:
            self._panel.assign(assignments)
