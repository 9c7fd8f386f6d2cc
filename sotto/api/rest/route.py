"""A route as it declares itself, in a module of sotto.api.rest.routes: nothing lists routes.

@route(
    "GET", "/v1/contacts/{contact_id}", action=Action.READ_CALL, scope="contacts:read", answers=Contact,
    example=Example(path={"contact_id": "c1"}, answer={...}),
)
def get_contact(asked: Asked, ports: ApiPorts) -> Shape:
    \"\"\"One contact.\"\"\"
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter
from pydantic.alias_generators import to_camel

from sotto.api.caller import Caller
from sotto.api.rest.problem import Means
from sotto.api.roles import Action
from sotto.core.errors import SottoError

if TYPE_CHECKING:  # what a route does not use, its cold start does not import
    from sotto.api.analytics.use_cases import FigurePorts
    from sotto.api.imports.use_cases import ImportPorts
    from sotto.api.insights.ports import InsightPorts
    from sotto.api.keys.use_cases import KeyPorts
    from sotto.api.panel.ports import AgentPorts
    from sotto.api.privacy import PrivacyPorts
    from sotto.api.usage.use_cases import UsagePorts
    from sotto.api.webhooks.use_cases import WebhookPorts

Method = Literal["GET", "POST", "PUT", "DELETE"]
WRITES: frozenset[str] = frozenset({"POST", "PUT", "DELETE"})
ID = r"[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}"
"""Of what stands in an address."""


class Wanted(BaseModel):
    """What a client sends. A field that nobody reads is a mistake that nobody sees, so it is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Shown(BaseModel):
    """What a client gets. Read from the shapes that the panel gets, which are in camel case."""

    model_config = ConfigDict(
        frozen=True, alias_generator=to_camel, populate_by_name=True, hide_input_in_errors=True, extra="ignore"
    )


class Nothing(Wanted):
    """No parameters."""


@dataclass(frozen=True, slots=True)
class Asked:
    """``query``, ``body``: of the models that the route names."""

    caller: Caller
    path: Mapping[str, str]
    query: Any
    body: Any


@dataclass(frozen=True, slots=True)
class ApiPorts:
    """Each made when first needed: a route uses few of them, and a cold start should not wait for the others."""

    panel: Callable[[], AgentPorts]
    keys: Callable[[], KeyPorts]
    privacy: Callable[[], PrivacyPorts]
    figures: Callable[[], FigurePorts]
    webhooks: Callable[[], WebhookPorts]
    insights: Callable[[], InsightPorts]
    usage: Callable[[], UsagePorts]
    imports: Callable[[], ImportPorts]


@dataclass(frozen=True, slots=True)
class Example:
    """Which the documentation shows and a test sends: ``answer`` is what it is answered with. ``role``: whose."""

    answer: Any
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    role: str = "analyst"


Handle = Callable[[Asked, ApiPorts], Any]


@dataclass(frozen=True)
class Route:
    """``action``: its row of the table of roles; ``scope``: which a key must have. ``answers``: model of what is
    answered. ``means``: what errors of its own mean. ``keeps_answer``: whether the answer to a write may be kept for
    who sends it again; not of one that shows a secret."""

    method: Method
    path: str
    action: Action
    scope: str
    answers: Any
    example: Example
    handle: Handle
    query: type[Wanted] = Nothing
    body: type[Wanted] | None = None
    status: int = 200
    means: Means = Means()
    keeps_answer: bool = True

    @property
    def name(self) -> str:
        """The operationId."""
        return str(getattr(self.handle, "__name__", ""))

    @property
    def about(self) -> str:
        return " ".join((self.handle.__doc__ or "").split())

    @property
    def writes(self) -> bool:
        """Whether something is different afterwards: asking with a body is not."""
        return self.method in WRITES and not self.scope.endswith(":read")

    @cached_property
    def segments(self) -> tuple[str, ...]:
        return tuple(self.path.strip("/").split("/"))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Of the parts of the address that vary."""
        return tuple(each[1:-1] for each in self.segments if each.startswith("{"))

    @cached_property
    def shown(self) -> TypeAdapter[Any]:
        return TypeAdapter(self.answers)

    def match(self, segments: tuple[str, ...]) -> dict[str, str] | None:
        if len(segments) != len(self.segments):
            return None
        found = {}
        for pattern, given in zip(self.segments, segments, strict=True):
            if pattern.startswith("{"):
                if not re.fullmatch(ID, given):
                    return None
                found[pattern[1:-1]] = given
            elif pattern != given:
                return None
        return found


def route(
    method: Method,
    path: str,
    *,
    action: Action,
    scope: str,
    answers: Any,
    example: Example,
    query: type[Wanted] = Nothing,
    body: type[Wanted] | None = None,
    status: int = 200,
    absent: tuple[type[SottoError], ...] = (),
    conflict: tuple[type[SottoError], ...] = (),
    keeps_answer: bool = True,
) -> Callable[[Handle], Route]:
    """The first part of ``path`` after the version names the module, or the folder of modules, that it is in."""

    def declared(handle: Handle) -> Route:
        return Route(
            method=method,
            path=path,
            action=action,
            scope=scope,
            answers=answers,
            example=example,
            handle=handle,
            query=query,
            body=body,
            status=status,
            means=Means(absent, conflict),
            keeps_answer=keeps_answer,
        )

    return declared
