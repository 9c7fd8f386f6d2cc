"""Reads the templates: short pieces of telephone talk with places for private values."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml

OPEN = Path(__file__).resolve().parents[1] / "texts" / "private_templates"
LANGUAGES = ("en", "de", "es")
LOCALES = {
    "en": ("en_GB", "en_GB", "en_GB", "en_US", "en_US", "en_US", "en_IE", "en_IN"),
    "de": ("de_DE", "de_DE", "de_DE", "de_DE", "de_AT", "de_CH"),
    "es": ("es_ES", "es_ES", "es_ES", "es_MX", "es_MX", "es_AR"),
}
"""By language, as often as each is drawn."""

Part = Literal["tune", "report", "sealed"]
_SALT = "private templates 2103"
"""Chosen so that every topic has templates in each part; the text of a template plays no role."""
_PLACE = re.compile(r"\{(?P<slot>[a-z_]+)(?P<which>\d?)(?:\|(?P<way>\w+))?(?:#(?P<part>\d)/(?P<parts>\d))?\}")


class TemplateWrong(ValueError):
    """A template's text cannot be read; the message names the template."""


@dataclass(frozen=True, slots=True)
class Place:
    """``{slot}``: a value spoken in any way. ``{slot2}``: another one. ``{slot|way}``: spoken in that way.
    ``{slot#1/3}``: its first third, the others follow in other places."""

    slot: str
    which: str = ""
    way: str = ""
    part: int = 1
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Turn:
    speaker: Literal["agent", "customer"]
    pieces: tuple[str | Place, ...]

    @property
    def is_cased(self) -> bool:
        """A recogniser with punctuation and capitals wrote it."""
        return any(character.isupper() for piece in self.pieces if isinstance(piece, str) for character in piece)


@dataclass(frozen=True, slots=True)
class Template:
    """``locales`` limits where its values come from; none: any of the language."""

    id: str
    language: str
    innocent: bool
    locales: tuple[str, ...]
    turns: tuple[Turn, ...]

    @property
    def part(self) -> Part:
        return part_of(self.id)

    @property
    def topic(self) -> str:
        """``card``, ``name``, ``amount`` ...: the id without language and number."""
        return self.id.split("-", 1)[1].rsplit("-", 1)[0].removeprefix("plain-")

    @property
    def places(self) -> tuple[Place, ...]:
        return tuple(piece for turn in self.turns for piece in turn.pieces if isinstance(piece, Place))

    @property
    def text(self) -> str:
        """What stands between the places."""
        return " ".join(piece for turn in self.turns for piece in turn.pieces if isinstance(piece, str))


def part_of(template_id: str) -> Part:
    """One third is sealed: kept outside the repository, read once. Of the rest half is for tuning."""
    number = int.from_bytes(hashlib.sha256(f"{_SALT}:{template_id}".encode()).digest()[:8])
    return "sealed" if number % 3 == 0 else "tune" if number // 3 % 2 == 0 else "report"


def read_templates(language: str, folder: Path = OPEN) -> tuple[Template, ...]:
    """Every template of ``folder/<language>.yaml``. Raises TemplateWrong, FileNotFoundError."""
    document = yaml.safe_load((folder / f"{language}.yaml").read_text(encoding="utf-8"))
    templates = tuple(
        Template(
            one["id"],
            language,
            section == "innocent",
            tuple(one.get("locales", ())),
            tuple(_turn(one["id"], line) for line in one["turns"]),
        )
        for section in ("private", "innocent")
        for one in document[section]
    )
    ids = [one.id for one in templates]
    if doubled := {one for one in ids if ids.count(one) > 1}:
        raise TemplateWrong(f"{language}: {', '.join(sorted(doubled))} stand twice")
    return templates


def _turn(template_id: str, line: str) -> Turn:
    speaker, _, text = line.partition(": ")
    if speaker not in ("a", "c") or not text:
        raise TemplateWrong(f"{template_id}: a turn begins with 'a: ' or 'c: ': {line!r}")
    pieces: list[str | Place] = []
    begin = 0
    for found in _PLACE.finditer(text):
        pieces += [text[begin : found.start()]] if found.start() > begin else []
        part, parts = int(found["part"] or 1), int(found["parts"] or 1)
        pieces.append(Place(found["slot"], found["which"], found["way"] or "", part, parts))
        begin = found.end()
    pieces += [text[begin:]] if begin < len(text) else []
    if any("{" in piece or "}" in piece for piece in pieces if isinstance(piece, str)):
        raise TemplateWrong(f"{template_id}: a place that cannot be read: {line!r}")
    return Turn("agent" if speaker == "a" else "customer", tuple(pieces))
