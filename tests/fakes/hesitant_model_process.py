"""A model process that does as asked, but loads only while a file says "go"; else it refuses as a storage that does not
answer would have it do.

``python -m tests.fakes.hesitant_model_process --fd N --until FILE``, as the envelope starts any. What else the file
holds is the status of every load; 0 ends the process, as a load that kills it would.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import socket
from pathlib import Path
from typing import Any

from model_containers.shard.frames import read_frame, write_frame


async def serve(connection: socket.socket, wanted: Path) -> None:
    reader, writer = await asyncio.open_connection(sock=connection)
    write_frame(writer, {"ready": True})
    loaded: set[str] = set()
    with contextlib.suppress(asyncio.IncompleteReadError):
        while True:
            frame = await read_frame(reader)
            status, body = _answer(frame, wanted, loaded)
            if not status:
                return
            write_frame(writer, {"id": frame["id"], "status": status, "body": body})


def _answer(frame: dict[str, Any], file: Path, loaded: set[str]) -> tuple[int, dict[str, Any]]:
    op, model, wanted = frame["op"], frame.get("model"), file.read_text()
    if op == "load" and wanted != "go":
        return int(wanted), {"error": "as told"}
    if op == "load":
        loaded.add(str(model))
        return 200, {"bytes": 1}
    if op == "unload":
        return (200, {}) if model in loaded else (404, {"error": "not loaded"})
    if op == "invoke":
        return (200, {"by": model}) if model in loaded else (404, {"error": "not loaded"})
    return 200, {"busy_ms": 0.0}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--fd", type=int, required=True)
    parser.add_argument("--threads")
    parser.add_argument("--until", type=Path, required=True)
    options = parser.parse_args()
    asyncio.run(serve(socket.socket(fileno=options.fd), options.until))
