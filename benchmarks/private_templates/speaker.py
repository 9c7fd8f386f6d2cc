"""What a place of a template is filled with: the value, its kind, and how this caller says it.

A slot is a method ``slot_<name>`` of what derives from ``SpeakerBase``; adding one adds a method.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from benchmarks.private_templates.speech.codes import Groups, some_way, speak_code
from benchmarks.private_templates.speech.english import ENGLISH
from benchmarks.private_templates.speech.german import GERMAN
from benchmarks.private_templates.speech.spanish import SPANISH
from benchmarks.private_templates.speech.tongue import Spoken, Tongue
from benchmarks.private_templates.templates import Place, Template, TemplateWrong
from sotto.tenants.redaction_rules import PrivateKind as Kind

Made = TypeVar("Made")
TONGUES: Mapping[str, Tongue] = {"en": ENGLISH, "de": GERMAN, "es": SPANISH}


@dataclass(frozen=True, slots=True)
class Segment:
    """``kind`` is None where what is said is not private: an amount, "in" between street and town."""

    kind: Kind | None
    tokens: Spoken
    unlisted: bool = False
    """A name that no common list has."""


def grouped(text: str, size: int) -> Groups:
    return [text[at : at + size] for at in range(0, len(text), size)]


def _share(text: str, place: Place) -> str:
    begin, end = ((len(text) * part + place.parts - 1) // place.parts for part in (place.part - 1, place.part))
    return text[begin:end]


@dataclass
class SpeakerBase:
    """One case's caller and agent: the same slot gives the same value wherever it stands."""

    rng: Random
    locale: str
    template: Template
    _known: dict[str, object] = field(default_factory=dict)
    _ways: dict[str, str] = field(default_factory=dict)

    @property
    def language(self) -> str:
        return self.locale[:2]

    @property
    def country(self) -> str:
        return self.locale[3:]

    @property
    def tongue(self) -> Tongue:
        return TONGUES[self.language]

    def say(self, place: Place, before: str) -> list[Segment]:
        """``before``: the text of the turn up to the place. Raises TemplateWrong."""
        slot = getattr(self, f"slot_{place.slot}", None)
        if slot is None:
            raise TemplateWrong(f"{self.template.id}: no slot is called {place.slot!r}")
        said: Segment | list[Segment] = slot(place, before)
        return said if isinstance(said, list) else [said]

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        if name not in self._known:
            self._known[name] = make()
        return self._known[name]  # type: ignore[return-value]  # made by the same slot

    def code(self, kind: Kind | None, place: Place, text: str, size: int = 4, groups: Groups | None = None) -> Segment:
        """A code in a way that all its parts share; written in ``groups`` or by ``size``."""
        key = f"{place.slot}{place.which}"
        whole = groups if groups and place.parts == 1 else grouped(_share(text, place), size)
        way = place.way
        if not way:
            way = self._ways[key] if place.part > 1 and key in self._ways else some_way(whole, self.rng)
            way = "singles" if place.parts > 1 and way == "corrected" else way
            self._ways[key] = way
        return Segment(kind, speak_code(whole, way, self.rng, self.tongue))

    def plain_code(self, kind: Kind | None, place: Place, make: Callable[[], str], size: int = 4) -> Segment:
        return self.code(kind, place, self.once(f"{place.slot}{place.which}", make), size)
