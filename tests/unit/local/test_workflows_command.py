"""Unit: ``sotto workflows`` lists, draws and checks definitions."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from local.commands.workflows import workflows
from sotto.workflows.reading import SHIPPED


def test_those_that_are_shipped_are_listed_drawn_and_in_order() -> None:
    listed = CliRunner().invoke(workflows, ["list"])
    assert listed.exit_code == 0 and "promise_follow_up" in listed.output
    for file in SHIPPED.glob("*.yaml"):
        drawn = CliRunner().invoke(workflows, ["show", file.stem])
        assert drawn.exit_code == 0 and "permits note" in drawn.output and drawn.output.endswith("end\n")
        assert CliRunner().invoke(workflows, ["validate", str(file)]).exit_code == 0


def test_a_mistake_has_its_line_and_an_unknown_name_its_choices(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("version: 1\nworkflow: mine\ntitle: Mine\nsteps:\n  - id: a\n    use: email_customer\n")
    wrong = CliRunner().invoke(workflows, ["validate", str(file)])
    said = wrong.output + str(wrong.exception)
    assert wrong.exit_code != 0 and "mine.yaml:6:10: unknown tool 'email_customer'" in said
    unknown = CliRunner().invoke(workflows, ["show", "sales"])
    assert unknown.exit_code != 0 and "churn_rescue" in unknown.output + str(unknown.exception)
