"""cfn-lint over every template: AWS's own schemas. Kind: synthesised templates."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from cfnlint.config import ConfigMixIn
from cfnlint.runner import Runner

from tests.infra.conftest import Template

IGNORED = ["W3005"]  # The CDK writes dependencies out that a reference implies already.


def test_cfn_lint_finds_nothing(template_files: Mapping[str, Path]) -> None:
    assert found_in(template_files.values()) == []


def test_cfn_lint_finds_nothing_in_the_second_channel(variant: Mapping[str, Template], tmp_path: Path) -> None:
    """A template that the example does not lead to, because no tenant of it asks for the WebSocket API."""
    file = tmp_path / "call-path.json"
    file.write_text(json.dumps(variant["us-east-1/sotto-shared-call-path"]))
    assert found_in([file]) == []


def found_in(files: Iterable[Path]) -> list[str]:
    config = ConfigMixIn(templates=[str(file) for file in files], ignore_checks=IGNORED, regions=["us-east-1"])
    return [f"{Path(match.filename).name}: {match.rule.id} {match.message}" for match in Runner(config).run()]
