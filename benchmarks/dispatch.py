"""What the supervisor itself takes of a request: ``python -m benchmarks.dispatch [--callers 64] [--json FILE]``.

Three processes, as in service: this one sends HTTP, the shard's supervisor is the one that is measured, and a stand-in
for the model process answers each frame after a given time. Times are CLOCK_MONOTONIC, which they share: *in* is from
the caller's write until the model process has the frame, *out* from its answer until the caller has it. Its
own time is the sum. Two ways of having 64 requests open: a model that takes ``--answer-ms`` for each, half more or
less so that the callers do not march in step, and one that takes no time, so that 64 callers keep the supervisor
saturated and each waits behind all others. The round with the lowest p99 counts. Nothing tells the three processes'
scheduling apart from the supervisor's work: on fewer than three free cores the p99 is also the machine's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import uvloop

from benchmarks.light_client import LightConnection, connected, post
from local.interruption import ended_in_order
from local.parent_process import command, inherited

TEXT = "I would like to know why forty dollars were taken from my account. " * 30
"""2 KB, a long utterance."""


async def answer(connection: socket.socket) -> None:
    """The stand-in for the model process: frames by the shard's own wire, no model behind them."""
    from model_containers.shard.protocol.frames import read_frame, write_frame

    reader, writer = await asyncio.open_connection(sock=connection)
    loop, chance = asyncio.get_running_loop(), random.Random(0)
    write_frame(writer, {"ready": True})

    def reply(number: int, received_ns: int) -> None:
        scores = {f"intent_{place}": 0.125 for place in range(8)}
        body = {"received_ns": received_ns, "answered_ns": time.monotonic_ns(), "scores": scores}
        write_frame(writer, {"id": number, "body": body})

    with suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            frame = await read_frame(reader)
            received_ns = time.monotonic_ns()
            if frame["op"] == "load":
                write_frame(writer, {"id": frame["id"], "body": {"bytes": 1}})
            elif frame["op"] != "invoke":
                write_frame(writer, {"id": frame["id"], "body": {}})
            elif wait_ms := frame["request"]["answer_ms"]:
                loop.call_later(wait_ms / 1000 * chance.uniform(0.5, 1.5), reply, frame["id"], received_ns)
            else:
                reply(frame["id"], received_ns)


def serve(port: int) -> None:
    """The shard as it is started in service, but for the model process."""
    from model_containers.shard import __main__ as shard

    vars(shard)["ENCODER"] = "benchmarks.dispatch"
    sys.argv = ["shard", "--port", str(port)]
    shard.main()


async def both_ways(connection: LightConnection, request: bytes) -> tuple[float, float]:
    """Milliseconds in and out."""
    sent_ns = time.monotonic_ns()
    came_ns, body = await connection.ask(request)
    stamps = json.loads(body)
    return (stamps["received_ns"] - sent_ns) / 1e6, (came_ns - stamps["answered_ns"]) / 1e6


async def asked(port: int, *, callers: int, requests: int, answer_ms: float) -> list[tuple[float, float]]:
    request = post("/models/m/invoke", {"text": TEXT, "tenant": "t", "answer_ms": answer_ms})
    connections = [await connected(port) for _ in range(callers)]
    took: list[tuple[float, float]] = []

    async def caller(each: LightConnection) -> None:
        await both_ways(each, request)  # the first opens what the others use
        for _ in range(requests):
            took.append(await both_ways(each, request))

    await asyncio.gather(*(caller(each) for each in connections))
    for each in connections:
        each.close()
    return took


def measured(port: int, child: int, *, callers: int, requests: int, answer_ms: float) -> dict[str, Any]:
    used, began = _processor_s(child), time.perf_counter()
    took = uvloop.run(asked(port, callers=callers, requests=requests, answer_ms=answer_ms))
    wall, used = time.perf_counter() - began, _processor_s(child) - used
    ways = {"in": [i for i, _ in took], "out": [o for _, o in took], "both": [i + o for i, o in took]}
    return {
        **{way: {f"p{p}": round(float(np.percentile(ms, p)), 2) for p in (50, 99)} for way, ms in ways.items()},
        "requests_a_second": round(len(took) / wall),
        "processor_us_a_request": round(used / len(took) * 1e6),
    }


def _processor_s(process: int) -> float:
    """Of the supervisor alone: its children's time is counted to them until they end."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _load(port: int) -> None:
    """Until the shard is up and has a model by the name of m."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(post("/models", {"model_name": "m", "url": "nowhere"}))
            if connection.recv(4096).startswith((b"HTTP/1.1 200", b"HTTP/1.1 409")):
                return
        time.sleep(0.1)
    raise RuntimeError("the shard did not start")


def compared(options: argparse.Namespace) -> dict[str, Any]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found: dict[str, Any] = {"callers": options.callers}
    child = subprocess.Popen(
        command("benchmarks.dispatch", "--port", str(port)), stdout=subprocess.DEVNULL, pass_fds=inherited()
    )
    try:
        _load(port)
        for answer_ms in (options.answer_ms, 0):
            requests = options.requests if answer_ms else options.requests * 3
            rounds = [
                measured(port, child.pid, callers=options.callers, requests=requests, answer_ms=answer_ms)
                for _ in range(options.rounds)
            ]
            name = f"a model of {answer_ms:.0f} ms" if answer_ms else "saturated"
            found[name] = min(rounds, key=lambda one: float(one["both"]["p99"]))
    finally:
        child.terminate()
        child.wait(20)
    return {**found, "load": os.getloadavg()}


@ended_in_order()
def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--callers", type=int, default=64)
    parser.add_argument("--requests", type=int, default=50, help="by each caller; three times as many when saturated")
    parser.add_argument("--answer-ms", type=float, default=50.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--fd", type=int, help=argparse.SUPPRESS)
    options, _ = parser.parse_known_args(arguments)
    if options.fd is not None:
        uvloop.run(answer(socket.socket(fileno=options.fd)))
    elif options.port is not None:
        serve(options.port)
    else:
        found = compared(options)
        print(json.dumps(found, indent=2))
        if options.json:
            options.json.write_text(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
