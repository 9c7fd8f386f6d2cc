"""Unit: a form as YAML, and back; through the command, from Connect and to it."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from local.commands.forms import forms
from local.options import TENANTS
from sotto.scorecards.yaml_form import NotInYaml, yaml_of
from sotto.tenants.reading.parsing import parse_yaml
from sotto.tenants.reading.places import Mistakes
from sotto.tenants.reading.scorecards import FormReader
from sotto.tenants.scorecards.checks import Names
from sotto.tenants.scorecards.form import Compared, Enablement, Form, Joined
from sotto.wiring.publishing import book_from
from tests.unit.scorecards.any_form import any_form, any_question


def read_back(form: Form, names: Names) -> tuple[Form | None, list[str]]:
    out = io.StringIO()
    YAML().dump(yaml_of(form), out)
    mistakes = Mistakes()
    root = parse_yaml(out.getvalue(), "form.yaml", mistakes)
    assert root is not None
    return FormReader(root, names).read(form.name), [str(each) for each in mistakes.found]


@pytest.mark.parametrize("tenant", ["harbour_bank", "torque_garage", "nordlicht_energie"])
def test_a_form_that_is_written_is_read_back_as_it_was(tenant: str) -> None:
    book = book_from(TENANTS / tenant)
    for form in book.scorecards:
        assert read_back(form, Names.of(book.playbook)) == (form, [])


def test_conditions_are_written_as_they_are_read_and_deeper_ones_refused() -> None:
    yes, no = (Compared(question=ref, options=(value,)) for ref, value in (("a", "yes"), ("b", "no")))
    both = Joined(operator="AND", operands=(yes, no))
    for condition in (yes, both, Joined(operator="OR", operands=(both, yes))):
        asked = any_question("c", enablement=Enablement(condition=condition, disables=True))
        form = any_form(any_question("a"), any_question("b"), asked)
        assert read_back(form, Names()) == (form, [])
    deep = Joined(operator="AND", operands=(Joined(operator="OR", operands=(yes, no)), yes))
    with pytest.raises(NotInYaml):
        yaml_of(any_form(any_question("c", enablement=Enablement(condition=deep))))


def test_a_form_goes_to_connect_and_comes_back_by_the_command(tmp_path: Path) -> None:
    folder = tmp_path / "harbour_bank"
    shutil.copytree(TENANTS / "harbour_bank", folder)
    runner = CliRunner()
    shown = runner.invoke(forms, ["export", str(folder), "every_call"], catch_exceptions=False)
    document = json.loads(shown.stdout)
    assert document["ScoringStrategy"] == {"Mode": "QUESTION_ONLY", "Status": "ENABLED"}
    (tmp_path / "again.json").write_text(json.dumps(document), encoding="utf-8")
    arguments = ["import", str(tmp_path / "again.json"), str(folder)]
    assert "wrote" in runner.invoke(forms, arguments, catch_exceptions=False).stdout
    found = {each.name: each for each in book_from(folder).scorecards}
    assert {each.ref for each in found["again"].questions} == {each.ref for each in found["every_call"].questions}
    assert runner.invoke(forms, arguments).exit_code != 0  # what is there stays


@pytest.mark.parametrize("content", ["{", "[]", '{"Title": "x"}'])
def test_what_is_no_form_writes_nothing(tmp_path: Path, content: str) -> None:
    folder = tmp_path / "harbour_bank"
    shutil.copytree(TENANTS / "harbour_bank", folder)
    (tmp_path / "bad.json").write_text(content, encoding="utf-8")
    assert CliRunner().invoke(forms, ["import", str(tmp_path / "bad.json"), str(folder)]).exit_code != 0
    assert not (folder / "scorecards" / "bad.yaml").exists()
