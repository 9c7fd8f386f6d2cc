"""cfn-lint over every template: AWS's own schemas. Kind: synthesised templates."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cfnlint.config import ConfigMixIn
from cfnlint.runner import Runner

IGNORED = ["W3005"]  # The CDK writes dependencies out that a reference implies already.


def test_cfn_lint_finds_nothing(template_files: Mapping[str, Path]) -> None:
    files = [str(file) for file in template_files.values()]
    config = ConfigMixIn(templates=files, ignore_checks=IGNORED, regions=["us-east-1"])
    found = [f"{Path(match.filename).name}: {match.rule.id} {match.message}" for match in Runner(config).run()]
    assert found == []
