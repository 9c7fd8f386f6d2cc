"""Which route an address is. Only the modules of its first part are imported: a cold start pays for what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from sotto.api.rest import routes
from sotto.api.rest.problem import Problem
from sotto.api.rest.route import Route

VERSION_PART = "v1"


@dataclass(frozen=True, slots=True)
class Match:
    route: Route
    path: dict[str, str]


@cache
def subjects() -> frozenset[str]:
    return frozenset(each.name for each in iter_modules(routes.__path__))


@cache
def routes_of(subject: str) -> tuple[Route, ...]:
    """Of a module or of all modules in a folder. What is fixed comes before what varies."""
    module = import_module(f"{routes.__name__}.{subject}")
    names = [each.name for each in iter_modules(getattr(module, "__path__", ()))]
    modules = [module, *(import_module(f"{module.__name__}.{name}") for name in names)]
    found = [each for one in modules for each in vars(one).values() if isinstance(each, Route)]
    return tuple(sorted(found, key=lambda each: (each.segments, each.method), reverse=False))


def all_routes() -> tuple[Route, ...]:
    return tuple(each for subject in sorted(subjects()) for each in routes_of(subject))


def all_scopes() -> frozenset[str]:
    return frozenset(each.scope for each in all_routes())


def found(method: str, path: str) -> Match:
    """Raises Problem: 404, or 405 with what is allowed."""
    parts = tuple(path.strip("/").split("/"))
    at_path = _at(parts)
    for route, names in at_path:
        if route.method == method or (method == "HEAD" and route.method == "GET"):
            return Match(route, names)
    if at_path:
        allowed = ", ".join(sorted({route.method for route, _ in at_path}))
        raise Problem(405, "method-not-allowed", f"Here there is {allowed}.", headers={"Allow": allowed})
    raise Problem(404, "no-such-route", "There is nothing at this address; the OpenAPI document lists what there is.")


def beside(route: Route) -> Route | None:
    """What shows the thing that ``route`` changes."""
    there = routes_of(route.segments[1])
    return next((each for each in there if each.method == "GET" and each.path == route.path), None)


def _at(parts: tuple[str, ...]) -> Sequence[tuple[Route, dict[str, str]]]:
    """Of several patterns the one with the most fixed parts."""
    if len(parts) < 2 or parts[0] != VERSION_PART:
        return []
    subject = parts[1].replace("-", "_")
    if subject not in subjects():
        return []
    matched = [(route, names) for route in routes_of(subject) if (names := route.match(parts)) is not None]
    fewest = min((len(names) for _, names in matched), default=0)
    return [(route, names) for route, names in matched if len(names) == fewest]
