"""One leg of a conversation, as Sotto knows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from sotto.call.customer import CustomerContext


class Speaker(StrEnum):
    """Who speaks. AUDIO_FROM_CUSTOMER carries the customer; AUDIO_TO_CUSTOMER what the customer hears: the agent, and
    before and between agents the system (menus, prompts, hold music)."""

    CUSTOMER = "customer"
    AGENT = "agent"
    SYSTEM = "system"


class Channel(StrEnum):
    """By what customer and company talk, as Connect tells contacts apart."""

    VOICE = "voice"
    CHAT = "chat"


MEDIA_GATEWAY = "MEDIA_GATEWAY"
"""How contacts come about whose audio another telephone system sends to the media gateway."""
CHANNELS = (Speaker.CUSTOMER, Speaker.AGENT)
"""A call's two channels, by whose each is. Recognisers know channels; who speaks on the agent's is known by time."""


IMPORTED = "imported-"
"""How the ids of contacts begin that Sotto imported: Amazon Connect's are UUIDs."""


@dataclass(frozen=True, slots=True, order=True)
class HoldChange:
    """The agent put the customer on hold, or (``on_hold`` false) was connected, at this time (Unix epoch)."""

    at_ms: float
    on_hold: bool


@dataclass(frozen=True, slots=True)
class MediaLeg:
    """One side of a call that has a stream of its own, where a recorder copies each to us (SIPREC). ``call_id`` and
    ``transaction_id``: what its fragments are tagged with, since streams are used again; ``index``: of the side within
    the recorded session, from 0. Times are Unix epoch; ``ended_at_ms`` is None until it is known."""

    speaker: Speaker
    stream_arn: str
    call_id: str
    transaction_id: str = ""
    index: int = 0
    started_at_ms: int = 0
    ended_at_ms: float | None = None


class ContactStatus(StrEnum):
    STARTED = "started"
    CONNECTED = "connected"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Contact:
    """One leg (a ContactId) of what one customer and the company talk about. ``media_started_at_ms`` (Unix epoch) is
    call time zero; every ``*_ms`` of speech counts from it.

    ``initial_contact_id``: of the first contact of the conversation, empty where this is the first;
    ``previous_contact_id``: of the one that was transferred, or called back. ``queue`` is the name that the tenant's
    policies use; None while ``queue_arn`` is one whose name nobody knows. ``enqueued_at_ms``, ``connected_at_ms`` and
    ``ended_at_ms`` (Unix epoch, as Connect says) are None until it is known.
    """

    tenant: str
    contact_id: str
    instance_arn: str
    stream_arn: str
    media_started_at_ms: int
    initiation_method: str = "INBOUND"
    language: str = "en-US"
    queue: str | None = None
    agent: str | None = None
    team: str | None = None
    status: ContactStatus = ContactStatus.STARTED
    attributes: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    """Names of the hierarchy groups that the agent was in when the call came, from level 1 down."""
    routing_profile: str | None = None
    """The agent's then, by name."""
    version: int = 0
    """Rises with every change: compiled policies are cached under it."""
    initial_contact_id: str = ""
    previous_contact_id: str | None = None
    queue_arn: str | None = None
    previous_started_at_ms: int | None = None
    """Media start of the contact before, where that one is recorded too."""
    continues: tuple[str, ...] = ()
    """The contacts in whose stream its audio goes on, the one before first; empty for a stream of its own."""
    enqueued_at_ms: float | None = None
    connected_at_ms: float | None = None
    ended_at_ms: float | None = None
    unavailable: tuple[str, ...] = ()
    """What does not know the contact's language: ``transcript`` (no recogniser does, so nothing is transcribed),
    ``redaction`` (everything that may be a number is masked), ``consent`` (spoken answers), or a task of models."""
    hold_changes: tuple[HoldChange, ...] = ()
    """As agent events told, by time; empty where there are none."""
    agent_name: str | None = None
    """As people call the agent; None where the directory does not know."""
    customer: CustomerContext | None = None
    """None where the tenant lists nothing to be read, until it was looked up, and after an erasure."""
    erased: bool = False
    """Nothing of who called is kept, or taken in again: neither attributes nor what was looked up."""
    channel: Channel = Channel.VOICE
    """A chat has no audio: ``stream_arn`` is empty, and call time begins with the contact, or its first message."""
    legs: tuple[MediaLeg, ...] = ()
    """The sides that have streams of their own, the customer's first; empty where one stream has both."""
    sides: int = 2
    """How many streams the recorder has announced: with one, nobody waits for another."""
    imported: str = ""
    """Of a conversation of the past: the source that it was imported from. Empty where Sotto was there."""

    @property
    def conversation_id(self) -> str:
        """The same for all contacts of one conversation."""
        return self.initial_contact_id or self.contact_id

    @property
    def is_written(self) -> bool:
        """Its words are messages: nobody recognises them, and no audio of it is recorded."""
        return self.channel is Channel.CHAT

    @property
    def is_copied(self) -> bool:
        """Somebody outside Connect sends its audio, a recorder or a telephone system: Connect knows no such contact."""
        return bool(self.legs) or self.is_streamed

    @property
    def is_streamed(self) -> bool:
        """The media gateway writes its stream, which has both sides and nothing else. Its fragments may be doubled."""
        return self.initiation_method == MEDIA_GATEWAY

    @property
    def is_recorded(self) -> bool:
        """Connect may have a recording of its audio."""
        return not (self.is_written or self.is_copied or self.imported)

    @property
    def is_queued(self) -> bool:
        """Whether the customer waits for an agent."""
        return self.status is ContactStatus.STARTED and self.enqueued_at_ms is not None


class ContactReader(Protocol):
    def contact(self, tenant: str, contact_id: str) -> Contact | None:
        """Raises StorageUnavailable."""
        ...
