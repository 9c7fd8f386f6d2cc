"""References and conditions of a definition: ``$promises.count > 0 and $kept.choice == broken``.

There is nothing else in the language: no calls, no arithmetic, no text that is put together. What a customer said can
be handed on as a value, and can never name a step, a tool or an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Value = None | bool | int | float | str | Sequence["Value"] | Mapping[str, "Value"]
Scope = Mapping[str, Value]

_REFERENCE = re.compile(r"\$([a-z][a-z0-9_]*)((?:\.[a-z][a-z0-9_]*)*)")
_COMPARISON = re.compile(r"(?P<left>\$[a-z0-9_.]+)(?:\s*(?P<op>==|!=|>=|<=|>|<)\s*(?P<right>\S.*))?")
_AND = re.compile(r"\s+and\s+")


class NotAnExpression(Exception):
    """The message says what is expected."""


@dataclass(frozen=True, slots=True)
class _Comparison:
    left: str
    op: str
    right: Value


def is_reference(value: object) -> bool:
    return isinstance(value, str) and value.startswith("$")


def root_of(reference: str) -> str:
    """The step, or the variable, that it begins with. Raises NotAnExpression."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise NotAnExpression(f"'{reference[:40]}' is no reference; write for example $promises.count")
    return found[1]


def resolved(reference: str, scope: Scope) -> Value:
    """None where there is no such value, as after a step that a branch left out."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise NotAnExpression(f"'{reference[:40]}' is no reference")
    value: Value = scope.get(found[1])
    for name in found[2].split(".")[1:]:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def roots_of(condition: str) -> frozenset[str]:
    """All that a condition looks at. Raises NotAnExpression."""
    return frozenset(root_of(each.left) for each in _parsed(condition))


def holds(condition: str, scope: Scope) -> bool:
    return all(_compared(each, scope) for each in _parsed(condition))


def _parsed(condition: str) -> Iterator[_Comparison]:
    for part in _AND.split(condition.strip()):
        found = _COMPARISON.fullmatch(part)
        if found is None:
            raise NotAnExpression(f"'{part[:40]}' is no condition; write for example $promises.count > 0")
        root_of(found["left"])
        yield _Comparison(found["left"], found["op"] or "", literal(found["right"]) if found["right"] else None)


def literal(written: str) -> Value:
    """A number, true, false, or a word."""
    if written in ("true", "false"):
        return written == "true"
    try:
        return int(written) if re.fullmatch(r"-?\d{1,15}", written) else float(written)
    except ValueError:
        return written


def _compared(comparison: _Comparison, scope: Scope) -> bool:
    left, right = resolved(comparison.left, scope), comparison.right
    if not comparison.op:
        return bool(left)
    if comparison.op in ("==", "!="):
        return (left == right) is (comparison.op == "==")
    if not (isinstance(left, int | float) and isinstance(right, int | float)):
        return False
    return {">": left > right, ">=": left >= right, "<": left < right, "<=": left <= right}[comparison.op]
