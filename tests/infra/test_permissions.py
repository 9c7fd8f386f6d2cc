"""Who may do what, for a reviewer to read. Kind: snapshot of the synthesised templates.

``make snapshots`` writes permissions.txt anew; read the difference.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.infra.conftest import Template, resources

SNAPSHOT = Path(__file__).with_name("permissions.txt")
EVERYWHERE = {
    "cloudwatch:DescribeAlarms": "reads only; CodeDeploy asks for the alarms of a release by their state",
    "ecr:GetAuthorizationToken": "knows no resources",
    "transcribe:StartStreamTranscription": "streams are no resources",
    "xray:PutTraceSegments": "knows no resources",
    "xray:PutTelemetryRecords": "knows no resources",
    "xray:GetSamplingRules": "knows no resources",
    "xray:GetSamplingTargets": "knows no resources",
    "logs:CreateLogDelivery": "log delivery knows no resources",
    "logs:GetLogDelivery": "log delivery knows no resources",
    "logs:UpdateLogDelivery": "log delivery knows no resources",
    "logs:DeleteLogDelivery": "log delivery knows no resources",
    "logs:ListLogDeliveries": "log delivery knows no resources",
    "logs:PutResourcePolicy": "log delivery knows no resources",
    "logs:DescribeResourcePolicies": "log delivery knows no resources",
    "logs:DescribeLogGroups": "log delivery knows no resources",
}
"""Actions that IAM cannot limit to a resource, and why; nothing else may be allowed on ``*``."""


def test_permissions_are_those_that_were_reviewed(templates: Mapping[str, Template]) -> None:
    now = "\n".join(_pages(templates)) + "\n"
    if os.environ.get("SOTTO_WRITE_SNAPSHOTS"):
        SNAPSHOT.write_text(now)
    assert now == SNAPSHOT.read_text()


def test_no_action_is_a_wildcard(templates: Mapping[str, Template]) -> None:
    actions = {action for _, action, _, _ in _allowed(templates)}
    assert not {action for action in actions if "*" in action}


def test_only_actions_that_know_no_resources_are_allowed_on_everything(templates: Mapping[str, Template]) -> None:
    assert {action for _, action, resource, _ in _allowed(templates) if resource == "*"} <= set(EVERYWHERE)


def test_every_role_is_a_services_or_a_tenants(templates: Mapping[str, Template]) -> None:
    for template in templates.values():
        for role in resources(template, "AWS::IAM::Role").values():
            assert "ManagedPolicyArns" not in role
            assert '"*"' not in json.dumps(role["AssumeRolePolicyDocument"])


def _pages(templates: Mapping[str, Template]) -> Iterator[str]:
    """The shared cell; a dedicated one is the same under other names."""
    lines: dict[str, dict[str, set[str]]] = {}
    for role, action, resource, condition in _allowed({k: v for k, v in templates.items() if "shared" in k}):
        where = resource + (f"   [{condition}]" if condition else "")
        lines.setdefault(role, {}).setdefault(where, set()).add(action)
    for role in sorted(lines):
        yield role
        for where in sorted(lines[role]):
            yield f"    {where}"
            yield from (f"        {action}" for action in sorted(lines[role][where]))
        yield ""


def _allowed(templates: Mapping[str, Template]) -> Iterator[tuple[str, str, str, str]]:
    """Role, action, resource, condition."""
    for template in templates.values():
        for policy in resources(template, "AWS::IAM::Policy").values():
            (role,) = (_readable(each) for each in policy["Roles"])
            for statement in policy["PolicyDocument"]["Statement"]:
                assert statement["Effect"] == "Allow"
                condition = _readable(statement.get("Condition", ""))
                for action in _many(statement["Action"]):
                    for resource in _many(statement["Resource"]):
                        yield role, action, _readable(resource), condition


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _readable(value: Any) -> str:
    """References by the construct's name, without hashes, account and region."""
    if isinstance(value, dict):
        if "Fn::Join" in value:
            return "".join(map(_readable, value["Fn::Join"][1]))
        if "Ref" in value:
            return f"<{_unhashed(value['Ref'])}>"
        if "Fn::GetAtt" in value:
            return f"<{_unhashed(value['Fn::GetAtt'][0])}>"
        if "Fn::ImportValue" in value:
            exported = re.sub(r"^.*ExportsOutput(Ref|FnGetAtt)|(Arn|Id)?[0-9A-F]{8}$", "", value["Fn::ImportValue"])
            return f"<{_unhashed(exported)}>"
        return "; ".join(
            f"{key} {operator} {', '.join(map(_readable, _many(wanted)))}"
            for operator, keys in value.items()
            for key, wanted in keys.items()
        )
    return str(value).replace("111122223333", "ACCOUNT").replace("us-east-1", "REGION")


def _unhashed(name: str) -> str:
    return re.sub(r"(Resource)?[0-9A-F]{8}$", "", re.sub(r"(Arn|Id)$", "", name))
