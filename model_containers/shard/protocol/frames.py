"""The wire between supervisor and model process: a four-byte length, then JSON. Both ends are ours.

To the process: ``{"id", "op": "load" | "unload" | "invoke" | "status" | "heartbeat" | "cancel", "model", …}``. From it:
``{"ready"}`` once; then for each id any number of ``{"id", "part"}``, and ``{"id", "body"}`` or ``{"id", "error",
"message"}`` at the end.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from model_containers.shard.protocol.errors import ShardError

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


def error_frame(number: int, error: ShardError) -> dict[str, Any]:
    return {"id": number, "error": error.kind, "message": str(error)}
