"""Call: what functions and shard write while the sample calls are played, judged as CloudWatch would judge it.

The rules are those of the format's specification:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from functions.specs import function_specs
from sotto.call.after_call_work import StepOutcome
from sotto.contacts.directory import Condition
from sotto.core.metrics.measure import MEASURES
from sotto.core.metrics.stages import ALL
from sotto.recordings.record import Why
from tests.call.conftest import CALLS, Played, Stack, cases
from tests.emitted import EMITTED, emitted_by

pytestmark = pytest.mark.call

UNITS = (
    "Seconds Microseconds Milliseconds Bytes Kilobytes Megabytes Gigabytes Terabytes Bits Kilobits Megabits Gigabits "
    "Terabits Percent Count Bytes/Second Kilobytes/Second Megabytes/Second Gigabytes/Second Terabytes/Second "
    "Bits/Second Kilobits/Second Megabits/Second Gigabits/Second Terabits/Second Count/Second None"
).split()
MOST_BYTES = 1024 * 1024
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["_aws"],
    "properties": {
        "_aws": {
            "type": "object",
            "required": ["Timestamp", "CloudWatchMetrics"],
            "properties": {
                "Timestamp": {"type": "integer", "minimum": 0},
                "CloudWatchMetrics": {
                    "type": "array",
                    "minItems": 1,
                    "items": {
                        "type": "object",
                        "required": ["Namespace", "Dimensions", "Metrics"],
                        "properties": {
                            "Namespace": {"type": "string", "minLength": 1, "maxLength": 1024},
                            "Dimensions": {
                                "type": "array",
                                "minItems": 1,
                                "items": {
                                    "type": "array",
                                    "maxItems": 30,
                                    "items": {"type": "string", "minLength": 1, "maxLength": 250},
                                },
                            },
                            "Metrics": {
                                "type": "array",
                                "maxItems": 100,
                                "items": {
                                    "type": "object",
                                    "required": ["Name"],
                                    "properties": {
                                        "Name": {"type": "string", "minLength": 1, "maxLength": 1024},
                                        "Unit": {"enum": UNITS},
                                        "StorageResolution": {"enum": [1, 60]},
                                    },
                                    "additionalProperties": False,
                                },
                            },
                        },
                        "additionalProperties": False,
                    },
                },
            },
        }
    },
}
VALUE = {"anyOf": [{"type": "number"}, {"type": "array", "maxItems": 100, "items": {"type": "number"}}]}
"""A metric's target member; a dimension's is a string of 1 to 1,024 characters."""


@pytest.fixture(scope="module")
def lines(sample_calls: dict[tuple[str, str], Played], stack: Stack) -> list[str]:
    return stack.metrics()


def members(line: dict[str, Any]) -> Iterator[tuple[set[str], list[list[str]]]]:
    for directive in line["_aws"]["CloudWatchMetrics"]:
        yield {metric["Name"] for metric in directive["Metrics"]}, directive["Dimensions"]


def test_every_line_is_what_cloudwatch_reads(lines: list[str]) -> None:
    format_, value = Draft202012Validator(SCHEMA), Draft202012Validator(VALUE)
    assert len(lines) > 100
    for text in lines:
        line = json.loads(text)
        assert len(text.encode()) < MOST_BYTES
        assert not [error.message for error in format_.iter_errors(line)]
        for names, sets in members(line):
            assert not [name for name in names if not value.is_valid(line[name])]
            for dimension in {each for one in sets for each in one}:
                assert isinstance(line[dimension], str) and 0 < len(line[dimension]) <= 1024
                assert line[dimension].isascii() and line[dimension].strip()


def test_times_can_be_read_by_percentile(lines: list[str]) -> None:
    several = [line for line in map(json.loads, lines) if isinstance(line.get("ChunkDelay"), list)]
    assert several and all(len(line["ChunkDelay"]) <= 100 for line in several)


def test_every_metric_is_in_the_catalogue_under_its_dimensions(lines: list[str]) -> None:
    for metric, dimensions in emitted_by(lines):
        measure = MEASURES[metric]
        assert list(dimensions) in measure.dimension_sets(of_tenant=True)


def test_the_worker_writes_metrics_while_the_call_goes_on(lines: list[str]) -> None:
    """Not only at its end: calls last for minutes, and alarms wait for none of them."""
    ended = [at for at, text in enumerate(lines) if '"WorkersEnded"' in text]
    delays = [at for at, text in enumerate(lines) if '"ChunkDelay":' in text]
    assert len([at for at in delays if at < ended[-1]]) > len(cases())


def test_every_stage_and_every_model_of_the_call_is_measured(lines: list[str]) -> None:
    found = [json.loads(text) for text in lines]
    assert {line["stage"] for line in found if "stage" in line} == set(ALL)
    assert {line["model"] for line in found if "model" in line} >= {"intent", "entities", "sentiment", "behaviours"}
    assert {line["tenant"] for line in found if "tenant" in line} >= {"harbour_bank", "torque_garage"}


def test_utterances_annotations_and_redactions_are_counted_as_the_panel_saw_them(
    lines: list[str], sample_calls: dict[tuple[str, str], Played], stack: Stack
) -> None:
    """Others may have had calls on the same stack before."""
    lines = lines[stack.of_sample_calls]
    published = sum(len({each["id"] for each in played.of("utterance")}) for played in sample_calls.values())
    assert total(lines, "Utterances") == published
    shown = sum(len({each["id"] for each in played.of("annotation")}) for played in sample_calls.values())
    assert shown <= total(lines, "Annotations")
    assert total(lines, "Redactions") >= 5


def total(lines: list[str], metric: str) -> float:
    values = [line[metric] for line in map(json.loads, lines) if metric in line]
    return sum(sum(value) if isinstance(value, list) else value for value in values)


def test_no_metric_holds_who_called_or_what_was_said(
    lines: list[str], sample_calls: dict[tuple[str, str], Played], stack: Stack
) -> None:
    """Words of the calls, agents and contacts are looked for in every string. Names of metrics, stages, models and
    kinds are words too: those of the catalogue and the tenants' books are known."""
    known = set(re.findall(r"[a-z]+", " ".join(written_by_us(stack)).lower()))
    spoken = {
        word
        for script in CALLS.glob("*/call.transcript.jsonl")
        for line in script.read_text().splitlines()
        for word in re.findall(r"[a-z]{4,}|\d{2,}", json.loads(line)["text"].lower())
    }
    agents = {agent for book in stack.sotto.books.values() for t in book.settings.teams.values() for agent in t.agents}
    assert len(spoken - known) > 100
    for text in lines:
        strings = [value for value in json.loads(text).values() if isinstance(value, str)]
        words = set(re.findall(r"[a-z]+|\d{2,}", " ".join(strings).lower()))
        assert not words & (spoken - known)
        assert not set(strings) & agents
        assert not any(played.contact_id in text for played in sample_calls.values())


def written_by_us(stack: Stack) -> Iterator[str]:
    """What dimensions may hold: words of our code and of the tenants' books, none of a call."""
    yield from Condition
    yield from MEASURES
    yield from ALL
    yield "embedded transcript customer agent ok failed degraded skipped fenced unfinished live burst"
    yield "finished superseded not needed refused allowed awaiting started unavailable moment action"
    yield "publish guidance health orchestrate utterance deliver annotations sts dynamodb"
    yield from (spec.name.replace("_", " ") for spec in function_specs())
    yield from StepOutcome
    yield "redacted suspended resumed overdue"
    yield from (each.value.replace("-", " ") for each in Why)
    yield "card number expiry security code date of birth phone email account name address postcode spelled pin"
    for book in stack.sotto.books.values():
        yield book.tenant
        yield from book.models


def test_the_dashboards_test_knows_what_is_emitted(lines: list[str], stack: Stack) -> None:
    """tests/emitted.txt is what dashboards and alarms are compared with; ``SOTTO_WRITE_SNAPSHOTS=1`` writes it."""
    # A panel is refused only where other tests on this stack have asked for what is not theirs.
    seen = {each for each in (*emitted_by(lines), *emitted_by(stack.shard_lines())) if each[0] != "RequestsRefused"}
    EMITTED.check(seen)
