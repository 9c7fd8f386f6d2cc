"""Fills the templates: conversations whose private values are known to the letter."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.private_templates.innocent_slots import InnocentSlots
from benchmarks.private_templates.personal_slots import PersonalSlots
from benchmarks.private_templates.secret_slots import SecretSlots
from benchmarks.private_templates.speaker import Segment
from benchmarks.private_templates.speech.tongue import capitalised
from benchmarks.private_templates.templates import LOCALES, OPEN, Part, Place, Template, Turn, read_templates
from sotto.tenants.redaction_rules import PrivateKind


class Speaker(SecretSlots, PersonalSlots, InnocentSlots):
    """Every slot."""


@dataclass(frozen=True, slots=True)
class Span:
    """A private value, or the part of it in this turn. ``value`` are the stretches of it that give it away: without
    "as in", "double", "uh" and what was corrected. Parts of one value share ``mention``, unique in the case."""

    kind: PrivateKind
    start: int
    end: int
    slot: str
    mention: int
    value: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    speaker: str
    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A filled template. ``locale`` as in ``de_AT``."""

    template: str
    topic: str
    locale: str
    innocent: bool
    turns: tuple[SpokenTurn, ...]

    @property
    def kinds(self) -> tuple[PrivateKind, ...]:
        return tuple(sorted({span.kind for turn in self.turns for span in turn.spans}))


def cases(language: str, part: Part | None, seed: int, per_template: int, folder: Path = OPEN) -> Iterator[Case]:
    """``per_template`` fillings of each template of the part (None: of all in the folder). The same seed, the same
    text; a template's text does not depend on the others. Raises TemplateWrong, FileNotFoundError."""
    for template in read_templates(language, folder):
        if part in (None, template.part):
            for number in range(per_template):
                yield fill(template, _rng(seed, template.id, number))


def _rng(seed: int, template_id: str, number: int) -> Random:
    return Random(int.from_bytes(hashlib.sha256(f"{seed}:{template_id}:{number}".encode()).digest()[:8]))


def fill(template: Template, rng: Random) -> Case:
    locale = rng.choice(template.locales or LOCALES[template.language])
    speaker = Speaker(rng, locale, template)
    turns, mentions = [], 0
    open_mentions: dict[str, int] = {}
    for turn in template.turns:
        writer = _Writer(turn, mentions, open_mentions)
        for piece in turn.pieces:
            if isinstance(piece, str):
                writer.text += piece
            else:
                writer.write(piece, speaker.say(piece, writer.text))
        mentions = writer.mentions
        turns.append(SpokenTurn(turn.speaker, writer.text, tuple(writer.spans)))
    return Case(template.id, template.topic, locale, template.innocent, tuple(turns))


class _Writer:
    """One turn's text as it grows. Where a template is in lower case, so are its values."""

    def __init__(self, turn: Turn, mentions: int, open_mentions: dict[str, int]) -> None:
        self.text = ""
        self.spans: list[Span] = []
        self.mentions = mentions
        self._is_cased = turn.is_cased
        self._is_all_places = all(not any(c.isalpha() for c in one) for one in turn.pieces if isinstance(one, str))
        self._ends_sentence = any(isinstance(one, str) and one.rstrip().endswith((".", "?")) for one in turn.pieces)
        self._open = open_mentions

    def write(self, place: Place, segments: Sequence[Segment]) -> None:
        for at, segment in enumerate(one for one in segments if one.tokens):
            self.text += " " if at else ""
            self._write_one(place, segment)

    def _write_one(self, place: Place, segment: Segment) -> None:
        cased = self._is_cased or (self._is_all_places and self._ends_sentence)
        begins = not self.text or self.text.rstrip().endswith((".", "?", "!"))
        tokens = capitalised(segment.tokens) if cased and begins else segment.tokens
        start, value = len(self.text), list[tuple[int, int]]()
        for at, token in enumerate(tokens):
            self.text += "" if at == 0 or token.glued else " "
            begin = len(self.text)
            self.text += token.text if cased else token.text.lower()
            value += [(begin, len(self.text))] if token.is_value else []
        if segment.kind is not None:
            slot = f"{place.slot}_unlisted" if segment.unlisted else place.slot
            span = Span(segment.kind, start, len(self.text), slot, self._mention(place), tuple(value))
            self.spans.append(span)

    def _mention(self, place: Place) -> int:
        """A new one, except for the later parts of a value."""
        key = f"{place.slot}{place.which}"
        if place.part > 1 and key in self._open:
            return self._open[key]
        self.mentions += 1
        self._open[key] = self.mentions
        return self.mentions
