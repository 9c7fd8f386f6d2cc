"""Who is who on a recorded call: which of its streams is the agent's, and which agent that is."""

from __future__ import annotations

from dataclasses import dataclass

from sotto.call.contact import Speaker
from sotto.contacts.directory import Directory
from sotto.contacts.start import Teams
from sotto.sources.siprec.metadata import Participant, SessionMetadata
from sotto.sources.siprec.streaming_event import Leg

_AGENT, _QUEUE, _ORDER = "AmznConnectAgentUserId", "AmznConnectQueueId", "AmznConnectParticipantOrder"


@dataclass(frozen=True, slots=True)
class Roster:
    """Of one tenant: who its agents are, by what telephones call them."""

    tenant: str
    directory: Directory
    teams: Teams

    def agent_of(self, metadata: SessionMetadata | None) -> str | None:
        """The agent's username. By the field that Amazon Connect's connector reads, an agent's id or username; else the
        first participant whose address is that of one of the tenant's agents; None where nobody is."""
        if metadata is None:
            return None
        if named := metadata.fields.get(_AGENT):
            known = self.directory.agent(self.tenant, named)
            return known.username if known else named
        return next((name for each in metadata.participants if (name := self.username_of(each))), None)

    def username_of(self, participant: Participant) -> str | None:
        for name in participant.names:
            known = self.directory.agent_called(self.tenant, name)
            if known is not None:
                return known.username
            if self.teams.team_of(self.tenant, name) is not None:
                return name
        return None

    def queue_of(self, metadata: SessionMetadata | None) -> str | None:
        """The queue's name; None where the metadata names none that is known."""
        queue = metadata.fields.get(_QUEUE) if metadata is not None else None
        return self.directory.queue_name(self.tenant, queue) if queue else None

    def speaker_of(self, leg: Leg, metadata: SessionMetadata | None) -> Speaker:
        """Whose stream it is. What the metadata says of who sends it comes first; then the order of the labels, of
        which the first is the agent's, where the session is described for Amazon Connect; then whether the connector
        takes it for the caller's; then the order again."""
        known = metadata or SessionMetadata()
        if known.sender_of(leg.label) is not None and (agent := self._sending_agent(known)) is not None:
            return Speaker.AGENT if known.sender_of(leg.label) == agent else Speaker.CUSTOMER
        labels = known.labels_in_order
        if len(labels) == 1:
            return Speaker.CUSTOMER  # both in one: what a customer says is what guidance goes by
        if leg.label in labels and len(labels) > 1 and (_AGENT in known.fields or _ORDER in known.fields):
            first = labels[-1] if known.fields.get(_ORDER, "").lower() == "desc" else labels[0]
            return Speaker.AGENT if leg.label == first else Speaker.CUSTOMER
        if leg.is_caller is not None:
            return Speaker.CUSTOMER if leg.is_caller else Speaker.AGENT
        return Speaker.AGENT if leg.index == 0 else Speaker.CUSTOMER

    def _sending_agent(self, metadata: SessionMetadata) -> Participant | None:
        return next((each for each in metadata.participants if each.sends and self.username_of(each)), None)
