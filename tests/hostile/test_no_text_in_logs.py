"""Hostile: a sentence planted anywhere in any function's event is in no log, no metric and no exception's text."""

from __future__ import annotations

import base64
import importlib
import json
import logging
import pkgutil
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from moto import mock_aws
from pydantic import BaseModel, TypeAdapter, ValidationError

import functions
import sotto
from functions.specs import everything as all_resources
from local.aws.chime.documents import (
    LegOnAir,
    RecordedSession,
    Spoken,
    failure_detail,
    rs_metadata,
    streaming_detail,
)
from local.aws.connect.contacts import ConnectContact
from local.aws.connect.exports import agent_event, contact_record
from local.aws.connect_directory.instance import EmulatedInstance, instances_of
from local.aws.keys import create_keys
from local.aws.topics import create_topics
from local.records import records_environment
from sotto.aws.session import SharedSession
from sotto.call.envelope import Envelope
from sotto.call.events import (
    ConsentWithdrawn,
    ConversationErased,
    ConversationStarted,
    CorrectionGiven,
    DispositionChosen,
    Event,
    FeedbackGiven,
    MomentNoticed,
    PersonChosen,
    SummaryReady,
    TranscriptCompleted,
    UtteranceCommitted,
    WorkflowDecided,
    WorkflowStarted,
)
from sotto.call.live import GatewayCall, payload_of
from sotto.core.errors import Retryable
from sotto.core.function_spec import FunctionSpec
from sotto.core.resources import TableSpec
from sotto.core.validation import MalformedEvent, read_event
from sotto.graph.node import NodeCall
from sotto.sources.siprec.streaming_event import Status
from sotto.wiring.entry_point import HandlerFailed, entry_point
from sotto.wiring.publishing import book_from
from sotto.wiring.sotto import Sotto

ROOT = Path(__file__).parents[2]
SECRET = "Zephyrine"
ANY = FunctionSpec("any", "any.handler.handler", 1)
PLANTS: tuple[Any, ...] = (
    f"I am {SECRET} and my card is 4111 1111",
    SECRET,
    {SECRET: SECRET},
    [f"my name is {SECRET}"],
)
COUNTED_BY = ("tenant", "model")
"""Names of what a tenant published, which metrics are found apart by. Text there makes another name, no wrong event."""
CONTACT = "6cf9a4a9-cb52-4ea6-822a-52c8c8ca2709"
UTTERANCE = {
    "tenant": "harbour_bank",
    "contact_id": CONTACT,
    "id": "customer-1000",
    "seq": 1,
    "speaker": "customer",
    "start_ms": 1000,
    "end_ms": 2000,
    "text": "what is my balance",
    "private": [{"kind": "name", "start_ms": 1000, "end_ms": 1200, "start_char": 0, "end_char": 4}],
}
NODE = {"id": "intent", "task": "intent", "model": "intent", "after": ["sentiment"], "only_if": {"sentiment": {}}}
CALL = {"node": NODE, "utterance": UTTERANCE, "inputs": {"sentiment": {"label": "negative"}}, "alone": False}
RESULT = {"node_id": "intent", "task": "intent", "status": "ok", "output": {"label": "balance"}}
ABOUT = {"tenant": "harbour_bank", "contact_id": CONTACT}
POLICIES = {**ABOUT, "contact_version": 1, "book_version": "v1", "nodes": [{"node": NODE, "speakers": ["customer"]}]}
CLAIMS = {"tenant": "harbour_bank", "agent": "emma", "role": "agent", "teams": ["service"]}
GATEWAY: dict[str, Any] = {
    "requestContext": {
        "connectionId": "c1",
        "eventType": "MESSAGE",
        "connectedAt": 1_790_000_000_000,
        "authorizer": {"claims": json.dumps(CLAIMS), "expires_at": 4_000_000_000},
    },
    "headers": {"Sec-WebSocket-Protocol": "sotto"},
}
ASK = {"action": "ask", "id": "7", "fields": {"a": {"field": "Query.contact", "arguments": {"contactId": CONTACT}}}}


A_FORM = {
    "metric": "conversations",
    "period": {"first": "2026-11-01", "last": "2026-11-30"},
    "dimensions": ["team"],
    "filters": [{"dimension": "queue", "values": ["cards"]}],
}


def lens(record: Any) -> dict[str, Any]:
    data = base64.b64encode((record if isinstance(record, str) else json.dumps(record)).encode()).decode()
    kinesis = {
        "sequenceNumber": "1",
        "data": data,
        "approximateArrivalTimestamp": 1_790_000_000.25,
        "partitionKey": "c",
    }
    return {"Records": [{"kinesis": kinesis, "eventID": "shard:1", "eventSource": "aws:kinesis"}]}


BANK_INSTANCE = next(iter(instances_of(book_from(ROOT / "tenants" / "harbour_bank"), region="us-east-1", account="1")))
A_CALL = ConnectContact("c1", BANK_INSTANCE, "INBOUND", 1.0, "c1", agent="emma", connected_at_ms=1.0, queue="Loans")


def agent_event_of_a_call() -> dict[str, Any]:
    instance = EmulatedInstance(A_CALL.arn)
    instance.add_user("emma", groups=("Bank", "Loans"))
    return agent_event("STATE_CHANGE", A_CALL, instance, 1.0)


def asks(field: str, **arguments: Any) -> dict[str, Any]:
    parent, _, name = field.partition(".")
    return {
        "info": {"parentTypeName": parent, "fieldName": name},
        "identity": {"claims": CLAIMS},
        "arguments": arguments,
    }


def gateway(kind: str, body: Any = "") -> dict[str, Any]:
    context = {**GATEWAY["requestContext"], "eventType": kind}
    return GATEWAY | {"requestContext": context, "body": body if isinstance(body, str) else json.dumps(body)}


def http(method: str, path: str, query: str = "", body: Any = None) -> dict[str, Any]:
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {"authorization": "Bearer sotto_live_harbour_bank_a1_x", "content-type": "application/json"},
        "requestContext": {"http": {"method": method}},
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }


def token(claims: Any) -> dict[str, Any]:
    parts = ({"alg": "RS256", "kid": "k1", "typ": "JWT"}, claims, "signature")
    encoded = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return {"headers": {"Sec-WebSocket-Protocol": f"sotto, token.{encoded}"}, "methodArn": "arn:aws:execute-api:x"}


def delivered(event: Event) -> dict[str, Any]:
    return {"source": "sotto", "detail-type": event.TYPE, "detail": Envelope.of(event).model_dump()}


def stored(name: str) -> Any:
    return json.loads((ROOT / "events" / "connect" / name).read_text())


CONNECTOR = "abcdef1ghij2klmno3pqr4"


def stream_started() -> dict[str, Any]:
    people = [Spoken("p1", "sip:emma@pbx", "1"), Spoken("p2", "sip:+15550100@carrier", "2")]
    session = RecordedSession(CONNECTOR, "call-1", "transaction-1", "+15550100", rs_metadata(people))
    arn = f"arn:aws:kinesisvideo:us-east-1:111122223333:stream/ChimeVoiceConnector-{CONNECTOR}-9470/1680731924044"
    leg = LegOnAir(arn, "1", 0, False, 1_790_000_000_000.0, "91343")
    return of_chime(streaming_detail(Status.STARTED, session, leg))


def sent_call() -> dict[str, Any]:
    call = GatewayCall(
        "harbour_bank", "main", CONTACT, "arn:stream", 1_790_000_000_000, None, "emma", "Loans", "+15550100"
    )
    return dict(json.loads(payload_of(call)))


def stream_failed() -> dict[str, Any]:
    session = RecordedSession(CONNECTOR, "call-1", "transaction-1", "+15550100", "")
    return of_chime(failure_detail(session, 1_790_000_000_000.0))


def of_chime(detail: dict[str, Any]) -> dict[str, Any]:
    known = {"account": "111122223333", "region": "us-east-1", "time": "2026-09-21T14:13:21Z", "source": "aws.chime"}
    return {**known, "detail-type": "Chime VoiceConnector Streaming Status", "detail": detail}


AN_IMPORT = {"tenant": "harbour_bank", "import_id": "im_0123456789abcdef0123456789ab", "attempt": 1}


def object_put() -> dict[str, Any]:
    known = {"account": "111122223333", "region": "us-east-1", "source": "aws.s3", "detail-type": "Object Created"}
    put = {"bucket": {"name": "archive"}, "object": {"key": "calls/a.jsonl", "size": 5, "etag": "e"}}
    return known | {"detail": {"version": "0", **put, "reason": "PutObject"}}


def first_segment() -> Any:
    return segment_of("contact_lens_segments.jsonl", 0)


def segment_of(file: str, line: int) -> Any:
    return json.loads((ROOT / "events" / "recogniser" / file).read_text().splitlines()[line])


def whole(event: Any) -> Any:
    return event


EVENTS: dict[str, list[tuple[Any, Callable[[Any], Any]]]] = {
    "authorise_connection": [(token(CLAIMS), whole), ({**CLAIMS, "exp": 4_000_000_000, "iat": 1}, token)],
    "deliver_annotations": [
        (
            {**ABOUT, "graph": {"utterance": UTTERANCE, "nodes": [NODE]}, "policies": POLICIES, "results": [RESULT]},
            whole,
        ),
        ({**ABOUT, "type": "tick", "time": {"call_time_ms": 1000}}, whole),
        ({**ABOUT, "type": "agent.joined", "call_time_ms": 1000}, whole),
    ],
    "collect_examples": [
        (delivered(CorrectionGiven(**ABOUT, record="a-1", number=1, occurred_at_ms=1)), whole),
        (delivered(TranscriptCompleted.of(**ABOUT, last_seq=4, at_ms=1)), whole),
    ],
    "sketch_call": [(delivered(TranscriptCompleted.of(**ABOUT, last_seq=4, at_ms=1)), whole)],
    "roll_releases": [
        (delivered(FeedbackGiven(**ABOUT, record="a-1", number=1, occurred_at_ms=1)), whole),
        ({}, whole),
    ],
    "erase_contact": [(delivered(ConsentWithdrawn(**ABOUT, record="consent", number=1, occurred_at_ms=1)), whole)],
    "follow_contact": [
        (stored("connected_to_agent.json"), whole),
        (stored("disconnected.json"), whole),
        ({"requestPayload": {**ABOUT, "generation": 1}, "responsePayload": {"errorMessage": "x"}}, whole),
        ({}, whole),  # the sweep
        (delivered(TranscriptCompleted.of(**ABOUT, last_seq=4, at_ms=1)), whole),
    ],
    "follow_gateway": [(sent_call(), whole)],
    "follow_siprec": [(stream_started(), whole), (stream_failed(), whole)],
    "index_conversations": [
        (delivered(UtteranceCommitted(**ABOUT, record="customer-1000", number=1, occurred_at_ms=1)), whole),
        (delivered(TranscriptCompleted.of(**ABOUT, last_seq=4, at_ms=1)), whole),
    ],
    "index_identities": [
        (delivered(ConversationStarted(**ABOUT, record="contact", number=1, occurred_at_ms=1)), whole)
    ],
    "ingest_agent_events": [(agent_event_of_a_call(), lens)],
    "ingest_contact_records": [(contact_record(A_CALL, 30), lens)],
    "ingest_contact_lens": [
        (lens(first_segment()), whole),
        (first_segment(), lens),
        (segment_of("contact_lens_chat_segments.jsonl", 4), lens),
    ],
    "orchestrate_utterance": [({**ABOUT, "utterance": UTTERANCE, "stamps": {"received": 1.0}}, whole)],
    "record_history": [(delivered(TranscriptCompleted.of(**ABOUT, last_seq=4, at_ms=1)), whole)],
    "route_inference": [(CALL, whole), ({"compare": {"calls": [CALL], "results": [RESULT]}}, whole)],
    "look_up_customer": [(ABOUT, whole)],
    "run_erasure": [({}, whole), ({"tenant": "harbour_bank"}, whole)],
    "serve_agent": [
        (asks("Query.contact", contactId=CONTACT), whole),
        (asks("Query.ask", contactId=CONTACT, question="what now"), whole),
        (asks("Query.conversations", filter={"agents": ["emma"]}, first=5), whole),
        (asks("Query.search", text="what now", filter={"teams": ["service"]}), whole),
        (asks("Query.askFigures", question="AHT by team"), whole),
        (asks("Query.figure", form=A_FORM), whole),
        (asks("Mutation.rate", contactId=CONTACT, annotationId="a", rating="USEFUL", reason="fine"), whole),
    ],
    "alert_on_moment": [(delivered(MomentNoticed(**ABOUT, record="a1", number=1, occurred_at_ms=1)), whole)],
    "evaluate_alerts": [({}, whole), ({"time": 1}, whole)],
    "deliver_webhooks": [
        (delivered(TranscriptCompleted.of(**ABOUT, last_seq=4, at_ms=1)), whole),
        ({}, whole),
    ],
    "serve_api": [
        (http("GET", "/v1/contacts/c1/transcript", query="limit=5"), whole),
        (http("POST", "/v1/search", body={"text": "what now", "teams": ["service"]}), whole),
        (http("PUT", "/v1/contacts/c1/disposition", body={"code": "saved"}), whole),
    ],
    "serve_connection": [(gateway("MESSAGE", ASK), whole), (ASK, partial(gateway, "MESSAGE"))],
    "start_after_call": [(delivered(TranscriptCompleted.of(**ABOUT, last_seq=4, at_ms=1)), whole)],
    "start_guidance": [(stored("contact_flow_event.json"), whole)],
    "file_facts": [(delivered(TranscriptCompleted.of(**ABOUT, last_seq=4, at_ms=1)), whole)],
    "answer_metric": [
        ({"claims": CLAIMS, "ask": "figure", "form": A_FORM}, whole),
        ({"claims": CLAIMS, "ask": "question", "question": "AHT", "before": A_FORM}, whole),
        ({"claims": CLAIMS | {"role": "supervisor"}, "ask": "conversations", "form": A_FORM, "first": 5}, whole),
    ],
    "write_facts": [({}, whole), ({"time": 1}, whole)],
    "file_disposition": [
        (delivered(DispositionChosen(**ABOUT, record="card_replaced", number=1, occurred_at_ms=1)), whole)
    ],
    "file_conversation": [
        (ABOUT, whole),
        ({}, whole),
        (delivered(PersonChosen(**ABOUT, record="crm", number=1, occurred_at_ms=1)), whole),
    ],
    "suggest_disposition": [(ABOUT, whole)],
    "evaluate_conversation": [(ABOUT, whole)],
    "redact_recording": [(ABOUT, whole)],
    "guard_recording": [({**ABOUT, "action": "suspend", "ordered_at_ms": 1}, whole), ({}, whole)],
    "erase_recordings": [
        (delivered(ConversationErased(**ABOUT, record="conversation", number=1, occurred_at_ms=1)), whole)
    ],
    "summarise_call": [(ABOUT, whole)],
    "synchronise_directory": [({"tenant": "harbour_bank", "instance": "i-1", "goes_on": False}, whole)],
    "track_after_call": [
        ({**ABOUT, "steps": ["summarise_call"]}, whole),
        ({**ABOUT, "step": "summarise_call", "outcome": "done"}, whole),
    ],
    "start_import": [(object_put(), whole)],
    "open_import": [(AN_IMPORT, whole), (AN_IMPORT | {"close": True}, whole)],
    "import_conversations": [({"tenant": "harbour_bank", "import_id": AN_IMPORT["import_id"], "page": 0}, whole)],
    "start_workflows": [
        (delivered(SummaryReady(**ABOUT, record="summary", number=1, occurred_at_ms=1)), whole),
        (delivered(WorkflowStarted.of(**ABOUT, run="wf_1", version=1, at_ms=1)), whole),
        (delivered(WorkflowDecided.of(**ABOUT, run="wf_1", version=2, at_ms=1)), whole),
    ],
    "advance_workflow": [
        ({**ABOUT, "run_id": "wf_1"}, whole),
        ({**ABOUT, "run_id": "wf_1", "token": "AAAA"}, whole),
        ({**ABOUT, "run_id": "wf_1", "gave_up": True}, whole),
    ],
    "request_review": [(ABOUT, whole)],
    "track_review": [({**ABOUT, "token": "AAAA"}, whole), ({**ABOUT, "outcome": "accepted"}, whole)],
    "write_handover_note": [(delivered(TranscriptCompleted.of(**ABOUT, last_seq=4, at_ms=1)), whole)],
    "track_connection": [(gateway("CONNECT"), whole), (gateway("DISCONNECT"), whole)],
    "transcribe_call": [({**ABOUT, "contact_id": "nobody", "generation": 1, "revivals": 0}, whole)],
}


def planted(event: Any) -> Iterator[Any]:
    """The event with each of its values replaced by each plant, and with a field that nobody knows in each map."""
    yield from PLANTS
    for plant in PLANTS[::2]:
        yield from _planted(event, plant)


def _planted(part: Any, plant: Any) -> Iterator[Any]:
    entries: Any = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in entries:
        if key in COUNTED_BY and isinstance(plant, str):
            continue
        for changed in (plant, *_planted(value, plant)):
            yield {**part, key: changed} if isinstance(part, dict) else [*part[:key], changed, *part[key + 1 :]]
    if isinstance(part, dict):
        yield {**part, SECRET: plant}
        yield {SECRET if at == 0 else key: value for at, (key, value) in enumerate(part.items())}


class Overheard(logging.Handler):
    """Every record of every logger, as each formatter would write it, with all that was given along."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        chain = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        self.lines.append(f"{record.getMessage()} {record.__dict__} {chain}")

    def listen(self) -> None:
        for logger in (logging.getLogger(), *map(logging.getLogger, list(logging.Logger.manager.loggerDict))):
            if self not in logger.handlers and not logger.name.startswith(("botocore", "moto", "urllib3", "boto3")):
                logger.addHandler(self)

    def stop(self) -> None:
        for logger in (logging.getLogger(), *map(logging.getLogger, list(logging.Logger.manager.loggerDict))):
            logger.removeHandler(self)


@dataclass(frozen=True)
class Cell:
    """The tables and a book in an account of its own, and nobody behind any address. ``file``: of metrics."""

    file: Path
    sotto: Sotto

    def written(self) -> str:
        return self.file.read_text() if self.file.exists() else ""


@pytest.fixture(scope="module")
def cell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cell]:
    file = tmp_path_factory.mktemp("metrics") / "metrics.jsonl"
    environment_of_functions = records_environment() | {
        "AWS_REGION": "us-east-1",
        "SOTTO_GRAPHQL_URL": "http://127.0.0.1:9/graphql",
        "SOTTO_WEBSOCKET_URL": "http://127.0.0.1:9",
        "SOTTO_OIDC_ISSUER": "http://127.0.0.1:9",
        "SOTTO_OIDC_TENANTS": "harbour_bank",
        "SOTTO_GUIDE_UTTERANCE_ARN": "arn:aws:states:us-east-1:111122223333:stateMachine:guide",
        "SOTTO_AFTER_CALL_ARN": "arn:aws:states:us-east-1:111122223333:stateMachine:after",
        "SOTTO_RUN_WORKFLOW_ARN": "arn:aws:states:us-east-1:111122223333:stateMachine:workflows",
        "SOTTO_REVIEW_ARN": "arn:aws:states:us-east-1:111122223333:stateMachine:review",
        "SOTTO_IMPORT_CONVERSATIONS_ARN": "arn:aws:states:us-east-1:111122223333:stateMachine:imports",
        "SOTTO_IMPORT_SOURCES": json.dumps(
            [{"tenant": "harbour_bank", "name": "archive", "bucket": "archive", "prefix": "calls/"}]
        ),
        "SOTTO_METRICS_FILE": str(file),
        "POWERTOOLS_LOG_LEVEL": "DEBUG",
    }
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
            environment.delenv(name, raising=False)
        session = SharedSession(aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1")
        environment_of_functions |= create_keys(["harbour_bank"], session.client("kms"))
        environment_of_functions |= create_topics(["harbour_bank"], session.client("sns"))
        sotto = Sotto.of(environment_of_functions, session=session, pause=lambda ms: None)
        for table in all_resources().tables:
            _create(table, sotto)
        for bucket in all_resources().buckets:
            sotto.client("s3").create_bucket(Bucket=bucket)
        sotto.books.publish(book_from(ROOT / "tenants" / "harbour_bank"))
        yield Cell(file, sotto)


def _create(table: TableSpec, sotto: Sotto) -> None:
    sotto.client("dynamodb").create_table(
        TableName=table.name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
    )


def outcome(handler: Callable[[Any, Any], Any], event: Any) -> str:
    """The text of what it raised, with all that Python or Lambda would print of it."""
    try:
        handler(json.loads(json.dumps(event)), None)
    except Exception as error:
        chain = "".join(traceback.format_exception(error))
        return f"{error!r} {error.args} {chain}"
    return ""


def all_folders() -> list[str]:
    return sorted(each.name for each in pkgutil.iter_modules(functions.__path__) if each.ispkg)


def test_no_function_is_forgotten() -> None:
    assert sorted(EVENTS) == all_folders()


@pytest.mark.parametrize("name", all_folders())
def test_a_sentence_in_an_event_is_in_no_output(name: str, cell: Cell, capfd: pytest.CaptureFixture[str]) -> None:
    handler = importlib.import_module(f"functions.{name}.handler").handler.within(cell.sotto)
    overheard, raised = Overheard(), []
    outcome(handler, EVENTS[name][0][1](EVENTS[name][0][0]))  # loggers are made at the first invocation
    overheard.listen()
    begun = len(cell.written())
    try:
        for event, wrapped in EVENTS[name]:
            for changed in planted(event):
                raised.append(outcome(handler, wrapped(changed)))
    finally:
        overheard.stop()
    printed = capfd.readouterr()
    metrics = cell.written()[begun:]
    assert len(raised) > 10
    for output in (*raised, *overheard.lines, printed.out, printed.err, metrics):
        assert SECRET not in output


def test_what_a_contact_flow_reads_back_quotes_nothing(cell: Cell) -> None:
    from functions.start_guidance.handler import handler

    for event in planted(stored("contact_flow_event.json")):
        assert SECRET not in json.dumps(handler.within(cell.sotto)(event, None))


def everything(package: ModuleType) -> Iterator[tuple[str, Any]]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        module = importlib.import_module(found.name)
        yield from ((f"{found.name}.{name}", value) for name, value in vars(module).items())


def quoted(validate: Callable[[Any], Any]) -> str:
    """What it says of each of two inputs that are wrong in different ways."""
    said = ""
    for wrong in ({"text": {SECRET: SECRET}}, [SECRET]):
        try:
            validate(wrong)
        except ValidationError as error:
            said += "".join(line for line in str(error).splitlines() if "input_value" in line)
    return said


@pytest.mark.parametrize("package", [sotto, functions], ids=["sotto", "functions"])
def test_nothing_that_is_validated_is_quoted(package: ModuleType) -> None:
    found = dict(everything(package))
    adapters = {name: each.validate_python for name, each in found.items() if isinstance(each, TypeAdapter)}
    models = {
        name: each.model_validate
        for name, each in found.items()
        if isinstance(each, type) and issubclass(each, BaseModel) and each is not BaseModel
    }
    assert len(adapters | models) > 3
    assert [name for name, validate in (adapters | models).items() if quoted(validate)] == []


def test_a_refusal_names_the_fields_that_are_wrong() -> None:
    wrong = {**CALL, "utterance": {**UTTERANCE, "text": 7, SECRET: 1}, "node": {"id": "intent"}}
    with pytest.raises(MalformedEvent) as refused:
        read_event(TypeAdapter(NodeCall), wrong, "a NodeCall")
    found = str(refused.value)
    assert found.startswith(
        "the event is not a NodeCall: node.task: missing; node.model: missing; utterance.text: string"
    )


def test_an_error_that_nobody_foresaw_says_what_and_where() -> None:
    @entry_point(ANY)
    def handler(event: Any, context: Any, sotto: Sotto) -> None:
        int(event["text"])

    with pytest.raises(HandlerFailed, match=r"^ValueError in test_no_text_in_logs\.py:\d+$") as failed:
        handler.within(Sotto.of({"AWS_REGION": "us-east-1"}))({"text": SECRET}, None)
    assert SECRET not in "".join(traceback.format_exception(failed.value))
    assert "in handler" in "".join(traceback.format_tb(failed.value.__traceback__)), "the way there is kept"


def test_our_own_error_keeps_its_class_and_loses_what_it_was_raised_from() -> None:
    class StoreAway(Retryable):
        """Step Functions tries again by the name of the class."""

    @entry_point(ANY)
    def handler(event: Any, context: Any, sotto: Sotto) -> None:
        try:
            int(event["text"])
        except ValueError as error:
            raise StoreAway("the store is away") from error

    with pytest.raises(StoreAway, match="the store is away") as failed:
        handler.within(Sotto.of({"AWS_REGION": "us-east-1"}))({"text": SECRET}, None)
    assert SECRET not in "".join(traceback.format_exception(failed.value))


def test_an_answer_of_aws_is_known_by_its_code(cell: Cell) -> None:
    @entry_point(ANY)
    def handler(event: Any, context: Any, sotto: Sotto) -> None:
        sotto.client("dynamodb").get_item(TableName="no-such-table", Key={"pk": {"S": SECRET}, "sk": {"S": "x"}})

    with pytest.raises(HandlerFailed, match="ResourceNotFoundException at GetItem"):
        handler.within(cell.sotto)({}, None)
