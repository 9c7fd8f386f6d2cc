"""A form over a metric becomes SQL, as a tree: names come from the metric's definition, values become literals of the
tree, so that nothing in a form is ever read as SQL. One tree is written in DuckDB's dialect and in Athena's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from sotto.analytics.definition.expressions import DIALECT, all_of, columns_of
from sotto.analytics.definition.metric import Metric
from sotto.analytics.facts.tables import TABLES
from sotto.analytics.query.form import Filter, Form, Period

ATHENA = "athena"
VALUE, ROWS = "figure", "counted"
MOST_BEHIND = 200
_DIGITS = {"hour": 2, "weekday": 1}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fact's rows are: a view of DuckDB's over files, or a table of Athena's, whose ``tenant`` is then named in
    every query."""

    dialect: str = DIALECT
    database: str | None = None
    tenant: str | None = None

    def table(self, fact: str) -> exp.Table:
        return exp.to_table(fact) if self.database is None else exp.table_(fact, db=self.database)


def figures(form: Form, metric: Metric, place: Place = Place()) -> str:  # noqa: B008 (frozen)
    """A row for each combination of dimensions: their values, the figure, how many rows it counts. ``form`` must be
    checked."""
    columns = [exp.alias_(_dimension(each), each) for each in form.dimensions]
    counted = exp.alias_(exp.Count(this=exp.Star()), ROWS)
    select = _from_rows(metric, form, place).select(
        *columns, exp.alias_(metric.expression.copy(), VALUE), counted, append=False
    )
    if form.dimensions:
        select = select.group_by(*(_dimension(each) for each in form.dimensions))
    order: list[exp.Expression] = [exp.Ordered(this=exp.column(each), desc=False) for each in form.dimensions]
    if form.highest is not None and form.dimensions:
        order.insert(0, exp.Ordered(this=exp.column(VALUE), desc=form.highest, nulls_first=False))
    if order:
        select = select.order_by(*order)
    return select.limit(form.limit).sql(dialect=place.dialect)


def behind(
    form: Form,
    metric: Metric,
    limit: int,
    place: Place = Place(),  # noqa: B008 (frozen)
    *,
    after: tuple[int, str] | None = None,
) -> str:
    """Conversations that a figure rests on, the latest first: those that ``behind`` of the metric names. A row is an
    id, when its latest row began, an agent, a queue, and whether it is made up (1). ``after``: time and id of a row."""
    select = _from_rows(metric, form, place, metric.behind, shown=("agent", "queue", "synthetic"))
    started = exp.Max(this=exp.column("started_ms"))
    made_up = exp.Max(this=exp.case().when(exp.column("synthetic"), exp.Literal.number(1)).else_(exp.Literal.number(0)))
    select = select.select(
        "conversation",
        exp.alias_(started, "latest_ms"),
        *(exp.alias_(exp.Max(this=exp.column(name)), f"one_{name}") for name in ("agent", "queue")),
        exp.alias_(made_up, "made_up"),
        append=False,
    ).group_by("conversation")
    if after is not None:
        select = select.having(_after(started, *after))
    return select.order_by("latest_ms DESC", "conversation").limit(min(limit, MOST_BEHIND)).sql(dialect=place.dialect)


def by_hour(form: Form, metric: Metric, dimension: str) -> str:
    """A row for each value of ``dimension``, day and hour: these three, and the figure. Hours without a row are left
    out."""
    names = (dimension, "day", "hour")
    columns = [exp.alias_(_dimension(each), each) for each in names]
    select = _from_rows(metric, replace(form, dimensions=names), Place())
    select = select.select(*columns, exp.alias_(metric.expression.copy(), VALUE), append=False)
    return select.group_by(*(_dimension(each) for each in names)).sql(dialect=DIALECT)


def named_values(dimension: str, filters: Sequence[Filter], limit: int) -> str:
    """What there is of a dimension among conversations that ``filters`` leave, in order."""
    column = exp.column(dimension)
    known = exp.Not(this=exp.Is(this=column, expression=exp.Null()))
    wanted = [_filter(each.dimension, each.values, each.without) for each in filters]
    select = exp.select(column).distinct().from_("conversation").where(known, *wanted)
    return select.order_by(column).limit(limit).sql(dialect=DIALECT)


def rows_of(fact: str, columns: Sequence[str], period: Period, filters: Sequence[Filter], limit: int) -> str:
    """Rows of a fact as they are, the latest first; no more than ``limit``."""
    wanted = [_filter(each.dimension, each.values, each.without) for each in filters]
    select = exp.select(*columns).from_(fact).where(_between("day", period), *wanted)
    return select.order_by("started_ms DESC").limit(limit).sql(dialect=DIALECT)


def _after(started: exp.Expression, at_ms: int, conversation: str) -> exp.Condition:
    at = exp.Literal.number(at_ms)
    later_id = exp.GT(this=exp.column("conversation"), expression=exp.Literal.string(conversation))
    same = exp.and_(exp.EQ(this=started.copy(), expression=at.copy()), later_id)
    return exp.or_(exp.LT(this=started.copy(), expression=at), same)


def _from_rows(
    metric: Metric, form: Form, place: Place, *more: exp.Expression | None, shown: Sequence[str] = ()
) -> exp.Select:
    """Columns of windows are reckoned over the period and ``days_after`` more, before anything is filtered."""
    derived = [exp.alias_(each.copy(), name) for name, each in metric.columns.items()]
    looked_at = form.period.and_after(metric.days_after) if metric.days_after else form.period
    rows = (
        exp.select(*_needed(metric, form, shown), *derived)
        .from_(place.table(metric.fact))
        .where(_between("day", looked_at))
    )
    if place.tenant is not None:
        rows = rows.where(_is("tenant", place.tenant), _between("dt", looked_at))
    wanted = [_filter(each.dimension, each.values, each.without) for each in form.filters]
    condition = all_of([_between("day", form.period), metric.where, *wanted, *more])
    return exp.select("*").with_("found", as_=rows).from_("found").where(condition)


def _needed(metric: Metric, form: Form, shown: Sequence[str]) -> list[str]:
    """Columns of the fact that the question looks at: a window over all of them would carry each through memory."""
    expressions = (metric.expression, metric.where, metric.behind, *metric.columns.values())
    named = {name for each in expressions if each is not None for name in columns_of(each)}
    named |= {"day", "conversation", "started_ms", *shown, *form.dimensions, *(each.dimension for each in form.filters)}
    return [name for name in TABLES[metric.fact].columns if name in named]


def _between(column: str, period: Period) -> exp.Expression:
    low, high = exp.Literal.string(period.first), exp.Literal.string(period.last)
    return exp.Between(this=exp.column(column), low=low, high=high)


def _is(column: str, value: str) -> exp.Expression:
    return exp.EQ(this=exp.column(column), expression=exp.Literal.string(value))


def _filter(dimension: str, values: Sequence[str], without: bool) -> exp.Expression:
    """Rows without a value are among "all others"."""
    one = exp.In(this=_dimension(dimension), expressions=[exp.Literal.string(value) for value in values])
    if not without:
        return one
    return exp.Or(this=exp.Not(this=one), expression=exp.Is(this=_dimension(dimension), expression=exp.Null()))


def _dimension(name: str) -> exp.Expression:
    """As text, whatever the column is."""
    day = exp.column("day")
    if name == "month":
        return exp.Substring(this=day, start=exp.Literal.number(1), length=exp.Literal.number(7))
    if name == "week":
        monday = exp.DateTrunc(this=exp.cast(day, "date"), unit=exp.Literal.string("WEEK"))  # type: ignore[no-untyped-call]
        return exp.cast(exp.cast(monday, "date"), "varchar")
    column = exp.column(name)
    if name in _DIGITS:
        digits = [exp.cast(column, "varchar"), exp.Literal.number(_DIGITS[name]), exp.Literal.string("0")]
        return exp.Anonymous(this="LPAD", expressions=digits)  # so that they are in order as text, too
    return column
