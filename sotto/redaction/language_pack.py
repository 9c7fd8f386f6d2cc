"""What redaction asks of a language: a pack of detectors, one folder each under sotto/redaction/detectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sotto.redaction.expectation import Expectation
from sotto.redaction.finding import Finding
from sotto.tenants.redaction_rules import RedactionRules


@dataclass(frozen=True, slots=True)
class InInterim:
    """``held_from``: the offset from which on the text may be the beginning of something private that the next word
    decides on; its length where nothing is."""

    findings: list[Finding]
    held_from: int


class LanguagePack(Protocol):
    def findings(self, text: str, *, expected: Expectation | None, rules: RedactionRules) -> list[Finding]:
        """All that is private in a final, in any order and overlapping, hidden by ``rules`` or not. ``expected``: what
        was asked for or begun before it."""
        ...

    def in_interim(self, text: str, *, expected: Expectation | None, rules: RedactionRules) -> InInterim:
        """The same in an interim, with what already looks like something private that is not whole yet."""
        ...

    def expectation_after(
        self, text: str, findings: list[Finding], expected: Expectation | None, *, end_ms: float
    ) -> Expectation | None:
        """What the next utterances may bring: what this final announced last, or the rest of a number it began."""
        ...
