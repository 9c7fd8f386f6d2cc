"""One conversation of the past, as a manifest or a vCon describes it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sotto.call.contact import IMPORTED, Channel, Speaker
from sotto.core.errors import Rejected

_CONVERSATIONS = uuid.UUID("0f3c8f53-7f6e-4d5e-9d5c-1d6a0c6d9b21")
LONGEST_MS = 8 * 3_600_000
"""What is longer is no call."""


class Reason(StrEnum):
    """Why an item is not imported, or what of it is missing; words that may be logged and shown."""

    NOT_JSON = "not_json"
    WRONG_FIELDS = "wrong_fields"
    LINE_TOO_LONG = "line_too_long"
    TWICE = "twice"
    """Another line of the manifest has this id."""
    IN_THE_FUTURE = "in_the_future"
    LANGUAGE_UNKNOWN = "language_unknown"
    """No recogniser of the tenant's knows it."""
    MISSING = "missing"
    """There is no such object below the source's prefix."""
    NO_ACCESS = "no_access"
    CHANGED = "changed"
    """The object was put anew while it was read."""
    EMPTY = "empty"
    NOT_AUDIO = "not_audio"
    ENCRYPTED = "encrypted"
    """Or packed into an archive."""
    TOO_MANY_CHANNELS = "too_many_channels"
    ONE_CHANNEL = "one_channel"
    """Both voices are on one channel, and what tells voices apart is not installed here."""
    TOO_LONG = "too_long"
    CUT_OFF = "cut_off"
    """What is left of it is imported."""
    NOT_A_VCON = "not_a_vcon"
    SIGNED = "signed"
    """A vCon within a signature: give the vCon itself."""
    ELSEWHERE = "elsewhere"
    """A vCon whose recording is at an address outside of it, which is not fetched."""
    NO_WORDS = "no_words"
    MODELS_SILENT = "models_silent"
    """Imported without what a model would have noticed that did not answer."""
    AGENT_UNKNOWN = "agent_unknown"
    """Imported without its agent: no directory and no team knows the name."""
    NO_CONSENT = "no_consent"
    """The tenant's rule does not allow it."""
    REFUSED = "refused"
    """Somebody in it did not want to be recorded, under a rule that heeds that."""
    ERASED = "erased"
    """It was imported, or listened to, before, and was erased: it does not come back."""
    ANOTHER_LIVES = "another_lives"
    """Another import is at it."""
    KEEPS_FAILING = "keeps_failing"
    """Each attempt ended without getting any further."""


class ItemMistaken(Rejected):
    """This conversation cannot be imported as it is; others can."""

    def __init__(self, reason: Reason, field: str = "") -> None:
        super().__init__(f"{field}: {reason.value}" if field else reason.value)
        self.reason = reason
        self.field = field


@dataclass(frozen=True, slots=True)
class Spoken:
    """A turn of a transcript. Times in ms since the conversation began; ``id`` is empty where it has none."""

    speaker: Speaker
    start_ms: int
    end_ms: int
    text: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """Audio: an object below the source's prefix by ``key``, or ``content`` that came within a vCon. ``agent_channel``:
    0 or 1, which of two channels is the agent's."""

    key: str = ""
    content: bytes = field(default=b"", repr=False)
    agent_channel: int = 1


@dataclass(frozen=True, slots=True)
class ImportItem:
    """``external_id``: the source's own. Times are Unix epoch ms, of the call. ``customer``: a telephone number, by
    which the conversation is found when its person asks for erasure; stored nowhere as it is. Either ``recorded`` or
    ``spoken``."""

    external_id: str = field(repr=False)
    started_at_ms: int
    channel: Channel = Channel.VOICE
    language: str = ""
    ended_at_ms: int | None = None
    agent: str | None = None
    queue: str | None = None
    customer: str | None = field(default=None, repr=False)
    attributes: Mapping[str, str] = field(default_factory=dict, repr=False)
    recorded: Recorded | None = None
    spoken: Sequence[Spoken] = field(default=(), repr=False)


def contact_id_of(tenant: str, source: str, external_id: str) -> str:
    """The same for the same conversation of the same source, however often and by whatever manifest it is imported."""
    return f"{IMPORTED}{uuid.uuid5(_CONVERSATIONS, f'{tenant}/{source}/{external_id}')}"
