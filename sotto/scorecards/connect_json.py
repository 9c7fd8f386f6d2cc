"""Reading somebody else's JSON so that every problem is found in one go and has a place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MOST_PROBLEMS = 50


def at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


@dataclass(slots=True)
class Problems:
    found: list[str] = field(default_factory=list)

    def add(self, path: str, message: str) -> None:
        if len(self.found) < MOST_PROBLEMS:
            self.found.append(f"{path or 'the form'}: {message}")

    def mapping(self, value: Any, path: str) -> Mapping[str, Any]:
        if isinstance(value, Mapping):
            return value
        self.add(path, "expected an object here")
        return {}

    def list(self, holder: Mapping[str, Any], name: str, path: str, *, needed: bool = True) -> Sequence[Any]:
        value = holder.get(name)
        if isinstance(value, list):
            return value
        if value is not None or needed:
            self.add(at(path, name), "expected a list here")
        return ()

    def mappings(
        self, holder: Mapping[str, Any], name: str, path: str, *, needed: bool = True
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """(place, object) of each entry of a list."""
        for n, each in enumerate(self.list(holder, name, path, needed=needed)):
            place = at(path, f"{name}[{n}]")
            yield place, self.mapping(each, place)

    def text(self, holder: Mapping[str, Any], name: str, path: str, *, needed: bool = True) -> str:
        value = holder.get(name)
        if isinstance(value, str) and (value or not needed):
            return value
        if value is not None or needed:
            self.add(at(path, name), "expected a text here")
        return ""

    def number(self, holder: Mapping[str, Any], name: str, path: str) -> float | None:
        value = holder.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e9 or value != value:
            self.add(at(path, name), "expected a number here")
            return None
        return float(value)

    def numbers(self, holder: Mapping[str, Any], names: Sequence[str], path: str) -> bool:
        """Whether all of them are there; those that are not are noted."""
        values = [self.number(holder, name, path) for name in names]
        for name, value in zip(names, values, strict=True):
            if value is None and holder.get(name) is None:
                self.add(at(path, name), "a number is missing here")
        return all(value is not None for value in values)
