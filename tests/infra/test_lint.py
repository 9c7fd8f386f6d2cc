"""cfn-lint over every template: AWS's own schemas. Kind: synthesised templates."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from cfnlint.config import ConfigMixIn
from cfnlint.runner import Runner

from tests.infra.conftest import Template

IGNORED = ["W3005"]  # The CDK writes dependencies out that a reference implies already.

UNKNOWN_ACTION = "W3037 'invokeendpointwithbidirectionalstream' is not one of"
"""cfn-lint's list of SageMaker's actions is older than this one; CDK apps of others grant it (docs/unverified.md)."""
TIMEOUT_AS_EXPRESSION = "E3601 '{% $wait_s %}' is not of type 'number' at 'States/AwaitPerson/TimeoutSeconds'"
"""A task's timeout may be a JSONata expression (https://states-language.net/#jsonata-task-state; the CDK has
``Timeout.jsonata``); cfn-lint has learnt it of ``Seconds`` alone."""
BEHIND = (UNKNOWN_ACTION, TIMEOUT_AS_EXPRESSION)


@pytest.mark.parametrize(("files", "region"), [("template_files", "us-east-1"), ("hosted_files", "eu-central-1")])
def test_cfn_lint_finds_nothing(files: str, region: str, request: pytest.FixtureRequest) -> None:
    templates: Mapping[str, Path] = request.getfixturevalue(files)
    assert found_in(templates.values(), region) == []


def test_cfn_lint_finds_nothing_in_the_second_channel(variant: Mapping[str, Template], tmp_path: Path) -> None:
    """A template that the example does not lead to, because no tenant of it asks for the WebSocket API."""
    file = tmp_path / "call-path.json"
    file.write_text(json.dumps(variant["us-east-1/sotto-shared-call-path"]))
    assert found_in([file], "us-east-1") == []


def found_in(files: Iterable[Path], region: str) -> list[str]:
    config = ConfigMixIn(templates=[str(file) for file in files], ignore_checks=IGNORED, regions=[region])
    found = [f"{Path(match.filename).name}: {match.rule.id} {match.message}" for match in Runner(config).run()]
    return [each for each in found if not any(known in each for known in BEHIND)]
