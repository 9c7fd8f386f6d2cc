"""``sotto forms``: quality forms from and to Connect."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from ruamel.yaml import YAML

from local.commands.terminal_text import show_line
from sotto.core.errors import Rejected
from sotto.scorecards.connect_export import exported
from sotto.scorecards.connect_import import imported
from sotto.scorecards.yaml_form import NotInYaml, yaml_of
from sotto.tenants.reading.scorecards import FOLDER
from sotto.tenants.scorecards.checks import Names
from sotto.wiring.publishing import book_from

folder_argument = click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))


class FormProblem(Rejected):
    """What was asked for is not there, or cannot be written."""


@click.group()
def forms() -> None:
    """Quality forms of a tenant, from and to Connect's evaluation forms."""


@forms.command("export")
@folder_argument
@click.argument("name")
def export_form(folder: Path, name: str) -> None:
    """Print what Connect's CreateEvaluationForm takes, without InstanceId; what it has no word for goes to stderr."""
    known = {form.name: form for form in book_from(folder).scorecards}
    if name not in known:
        raise FormProblem(f"{folder.name} has no form '{name}'; it has {', '.join(known) or 'none'}")
    made = exported(known[name])
    click.echo(json.dumps(made.document, indent=2, ensure_ascii=False))
    for place in made.left_out:
        click.echo(f"left out: {place}", err=True)


@forms.command("import")
@click.argument("file", metavar="FILE.json", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@folder_argument
@click.option("--name", help="Of the form; the file's name if not given.")
def import_form(file: Path, folder: Path, name: str | None) -> None:
    """Write DIR/scorecards/NAME.yaml of what DescribeEvaluationForm gave. A file that is there stays as it is."""
    target = folder / FOLDER / f"{name or file.stem}.yaml"
    if target.exists():
        raise FormProblem(f"{target} is there already; choose another --name")
    found = imported(_document(file), target.stem, Names.of(book_from(folder).playbook))
    try:
        written = yaml_of(found.form)
    except NotInYaml as error:
        raise FormProblem(f"{error}: its condition is deeper than YAML's 'only_if'; simplify it in Connect") from error
    target.parent.mkdir(exist_ok=True)
    with target.open("x", encoding="utf-8") as opened:
        _yaml().dump(written, opened)
    show_line(f"wrote {target}")
    for place in found.left_out:
        show_line(f"left out: {place}")


def _document(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise FormProblem(f"{file} is no JSON: {type(error).__name__}") from error


def _yaml() -> YAML:
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 120
    return yaml
