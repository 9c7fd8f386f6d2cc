"""Running one GraphQL operation the way AppSync does: field by field authorisation, resolvers, typed errors."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSyntaxError,
    InlineFragmentNode,
    SelectionSetNode,
    default_field_resolver,
    execute,
    get_operation_ast,
    print_ast,
    validate,
)

from local.aws.appsync.authorisation import VerifiedIdentity
from local.aws.appsync.bounds import TooMuch, parsed
from local.aws.appsync.resolvers import (
    Echo,
    EchoAssignment,
    Event,
    Invoke,
    Resolved,
    Resolver,
    ResolverError,
    Resolvers,
    echoed,
    resolve,
)
from local.aws.appsync.schema import Api
from sotto.realtime.limits import QUERY_DEPTH_LIMIT, RESOLVER_COUNT_LIMIT

Json = dict[str, Any]
Info = GraphQLResolveInfo[Any]
_ROOTS = frozenset({"Query", "Mutation", "Subscription"})


class InvalidOperation(Exception):
    """The request is no operation of this schema; ``errors`` are what AppSync answers."""

    def __init__(self, errors: list[Json]) -> None:
        super().__init__(errors[0]["message"])
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Operation:
    """A request that fits the schema. ``kind``: query, mutation or subscription."""

    document: DocumentNode
    name: str | None
    variables: Mapping[str, Any]
    kind: str


@dataclass(frozen=True, slots=True)
class RequestContext:
    identity: VerifiedIdentity
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class RootField:
    """A field of the operation's root that was run: what AppSync needs to know of it afterwards."""

    name: str
    response_key: str
    arguments: Mapping[str, Any]
    resolved: Resolved = field(default_factory=lambda: Resolved(None))


@dataclass(slots=True)
class Outcome:
    """``data`` and ``errors`` as the client sees them; ``roots`` in the order of the operation."""

    data: Json | None
    errors: list[Json]
    roots: list[RootField]

    def answer(self) -> Json:
        return {"data": self.data, "errors": self.errors} if self.errors else {"data": self.data}


class Executor:
    """One API's schema, resolvers and way to functions."""

    def __init__(self, api: Api, resolvers: Resolvers, invoke: Invoke) -> None:
        self.api = api
        self._resolvers = resolvers
        self._invoke = invoke
        self._parsed = lru_cache(maxsize=256)(self._parse)

    def read(self, request: Any) -> Operation:
        """Parse and validate ``{query, variables, operationName}``. Raises InvalidOperation."""
        if not isinstance(request, Mapping) or not isinstance(request.get("query"), str):
            raise InvalidOperation([_problem("Unable to parse GraphQL query.", "MalformedHttpRequestException")])
        document, errors = self._parsed(request["query"])
        name = request.get("operationName")
        node = get_operation_ast(document, name) if document else None
        if document is None or errors or node is None:
            raise InvalidOperation(list(errors) or [_problem("Unknown operation named.", "BadRequestException")])
        return Operation(document, name, request.get("variables") or {}, node.operation.value)

    async def run(self, operation: Operation, caller: RequestContext) -> Outcome:
        """Run every root field's resolver. A subscription's leaves its filter in ``roots`` and no data."""
        run = _Run(self, caller)
        result = self._execute(operation, run.resolve_field, None)
        if inspect.isawaitable(result):
            result = await result
        return Outcome(result.data, [_shown(error) for error in result.errors or ()], run.roots)

    def project(self, operation: Operation, caller: RequestContext, root: str, payload: Any) -> Json:
        """What a subscriber receives of ``payload``: its own selection, as far as the mutation selected it too."""
        run = _Run(self, caller)
        result = self._execute(operation, run.resolve_nested, {root: payload})
        errors = [_shown(error) for error in result.errors or ()]
        return {"data": result.data, "errors": errors} if errors else {"data": result.data}

    def _execute(self, operation: Operation, resolver: Any, root_value: Any) -> Any:
        return execute(
            self.api.schema,
            operation.document,
            root_value,
            variable_values=dict(operation.variables),
            operation_name=operation.name,
            field_resolver=resolver,
        )

    def resolver_of(self, parent: str, name: str) -> Resolver | None:
        return self._resolvers.get(f"{parent}.{name}")

    async def resolved(self, resolver: Resolver, event: Event, root: RootField) -> Any:
        root.resolved = await resolve(resolver, event, self._invoke)
        return root.resolved.value

    def _parse(self, query: str) -> tuple[DocumentNode | None, Sequence[Json]]:
        try:
            document = parsed(query)
        except TooMuch as error:
            raise InvalidOperation([_problem(str(error), "BadRequestException")]) from error  # and it is not kept
        except GraphQLSyntaxError as error:
            return None, (_problem(f"Unable to parse GraphQL query: {error.message}", "MalformedHttpRequestException"),)
        errors = validate(self.api.schema, document)
        return document, tuple(_shown(error) | {"errorType": "ValidationError"} for error in errors)


class _Run:
    """One execution: guards each field and keeps the root fields in order."""

    def __init__(self, executor: Executor, caller: RequestContext) -> None:
        self._executor = executor
        self._caller = caller
        self.roots: list[RootField] = []
        self._resolvers = 0

    def resolve_field(self, source: Any, info: Info, **arguments: Any) -> Any:
        self._guard(info)
        if info.parent_type.name not in _ROOTS:
            return default_field_resolver(source, info)
        self._count()
        root = RootField(info.field_name, str(info.path.key), arguments)
        self.roots.append(root)
        resolver = self._executor.resolver_of(info.parent_type.name, info.field_name)
        if resolver is None:
            return None
        if isinstance(resolver, Echo | EchoAssignment):
            # Not awaited, so that messages published in one request stay together.
            root.resolved = echoed(resolver, arguments)
            return root.resolved.value
        return self._executor.resolved(resolver, _event(info, arguments, self._caller), root)

    def resolve_nested(self, source: Any, info: Info, **arguments: Any) -> Any:
        self._guard(info)
        return default_field_resolver(source, info)

    def _count(self) -> None:
        """AppSync runs the first resolvers of a request and answers the rest with an error each."""
        self._resolvers += 1
        if self._resolvers > RESOLVER_COUNT_LIMIT:
            raise ResolverError(
                f"A request runs {RESOLVER_COUNT_LIMIT} resolvers at most.", "ResolverExecutionLimitReached"
            )

    def _guard(self, info: Info) -> None:
        parent, name = info.parent_type.name, info.field_name
        if not parent.startswith("__") and _levels(info) > QUERY_DEPTH_LIMIT:
            raise ResolverError(f"A request has {QUERY_DEPTH_LIMIT} levels at most.", "QueryDepthLimitReached")
        if not self._executor.api.allows(self._caller.identity.mode, parent, name):
            raise ResolverError(f"Not Authorized to access {name} on type {parent}", "Unauthorized")


def _levels(info: Info) -> int:
    """Of fields: items of a list are none of their own."""
    return sum(isinstance(key, str) for key in info.path.as_list())


def _event(info: Info, arguments: Mapping[str, Any], caller: RequestContext) -> Event:
    # https://docs.aws.amazon.com/appsync/latest/devguide/resolver-context-reference.html
    selection = info.field_nodes[0].selection_set
    return {
        "arguments": dict(arguments),
        "identity": dict(caller.identity.resolver_identity),
        "source": None,
        "request": {"headers": dict(caller.headers), "domainName": None},
        "prev": None,
        "info": {
            "fieldName": info.field_name,
            "parentTypeName": info.parent_type.name,
            "variables": dict(info.variable_values.coerced),
            "selectionSetList": list(_selected(selection, info)),
            "selectionSetGraphQL": print_ast(selection) if selection else "",
        },
        "stash": {},
    }


def _selected(selection: SelectionSetNode | None, info: Info, prefix: str = "") -> Iterator[str]:
    for node in selection.selections if selection else ():
        match node:
            case FieldNode():
                path = f"{prefix}{node.alias.value if node.alias else node.name.value}"
                yield path
                yield from _selected(node.selection_set, info, f"{path}/")
            case InlineFragmentNode():
                yield from _selected(node.selection_set, info, prefix)
            case FragmentSpreadNode():
                spread = info.fragments[node.name.value]
                yield from _selected(getattr(spread, "definition", spread).selection_set, info, prefix)


def _shown(error: GraphQLError) -> Json:
    return {
        "path": error.path,
        "data": None,
        "errorType": getattr(error.original_error, "error_type", None),
        "errorInfo": None,
        "locations": [{"line": at.line, "column": at.column, "sourceName": None} for at in error.locations or ()],
        "message": error.message,
    }


def _problem(message: str, error_type: str) -> Json:
    return {"errorType": error_type, "message": message}
