"""The gateway as a process: ``python -m media_gateway --host 0.0.0.0 --port 8080``."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import signal
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor

from media_gateway.call import THREADS
from media_gateway.kinesis.streams import CallStreams
from media_gateway.parts import GatewayParts
from sotto.aws.session import SharedSession
from sotto.core.clock import Clock, SystemClock
from sotto.core.errors import Rejected, SottoError
from sotto.core.metrics.recorder import Recorder
from sotto.core.settings import AwsRegion, Measurement, Settings

log = logging.getLogger("media_gateway")
DELETE_EVERY_MS = 3_600_000


async def run(options: argparse.Namespace) -> None:
    """Until it is asked to end, and its calls are over. Raises Rejected."""
    clock, settings = SystemClock(), Settings(os.environ)
    metrics = Recorder(clock, _write, cell=settings.of(Measurement).cell)
    session = SharedSession(region_name=settings.of(AwsRegion).region)
    parts = GatewayParts(settings, session, clock, metrics)
    gateway = parts.gateway()
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="aws"))
    asked_to_end = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, asked_to_end.set)
    async with gateway.serving(options.host, options.port):
        log.info("gateway ready")
        tidying = asyncio.create_task(_tidy(parts.streams, clock))
        try:
            await asked_to_end.wait()
            await gateway.leave()
        finally:
            tidying.cancel()
            await asyncio.gather(tidying, return_exceptions=True)
    metrics.flush()


async def _tidy(streams: CallStreams, clock: Clock) -> None:
    """Streams of calls that are long over."""
    while True:
        try:
            await asyncio.to_thread(streams.delete_old)
        except SottoError as error:
            log.warning("streams not tidied", extra={"why": str(error)})
        await clock.sleep_ms(DELETE_EVERY_MS)


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


class JsonLines(logging.Formatter):
    """A line for each event with what it is about: never text, nor whoever it is of."""

    def format(self, record: logging.LogRecord) -> str:
        about = {name: value for name, value in vars(record).items() if name not in _OF_EVERY_RECORD}
        line = {"level": record.levelname, "logger": record.name, "message": record.getMessage(), **about}
        if record.exc_info and record.exc_info[0] is not None:
            # A message may quote whatever the code was looking at.
            places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(record.exc_info[2])]
            line["exception"] = {"class": record.exc_info[0].__name__, "at": places[-5:]}
        return json.dumps(line, default=str)


_OF_EVERY_RECORD = {*vars(logging.makeLogRecord({})), "message", "websocket"}


def main() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("websockets").setLevel(logging.WARNING)
    parser = argparse.ArgumentParser(prog="python -m media_gateway", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    options = parser.parse_args()
    try:
        asyncio.run(run(options))
    except Rejected as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
