"""What a language pack is made of: the words and the grammar that the rules of this package ask for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sotto.redaction.detectors.spoken.context import AnnouncingWords
from sotto.redaction.detectors.spoken.emails import EmailWords
from sotto.redaction.detectors.spoken.names.name_words import NameWords
from sotto.redaction.detectors.spoken.numbers.codes import SpellingWords
from sotto.redaction.detectors.spoken.numbers.dates import DateGrammar
from sotto.redaction.detectors.spoken.numbers.number_words import NumberWords
from sotto.redaction.detectors.spoken.numbers.written import WrittenWords
from sotto.redaction.detectors.spoken.secret_vocabulary import SecretWords
from sotto.redaction.detectors.tokens import Token
from sotto.tenants.redaction_rules import PrivateKind


class PostalAddresses(Protocol):
    """Streets stand before or after their numbers, so each language reads its own."""

    def spans(self, text: str, plain: str, tokens: list[Token], *, expected: bool) -> list[tuple[int, int]]:
        """Where addresses stand, as offsets; ``expected``: one was asked for, so that a short answer with a number in
        it is one."""
        ...

    def begun(self, tokens: list[Token]) -> int | None:
        """The offset of what may be the beginning of an address at the end of a text."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """Words are written as ``plain`` gives them: in lower case, in some languages without accents."""

    plain: Callable[[str], str]
    """A text as its words are written here, every character in its place."""
    hesitation: frozenset[str]
    numbers: NumberWords
    dates: DateGrammar
    spelling: SpellingWords
    written: WrittenWords
    announcing: AnnouncingWords
    sentence_words: frozenset[str]
    """Words that make a sentence: what has them is talk, not a code, a password or a name that was asked for."""
    secrets: SecretWords
    emails: EmailWords
    names: NameWords
    addresses: PostalAddresses
    regions: tuple[str, ...]
    """Countries (ISO 3166) whose telephone numbers are recognised besides those of the tenant."""
    identity_of: Callable[[str], PrivateKind | None]
    """What digits are by their length and check digit: a number of a person or nothing."""
