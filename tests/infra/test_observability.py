"""Alarms, their pages, dashboards, and figures that somebody really writes. Kind: synthesised templates and files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from infra.building_blocks.measured import CellMetrics
from infra.deployment import Deployment
from sotto.core.metrics import measure
from sotto.core.metrics.measure import BUDGET_PERCENTS, CELL, MEASURES, NAMESPACE, TENANT
from sotto.core.metrics.stages import ALL
from tests.emitted import EMITTED
from tests.infra.conftest import REPOSITORY, Template, resources

RUNBOOK = REPOSITORY / "docs" / "runbook"
Templates = Mapping[str, Template]

RARE = {
    ("BudgetCrossed", ("cell", "percent")),
    ("GenerationCostUsd", (CELL, "provider", "task")),
    ("GenerationLatency", (CELL, "provider", "task")),
    ("PromptTokens", (CELL, "provider", "task")),
    ("CompletionTokens", (CELL, "provider", "task")),
    ("IsolationDenied", (CELL,)),
    ("RequestsRefused", (CELL, "error")),
    ("AfterCallFailed", (CELL,)),
}
"""Not written by the sample calls: no language model is asked, no tenant has a role, no panel is refused; no step
fails.
Tests beside the code that writes them: unit/generation/test_chain.py, contract/test_functions_measured.py,
unit/after_call/test_workflow.py."""


DESKTOPS = {f"desktops-{what}" for what in ("failing", "throttled", "late", "api-errors", "refused")}
"""Of the second channel, which the example does not have."""
REST_API = {"rest-api-fails", "webhooks-unsent"}
SIPREC = {"siprec-events-given-up"}
IMPORTS = {"imports-not-started"}
GATEWAY = {"gateway-audio-lost", "gateway-refuses", "gateway-calls-given-up"}
SPEECH = {"recogniser-full", "recogniser-late"}
"""Of the self-hosted recogniser, which is off by default."""


def alarms(templates: Templates) -> dict[str, dict[str, Any]]:
    shared = [template for name, template in templates.items() if name.startswith("sotto-shared")]
    found = [alarm for template in shared for alarm in resources(template, "AWS::CloudWatch::Alarm").values()]
    ours = {alarm["AlarmName"]: alarm for alarm in found if "AlarmName" in alarm}
    return {name.removeprefix("sotto-"): alarm for name, alarm in ours.items()}


def boards(templates: Templates) -> dict[str, dict[str, Any]]:
    """Bodies by name. What CloudFormation puts in later (ARNs, names) is left as a word."""
    found = {}
    for template in templates.values():
        for board in resources(template, "AWS::CloudWatch::Dashboard").values():
            body = board["DashboardBody"]
            pieces = body["Fn::Join"][1] if isinstance(body, dict) else [body]
            found[board["DashboardName"]] = json.loads(
                "".join(piece if isinstance(piece, str) else "later" for piece in pieces)
            )
    return found


def shown(templates: Templates) -> Iterator[tuple[str, str, dict[str, str | None]]]:
    """Namespace, metric and dimensions of all that dashboards and alarms show. A search knows only names."""
    for body in boards(templates).values():
        for widget in body["widgets"]:
            for row in widget["properties"].get("metrics", ()):
                yield from _of_row(row)
    for template in templates.values():
        for alarm in resources(template, "AWS::CloudWatch::Alarm").values():
            yield from _of_alarm(alarm)


def _of_row(row: list[Any]) -> Iterator[tuple[str, str, dict[str, str | None]]]:
    if isinstance(row[0], dict):
        searched = re.search(r"SEARCH\('\{([^}]*)\} MetricName=\"(\w+)\" (.*)', '", row[0]["expression"])
        if searched:
            namespace, *names = searched[1].split(",")
            wanted = dict(re.findall(r'(\w+)="([^"]*)"', searched[3]))
            yield namespace, searched[2], {name: wanted.get(name) for name in names}
        return
    words = [word for word in row if isinstance(word, str)]
    yield words[0], words[1], dict(zip(words[2::2], words[3::2], strict=True))


def _of_alarm(alarm: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, str | None]]]:
    stats = [each["MetricStat"]["Metric"] for each in alarm.get("Metrics", ()) if "MetricStat" in each]
    for metric in [*stats, *([alarm] if "MetricName" in alarm else [])]:
        yield metric["Namespace"], metric["MetricName"], {d["Name"]: d["Value"] for d in metric.get("Dimensions", ())}


@pytest.fixture
def both_channels(variant: Templates) -> Templates:
    """Of a region that also has the WebSocket API."""
    region = "us-east-1/"
    return {name.removeprefix(region): each for name, each in variant.items() if name.startswith(region)}


def _page(alarm: str) -> str:
    """Where a sum has more metrics than an alarm takes, several alarms share a page: the second one ends with -2."""
    return re.sub(r"-\d+$", "", alarm)


def test_every_alarm_has_a_page_and_every_page_an_alarm(templates: Templates, both_channels: Templates) -> None:
    pages = {page.stem for page in RUNBOOK.glob("*.md")}
    assert set(map(_page, alarms(both_channels))) == pages
    conditional = DESKTOPS | SPEECH | REST_API | SIPREC | IMPORTS | GATEWAY
    assert pages - set(map(_page, alarms(templates))) == conditional


def test_every_alarm_names_its_page_and_notifies_somebody(both_channels: Templates) -> None:
    for name, alarm in alarms(both_channels).items():
        assert f"docs/runbook/{_page(name)}.md" in str(alarm["AlarmDescription"])
        assert alarm["AlarmActions"]


def test_no_alarm_adds_up_more_than_cloudwatch_allows(both_channels: Templates) -> None:
    """Ten metrics: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create-alarm-on-metric-math-expression.html"""
    for name, alarm in alarms(both_channels).items():
        assert sum("MetricStat" in each for each in alarm.get("Metrics", ())) <= 10, name


def test_failures_of_every_function_are_watched(templates: Templates, both_channels: Templates) -> None:
    for here in (templates, both_channels):
        deployed = {
            each["FunctionName"]
            for name, template in here.items()
            if name
            in ("sotto-shared-call-path", "sotto-shared-learning", "sotto-shared-alerts", "sotto-shared-workflows")
            for each in resources(template, "AWS::Lambda::Function").values()
        }
        watched = [each for alarm in alarms(here).values() for each in _of_alarm(alarm)]
        assert {d["FunctionName"] for _, what, d in watched if what == "Throttles"} == deployed
        on_board = [row for body in boards(here).values() for widget in body["widgets"] for row in _rows(widget)]
        assert {words[3] for words in on_board if words[:3] == ["AWS/Lambda", "Errors", "FunctionName"]} >= deployed


def test_the_second_channels_alarms_watch_its_own_stage(both_channels: Templates) -> None:
    found = alarms(both_channels)
    watched = {name: {what: d for _, what, d in _of_alarm(found[name])} for name in DESKTOPS}
    (api,) = resources(both_channels["sotto-shared-call-path"], "AWS::ApiGatewayV2::Api")
    for name, what in (("desktops-refused", "ClientError"), ("desktops-api-errors", "ExecutionError")):
        assert watched[name][what]["Stage"] == "live" and api in json.dumps(watched[name][what]["ApiId"])
    assert watched["desktops-late"]["Duration"] == {"FunctionName": "sotto-serve_connection"}
    assert found["desktops-refused"]["Threshold"] == 100


def _rows(widget: Mapping[str, Any]) -> Iterator[list[Any]]:
    for row in widget["properties"].get("metrics", ()):
        yield [word for word in row if isinstance(word, str)]


def test_every_page_says_the_harm_and_what_to_do() -> None:
    for page in RUNBOOK.glob("*.md"):
        text = page.read_text()
        assert f"<prefix>{page.stem}" in text and "**Harm.**" in text and "**What to do**" in text, page


def test_what_dashboards_and_alarms_show_was_seen_in_a_real_call(templates: Templates) -> None:
    """By metric and names of dimensions; tests/call/test_metrics_of_calls.py plays the calls."""
    ours = {(metric, tuple(sorted(found))) for namespace, metric, found in shown(templates) if namespace == NAMESPACE}
    never_seen = ours - {(metric, tuple(sorted(names))) for metric, names in EMITTED.all()}
    assert {(metric, _of_a_cell(names)) for metric, names in never_seen} <= RARE
    assert len(ours) > 50


def _of_a_cell(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name != TENANT)


def test_the_values_of_dimensions_are_those_that_code_writes(templates: Templates, deployment: Deployment) -> None:
    known = {
        CELL: {"sotto", "sotto-torque_garage"},
        TENANT: {"harbour_bank", "torque_garage"},
        "stage": set(ALL),
        "outcome": {"ok", "failed", "fenced", "unfinished", "unavailable"},
        "percent": {str(each) for each in BUDGET_PERCENTS},
    }
    for namespace, metric, dimensions in shown(templates):
        if namespace == NAMESPACE:
            assert metric in MEASURES
            for name, value in dimensions.items():
                assert value is None or value in known[name], (metric, name, value)


def test_functions_and_shard_write_under_the_cells_name(templates: Templates) -> None:
    for name, template in templates.items():
        cell = "sotto" if name.startswith("sotto-shared") else "sotto-torque_garage"
        for function in resources(template, "AWS::Lambda::Function").values():
            variables = function.get("Environment", {}).get("Variables", {})
            if "SOTTO_FUNCTION_PREFIX" in variables:
                assert variables["SOTTO_CELL"] == cell
        for model in resources(template, "AWS::SageMaker::Model").values():
            assert model["PrimaryContainer"]["Environment"]["SOTTO_CELL"] == cell


def test_a_metric_that_nobody_writes_cannot_be_shown(deployment: Deployment) -> None:
    (cell, *_) = deployment.cells("us-east-1")
    try:
        CellMetrics(cell).of(measure.STAGE_LATENCY, "p95")
    except ValueError as error:
        assert "StageLatency is not written by ['cell']" in str(error)
    else:
        raise AssertionError("StageLatency has no total")


def test_latency_is_shown_against_the_budget(templates: Templates) -> None:
    for name, body in boards(templates).items():
        lines = [line for widget in body["widgets"] for line in _lines(widget)]
        assert {line["value"] for line in lines} == {1_500}, name


def _lines(widget: Mapping[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = widget["properties"].get("annotations", {}).get("horizontal", [])
    return found


def test_alarms_are_sent_by_mail_over_tls(templates: Templates) -> None:
    data = templates["sotto-shared-data"]
    (subscription,) = resources(data, "AWS::SNS::Subscription").values()
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "contact-centre-oncall@example.com")
    (topic,) = resources(data, "AWS::SNS::Topic").values()
    assert topic["KmsMasterKeyId"]
    (policy,) = resources(data, "AWS::SNS::TopicPolicy").values()
    assert "cloudwatch.amazonaws.com" in json.dumps(policy)


def test_each_cell_and_each_tenant_has_a_dashboard(templates: Templates) -> None:
    assert sorted(boards(templates)) == [
        "sotto-calls", "sotto-tenant-harbour-bank", "sotto-torque-garage-calls",
        "sotto-torque-garage-tenant-torque-garage",
    ]  # fmt: skip
