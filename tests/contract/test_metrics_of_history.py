"""Contract: shipped metrics over a synthetic history, in DuckDB, by both dialects' SQL; what figures rest on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sqlglot

from sotto.analytics.adapters.duckdb_database import DuckDbDatabase
from sotto.analytics.adapters.duckdb_parquet import DuckDbParquet
from sotto.analytics.adapters.folder_files import FolderFiles
from sotto.analytics.adapters.readers import LyingFacts
from sotto.analytics.definition.read import shipped
from sotto.analytics.history.make import Asked, synthetic_days
from sotto.analytics.history.plan import bank
from sotto.analytics.history.write import write_history
from sotto.analytics.query.answer import QueryPorts, answer, conversations_behind
from sotto.analytics.query.compile import Place, figures
from sotto.analytics.query.form import Compare, Filter, Form, Period

ASKED = Asked(600, 30, "2026-11-30")
NOVEMBER = Period("2026-11-01", "2026-11-30")
METRICS = shipped()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("history")
    list(write_history("bank", bank(), ASKED, FolderFiles(made), DuckDbParquet()))
    return made


@pytest.fixture
def ports(folder: Path) -> QueryPorts:
    return QueryPorts(LyingFacts(folder), DuckDbDatabase())


@pytest.mark.parametrize("name", sorted(METRICS.metrics))
def test_every_shipped_metric_has_a_figure_the_same_in_both_dialects(name: str, ports: QueryPorts) -> None:
    metric = METRICS.metric(name)
    form = Form(name, NOVEMBER, ("team",))
    found = answer("bank", form, METRICS, ports)
    assert found.total.value is not None and found.synthetic and not found.doubled
    assert {each.key[0] for each in found.figures} >= {"service", "retention"}
    athena = figures(form, metric, Place("athena", None, None))
    back = sqlglot.transpile(athena, read="athena", write="duckdb")[0]
    files = ports.facts.files("bank", metric.fact, NOVEMBER.and_after(metric.days_after).each_day()).files
    rows = ports.database.rows(back, metric.fact, files)
    # DuckDB adds approximate quantiles up in another order with each run.
    near = 0.05 if metric.expression.find(sqlglot.exp.ApproxQuantile) else 1e-9
    assert [pytest.approx(each.value, rel=near) for each in found.figures] == [row[1] for row in rows]


def test_a_figure_is_what_counting_by_hand_gives(ports: QueryPorts) -> None:
    rows = [dict(each.rows["conversation"][0]) for _, day in synthetic_days(bank(), ASKED) for each in day]
    answered = [row for row in rows if row.get("handle_s") is not None]
    found = answer("bank", Form("average_handle_time", NOVEMBER, ("agent",)), METRICS, ports)
    assert found.total.value == pytest.approx(sum(row["handle_s"] for row in answered) / len(answered))  # type: ignore[misc]
    for figure in found.figures:
        own = [float(str(row["handle_s"])) for row in answered if row["agent"] == figure.key[0]]
        assert (figure.counted, figure.value) == (len(own), pytest.approx(sum(own) / len(own)))


def test_a_repeat_is_looked_for_after_the_period_and_counts_only_once_its_days_are_over(ports: QueryPorts) -> None:
    form = Form("repeat_contact_rate", Period("2026-11-01", "2026-11-15"))
    rows = [dict(each.rows["conversation"][0]) for _, day in synthetic_days(bank(), ASKED) for each in day]
    week = 7 * 86_400_000
    seen = [row for row in rows if str(row["day"]) <= "2026-11-22"]
    until = max(int(str(row["started_ms"])) for row in seen) - week
    rows = [row for row in rows if row.get("disposition")]
    counted = [row for row in rows if str(row["day"]) <= "2026-11-15" and int(str(row["started_ms"])) <= until]
    again = [
        row
        for row in counted
        if any(
            other["customer"] == row["customer"]
            and other["disposition"] == row["disposition"]
            and 0 < int(str(other["started_ms"])) - int(str(row["started_ms"])) <= week
            for other in rows
        )
    ]
    found = answer("bank", form, METRICS, ports)
    assert found.total.counted == len(counted)
    assert found.total.value == pytest.approx(len(again) / len(counted)) and again
    behind = [each.conversation for each in conversations_behind("bank", form, METRICS, ports, limit=200)]
    assert sorted(behind) == sorted(str(row["conversation"]) for row in again)


def test_the_planted_incident_is_the_busiest_day_of_its_subject(ports: QueryPorts) -> None:
    form = Form("conversations", NOVEMBER, ("day",), (Filter("disposition", ("dispute_opened",)),), highest=True)
    assert answer("bank", form, METRICS, ports).figures[0].key == ("2026-11-21",)


def test_a_comparison_sets_buckets_of_both_periods_side_by_side(ports: QueryPorts) -> None:
    form = Form("conversations", Period("2026-11-16", "2026-11-30"), ("day",), compare=Compare.PREVIOUS)
    earlier = answer(
        "bank", replace(form, period=Period("2026-11-01", "2026-11-15"), compare=Compare.NOTHING), METRICS, ports
    )
    found = answer("bank", form, METRICS, ports)
    assert [each.before for each in found.figures] == [each.value for each in earlier.figures]
    assert found.total.before == earlier.total.value


def test_a_missing_day_is_named_and_not_taken_for_a_quiet_one(folder: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(folder, tmp_path / "facts")
    (tmp_path / "facts/bank/conversation/dt=2026-11-10/part.parquet").unlink()
    ports = QueryPorts(LyingFacts(tmp_path / "facts"), DuckDbDatabase())
    assert answer("bank", Form("conversations", NOVEMBER), METRICS, ports).missing == ("2026-11-10",)


def test_a_conversation_that_lies_in_two_days_is_noticed(folder: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(folder, tmp_path / "facts")
    day = tmp_path / "facts/bank/conversation"
    shutil.copy(day / "dt=2026-11-10/part.parquet", day / "dt=2026-11-11/part.parquet")
    ports = QueryPorts(LyingFacts(tmp_path / "facts"), DuckDbDatabase())
    assert answer("bank", Form("conversations", NOVEMBER), METRICS, ports).doubled > 0


def test_another_tenant_has_no_figures(ports: QueryPorts) -> None:
    assert answer("garage", Form("conversations", NOVEMBER, ("team",)), METRICS, ports).total.value is None


def test_the_same_seed_makes_the_same_history_and_says_that_it_is_made_up() -> None:
    one, two = (list(synthetic_days(bank(), ASKED)) for _ in range(2))
    assert one == two
    assert list(synthetic_days(bank(), replace(ASKED, seed=2))) != one
    for _, day in one:
        for facts in day:
            assert all(row["synthetic"] is True for rows in facts.rows.values() for row in rows)


def test_the_database_reads_no_other_file(folder: Path) -> None:
    import duckdb

    file = folder / "bank/conversation/dt=2026-11-10/part.parquet"
    for hostile in ("read_text('/etc/passwd')", "read_parquet('s3://x/y')", "read_csv('http://127.0.0.1:9/x')"):
        with pytest.raises(duckdb.Error):
            DuckDbDatabase().rows(f"SELECT * FROM {hostile}", "conversation", [file])
    with pytest.raises(duckdb.Error):
        DuckDbDatabase().rows("SET enable_external_access=true", "conversation", [file])
