"""What redaction asks of a language: a pack of detectors, one folder each under sotto/redaction/detectors."""

from __future__ import annotations

from typing import Protocol

from sotto.redaction.expectation import Expectation
from sotto.redaction.finding import Finding
from sotto.tenants.redaction_rules import RedactionRules


class LanguagePack(Protocol):
    def findings(
        self, text: str, *, expected: Expectation | None, is_interim: bool, rules: RedactionRules
    ) -> list[Finding]:
        """All that is private in ``text``, in any order and overlapping, hidden by ``rules`` or not. ``expected``: what
        was asked for or begun before it. In an interim also what may be the beginning of something private."""
        ...

    def expectation_after(
        self, text: str, findings: list[Finding], expected: Expectation | None, *, end_ms: float
    ) -> Expectation | None:
        """What the next utterances may bring: what this final announced last, or the rest of a number it began."""
        ...
