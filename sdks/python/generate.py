"""The Python client's models and operations. They are written by python -m sdks."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sdks.api_document import Api, Field, Operation, Schema, type_of

_MADE = "# Made by python -m sdks out of docs/openapi.json.\n# ruff: noqa: E501\n"


class Python:
    plain: Mapping[str, str] = {
        "string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None",
    }  # fmt: skip
    anything = "Any"

    def literal(self, values: Iterable[Any]) -> str:
        return f"Literal[{', '.join(map(repr, values))}]"

    def listed(self, item: str) -> str:
        return f"list[{item}]"

    def by_name(self, value: str) -> str:
        return f"dict[str, {value}]"


def models(api: Api) -> Iterator[str]:
    yield f'"""What is sent and answered."""\n\n{_MADE}'
    yield "from __future__ import annotations\n\nfrom typing import Any, Literal, NotRequired, TypedDict\n"
    for model in api.models:
        if model.fields is None:
            yield f"{model.name} = {type_of(model.schema, Python())}"
    for model in api.models:
        if model.fields is not None:
            yield f"\n\nclass {model.name}(TypedDict):"
            if model.about:
                yield f'    """{model.about}"""\n'
            for field in model.fields:
                kind = type_of(field.schema, Python())
                yield f"    {field.name}: {kind if field.is_required else f'NotRequired[{kind}]'}"


def operations(api: Api) -> Iterator[str]:
    yield f'"""A method for each operation of the API."""\n\n{_MADE}'
    yield (
        "from __future__ import annotations\n\nfrom abc import ABC, abstractmethod\n"
        "from collections.abc import Callable, Iterator, Mapping\nfrom typing import Any, Literal\n"
        "\nfrom . import models\nfrom .address import segment\n\n\nclass Operations(ABC):\n    @abstractmethod\n"
        "    def _ask(self, method: str, path: str, *, query: Mapping[str, Any] | None = None,"
        " body: Mapping[str, Any] | None = None, writes: bool = False) -> Any: ...\n\n    @abstractmethod\n"
        "    def _pages(self, ask: Callable[[str | None], Any]) -> Iterator[Any]: ..."
    )
    for operation in api.operations:
        yield from _operation(operation)


def _operation(operation: Operation) -> Iterator[str]:
    result = _type(operation.result)
    given = [*operation.fields, *operation.query]
    named = [f"{_word(each.name)}: {_type(each.schema)}" for each in given if each.is_required]
    named += [f"{_word(each.name)}: {_or_none(each.schema)} = None" for each in given if not each.is_required]
    arguments = ", ".join(["self", *(f"{each}: str" for each in operation.in_path), *(["*", *named] if named else [])])
    yield f"\n    def {operation.name}({arguments}) -> {result}:"
    yield f'        """{operation.about}"""'
    call = [f'"{operation.method}"', _place(operation)]
    if operation.query:
        call.append(f"query={_mapping(operation.query)}")
    if operation.body is not None:
        call.append(f"body={_mapping(operation.fields)}")
    if operation.writes:
        call.append("writes=True")
    yield f"        found: {result} = self._ask({', '.join(call)})"
    yield "        return found"
    if operation.item is not None:
        yield from _iterator(operation, _type(operation.item))


def _iterator(operation: Operation, item: str) -> Iterator[str]:
    others = [each for each in operation.query if each.name != "cursor"]
    named = [f"{_word(each.name)}: {_or_none(each.schema)} = None" for each in others]
    arguments = ", ".join(["self", *(f"{each}: str" for each in operation.in_path), "*", *named])
    passed = ", ".join(
        [*operation.in_path, *(f"{_word(each.name)}={_word(each.name)}" for each in others), "cursor=cursor"]
    )
    yield f"\n    def iterate_{operation.listed}({arguments}) -> Iterator[{item}]:"
    yield f'        """All of ``{operation.name}``, page by page as it is asked for."""'
    yield f"        return self._pages(lambda cursor: self.{operation.name}({passed}))"


def _place(operation: Operation) -> str:
    """An id is one step of the address, whatever it holds."""
    path = operation.path
    for each in operation.in_path:
        path = path.replace(f"{{{each}}}", f"{{segment({each})}}")
    return f'f"{path}"' if operation.in_path else f'"{path}"'


def _mapping(fields: Iterable[Field]) -> str:
    return "{" + ", ".join(f'"{each.name}": {_word(each.name)}' for each in fields) + "}"


def _type(schema: Schema) -> str:
    return type_of(schema, Python(), "models.")


def _or_none(schema: Schema) -> str:
    found = _type(schema)
    return found if found.endswith("| None") else f"{found} | None"


def _word(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) else name


def written(api: Api) -> dict[str, str]:
    return {
        "sotto_api/models.py": "\n".join(models(api)) + "\n",
        "sotto_api/operations.py": "\n".join(operations(api)) + "\n",
    }
