"""What an audio worker needs: memory and processor time of its process over a played call, by provider.

    python -m benchmarks.worker_memory [--providers NAME...] [--seconds 120] [--speed 1] [--json FILE]

The deployed handler in an operating system process of its own, which reads GetMedia, DynamoDB, Lambda and AppSync over
HTTP from the embedded AWS and speaks to a server with the provider's own protocol (Transcribe: HTTP/2 over TLS, signed
event by event). Peak memory is the kernel's high-water mark of the process; what Lambda's runtime takes beside it is
not in it, for which ``LAMBDA_MB`` is added. Processor time does not depend on who else uses the machine, or little.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.killed_workers import LEFT_ALONE, stack
from benchmarks.long_call import BYTES_A_SECOND, CALL
from benchmarks.processor_time import children, processor_ms
from local.aws.event_streams.signatures import Principal
from local.aws.stack import ACCESS_KEY, REGION, SECRET_KEY
from local.aws.transcribe.server import LocalTranscribe
from local.deepgram.server import LocalDeepgram
from local.interruption import ended_in_order
from local.known_speech import KnownCall
from local.scratch import scratch_folder
from local.simulation.call import Plan
from sotto.media.wav import read_call

LAMBDA_MB = 37
"""Of a function that does nothing, python3.13 on arm64: github.com/maxday/lambda-perf, data/2025/2025-12-13.json. An
empty interpreter here has about 10 of them in the worker's own figure."""
LOOK_EVERY_S = 0.2
PROVIDERS = ("transcribe", "deepgram", "transcript")
SECRET, KEY = "sotto-deepgram", "key"
WORKER_S = 840.0


@dataclass(frozen=True, slots=True)
class Used:
    """``share``: of a core while the call is spoken, less what starting took. ``start_s``: processor seconds of its
    first three seconds."""

    provider: str
    seconds: float
    peak_mb: float
    processor_s: float
    start_s: float
    finals: int

    @property
    def share(self) -> float:
        return (self.processor_s - self.start_s) / self.seconds


class Watch:
    """The high-water mark and the processor time of the one worker, until it ends."""

    def __init__(self) -> None:
        self.peak_mb = self.processor_s = self.start_s = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="watch", daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        looks = 0
        while not self._over.wait(LOOK_EVERY_S):
            for child in children(os.getpid()):
                with suppress(OSError, StopIteration):  # it has just ended
                    if b"local.worker_processes" in Path(f"/proc/{child}/cmdline").read_bytes():
                        looks += 1
                        self.peak_mb = max(self.peak_mb, _high_water_mb(child))
                        self.processor_s = max(self.processor_s, processor_ms(child) / 1000)
                        if looks * LOOK_EVERY_S <= 3.0:
                            self.start_s = self.processor_s


def _high_water_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


@asynccontextmanager
async def providing(provider: str, call: KnownCall, folder: Path) -> AsyncIterator[Mapping[str, str]]:
    """The environment by which a worker finds a server of the provider's protocol."""
    if provider == "transcribe":
        async with LocalTranscribe([call], Principal(ACCESS_KEY, SECRET_KEY, REGION)) as transcribe:
            (folder / "trusted.pem").write_bytes(transcribe.certificate)
            yield {
                "AWS_ENDPOINT_URL_TRANSCRIBE_STREAMING": transcribe.address,
                "SSL_CERT_FILE": str(folder / "trusted.pem"),
            }
    elif provider == "deepgram":
        async with LocalDeepgram([call], keys={KEY}) as deepgram:
            yield {"SOTTO_DEEPGRAM_URL": deepgram.url, "SOTTO_DEEPGRAM_SECRET": SECRET}
    else:
        yield {}


async def measured(provider: str, *, seconds: float, speed: float) -> Used:
    recording, transcript = CALL / "call.wav", CALL / "call.transcript.jsonl"
    call = await KnownCall.of(recording, transcript)
    audio = read_call(recording, None)[: int(seconds * BYTES_A_SECOND)]
    with scratch_folder("worker-memory-") as folder:
        async with providing(provider, call, folder) as found:
            settings = {"SOTTO_RECOGNISER": provider, **found}
            with stack(transcript, speed=speed, worker_limit_s=WORKER_S, beside=settings) as running, Watch() as watch:
                if provider == "deepgram":
                    running.keep_secret(SECRET, KEY)
                placed = await running.place(Plan(audio, transcript), LEFT_ALONE)
                await running.play(placed, speed)
                finals = len(running.finals(LEFT_ALONE))
    length_s = len(audio) / BYTES_A_SECOND
    return Used(provider, length_s, watch.peak_mb, watch.processor_s, watch.start_s, finals)


def in_a_process(provider: str, *, seconds: float, speed: float) -> Used:
    """An embedded AWS is one in a process. Raises RuntimeError when a call gave no finals."""
    code = (
        "import asyncio, json; from dataclasses import asdict; from benchmarks.worker_memory import measured; "
        f"print(json.dumps(asdict(asyncio.run(measured({provider!r}, seconds={seconds}, speed={speed})))))"
    )
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True)
    used = Used(**json.loads(done.stdout.splitlines()[-1]))
    if not used.finals:
        raise RuntimeError(f"{provider}: the worker committed nothing")
    return used


def line_of(used: Used) -> str:
    return (
        f"{used.provider:<11} peak {used.peak_mb:4.0f} MB, with Lambda's runtime {used.peak_mb + LAMBDA_MB:.0f}; "
        f"{used.processor_s:.1f} s of a processor for {used.seconds:.0f} s of call, {used.start_s:.1f} of them to "
        f"start: {used.share:.4f} of a core; {used.finals} finals"
    )


@ended_in_order()
def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--providers", nargs="+", choices=PROVIDERS, default=list(PROVIDERS))
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args(arguments)
    found = []
    for provider in asked.providers:
        found.append(in_a_process(provider, seconds=asked.seconds, speed=asked.speed))
        print(line_of(found[-1]), flush=True)
    if asked.json:
        asked.json.write_text(json.dumps([asdict(each) for each in found], indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
