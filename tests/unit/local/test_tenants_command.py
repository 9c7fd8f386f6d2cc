"""Unit: what ``sotto tenants check`` prints and how it exits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from local.commands.tenants import tenants
from sotto.tenants.reading.folder import TenantMistaken
from sotto.wiring.publishing import book_from
from tests.unit.tenants.tenant_files import POLICIES, TENANT, write_tenant


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


def _without(name: str) -> Callable[[Path], Path]:
    def change(folder: Path) -> Path:
        (folder / name).unlink()
        return folder

    return change


def _written(name: str, content: bytes) -> Callable[[Path], Path]:
    def change(folder: Path) -> Path:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
        return folder

    return change


def _folder_instead(folder: Path) -> Path:
    (folder / "playbook.yaml").unlink()
    (folder / "playbook.yaml").mkdir()
    return folder


def _named_yml(folder: Path) -> Path:
    (folder / "tenant.yaml").rename(folder / "tenant.yml")
    return folder


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_without("intents.yaml"), "intents.yaml:1:1: corner_shop/intents.yaml is missing; every tenant has one"),
        (_named_yml, "rename tenant.yml to tenant.yaml"),
        (_folder_instead, "playbook.yaml:1:1: cannot be read: Is a directory; write a file of text here"),
        (_written("policies.yaml", b"\xff\xfe"), "policies.yaml:1:1: not UTF-8 text (byte 0)"),
        (_written("tenant.yaml", b"- a list\n"), "tenant.yaml:1:1: expected fields"),
        (_written("intents.yaml", b"a: " + b"[" * 1_200), "intents.yaml:1:"),  # too deep, or never closed
        (_written("knowledge/fees.md", b"\xff\xfe"), "knowledge/fees.md:1:1: not UTF-8 text"),
        (_written("knowledge/fees.md", b"Fees are high."), "knowledge/fees.md:1:1: an article begins with '---'"),
        (
            _written("knowledge/fees.docx", b"PK"),
            "knowledge/fees.docx:1:1: only *.md, *.pdf and *.html files are articles",
        ),
        (lambda folder: folder / "tenant.yaml", "this is a file; give the tenant's folder, "),
        (lambda folder: folder / "nowhere", "nowhere:1:1: there is no such folder"),
        (lambda folder: folder.rename(folder.with_name("Corner Shop")), "a tenant is called as its folder"),
        (lambda folder: folder.parent / "empty", "this is no tenant's folder: it holds none of tenant.yaml"),
    ],
)
def test_a_wrong_file_or_folder_is_named_with_the_fix(
    tmp_path: Path, change: Callable[[Path], Path], message: str
) -> None:
    (tmp_path / "empty").mkdir()
    result = CliRunner().invoke(tenants, ["check", str(change(write_tenant(tmp_path)))])
    assert result.exit_code == 1 and message in result.output
    assert isinstance(result.exception, SystemExit)


def test_a_tenant_is_checked_from_within_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write_tenant(tmp_path))
    assert CliRunner().invoke(tenants, ["check", "."]).output.startswith("corner_shop is fine")


def test_house_rules_and_subjects_reach_the_book(tmp_path: Path) -> None:
    folder = write_tenant(tmp_path, tenant=TENANT + "house_rules: [Be brief., Say you.]\n")
    assert book_from(folder).settings.house_rules == ("Be brief.", "Say you.")
    assert not any(rule.context for policy in book_from(folder).policies for rule in policy.run)
    _written("knowledge/plan.md", b"---\nid: plan\ntitle: Plan\nsubject: service plan\n---\nIt is yearly.\n")(folder)
    wanting = [rule.id for policy in book_from(folder).policies for rule in policy.run if rule.context]
    assert wanting == ["knowledge"]
    with pytest.raises(TenantMistaken, match="more than 4000 characters"):
        book_from(write_tenant(tmp_path, tenant=TENANT + f"house_rules: [{'x' * 4_001}]\n", name="long_shop"))
