"""What comes in from outside: read, or refused with the names of the wrong fields and nothing else.

pydantic's messages quote their input, ``hide_input_in_errors`` or not: a key that nobody knows is part of a place, and
a tag that does not match is part of the text. Lambda writes the message of an exception to the log, where no words of
a call belong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, overload

from pydantic import ConfigDict, TypeAdapter, ValidationError
from typing_extensions import TypeAliasType

from sotto.core.errors import Rejected

T = TypeVar("T")
MOST_FIELDS = 10


@overload
def silent(shape: type[T]) -> TypeAdapter[T]: ...


@overload
def silent(shape: Any) -> TypeAdapter[Any]: ...


def silent(shape: Any) -> TypeAdapter[Any]:
    """Through which words of calls or identities travel: its errors do not quote them. Models are silent by themselves.

    pydantic reads this setting where an adapter begins, and of a dataclass takes none there; of another name for it it
    does. https://docs.pydantic.dev/latest/api/config/#pydantic.config.ConfigDict.hide_input_in_errors
    """
    another: Any = TypeAliasType("Shape", shape)
    return TypeAdapter(another, config=ConfigDict(hide_input_in_errors=True))


class MalformedEvent(Rejected):
    """The event is not what this function is invoked with; the message names the fields that are wrong."""


def read_event(shape: TypeAdapter[T], event: Any, what: str) -> T:
    """``what``: the event as it should be, with its article. Raises MalformedEvent."""
    try:
        return shape.validate_python(event)
    except ValidationError as error:
        raise MalformedEvent(f"the event is not {what}: {wrong_fields(error, shape)}") from None


def wrong_fields(error: ValidationError, shape: TypeAdapter[Any]) -> str:
    """``utterance.text: string_type``; a step that ``shape`` does not have is ``*``."""
    known = set(_names(shape.json_schema()))
    found = error.errors(include_url=False, include_context=False, include_input=False)
    problems = dict.fromkeys(f"{_place(each['loc'], known)}: {each['type']}" for each in found)
    more = f" and {len(problems) - MOST_FIELDS} more" if len(problems) > MOST_FIELDS else ""
    return "; ".join(list(problems)[:MOST_FIELDS]) + more


def _place(location: tuple[int | str, ...], known: set[str]) -> str:
    steps = (str(step) if isinstance(step, int) or step in known else "*" for step in location)
    return ".".join(steps) or "event"


def _names(schema: Any) -> Iterator[str]:
    """Of fields and of shapes among which a union chooses."""
    if isinstance(schema, Mapping):
        for key, value in schema.items():
            if key in ("properties", "$defs"):
                yield from value
            yield from _names(value)
    elif isinstance(schema, list):
        for part in schema:
            yield from _names(part)
