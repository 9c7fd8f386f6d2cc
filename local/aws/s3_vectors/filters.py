"""Metadata filters of S3 Vectors, as documented: a list in metadata has what one of its values has.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-vectors-metadata-filtering.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Metadata = Mapping[str, Any]


class BadFilter(ValueError):
    """It is none; the message is what the service says."""


def matches(condition: Any, metadata: Metadata, not_filterable: frozenset[str]) -> bool:
    """Raises BadFilter."""
    if not isinstance(condition, dict) or not condition:
        raise BadFilter("Invalid filter: must be a non-empty object")
    results = []  # all of them, so that a mistake is found whatever the first one says
    for name, wanted in condition.items():
        if name in ("$and", "$or"):
            if not isinstance(wanted, list) or not wanted:
                raise BadFilter(f"Invalid filter: {name} must be a non-empty array")
            found = [matches(each, metadata, not_filterable) for each in wanted]
            results.append(all(found) if name == "$and" else any(found))
        else:
            results.append(_field(name, wanted, metadata, not_filterable))
    return all(results)


def _field(name: str, wanted: Any, metadata: Metadata, not_filterable: frozenset[str]) -> bool:
    if name.startswith("$"):
        raise BadFilter(f"Invalid filter: unknown operator {name}")
    if name in not_filterable:
        raise BadFilter(f"Invalid use of non-filterable metadata in filter: {name}")
    operators = wanted if isinstance(wanted, dict) else {"$eq": wanted}
    results = []
    for operator, value in operators.items():
        if operator == "$exists":
            results.append((name in metadata) == bool(value))
            continue
        compare = _OPERATORS.get(operator)
        if compare is None:
            raise BadFilter(f"Invalid filter: unknown operator {operator}")
        if operator in ("$in", "$nin") and (not isinstance(value, list) or not value):
            raise BadFilter(f"Invalid filter: {operator} must be a non-empty array")
        if operator in ("$gt", "$gte", "$lt", "$lte") and not _is_number(value):
            raise BadFilter(f"Invalid filter: {operator} must be a number")
        results.append(name in metadata and compare(metadata[name], value))
    return bool(results) and all(results)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _any(held: Any, test: Callable[[Any], bool]) -> bool:
    return any(map(test, held)) if isinstance(held, list) else test(held)


def _compares(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda held, value: _is_number(held) and test(held, value)


_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "$eq": lambda held, value: _any(held, lambda each: each == value),
    "$ne": lambda held, value: not _any(held, lambda each: each == value),
    "$in": lambda held, value: _any(held, lambda each: each in value),
    "$nin": lambda held, value: not _any(held, lambda each: each in value),
    "$gt": _compares(lambda held, value: held > value),
    "$gte": _compares(lambda held, value: held >= value),
    "$lt": _compares(lambda held, value: held < value),
    "$lte": _compares(lambda held, value: held <= value),
}
