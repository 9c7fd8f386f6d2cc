"""What a process makes once, at first use."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, update_wrapper
from threading import RLock
from typing import Generic, ParamSpec, TypeVar

Asked = ParamSpec("Asked")
Made = TypeVar("Made")


class Once(Generic[Asked, Made]):
    """Builds when first asked, and gives everyone what it built. The lock is its own, so that builders may use one
    another."""

    def __init__(self, build: Callable[Asked, Made]) -> None:
        update_wrapper(self, build)
        self._built = cache(build)
        self._building = RLock()

    def __call__(self, *args: Asked.args, **kwargs: Asked.kwargs) -> Made:
        with self._building:
            return self._built(*args, **kwargs)  # type: ignore[arg-type]  # cache wants them hashable

    def cache_clear(self) -> None:
        """Build anew when next asked."""
        with self._building:
            self._built.cache_clear()


def once(build: Callable[Asked, Made]) -> Once[Asked, Made]:
    """functools.cache under a lock: threads that ask at the same time wait for one to build.

    The cache alone has each of them build, and neither boto3's default session nor a Powertools logger can be set up
    by two threads at a time.
    """
    return Once(build)
