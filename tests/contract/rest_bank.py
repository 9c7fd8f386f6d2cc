"""A bank behind the REST API, on moto's account with the real adapters: a call with all that is made of one, an API key
for each role, and a clock that a test turns. Nothing is served over a network: requests are events of an HTTP API."""

from __future__ import annotations

import json
import shutil
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from urllib.parse import urlencode

from functions.serve_api.handler import handler
from local.aws.keys import create_keys
from local.records import records_environment
from sotto.api.caller import Caller
from sotto.api.insights.use_cases import generate
from sotto.api.keys.key import ApiKey, WrittenKey
from sotto.api.keys.use_cases import KeyRequest, create_key
from sotto.api.rest.route import Route
from sotto.api.rest.routing import all_scopes
from sotto.api.roles import Role
from sotto.api.tokens import TokenRefused
from sotto.call.after_call_work import AfterCallWork, Disposition, RankedCode
from sotto.call.annotation import Annotation, AnnotationKind, ChecklistItem, Evidence
from sotto.call.contact import Contact, ContactStatus, Speaker
from sotto.call.events import WorkflowStarted
from sotto.call.feedback import FeedbackAction, FeedbackEntry
from sotto.call.outcome import FormScore
from sotto.call.shared_moment import SharedMoment
from sotto.call.summary import CallSummary, Origin, SummaryLine, SummaryPart
from sotto.call.utterance import Utterance
from sotto.core.resources import RECORDINGS, RECORDINGS_VARIABLE
from sotto.erasure.export import KEPT_MS, ExportRequest
from sotto.erasure.identity import Identity, IdentityKind
from sotto.erasure.request import Certificate, ErasureRequest
from sotto.guidance.conversation import ConversationState
from sotto.guidance.deliver import Conversation
from sotto.history.conversation import ConversationRow, Leg
from sotto.imports.item import Reason
from sotto.imports.run import Form, ImportRun, Item, ItemState, Page
from sotto.imports.run import RunState as ImportState
from sotto.learning.gaps.gap import Gap, GapGroup, GapKind, GroupState
from sotto.playbooks.draft import Draft
from sotto.playbooks.replay.run import Replay
from sotto.search.adapters.embedded import EmbeddedIndex
from sotto.search.find import FindPorts
from sotto.tenants.articles import Article, fingerprints
from sotto.tenants.book import TenantBook, TenantSettings
from sotto.tenants.dispositions import DispositionCode, Dispositions
from sotto.tenants.playbook_version import PlaybookVersion, digest_of
from sotto.transcription.lease.lease import Takeover
from sotto.webhooks.endpoint import Algorithm, Endpoint, Secret
from sotto.wiring.sotto import Sotto
from sotto.workflows.advance import event_of
from sotto.workflows.reading import shipped
from sotto.workflows.run import RunState, StepRecord, StepState, WorkflowRun
from tests.contract.published_account import unpublished
from tests.fakes.clock import ClockByHand
from tests.fakes.text_vectors import WordVectors

NOW_MS = 1_790_000_000_000
BANK, GARAGE = "bank", "garage"
FEES = Article("fees", "Fees", "There are none.")


class PeopleByName:
    """Tokens: ``person.<tenant>.<agent>.<role>``, as an issuer would have signed them."""

    def claims(self, token: str) -> Mapping[str, Any]:
        match token.split("."):
            case ["person", tenant, agent, role]:
                return {"tenant": tenant, "agent": agent, "role": role, "teams": ["service"]}
        raise TokenRefused("token: it is not signed by the issuer")


@dataclass(frozen=True)
class Answered:
    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


IMPORTING = "import_conversations"


class RestBank:
    def __init__(self) -> None:
        account = unpublished()
        self.clock = ClockByHand(NOW_MS)
        indexes = mkdtemp(prefix="sotto-indexes-")
        weakref.finalize(self, shutil.rmtree, indexes, True)
        environment = {name: value for name, value in records_environment().items() if name != "SOTTO_SEARCH_BUCKET"}
        self.environment = (
            environment
            | create_keys((BANK, GARAGE), account.client("kms"))
            | {
                "AWS_REGION": "us-east-1",
                "SOTTO_SEARCH_FOLDER": indexes,
                RECORDINGS_VARIABLE: RECORDINGS,
                "SOTTO_GRAPHQL_URL": "http://127.0.0.1:9/graphql",
                "SOTTO_OIDC_ISSUER": "http://127.0.0.1:9",
                "SOTTO_OIDC_TENANTS": f"{BANK},{GARAGE}",
                "SOTTO_METRICS_FILE": f"{indexes}/metrics.jsonl",
                "SOTTO_IMPORT_SOURCES": json.dumps(
                    [{"tenant": BANK, "name": "archive", "bucket": "customers-archive", "prefix": "calls/"}]
                ),
                "SOTTO_IMPORT_CONVERSATIONS_ARN": f"arn:aws:states:us-east-1:123456789012:stateMachine:{IMPORTING}",
            }
        )
        self._search = FindPorts(EmbeddedIndex(Path(indexes)), WordVectors())
        self.session = account.session
        self.sotto = self.another_process()
        self._publish()
        self._talk()
        self.keys: dict[Role, str] = {role: self._key(role) for role in Role if role is not Role.AGENT}
        self._handle = handler.within(self.sotto)

    def another_process(self, **given: Any) -> Sotto:
        return Sotto.of(
            self.environment,
            **{
                "session": self.session,
                "clock": self.clock,
                "tokens": PeopleByName(),
                "search_ports": self._search,
                "pause": lambda ms: None,
            }
            | given,
        )

    def ask(
        self,
        method: str,
        path: str,
        *,
        key: str | None = None,
        role: str = "analyst",
        query: Mapping[str, Any] | str = "",
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answered:
        """As API Gateway hands it over. ``key``: the authorization's second word; else the one of ``role``."""
        given = {"authorization": f"Bearer {self.key_of(role) if key is None else key}"}
        if body is not None:
            given["content-type"] = "application/json"
        event = {
            "version": "2.0",
            "rawPath": path,
            "rawQueryString": query if isinstance(query, str) else urlencode(query, doseq=True),
            "headers": given | dict(headers or {}),
            "requestContext": {"http": {"method": method, "path": path}},
            "body": body if isinstance(body, str) or body is None else json.dumps(body),
            "isBase64Encoded": False,
        }
        found = self._handle(json.loads(json.dumps(event)), None)
        return Answered(found["statusCode"], found["headers"], found["body"])

    def send(self, route: Route, **more: Any) -> Answered:
        """The example of a route."""
        example = route.example
        path = route.path.format(**example.path)
        given = {"role": example.role, "query": example.query, "body": example.body} | more
        return self.ask(route.method, path, **given)

    def key_of(self, role: str) -> str:
        """An agent is a person, with a token."""
        return f"person.{BANK}.emma.agent" if role == "agent" else self.keys[Role(role)]

    def key_with(self, scopes: frozenset[str], role: Role = Role.ANALYST, tenant: str = BANK) -> str:
        admin = Caller(tenant, "ann", Role.ADMIN)
        made = create_key(
            admin, KeyRequest(f"app{len(self.sotto.api_keys.keys(tenant))}", role, scopes), self.sotto.key_ports
        )
        return made.text

    def _key(self, role: Role) -> str:
        """Named after the role; of admins there is one called a1, which examples show."""
        return self.key_with(all_scopes(), role)

    def put_example_key(self) -> None:
        written = WrittenKey(BANK, "a1", "Z" * 40)
        scopes = frozenset({"contacts:read"})
        self.sotto.api_keys.add(ApiKey(BANK, "a1", "crm", Role.ANALYST, scopes, written.digest, "ann", NOW_MS), [])

    def put_example_webhook(self) -> None:
        _, wrapped = self.sotto.webhook_ports.keys.make(BANK)
        url = "https://crm.example.com/hooks/sotto"
        secret = Secret(Algorithm.HMAC, wrapped, NOW_MS)
        self.sotto.webhook_ports.endpoints.save(
            Endpoint(BANK, "we_1", url, frozenset({"summary.ready"}), (secret,), "ann", NOW_MS, version=1)
        )

    def put_example_insights(self) -> None:
        analyst = Caller(BANK, "ann", Role.ANALYST)
        generate(analyst, Identity(IdentityKind.CONTACT, "c1"), self.sotto.insight_ports)

    def put_example_workflow(self) -> None:
        """A complaint that waits for somebody to take it on."""
        definition = shipped()["complaint_hand_off"]
        brief = StepRecord("brief", "brief", "ask", StepState.DONE, NOW_MS, result={"text": "I want to leave."})
        shown = {"shown": {"brief.text": "I want to leave."}}
        taken = StepRecord(
            "taken", "taken", "human", StepState.OPEN, NOW_MS, NOW_MS + 172_800_000, shown, opened_at_ms=NOW_MS
        )
        run = WorkflowRun(
            BANK, "c1", f"wf_{NOW_MS}_00000000000000aa", definition, "summary.ready", NOW_MS, NOW_MS,
            agent="emma", team="service",
        )  # fmt: skip
        runs = self.sotto.workflow_runs
        runs.create(run, event_of(WorkflowStarted, run))
        run = run.with_step(brief, RunState.RUNNING, NOW_MS)
        runs.replace(run)
        runs.replace(run.with_step(taken, RunState.WAITING, NOW_MS))

    def put_example_import(self) -> None:
        """One that is running, and the manifest of another."""
        s3, states = self.sotto.client("s3"), self.sotto.client("stepfunctions")
        s3.create_bucket(Bucket="customers-archive")
        s3.put_object(Bucket="customers-archive", Key="calls/2024/march.jsonl", Body=b"{}")
        done = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
        role = "arn:aws:iam::123456789012:role/importing"
        states.create_state_machine(name=IMPORTING, definition=json.dumps(done), roleArn=role)
        known = ("im_0123456789abcdef0123456789ab", "archive", "calls/a.jsonl", "an-entity-tag", Form.MANIFEST)
        self.sotto.imports.add(ImportRun(BANK, *known, "ann", NOW_MS, state=ImportState.RUNNING, pages=1))
        items = (
            Item(1, 0, 10, ItemState.DONE, seconds=120.0, contact_id="imported-1"),
            Item(2, 10, 20),
            Item(7, 20, 30, ItemState.FAILED, Reason.NOT_JSON),
        )
        self.sotto.imports.put_page(Page(BANK, known[0], 0, items, began_at_ms=NOW_MS - 60_000))

    def put_example_gaps(self) -> None:
        """A wish with an example, and questions that wait for each of the decisions."""
        gaps = self.sotto.gaps
        gaps.put(Gap(BANK, "c1", "u1", GapKind.INTENT, "I am going to Spain.", NOW_MS, "always", group="gap-5"))
        wish = GapGroup(BANK, "gap-5", GapKind.INTENT, ("travel notice",), 14, 11, "AAEC", NOW_MS, "card_lost", 0.41)
        gaps.save_group(wish)
        asked = replace(wish, kind=GapKind.ARTICLE, phrases=("fees abroad",), nearest="fees")
        for number in range(1, 5):
            gaps.save_group(replace(asked, id=f"gap-{number}"))
        ignored = replace(asked, id="gap-4", state=GroupState.IGNORED, who="quinn", changed_at_ms=NOW_MS, version=2)
        gaps.save_group(ignored)

    def put_example_share(self) -> None:
        made = SharedMoment(
            BANK, "c1", "share-000000000000000000000000000000aa", "cleo", "Cleo Park", "emma", "service", "Well asked.",
            from_ms=1_000, until_ms=2_400, first_seq=1, last_seq=1, shared_at_ms=NOW_MS,
        )  # fmt: skip
        self.sotto.shared_moments.add(made)

    def put_example_playbook(self) -> None:
        """What is live in a text, drafts of it to read, save and publish, and a replay."""
        ports, now_ms = self.sotto.playbook_ports, int(self.clock.now_ms())
        book, text = ports.shelf.book(BANK), "version: 1\nsets: {}\n"
        digest = digest_of(book.playbook)
        shelf = self.sotto.playbook_shelf
        version = PlaybookVersion(BANK, "1790000000000-v1", book.version, digest, NOW_MS, "ada", text, "First")
        shelf.publish(book, version, instead_of=book.version)
        more = "version: 1\nsets: {more: {}}\n"
        for number, written in enumerate((text, text, more), start=1):
            ports.drafts.save(Draft(BANK, f"draft-{number}", "Fees", written, digest, 1, "ada", now_ms))
        replay = Replay(
            BANK, "1790000000000-r1", "draft-1", 1, text, book.version, "ada", NOW_MS, 1_789_000_000_000,
            1_790_100_000_000, ("c1",), 0, NOW_MS + 604_800_000,
        )  # fmt: skip
        ports.replays.add(replay)

    def put_example_export(self) -> None:
        request = ExportRequest(BANK, "e1", "ann", NOW_MS, IdentityKind.CONTACT, ("c1",), NOW_MS + KEPT_MS)
        self.sotto.export_ports.requests.add(request)

    def put_example_certificate(self) -> None:
        request = ErasureRequest(BANK, "e1", "ann", 1, IdentityKind.CONTACT, 1)
        self.sotto.erasure_requests.add(request, [])
        made = Certificate(BANK, "e1", 1, 2, 1, {"contact": 9}, 0, "k", "ECDSA_SHA_256", "MEUCIQ==")
        self.sotto.erasure_requests.finish(replace(request, finished_at_ms=2), made)

    def _publish(self) -> None:
        codes = Dispositions(codes=(DispositionCode(code="saved", title="Customer stays"),))
        for tenant in (BANK, GARAGE):
            settings = TenantSettings(title=tenant, instances=())
            book = TenantBook(tenant=tenant, settings=settings, dispositions=codes, articles=fingerprints([FEES]))
            self.sotto.books.publish(book.sealed(), [FEES])

    def _talk(self) -> None:
        contact = Contact(
            BANK, "c1", "arn/i", "stream", NOW_MS, queue="Loans", agent="emma", team="service", version=1,
            initiation_method="INBOUND",
        )  # fmt: skip
        sotto = self.sotto
        sotto.contacts.record(contact)
        lease = sotto.leases.take(BANK, "c1", Takeover("w", 1), now_ms=NOW_MS)
        assert lease is not None
        words = Utterance(BANK, "c1", "u1", 1, Speaker.CUSTOMER, 1_000, 2_400, "I want to leave.", confidence=0.93)
        sotto.leases.commit(lease, words, lease.checkpoint)
        card = Annotation(
            BANK, "c1", "a1", 1, AnnotationKind.MOMENT, "cancellation_risk", 2_400, "u1", 0.9, "high",
            {"title": "Wants to leave"}, (Evidence("u1", 2, 15),), "intents", policy="default", playbook="retention",
        )  # fmt: skip
        items = (ChecklistItem("every_call", "greet", "Greets", "done", "u1"),)
        guided = Conversation(ConversationState(BANK, "c1", annotation_seq=1), items, 1)
        sotto.conversations.save(BANK, "c1", guided, [card], expected_version=0)
        line = SummaryLine(SummaryPart.REASON, "I want to leave.", ("u1",))
        sotto.summaries.store(CallSummary(BANK, "c1", (line,), Origin.QUOTED, "", 1, NOW_MS, 1))
        ranked = Disposition((RankedCode("saved", "Customer stays", 0.8, ("u1",)),), "saved", "")
        sotto.after_call_work.replace(AfterCallWork(BANK, "c1", (), ranked, 1), expected_version=0)
        sotto.feedback.record(FeedbackEntry(BANK, "c1", "a1", "emma", FeedbackAction.ACKNOWLEDGED, 1.0))
        current = sotto.contacts.contact(BANK, "c1")
        assert current is not None
        over = replace(current, status=ContactStatus.ENDED, version=current.version + 1)
        sotto.contacts.replace(over, expected_version=current.version)
        leg = Leg(
            "c1", NOW_MS, NOW_MS + 180_000, True, "en-US", "Loans", "emma", team="service", disposition="saved",
            is_chosen=True, scores=(FormScore("every_call", 80.0),), moments=("cancellation_risk",),
        )  # fmt: skip
        sotto.history.replace(ConversationRow(BANK, "c1", (leg,), 1), before=None)
