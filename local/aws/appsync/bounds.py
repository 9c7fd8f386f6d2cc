"""What a GraphQL document may hold before it is validated, whose time grows with the square of what is alike.

Fragments that spread each other twice double at every step, so everything is counted once a fragment, as if spread. AWS
publishes no such bounds; those here are far above what a client of Sotto sends, and keep a request within a second.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    parse,
)

from sotto.realtime.limits import RESOLVER_COUNT_LIMIT

LARGEST_REQUEST_BYTES = 1024 * 1024
"""https://docs.aws.amazon.com/general/latest/gr/appsync.html"""
MOST_TOKENS = 30_000
MOST_FIELDS = 5_000
MOST_ROOTS = 10 * RESOLVER_COUNT_LIMIT
"""Those past the limit do not run, but each is an error whose line is searched for in the whole document."""
MOST_ALIKE = 10
"""Fields of one name in one selection: validation compares each with each, and what stands below them too."""


class TooMuch(Exception):
    """The document is past a bound; the message says which."""


@dataclass(frozen=True, slots=True)
class _Selected:
    """``here``: how often a name is selected on this level. ``fields``: on all levels."""

    here: Counter[str] = field(default_factory=Counter)
    fields: int = 0


def parsed(query: str) -> DocumentNode:
    """Raises TooMuch and GraphQLSyntaxError."""
    try:
        document = parse(query, max_tokens=MOST_TOKENS)
        _Spread(document).check()
    except RecursionError as error:
        raise TooMuch("The document is nested too deeply.") from error
    return document


class _Spread:
    """A document as if every fragment were written where it is spread."""

    def __init__(self, document: DocumentNode) -> None:
        self._definitions = document.definitions
        self._fragments = {
            each.name.value: each for each in self._definitions if isinstance(each, FragmentDefinitionNode)
        }
        self._counted: dict[str, _Selected] = {}

    def check(self) -> None:
        """Raises TooMuch."""
        for each in self._definitions:
            if isinstance(each, OperationDefinitionNode | FragmentDefinitionNode):
                top = self._selected(each.selection_set)
                if isinstance(each, OperationDefinitionNode) and len(top.here) > MOST_ROOTS:
                    raise TooMuch(f"The document asks for more than {MOST_ROOTS} fields at once.")

    def _selected(self, selection: SelectionSetNode | None) -> _Selected:
        here, fields = Counter[str](), 0
        for node in selection.selections if selection else ():
            more = self._more(node)
            here.update(more.here)
            fields += more.fields
            _check(here, more.here, fields)
        return _Selected(here, fields)

    def _more(self, node: SelectionNode) -> _Selected:
        match node:
            case FieldNode():
                name = node.alias.value if node.alias else node.name.value
                return _Selected(Counter([name]), 1 + self._selected(node.selection_set).fields)
            case InlineFragmentNode():
                return self._selected(node.selection_set)
            case FragmentSpreadNode():
                return self._of_fragment(node.name.value)
        raise TypeError(f"GraphQL has no selection of kind {node.kind}")

    def _of_fragment(self, name: str) -> _Selected:
        if name not in self._counted:
            self._counted[name] = _Selected()  # a cycle, or no such fragment: validation says so
            if name in self._fragments:
                self._counted[name] = self._selected(self._fragments[name].selection_set)
        return self._counted[name]


def _check(here: Counter[str], changed: Iterable[str], fields: int) -> None:
    if fields > MOST_FIELDS:
        raise TooMuch(f"The document selects more than {MOST_FIELDS} fields, fragments included.")
    if any(here[name] > MOST_ALIKE for name in changed):
        raise TooMuch(f"The document selects one field more than {MOST_ALIKE} times in one place.")
