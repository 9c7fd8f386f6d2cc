"""Which items of a quality form are asked, given the answers so far."""

from __future__ import annotations

from collections.abc import Mapping

from sotto.tenants.scorecards.form import Comparator, Compared, Form, Joined, walk

Values = Mapping[str, str | float]
"""Question's reference -> the chosen option's reference, or the number. Questions without an answer are absent."""


def enabled_items(form: Form, values: Values) -> frozenset[str]:
    """References of the sections and questions that are asked. An answer to a question that is not asked counts as
    none, so that what depends on it is not asked either. The form has no circles."""
    placed = {item.ref: (item, above) for item, above in walk(form)}
    known: dict[str, bool] = {}

    def is_asked(ref: str) -> bool:
        if ref not in known:
            known[ref] = False  # ends a circle, which a checked form has none of
            item, above = placed[ref]
            conditions = [each.enablement for each in (*above, item) if each.enablement is not None]
            known[ref] = all(holds(each.condition) is not each.disables for each in conditions)
        return known[ref]

    def holds(condition: Compared | Joined) -> bool:
        if isinstance(condition, Joined):
            join = all if condition.operator == "AND" else any
            return join(holds(each) for each in condition.operands)
        if condition.question not in placed or not is_asked(condition.question):
            return False
        return compares(condition, values.get(condition.question))

    return frozenset(ref for ref in placed if is_asked(ref))


def is_enabled(form: Form, ref: str, values: Values) -> bool:
    return ref in enabled_items(form, values)


def compares(compared: Compared, value: str | float | None) -> bool:
    """False of a question without an answer, whatever is asked of it."""
    if value is None:
        return False
    if isinstance(value, str):
        return (value in compared.options) is (compared.comparator is not Comparator.NOT_IN)
    number = compared.number if compared.number is not None else float("nan")
    match compared.comparator:
        case Comparator.GREATER_THAN:
            return value > number
        case Comparator.LESS_THAN:
            return value < number
        case Comparator.AT_LEAST:
            return value >= number
        case Comparator.AT_MOST:
            return value <= number
        case Comparator.NOT_EQUAL_TO:
            return value != number
        case _:
            return value == number
