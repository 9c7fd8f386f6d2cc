"""What publishing asks of subjects that stand above a tenant's book. Wiring fills it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sotto.call.language import EVERY_LANGUAGE, LanguageSet


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
    that can, as they are named to whoever wrote another. ``recogniser_languages`` of a provider's name,
    ``task_languages`` of the models that training makes for a task, ``consent_languages``: spoken yes and no."""

    has_language_pack: Callable[[str], bool]
    languages: tuple[str, ...]
    directory: DirectoryNames = DirectoryNames()
    recogniser_languages: Callable[[str], LanguageSet] = lambda name: EVERY_LANGUAGE
    task_languages: Callable[[str], LanguageSet] = lambda task: EVERY_LANGUAGE
    consent_languages: LanguageSet = EVERY_LANGUAGE
    workflows: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Those that there are, each with its tools that act outside."""
