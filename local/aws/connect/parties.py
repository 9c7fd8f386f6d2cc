"""Who is on an emulated call, and where guidance is started for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

StartsIn = Literal["inbound", "whisper"]


@dataclass(frozen=True, slots=True)
class LaterAttributes:
    """Contact attributes that a flow sets ``at_s`` seconds into the audio."""

    at_s: float
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Hold:
    """The agent puts the customer on hold, in seconds of the audio."""

    from_s: float
    until_s: float


Streams = Literal["own", "same", "tagged"]
TransferKind = Literal["transfer", "consult", "conference", "outside"]


@dataclass(frozen=True, slots=True)
class Transfer:
    """The agent calls another one in at ``at_s - consult_s`` of the audio and leaves at ``at_s``; 0: a cold transfer.

    ``agent`` gets the customer, by way of ``queue`` where one is named; None: somebody outside. ``kind``: ``consult``
    ends with the other agent leaving; in a ``conference`` both stay until the customer hangs up. ``streams``: where the
    customer's audio is after it, in a stream of the new contact's own, which its whisper flow starts, or in the stream
    as it was, under the first contact's id (``same``) or the new one's (``tagged``): documentation does not settle
    which, so all can be played.
    """

    at_s: float
    agent: str | None
    contact_id: str
    queue: str | None = None
    consult_s: float = 0.0
    kind: TransferKind = "transfer"
    streams: Streams = "own"

    @property
    def begins_s(self) -> float:
        return max(0.0, self.at_s - self.consult_s)


@dataclass(frozen=True, slots=True)
class CallParties:
    """Who calls whom. ``agent`` is a username of the instance. ``starts_in``: the flow that starts guidance,
    the inbound one (before the contact has a queue) or a whisper flow (queue and agent are known). ``waits_s``: for how
    long menus and music play before an agent has the customer; ``holds``: when he plays them again.
    ``agent_events``: whether the instance has a stream that tells of holds."""

    instance_id: str
    agent: str
    queue: str = "BasicQueue"
    attributes: Mapping[str, str] = field(default_factory=dict)
    initiation_method: str = "INBOUND"
    starts_in: StartsIn = "inbound"
    later: tuple[LaterAttributes, ...] = ()
    number: str | None = None
    """The customer's, E.164; None: withheld."""
    profiles: tuple[Mapping[str, Any], ...] = ()
    """What Customer Profiles has of them, as its API writes it."""
    transfers: tuple[Transfer, ...] = ()
    waits_s: float = 0.0
    holds: tuple[Hold, ...] = ()
    agent_events: bool = True
    recorded: bool = True
    """Whether the flow sets recording behaviour."""
    language: str = "en-US"
    """As the flow sets it for Contact Lens."""
    follows: str | None = None
    """The contact before in the same conversation, which has ended: of a callback."""
