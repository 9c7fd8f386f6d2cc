"""Hostile: a call that was not heard, or not guided, says so and why; nobody has to read a log to find out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from local.aws.lambda_runtime import LambdaRuntime
from local.aws.lambda_sandbox import Answer
from local.call_failures import CallFailed, call_failures, failure_line
from local.commands.call import caller_for
from local.commands.call_display import CallDisplay
from local.commands.sotto import report
from local.ended_functions import Ended, EndedFunctions
from local.faults import Fault
from local.options import Options
from local.played_call import CallPlan, played
from sotto.call.contact import Speaker
from sotto.call.language import EVERY_LANGUAGE
from sotto.call.utterance import Utterance
from sotto.core.function_spec import FunctionSpec
from sotto.graph.node import Node, NodeCall, NodeResult, NodeStatus
from sotto.inference.answer_node import NodeAnswered
from sotto.recognition.adapters.transcript import TranscriptRecogniser
from sotto.recognition.recogniser import RecogniserStream, Session
from tests.call.conftest import Stack

SECONDS = 3
SPOKEN = (b"\x01\x02" * 100 + b"\x00\x00" * 60) * (SECONDS * 100)
POISON = "poison"


class DyingRecogniser:
    """Ends the worker of every contact whose id says so."""

    name = "dying"
    languages = EVERY_LANGUAGE

    def __init__(self, silence: Path) -> None:
        self._others = TranscriptRecogniser(lambda contact_id: silence)

    def open(self, session: Session) -> AbstractAsyncContextManager[RecogniserStream]:
        if session.contact_id.startswith(POISON):
            raise IndexError("my card is 4111 1111 1111 1111")
        return self._others.open(session)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "silence.jsonl").write_text("")
    provider = DyingRecogniser(folder / "silence.jsonl")
    running = Stack(Options(recogniser="transcript", provider=provider, speed=0.0, metrics=folder / "metrics.jsonl"))
    yield running
    running.close()


def summary_of(stack: Stack, contact_id: str, *faults: Fault) -> dict[str, Any]:
    book = next(iter(stack.sotto.books.values()))
    plan = CallPlan(SPOKEN, caller_for(book, None), book.tenant, 0.0, faults)

    async def last() -> dict[str, Any]:
        return [event async for event in played(plan, stack.sotto, contact_id)][-1]

    found: dict[str, Any] = stack.run(last())
    return found


def test_a_worker_that_dies_fails_the_call_with_samples_and_reason(stack: Stack) -> None:
    failures = summary_of(stack, f"{POISON}-1")["failures"]
    assert failures[0] == "24,000 of 24,000 samples of customer and agent were lost"
    assert failures[1].startswith("the audio worker died 3 times (HandlerFailed: IndexError in test_failed_")
    assert "4111" not in failure_line(failures)


def test_a_call_that_was_transcribed_has_no_failures(stack: Stack) -> None:
    assert summary_of(stack, "fine")["failures"] == []


def test_a_fault_later_than_the_call_ends_with_the_call(stack: Stack) -> None:
    summary = summary_of(stack, "short", Fault("kvs-drop", 100_000.0))
    assert summary["faults_left_out"] == ["kvs-drop"] and summary["faults"] == []


NOTHING_LOST = {"utterances": 0, "annotations": 0}
ALL_RECEIVED = {speaker: {"source": 24_000, "lost": 0} for speaker in ("customer", "agent")}


def ended(*invocations: tuple[str, dict[str, Any], bool]) -> Ended:
    """Of contact c-1: function, answer, whether it is an error."""
    observer = EndedFunctions()
    for name, answer, failed in invocations:
        event = {"contact_id": "c-1"} if name == "transcribe_call" else {"utterance": {"contact_id": "c-1"}}
        reported = Answer(json.dumps(answer).encode(), "request", "Unhandled" if failed else None)
        observer(name, json.dumps(event).encode(), reported)
    return observer.of("c-1")


@pytest.mark.parametrize(
    ("invocation", "said"),
    [
        (("transcribe_call", {"errorType": "KeyError", "errorMessage": "'4111'"}, True), "died once (KeyError)"),
        (
            ("transcribe_call", {"errorType": "MediaRefused", "errorMessage": "no such stream"}, True),
            "the audio worker died once (MediaRefused: no such stream)",
        ),
        (
            ("transcribe_call", {"errorType": "Sandbox.Timedout", "errorMessage": "Task timed out"}, True),
            "the audio worker died once (Sandbox.Timedout: Task timed out)",
        ),
        (("orchestrate_utterance", {"errorType": "KeyError"}, True), "guidance failed once (KeyError)"),
        (("route_inference", {"errorType": "KeyError"}, True), "1 of 1 model answers are missing (KeyError)"),
    ],
)
def test_each_way_of_failing_is_one_sentence_with_its_reason(
    invocation: tuple[str, dict[str, Any], bool], said: str
) -> None:
    (failure,) = call_failures(ALL_RECEIVED, NOTHING_LOST, ended(invocation))
    assert failure.endswith(said)


@pytest.mark.parametrize(("status", "missing"), [(NodeStatus.DEGRADED, 1), (NodeStatus.OK, 0)])
def test_a_model_that_does_not_answer_is_missed_wherever_it_was_asked(status: NodeStatus, missing: int) -> None:
    observer = EndedFunctions()
    utterance = Utterance("t", "c-1", "u1", 1, Speaker.CUSTOMER, 0, 1_000, "hello")
    result = NodeResult("intent", "intent", status, reason="ModelUnavailable")
    observer.node_answered(NodeAnswered(NodeCall(Node("intent", "intent", "intent"), utterance), result))
    failures = call_failures(ALL_RECEIVED, NOTHING_LOST, observer.of("c-1"))
    expected = "guidance was unavailable: 1 of 1 model answers are missing (ModelUnavailable)"
    assert failures == [expected] * missing


def test_what_is_tried_again_or_was_killed_on_purpose_is_no_failure() -> None:
    busy = ("deliver_annotations", {"errorType": "ConversationBusy"}, True)
    killed = ("transcribe_call", {"errorType": "Runtime.ExitError", "errorMessage": "signal: killed"}, True)
    answered = ("route_inference", {"status": "ok", "output": {}}, False)
    assert call_failures(ALL_RECEIVED, NOTHING_LOST, ended(busy, killed, answered)) == []


def test_what_never_reached_the_panel_is_a_failure() -> None:
    assert call_failures(ALL_RECEIVED, {"utterances": 2, "annotations": 0}, Ended()) == [
        "2 utterances never reached the panel"
    ]


def test_a_failed_call_ends_the_command_with_1_and_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    failures = call_failures({"agent": {"source": 24_000, "lost": 7}}, NOTHING_LOST, Ended())
    assert report(CallFailed(failure_line(failures))) == 1
    assert capsys.readouterr().err == (
        "sotto: the call failed: 7 of 24,000 samples of the agent were lost (log: .sotto/sotto.log)\n"
    )


def test_the_summary_line_says_that_the_call_failed(capsys: pytest.CaptureFixture[str]) -> None:
    summary = {"type": "summary", "utterances": 0, "annotations": 0, "handovers": 0, "samples": {}}
    measured = {"latency_ms": {"p50": None}, "faults_left_out": ["kvs-drop"], "handovers_unfinished": 2}
    with CallDisplay(1_000) as display:
        display.show({**summary, **measured, "failures": ["lost"]})
    shown = capsys.readouterr().out
    assert "0 handovers; the call failed" in shown
    assert "kvs-drop was left out: the call had ended before" in shown
    assert "handovers begun and not finished: 2 (the recogniser did not catch up" in shown


def test_successors_that_never_caught_up_are_counted() -> None:
    def ran(generation: int, how: str) -> tuple[str, dict[str, Any], bool]:
        return "transcribe_call", {"how": how, "generation": generation, "utterances": 0}, False

    in_time = ended(ran(1, "superseded"), ran(2, "finished"))
    too_slow = ended(ran(2, "superseded"), ran(1, "finished"), ran(2, "superseded"))
    assert (in_time.unfinished_handovers, too_slow.unfinished_handovers) == (0, 2)


def test_a_function_that_waits_for_its_next_try_keeps_the_stack_busy() -> None:
    runtime = LambdaRuntime(retry_delays_s=(0.2,))
    tries: list[int] = []

    def fails_once(event: Any, context: Any) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise KeyError

    runtime.register(FunctionSpec("subject", "none", 5), fails_once)
    runtime.invoke_async("subject")
    while runtime.busy():
        pass
    runtime.stop()
    assert len(tries) == 2
