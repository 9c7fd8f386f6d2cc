"""The wire between envelope and model process: a four-byte length, then JSON. Both ends are ours."""

from __future__ import annotations

import asyncio
import json
from typing import Any

LARGEST_FRAME_BYTES = 8 * 1024 * 1024


async def read_frame(reader: asyncio.StreamReader) -> dict[str, Any]:
    """Raises asyncio.IncompleteReadError when the other end is gone."""
    length = int.from_bytes(await reader.readexactly(4), "big")
    if length > LARGEST_FRAME_BYTES:
        raise ConnectionError(f"a frame of {length} bytes: the other end speaks another protocol")
    frame: dict[str, Any] = json.loads(await reader.readexactly(length))
    return frame


def write_frame(writer: asyncio.StreamWriter, frame: dict[str, Any]) -> None:
    content = json.dumps(frame, separators=(",", ":")).encode()
    writer.write(len(content).to_bytes(4, "big") + content)
