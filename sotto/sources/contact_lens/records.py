"""What comes through a stream of Contact Lens: segments of calls and of chats, whichever the instance sends there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sotto.sources.contact_lens.chat_event import ChatEvent, read_chat_event
from sotto.sources.contact_lens.segment_event import SegmentEvent, read_segment_event


def read_record(record: Any) -> SegmentEvent | ChatEvent:
    """Raises NotASegmentEvent."""
    if isinstance(record, Mapping) and record.get("Channel") == "CHAT":
        return read_chat_event(record)
    return read_segment_event(record)
