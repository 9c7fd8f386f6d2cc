"""Conditions on the outputs of earlier nodes: small, declarative, safe to run, and checked when they are published.

    {"intent": "close_account"}                                        this label
    {"intent": {"any_of": ["a", "b"], "at_least": 0.6, "below": 0.9}}  one of these, with that confidence
    {"intent": {"none_of": ["small_talk"]}}                            something, but none of these
    {"all": [...]}   {"any": [...]}   {"not": {...}}

Several keys in one mapping mean: all of them. ``none_of_these`` is the label of a classifier that recognised nothing.
A node that gave no output makes the condition unknown, and ``not`` unknown is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sotto.graph.node import Output

NONE_OF_THESE = "none_of_these"
TEST_FIELDS = ("any_of", "none_of", "at_least", "below")
COMBINED = ("all", "any", "not")

Test = Mapping[str, Any]


def holds(condition: Mapping[str, Any] | None, outputs: Mapping[str, Output]) -> bool | None:
    """True, False, or None when it cannot be known because a node gave no output."""
    if condition is None:
        return True
    return _every([_one(key, value, outputs) for key, value in condition.items()])


def _one(key: str, value: Any, outputs: Mapping[str, Output]) -> bool | None:
    if key == "all":
        return _every([holds(part, outputs) for part in value])
    if key == "any":
        return _some([holds(part, outputs) for part in value])
    if key == "not":
        inner = holds(value, outputs)
        return None if inner is None else not inner
    return _passes(as_test(value), outputs[key]) if key in outputs else None


def _every(answers: Sequence[bool | None]) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True


def _some(answers: Sequence[bool | None]) -> bool | None:
    if True in answers:
        return True
    return None if None in answers else False


def as_test(value: Any) -> Test:
    """The long form of ``negative`` and of ``[a, b]``."""
    if isinstance(value, Mapping):
        return value
    return {"any_of": [value] if isinstance(value, str) else list(value)}


def _passes(test: Test, output: Output) -> bool:
    wanted, unwanted = test.get("any_of"), test.get("none_of", ())
    return any(
        (wanted is None or label in wanted)
        and label not in unwanted
        and test.get("at_least", 0.0) <= confidence
        and confidence < test.get("below", 2.0)
        for label, confidence in labels_of(output)
    )


def labels_of(output: Output) -> list[tuple[str, float]]:
    """What an output says, whatever its task: (label, confidence)."""
    if "label" in output:
        return [(output["label"] or NONE_OF_THESE, float(output.get("confidence", 0.0)))]
    if (behaviours := behaviours_in(output)) is not None:
        return [(each["label"], float(each["confidence"])) for each in behaviours]
    if "entities" in output:
        return [(entity["type"], float(entity["confidence"])) for entity in output["entities"]]
    return [(answer.get("article", ""), float(answer["confidence"])) for answer in output.get("answers", ())]


def behaviours_in(output: Output) -> Sequence[Mapping[str, Any]] | None:
    """None in the output of another task. A shard of an earlier release calls them ``said``."""
    found: Sequence[Mapping[str, Any]] | None = output.get("behaviours", output.get("said"))
    return found


def tests_in(condition: Mapping[str, Any]) -> Iterator[tuple[str, Test]]:
    """Every (node, test) that a condition mentions."""
    for key, value in condition.items():
        if key in ("all", "any"):
            for part in value:
                yield from tests_in(part)
        elif key == "not":
            yield from tests_in(value)
        else:
            yield key, as_test(value)


def nodes_in(condition: Mapping[str, Any] | None) -> tuple[str, ...]:
    """The nodes whose outputs a condition looks at, each once, in the order written."""
    return tuple(dict.fromkeys(node for node, _ in tests_in(condition))) if condition else ()


def impossible(condition: Mapping[str, Any], single_label: set[str]) -> str | None:
    """Why a condition can never be true, or None. ``single_label``: the nodes that give one label at a time."""
    together = list(_together(condition))
    for node, test in together:
        if test.get("at_least", 0.0) >= test.get("below", 2.0):
            return f"{node}: at_least {test['at_least']} leaves nothing below {test['below']}"
        wanted = set(test.get("any_of") or ())
        if wanted and wanted <= set(test.get("none_of", ())):
            return f"{node}: every label in any_of is also in none_of"
    for node in {name for name, _ in together} & single_label:
        reason = _contradiction(node, [test for name, test in together if name == node])
        if reason:
            return reason
    return None


def _together(condition: Mapping[str, Any]) -> Iterator[tuple[str, Test]]:
    """The tests that must all pass at once."""
    for key, value in condition.items():
        if key == "all":
            for part in value:
                yield from _together(part)
        elif key not in COMBINED:
            yield key, as_test(value)


def _contradiction(node: str, tests: list[Test]) -> str | None:
    allowed = [set(test["any_of"]) for test in tests if test.get("any_of")]
    if allowed and not set.intersection(*allowed):
        return f"{node} gives one label, which cannot be {' and '.join(sorted(set.union(*allowed)))} at once"
    floor = max(test.get("at_least", 0.0) for test in tests)
    ceiling = min(test.get("below", 2.0) for test in tests)
    return f"{node}: at_least {floor} leaves nothing below {ceiling}" if floor >= ceiling else None
