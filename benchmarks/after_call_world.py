"""The work after calls on the embedded AWS, with the deployed functions' own code: stream, pipe, bus, state machines
and Lambda functions, of which some are killed. Nothing is spoken: utterances of the sample calls' scripts are
committed as the audio worker commits them. Calls are filed in the emulated systems of record that tenants declare.

A function is killed before its first instruction, right after one of its writes has reached the table (or its
execution was started), or after it has done everything and before it could answer. What a killed process would have
done in its ``finally`` blocks is done here, because threads cannot be killed as processes can.
"""

from __future__ import annotations

import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.after_call_checks import Seen, has_check, problems
from functions.specs import everything
from local.aws import step_functions
from local.aws.connect.contacts import ConnectContact, instance_arn
from local.aws.lambda_sandbox import Handler
from local.aws.resources import create
from local.aws.stack import ENGINEERS_KEY, EmbeddedAws, EmbeddedSession
from local.filing_systems import FilingSystems
from local.function_host import FunctionHost
from local.options import REPOSITORY, TENANTS
from local.records import BUCKET, records_environment
from sotto.aws import keys
from sotto.aws.table import Table
from sotto.call.annotation import Evidence
from sotto.call.contact import Contact, ContactStatus, Speaker
from sotto.call.envelope import event_from
from sotto.call.events import ConversationEnded, Event
from sotto.call.utterance import Utterance
from sotto.core.clock import SystemClock
from sotto.core.function_spec import FunctionSpec
from sotto.core.needs import StartsAfterCall
from sotto.core.resources import AFTER_CALL, CONTACTS, EVENT_SOURCE, REVIEW, resources_of
from sotto.core.triggers import StepOf
from sotto.guidance.conversation import ConversationState, Occurrence
from sotto.guidance.deliver import Conversation
from sotto.realtime.channel import AgentAssignment, PanelMessage
from sotto.tenants.adapters.published_books import PublishedBooks
from sotto.transcription.lease.lease import Takeover
from sotto.wiring.publishing import book_from
from sotto.wiring.sotto import Sotto

CALLS = REPOSITORY / "events" / "calls"
TENANT_OF = {"bank": "harbour_bank", "garage": "torque_garage", "energie": "nordlicht_energie"}
READS = ("Get", "Query", "Describe", "List", "Batch", "Head", "Scan")
KILL_AT = ("before", "after a write", "before its answer")
FEWEST_UTTERANCES = 5
WITHIN_S = 600.0
FILING = "file_conversation"
RuntimeExit = type("Runtime.ExitError", (Exception,), {})
"""As Lambda names the end of a process; Step Functions sees the name."""


class Killed(BaseException):
    """What handlers do not catch."""


@dataclass
class Kills:
    """``share``: of invocations that end so, 0 to 1. ``happened``: by function and place."""

    share: float
    seed: int = 0
    happened: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._lock = threading.Lock()
        self._here = threading.local()

    def watch(self, events: Any) -> None:
        """``events``: of a botocore session, before it makes clients."""
        events.register("after-call.*.*", self._after_call)

    def run(self, name: str, handler: Handler, event: Any, context: Any) -> Any:
        with self._lock:
            dies = self._chance.random() < self.share
            place, self._here.writes_left = self._chance.choice(KILL_AT), self._chance.choice((1, 1, 2))
        if not dies:
            self._here.writes_left = 0
            return handler(event, context)
        if place == "before":
            self._died(name, place)
        if place != "after a write":
            self._here.writes_left = 0
        try:
            handler(event, context)
        except Killed:
            self._died(name, place)
        self._died(name, "before its answer")

    def _died(self, name: str, place: str) -> None:
        self.happened[name, place] += 1
        raise RuntimeExit("signal: killed")

    def _after_call(self, event_name: str, **_: Any) -> None:
        operation = event_name.rpartition(".")[2]
        left = getattr(self._here, "writes_left", 0)
        if left and not operation.startswith(READS):
            self._here.writes_left = left - 1
            if left == 1:
                raise Killed


class NoScreens:
    """A PanelChannel that nobody looks at."""

    def publish(self, messages: Sequence[PanelMessage]) -> None:
        """Gone."""

    def assign(self, assignments: Sequence[AgentAssignment]) -> None:
        """Gone."""


class ForwardedClock(SystemClock):
    """This machine's time, and as much later as it was put forward: leases end and schedules come without waiting."""

    def __init__(self) -> None:
        self._ahead_ms = 0.0

    def now_ms(self) -> float:
        return super().now_ms() + self._ahead_ms

    def monotonic_ms(self) -> float:
        return super().monotonic_ms() + self._ahead_ms

    def forward(self, duration_ms: float) -> None:
        self._ahead_ms += duration_ms


class AfterCalls:
    """``filing``: serves the tenants' systems of record. ``kills``: None kills nobody."""

    def __init__(self, aws: EmbeddedAws, filing: FilingSystems, kills: Kills | None = None) -> None:
        self._aws, self._filing, self._kills, self._clock = aws, filing, kills, ForwardedClock()
        specs = tuple(spec for spec in everything().functions if _takes_part(spec))
        self.steps = sorted(spec.name for spec in specs if spec.triggered_by(StepOf))
        wanted = resources_of(specs)
        machines = tuple(each for each in wanted.state_machines if each.name in (AFTER_CALL.name, REVIEW.name))
        rules = tuple(rule for rule in wanted.rules if rule.pattern.get("source") == [EVENT_SOURCE])
        if kills is not None:
            kills.watch(aws.session.events)
        environment = aws.environment() | records_environment() | _SETTINGS
        host = FunctionHost(environment, aws.session, channel=NoScreens(), clock=self._clock)
        tables = everything().tables
        resources = replace(wanted, tables=tables, buckets=(BUCKET,), state_machines=machines, rules=rules)
        arns = create(resources, aws.functions, aws.engineer, REPOSITORY, self._load(host))
        host.deploy({"SOTTO_AFTER_CALL_ARN": arns[AFTER_CALL.name], "SOTTO_REVIEW_ARN": arns[REVIEW.name]})
        self._arn = arns[AFTER_CALL.name]
        self.sotto = Sotto.of(environment, session=EmbeddedSession(aws.url, ENGINEERS_KEY), channel=NoScreens())
        self.table = Table(aws.engineer("dynamodb"), CONTACTS.name)
        books = PublishedBooks(
            Table(aws.engineer("dynamodb"), records_environment()["SOTTO_TENANTS_TABLE"]),
            aws.engineer("s3"),
            BUCKET,
            SystemClock(),
        )
        for tenant in sorted(set(TENANT_OF.values())):
            book = book_from(TENANTS / tenant)
            books.publish(book)
            addresses = filing.prepare(book, aws.engineer("secretsmanager"))
            host.deploy({"SOTTO_FILING_ADDRESSES": json.dumps(dict(addresses))})

    def _load(self, host: FunctionHost) -> Callable[[FunctionSpec], Handler]:
        def loaded(spec: FunctionSpec) -> Handler:
            handler = host.load(spec)
            kills = self._kills
            return handler if kills is None else lambda event, context: kills.run(spec.name, handler, event, context)

        return loaded

    def converse(self, contact_id: str, tenant: str, spoken: list[Utterance]) -> None:
        """A whole conversation, as the live path leaves it: its two last events start the work."""
        now_ms = int(time.time() * 1000)
        began_ms = now_ms - spoken[-1].end_ms
        contact = Contact(tenant, contact_id, instance_arn(tenant), "s", began_ms, agent="agent", team="service")
        self._aws.connect_contacts.add(
            ConnectContact(contact_id, tenant, "INBOUND", began_ms, contact_id, caller=self._filing.caller(tenant))
        )
        sotto = self.sotto
        sotto.contacts.record(contact)
        lease = sotto.leases.take(tenant, contact_id, Takeover("worker", 1), now_ms=now_ms)
        assert lease is not None
        for each in spoken:
            lease = sotto.leases.commit(lease, each, replace(lease.checkpoint, utterances=each.seq))
        guided = ConversationState(tenant, contact_id, done_seq=len(spoken), moments=self._noticed(tenant, spoken))
        sotto.conversations.save(tenant, contact_id, Conversation(guided, version=1), (), expected_version=0)
        sotto.leases.release(lease)
        ended = replace(contact, status=ContactStatus.ENDED, version=1)
        sotto.contacts.replace(ended, expected_version=0, events=[ConversationEnded.of(ended, at_ms=now_ms)])

    def _noticed(self, tenant: str, spoken: list[Utterance]) -> dict[str, tuple[Occurrence, ...]]:
        """In place of models: the moments that speak for one of the tenant's codes, another one with each length."""
        codes = [each for each in self.sotto.books.current(tenant).dispositions.codes if each.moments]
        chosen = codes[len(spoken) % len(codes)].moments if codes else ()
        return {
            name: (Occurrence(spoken[-1].start_ms, spoken[-1].end_ms, (Evidence(spoken[-1].id),)),) for name in chosen
        }

    def again(self, tenant: str, contact_id: str, number: int) -> None:
        """As the runbook after-call-step-failed says."""
        self._aws.engineer("stepfunctions").start_execution(
            stateMachineArn=self._arn,
            name=f"{contact_id}-again-{number}",
            input=json.dumps({"tenant": tenant, "contact_id": contact_id}),
        )

    def backlog(self) -> int:
        return self._aws.functions.waiting() + step_functions.running()

    def settle(self, within_s: float = WITHIN_S) -> None:
        """Until nothing is on its way; what waits for somebody's answer may wait."""
        quiet, give_up_at = 0, time.monotonic() + within_s
        while quiet < 5:
            if time.monotonic() > give_up_at:
                raise TimeoutError("the work after calls does not come to an end")
            quiet = 0 if self._aws.busy() or step_functions.running() else quiet + 1
            threading.Event().wait(0.05)

    def let_reviews_run_out(self) -> None:
        step_functions.task_tokens().forward(8 * 86_400)
        self.settle()

    def sweep(self, rounds: int = 3) -> None:
        """As the schedule does, once leases are over, and once whoever was not found is looked for again."""
        for _ in range(rounds):
            self._clock.forward(300_000)
            self._aws.functions.invoke_async(FILING, b"{}")
            self.settle()

    def seen(self, tenant: str, contact_id: str) -> Seen:
        items = self.table.between(keys.of_contact(tenant, contact_id), keys.EVENT, f"{keys.EVENT}~")
        events = [_event(item) for item in items]
        work = self.sotto.after_call_work.work(tenant, contact_id)
        return Seen(tenant, contact_id, work, events, self.sotto, partial(self._filing.records, contact_id))

    def problems(self, tenant: str, contact_id: str) -> list[str]:
        return problems(self.seen(tenant, contact_id), self.steps)


_SETTINGS = {
    "SOTTO_CHANNELS": '{"*": ["appsync"]}',
    "SOTTO_GRAPHQL_URL": "http://127.0.0.1:9/graphql",
    "SOTTO_WEBSOCKET_URL": "http://127.0.0.1:9",
    "SOTTO_OIDC_ISSUER": "http://127.0.0.1:9",
    "SOTTO_OIDC_TENANTS": ",".join(sorted(TENANT_OF.values())),
    "SOTTO_CONNECT_INSTANCES": json.dumps({tenant: tenant for tenant in TENANT_OF.values()}),
    "POWERTOOLS_LOG_LEVEL": "CRITICAL",
    "SOTTO_METRICS_FILE": os.devnull,
}


def _takes_part(spec: FunctionSpec) -> bool:
    """Who starts the work, the machines' own functions, and every step that brings a check. One without is left out:
    what it needs of outside systems, and what it must leave behind, only its check knows."""
    is_task = any(spec.is_task_of(machine) for machine in (AFTER_CALL, REVIEW))
    is_step = bool(spec.steps_of(AFTER_CALL)) and has_check(spec.name)
    return is_task or is_step or bool(spec.needs_of(StartsAfterCall))


def _event(item: dict[str, Any]) -> Event:
    detail = {name: value for name, value in item.items() if isinstance(value, str)}
    return event_from({"source": EVENT_SOURCE, "detail-type": detail["type"], "detail": detail})


def conversations(
    number: int, seed: int, *, most_utterances: int = 10_000
) -> Iterator[tuple[str, str, list[Utterance]]]:
    """Contact id, tenant and utterances: a script of the repository, of which each conversation leaves some turns
    out."""
    chance = random.Random(seed)
    scripts = sorted(CALLS.glob("*/call.transcript.jsonl"))
    read = {path: [json.loads(line) for line in path.read_text().splitlines()] for path in scripts}
    for at in range(number):
        path = chance.choice(scripts)
        turns = [turn for turn in read[path] if chance.random() < 0.8][:most_utterances]
        turns = turns if len(turns) >= FEWEST_UTTERANCES else read[path][:FEWEST_UTTERANCES]
        tenant = TENANT_OF[path.parent.name.partition("_")[0]]
        yield f"after-{seed}-{at:04d}", tenant, said(f"after-{seed}-{at:04d}", tenant, turns)


def said(contact_id: str, tenant: str, turns: Iterable[dict[str, Any]]) -> list[Utterance]:
    return [
        Utterance(
            tenant,
            contact_id,
            f"{turn['speaker']}-{seq}",
            seq,
            Speaker(turn["speaker"]),
            int(turn["start_ms"]),
            int(turn["end_ms"]),
            turn["text"],
        )
        for seq, turn in enumerate(turns, 1)
    ]


def transcript(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(CALLS / name / "call.transcript.jsonl").read_text().splitlines()]
