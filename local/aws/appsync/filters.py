"""Which subscribers receive a mutation: AppSync's basic and enhanced subscription filters.

https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-enhanced-filtering.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Filter = Mapping[str, Any]
"""What ``extensions.setSubscriptionFilter`` takes: groups joined by OR, the filters within a group by AND."""

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda found, wanted: bool(found == wanted),
    "ne": lambda found, wanted: bool(found != wanted),
    "in": lambda found, wanted: found in wanted,
    "notIn": lambda found, wanted: found not in wanted,
    "le": lambda found, wanted: bool(found <= wanted),
    "lt": lambda found, wanted: bool(found < wanted),
    "ge": lambda found, wanted: bool(found >= wanted),
    "gt": lambda found, wanted: bool(found > wanted),
    "between": lambda found, wanted: bool(wanted[0] <= found <= wanted[1]),
    "contains": lambda found, wanted: wanted in found,
    "notContains": lambda found, wanted: wanted not in found,
    "beginsWith": lambda found, wanted: str(found).startswith(wanted),
    "containsAny": lambda found, wanted: any(each in found for each in wanted),
}


def passes_enhanced(payload: Mapping[str, Any], wanted: Filter) -> bool:
    """A field that the mutation did not select has no value, and no value passes no filter."""
    return any(all(_passes(payload, rule) for rule in group["filters"]) for group in wanted["filterGroup"])


def passes_arguments(payload: Mapping[str, Any], arguments: Mapping[str, Any]) -> bool:
    """The filter of a subscription whose resolver set none: arguments that were given must match the payload."""
    return all(payload.get(name) == value for name, value in arguments.items() if value is not None)


def to_subscription_filter(conditions: Mapping[str, Mapping[str, Any]]) -> Filter:
    """``util.transform.toSubscriptionFilter`` for plain conditions: all of them must hold."""
    rules = [
        {"fieldName": field, "operator": operator, "value": value}
        for field, tests in conditions.items()
        for operator, value in tests.items()
    ]
    return {"filterGroup": [{"filters": rules}]}


def _passes(payload: Mapping[str, Any], rule: Mapping[str, Any]) -> bool:
    found: Any = payload
    for name in rule["fieldName"].split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found is not None and _OPERATORS[rule["operator"]](found, rule["value"])
