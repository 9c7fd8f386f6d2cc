"""Unit: what ``sotto tenants check`` prints and how it exits."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from local.commands.tenants import tenants
from tests.unit.policy.tenant_files import POLICIES, write_tenant


def test_a_tenant_that_is_fine_is_summed_up(tmp_path: Path) -> None:
    result = CliRunner().invoke(tenants, ["check", str(write_tenant(tmp_path))])
    assert result.exit_code == 0
    assert result.output.startswith("corner_shop is fine: 2 teams, 1 policies, 1 moments, 1 actions")


def test_every_mistake_is_a_line_that_an_editor_can_open(tmp_path: Path) -> None:
    folder = write_tenant(tmp_path, policies=POLICIES.replace("model: intent", "model: intnet"))
    result = CliRunner().invoke(tenants, ["check", str(folder)])
    assert result.exit_code == 1
    first = result.output.splitlines()[0]
    assert first == f"{folder}/policies.yaml:5:16: unknown model 'intnet'; did you mean 'intent'?"


def test_a_folder_of_tenants_is_checked_whole(tmp_path: Path) -> None:
    write_tenant(tmp_path, name="good")
    write_tenant(tmp_path, name="bad", intents="version: 1\n")
    result = CliRunner().invoke(tenants, ["check", str(tmp_path)])
    assert result.exit_code == 1
    assert "good is fine" in result.output and "'intents' is missing" in result.output
