"""cfn-lint over every template: AWS's own schemas. Kind: synthesised templates."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from cfnlint.config import ConfigMixIn
from cfnlint.runner import Runner

IGNORED = ["W3005"]  # The CDK writes dependencies out that a reference implies already.


@pytest.mark.parametrize(("files", "region"), [("template_files", "us-east-1"), ("hosted_files", "eu-central-1")])
def test_cfn_lint_finds_nothing(files: str, region: str, request: pytest.FixtureRequest) -> None:
    templates: Mapping[str, Path] = request.getfixturevalue(files)
    paths = [str(file) for file in templates.values()]
    config = ConfigMixIn(templates=paths, ignore_checks=IGNORED, regions=[region])
    found = [f"{Path(match.filename).name}: {match.rule.id} {match.message}" for match in Runner(config).run()]
    assert found == []
