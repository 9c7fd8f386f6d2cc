"""SQL expressions of metrics: parsed in DuckDB's dialect, and only what counts. No statement, table, subquery or
function of another kind gets through, so that a metric, whoever wrote it, reads nothing but its rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

DIALECT = "duckdb"
_AGGREGATES: tuple[type[exp.Expression], ...] = (exp.Sum, exp.Avg, exp.Count, exp.Min, exp.Max, exp.ApproxQuantile)
_ALLOWED: tuple[type[exp.Expression], ...] = (
    *_AGGREGATES, exp.Case, exp.If, exp.Nullif, exp.Coalesce, exp.Round, exp.Abs, exp.Lead, exp.Lag, exp.Window,
    exp.Order, exp.Ordered, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg, exp.Paren, exp.And, exp.Or, exp.Not, exp.EQ,
    exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In, exp.Between, exp.Literal, exp.Boolean, exp.Null,
    exp.Column, exp.Identifier, exp.Distinct, exp.Star,
)  # fmt: skip
LONGEST = 1_000


class NotAnExpression(Exception):
    """The message is for who wrote it."""


def parsed(text: str) -> exp.Expression:
    """Raises NotAnExpression."""
    if len(text) > LONGEST:
        raise NotAnExpression(f"an expression has at most {LONGEST} characters")
    try:
        found = sqlglot.parse(f"SELECT {text}", read=DIALECT)
    except (SqlglotError, RecursionError) as error:
        raise NotAnExpression(f"no SQL expression: {_first_line(error)}") from None
    select = found[0] if len(found) == 1 else None
    if not isinstance(select, exp.Select) or len(select.expressions) != 1 or _has_more(select):
        raise NotAnExpression("write one expression, without SELECT, FROM or ';'")
    expression: exp.Expression = select.expressions[0]
    for node in expression.walk():
        if not isinstance(node, _ALLOWED):
            name = node.sql(dialect=DIALECT)[:40] if isinstance(node, exp.Func) else type(node).__name__.lower()
            raise NotAnExpression(f"'{name}' is not allowed in a metric; docs/analytics.md lists what is")
        if isinstance(node, exp.Column) and node.table:
            raise NotAnExpression(f"write column '{node.name}' without a table before it")
    return expression.copy()


def _has_more(select: exp.Select) -> bool:
    """Beside what it selects: a FROM, a WHERE, a LIMIT."""
    return any(value for name, value in select.args.items() if name not in ("kind", "expressions"))


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__


def columns_of(expression: exp.Expression) -> list[str]:
    return list(dict.fromkeys(column.name for column in expression.find_all(exp.Column)))


def aggregates(expression: exp.Expression) -> bool:
    """Whether it adds rows up outside of a window."""
    return any(not _in_window(node) for node in expression.find_all(*_AGGREGATES))


def outside_aggregates(expression: exp.Expression, columns: Collection[str]) -> list[str]:
    """Columns of rows that no aggregate adds up: a group has many of them."""
    return [
        node.name
        for node in expression.find_all(exp.Column)
        if node.name in columns and node.find_ancestor(*_AGGREGATES) is None
    ]


def _in_window(node: exp.Expression) -> bool:
    window = node.parent
    return isinstance(window, exp.Window) and window.this is node


def with_replaced(expression: exp.Expression, name: str, other: exp.Expression) -> exp.Expression:
    """Columns of that name become ``other``, in brackets."""

    def replaced(node: exp.Expression) -> exp.Expression:
        return exp.Paren(this=other.copy()) if isinstance(node, exp.Column) and node.name == name else node

    return expression.copy().transform(replaced)


def all_of(conditions: Iterable[exp.Expression | None]) -> exp.Expression | None:
    found = [exp.Paren(this=each.copy()) for each in conditions if each is not None]
    together: exp.Expression | None = None
    for each in found:
        together = each if together is None else exp.And(this=together, expression=each)
    return together
