"""The TypeScript client's models and operations. They are written by python -m sdks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sdks.api_document import Api, Field, Model, Operation, Schema, type_of

_MADE = "// Made by python -m sdks out of docs/openapi.json.\n"


class TypeScript:
    plain: Mapping[str, str] = {
        "string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null",
    }  # fmt: skip
    anything = "unknown"

    def literal(self, values: Iterable[Any]) -> str:
        return " | ".join(json.dumps(each) for each in values)

    def listed(self, item: str) -> str:
        return f"({item})[]" if " | " in item else f"{item}[]"

    def by_name(self, value: str) -> str:
        return f"Record<string, {value}>"


def models(api: Api) -> Iterator[str]:
    yield f"/** What is sent and answered. */\n\n{_MADE}"
    for model in api.models:
        yield from _model(model)


def _model(model: Model) -> Iterator[str]:
    if model.about:
        yield _about(model.about)
    if model.fields is None:
        yield f"export type {model.name} = {type_of(model.schema, TypeScript())};\n"
        return
    yield f"export interface {model.name} {{"
    yield from _fields(model.fields, "")
    yield "}\n"


def operations(api: Api) -> Iterator[str]:
    yield f"/** A method for each operation of the API. */\n\n{_MADE}"
    yield 'import { Carrier, type Options, segment } from "./carrier.js";'
    yield 'import type * as models from "./models.js";\n'
    yield f"export const VERSION = {json.dumps(api.version)};\n"
    for operation in api.operations:
        if operation.query:
            yield f"/** Of `{_camel(operation.name)}`. */\nexport interface {_query_name(operation)} {{"
            yield from _fields(operation.query, "models.")
            yield "}\n"
    yield "export abstract class Operations extends Carrier {"
    yield "\n".join(line for operation in api.operations for line in _methods(operation))
    yield "}"


def _methods(operation: Operation) -> Iterator[str]:
    given = [f"{_camel(each)}: string" for each in operation.in_path]
    if operation.body is not None:
        given.append(_argument("body", _type(operation.body), operation.fields))
    if operation.query:
        given.append(_argument("query", _query_name(operation), operation.query))
    parts = [name for name, is_sent in (("query", operation.query), ("body", operation.body)) if is_sent]
    if operation.writes:
        parts.append("writes: true")
    sent = f"{{ {', '.join(parts)} }}" if parts else "{}"
    yield _about(operation.about, "  ")
    arguments = ", ".join([*given, "options?: Options"])
    yield f"  {_camel(operation.name)}({arguments}): Promise<{_type(operation.result)}> {{"
    yield f'    return this.ask("{operation.method}", {_place(operation)}, {sent}, options);'
    yield "  }\n"
    if operation.item is not None:
        yield from _iterator(operation, _type(operation.item))


def _iterator(operation: Operation, item: str) -> Iterator[str]:
    others = [each for each in operation.query if each.name != "cursor"]
    given = [f"{_camel(each)}: string" for each in operation.in_path]
    given.append(_argument("query", f'Omit<{_query_name(operation)}, "cursor">', others))
    passed = ", ".join([*map(_camel, operation.in_path), "{ ...query, cursor }", "options"])
    name = _camel(f"iterate_{operation.listed}")
    yield f"  /** All of `{_camel(operation.name)}`, page by page as it is asked for. */"
    yield f"  {name}({', '.join([*given, 'options?: Options'])}): AsyncGenerator<{item}, void, undefined> {{"
    yield f"    return this.pages((cursor) => this.{_camel(operation.name)}({passed}));"
    yield "  }\n"


def _fields(fields: Iterable[Field], prefix: str) -> Iterator[str]:
    for each in fields:
        if "description" in each.schema:
            yield _about(each.schema["description"], "  ")
        kind = type_of(each.schema, TypeScript(), prefix)
        yield f"  {each.name}: {kind};" if each.is_required else f"  {each.name}?: {kind} | undefined;"


def _argument(name: str, kind: str, fields: Iterable[Field]) -> str:
    return f"{name}: {kind}" + ("" if any(each.is_required for each in fields) else " = {}")


def _place(operation: Operation) -> str:
    """An id is one step of the address, whatever it holds."""
    if not operation.in_path:
        return json.dumps(operation.path)
    return "`" + re.sub(r"{(\w+)}", lambda found: f"${{segment({_camel(found[1])})}}", operation.path) + "`"


def _type(schema: Schema) -> str:
    return type_of(schema, TypeScript(), "models.")


def _query_name(operation: Operation) -> str:
    name = _camel(operation.name)
    return f"{name[0].upper()}{name[1:]}Query"


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(each.capitalize() for each in others)


def _about(text: str, indent: str = "") -> str:
    return f"{indent}/** {' '.join(text.split()).replace('*/', '* /')} */"


def written(api: Api) -> dict[str, str]:
    return {
        "src/models.ts": "\n".join(models(api)).rstrip() + "\n",
        "src/operations.ts": "\n".join(operations(api)) + "\n",
    }
