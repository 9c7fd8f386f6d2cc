"""Quotas and costs by formula. Kind: pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from benchmarks import cost
from infra.checkup import Weight, findings
from infra.cost_page import AGENTS, MOST_INSTANCES, an_hour, deployed_mb
from infra.deployment import ShardSettings, deployment_of
from infra.sizing import Load, Prices, concurrency, costs_a_month, instances, metrics_a_month, quotas
from infra.sizing.conversation import AfterCall, live
from infra.sizing.load import ASSUMED
from infra.sizing.worker import WorkerNeeds
from local.commands.doctor import doctor
from sotto.core.errors import Rejected
from tests.infra.conftest import REPOSITORY


def sotto(*arguments: str) -> Result:
    return CliRunner().invoke(doctor, list(arguments))


def test_the_page_is_what_the_command_prints() -> None:
    assert (REPOSITORY / "docs" / "quotas.md").read_text() == sotto("--sizes").output


def test_the_page_of_costs_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    cost.main([])
    assert (REPOSITORY / "docs" / "cost.md").read_text() == capsys.readouterr().out


def test_an_hour_and_a_month_are_one_calculation() -> None:
    month = costs_a_month(AGENTS) | {"Metrics, one tenant": metrics_a_month(1)}
    hour = an_hour(Load(), Prices())
    assert hour.keys() == month.keys()
    for service, dollars in month.items():
        assert hour[service] * AGENTS * Load().talk_hours_a_month == pytest.approx(dollars)


def test_guidance_of_a_conversation_is_its_share_of_an_hour_without_the_work_after_it() -> None:
    load = Load()
    hour = an_hour(load, Prices())
    after = 60 / load.call_minutes * load.after_call_transitions / 1e6 * Prices().standard_million
    expected = sum(hour.values()) - hour["Transcribe"] - hour["Metrics, one tenant"] - after
    assert sum(live(60, AGENTS).values()) == pytest.approx(expected)
    assert sum(live(6, AGENTS).values()) == pytest.approx(expected / 10)


def test_a_longer_recording_costs_more_and_the_rest_of_the_work_after_a_call_does_not() -> None:
    work = AfterCall()
    short, long = work.costs(5), work.costs(20)
    assert {name for name in short if long[name] != short[name]} == {"Lambda, recording", "S3 Vectors"}
    assert work.recognised_again(20, 0.024) == pytest.approx(0.48)
    assert replace(work, passes=2.0).recognised_again(20, 0.024) == pytest.approx(0.96)
    assert work.kept(10, 12) == pytest.approx(0.01875 * 12 * 0.023)


def test_a_price_of_yours_takes_the_place_of_the_list_price(capsys: pytest.CaptureFixture[str]) -> None:
    cost.main(["--price", "sagemaker_hour=0"])
    assert "| SageMaker | 0.0000 | 0.0000 |" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        cost.main(["--price", "sagemaker_hours=0"])
    assert "give NAME=DOLLARS" in capsys.readouterr().err


def test_a_worker_of_another_memory_costs_what_lambda_asks_for_it() -> None:
    small, large = (an_hour(Load(), Prices(), worker_mb=size) for size in (256, 1_024))
    assert large["Lambda"] - small["Lambda"] == pytest.approx(0.75 * 3_600 * Prices().lambda_gb_s)
    assert an_hour(Load(), Prices(), worker_mb=deployed_mb()) == pytest.approx(an_hour(Load(), Prices()))


def test_the_workers_memory_holds_its_process_twice() -> None:
    needs = WorkerNeeds()
    assert deployed_mb() >= 2 * (needs.peak_mb + needs.runtime_mb)
    assert needs.starts_in_s(deployed_mb()) < 4


def test_a_deployment_file_is_compared_with_what_aws_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    said = sotto("--deployment", str(REPOSITORY / "deployment.example.yaml"))
    assert said.exit_code == 1  # there is something to ask for
    rows = [" ".join(re.sub("[│┃|]", " ", line).split()) for line in said.output.splitlines()]
    assert "raise Transcribe: concurrent HTTP/2 streams 1,100 25 ask in Service Quotas" in rows
    assert any(row.startswith("ok shard.most (instances) 6 8") for row in rows)
    assert any(row.startswith("look tenant harbour_bank one recogniser") for row in rows)
    assert any(row.startswith("us-east-1 1,000") for row in rows)


def test_what_a_file_forgets_is_said(written: Callable[..., dict[str, Any]]) -> None:
    mine = written()
    mine["tenants"]["nobody"] = {"recognisers": ["embedded"]}
    mine["alarm_emails"] = []
    mine["regions"]["us-east-1"]["tenant_sessions"] = False
    look = [each for each in findings(deployment_of(mine, "test")) if each.weight is Weight.LOOK]
    said = {(each.about, each.has): each.advice for each in look}
    assert "list its Connect instance" in said["tenant nobody", "no Connect instance"]
    assert "for development" in said["tenant nobody", "embedded only"]
    assert "reach nobody" in said["alarm_emails", "none"]
    assert "every tenant's records" in said["tenant_sessions", "false"]


def test_a_mistaken_file_is_one_clear_line(tmp_path: Path) -> None:
    file = tmp_path / "deployment.yaml"
    file.write_text("name: sotto\nregionz: {}\n")
    said = sotto("--deployment", str(file))
    assert isinstance(said.exception, Rejected) and "unknown key" in str(said.exception)


def test_a_small_deployment_needs_nothing_but_what_every_account_must_ask_for(
    written: Callable[..., dict[str, Any]],
) -> None:
    mine = written()
    mine["regions"]["us-east-1"]["calls"] = 5
    raised = [finding.about for finding in findings(deployment_of(mine, "test")) if finding.weight is Weight.RAISE]
    assert raised == ["SageMaker: ml.c6i.2xlarge for endpoints"]


def test_costs_grow_with_tenants_because_metrics_do() -> None:
    assert metrics_a_month(2) - metrics_a_month(1) == pytest.approx(metrics_a_month(3) - metrics_a_month(2))
    assert metrics_a_month(2) > metrics_a_month(1)


def test_needs_never_fall_as_calls_rise() -> None:
    small, large = (list(quotas(calls)) for calls in (100, 1_000))
    assert all(a.needed <= b.needed for a, b in zip(small, large, strict=True))


def test_every_function_has_its_share_of_concurrency() -> None:
    shares = concurrency(1_000)
    assert shares["transcribe_call"] == 1_100
    assert all(count >= 1 for count in shares.values())


def test_the_endpoint_never_has_fewer_instances_than_asked_for() -> None:
    assert instances(1, ShardSettings(fewest=3)) == 3
    assert instances(1_000, ShardSettings(invocations_per_minute=3_000), ASSUMED) == 41


def test_a_thousand_agents_need_no_more_than_twelve_instances_by_what_was_measured() -> None:
    assert instances(1_000, ShardSettings()) <= MOST_INSTANCES
    assert instances(1_000, ShardSettings(), replace(Load(), requests_a_round=Load().models_a_round)) > 5


def test_transcribe_grows_cheaper_by_tiers() -> None:
    load = Load(talk_hours_a_month=100)
    prices = Prices(transcribe_minutes=((6_000, 1.0), (float("inf"), 0.5)))
    assert costs_a_month(1, load=load, prices=prices)["Transcribe"] == pytest.approx(6_000)
    assert costs_a_month(2, load=load, prices=prices)["Transcribe"] == pytest.approx(9_000)


WRITER = ShardSettings(
    engine="decoder",
    hosting="single_endpoint",
    base_model="s3://bases/small/",
    instance_type="ml.g5.xlarge",
    image="111122223333.dkr.ecr.us-east-1.amazonaws.com/sotto-shard:cuda",
    concurrent_requests=10,
)


def test_a_writer_is_counted_by_texts_at_once() -> None:
    load = Load(texts=6, text_ms=2_000)
    assert instances(1_000, WRITER, load) == 20  # 200 texts at once
    counted = {quota.name: quota.needed for quota in quotas(1_000, writer=WRITER, load=load)}
    assert counted["ml.g5.xlarge for endpoints"] == 20
    assert counted["ml.c6i.2xlarge for endpoints"] == instances(1_000, ShardSettings())


def test_instances_of_one_type_are_one_quota() -> None:
    same = WRITER.model_copy(update={"instance_type": ShardSettings().instance_type})
    (counted,) = (quota.needed for quota in quotas(1_000, writer=same) if quota.service == "SageMaker")
    assert counted == instances(1_000, ShardSettings()) + instances(1_000, same)


def test_a_writer_and_the_second_channel_cost_something_only_where_they_are() -> None:
    plain = costs_a_month(100)
    more = costs_a_month(100, writer=WRITER, channels=("appsync", "websocket"))
    assert set(more) - set(plain) == {"SageMaker, writer", "API Gateway"}
    assert more["AppSync"] == plain["AppSync"]
    assert more["Lambda"] > plain["Lambda"]
    assert "AppSync" not in costs_a_month(100, channels=("websocket",))


def test_the_doctor_counts_what_a_deployment_has(written: Callable[..., dict[str, Any]]) -> None:
    mine = written()
    mine["tenants"]["torque_garage"]["channels"] = ["websocket"]
    mine["regions"]["us-east-1"]["writer"] = WRITER.model_dump(exclude_unset=True)
    said = {each.about: each for each in findings(deployment_of(mine, "test"))}
    assert said["API Gateway: new WebSocket connections a second"].needs == "50"
    assert said["SageMaker: ml.g5.xlarge for endpoints"].weight is Weight.RAISE
    assert "raise writer.most" in said["writer.most (instances)"].advice
    assert "name shard in generation.order" in said["writer"].advice
    assert said["channels: websocket"].weight is Weight.LOOK
    before = {each.about for each in findings(deployment_of(written(), "test"))}
    assert not {about for about in before if "writer" in about or "WebSocket" in about}


def test_the_second_channels_functions_have_their_share_of_concurrency() -> None:
    assert set(concurrency(100, channels=("websocket",))) - set(concurrency(100)) == {
        "authorise_connection",
        "track_connection",
        "serve_connection",
    }
