"""What publishing asks of subjects that stand above a tenant's book. Wiring fills it in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DirectoryNames:
    """What the tenant's Connect instances name, as the directory had it last; None where that is not known."""

    usernames: frozenset[str] | None = None
    groups: frozenset[str] | None = None
    routing_profiles: frozenset[str] | None = None
    queues: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class PublishChecks:
    """``has_language_pack``: whether calls in a language (a tag such as en-US) can be redacted. ``languages``: those
    that can, as they are named to whoever wrote another."""

    has_language_pack: Callable[[str], bool]
    languages: tuple[str, ...]
    directory: DirectoryNames = DirectoryNames()
