"""``sotto leads``: how likely a lead buys, and why."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from local.commands.terminal_text import show_line
from sotto.core.clock import SystemClock
from sotto.core.errors import Rejected
from sotto.leads.features import BadLead, inferred
from sotto.leads.learner import Learner
from sotto.leads.model import LeadModel, LeadScore, model_from
from sotto.leads.prequential import Judged, Quality, quality, scored
from sotto.leads.table import Outcome, at_line, leads_of

SHOWN_EACH = 5_000
JUDGED = 5
"""One of so many leads, the last ones, says how good scores are; features are found without them."""
MODEL = "lead-model.json"
model_option = click.option(
    "--model", type=click.Path(dir_okay=False, path_type=Path), default=Path(MODEL), show_default=True
)


class LeadProblem(Rejected):
    """What was asked for is not there, or cannot be written."""


@click.group()
def leads() -> None:
    """Score leads: the chance that they buy, with reasons in points that add up.

    \b
    sotto leads fit calls.csv --outcome y=yes --without duration
    sotto leads score --lead '{"age": 34, "job": "student"}'
    """


@leads.command()
@click.argument("file", metavar="FILE.csv", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--outcome", required=True, metavar="COLUMN=VALUE", help="What a lead that bought has there.")
@click.option(
    "--without", default="", metavar="A,B", help="Columns to leave out, such as what is known only afterwards."
)
@click.option(
    "--delay",
    type=click.IntRange(0, 100_000),
    default=50,
    show_default=True,
    help="Leads that come before an outcome is known.",
)
@click.option("--days", type=click.IntRange(1, 365), default=30, show_default=True, help="Until scores expire.")
@model_option
def fit(file: Path, outcome: str, without: str, delay: int, days: int, model: Path) -> None:
    """Learn from FILE.csv, whose rows are in the order of time; say how good scores of its last fifth were."""
    wanted, left_out = Outcome.written(outcome), tuple(filter(None, without.split(",")))
    rows = list(leads_of(file, wanted))
    if not rows:
        raise LeadProblem(f"{file} has no leads")
    features, constant = inferred([row for _, row, _ in rows[: len(rows) - len(rows) // JUDGED]], left_out)
    if not features:
        raise LeadProblem(f"{file} has no column to learn from")
    learner = Learner(features, wanted.column)
    judged = list(_judged(file, rows, learner, delay))
    last = quality(judged[len(rows) - max(1, len(rows) // JUDGED) :])
    model.write_text(learner.model(SystemClock().now_ms(), days).as_json() + "\n", encoding="utf-8")
    if constant:
        show_line(f"left out, as they tell nothing: {', '.join(constant)}")
    for line in _judgement(last):
        show_line(line)
    show_line(f"{model}: {len(features)} features, learnt from {learner.learnt_from:,} leads")


@leads.command()
@click.option("--lead", "given", required=True, metavar="JSON", help="What is known of the lead, by column.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@model_option
def score(given: str, as_json: bool, model: Path) -> None:
    """Say how likely a lead buys, between what, and what each feature adds."""
    read = _model(model)
    try:
        lead = json.loads(given)
    except ValueError as error:
        raise LeadProblem("--lead: this is no JSON") from error
    if not isinstance(lead, dict):
        raise LeadProblem('--lead: write an object, such as {"age": 34}')
    found = read.score(lead)
    if as_json:
        click.echo(json.dumps(_shape(found), ensure_ascii=False))
        return
    for line in _explained(found, SystemClock().now_ms()):
        show_line(line)


def _judged(
    file: Path, rows: list[tuple[int, Mapping[str, str], bool]], learner: Learner, delay: int
) -> Iterator[Judged]:
    at = 0

    def watched() -> Iterator[tuple[Mapping[str, Any], bool]]:
        nonlocal at
        for number, (line, row, bought) in enumerate(rows):
            if number and number % SHOWN_EACH == 0:
                click.echo(f"  {number:,} of {len(rows):,} leads", err=True)
            at = line
            yield row, bought

    try:
        yield from scored(watched(), learner, delay=delay)
    except BadLead as error:
        raise at_line(file, at, error) from error


def _judgement(found: Quality) -> list[str]:
    auc = "all of them did the same" if found.auc is None else f"AUC {found.auc:.3f} (.5 is chance)"
    better = "better" if found.brier < found.brier_of_mean else "no better"
    return [
        f"the last {found.leads:,} leads, scored before their outcome was known; {found.bought:.1%} bought",
        f"  {auc}; Brier score {found.brier:.4f}, {better} than the mean's {found.brier_of_mean:.4f}",
    ]


def _explained(found: LeadScore, now_ms: float) -> list[str]:
    width = max((len(term.feature) for term in found.terms), default=0)
    lines = [
        f"score {found.score:.1f} of 100, between {found.low:.1f} and {found.high:.1f} (90 %)",
        f"  {found.base:+6.1f}  {'a lead as most are':<{width}}",
    ]
    ordered = sorted(found.terms, key=lambda term: -abs(term.points))
    lines += [f"  {term.points:+6.1f}  {term.feature:<{width}}  {term.slot}" for term in ordered]
    if found.ignored:
        lines.append(f"ignored, as the model does not know it: {', '.join(found.ignored)}")
    if now_ms > found.expires_at_ms:
        lines.append("this model has expired: fit it anew")
    return lines


def _shape(found: LeadScore) -> dict[str, Any]:
    return {
        "score": found.score,
        "low": found.low,
        "high": found.high,
        "base": found.base,
        "terms": [{"feature": each.feature, "slot": each.slot, "points": each.points} for each in found.terms],
        "ignored": list(found.ignored),
        "version": found.version,
        "expires_at_ms": found.expires_at_ms,
    }


def _model(path: Path) -> LeadModel:
    if not path.exists():
        raise LeadProblem(f"{path} is not there; make it with: sotto leads fit FILE.csv --outcome COLUMN=VALUE")
    return model_from(path.read_text(encoding="utf-8"))
