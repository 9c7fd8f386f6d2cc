"""``sotto learn``: from what agents corrected to a version that answers calls, and back."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import click

from local.aws.keys import keys_environment
from local.commands.rich_text import plain
from local.commands.terminal_text import show_line
from local.commands.utc import minute
from local.deployed import deployed_stack
from local.learning.grouping import LocalGrouping
from local.learning.releasing import RegistryReleasing
from local.learning.training import LocalTraining
from local.records import records_environment
from local.tenants import PublishedModels, endpoints_of
from sotto.learning.example import Example
from sotto.learning.gaps.decide import groups_of
from sotto.learning.gaps.gap import GapKind, GroupState
from sotto.learning.gaps.regroup import RegroupPorts, regroup
from sotto.learning.review import use_cases
from sotto.learning.rollout.roll import RollPorts, roll, take_back
from sotto.learning.run import Run
from sotto.learning.train import NoSuchRun, TrainPorts, decide, go_on
from sotto.models.registry import ModelVersion
from sotto.wiring.sotto import Sotto

REPOSITORY = Path(__file__).resolve().parents[2]
MODELS = Path(".sotto/learned")
MODEL = "intent"


@dataclass(frozen=True, slots=True)
class Learning:
    """``who``: as AWS knows the credentials."""

    sotto: Sotto
    train: TrainPorts
    roll: RollPorts
    who: str


@contextmanager
def learning(tenant: str, folder: Path | None = None, method: str = "head") -> Iterator[Learning]:
    """On the stack that the environment names. ``folder``: with the tenant's phrases; training alone needs it."""
    sotto = Sotto.of(records_environment() | keys_environment() | os.environ)
    with deployed_stack() as stack:

        def version_of(owner: str, model: str, release: str) -> ModelVersion | None:
            published = stack.registry.shelf(owner, model).published
            return next((each.version for each in published if each.version.version == release), None)

        published = PublishedModels(stack.s3, stack.bucket)
        training = LocalTraining(folder or Path(tenant), MODELS, REPOSITORY, published, version_of, method)
        releasing = RegistryReleasing(stack.models, training.archive, endpoints_of(stack.endpoint))
        train = TrainPorts(
            sotto.books,
            sotto.contacts,
            sotto.consents,
            sotto.examples,
            sotto.example_reviewers,
            sotto.example_sets,
            sotto.training_runs,
            training,
            releasing,
            sotto.audit_log,
            sotto.clock,
            sotto.new_intents,
        )
        rolling = replace(sotto.roll_ports, rollouts=releasing.rollouts)
        yield Learning(sotto, train, rolling, stack.publisher())


tenant_argument = click.argument("tenant", metavar="TENANT")
number_argument = click.argument("number", metavar="NUMBER", type=int)
why_option = click.option("--why", default="", metavar="TEXT", help="For the history; name no customer.")
as_option = click.option("--as", "reviewer", required=True, metavar="NAME", help="Whose votes they are.")


@click.group()
def learn() -> None:
    """Learn from what agents corrected: review examples, train, approve, roll out, take back.

    On the stack that the environment names: AWS_REGION and credentials; AWS_ENDPOINT_URL for an embedded one."""


@learn.command()
@tenant_argument
def status(tenant: str) -> None:
    """Examples by state, the last set, runs, and what has to be trained anew."""
    with learning(tenant) as found:
        sotto = found.sotto
        counts = use_cases.standing(tenant, sotto.example_review_ports)
        show_line("examples: " + ", ".join(f"{count} {state}" for state, count in counts.items()))
        latest = sotto.example_sets.latest(tenant)
        if latest is not None:
            show_line(f"set {latest.number}: {len(latest.learned)} learned, {len(latest.regression)} judged by")
        for out in sorted(use_cases.distrusted(tenant, sotto.example_reviewers)):
            show_line(f"not counted: {out} answered too many gold questions wrongly")
        for run in sotto.training_runs.runs(tenant):
            show_line(_line(run))
        for number, by_ms in sotto.example_sets.retrain_by(tenant).items():
            show_line(f"set {number}: something of it was erased; replace what learned from it by {minute(by_ms)}")


@learn.command()
@tenant_argument
@as_option
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 50))
def review(tenant: str, reviewer: str, limit: int) -> None:
    """What NAME looks at next, as JSON lines: what is worth most first."""
    with learning(tenant) as found:
        for each in use_cases.next_examples(tenant, reviewer, limit, found.sotto.example_review_ports):
            show_line(json.dumps(_shown(each), ensure_ascii=False))


@learn.command()
@tenant_argument
@click.argument("contact_id", metavar="CONTACT")
@click.argument("utterance_id", metavar="UTTERANCE")
@click.argument("label", metavar="[LABEL]", default="")
@as_option
def vote(tenant: str, contact_id: str, utterance_id: str, label: str, reviewer: str) -> None:
    """Say what an utterance is; without LABEL that it is an example of nothing."""
    with learning(tenant) as found:
        now = use_cases.vote(tenant, reviewer, contact_id, utterance_id, label, found.sotto.example_review_ports)
        show_line(f"{now.state.value} {now.label}".rstrip())


@learn.command()
@click.argument("folder", metavar="TENANT_DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--method",
    type=click.Choice(["head", "auto", "lora"]),
    default="head",
    show_default=True,
    help="head: seconds. auto: an adapter too, where it wins; minutes.",
)
def train(folder: Path, method: str) -> None:
    """Train on TENANT_DIR's phrases and the accepted examples, judge beside the live version, write the release card.

    A run that died goes on where it was. What passes its gates waits for approval, or is put into the shadow at once
    where tenant.yaml says updates: auto."""
    tenant = folder.resolve().name
    with learning(tenant, folder, method) as found:
        run = go_on(tenant, MODEL, found.train)
        click.echo(plain(str(run.card.get("text", ""))), nl=False)
        show_line(_line(run))


@learn.command()
@tenant_argument
@click.argument("number", metavar="[NUMBER]", type=int, required=False)
@click.option("--json", "as_json", is_flag=True, help="Every figure, for programs.")
def gates(tenant: str, number: int | None, as_json: bool) -> None:
    """The release card of a run; of the last one without NUMBER."""
    with learning(tenant) as found:
        runs = found.sotto.training_runs.runs(tenant)
        run = next((each for each in runs if number is None or each.number == number), None)
        if run is None or "text" not in run.card:
            raise NoSuchRun("NUMBER: there is no run of this number with a release card")
        card = {name: value for name, value in run.card.items() if name != "text"}
        click.echo(json.dumps(card, indent=2) if as_json else plain(str(run.card["text"])))


@learn.command()
@click.argument("folder", metavar="TENANT_DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
def group(folder: Path) -> None:
    """Group what customers want that no intent is for, and what agents asked that no article answers.

    People accept, merge or ignore groups in the manager's app; what they decided stands whenever this is run again."""
    tenant = folder.resolve().name
    with learning(tenant, folder) as found:
        sotto = found.sotto
        grouping = LocalGrouping(folder, REPOSITORY)
        ports = RegroupPorts(sotto.gaps, grouping, sotto.books, sotto.contacts, sotto.consents, sotto.clock)
        for kind in GapKind:
            done = regroup(tenant, kind, ports)
            left = "".join(f", {count} {why}" for why, count in done.left_out.items())
            latest = f" (the latest {done.grouped})" if done.grouped < done.found else ""
            show_line(
                f"{kind.value}: {done.found} found{latest}, {done.open} groups wait, "
                f"{done.joined} are like what was decided on{left}"
            )


@learn.command("new-intents")
@tenant_argument
@click.option("--articles", is_flag=True, help="Questions without an article instead.")
def new_intents(tenant: str, articles: bool) -> None:
    """Groups that wait for somebody to accept, merge or ignore them, as JSON lines: those of most calls first."""
    kind = GapKind.ARTICLE if articles else GapKind.INTENT
    with learning(tenant) as found:
        for each in groups_of(tenant, kind, GroupState.OPEN, found.sotto.decide_ports):
            row = {"group": each.id, "phrases": each.phrases, "calls": each.calls, "members": each.members}
            show_line(json.dumps(row | {"nearest": each.nearest, "near": each.near}, ensure_ascii=False))


@learn.command()
@tenant_argument
@number_argument
@why_option
def approve(tenant: str, number: int, why: str) -> None:
    """Put the version of run NUMBER, which passed its gates, into the shadow."""
    with learning(tenant) as found:
        show_line(_line(decide(tenant, number, found.who, found.train, approved=True, why=why)))


@learn.command()
@tenant_argument
@number_argument
@why_option
def refuse(tenant: str, number: int, why: str) -> None:
    """Leave everything as it is."""
    with learning(tenant) as found:
        show_line(_line(decide(tenant, number, found.who, found.train, approved=False, why=why)))


@learn.command("roll")
@tenant_argument
@number_argument
def roll_(tenant: str, number: int) -> None:
    """The next step of a version: from the shadow to 10 % of the calls, 30, 50, all of them; or back, by itself.

    May be run as often as you like, by a timetable too: the tests bear being looked at."""
    with learning(tenant) as found:
        run, judged = roll(tenant, number, found.roll)
        figures = " ".join(f"{name}={value:.3g}" for name, value in judged.figures.items())
        show_line(f"{_line(run)}  ({judged.why}; {figures})" if figures else f"{_line(run)}  ({judged.why})")


@learn.command()
@tenant_argument
@number_argument
@why_option
def back(tenant: str, number: int, why: str) -> None:
    """Take a version that is on trial back now: the live one answers all calls again, within 30 s."""
    with learning(tenant) as found:
        run = found.sotto.training_runs.run(tenant, number)
        if run is None or run.stage.is_over or not run.percent:
            raise NoSuchRun("NUMBER: no run of this number is on trial; a live one goes by 'sotto adapters rollback'")
        show_line(_line(take_back(run, why or f"by {found.who}", found.roll)))


def _line(run: Run) -> str:
    share = f" at {run.percent} %" if run.percent else ""
    because = f": {run.why}" if run.why else ""
    return f"run {run.number} of {run.tenant}/{run.model} {run.release}: {run.stage.value}{share}{because}"


def _shown(each: Example) -> dict[str, object]:
    return {
        "contact": each.contact_id,
        "utterance": each.utterance_id,
        "text": each.text,
        "proposed": each.proposed,
        "source": each.source.value,
        "confidence": each.confidence,
        "warnings": list(each.warnings),
    }
