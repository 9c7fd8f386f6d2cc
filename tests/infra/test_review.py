"""What the review counts. Kind: synthesised templates, and one that is wrong."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from functions.specs import deployed
from infra.review import counted
from tests.infra.conftest import Template


def test_the_example_has_no_wild_action(templates: Mapping[str, Template], capsys: pytest.CaptureFixture[str]) -> None:
    assert counted([dict(each) for each in templates.values()]) == []
    assert f"functions                {2 * len(deployed().functions)}" in capsys.readouterr().out


def test_a_wild_action_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    statement = {"Effect": "Allow", "Action": ["s3:*", "s3:GetObject"], "Resource": "*"}
    policy = {"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": {"Statement": [statement]}}}
    assert counted([{"Resources": {"Policy": policy}}]) == ["s3:*"]
    assert "actions that are wild    1 s3:*" in capsys.readouterr().out
