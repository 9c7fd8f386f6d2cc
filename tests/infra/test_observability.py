"""Alarms, their pages, and figures that somebody really writes. Kind: synthesised templates and files."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from infra.capabilities.log_metrics import LINES
from tests.infra.conftest import REPOSITORY, Template, resources

RUNBOOK = REPOSITORY / "docs" / "runbook"


def alarms(templates: Mapping[str, Template]) -> dict[str, dict[str, object]]:
    shared = [template for name, template in templates.items() if name.startswith("sotto-shared")]
    found = [alarm for template in shared for alarm in resources(template, "AWS::CloudWatch::Alarm").values()]
    ours = {alarm["AlarmName"]: alarm for alarm in found if "AlarmName" in alarm}
    return {name.removeprefix("sotto-"): alarm for name, alarm in ours.items()}


def test_every_alarm_has_a_page_and_every_page_an_alarm(templates: Mapping[str, Template]) -> None:
    assert set(alarms(templates)) == {page.stem for page in RUNBOOK.glob("*.md")}


def test_every_alarm_names_its_page_and_tells_somebody(templates: Mapping[str, Template]) -> None:
    for name, alarm in alarms(templates).items():
        assert f"docs/runbook/{name}.md" in str(alarm["AlarmDescription"])
        assert alarm["AlarmActions"]


def test_every_counted_log_line_is_written_by_somebody() -> None:
    code = "".join(
        file.read_text() for folder in ("sotto", "functions") for file in (REPOSITORY / folder).rglob("*.py")
    )
    for line in LINES:
        assert f'"{line.message}"' in code, line.metric
        for field in line.where:
            assert re.search(rf'["\s(]{field}["=]', code), line.metric


def test_metrics_have_no_dimension_that_tells_who_called(templates: Mapping[str, Template]) -> None:
    for template in templates.values():
        for each in resources(template, "AWS::Logs::MetricFilter").values():
            assert all("Dimensions" not in change for change in each["MetricTransformations"])


def test_alarms_are_told_by_mail_over_tls(templates: Mapping[str, Template]) -> None:
    data = templates["sotto-shared-data"]
    (subscription,) = resources(data, "AWS::SNS::Subscription").values()
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "contact-centre-oncall@example.com")
    (topic,) = resources(data, "AWS::SNS::Topic").values()
    assert topic["KmsMasterKeyId"]
    (policy,) = resources(data, "AWS::SNS::TopicPolicy").values()
    assert "cloudwatch.amazonaws.com" in json.dumps(policy)


def test_each_cell_has_a_dashboard(templates: Mapping[str, Template]) -> None:
    boards = [
        board for template in templates.values() for board in resources(template, "AWS::CloudWatch::Dashboard").values()
    ]
    assert sorted(board["DashboardName"] for board in boards) == ["sotto-calls", "sotto-torque-garage-calls"]
