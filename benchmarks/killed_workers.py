"""kill -9 of the audio worker at random moments of a long call: finals against those of the same call left alone.

    python -m benchmarks.killed_workers [--kills N] [--minutes M] [--speed X] [--seed S] [--json FILE]

Every worker is an operating system process of its own, which reads GetMedia, DynamoDB, Lambda and AppSync over HTTP
from the embedded AWS and is killed with SIGKILL; nothing in it can end in order. Two contacts are played at once, and
only the workers of one are killed. Workers hand over every few seconds, so that predecessors, successors and retries
are all among those that die.

The parent does what Lambda is documented to do with an asynchronous event whose run failed: it is run again with the
same request id, twice at most, after waits that are shorter here (1 s and 2 s instead of one and two minutes). An order
whose third run dies is lost on Lambda, and with it the rest of the call's guidance; so a third run is left alone.
Guidance itself is not asked for: what would ask for it only notes what it was sent.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.long_call import BYTES_A_SECOND, repeated_call
from functions.specs import everything
from local.aws.appsync.authorisation import IamCaller
from local.aws.appsync.sotto_api import sotto_appsync
from local.aws.appsync.tokens import LocalIssuer
from local.aws.connect import AmazonConnect, CallParties, PlacedCall
from local.aws.resources import create
from local.aws.stack import ACCESS_KEY, REGION, SECRET_KEY, EmbeddedAws
from local.aws.web_server import LateApp, WebServer
from local.embedded import ENDPOINT
from local.function_host import FunctionHost
from local.interruption import ended_in_order
from local.options import REPOSITORY
from local.publishing import PublishTarget, publish
from local.records import BUCKET, records_environment
from local.scratch import scratch_folder
from local.simulation.call import Plan
from local.tenants import ModelPublisher, identity
from local.worker_processes import WorkerProcesses
from sotto.call.utterance import Utterance
from sotto.core.clock import SystemClock
from sotto.wiring.sotto import Sotto

TENANT = "harbour_bank"
RUNS_AN_ORDER = 3
WORKER_LIMIT_S = 4.0
LOOK_AGAIN_S = 0.05
KILLED, LEFT_ALONE = "killed", "left-alone"


class Stack:
    """The embedded AWS with workers in processes. ``sent``: the utterances of each contact that guidance was asked
    for, by their number, and how often."""

    def __init__(self, aws: EmbeddedAws, sotto: Sotto, workers: WorkerProcesses, sent: dict[str, Counter[int]]) -> None:
        self.workers, self.sent = workers, sent
        self._aws, self._sotto = aws, sotto
        self._clock = SystemClock()
        self._connect = AmazonConnect(sotto.client("lambda"), sotto.client("events"), aws.media, self._clock)
        self._instance = sotto.books.current(TENANT).settings.instances[0].rsplit("/", 1)[-1]

    async def place(self, plan: Plan, contact_id: str) -> PlacedCall:
        return await self._connect.place(plan.audio, CallParties(self._instance, "any-agent"), contact_id=contact_id)

    async def play(self, call: PlacedCall, speed: float) -> None:
        """To the end of the call, and of everything that it started."""
        await self._connect.play(call, speed=speed)
        await asyncio.to_thread(self._wait_until_idle)

    def _wait_until_idle(self) -> None:
        while self._aws.functions.busy():
            time.sleep(LOOK_AGAIN_S)

    def keep_secret(self, name: str, value: str) -> None:
        self._aws.engineer("secretsmanager").create_secret(Name=name, SecretString=value)

    def finals(self, contact_id: str) -> list[Utterance]:
        lease = self._sotto.leases.current(TENANT, contact_id)
        return [] if lease is None else self._sotto.leases.committed_after(lease, 0)

    def handovers(self, contact_id: str) -> int:
        lease = self._sotto.leases.current(TENANT, contact_id)
        return 0 if lease is None else lease.generation - 1


@contextmanager
def stack(
    transcript: Path, *, speed: float, worker_limit_s: float, beside: Mapping[str, str] | None = None
) -> Iterator[Stack]:
    """``beside``: environment of the workers, instead of what they would have."""
    with ExitStack() as open_:
        aws = open_.enter_context(EmbeddedAws(speed=speed))
        scratch = open_.enter_context(scratch_folder("killed-"))
        for contact_id in (KILLED, LEFT_ALONE):
            (scratch / f"{contact_id}.jsonl").write_bytes(transcript.read_bytes())
        bound = LateApp()
        server = open_.enter_context(WebServer(bound, name="appsync"))
        settings = (
            aws.environment()
            | records_environment()
            | {
                "SOTTO_TRANSCRIPTS": str(scratch),
                "SOTTO_RECOGNISER": "transcript",
                "SOTTO_WORKER_LIMIT_S": str(worker_limit_s),
                "SOTTO_METRICS_FILE": str(scratch / "metrics.jsonl"),
                "SOTTO_GRAPHQL_URL": f"{server.url}/graphql",
                "POWERTOOLS_LOG_LEVEL": "CRITICAL",
            }
            | dict(beside or {})
        )
        host = FunctionHost(settings, aws.session)
        create(everything(), aws.functions, aws.engineer, REPOSITORY, host.load)
        sotto = host.sotto()
        bound.app = sotto_appsync(
            invoke=lambda name, event: None,
            issuer=LocalIssuer(f"{server.url}/issuer"),
            iam=IamCaller(ACCESS_KEY, SECRET_KEY, REGION),
        )
        workers, sent = WorkerProcesses(settings), {KILLED: Counter[int](), LEFT_ALONE: Counter[int]()}
        open_.callback(workers.close)
        specs = {spec.name: spec for spec in everything().functions}
        aws.functions.register(specs["transcribe_call"], workers)
        aws.functions.register(specs["orchestrate_utterance"], lambda event, context: _note(event, sent))
        models = ModelPublisher(sotto.client("s3"), BUCKET, sotto.model_registry)
        target = PublishTarget(sotto.books, models, ENDPOINT, lambda: identity(sotto.client("sts")))
        publish(REPOSITORY / "tenants" / TENANT, [], target)
        yield Stack(aws, sotto, workers, sent)


def _note(event: Any, sent: dict[str, Counter[int]]) -> None:
    said = event.get("utterance") or {}
    if said.get("is_final") and said.get("contact_id") in sent:
        sent[said["contact_id"]][said["seq"]] += 1


def killing(stack: Stack, times: int, within_s: float, seed: int, over: threading.Event) -> Counter[int]:
    """Kill a worker at ``times`` random moments; how many were in their first, second... run. A moment at which there
    is none to kill waits for one, until the call is ``over``."""
    chance = random.Random(seed)
    moments = sorted(chance.uniform(0, within_s) for _ in range(times))
    began, in_run = time.monotonic(), Counter[int]()
    for moment in moments:
        over.wait(max(0.0, began + moment - time.monotonic()))
        died = None
        while died is None and not over.wait(LOOK_AGAIN_S):
            died = stack.workers.kill_one(chance.choice, KILLED, most_runs=RUNS_AN_ORDER - 1)
        if died is not None:
            in_run[stack.workers.runs[died]] += 1
    return in_run


async def _both(stack: Stack, plan: Plan, kills: int, speed: float, seed: int) -> Counter[int]:
    calls = [await stack.place(plan, contact_id) for contact_id in (KILLED, LEFT_ALONE)]
    length_s = len(plan.audio) / BYTES_A_SECOND / speed
    over = threading.Event()
    dying = asyncio.ensure_future(asyncio.to_thread(killing, stack, kills, length_s * 0.95, seed, over))
    try:
        await asyncio.gather(*(stack.play(call, speed) for call in calls))
    finally:
        over.set()
    return await dying


def run(kills: int = 20, minutes: float = 20.0, speed: float = 6.0, seed: int = 1) -> dict[str, Any]:
    with scratch_folder("killed-") as folder:
        plan = repeated_call(-(-int(minutes * 60) // 139), folder)
        plan = replace(plan, audio=plan.audio[: int(minutes * 60 * BYTES_A_SECOND)])
        with stack(plan.transcript, speed=speed, worker_limit_s=WORKER_LIMIT_S) as running:
            in_run = asyncio.run(_both(running, plan, kills, speed, seed))
            uncut, got = (Counter(map(_said, running.finals(name))) for name in (LEFT_ALONE, KILLED))
            sent = running.sent[KILLED]
            return {
                "call_minutes": minutes,
                "speed": speed,
                "wanted_kills": kills,
                "killed": sum(in_run.values()),
                "killed_in_run": {str(number): in_run[number] for number in sorted(in_run)},
                "handovers": running.handovers(KILLED),
                "handovers_of_the_other": running.handovers(LEFT_ALONE),
                "finals": sum(uncut.values()),
                "finals_lost": sum((uncut - got).values()),
                "finals_doubled": sum((got - uncut).values()),
                "finals_never_sent": sum(1 for each in running.finals(KILLED) if not sent[each.seq]),
            }


def _said(utterance: Utterance) -> tuple[str, int, int, str]:
    return utterance.speaker.value, utterance.start_ms, utterance.end_ms, utterance.text


def summary(result: dict[str, Any]) -> str:
    runs = ", ".join(f"{count} in run {number}" for number, count in result["killed_in_run"].items())
    return (
        f"{result['call_minutes']:g} min call, {result['killed']} worker processes killed with SIGKILL ({runs}), "
        f"{result['handovers']} handovers: of {result['finals']} finals {result['finals_lost']} lost, "
        f"{result['finals_doubled']} doubled, {result['finals_never_sent']} never sent"
    )


def failed(result: dict[str, Any]) -> bool:
    """Whether a final was lost or doubled, or fewer workers killed than there should have been."""
    faults = any(result[fault] for fault in ("finals_lost", "finals_doubled", "finals_never_sent"))
    return faults or result["killed"] < result["wanted_kills"]


@ended_in_order()
def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--speed", type=float, default=6.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    logging.getLogger("local.aws").setLevel(logging.CRITICAL)  # it tells of every crash; here they are what is wanted
    result = run(asked.kills, asked.minutes, asked.speed, asked.seed)
    print(summary(result))
    if asked.json:
        asked.json.write_text(json.dumps(result, indent=2) + "\n")
    return int(failed(result))


if __name__ == "__main__":
    sys.exit(main())
