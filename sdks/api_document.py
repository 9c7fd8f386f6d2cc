"""docs/openapi.json as the clients' generators read it: operations, models, types, in no language yet."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

DOCUMENT = Path(__file__).parents[1] / "docs" / "openapi.json"
Schema = Mapping[str, Any]


class Spelling(Protocol):
    """How a language writes types. ``plain``: by the names of JSON Schema."""

    plain: Mapping[str, str]
    anything: str

    def literal(self, values: Iterable[Any]) -> str: ...

    def listed(self, item: str) -> str: ...

    def by_name(self, value: str) -> str:
        """An object whose names are not known beforehand."""
        ...


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    schema: Schema
    is_required: bool


@dataclass(frozen=True, slots=True)
class Model:
    """``fields`` is None where it is another name of a type, ``schema``."""

    name: str
    about: str
    schema: Schema
    fields: tuple[Field, ...] | None


@dataclass(frozen=True, slots=True)
class Operation:
    """``body``: the schema of what is sent, and its fields. ``item``: of a list that goes on with a cursor.
    ``writes``: an Idempotency-Key is sent with it."""

    name: str
    method: str
    path: str
    about: str
    in_path: tuple[str, ...]
    query: tuple[Field, ...]
    body: Schema | None
    fields: tuple[Field, ...]
    result: Schema
    item: Schema | None
    writes: bool

    @property
    def listed(self) -> str:
        """What ``list_`` and ``get_`` are about."""
        return self.name.removeprefix("list_").removeprefix("get_")


@dataclass(frozen=True, slots=True)
class Api:
    version: str
    models: tuple[Model, ...]
    operations: tuple[Operation, ...]


def read(document: Mapping[str, Any] | None = None) -> Api:
    """``document``: without it, the one in docs."""
    given = json.loads(DOCUMENT.read_text()) if document is None else document
    return Api(given["info"]["version"], tuple(_models(given)), tuple(_operations(given)))


def type_of(schema: Schema, spelling: Spelling, prefix: str = "") -> str:
    """``prefix``: before the names of models. Raises KeyError where a type is none of JSON Schema's."""
    if "$ref" in schema:
        return prefix + class_name(schema["$ref"])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(type_of(each, spelling, prefix) for each in schema["anyOf"]))
    if "const" in schema:
        return spelling.literal([schema["const"]])
    if "enum" in schema:
        return spelling.literal(schema["enum"])
    match schema.get("type"):
        case "array":
            return spelling.listed(type_of(schema.get("items", {}), spelling, prefix))
        case "object":
            values = schema.get("additionalProperties")
            known = type_of(values, spelling, prefix) if isinstance(values, dict) and values else spelling.anything
            return spelling.by_name(known)
        case str() as kind:
            return spelling.plain[kind]
    return spelling.anything


def class_name(reference: str) -> str:
    return re.sub(r"\W", "_", reference.rpartition("/")[2])


def _models(document: Mapping[str, Any]) -> Iterator[Model]:
    for name, schema in sorted(document["components"]["schemas"].items()):
        fields = _fields(schema) if schema.get("type") == "object" else None
        yield Model(class_name(name), " ".join(schema.get("description", "").split()), schema, fields)


def _operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, given in methods.items():
            yield _operation(path, method.upper(), given, document["components"]["schemas"])


def _operation(path: str, method: str, given: Mapping[str, Any], schemas: Mapping[str, Schema]) -> Operation:
    parameters = [each for each in given["parameters"] if "$ref" not in each]
    query = tuple(Field(each["name"], each["schema"], each["required"]) for each in parameters if each["in"] == "query")
    answered = next(each for status, each in given["responses"].items() if status.startswith("2"))
    result = answered["content"]["application/json"]["schema"]
    goes_on = any(each.name == "cursor" for each in query)
    body = given["requestBody"]["content"]["application/json"]["schema"] if "requestBody" in given else None
    return Operation(
        name=given["operationId"],
        method=method,
        path=path,
        about=f"{given['summary']} Needs the scope {given['x-sotto-scope']}.",
        in_path=tuple(each["name"] for each in parameters if each["in"] == "path"),
        query=query,
        body=body,
        fields=_fields(_named(body, schemas)) if body is not None else (),
        result=result,
        item=_named(result, schemas)["properties"]["data"]["items"] if goes_on else None,
        writes=any(each.get("$ref", "").endswith("Idempotency-Key") for each in given["parameters"]),
    )


def _named(schema: Schema, schemas: Mapping[str, Schema]) -> Schema:
    return schemas[schema["$ref"].rpartition("/")[2]]


def _fields(schema: Schema) -> tuple[Field, ...]:
    required = schema.get("required", ())
    return tuple(Field(name, each, name in required) for name, each in schema.get("properties", {}).items())
