"""Call: what a played call asks of AWS stays within what the tables of costs and quotas are made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.sizing import Load
from sotto.media.wav import read_call
from tests.call.conftest import CALLS, Played, Stack

pytestmark = pytest.mark.call

BYTES_A_MINUTE = 60 * 8_000 * 4
MESSAGES = ("interim", "utterance", "annotation")
"""Kinds of events behind each of which stands a message to the panel; several annotations share one."""
SLACK = 1.25
"""The sample calls differ from the one that was counted."""


@pytest.fixture(scope="module")
def minutes(sample_calls: dict[tuple[str, str], Played]) -> float:
    """Of talk, all calls together."""
    return sum(len(read_call(CALLS / name / "call.wav", None)) / BYTES_A_MINUTE for name, _ in sample_calls)


def test_messages_to_the_panel_are_within_the_budget(
    sample_calls: dict[tuple[str, str], Played], minutes: float
) -> None:
    sent = sum(len(played.of(kind)) for played in sample_calls.values() for kind in MESSAGES)
    assert 5 < sent / minutes <= SLACK * Load().messages


def test_interims_come_once_a_second_at_most(sample_calls: dict[tuple[str, str], Played], minutes: float) -> None:
    shown = sum(len(played.of("interim")) for played in sample_calls.values())
    assert 0 < shown / minutes <= 2 * 60  # each of two speakers


def test_metrics_and_logs_are_within_the_budget(
    sample_calls: dict[tuple[str, str], Played], stack: Stack, logged: Path, minutes: float
) -> None:
    metrics = sum(len(line) + 1 for line in stack.metrics()[stack.of_sample_calls])
    assert 0 < metrics / 1000 / minutes <= SLACK * Load().metrics_kb
    messages = len(logged.read_bytes())  # the emulation's too, without the JSON around them
    assert 0 < messages / 1000 / minutes <= Load().log_kb
