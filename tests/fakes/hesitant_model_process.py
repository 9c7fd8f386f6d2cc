"""A model process that does as asked, but loads only while a file says "go"; else it refuses as a storage that does not
answer would have it do.

``python -m tests.fakes.hesitant_model_process --fd N --until FILE``, as the supervisor starts any. What else the file
holds is the kind of error of every load; "end" ends the process, as a load that kills it would.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import socket
from pathlib import Path
from typing import Any

from model_containers.shard.protocol.errors import ModelNotFound
from model_containers.shard.protocol.frames import read_frame, write_frame


async def serve(connection: socket.socket, wanted: Path) -> None:
    reader, writer = await asyncio.open_connection(sock=connection)
    write_frame(writer, {"ready": True})
    loaded: set[str] = set()
    with contextlib.suppress(asyncio.IncompleteReadError):
        while True:
            frame = await read_frame(reader)
            answer = _answer(frame, wanted, loaded)
            if answer is None:
                return
            write_frame(writer, {"id": frame["id"], **answer})


def _answer(frame: dict[str, Any], file: Path, loaded: set[str]) -> dict[str, Any] | None:
    op, model, wanted = frame["op"], frame.get("model"), file.read_text()
    if op == "load" and wanted == "end":
        return None
    if op == "load" and wanted != "go":
        return {"error": wanted, "message": "as told"}
    if op == "load":
        loaded.add(str(model))
        return {"body": {"bytes": 1}}
    if op in ("unload", "invoke") and model not in loaded:
        return {"error": ModelNotFound.kind, "message": "not loaded"}
    return {"body": {"unload": {}, "invoke": {"by": model}}.get(op, {"busy_ms": 0.0})}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--fd", type=int, required=True)
    parser.add_argument("--threads")
    parser.add_argument("--until", type=Path, required=True)
    options = parser.parse_args()
    asyncio.run(serve(socket.socket(fileno=options.fd), options.until))
