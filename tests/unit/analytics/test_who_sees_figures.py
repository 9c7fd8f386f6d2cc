"""Unit: figures of what the caller may see, whatever the form says."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.analytics.adapters.duckdb_database import DuckDbDatabase
from sotto.analytics.adapters.duckdb_parquet import DuckDbParquet
from sotto.analytics.adapters.folder_files import FolderFiles
from sotto.analytics.adapters.readers import LyingFacts
from sotto.analytics.definition.read import shipped
from sotto.analytics.facts.tables import TABLES, FactTable
from sotto.analytics.history.make import Asked
from sotto.analytics.history.plan import bank
from sotto.analytics.history.write import write_history
from sotto.analytics.query.answer import QueryPorts
from sotto.analytics.query.form import Compare, Filter, Form, Period
from sotto.api.analytics.access import scoped
from sotto.api.analytics.use_cases import FigurePorts, behind_figure, figures_of, latest_anomalies
from sotto.api.caller import Caller, Role, Unauthorised
from sotto.core.audit import AuditAction
from tests.fakes.audit_log import AuditLogInMemory
from tests.fakes.clock import ClockByHand
from tests.fakes.figures import analyst_of_words, figure_ports

NOW_MS = 1_796_040_000_000  # 30 November 2026
PERIOD = Period("2026-11-24", "2026-11-30")
SUPERVISOR = Caller("bank", "ada", Role.SUPERVISOR, frozenset({"service"}))
EMMA = Caller("bank", "emma", Role.AGENT)


@dataclass
class Office:
    ports: FigurePorts
    audit: AuditLogInMemory = field(default_factory=AuditLogInMemory)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("facts")
    for tenant, seed in (("bank", 1), ("garage", 2)):
        list(write_history(tenant, bank(), Asked(150, 7, "2026-11-30", seed), FolderFiles(made), DuckDbParquet()))
    return made


@pytest.fixture
def office(folder: Path) -> Office:
    metrics, audit = shipped(), AuditLogInMemory()
    query = QueryPorts(LyingFacts(folder), DuckDbDatabase())
    ports = FigurePorts(lambda tenant: metrics, analyst_of_words, query, audit, ClockByHand(NOW_MS))
    return Office(ports, audit)


def keys(form: Form, caller: Caller, office: Office) -> set[str | None]:
    return {each.key[0] for each in figures_of(form, caller, office.ports).figures}


def test_a_supervisor_sees_the_teams_that_are_his(office: Office) -> None:
    assert keys(Form("conversations", PERIOD, ("team",)), SUPERVISOR, office) == {"service"}
    other = Form("conversations", PERIOD, ("team",), (Filter("team", ("retention",)),))
    assert keys(other, SUPERVISOR, office) == set()
    everything_else = Form("conversations", PERIOD, ("team",), (Filter("team", ("service",), without=True),))
    assert keys(everything_else, SUPERVISOR, office) == set()


def test_an_agent_sees_himself(office: Office) -> None:
    assert keys(Form("conversations", PERIOD, ("agent",)), EMMA, office) == {"emma"}


def test_who_supervises_no_team_sees_nothing(office: Office) -> None:
    with pytest.raises(Unauthorised):
        figures_of(Form("conversations", PERIOD), Caller("bank", "ada", Role.SUPERVISOR), office.ports)


def test_conversations_behind_a_figure_are_the_same_scope_and_leave_an_entry(office: Office) -> None:
    form = Form("conversations", PERIOD)
    mine, all_of_team = (
        {each.conversation for each in behind_figure(form, who, office.ports, limit=200)} for who in (EMMA, SUPERVISOR)
    )
    assert mine and mine < all_of_team
    actions = [(each.who, each.action, each.record) for each in office.audit.entries("bank", 0, NOW_MS + 1)]
    assert ("emma", AuditAction.FIGURE_OPENED, "metric/conversations") in actions


def test_made_up_conversations_of_the_period_before_are_named_too(office: Office) -> None:
    after_them = Form("conversations", Period("2026-12-01", "2026-12-07"), compare=Compare.WEEK)
    found = figures_of(after_them, EMMA, office.ports)
    assert found.total.counted == 0 and found.total.before and found.synthetic


def test_the_form_is_shown_as_it_was_asked(office: Office) -> None:
    form = Form("conversations", PERIOD)
    assert figures_of(form, EMMA, office.ports).form == form


names = st.sampled_from(["service", "retention", "x", "' OR 1=1 --"])
filters = st.lists(st.builds(Filter, st.just("team"), st.tuples(names), st.booleans()), max_size=3).map(tuple)


@given(filters, st.frozensets(names, min_size=1))
def test_whatever_a_form_filters_the_scope_stays_beside_it(written: tuple[Filter, ...], teams: frozenset[str]) -> None:
    form = scoped(Form("conversations", PERIOD, filters=written), Caller("bank", "ada", Role.SUPERVISOR, teams))
    assert form.filters == (*written, Filter("team", tuple(sorted(teams))))


def test_what_is_out_of_the_ordinary_is_looked_for_in_what_the_caller_sees(tmp_path: Path) -> None:
    noon_ms = NOW_MS
    make_conversations(tmp_path, "bank", "2026-11-30", conversations=400, days=25)
    ports = figure_ports(tmp_path, AuditLogInMemory(), ClockByHand(noon_ms))
    of_team, of_all = (latest_anomalies(who, ports) for who in (SUPERVISOR, Caller("bank", "ana", Role.ANALYST)))
    assert of_team.can_tell and 0 < of_team.looked_at < of_all.looked_at
    early = figure_ports(tmp_path, AuditLogInMemory(), ClockByHand(noon_ms - 15 * 86_400_000))
    assert not latest_anomalies(SUPERVISOR, early).can_tell
    with pytest.raises(Unauthorised):
        latest_anomalies(Caller("bank", "ada", Role.SUPERVISOR), ports)


def make_conversations(folder: Path, tenant: str, last: str, *, conversations: int, days: int) -> None:
    """The fact of conversations alone, which takes a tenth of the time."""
    alone = _ConversationsAlone(folder)
    list(write_history(tenant, bank(), Asked(conversations, days, last), alone, alone))


class _ConversationsAlone(FolderFiles):
    """And a ParquetWriter."""

    def write(self, table: FactTable, lines: Path, file: Path) -> None:
        if table is TABLES["conversation"]:
            DuckDbParquet().write(table, lines, file)

    def put(self, tenant: str, fact: str, day: str, file: Path) -> None:
        if fact == "conversation":
            super().put(tenant, fact, day, file)
