"""Text cut into tokens that remember where they stood."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from sotto.redaction.detectors.vocabulary import words_of

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?|[^\w\s]|_")
SIGNS_WITHIN_TALK = words_of(", ; … - – —")
HESITATION = words_of("um umm uh uhh er erm ah hmm mm") | SIGNS_WITHIN_TALK
"""In English."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or one sign; ``text`` is lower case. ``start`` and ``end`` are offsets in the source."""

    text: str
    start: int
    end: int


def tokens_of(text: str) -> list[Token]:
    return [Token(m.group().lower().replace("’", "'"), m.start(), m.end()) for m in _TOKEN.finditer(text)]


def _ends_initial(tokens: list[Token], at: int) -> bool:
    """The full stop of "J. O. H. N.", as recognisers write spelled letters."""
    return tokens[at].text == "." and at > 0 and len(tokens[at - 1].text) == 1 and tokens[at - 1].text.isalpha()


class Fluent:
    """The same talk without hesitation, commas and the full stops of initials, one space between words: what patterns
    of speech are matched on."""

    def __init__(self, tokens: list[Token], hesitation: frozenset[str] = HESITATION) -> None:
        self._tokens = [
            token for i, token in enumerate(tokens) if token.text not in hesitation and not _ends_initial(tokens, i)
        ]
        self.text = " ".join(token.text for token in self._tokens)
        self._starts: list[int] = []
        at = 0
        for token in self._tokens:
            self._starts.append(at)
            at += len(token.text) + 1

    def source(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the source of a stretch of the fluent text."""
        first = bisect_right(self._starts, start) - 1
        last = bisect_right(self._starts, max(start, end - 1)) - 1
        return self._tokens[first].start, self._tokens[last].end

    def source_of_words(self, first: int, last: int) -> tuple[int, int]:
        """The offsets in the source of a stretch of words, both inclusive."""
        return self._tokens[first].start, self._tokens[last].end
