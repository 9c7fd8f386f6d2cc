"""What an object builds once, at first use: the properties of the composition root."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial, update_wrapper
from threading import RLock
from typing import Any, Generic, TypeVar, overload

Made = TypeVar("Made")
Owner = TypeVar("Owner", bound="Builds")
_NOT_YET = object()


class Builds:
    """Has properties of the two kinds below. ``given`` replaces any of them by name; for a ``built_per_name`` that is a
    callable. Raises TypeError for a name that is none of them.

    One lock for all: threads that ask at the same time wait for one to build, and builders may use one another.
    """

    def __init__(self, **given: Any) -> None:
        unknown = [name for name in given if not isinstance(getattr(type(self), name, None), built | built_per_name)]
        if unknown:
            raise TypeError(f"{type(self).__name__} builds no {', '.join(unknown)}")
        self._given = given
        self._made: dict[Hashable, Any] = {}
        self._building = RLock()

    def _once(self, key: Hashable, build: Callable[[], Made]) -> Made:
        found = self._made.get(key, _NOT_YET)
        if found is _NOT_YET:
            with self._building:
                found = self._made.get(key, _NOT_YET)
                if found is _NOT_YET:
                    found = self._made[key] = build()
        return found  # type: ignore[no-any-return]


class built(Generic[Made]):  # noqa: N801 (used as ``property`` is)
    """A property that is built when first asked for, and then the same for everyone."""

    def __init__(self, build: Callable[[Any], Made]) -> None:
        update_wrapper(self, build)  # type: ignore[arg-type]
        self._build = build
        self._name = build.__name__

    @overload
    def __get__(self, owner: None, kind: type[Builds]) -> built[Made]: ...
    @overload
    def __get__(self, owner: Builds, kind: type[Builds]) -> Made: ...
    def __get__(self, owner: Builds | None, kind: type[Builds]) -> Made | built[Made]:
        if owner is None:
            return self
        if self._name in owner._given:
            return owner._given[self._name]  # type: ignore[no-any-return]
        return owner._once(self._name, partial(self._build, owner))


class built_per_name(Generic[Made]):  # noqa: N801
    """The same for each name that a method is asked for: ``client("s3")``."""

    def __init__(self, build: Callable[[Any, str], Made]) -> None:
        update_wrapper(self, build)  # type: ignore[arg-type]
        self._build = build
        self._name = build.__name__

    @overload
    def __get__(self, owner: None, kind: type[Builds]) -> built_per_name[Made]: ...
    @overload
    def __get__(self, owner: Builds, kind: type[Builds]) -> Callable[[str], Made]: ...
    def __get__(self, owner: Builds | None, kind: type[Builds]) -> Callable[[str], Made] | built_per_name[Made]:
        if owner is None:
            return self
        return partial(self._of, owner)

    def _of(self, owner: Builds, name: str) -> Made:
        build: Callable[[str], Made] = owner._given.get(self._name) or partial(self._build, owner)
        return owner._once((self._name, name), partial(build, name))
