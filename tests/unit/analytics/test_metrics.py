"""Unit: metrics as they are written: what is refused, with its line, and what SQL they become."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlglot

from sotto.analytics.definition.metric import Catalogue
from sotto.analytics.definition.read import MetricsMistaken, read_metrics, shipped
from sotto.analytics.query.compile import Place, behind, figures
from sotto.analytics.query.form import BadForm, Compare, Filter, Form, Period, form_from, form_shape

NOVEMBER = Period("2026-11-01", "2026-11-30")
GOOD = """\
version: 1
metrics:
  one:
    title: One
    note: A note.
    fact: conversation
    expression: avg(handle_s)
    unit: s
"""


def read(folder: Path, text: str, base: Catalogue | None = None) -> Catalogue:
    file = folder / "metrics" / "mine.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    return read_metrics([file], base)


def refused(folder: Path, text: str) -> str:
    with pytest.raises(MetricsMistaken) as found:
        read(folder, text)
    return str(found.value)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("avg(handel_s)", "metrics/mine.yaml:7:17: unknown column 'handel_s'; did you mean 'handle_s'?"),
        ("avg(handle_s) from secrets", "write one expression"),
        ("(select max(handle_s) from secrets)", "'subquery' is not allowed"),
        ("sum(handle_s); drop table x", "write one expression"),
        ("max(read_text('/etc/passwd'))", "is not allowed in a metric"),
        ("handle_s", "nothing adds rows up"),
        ("sum(handle_s) + talk_s", "column 'talk_s' is of one row"),
        ("avg(other.handle_s)", "without a table"),
        ("avg(", "no SQL expression"),
        ("'" + "x" * 2_000 + "'", "at most 1000 characters"),
    ],
)
def test_an_expression_that_does_more_than_count_is_refused_with_its_line(
    tmp_path: Path, expression: str, message: str
) -> None:
    said = refused(tmp_path, GOOD.replace("avg(handle_s)", expression))
    assert message in said and "mine.yaml:7:" in said


def test_a_circle_of_metrics_is_refused_where_it_closes(tmp_path: Path) -> None:
    two = GOOD.split("metrics:\n")[1].replace("one:", "two:").replace("avg(handle_s)", "1 - one")
    said = refused(tmp_path, GOOD.replace("avg(handle_s)", "1 - two") + two)
    assert "metrics/mine.yaml:13:17: metrics go in a circle: one -> two -> one" in said
    assert "circle: one -> one" in refused(tmp_path, GOOD.replace("avg(handle_s)", "1 - one"))


def test_a_metric_is_made_of_another_over_the_same_rows_only(tmp_path: Path) -> None:
    rest = "  rest:\n" + GOOD.split("  one:\n")[1].replace("avg(handle_s)", "100 - one")
    assert "AVG(handle_s)" in read(tmp_path, GOOD + rest).metric("rest").expression.sql()
    said = refused(tmp_path, GOOD + rest.replace("fact: conversation", "fact: contact"))
    assert "'one' counts other rows" in said


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("    unit: furlong\n", "unknown unit 'furlong'"),
        ("    dimensions: [handle_s]\n", "'handle_s' is no dimension"),
        ("    where: sum(handle_s) > 3\n", "no aggregates here"),
        ("    columns: {x: sum(handle_s)}\n", "a column is of one row"),
        ("    columns: {team: hour + 1}\n", "'team' cannot be a column"),
        ("    good: up\n", "unknown direction 'up'"),
        ("    sql: select 1\n", "unknown field 'sql'"),
    ],
)
def test_other_mistakes_have_their_line_too(tmp_path: Path, line: str, message: str) -> None:
    text = GOOD.replace("    unit: s\n", line) if "unit" in line else GOOD + line
    said = refused(tmp_path, text)
    assert message in said and "metrics/mine.yaml:" in said


def test_a_tenants_metric_cannot_take_the_place_of_a_shipped_one(tmp_path: Path) -> None:
    base = shipped()
    mine = GOOD.replace("  one:", "  average_handle_time:")
    with pytest.raises(MetricsMistaken, match="is defined already"):
        read(tmp_path, mine, base)
    made = read(tmp_path, GOOD.replace("avg(handle_s)", "average_handle_time / 60"), base)
    assert "AVG(handle_s)" in made.metric("one").expression.sql()


def test_each_shipped_metric_says_what_it_is() -> None:
    metrics = shipped().metrics
    assert len(metrics) >= 45
    for metric in metrics.values():
        assert metric.title and metric.note.endswith("."), metric.name


def test_values_of_a_form_are_never_read_as_sql() -> None:
    metric = shipped().metric("conversations")
    hostile = "x'); DROP TABLE conversation; --"
    form = Form("conversations", NOVEMBER, filters=(Filter("team", (hostile,)),))
    sql = figures(form.checked(metric), metric)
    (tree,) = sqlglot.parse(sql, read="duckdb")
    assert hostile in [each.this for each in tree.find_all(sqlglot.exp.Literal)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"dimensions": ["team; drop table x"]},
        {"dimensions": ["handle_s"]},
        {"dimensions": ["team", "team"]},
        {"filters": [{"dimension": "1=1 or team", "values": ["x"]}]},
        {"filters": [{"dimension": "team", "values": []}]},
        {"period": {"first": "2026-11-01' or '1'='1", "last": "2026-11-30"}},
        {"period": {"first": "2026-11-30", "last": "2026-11-01"}},
        {"period": {"first": "2026-02-30", "last": "2026-03-01"}},
        {"period": {"first": "1900-01-01", "last": "2026-03-01"}},
        {"limit": 0},
        {"sql": "select 1"},
    ],
)
def test_a_form_that_is_wrong_is_refused_and_never_quoted(wrong: dict[str, object]) -> None:
    metric = shipped().metric("conversations")
    good = {"metric": "conversations", "period": {"first": "2026-11-01", "last": "2026-11-30"}}
    with pytest.raises(BadForm) as refusal:
        form_from(good | wrong).checked(metric)
    assert "drop" not in str(refusal.value) and "'1'" not in str(refusal.value)


def test_a_form_survives_its_own_json() -> None:
    form = Form("conversations", NOVEMBER, ("week",), (Filter("team", ("a",), True),), Compare.YEAR, True, 5)
    assert form_from(form_shape(form)) == form


def test_periods_to_compare_with() -> None:
    assert NOVEMBER.before(Compare.PREVIOUS) == Period("2026-10-02", "2026-10-31")
    year = NOVEMBER.before(Compare.YEAR)
    assert year == Period("2025-11-02", "2025-12-01"), "the same weekdays"


@pytest.mark.parametrize("name", sorted(shipped().metrics))
def test_both_dialects_say_the_same(name: str) -> None:
    """What Athena is asked, read back from Athena's dialect, is the tree that DuckDB is asked, but for the tenant."""
    metric = shipped().metric(name)
    form = Form(name, NOVEMBER, ("week", "hour", "team"), highest=True).checked(metric)
    athena = Place("athena", "facts", "bank")
    for ours, theirs in (
        (figures(form, metric), figures(form, metric, athena)),
        (behind(form, metric, 20), behind(form, metric, 20, athena)),
    ):
        back = sqlglot.transpile(theirs, read="athena", write="duckdb")[0]
        tenant = " AND tenant = 'bank' AND dt BETWEEN "
        before, _, after = back.partition(tenant)
        assert after, "every question to Athena names its tenant"
        plain = before + after.partition("'")[2].partition("'")[2].partition("'")[2].partition("'")[2]
        assert _words(plain.replace("facts.", "")) == _words(ours)


def _words(sql: str) -> str:
    """By way of Athena's dialect, which divides whole numbers only if it is told not to, and sorts nulls elsewhere."""
    there = sqlglot.transpile(sql, read="duckdb", write="athena")[0]
    back = sqlglot.transpile(there, read="athena", write="duckdb")[0]
    return back.replace(" NULLS FIRST", "").replace(" NULLS LAST", "")
