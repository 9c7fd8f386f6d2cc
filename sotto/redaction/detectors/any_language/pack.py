"""Where no pack knows the language: whatever English finds, and all that looks like data in any language."""

from __future__ import annotations

from sotto.redaction.detectors.any_language.detector import private_in
from sotto.redaction.detectors.en.pack import EnglishPack
from sotto.redaction.expectation import Expectation
from sotto.redaction.finding import Finding
from sotto.tenants.redaction_rules import RedactionRules


class AnyLanguagePack(EnglishPack):
    """A LanguagePack. People of every language mix in English words, so these count, too."""

    def findings(
        self, text: str, *, expected: Expectation | None, is_interim: bool, rules: RedactionRules
    ) -> list[Finding]:
        english = super().findings(text, expected=expected, is_interim=is_interim, rules=rules)
        return [*english, *private_in(text)]
