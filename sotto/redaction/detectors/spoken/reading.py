"""One text while it is read for private data."""

from __future__ import annotations

from dataclasses import dataclass

from sotto.redaction.detectors.spoken.context import Announcement
from sotto.redaction.detectors.spoken.language import Language
from sotto.redaction.detectors.tokens import Fluent, Token
from sotto.redaction.expectation import Expectation
from sotto.tenants.redaction_rules import PrivateKind, RedactionAction, RedactionRules


@dataclass(frozen=True, slots=True)
class Reading:
    """One text to be read: its tokens, and what earlier utterances make likely. ``plain``: the text as the language's
    words are written, every character in its place."""

    language: Language
    text: str
    plain: str
    tokens: list[Token]
    fluent: Fluent
    expected: Expectation | None
    is_interim: bool
    rules: RedactionRules
    announced: list[Announcement]

    def hides(self, kind: PrivateKind) -> bool:
        return self.rules.action_for(kind) is not RedactionAction.OFF

    def is_whole_answer(self, start: int, end: int, strangers: int = 0) -> bool:
        """Whether nothing else was said, but for what people put around an answer and ``strangers`` more words."""
        return self.strangers(start, end) <= strangers

    def strangers(self, start: int, end: int) -> int:
        """Words outside of the stretch that people do not put around an answer."""
        around = [t for t in self.tokens if t.end <= start or t.start >= end]
        return sum(1 for token in around if token.text not in self.language.numbers.asides and token.text.isalnum())
