"""A GraphQL schema as AppSync reads it: its own scalars, who may touch which field, what is subscribed to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from graphql import (
    FieldDefinitionNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    build_schema,
)


class AuthMode(StrEnum):
    """AppSync's authorisation modes that are emulated; the values are the directives'."""

    IAM = "aws_iam"
    OIDC = "aws_oidc"


@dataclass(frozen=True)
class Api:
    """A schema with AppSync's meaning. ``default_mode`` rules wherever no directive stands."""

    schema: GraphQLSchema
    modes: dict[tuple[str, str], frozenset[AuthMode]]
    subscriptions_of: dict[str, tuple[str, ...]]
    """Mutation field to the subscription fields that it triggers."""

    def allows(self, mode: AuthMode, parent_type: str, field: str) -> bool:
        return field.startswith("__") or parent_type.startswith("__") or mode in self.modes[parent_type, field]


def read_api(prelude: str, schema: str, *, default_mode: AuthMode = AuthMode.OIDC) -> Api:
    """``prelude`` declares what AppSync adds by itself; ``schema`` is what is deployed."""
    built = build_schema(f"{prelude}\n{schema}")
    _give_json_its_meaning(built)
    return Api(built, dict(_modes(built, default_mode)), _triggers(built))


def _modes(schema: GraphQLSchema, default: AuthMode) -> Iterator[tuple[tuple[str, str], frozenset[AuthMode]]]:
    for name, type_ in schema.type_map.items():
        if isinstance(type_, GraphQLObjectType) and not name.startswith("__"):
            of_type = _directed(type_.ast_node) or frozenset({default})
            for field, definition in type_.fields.items():
                yield (name, field), _directed(definition.ast_node) or of_type


def _directed(
    node: FieldDefinitionNode | ObjectTypeDefinitionNode | ObjectTypeExtensionNode | None,
) -> frozenset[AuthMode]:
    present = {directive.name.value for directive in node.directives or ()} if node else set()
    return frozenset(mode for mode in AuthMode if mode.value in present)


def _triggers(schema: GraphQLSchema) -> dict[str, tuple[str, ...]]:
    triggers: dict[str, tuple[str, ...]] = {}
    for field, mutation in _subscribed(schema):
        triggers[mutation] = (*triggers.get(mutation, ()), field)
    return triggers


def _subscribed(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    fields = schema.subscription_type.fields if schema.subscription_type else {}
    for name, field in fields.items():
        for directive in (field.ast_node.directives if field.ast_node else None) or ():
            if directive.name.value == "aws_subscribe":
                for mutation in directive.arguments[0].value.values:
                    yield name, mutation.value


def _give_json_its_meaning(schema: GraphQLSchema) -> None:
    # AWSJSON is text outside and a value inside: https://docs.aws.amazon.com/appsync/latest/devguide/scalars.html
    scalar = schema.type_map["AWSJSON"]
    assert isinstance(scalar, GraphQLScalarType)
    scalar.parse_value = _parsed_json  # type: ignore[method-assign]
    scalar.serialize = _written_json  # type: ignore[method-assign]


def _parsed_json(value: Any) -> Any:
    try:
        return json.loads(value)
    except (TypeError, ValueError) as error:
        raise GraphQLError("Variable has an invalid value: AWSJSON must be text holding valid JSON.") from error


def _written_json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
