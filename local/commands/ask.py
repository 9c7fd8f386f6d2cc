"""``sotto ask``: a question about figures, the form that was understood, and what it gives."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from local.commands.history import FACTS, TENANT
from local.metric_meaning import EncodedMeaning
from sotto.analytics.adapters.duckdb_database import DuckDbDatabase
from sotto.analytics.adapters.readers import LyingFacts
from sotto.analytics.analyst.find_metric import lexicon_of
from sotto.analytics.analyst.understand import REASONS, Analyst, Refused, Understood, Values
from sotto.analytics.definition.metric import Catalogue
from sotto.analytics.definition.read import read_metrics, shipped
from sotto.analytics.query.answer import QueryPorts, answer, conversations_behind
from sotto.analytics.query.form import Form, Period, form_from
from sotto.analytics.query.show import answer_shape, form_line, notes, sentence, text_chart
from sotto.analytics.query.values import values_of
from sotto.core.errors import Rejected

VALUES_DAYS = 90


class NoHistory(Rejected):
    """There is nothing to ask about."""


@click.command()
@click.argument("questions", nargs=-1)
@click.option("--facts", type=click.Path(path_type=Path), default=FACTS, show_default=True)
@click.option("--tenant", default=TENANT, show_default=True)
@click.option("--tenants", type=click.Path(path_type=Path), default=Path("tenants"), help="Where its metrics are.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="What 'last week' is reckoned from.")
@click.option("--form", "given", help="A form as JSON, as --json prints it, instead of a question.")
@click.option("--behind", is_flag=True, help="Ids of conversations behind the figure.")
@click.option("--metrics", "listed", is_flag=True, help="What can be asked.")
@click.option("--json", "as_json", is_flag=True, help="The answer with its Vega-Lite chart, a line for each question.")
def ask(
    questions: tuple[str, ...],
    facts: Path,
    tenant: str,
    tenants: Path,
    today: datetime | None,
    given: str | None,
    behind: bool,
    listed: bool,
    as_json: bool,
) -> None:
    """Answer QUESTIONS, one after the other: later ones may follow earlier ones ("and by team?")."""
    catalogue = catalogue_of(tenants / tenant)
    if listed:
        for metric in catalogue.metrics.values():
            click.echo(f"{metric.title:<42} {metric.note}")
        return
    if not questions and given is None:
        raise click.UsageError("ask a question, such as: sotto ask 'AHT by team last week'")
    if not (facts / tenant).is_dir():
        raise NoHistory(f"{facts} holds no facts of {tenant}; make some with: sotto history make")
    at = today.date() if today is not None else datetime.now(UTC).date()
    ports = QueryPorts(LyingFacts(facts), DuckDbDatabase())
    shown = _Shown(tenant, catalogue, ports, behind, as_json)
    if given is not None:
        shown.show(form_from(_json(given)))
    refused = _answer(questions, at, shown)
    if refused:
        raise SystemExit(2)


def catalogue_of(folder: Path) -> Catalogue:
    """Shipped metrics and the tenant's own. Raises MetricsMistaken."""
    return read_metrics(sorted((folder / "metrics").glob("*.yaml")), shipped())


class _Shown:
    def __init__(self, tenant: str, catalogue: Catalogue, ports: QueryPorts, behind: bool, as_json: bool) -> None:
        self.tenant, self.catalogue, self.ports = tenant, catalogue, ports
        self._behind, self._as_json = behind, as_json

    def values(self, today: date) -> Values:
        period = Period(today.isoformat(), today.isoformat())
        return values_of(self.tenant, Period(period.moved(-VALUES_DAYS).first, period.last), self.ports)

    def show(self, form: Form) -> None:
        found = answer(self.tenant, form, self.catalogue, self.ports)
        there = conversations_behind(self.tenant, form, self.catalogue, self.ports) if self._behind else None
        ids = None if there is None else [each.conversation for each in there]
        if self._as_json:
            click.echo(json.dumps(answer_shape(found) | ({"conversations": ids} if ids is not None else {})))
            return
        click.secho(form_line(form), dim=True)
        click.secho(sentence(found), bold=True)
        for line in text_chart(found):
            click.echo(f"  {line}")
        for note in notes(found):
            click.secho(f"  {note}", fg="yellow")
        for each in ids or ():
            click.echo(f"  {each}")

    def refuse(self, refused: Refused) -> None:
        if self._as_json:
            click.echo(json.dumps({"refused": refused.reason, "ask": list(refused.ask)}))
            return
        click.echo(f"{REASONS[refused.reason]}; ask for example: {'; '.join(refused.ask)}")


def _answer(questions: tuple[str, ...], today: date, shown: _Shown) -> bool:
    """Whether one was refused."""
    if not questions:
        return False
    analyst = Analyst(shown.catalogue, lexicon_of(shown.catalogue), EncodedMeaning())
    values, before, refused = shown.values(today), None, False
    for question in questions:
        found = analyst.understand(question, today=today, values=values, before=before)
        match found:
            case Understood(form):
                before = form
                shown.show(form)
            case Refused():
                refused = True
                shown.refuse(found)
    return refused


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise click.UsageError(f"--form: not JSON: {error}") from None
