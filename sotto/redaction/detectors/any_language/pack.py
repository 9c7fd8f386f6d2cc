"""Where no pack knows the language: whatever English finds, and all that looks like data in any language."""

from __future__ import annotations

from sotto.redaction.detectors.any_language.detector import private_in
from sotto.redaction.detectors.en.pack import ENGLISH
from sotto.redaction.expectation import Expectation
from sotto.redaction.finding import Finding
from sotto.redaction.language_pack import InInterim
from sotto.tenants.redaction_rules import RedactionRules


class AnyLanguagePack:
    """A LanguagePack. People of every language mix in English words, so these count, too."""

    def findings(self, text: str, *, expected: Expectation | None, rules: RedactionRules) -> list[Finding]:
        return [*ENGLISH.findings(text, expected=expected, rules=rules), *private_in(text)]

    def in_interim(self, text: str, *, expected: Expectation | None, rules: RedactionRules) -> InInterim:
        """Nothing is held back: every number is masked as it stands, and English beginnings mean nothing here."""
        english = ENGLISH.in_interim(text, expected=expected, rules=rules)
        return InInterim([*english.findings, *private_in(text)], len(text))

    def expectation_after(
        self, text: str, findings: list[Finding], expected: Expectation | None, *, end_ms: float
    ) -> Expectation | None:
        return ENGLISH.expectation_after(text, findings, expected, end_ms=end_ms)
