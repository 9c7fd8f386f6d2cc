"""Workflows on the embedded AWS: how soon the first result is there while a thousand wait, and whether anything is lost
or done twice when the functions that carry them on are killed.

    python -m benchmarks.workflows [--open N] [--a-second R] [--seconds S] [--killed K] [--share P] [--json FILE]

The first part starts N runs together and says when all of them wait; then R more a second for S seconds, and how long
each takes from the call that starts it until its first step and its hand-off are stored. The second part, in a process
of its own, runs K with a share P of all invocations killed (before their first instruction, after a write, before their
answer) and events that come twice, late and refused; people decide, weeks pass, and every run must have come to the
same end, with one note in the outbox each. Fails where anything is lost or double, or the p95 is above two seconds.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.after_call_kills import Kills
from benchmarks.after_call_world import ForwardedClock, NoScreens
from functions.specs import everything
from local.aws import step_functions
from local.aws.event_delivery import DeliveryFaults
from local.aws.lambda_sandbox import Handler
from local.aws.resources import create
from local.aws.stack import ENGINEERS_KEY, EmbeddedAws, EmbeddedSession
from local.function_host import FunctionHost
from local.options import REPOSITORY, TENANTS
from local.parent_process import command, inherited
from local.records import BUCKET, records_environment
from sotto.aws.table import Table
from sotto.call.contact import Contact, Speaker
from sotto.call.summary import CallSummary, Origin, SummaryLine, SummaryPart
from sotto.core.function_spec import FunctionSpec
from sotto.core.resources import EVENT_SOURCE, RUN_WORKFLOW, resources_of
from sotto.tenants.adapters.published_books import PublishedBooks
from sotto.wiring.publishing import book_from
from sotto.wiring.sotto import Sotto
from sotto.workflows.run import RunState, WorkflowRun
from sotto.workflows.start import decide, start_by_hand

TENANT = "harbour_bank"
GOAL_MS = 2_000
WORKFLOWS = ("complaint_hand_off", "promise_follow_up")
WITHIN_S = 900.0
WEEK_S = 8 * 86_400


class World:
    """``seen``: monotonic seconds at which a run's first answer to its machine came, by its id."""

    def __init__(self, aws: EmbeddedAws, clock: ForwardedClock, kills: Kills | None = None) -> None:
        self._aws, self.clock, self._kills = aws, clock, kills
        self.seen: dict[str, float] = {}
        specs = tuple(each for each in everything().functions if each.stack == "workflows")
        wanted = resources_of(specs)
        rules = tuple(rule for rule in wanted.rules if rule.pattern.get("source") == [EVENT_SOURCE])
        if kills is not None:
            kills.watch(aws.session.events)
        environment = aws.environment() | records_environment() | _SETTINGS
        host = FunctionHost(environment, aws.session, channel=NoScreens(), clock=clock)
        resources = replace(wanted, tables=everything().tables, buckets=(BUCKET,), rules=rules)
        arns = create(resources, aws.functions, aws.engineer, REPOSITORY, self._load(host))
        host.deploy({"SOTTO_RUN_WORKFLOW_ARN": arns[RUN_WORKFLOW.name]})
        self.sotto = Sotto.of(
            environment, session=EmbeddedSession(aws.url, ENGINEERS_KEY), channel=NoScreens(), clock=clock
        )
        table = Table(aws.engineer("dynamodb"), records_environment()["SOTTO_TENANTS_TABLE"])
        book = book_from(TENANTS / TENANT)
        by_hand = book.model_copy(update={"settings": book.settings.model_copy(update={"workflows": {}})})
        PublishedBooks(table, aws.engineer("s3"), BUCKET, clock).publish(by_hand)

    def _load(self, host: FunctionHost) -> Callable[[FunctionSpec], Handler]:
        def loaded(spec: FunctionSpec) -> Handler:
            handler, kills = host.load(spec), self._kills

            def watched(event: Any, context: Any) -> Any:
                done = handler(event, context) if kills is None else kills.run(spec.name, handler, event, context)
                if isinstance(done, dict) and "then" in done:
                    self.seen.setdefault(event["run_id"], time.monotonic())
                return done

            return watched

        return loaded

    def begin(self, number: int) -> tuple[WorkflowRun, float]:
        """As a client of the REST API does, once the conversation and its summary are there; and when, monotonic."""
        contact_id = f"c{number:06d}"
        now_ms = int(self.clock.now_ms())
        contact = Contact(TENANT, contact_id, "arn:i", "arn:s", now_ms, agent="emma", team="service")
        self.sotto.contacts.record(contact)
        line = SummaryLine(SummaryPart.PROMISE, "I will call you back.", ("u1",), Speaker.AGENT)
        self.sotto.summaries.store(CallSummary(TENANT, contact_id, (line,), Origin.QUOTED, "", 1, now_ms, 1))
        workflow, asked = WORKFLOWS[number % len(WORKFLOWS)], time.monotonic()
        return start_by_hand(workflow, contact, "bench", self.sotto.workflow_begin_ports), asked

    def read(self, run: WorkflowRun) -> WorkflowRun:
        found = self.sotto.workflow_runs.run(run.tenant, run.contact_id, run.id)
        assert found is not None
        return found

    def until(self, holds: Callable[[], bool]) -> None:
        give_up_at = time.monotonic() + WITHIN_S
        while not holds():
            if time.monotonic() > give_up_at:
                raise TimeoutError("the workflows do not come to a rest")
            threading.Event().wait(0.05)

    def settle(self) -> None:
        """Until what is left only waits, and waits that are a machine's retries have passed."""
        quiet, give_up_at = 0, time.monotonic() + WITHIN_S
        while quiet < 6:
            if time.monotonic() > give_up_at:
                raise TimeoutError("the workflows do not come to a rest")
            busy = self._aws.busy() or step_functions.running(waiting_too=False) > 0
            quiet = 0 if busy else quiet + 1
            wait_s = step_functions.waits().next_s()
            if quiet == 5 and wait_s is not None and wait_s <= 900:  # a retry's
                step_functions.waits().forward(wait_s)
                quiet = 0
            threading.Event().wait(0.05)

    def pass_time(self, seconds: float) -> None:
        self.clock.forward(seconds * 1000)
        step_functions.task_tokens().forward(seconds)
        step_functions.waits().forward(seconds)


def report(line: str) -> None:
    print(f"  {line}", file=sys.stderr, flush=True)


def open_at_once(number: int, a_second: float, seconds: float) -> dict[str, Any]:
    with EmbeddedAws() as aws:
        world = World(aws, ForwardedClock())
        began = time.monotonic()
        report(f"starting {number:,} runs")
        runs = [world.begin(each)[0] for each in range(number)]
        stored_s = time.monotonic() - began
        world.until(lambda: len(world.seen) >= number)
        all_wait_s = time.monotonic() - began
        world.settle()
        report(f"all wait after {all_wait_s:.0f} s; {a_second:g} new ones a second for {seconds:g} s")
        took: list[float] = []
        started: dict[str, float] = {}
        wanted = int(a_second * seconds)
        first = time.monotonic()
        for n in range(wanted):
            threading.Event().wait(max(0.0, first + n / a_second - time.monotonic()))
            run, asked = world.begin(number + n)
            started[run.id] = asked
        world.until(lambda: all(each in world.seen for each in started))
        took = sorted((world.seen[each] - at) * 1000 for each, at in started.items())
        world.settle()
        states = [world.read(run).state for run in runs]
        waiting = sum(1 for each in states if each in (RunState.WAITING, RunState.SLEEPING))
    return {
        "open": number,
        "waiting_after": waiting,
        "started_together_stored_s": round(stored_s, 1),
        "started_together_all_wait_s": round(all_wait_s, 1),
        "new_a_second": a_second,
        "new": wanted,
        "first_result_p50_ms": round(statistics.median(took)),
        "first_result_p95_ms": round(took[int(len(took) * 0.95) - 1]),
        "lost": number - waiting,
    }


def under_kills(number: int, share: float, seed: int) -> dict[str, Any]:
    faults = DeliveryFaults(doubled=0.5, late_s=0.5, refused=0.1, seed=seed)
    kills, clock = Kills(share, seed), ForwardedClock()
    with EmbeddedAws(delivery_faults=faults) as aws:
        world = World(aws, clock, kills)
        runs = [world.begin(each)[0] for each in range(number)]
        world.settle()
        for _ in range(6):  # decisions, and the weeks between them
            for run in runs:
                now = world.read(run)
                opened = now.open_step
                if now.state is RunState.WAITING and opened is not None:
                    choice = {"taken": "taken", "again": "answered", "kept": "kept"}[opened.step]
                    decide(now, opened.key, choice, "because", "sue", world.sotto.managed_workflows)
            world.settle()
            if all(world.read(run).is_over for run in runs):
                break
            world.pass_time(3 * 86_400 if _ < 1 else WEEK_S)
            world.settle()
        lost = sum(1 for run in runs if world.read(run).state is not RunState.DONE)
        wanted = {"complaint_hand_off": 2, "promise_follow_up": 1}
        notes = {run.id: len(world.sotto.call_notes.notes(run.tenant, run.contact_id)) for run in runs}
        over = sum(max(0, notes[run.id] - wanted[run.definition.name]) for run in runs)
        under = sum(max(0, wanted[run.definition.name] - notes[run.id]) for run in runs)
    return {
        "killed_runs": number,
        "kills": sum(kills.happened.values()),
        "lost": lost + under,
        "double": over,
    }


_SETTINGS = {
    "SOTTO_CHANNELS": '{"*": ["appsync"]}',
    "SOTTO_GRAPHQL_URL": "http://127.0.0.1:9/graphql",
    "POWERTOOLS_LOG_LEVEL": "CRITICAL",
    "SOTTO_METRICS_FILE": os.devnull,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--open", type=int, default=1_000)
    parser.add_argument("--a-second", type=float, default=5.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--killed", type=int, default=200)
    parser.add_argument("--share", type=float, default=0.15)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only-killed", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    if asked.only_killed:
        print(json.dumps(under_kills(asked.killed, asked.share, asked.seed)))
        return
    found: dict[str, Any] = open_at_once(asked.open, asked.a_second, asked.seconds) if asked.open else {}
    if asked.killed:
        wanted = (f"--killed={asked.killed}", f"--share={asked.share}", f"--seed={asked.seed}")
        report(f"{asked.killed} runs under kills")
        child = command("benchmarks.workflows", "--only-killed", *wanted)
        done = subprocess.run(child, capture_output=True, text=True, check=True, pass_fds=inherited())
        killed = json.loads(done.stdout.splitlines()[-1])
        found |= killed | {"lost": found.get("lost", 0) + killed["lost"]}
    for name, value in found.items():
        print(f"{name:32} {value}")
    if asked.json:
        asked.json.write_text(json.dumps(found))
    late = found.get("first_result_p95_ms", 0) > GOAL_MS
    sys.exit(1 if found["lost"] or found.get("double") or late else 0)


if __name__ == "__main__":
    main()
