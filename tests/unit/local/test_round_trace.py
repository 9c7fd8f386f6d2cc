"""Unit: whose the time of a round is, and what records it."""

from __future__ import annotations

import threading

import pytest

from benchmarks.round_trace import (
    BETWEEN,
    CLIENT,
    EMULATION,
    MACHINE,
    OURS,
    SHARD,
    Round,
    draw,
    shares,
    summary,
    table,
    typical,
)
from local.spans import ProcessorTime, Span, SpanKind, Spans, group_of

ROUND = Round(1000, 1100, {"redact": 5.0, "store": 10.0})


def span(kind: SpanKind, name: str, began_ms: float, ended_ms: float, function: str = "route_inference") -> Span:
    return Span(kind, name, function, began_ms, ended_ms)


def test_the_innermost_thing_that_goes_on_has_the_moment() -> None:
    spans = [
        span(SpanKind.FUNCTION, "route_inference", 1030, 1080),
        span(SpanKind.REQUEST, "sagemaker-runtime InvokeEndpoint", 1040, 1070),
        span(SpanKind.SERVED, "/endpoints/shard/invocations", 1045, 1065),
        span(SpanKind.SHARD, "shard", 1050, 1060),
    ]
    assert shares(ROUND, spans) == {OURS: 35, CLIENT: 10, EMULATION: 10, SHARD: 10, MACHINE: 0, BETWEEN: 35}


def test_the_state_machine_has_what_lies_between_its_start_and_its_last_delivery() -> None:
    spans = [
        span(SpanKind.REQUEST, "sfn StartExecution", 1020, 1030, "orchestrate_utterance"),
        span(SpanKind.FUNCTION, "route_inference", 1040, 1060),
        span(SpanKind.FUNCTION, "deliver_annotations", 1070, 1090, "deliver_annotations"),
    ]
    found = shares(ROUND, spans)
    assert found[MACHINE] == 20
    assert sum(found.values()) == ROUND.took_ms


def test_who_watches_the_call_and_the_workers_own_handler_are_no_part_of_it() -> None:
    spans = [
        span(SpanKind.REQUEST, "dynamodb GetItem", 1020, 1090, "asyncio"),
        span(SpanKind.SERVED, "GetItem", 1021, 1089, ""),
        span(SpanKind.FUNCTION, "transcribe_call", 0, 5000, "transcribe_call"),
    ]
    assert shares(ROUND, spans)[BETWEEN] == 85


def test_what_a_round_costs_is_counted_for_each_start_of_one() -> None:
    spans = [
        span(SpanKind.FUNCTION, "orchestrate_utterance", 1, 2, "orchestrate_utterance"),
        span(SpanKind.FUNCTION, "orchestrate_utterance", 3, 4, "orchestrate_utterance"),
        *(span(SpanKind.REQUEST, "sagemaker-runtime InvokeEndpoint", at, at + 1) for at in range(6)),
    ]
    found = table([ROUND], spans)
    assert found["rounds"] == 2
    assert found["requests_a_round"] == {"sagemaker-runtime InvokeEndpoint": 3.0}
    assert "also on AWS: 15.0 of 100.0 ms" in summary(found)


def test_the_typical_round_is_the_median_one(tmp_path) -> None:
    rounds = [Round(0, took_ms, {}) for took_ms in (900, 40, 80)]
    assert typical(rounds) == rounds[2]
    assert typical([]) is None
    draw(rounds[2], [span(SpanKind.SHARD, "shard", 20, 40)], tmp_path / "round.svg", title="One")
    assert "shard" in (tmp_path / "round.svg").read_text()


def test_a_span_knows_in_whose_invocation_it_is() -> None:
    spans = Spans()
    deliver = spans.span(SpanKind.FUNCTION, "deliver_annotations", function="deliver_annotations")
    with deliver, spans.span(SpanKind.REQUEST, "inner"):
        pass
    with spans.span(SpanKind.REQUEST, "outside"):
        pass
    owners = [(each.name, each.function) for each in spans.recorded]
    assert owners == [
        ("inner", "deliver_annotations"), ("deliver_annotations", "deliver_annotations"), ("outside", "MainThread"),
    ]  # fmt: skip


def test_processor_time_of_threads_that_have_ended_counts() -> None:
    def busy() -> None:
        sum(number * number for number in range(200_000))

    with ProcessorTime() as processor:
        thread = threading.Thread(target=busy, name="busy-7")
        thread.start()
        thread.join()
        assert processor.by_thread()["busy"] > 0


@pytest.mark.parametrize(
    ("name", "group"), [("lambda-sandbox-12", "lambda-sandbox"), ("Thread-3 (run)", "Thread (run)"), ("moto_1", "moto")]
)
def test_threads_are_grouped_by_their_name(name: str, group: str) -> None:
    assert group_of(name) == group
