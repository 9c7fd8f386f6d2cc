"""The messages between Sotto and a recogniser of one's own: the same over a WebSocket and over SageMaker's stream.

A message is one binary frame: a byte for its kind, then its body. Nothing depends on whether a proxy calls a frame text
or binary. Audio is s16le at 8 kHz, customer and agent interleaved, any number of samples a message. A client keeps at
most ``IN_FLIGHT`` messages of audio without a receipt, so that a slow recogniser is felt through any proxy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sotto.call.contact import Speaker
from sotto.call.transcript_result import TranscriptResult, Word

PROTOCOL = 1
PATH = "/invocations-bidirectional-stream"
"""Where SageMaker asks for a container's WebSocket; ours has the same everywhere."""
IN_FLIGHT = 20
LONGEST_MESSAGE_BYTES = 1 << 20
MOST_WORDS, LONGEST_WORD = 256, 100
"""A container keeps to these whatever it is sent."""


class Kind(StrEnum):
    START = "S"
    """First, to the recogniser: ``Start`` as JSON."""
    AUDIO = "A"
    ALIVE = "K"
    """While there is no audio; means nothing."""
    FINISH = "F"
    OPENED = "O"
    """First, from the recogniser; or REFUSED."""
    REFUSED = "X"
    """``{"reason": Refusal}``; nothing follows."""
    RECEIPT = "P"
    """How many messages of audio have been transcribed since the last receipt, in decimal."""
    RESULT = "R"
    LEAVE = "L"
    """The session is well but its instance is being replaced: open another and replay. Nothing follows."""
    FAILED = "E"
    """Nothing follows."""
    DONE = "D"
    """Every result is out; nothing follows."""


class Refusal(StrEnum):
    FULL = "full"
    """It has as many sessions as it may."""
    BUSY = "busy"
    """It has not, but is late with those it has."""
    STARTING = "starting"
    LEAVING = "leaving"
    LANGUAGE = "language"
    PROTOCOL = "protocol"
    """The first message was not one that it understands."""

    @property
    def is_passing(self) -> bool:
        """Whether the same question may be answered otherwise, a moment later or by another instance."""
        return self not in (Refusal.LANGUAGE, Refusal.PROTOCOL)


class MessageMistaken(ValueError):
    """A message of another shape."""


@dataclass(frozen=True, slots=True)
class Start:
    """``offset_ms``: call time of the first sample. ``language``: a tag of BCP 47. ``words``: the tenant's."""

    offset_ms: float
    language: str
    words: tuple[str, ...] = ()

    def encoded(self) -> bytes:
        fields = {"protocol": PROTOCOL, "offset_ms": self.offset_ms, "language": self.language, "words": self.words}
        return message(Kind.START, json.dumps(fields).encode())

    @classmethod
    def read(cls, body: bytes) -> Start:
        """Raises MessageMistaken."""
        fields = json_of(body)
        try:
            if fields["protocol"] != PROTOCOL:
                raise MessageMistaken(f"protocol {PROTOCOL} is spoken here")
            words = tuple(str(word)[:LONGEST_WORD] for word in fields.get("words", ()))[:MOST_WORDS]
            return cls(float(fields["offset_ms"]), str(fields["language"]), words)
        except (KeyError, TypeError, ValueError) as error:
            raise MessageMistaken(f"not a start: {type(error).__name__}") from error


def message(kind: Kind, body: bytes = b"") -> bytes:
    return kind.value.encode() + body


def refused(reason: Refusal) -> bytes:
    return message(Kind.REFUSED, json.dumps({"reason": reason}).encode())


def parts(received: bytes) -> tuple[Kind, bytes]:
    """Raises MessageMistaken."""
    try:
        return Kind(received[:1].decode()), received[1:]
    except ValueError as error:  # UnicodeDecodeError is one
        raise MessageMistaken("a message of no known kind") from error


def json_of(body: bytes) -> Mapping[str, Any]:
    """Raises MessageMistaken."""
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MessageMistaken("not JSON") from error
    if not isinstance(fields, dict):
        raise MessageMistaken("not a JSON object")
    return fields


def encoded_result(result: Mapping[str, Any], speaker: Speaker) -> bytes:
    """``result``: as sotto.recognition.whisper.channel gives it."""
    whole = {**result, "speaker": speaker, "result_id": f"{speaker}-{result['result_id']}"}
    return message(Kind.RESULT, json.dumps(whole).encode())


def read_result(body: bytes) -> TranscriptResult:
    """Raises MessageMistaken."""
    fields = dict(json_of(body))
    try:
        fields["speaker"] = Speaker(fields["speaker"])
        fields["words"] = tuple(Word(*word) for word in fields["words"])
        return TranscriptResult(**fields)
    except (KeyError, TypeError, ValueError) as error:
        raise MessageMistaken(f"not a result: {type(error).__name__}") from error
