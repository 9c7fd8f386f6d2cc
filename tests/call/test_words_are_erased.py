"""Call: a person's words are planted wherever a conversation can put text, and after the erasure they are nowhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from local.commands.call import caller_for
from local.played_call import CallPlan, played
from sotto.api.panel.conversations import AskedQuestion, Subject
from sotto.aws.sealed_table import MARK
from sotto.call.annotation import Annotation, AnnotationKind
from sotto.call.feedback import FeedbackAction, FeedbackEntry, Rating
from sotto.call.summary import Origin, SummaryLine, SummaryPart
from sotto.call.supervisor_note import SupervisorNote
from sotto.erasure.adapters.kms_signer import is_genuine
from sotto.erasure.ask import ask_erasure
from sotto.erasure.export import export_subject
from sotto.erasure.identity import IdentityKind, identity
from sotto.erasure.run import QUIET_MS, run_open
from sotto.media.wav import read_call
from sotto.scorecards.evaluation import Appeal
from sotto.wiring.sotto import Sotto
from tests.call.conftest import CALLS, SPEED, Stack
from tests.call.test_privacy_of_calls import texts_in
from tests.opened_items import opened

pytestmark = pytest.mark.call

CANARY = "zyzzogeton"
"""A leafhopper. In no text of ours, and no name that is redacted."""
CALL, BANK, CLERK = "a-call-of-canaries", "harbour_bank", "officer"
SECONDS = 45


class LaterClock:
    """The system's, and as much later as it was turned."""

    def __init__(self, stack: Stack) -> None:
        self._clock = stack.sotto.clock
        self.later_ms = 0.0

    def now_ms(self) -> float:
        return self._clock.now_ms() + self.later_ms

    def monotonic_ms(self) -> float:
        return self._clock.monotonic_ms()

    async def sleep_ms(self, duration_ms: float) -> None:
        await self._clock.sleep_ms(duration_ms)


@pytest.fixture(scope="module")
def clock(stack: Stack) -> LaterClock:
    return LaterClock(stack)


@pytest.fixture(scope="module")
def sotto(stack: Stack, clock: LaterClock) -> Sotto:
    """As run_erasure has it."""
    root = stack.sotto.root
    return Sotto.of(root.settings.environment, session=root.session, clock=clock)


@pytest.fixture(scope="module")
def call(stack: Stack, sotto: Sotto, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Played, and then written about by everybody who may."""
    file = tmp_path_factory.mktemp("canaries") / "call.transcript.jsonl"
    file.write_text(_transcript())
    book = stack.sotto.books[BANK]
    stack.sotto.transcript(CALL, file)
    audio = read_call(CALLS / "bank_cancel" / "call.wav")[: SECONDS * 8_000 * 4]
    plan = CallPlan(audio, caller_for(book, "liam"), BANK, SPEED)

    async def to_its_end() -> None:
        async for _ in played(plan, stack.sotto, CALL):
            pass

    stack.run(to_its_end())
    _write_about_it(sotto)


def _transcript() -> str:
    """The customer's words with a canary in each turn."""
    lines = []
    for line in (CALLS / "bank_cancel" / "call.transcript.jsonl").read_text().splitlines():
        said = json.loads(line)
        if said["end_ms"] > SECONDS * 1000:
            break
        word = said["words"][-1]
        word["text"] = f"{CANARY}."
        said["text"] = " ".join(each["text"] for each in said["words"])
        lines.append(json.dumps(said))
    return "\n".join(lines) + "\n"


def _write_about_it(sotto: Sotto) -> None:
    now_ms = int(sotto.clock.now_ms())
    sotto.notes.add(SupervisorNote(BANK, CALL, "note-canary", "sofia", "Sofia", "liam", CANARY, now_ms))
    sotto.questions.record(AskedQuestion(BANK, CALL, "liam", now_ms, Subject.CALL, f"who said {CANARY}", 1))
    sotto.feedback.record(
        FeedbackEntry(BANK, CALL, "a-1", "liam", FeedbackAction.RATED, now_ms, Rating.DOWN, f"not {CANARY}")
    )
    state = sotto.conversations.conversation(BANK, CALL)
    assert state is not None
    shown = Annotation(
        BANK, CALL, "a-1", 9_000, AnnotationKind.MOMENT, "canary", 1, None, 0.9, "high", {"title": CANARY}
    )
    later = replace(state, version=state.version + 1)
    sotto.conversations.save(BANK, CALL, later, [shown], expected_version=state.version)
    summary = sotto.summaries.summary(BANK, CALL)
    assert summary is not None, "the workflow after the call has made one"
    lines = (*summary.lines, SummaryLine(SummaryPart.OVERVIEW, f"as it was, {CANARY}"))
    sotto.summaries.edit(replace(summary, lines=lines, origin=Origin.EDITED, edited_by="liam"), before=summary)
    (form, *_) = [form.name for form in sotto.books.current(BANK).scorecards]
    (*_, filled) = sotto.evaluations.versions(BANK, CALL, form)
    reviewed = replace(filled, by="sofia", comment=f"listen to {CANARY}")
    stored = sotto.evaluations.append(reviewed, after=filled.version)
    sotto.evaluations.lodge(Appeal(BANK, CALL, form, stored.version, "liam", now_ms, (), f"because {CANARY}"))


def everything(stack: Stack, sotto: Sotto, *, with_keys: bool) -> Iterator[tuple[str, str]]:
    """(place, text) of all that the embedded AWS holds. ``with_keys``: what can be opened is."""
    client = stack.sotto.engineer
    dynamodb, streams = client("dynamodb"), client("dynamodbstreams")
    for table in dynamodb.list_tables()["TableNames"]:
        for page in dynamodb.get_paginator("scan").paginate(TableName=table):
            for item in opened(page["Items"], sotto.data_keys if with_keys else None):
                yield f"{table}/{item.get('sk', {}).get('S', '')}", _text(item)
        for stream in streams.list_streams(TableName=table)["Streams"]:
            shards = streams.describe_stream(StreamArn=stream["StreamArn"])["StreamDescription"]["Shards"]
            for shard in shards:
                at = streams.get_shard_iterator(
                    StreamArn=stream["StreamArn"], ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
                )["ShardIterator"]
                for record in streams.get_records(ShardIterator=at)["Records"]:
                    yield f"stream of {table}", _text(record["dynamodb"].get("NewImage", {}))
    s3 = client("s3")
    for bucket in (each["Name"] for each in s3.list_buckets()["Buckets"]):
        for version in s3.list_object_versions(Bucket=bucket).get("Versions", []):
            if version["Key"].endswith(".json"):
                body = s3.get_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])["Body"].read()
                yield f"s3://{bucket}/{version['Key']}", body.decode()
    sqs = client("sqs")
    for url in sqs.list_queues().get("QueueUrls", []):
        for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            yield url, message["Body"]
    machines = client("stepfunctions")
    for machine in machines.list_state_machines()["stateMachines"]:
        for execution in machines.list_executions(stateMachineArn=machine["stateMachineArn"])["executions"]:
            arn = execution["executionArn"]
            history = machines.get_execution_history(executionArn=arn)["events"]
            yield f"execution of {machine['name']}", json.dumps(history, default=str)


def _text(item: dict[str, Any]) -> str:
    return " ".join(each for each in texts_in(_without_sealed(item)))


def _without_sealed(item: dict[str, Any]) -> dict[str, Any]:
    """What nobody can open is no text: what it begins with says so."""
    body = item.get("body", {}).get("B", b"")
    return {name: value for name, value in item.items() if name != "body" or not body.startswith(MARK)}


def places(stack: Stack, sotto: Sotto, *, with_keys: bool = True) -> set[str]:
    found = everything(stack, sotto, with_keys=with_keys)
    return {place.partition("#")[0] for place, text in found if CANARY in text.lower()}


def test_canaries_are_planted_everywhere_sealed_exported_and_then_gone(
    stack: Stack, sotto: Sotto, clock: LaterClock, call: None, logged: Path
) -> None:
    planted = places(stack, sotto)
    kinds = ("utterance", "annotation", "risk", "note", "question", "feedback", "summary", "evaluation", "appeal")
    assert {f"sotto-contacts/{kind}" for kind in kinds} <= planted, "or this test shows nothing"
    assert places(stack, sotto, with_keys=False) == set(), "nothing is readable without a key, nor on its way"

    person = identity(IdentityKind.CONTACT, CALL)
    handed_over = json.dumps(export_subject(BANK, person, who=CLERK, ports=sotto.export_ports))
    assert handed_over.count(CANARY) > 8 and f'"who": "{CLERK}"' in handed_over

    request = ask_erasure(BANK, person, who=CLERK, ports=sotto.ask_ports)
    run_open(BANK, sotto.run_erasure_ports)
    clock.later_ms += QUIET_MS
    run_open(BANK, sotto.run_erasure_ports)
    assert places(stack, stack.sotto.root) == places(stack, sotto) == set()
    for file in (logged, stack.options.metrics_file):
        assert CANARY not in file.read_text(encoding="utf-8", errors="replace").lower()

    certificate = sotto.erasure_requests.certificate(BANK, request.id)
    assert certificate is not None and certificate.remaining == 0
    assert is_genuine(certificate, sotto.certificate_signer.public_key())
    left = [item["sk"] for item in sotto.contact_table[0].stored(f"{BANK}#{CALL}")]
    kept = ("contact", "lease", "facts", "consent#", "event#", "erasure#")
    assert left and all(sk.startswith(kept) for sk in left), "the scan says what the certificate says"
