"""Quotas and costs by formula. Kind: pure."""

from __future__ import annotations

import pytest

from infra import quotas as command
from infra.deployment import Shard
from infra.sizing import Load, Prices, concurrency, costs_a_month, instances, quotas
from tests.infra.conftest import REPOSITORY


def test_the_page_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    command.main([])
    assert (REPOSITORY / "docs" / "quotas.md").read_text() == capsys.readouterr().out


def test_a_deployment_files_region_is_judged(capsys: pytest.CaptureFixture[str]) -> None:
    command.main([str(REPOSITORY / "deployment.example.yaml")])
    said = capsys.readouterr().out
    assert "us-east-1, 1,000 calls at once" in said
    assert "RAISE  Transcribe: concurrent HTTP/2 streams: needs 1,100, new accounts have 25" in said


def test_needs_never_fall_as_calls_rise() -> None:
    small, large = (list(quotas(calls)) for calls in (100, 1_000))
    assert all(a.needed <= b.needed for a, b in zip(small, large, strict=True))


def test_every_function_has_its_share_of_concurrency() -> None:
    shares = concurrency(1_000)
    assert shares["transcribe_call"] == 1_100
    assert all(count >= 1 for count in shares.values())


def test_the_endpoint_never_has_fewer_instances_than_asked_for() -> None:
    assert instances(1, Shard(fewest=3)) == 3
    assert instances(1_000, Shard(invocations_per_minute=3_000)) == 34


def test_transcribe_grows_cheaper_by_tiers() -> None:
    load = Load(talk_hours_a_month=100)
    prices = Prices(transcribe_minutes=((6_000, 1.0), (float("inf"), 0.5)))
    assert costs_a_month(1, load=load, prices=prices)["Transcribe"] == pytest.approx(6_000)
    assert costs_a_month(2, load=load, prices=prices)["Transcribe"] == pytest.approx(9_000)
