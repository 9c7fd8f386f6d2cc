"""Redaction of one contact: what is private often shows only in what was said before, by either side."""

from __future__ import annotations

from dataclasses import dataclass

from sotto.privacy.context import Expectation, announcements_in
from sotto.privacy.finding import Finding, without_overlaps
from sotto.privacy.masking import masked
from sotto.privacy.numbers import NumberReader
from sotto.privacy.redactor import Redacted
from sotto.privacy.rules import Action, Kind, RedactionRules
from sotto.privacy.spoken import spoken_address_findings
from sotto.privacy.written import written_findings
from sotto.speech.recogniser import Recognised

_CARD_TALK = frozenset({Kind.CARD_NUMBER, Kind.CARD_EXPIRY, Kind.SECURITY_CODE, Kind.NUMBER})


@dataclass(slots=True)
class ConversationRedactor:
    """Masks what is private in one contact's partials and finals; cheap to build, not shared between contacts.

    It remembers only what kind of data is expected, never a digit. Partials are masked with the memory of the finals
    before them and leave it unchanged.
    """

    rules: RedactionRules
    _expected: Expectation | None = None

    def redact(self, heard: Recognised) -> Redacted:
        expected = self._expected.kind if self._expected and self._expected.holds_at(heard.start_ms) else None
        findings = self._findings(heard, expected)
        if heard.is_final:
            self._remember(heard, findings)
        hidden = [f for f in findings if self.rules.action_for(f.kind) is not Action.OFF]
        return masked(heard, hidden, self.rules)

    def _findings(self, heard: Recognised, expected: Kind | None) -> list[Finding]:
        text, is_partial = heard.text, not heard.is_final
        findings = [
            *written_findings(text),
            *spoken_address_findings(text, is_partial=is_partial),
            *NumberReader(text, expected, is_partial=is_partial, rules=self.rules).findings(),
        ]
        return without_overlaps(_to_whole_words(finding, text) for finding in findings)

    def _remember(self, heard: Recognised, findings: list[Finding]) -> None:
        announced = announcements_in(heard.text)
        numbers = [f for f in findings if f.kind in NumberReader.KINDS]
        last_kind = announced[-1].kind if announced else None
        if numbers and (not announced or announced[-1].start < numbers[-1].start):
            last_kind = self._continued(numbers[-1].kind)
        if last_kind is not None:
            self._expected = Expectation(last_kind, heard.end_ms)
        elif self._expected:
            self._expected = self._expected.after_a_final()

    def _continued(self, kind: Kind) -> Kind:
        """A nameless number that goes on keeps the name of what was expected."""
        if kind is Kind.NUMBER and self._expected:
            return self._expected.kind
        return kind


def _to_whole_words(finding: Finding, text: str) -> Finding:
    start, end = finding.start, finding.end
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return Finding(finding.kind, start, end)
