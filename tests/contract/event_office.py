"""Stream, pipe, bus, two consumers of events and the workflow that one of them starts, on the embedded AWS, for tests
of what a delivery leaves behind."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import replace
from typing import Any

from functions.specs import everything
from local.aws import step_functions
from local.aws.resources import create
from local.aws.stack import EmbeddedAws
from local.options import REPOSITORY
from sotto.after_call.adapters.dynamodb_summaries import DynamoSummaries
from sotto.after_call.adapters.dynamodb_work import DynamoWork
from sotto.after_call.adapters.step_functions import StepFunctionsWorkflow
from sotto.after_call.summarise import SummaryPorts, summarise_call
from sotto.after_call.workflow.records import WorkPorts
from sotto.after_call.workflow.start import start_after_call
from sotto.after_call.workflow.track import TRACKED, BeginOrder, TrackPorts, begin, note
from sotto.api.adapters.dynamodb_feedback import DynamoFeedback
from sotto.aws.audit_log import DynamoAuditLog
from sotto.aws.table import Table
from sotto.call.after_call_work import StepOutcome, answer, order_from
from sotto.call.contact import Contact, ContactStatus, Speaker
from sotto.call.envelope import event_from
from sotto.call.events import ConsentWithdrawn, ConversationEnded
from sotto.call.summary import CallSummary
from sotto.call.utterance import Utterance
from sotto.consent.adapters.dynamodb_consents import DynamoConsents
from sotto.consent.rules import ConsentDecision, record_of
from sotto.contacts.adapters.dynamodb_contacts import DynamoContacts
from sotto.contacts.adapters.dynamodb_erasures import DynamoErasures
from sotto.contacts.erase import ErasePorts, erase_contact
from sotto.core.clock import SystemClock
from sotto.core.function_spec import FunctionSpec
from sotto.core.metrics.recorder import NoMetrics
from sotto.core.observation import Observers
from sotto.core.resources import AFTER_CALL, Resources, RuleSpec, resources_of
from sotto.core.resources import EVENT_OUTBOX as PIPE
from sotto.core.validation import read_event
from sotto.generation.chain import GenerationChain
from sotto.generation.nodes import GenerativeNodes
from sotto.guidance.adapters.dynamodb_conversations import DynamoConversations
from sotto.realtime.panel_publisher import PanelPublisher
from sotto.transcription.adapters.dynamodb_leases import DynamoLeases
from sotto.transcription.lease.lease import Takeover
from tests.fakes.channel import ChannelInMemory
from tests.fakes.holds import HoldsInMemory
from tests.fakes.retention import KeptUntil

NOW_MS = 1_790_000_000_000
WITHIN_S = 60.0
DEPLOYED = everything()
WATCH = FunctionSpec("watch", "none", 5, asynchronous=True)
CONSUMERS = tuple(spec for spec in DEPLOYED.functions if spec.name in ("erase_contact", "start_after_call"))
STEPS = tuple(spec for spec in DEPLOYED.functions if spec.name in ("summarise_call", "track_after_call"))


class Office:
    """The embedded AWS with the outbox's table, and two consumers on it. ``watched``: every delivery there was."""

    def __init__(self, aws: EmbeddedAws) -> None:
        self.aws = aws
        watching = RuleSpec("watch", {"source": [PIPE.source]}, WATCH.name, PIPE.bus)
        served = {spec.name for spec in CONSUMERS}
        resources = Resources(
            tables=tuple(table for table in DEPLOYED.tables if table.name in ("sotto-contacts", "sotto-audit")),
            functions=(*CONSUMERS, *STEPS, WATCH),
            state_machines=resources_of((*CONSUMERS, *STEPS)).state_machines,
            rules=(*(rule for rule in DEPLOYED.rules_of(PIPE.bus) if rule.function in served), watching),
            buses=DEPLOYED.buses,
            pipes=DEPLOYED.pipes,
        )
        arns = create(resources, aws.functions, self._client, REPOSITORY)
        self.workflow = StepFunctionsWorkflow(self._client("stepfunctions"), arns[AFTER_CALL.name])
        self.table = Table(self._client("dynamodb"), "sotto-contacts")
        self.audit = DynamoAuditLog(Table(self._client("dynamodb"), "sotto-audit"), KeptUntil())
        self.contacts = DynamoContacts(self.table, KeptUntil())
        self.leases = DynamoLeases(self.table, KeptUntil())
        self.consents = DynamoConsents(self.table, KeptUntil())
        self.summaries = DynamoSummaries(self.table, KeptUntil())
        self.channel = ChannelInMemory()
        self.watched: list[dict[str, Any]] = []
        self.waiting = {name: threading.Semaphore(0) for name in ("erase_contact", "summarise_call")}
        self.go_on = threading.Event()
        self.go_on.set()
        self._chain = GenerationChain((), SystemClock(), Observers())
        handlers = (self._erase, self._start, self._summarise, self._track, self._watch)
        for spec, handler in zip((*CONSUMERS, *STEPS, WATCH), handlers, strict=True):
            aws.functions.register(spec, handler)

    def _client(self, service: str) -> Any:
        return self.aws.engineer(service)

    def _watch(self, event: dict[str, Any], context: Any) -> None:
        self.watched.append(event)

    def _start(self, event: dict[str, Any], context: Any) -> None:
        start_after_call(event_from(event), self.workflow)

    def _track(self, event: dict[str, Any], context: Any) -> dict[str, bool]:
        panel = PanelPublisher(self.channel, lambda what: None)
        work = WorkPorts(self.consents, DynamoWork(self.table, KeptUntil()), panel, SystemClock())
        ports = TrackPorts(self.contacts, self.leases, work, NoMetrics(), SystemClock())
        tracked = read_event(TRACKED, event, "either")
        if isinstance(tracked, BeginOrder):
            return {"whole": begin(tracked, ports)}
        note(tracked, ports)
        return {}

    def _summarise(self, event: dict[str, Any], context: Any) -> dict[str, str]:
        summarise_call(
            order_from(event),
            SummaryPorts(
                self.contacts,
                self.leases,
                self.consents,
                DynamoConversations(self.table, KeptUntil(), SystemClock()),
                DynamoFeedback(self.table, KeptUntil()),
                GenerativeNodes(self._chain, SystemClock()),
                self,
                PanelPublisher(self.channel, lambda what: None),
                SystemClock(),
                wait=lambda ms: None,
            ),
        )
        return answer(StepOutcome.DONE)

    def summary(self, tenant: str, contact_id: str) -> CallSummary | None:
        return self.summaries.summary(tenant, contact_id)

    def store(self, summary: CallSummary) -> CallSummary | None:
        stored = self.summaries.store(summary)
        self._stop_here("summarise_call")
        return stored

    def _erase(self, event: dict[str, Any], context: Any) -> None:
        withdrawn = event_from(event)
        assert isinstance(withdrawn, ConsentWithdrawn)
        stored = DynamoErasures(self.table, KeptUntil())
        erase_contact(
            withdrawn,
            ErasePorts(
                decisions=self.consents,
                contacts=self.contacts,
                stored=stored,
                holds=HoldsInMemory(),
                audit=self.audit,
                clock=SystemClock(),
                wait=lambda ms: self._stop_here("erase_contact"),
            ),
        )

    def _stop_here(self, consumer: str) -> None:
        """In mid-work, where tests kill. Looks often: a kill takes effect between two instructions."""
        self.waiting[consumer].release()
        while not self.go_on.wait(0.01):
            pass

    def settle(self) -> None:
        """Wait until nothing is on its way any more, retries after failures included."""
        quiet, give_up_at = 0, time.monotonic() + WITHIN_S
        while quiet < 5:
            assert time.monotonic() < give_up_at, "events are still on their way"
            quiet = 0 if self.aws.busy() or step_functions.running() else quiet + 1
            threading.Event().wait(0.05)

    def call(self, contact_id: str, *texts: str) -> Contact:
        """A whole call, as the live path writes it."""
        contact = Contact("bank", contact_id, "arn", "stream", NOW_MS)
        self.contacts.record(contact)
        lease = self.leases.take("bank", contact_id, Takeover("w", 1), now_ms=NOW_MS)
        assert lease is not None
        for seq, text in enumerate(texts, 1):
            said = Utterance("bank", contact_id, f"customer-{seq}", seq, Speaker.CUSTOMER, seq * 1000, seq * 1000, text)
            lease = self.leases.commit(lease, said, replace(lease.checkpoint, utterances=seq))
        self.leases.release(lease)
        ended = replace(contact, status=ContactStatus.ENDED, version=1)
        self.contacts.replace(ended, expected_version=0, events=[ConversationEnded.of(ended, at_ms=NOW_MS)])
        return ended

    def refuse(self, contact_id: str) -> None:
        said = ConsentDecision(False, "customer_refused", drop_kept=True)
        self.consents.record(
            record_of(said, tenant="bank", contact_id=contact_id, decided_at_ms=NOW_MS, speaker=Speaker.CUSTOMER)
        )

    def delivered(self, contact_id: str) -> Counter[str]:
        """How often each event of a contact arrived at whoever watches."""
        events = [event_from(each) for each in self.watched]
        return Counter(event.name for event in events if event.contact_id == contact_id)

    def kinds(self, contact_id: str) -> list[str]:
        return [str(item["sk"]).partition("#")[0] for item in self.table.between(f"bank#{contact_id}", " ", "~")]
