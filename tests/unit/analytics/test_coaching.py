"""Unit: agents beside their team's top quarter; what guidance goes with, in worlds whose truth is known."""

from __future__ import annotations

import random
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.analytics.adapters.duckdb_database import DuckDbDatabase
from sotto.analytics.coaching.beside import LEAST_ROWS, Counted, standings, wilson
from sotto.analytics.coaching.effect import Outcome, effects
from sotto.analytics.query.form import Filter, Form, Period
from sotto.api.analytics.use_cases import behind_figure, coached
from sotto.api.caller import Caller, Unauthorised
from sotto.api.roles import Role
from sotto.core.audit import AuditAction
from tests.fakes.audit_log import AuditLogInMemory
from tests.fakes.clock import ClockByHand
from tests.fakes.figures import figure_ports, make_history

GROUPS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 60)), min_size=1, max_size=12)


@given(GROUPS)
def test_a_gap_is_surely_below_the_top_quarter_and_small_numbers_have_none(group: list[tuple[int, int]]) -> None:
    counted = [
        Counted("m", "i", "t", f"a{place}", min(done, rows) / rows, rows) for place, (done, rows) in enumerate(group)
    ]
    found = standings(counted)
    known = [each for each in counted if each.rows >= LEAST_ROWS]
    assert {each.of.agent for each in found} == {each.agent for each in counted}
    for each in found:
        if each.of.rows < LEAST_ROWS:
            assert each.top is None and not each.is_gap
            continue
        assert 0 <= each.low <= each.of.share <= each.high <= 1
        assert min(e.share for e in counted) - 1e-9 <= each.team <= max(e.share for e in counted) + 1e-9
        assert (each.top is None) == (len(known) < 3)
        if each.top is not None:
            assert each.top >= sorted(e.share for e in known)[len(known) * 3 // 4 - (len(known) >= 4)] - 1e-9
        assert each.is_gap == (each.top is not None and each.high < each.top)


def test_teams_and_behaviours_are_not_mixed() -> None:
    counted = [
        Counted("m", name, team, f"{team}{place}", share, 100)
        for name, team, shares in (("i", "x", (0.9, 0.85, 0.7, 0.2)), ("i", "y", (0.3, 0.3, 0.3, 0.3)))
        for place, share in enumerate(shares)
    ]
    gaps = {(each.of.agent, each.top) for each in standings(counted) if each.is_gap}
    assert gaps == {("x3", 0.9), ("x2", 0.9)}


def test_wilsons_interval_is_as_published() -> None:
    """Newcombe (1998), table I: 81 of 263, and 1 of 29."""
    assert [round(each, 4) for each in wilson(81 / 263, 263)] == [0.2553, 0.3662]
    assert [round(each, 4) for each in wilson(1 / 29, 29)] == [0.0061, 0.1718]


def world(seed: int, truth: float, calls: int) -> list[Outcome]:
    """Who is skilled uses it more and loses fewer customers anyway; ``truth``: what using it changes."""
    draw = random.Random(seed)
    found = []
    for _ in range(calls):
        agent = draw.randrange(5)
        used = draw.random() < 0.2 + 0.15 * agent
        bad = draw.random() < 0.6 - 0.1 * agent + (truth if used else 0.0)
        found.append(Outcome("offer", (str(agent), "0"), used, bad))
    return found


@pytest.mark.parametrize("truth", [0.0, -0.15])
def test_the_interval_holds_the_truth_about_as_often_as_it_says_though_the_plain_difference_misleads(
    truth: float,
) -> None:
    held, plain = 0, 0.0
    for seed in range(300):
        (found,) = effects(world(seed, truth, 400))
        assert found.low is not None and found.high is not None
        held += found.low <= truth <= found.high
        plain += (found.used_bad - found.unused_bad) / 300
    assert 0.92 <= held / 300 <= 0.98
    assert plain < truth - 0.05, "without strata skill would be taken for an effect of guidance"


@settings(max_examples=100)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.booleans(), st.booleans()), max_size=60))
def test_of_few_conversations_nothing_is_said(rows: list[tuple[str, bool, bool]]) -> None:
    outcomes = [Outcome("offer", (agent,), used, bad) for agent, used, bad in rows]
    for each in effects(outcomes):
        assert each.used + each.unused == len(outcomes)
        few = min(each.used, each.unused) < 20
        assert not few or (each.difference is None and not each.can_tell)


def test_a_supervisor_coaches_their_teams_and_an_agent_nobody(tmp_path: Path) -> None:
    make_history(tmp_path, "bank", "2026-09-21", conversations=200, days=2)
    audit = AuditLogInMemory()
    ports = figure_ports(tmp_path, audit, ClockByHand(1))
    period = Period("2026-09-20", "2026-09-21")
    ada = Caller("bank", "ada", Role.SUPERVISOR, frozenset({"service"}))
    found = coached(period, None, ada, ports)
    assert {each.of.team for each in found.standings} == {"service"} and found.synthetic and found.effects
    assert {each.of.metric for each in found.standings} == {
        "checklist_adherence", "adoption_rate", "full_marks_rate",
    }  # fmt: skip
    assert [each.action for each in audit.all] == [AuditAction.FIGURE_READ]
    everybody = coached(period, None, Caller("bank", "quinn", Role.QUALITY), ports)
    assert {each.of.team for each in everybody.standings} == {"service", "retention"}
    assert coached(period, None, Caller("garage", "quinn", Role.QUALITY), ports).standings == ()  # no files, no query
    for role in (Role.AGENT, Role.ADMIN, Role.AUTHOR, Role.AUDITOR):
        with pytest.raises(Unauthorised):
            coached(period, None, Caller("bank", "emma", role, frozenset({"service"})), ports)


def test_answers_of_quality_forms_are_gaps_too_and_each_leads_to_the_calls_that_show_it(tmp_path: Path) -> None:
    make_history(tmp_path, "bank", "2026-09-21", conversations=300, days=2)
    ports, quinn = figure_ports(tmp_path, AuditLogInMemory(), ClockByHand(1)), Caller("bank", "quinn", Role.QUALITY)
    period = Period("2026-09-20", "2026-09-21")
    found = [each for each in coached(period, None, quinn, ports).standings if each.of.metric == "full_marks_rate"]
    assert {each.of.name for each in found} == {"greeting", "identity", "empathy", "recap", "further_help"}
    worst = min((each for each in found if each.of.rows >= LEAST_ROWS), key=lambda each: each.of.share)
    filters = (Filter("question", (worst.of.name,)), Filter("agent", (worst.of.agent,)))
    behind = behind_figure(Form("full_marks_rate", period, (), filters), quinn, ports, limit=3)
    assert 0 < len(behind) <= 3 and {each.agent for each in behind} == {worst.of.agent}


def test_days_that_were_written_before_a_column_was_known_are_counted_as_not_knowing_it(tmp_path: Path) -> None:
    old, new = tmp_path / "old.parquet", tmp_path / "new.parquet"
    for file, columns in ((old, "'c1' AS conversation"), (new, "'c2' AS conversation, true AS full_marks")):
        duckdb.sql(f"COPY (SELECT {columns}) TO '{file}' (FORMAT parquet)")
    counted = "SELECT count(*), count(full_marks), count(question) FROM answer"
    assert DuckDbDatabase().rows(counted, "answer", [old]) == [(1, 0, 0)]
    assert DuckDbDatabase().rows(counted, "answer", [old, new]) == [(2, 1, 0)]
