"""Languages as tags of BCP 47 (de-DE), as people write them, and what a part of Sotto says that it knows of them.

There is no list of languages: each part declares its own (``LanguageSet``) where it is defined.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

DEFAULT_LANGUAGE = "en-US"
"""What Connect gives for a contact whose flow has set no language."""
_NAMES = {
    "english": "en", "german": "de", "deutsch": "de", "spanish": "es", "espanol": "es", "español": "es",
    "castellano": "es", "french": "fr", "français": "fr", "italian": "it", "italiano": "it", "dutch": "nl",
    "portuguese": "pt",
}  # fmt: skip
"""Contact flows set attributes as their authors like."""
_TAG = re.compile(r"([a-z]{2,3})(?:-[a-z]{4})?(?:-([a-z]{2}|\d{3}))?")


def primary(language: str) -> str:
    """The primary tag: "de" of de-AT, DE_de and German. Of what is no language: itself, in lower case."""
    first = re.split(r"[-_]", language.strip().casefold(), maxsplit=1)[0]
    return _NAMES.get(first, first)


def tag_of(text: str) -> str | None:
    """ "de_at" and "German" as tags, "de-AT" and "de"; None for what is no language."""
    plain = text.strip().casefold().replace("_", "-")
    found = _TAG.fullmatch(_NAMES.get(plain, plain))
    if found is None:
        return None
    return f"{found[1]}-{found[2].upper()}" if found[2] else found[1]


def overlap(one: str, other: str) -> bool:
    """Whether a conversation can be in both: "de" takes in de-AT, and de-DE does not."""
    if primary(one) != primary(other):
        return False
    regions = {region for tag in (one, other) if (region := (tag_of(tag) or "").partition("-")[2])}
    return len(regions) < 2


@dataclass(frozen=True, slots=True)
class LanguageSet:
    """What a part knows: tags such as de-DE, or "de" for all of a language; ``tags`` is None where it knows all."""

    tags: tuple[str, ...] | None = None

    def closest(self, language: str) -> str | None:
        """The tag to use for ``language``: the same, or else the first of its primary language; None for none."""
        wanted = tag_of(language) or language
        if self.tags is None or wanted in self.tags:
            return wanted
        return next((tag for tag in self.tags if primary(tag) == primary(language)), None)

    def __contains__(self, language: object) -> bool:
        return isinstance(language, str) and self.closest(language) is not None

    def __str__(self) -> str:
        """The primary tags, for people."""
        return "every language" if self.tags is None else ", ".join(sorted(set(map(primary, self.tags)))) or "none"

    @classmethod
    def joined(cls, sets: Iterable[LanguageSet]) -> LanguageSet:
        """What any of them knows."""
        tags: dict[str, None] = {}
        for each in sets:
            if each.tags is None:
                return cls()
            tags.update(dict.fromkeys(each.tags))
        return cls(tuple(tags))


EVERY_LANGUAGE = LanguageSet()
