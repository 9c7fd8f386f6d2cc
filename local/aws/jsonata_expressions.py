"""JSONata for moto's Step Functions, whose own evaluator needs a JVM.

Expressions are compiled once and shared, each used by one thread at a time;
``$states`` and the variables are bound as values instead of being pasted into
the expression as text.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections import defaultdict, deque
from typing import Any

import jsonata
from jsonata.utils import Utils

from local.aws.moto_shortcuts import json_copy

_PATH = re.compile(r"\$[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
_free: defaultdict[str, deque[Any]] = defaultdict(lambda: deque(maxlen=64))


class EvaluationFailed(Exception):
    """The expression could not be evaluated; Step Functions calls it States.QueryEvaluationError."""


class Undefined(EvaluationFailed):
    """The expression names something that is not there; Step Functions does not take that for null."""


def evaluate(expression: str, states: Any, variables: dict[str, Any]) -> Any:
    """The value of ``expression`` as plain JSON data. Raises EvaluationFailed and Undefined."""
    found = _walked(expression, states, variables)
    if found is not None:
        return json_copy(found)
    try:
        program = _borrowed(expression)
        try:
            value = program.evaluate(None, _bindings(states, variables))
        finally:
            _free[expression].append(program)
    except Exception as error:
        raise EvaluationFailed(str(error)) from error
    if value is None:
        raise Undefined(f"The JSONata expression '{expression}' returned nothing (undefined).")
    return None if value is Utils.NULL_VALUE else _plain(Utils.convert_nulls(value))


def _walked(expression: str, states: Any, variables: dict[str, Any]) -> Any:
    """What a path of names through objects leads to; None when it is more than that, or needs JSONata's rules for
    arrays, nulls and what is missing."""
    if not _PATH.fullmatch(expression):
        return None
    first, *names = expression[1:].split(".")
    value = states if first == "states" else variables.get(first)
    for name in names:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def _bindings(states: Any, variables: dict[str, Any]) -> dict[str, Any]:
    """A variable that holds null must not look like one that was never assigned."""
    held = {name: Utils.NULL_VALUE if value is None else value for name, value in variables.items()}
    return {"states": states, **held}


def _borrowed(expression: str) -> Any:
    """A compiled program that no other thread is using: moto runs each state in a new thread."""
    try:
        program = _free[expression].pop()
    except IndexError:
        program = _with_step_functions(jsonata.Jsonata(expression))
        program.set_output_convert_nulls(False)
    jsonata.Jsonata.CURRENT.jsonata = program  # else built-in functions would call back into another thread's program
    return program


def _with_step_functions(program: Any) -> Any:
    """The functions that Step Functions adds to JSONata."""
    program.register_lambda("parse", json.loads)
    program.register_lambda("uuid", lambda: str(uuid.uuid4()))
    program.register_lambda("partition", lambda items, size: _parts(items, int(size)))
    program.register_lambda("range", lambda first, last, step: _range(int(first), int(last), int(step)))
    program.register_lambda("hash", _hash)
    return program


def _range(first: int, last: int, step: int) -> list[int]:
    """Both ends included, in either direction."""
    return list(range(first, last + (1 if step > 0 else -1), step))


def _parts(items: list[Any], size: int) -> list[list[Any]]:
    return [items[at : at + size] for at in range(0, len(items), size)]


def _hash(text: str, algorithm: str) -> str:
    return hashlib.new(algorithm.replace("-", "").lower(), text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Without the library's own list type, so that nothing later takes a result for an unfinished sequence."""
    return json.loads(json.dumps(value)) if isinstance(value, (dict, list)) else value
