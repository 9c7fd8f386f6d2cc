"""The OpenAPI 3.1 document, out of the routes themselves. ``sotto api openapi`` prints it; docs/openapi.json is it."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from sotto.api.rest.answer import VERSIONS
from sotto.api.rest.problem import TITLES, ProblemBody
from sotto.api.rest.query import is_list
from sotto.api.rest.route import ID, Route
from sotto.api.rest.routing import all_routes

REFERENCES = "#/components/schemas/{model}"
_EVERYWHERE = (400, 401, 403, 406, 429, 500, 503)
_ABOUT = (
    "What other systems build on: conversations, what was said in them, what was made of them, figures, and the keys to"
    " all this. Errors are problem+json (RFC 9457). Lists go on with a signed cursor. Send writes with an"
    " Idempotency-Key, and the same write sent again is done once."
)


def document() -> dict[str, Any]:
    """Always the same for the same code."""
    routes = all_routes()
    schemas = _schemas(routes)
    paths: dict[str, Any] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas)
    found = {
        "openapi": "3.1.0",
        "info": {"title": "Sotto", "version": VERSIONS[-1], "description": _ABOUT},
        "servers": [{"url": "https://{host}", "variables": {"host": {"default": "api.example.com"}}}],
        "security": [{"bearer": []}],
        "tags": [{"name": name} for name in dict.fromkeys(route.segments[1] for route in routes)],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.definitions.items())),
            "responses": {
                str(status): _problem(status) for status in sorted({*_EVERYWHERE, 404, 409, 412, 413, 415, 422})
            },
            "headers": _HEADERS,
            "parameters": _PARAMETERS,
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key (sotto_live_...), or the OpenID Connect token of a person.",
                }
            },
        },
    }
    shown: dict[str, Any] = _of_any_number(found)
    return shown


def _of_any_number(part: Any) -> Any:
    """A set that names something twice is taken, and means it once."""
    if isinstance(part, dict):
        return {key: _of_any_number(value) for key, value in part.items() if key != "uniqueItems"}
    return [_of_any_number(each) for each in part] if isinstance(part, list) else part


def written() -> str:
    """As it stands in the file."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


class _Schemas:
    def __init__(self, found: dict[Any, Any], definitions: dict[str, Any]) -> None:
        self._found = found
        self.definitions = definitions

    def of(self, model: Any, mode: JsonSchemaMode) -> dict[str, Any]:
        return dict(self._found[model, mode])


def _schemas(routes: tuple[Route, ...]) -> _Schemas:
    inputs = [(route.body, "validation") for route in routes if route.body is not None]
    outputs = [(ProblemBody, "serialization"), *((route.answers, "serialization") for route in routes)]
    wanted = list(dict.fromkeys((*inputs, *outputs)))
    models: Any = [each for each in wanted if isinstance(each[0], type) and issubclass(each[0], BaseModel)]
    made, whole = models_json_schema(models, by_alias=False, ref_template=REFERENCES)
    found: dict[Any, Any] = dict(made)
    definitions = dict(whole.get("$defs", {}))
    for answers, mode in wanted:
        if (answers, mode) not in found:  # one model or null
            schema = TypeAdapter(answers).json_schema(mode="serialization", by_alias=False, ref_template=REFERENCES)
            for name, definition in schema.pop("$defs", {}).items():
                definitions.setdefault(name, definition)
            found[answers, mode] = schema
    return _Schemas(found, definitions)


def _operation(route: Route, schemas: _Schemas) -> dict[str, Any]:
    example = {} if route.example.answer is None else {"example": route.example.answer}
    answered: dict[str, Any] = {
        "description": route.about,
        "headers": _refs("headers", *_OF_ANSWERS, *(("ETag",) if route.method == "GET" else ())),
        "content": {"application/json": {"schema": schemas.of(route.answers, "serialization"), **example}},
    }
    responses = {str(route.status): answered}
    if route.method == "GET":
        responses["304"] = {"description": "As it was: the ETag of If-None-Match is still its own."}
    responses |= {str(each): {"$ref": f"#/components/responses/{each}"} for each in _problems(route)}
    return {
        "operationId": route.name,
        "summary": route.about,
        "description": f"Needs the scope `{route.scope}` and a role that the action `{route.action}` reaches.",
        "tags": [route.segments[1]],
        "parameters": _parameters(route, schemas),
        **({"requestBody": _body(route, schemas)} if route.body is not None else {}),
        "responses": dict(sorted(responses.items())),
        "x-sotto-scope": route.scope,
        "x-sotto-action": route.action.value,
    }


def _problems(route: Route) -> list[int]:
    writes = (404, 409, 412, 422) if route.writes else ()
    return sorted({*_EVERYWHERE, 422, *((404,) if route.names or route.means.absent else ()), *writes,
                   *((413, 415) if route.body is not None else ())})  # fmt: skip


def _parameters(route: Route, schemas: _Schemas) -> list[dict[str, Any]]:
    found = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "pattern": f"^{ID}$"},
            **({"example": route.example.path[name]} if name in route.example.path else {}),
        }
        for name in route.names
    ]
    described = route.query.model_json_schema(by_alias=False, ref_template=REFERENCES)
    for name, schema in described.get("properties", {}).items():
        shown = {key: value for key, value in schema.items() if key not in ("title",)}
        field = route.query.model_fields[name]
        found.append(
            {
                "name": name,
                "in": "query",
                "required": field.is_required(),
                "schema": _without_null(shown),
                **({"explode": True} if is_list(field.annotation) else {}),
            }
        )
    schemas.definitions.update(described.get("$defs", {}))
    return [*found, *_refs_of("parameters", *_OF_REQUESTS, *(_OF_WRITES if route.writes else ()))]


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter is left out, and never null."""
    if "anyOf" not in schema:
        return schema
    (kind,) = (each for each in schema["anyOf"] if each != {"type": "null"})
    rest = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
    return {**kind, **rest}


def _body(route: Route, schemas: _Schemas) -> dict[str, Any]:
    example = {} if route.example.body is None else {"example": route.example.body}
    return {
        "required": True,
        "content": {"application/json": {"schema": schemas.of(route.body, "validation"), **example}},
    }


def _problem(status: int) -> dict[str, Any]:
    schema = {"$ref": REFERENCES.format(model=ProblemBody.__name__)}
    headers = {401: ("WWW-Authenticate",), 429: ("Retry-After",), 503: ("Retry-After",)}.get(status, ())
    return {
        "description": TITLES[status],
        "headers": _refs("headers", "Sotto-Version", *headers),
        "content": {"application/problem+json": {"schema": schema}},
    }


def _refs(kind: str, *names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/{kind}/{name}"} for name in names}


def _refs_of(kind: str, *names: str) -> list[dict[str, Any]]:
    return [{"$ref": f"#/components/{kind}/{name}"} for name in names]


def _header(about: str) -> dict[str, Any]:
    return {"description": about, "schema": {"type": "string"}}


_OF_ANSWERS = ("Sotto-Version", "RateLimit", "RateLimit-Policy")
_HEADERS = {
    "Sotto-Version": _header("The version of the API by which this was answered."),
    "RateLimit": _header("What is left of the window: draft-ietf-httpapi-ratelimit-headers-10."),
    "RateLimit-Policy": _header("How many requests a window has."),
    "ETag": _header("Of what is shown; write it as If-Match where you change it."),
    "Retry-After": _header("Seconds."),
    "WWW-Authenticate": _header("Bearer."),
}
_OF_REQUESTS = ("Sotto-Version",)
_OF_WRITES = ("Idempotency-Key", "If-Match")


def _parameter(name: str, about: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "description": about, "schema": schema}


_PARAMETERS = {
    "Sotto-Version": _parameter(
        "Sotto-Version", "Without it, the first version.", {"type": "string", "enum": list(VERSIONS)}
    ),
    "Idempotency-Key": _parameter(
        "Idempotency-Key",
        "The same write sent again with the same key is done once, and answered as the first time, for 24 hours.",
        {"type": "string", "pattern": r"^[\x21-\x22\x24-\x7e]{1,128}$"},
    ),
    "If-Match": _parameter("If-Match", "The ETag of what you saw: refused where it has changed.", {"type": "string"}),
}
