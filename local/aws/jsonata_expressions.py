"""JSONata for moto's Step Functions, whose own evaluator needs a JVM.

Expressions are compiled once per thread; ``$states`` and the variables are bound as values instead of being pasted into
the expression as text.
"""

from __future__ import annotations

import hashlib
import json
import threading
import uuid
from typing import Any

import jsonata

_compiled = threading.local()


class EvaluationFailed(Exception):
    """The expression could not be evaluated; Step Functions calls it States.QueryEvaluationError."""


class Undefined(EvaluationFailed):
    """The expression names something that is not there; Step Functions does not take that for null."""


def evaluate(expression: str, states: Any, variables: dict[str, Any]) -> Any:
    """The value of ``expression`` as plain JSON data. Raises EvaluationFailed and Undefined."""
    value = _value(expression, states, variables)
    if value is None and not _value(f"$exists({expression})", states, variables):
        raise Undefined(f"The JSONata expression '{expression}' returned nothing (undefined).")
    return value


def _value(expression: str, states: Any, variables: dict[str, Any]) -> Any:
    try:
        program = _program(expression)
        frame = program.create_frame()
        frame.bind("states", states)
        for name, value in variables.items():
            frame.bind(name, value)
        return _plain(program.evaluate(None, frame))
    except Exception as error:
        raise EvaluationFailed(str(error)) from error


def _program(expression: str) -> Any:
    programs: dict[str, Any] = _compiled.__dict__.setdefault("programs", {})
    if expression not in programs:
        programs[expression] = _with_step_functions(jsonata.Jsonata(expression))
    return programs[expression]


def _with_step_functions(program: Any) -> Any:
    """The functions that Step Functions adds to JSONata."""
    program.register_lambda("parse", json.loads)
    program.register_lambda("uuid", lambda: str(uuid.uuid4()))
    program.register_lambda("partition", lambda items, size: _parts(items, int(size)))
    program.register_lambda("range", lambda first, last, step: list(range(int(first), int(last) + 1, int(step))))
    program.register_lambda("hash", _hash)
    return program


def _parts(items: list[Any], size: int) -> list[list[Any]]:
    return [items[at : at + size] for at in range(0, len(items), size)]


def _hash(text: str, algorithm: str) -> str:
    return hashlib.new(algorithm.replace("-", "").lower(), text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Without the library's own list type, so that nothing later takes a result for an unfinished sequence."""
    return json.loads(json.dumps(value)) if isinstance(value, (dict, list)) else value
