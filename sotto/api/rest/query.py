"""The parameters of an address, read into a model. A name that stands several times is a list, where one is meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel

from sotto.api.rest.problem import Problem, WrongField

Model = TypeVar("Model", bound=BaseModel)


def read_query(model: type[Model], given: Mapping[str, Sequence[str]]) -> Model:
    """Raises ValidationError and Problem."""
    values: dict[str, Any] = {}
    for name, each in given.items():
        field = model.model_fields.get(name)
        if field is not None and is_list(field.annotation):
            values[name] = list(each)
        elif len(each) == 1:
            values[name] = each[0]
        else:
            wrong = WrongField(field=f"query.{name}" if field else "query.*", detail="write it once")
            raise Problem(422, "not-accepted", "Some fields are wrong; errors says which.", errors=(wrong,))
    return model.model_validate(values)


def is_list(annotation: Any) -> bool:
    origin = get_origin(annotation)
    if origin in (frozenset, list, tuple, set):
        return True
    return any(is_list(each) for each in get_args(annotation) if each is not type(None))
