"""Names that an interim may have only begun: the next word says whether "Maria" is one."""

from __future__ import annotations

from sotto.redaction.detectors.spoken.names.known_names import plain
from sotto.redaction.detectors.spoken.names.name_words import NameWords
from sotto.redaction.detectors.tokens import Token

_ENDS = frozenset(".,")
"""After a word; after an initial they are part of it."""
_SIGNS_WITHIN = frozenset(".,'’-")


def begun_name(text: str, tokens: list[Token], vocabulary: NameWords, *, only_known: bool) -> int | None:
    """The offset of a last word, with an initial after it or not, that a family name would make a person of.
    ``only_known``: only where it is nothing but a name."""
    if tokens[-1].text in _ENDS and len(tokens) > 1 and len(tokens[-2].text) > 1:
        return None
    words = [token for token in tokens[-4:] if token.text not in _SIGNS_WITHIN]
    if len(words) > 1 and len(words[-1].text) == 1:
        words.pop()
    if (
        not words
        or words[-1].text in vocabulary.not_names
        or len(words[-1].text) < 2
        or not words[-1].text[0].isalpha()
    ):
        return None
    last, names = words[-1], vocabulary.known()
    word = plain(last.text)
    if only_known:
        return last.start if names.surely(word) else None
    is_capital = last.start > 0 and text[last.start].isupper()
    return last.start if is_capital or names.possibly(word) or names.is_unknown(word) else None
