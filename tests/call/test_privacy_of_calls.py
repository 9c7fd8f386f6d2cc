"""Call: what is private is nowhere. Numbers spoken in the sample calls are looked for in everything that was kept."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.call.conftest import Played, Stack
from tests.opened_items import opened

pytestmark = pytest.mark.call

PLANTED = {
    "card number": ("4111111111111111", "four one one one", "one one one one"),
    "expiry": ("zero eight twenty eight", "08/28", "0828"),
    "security code": ("seven three two", "732"),
    "date of birth": ("march the twelfth", "nineteen eighty four", "july the fourth", "nineteen seventy five"),
    "phone": ("two zero two five five five", "zero one four seven", "2025550147"),
}
"""Each planted number, as digits and as it is spoken."""
TIME = re.compile(r"\d\d:\d\d:\d\d[.,]\d{3}")
"""As events and logs carry it: one in a thousand ends in the milliseconds .732."""


def found_in(text: str) -> list[str]:
    words = " " + re.sub(r"[^a-z0-9/]+", " ", TIME.sub(" ", text.lower())) + " "
    return [kind for kind, forms in PLANTED.items() if any(f" {form} " in words for form in forms)]


def texts_in(value: Any) -> Iterator[str]:
    """Every string in a JSON value, also in JSON kept as a string or compressed. Numbers are times and counts."""
    if isinstance(value, bytes):
        yield from texts_in(zlib.decompress(value).decode())
    elif isinstance(value, str):
        try:
            inside = json.loads(value)
        except ValueError:
            inside = None
        if isinstance(inside, (dict, list)):
            yield from texts_in(inside)
        else:
            yield value
    elif isinstance(value, dict):
        for name, each in value.items():
            if name != "N":  # DynamoDB writes numbers as strings
                yield from texts_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_in(each)


def found_inside(value: Any) -> list[str]:
    return found_in(" . ".join(texts_in(value)))


def test_the_numbers_are_spoken_in_the_calls_so_that_this_test_can_fail() -> None:
    spoken = Path("events/calls/bank_card/call.transcript.jsonl").read_text()
    assert set(found_in(spoken)) == {"card number", "expiry", "security code", "date of birth", "phone"}


def test_a_number_in_a_compressed_state_would_be_found() -> None:
    hidden = zlib.compress(json.dumps({"said": ["my card is four one one one, thanks"]}).encode())
    assert found_inside({"body": {"B": hidden}}) == ["card number"]


def test_no_planted_number_reaches_the_panel(sample_calls: dict[tuple[str, str], Played]) -> None:
    for played in sample_calls.values():
        for event in played.events:
            assert found_inside(event) == [], event["type"]


def test_no_planted_number_is_in_any_table(sample_calls: dict[tuple[str, str], Played], stack: Stack) -> None:
    dynamodb = stack.sotto.engineer("dynamodb")
    for table in dynamodb.list_tables()["TableNames"]:
        for page in dynamodb.get_paginator("scan").paginate(TableName=table):
            for item in opened(page["Items"], stack.sotto.root.data_keys):
                assert found_inside(item) == [], (table, item["sk"])


def test_no_planted_number_is_in_any_bucket(sample_calls: dict[tuple[str, str], Played], stack: Stack) -> None:
    s3 = stack.sotto.engineer("s3")
    for bucket in s3.list_buckets()["Buckets"]:
        for item in s3.list_objects_v2(Bucket=bucket["Name"]).get("Contents", []):
            if item["Key"].endswith(".json"):
                body = s3.get_object(Bucket=bucket["Name"], Key=item["Key"])["Body"].read().decode()
                assert found_in(body) == [], item["Key"]


def test_no_word_of_a_caller_is_in_any_log(
    sample_calls: dict[tuple[str, str], Played], stack: Stack, logged: Path
) -> None:
    """Not even redacted text: a log is read by people who may not read calls."""
    log = logged.read_text(errors="replace").lower()
    assert log, "nothing was logged, so this test shows nothing"
    said = [each["text"].lower() for played in sample_calls.values() for each in played.of("utterance")]
    sentences = [text for text in said if len(text.split()) >= 6]
    assert len(sentences) > 50
    assert [text for text in sentences if text in log] == []
    assert found_in(log) == []
