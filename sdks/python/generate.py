"""Writes sotto_api/models.py and sotto_api/operations.py out of docs/openapi.json.

python sdks/python/generate.py [--check]
"""

from __future__ import annotations

import json
import keyword
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DOCUMENT = HERE.parents[1] / "docs" / "openapi.json"
_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_MADE = "# Made by sdks/python/generate.py out of docs/openapi.json.\n# ruff: noqa: E501\n"


def type_of(schema: Mapping[str, Any], prefix: str = "") -> str:
    if "$ref" in schema:
        return prefix + class_name(schema["$ref"])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(type_of(each, prefix) for each in schema["anyOf"]))
    if "const" in schema:
        return f"Literal[{schema['const']!r}]"
    if "enum" in schema:
        return f"Literal[{', '.join(map(repr, schema['enum']))}]"
    match schema.get("type"):
        case "array":
            return f"list[{type_of(schema.get('items', {}), prefix)}]"
        case "object":
            values = schema.get("additionalProperties")
            return f"dict[str, {type_of(values, prefix)}]" if isinstance(values, dict) and values else "dict[str, Any]"
        case str() as kind:
            return _PLAIN[kind]
    return "Any"


def class_name(reference: str) -> str:
    return re.sub(r"\W", "_", reference.rpartition("/")[2])


def models(document: Mapping[str, Any]) -> Iterator[str]:
    yield f'"""What is sent and answered."""\n\n{_MADE}'
    yield "from __future__ import annotations\n\nfrom typing import Any, Literal, NotRequired, TypedDict\n"
    schemas = document["components"]["schemas"]
    for name, schema in sorted(schemas.items(), key=lambda each: (each[1].get("type") == "object", each[0])):
        if schema.get("type") != "object":
            yield f"{class_name(name)} = {type_of(schema)}"
    for name, schema in sorted(schemas.items()):
        if schema.get("type") == "object":
            yield f"\n\nclass {class_name(name)}(TypedDict):"
            about = " ".join(schema.get("description", "").split())
            if about:
                yield f'    """{about}"""\n'
            required = schema.get("required", ())
            for field, each in schema.get("properties", {}).items():
                kind = type_of(each)
                yield f"    {field}: {kind if field in required else f'NotRequired[{kind}]'}"


def operations(document: Mapping[str, Any]) -> Iterator[str]:
    yield f'"""A method for each operation of the API."""\n\n{_MADE}'
    yield (
        "from __future__ import annotations\n\nfrom abc import ABC, abstractmethod\n"
        "from collections.abc import Callable, Iterator, Mapping\nfrom typing import Any, Literal\n\n"
        "from . import models\n\n\nclass Operations(ABC):\n    @abstractmethod\n"
        "    def _ask(self, method: str, path: str, *, query: Mapping[str, Any] | None = None,"
        " body: Mapping[str, Any] | None = None, writes: bool = False) -> Any: ...\n\n    @abstractmethod\n"
        "    def _pages(self, ask: Callable[[str | None], Any]) -> Iterator[Any]: ..."
    )
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield from _operation(path, method.upper(), operation, document)


def _operation(path: str, method: str, operation: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    name = operation["operationId"]
    parameters = [each for each in operation["parameters"] if "$ref" not in each]
    in_path = [each["name"] for each in parameters if each["in"] == "path"]
    query = {each["name"]: each for each in parameters if each["in"] == "query"}
    body = _fields(operation, document)
    answers = next(each for status, each in operation["responses"].items() if status.startswith("2"))
    schema = answers["content"]["application/json"]["schema"]
    result = type_of(schema, "models.")
    wanted = [f"{_word(field)}: {type_of(each, 'models.')}" for field, (each, needed) in body.items() if needed]
    wanted += [
        f"{_word(field)}: {type_of(each['schema'], 'models.')}" for field, each in query.items() if each["required"]
    ]
    may = [f"{_word(field)}: {_or_none(each)} = None" for field, (each, needed) in body.items() if not needed]
    may += [
        f"{_word(field)}: {_or_none(each['schema'])} = None" for field, each in query.items() if not each["required"]
    ]
    named = [*wanted, *may]
    given = ", ".join(["self", *(f"{each}: str" for each in in_path), *(["*", *named] if named else [])])
    yield f"\n    def {name}({given}) -> {result}:"
    yield f'        """{operation["summary"]} Needs the scope {operation["x-sotto-scope"]}."""'
    place = f'f"{path}"' if in_path else f'"{path}"'
    call = [f'"{method}"', place]
    if query:
        call.append("query={" + ", ".join(f'"{each}": {_word(each)}' for each in query) + "}")
    if body:
        call.append("body={" + ", ".join(f'"{each}": {_word(each)}' for each in body) + "}")
    if any(each.get("$ref", "").endswith("Idempotency-Key") for each in operation["parameters"]):
        call.append("writes=True")
    yield f"        found: {result} = self._ask({', '.join(call)})"
    yield "        return found"
    if "cursor" in query:
        yield from _iterator(name, in_path, query, schema, document)


def _iterator(
    name: str, in_path: list[str], query: Mapping[str, Any], schema: Mapping[str, Any], document: Mapping[str, Any]
) -> Iterator[str]:
    listed = document["components"]["schemas"][class_name(schema["$ref"])]
    item = type_of(listed["properties"]["data"]["items"], "models.")
    others = [each for each in query if each != "cursor"]
    named = [f"{_word(each)}: {_or_none(query[each]['schema'])} = None" for each in others]
    given = ", ".join(["self", *(f"{each}: str" for each in in_path), "*", *named])
    passed = ", ".join([*in_path, *(f"{_word(each)}={_word(each)}" for each in others), "cursor=cursor"])
    yield f"\n    def iterate_{name.removeprefix('list_').removeprefix('get_')}({given}) -> Iterator[{item}]:"
    yield f'        """All of ``{name}``, page by page as it is asked for."""'
    yield f"        return self._pages(lambda cursor: self.{name}({passed}))"


def _fields(operation: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, tuple[Mapping[str, Any], bool]]:
    if "requestBody" not in operation:
        return {}
    reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    schema = document["components"]["schemas"][reference.rpartition("/")[2]]
    required = schema.get("required", ())
    return {name: (each, name in required) for name, each in schema["properties"].items()}


def _or_none(schema: Mapping[str, Any]) -> str:
    found = type_of(schema, "models.")
    return found if found.endswith("| None") else f"{found} | None"


def _word(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) else name


def written() -> dict[str, str]:
    document = json.loads(DOCUMENT.read_text())
    return {
        "models.py": "\n".join(models(document)) + "\n",
        "operations.py": "\n".join(operations(document)) + "\n",
    }


def main() -> None:
    for name, content in written().items():
        file = HERE / "sotto_api" / name
        if "--check" in sys.argv:
            if file.read_text() != content:
                raise SystemExit(f"{file}: is not what the document says; run sdks/python/generate.py")
        else:
            file.write_text(content)


if __name__ == "__main__":
    main()
