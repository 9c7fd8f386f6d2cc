"""The work after calls on the embedded AWS, with the deployed functions' own code: stream, pipe, bus, state machines
and Lambda functions, of which some are killed (benchmarks.after_call_kills). Nothing is spoken: turns of the sample
calls' scripts are redacted and committed as the audio worker commits them. Connect keeps a recording of each, noise
that is recognised as these turns; calls are filed in the emulated systems of record that tenants declare.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.after_call_checks import Seen, has_check, problems
from benchmarks.after_call_kills import Kills
from benchmarks.after_call_scripts import TENANT_OF, Turn, said, sounding
from functions.specs import everything
from local.audible_words import OnlyAudible
from local.aws import step_functions
from local.aws.connect.contacts import ConnectContact, instance_arn
from local.aws.lambda_sandbox import Handler
from local.aws.resources import create
from local.aws.stack import ENGINEERS_KEY, EmbeddedAws, EmbeddedSession
from local.filing_systems import FilingSystems
from local.function_host import FunctionHost
from local.options import REPOSITORY, TENANTS
from local.records import BUCKET, recording_key, records_environment
from sotto.aws import keys
from sotto.aws.table import Table
from sotto.call.annotation import Evidence
from sotto.call.contact import Contact, ContactStatus
from sotto.call.envelope import event_from
from sotto.call.events import ConversationEnded, Event
from sotto.call.utterance import Utterance
from sotto.core.clock import SystemClock
from sotto.core.function_spec import FunctionSpec
from sotto.core.needs import StartsAfterCall
from sotto.core.resources import AFTER_CALL, CONTACTS, EVENT_SOURCE, RECORDINGS, REVIEW, resources_of
from sotto.core.triggers import StepOf
from sotto.guidance.conversation import ConversationState, Occurrence
from sotto.guidance.deliver import Conversation
from sotto.realtime.channel import AgentAssignment, PanelMessage
from sotto.recognition.adapters.transcript import TranscriptRecogniser
from sotto.tenants.adapters.published_books import PublishedBooks
from sotto.transcription.lease.lease import Takeover
from sotto.wiring.publishing import book_from
from sotto.wiring.sotto import Sotto

WITHIN_S = 600.0
FILING = "file_conversation"


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
    """``filing``: serves the tenants' systems of record. ``scratch``: an empty folder, for what recordings say.
    ``clock``: that of ``filing``, too. ``kills``: None kills nobody."""

    def __init__(
        self, aws: EmbeddedAws, filing: FilingSystems, scratch: Path, clock: ForwardedClock, kills: Kills | None = None
    ) -> None:
        self._scratch = scratch
        self._aws, self._filing, self._kills, self._clock = aws, filing, kills, clock
        specs = tuple(spec for spec in everything().functions if _takes_part(spec))
        self.steps = sorted(spec.name for spec in specs if spec.triggered_by(StepOf))
        wanted = resources_of(specs)
        machines = tuple(each for each in wanted.state_machines if each.name in (AFTER_CALL.name, REVIEW.name))
        rules = tuple(rule for rule in wanted.rules if rule.pattern.get("source") == [EVENT_SOURCE])
        if kills is not None:
            kills.watch(aws.session.events)
        tenants = sorted(set(TENANT_OF.values()))
        recording_keys = {"SOTTO_RECORDING_KEYS": json.dumps({tenant: recording_key(tenant) for tenant in tenants})}
        environment = aws.environment() | records_environment() | recording_keys | _SETTINGS
        recogniser = OnlyAudible(TranscriptRecogniser(self._transcript_of))
        host = FunctionHost(
            environment,
            aws.session,
            channel=NoScreens(),
            clock=self._clock,
            recording_recognisers=lambda tenant: [recogniser],
        )
        tables = everything().tables
        resources = replace(wanted, tables=tables, buckets=(BUCKET, RECORDINGS), state_machines=machines, rules=rules)
        aws.recordings.create_bucket()
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
        for tenant in tenants:
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

    def converse(self, contact_id: str, tenant: str, turns: Sequence[Turn]) -> None:
        """A whole conversation, as the live path leaves it: its two last events start the work."""
        now_ms = int(time.time() * 1000)
        began_ms = now_ms - int(turns[-1]["end_ms"])
        sotto = self.sotto
        language = sotto.books.current(tenant).settings.language
        contact = Contact(
            tenant, contact_id, instance_arn(tenant), "s", began_ms, agent="agent", team="service", language=language
        )
        self._record(contact, turns)
        sotto.contacts.record(contact)
        lease = sotto.leases.take(tenant, contact_id, Takeover("worker", 1), now_ms=now_ms)
        assert lease is not None
        spoken = said(contact, turns, sotto.redactor(contact))
        for each in spoken:
            lease = sotto.leases.commit(lease, each, replace(lease.checkpoint, utterances=each.seq))
        guided = ConversationState(tenant, contact_id, done_seq=len(spoken), moments=self._noticed(tenant, spoken))
        sotto.conversations.save(tenant, contact_id, Conversation(guided, version=1), (), expected_version=0)
        sotto.leases.release(lease)
        ended = replace(contact, status=ContactStatus.ENDED, version=1)
        sotto.contacts.replace(ended, expected_version=0, events=[ConversationEnded.of(ended, at_ms=now_ms)])
        there = self._aws.connect_contacts.change(contact_id, disconnected_at_ms=now_ms)
        self._aws.recordings.ended(there)

    def _record(self, contact: Contact, turns: Sequence[Turn]) -> None:
        """At Connect, from the first word on."""
        self._transcript_of(contact.contact_id).write_text("\n".join(json.dumps(turn) for turn in turns))
        began_ms = contact.media_started_at_ms
        self._aws.recordings.begin(contact.contact_id, sounding(turns), began_ms)
        self._aws.connect_contacts.add(
            ConnectContact(
                contact.contact_id,
                contact.tenant,
                "INBOUND",
                began_ms,
                contact.contact_id,
                caller=self._filing.caller(contact.tenant),
                connected_at_ms=began_ms,
            )
        )

    def _transcript_of(self, contact_id: str) -> Path:
        return self._scratch / f"{contact_id}.jsonl"

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
        return self._aws.functions.waiting() + step_functions.running(waiting_too=False)

    def settle(self, within_s: float = WITHIN_S) -> None:
        """Until nothing is on its way. Where the rest only lets time pass, it passes; what waits for somebody's answer
        may wait."""
        quiet, give_up_at = 0, time.monotonic() + within_s
        while quiet < 5:
            if time.monotonic() > give_up_at:
                raise TimeoutError("the work after calls does not come to an end")
            quiet = 0 if self._is_busy() else quiet + 1
            wait_s = step_functions.waits().next_s()
            if quiet == 5 and wait_s is not None:
                self._clock.forward(wait_s * 1000)
                step_functions.waits().forward(wait_s)
                quiet = 0
            threading.Event().wait(0.05)

    def _is_busy(self) -> bool:
        return self._aws.busy() or self._aws.recordings.busy() or step_functions.running(waiting_too=False) > 0

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
