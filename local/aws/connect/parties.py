"""Who is on an emulated call, and where guidance is started for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

StartsIn = Literal["inbound", "whisper"]


@dataclass(frozen=True, slots=True)
class LaterAttributes:
    """Contact attributes that a flow sets ``at_s`` seconds into the audio."""

    at_s: float
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CallParties:
    """Who calls whom. ``agent`` is the id at the end of the agent's ARN. ``starts_in``: the flow that starts guidance,
    the inbound one (before the contact has a queue) or a whisper flow (queue and agent are known)."""

    instance_id: str
    agent: str
    queue: str = "BasicQueue"
    attributes: Mapping[str, str] = field(default_factory=dict)
    initiation_method: str = "INBOUND"
    starts_in: StartsIn = "inbound"
    later: tuple[LaterAttributes, ...] = ()
