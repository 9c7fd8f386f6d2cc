"""What travels over the WebSocket channel: JSON texts in the schema's shapes, in parts where one is too long.

Server to panel, by ``type``:

    data        id, messages (ContactMessage) or assignment (Assignment)
    subscribed  id         what is published from now on will come as data
    complete    id         the server has ended the subscription
    answer      id, data   a map of the names that were asked to their results
    error       id, error  {type, message}; the id is null where the request had none
    pong
    part        of, at, count, text: a piece of a frame that is too long for one
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from sotto.realtime.shapes import Shape

LARGEST_FRAME_BYTES = 32 * 1024
"""https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
Whether API Gateway splits a longer post by itself is not documented clearly, so nothing longer is posted."""

LARGEST_MESSAGE_BYTES = 128 * 1024
"""Of one message, from the same page."""

LARGEST_ANSWER_BYTES = 1024 * 1024

_PIECE_BYTES = 30 * 1024 // 2
"""Quotes in a piece are escaped when it becomes a part of its own, which at worst doubles it."""

JSON_FIELDS = frozenset({"stagesMs", "chart"})
"""Of scalar AWSJSON in the schema: text on the wire, as AppSync serves it."""


def text_of(frame: Mapping[str, Any]) -> bytes:
    return json.dumps(frame, separators=(",", ":"), ensure_ascii=False).encode()


def parts_of(text: bytes) -> Iterator[bytes]:
    """Frames of at most 32 kB that carry ``text``."""
    if len(text) <= LARGEST_FRAME_BYTES:
        yield text
        return
    pieces = list(_pieces(text))
    of = uuid.uuid4().hex
    for at, piece in enumerate(pieces):
        yield text_of({"type": "part", "of": of, "at": at, "count": len(pieces), "text": piece})


def as_schema(value: Any) -> Any:
    """A shape (see sotto.realtime.shapes) as the schema's clients receive it."""
    if isinstance(value, Mapping):
        return {
            name: json.dumps(each) if name in JSON_FIELDS and each is not None else as_schema(each)
            for name, each in value.items()
        }
    return [as_schema(each) for each in value] if isinstance(value, list) else value


def error_frame(id_: str | None, error: Shape) -> Shape:
    return {"type": "error", "id": id_, "error": error}


def _pieces(text: bytes) -> Iterator[str]:
    """Cut between characters, of which none has more than four bytes."""
    begin = 0
    while begin < len(text):
        end = min(begin + _PIECE_BYTES, len(text))
        while end < len(text) and text[end] & 0xC0 == 0x80:
            end -= 1
        yield text[begin:end].decode()
        begin = end
