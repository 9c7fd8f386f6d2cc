"""A model process whose event loop answers while its computing thread never comes back: the supervisor's other fear.

``python -m tests.fakes.stuck_model_process --fd N``, as the supervisor starts any. It answers heartbeats and
nothing else. ``--starts FILE``: it has started another process, as vLLM does, whose number it writes there.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import socket
import subprocess
import sys
from pathlib import Path

from model_containers.shard.protocol.frames import read_frame, write_frame


async def serve(connection: socket.socket) -> None:
    reader, writer = await asyncio.open_connection(sock=connection)
    write_frame(writer, {"ready": True})
    with contextlib.suppress(asyncio.IncompleteReadError):
        while True:
            frame = await read_frame(reader)
            if frame["op"] == "heartbeat":
                write_frame(writer, {"id": frame["id"], "body": {"busy_ms": 3_600_000.0}})


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--fd", type=int, required=True)
    parser.add_argument("--threads")
    parser.add_argument("--starts", type=Path)
    options = parser.parse_args()
    if options.starts:
        other = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
        options.starts.write_text(str(other.pid))
    asyncio.run(serve(socket.socket(fileno=options.fd)))
