"""What the detectors find together in a text, and what a final leads one to expect: the same in every language."""

from __future__ import annotations

from dataclasses import dataclass

from sotto.redaction.detectors.folding import folded
from sotto.redaction.detectors.spoken.beginnings import held_from
from sotto.redaction.detectors.spoken.context import announcements_in
from sotto.redaction.detectors.spoken.emails import spoken_addresses
from sotto.redaction.detectors.spoken.language import Language
from sotto.redaction.detectors.spoken.names.names import names_in
from sotto.redaction.detectors.spoken.names.spelled import spelled_names
from sotto.redaction.detectors.spoken.numbers.digit_runs import runs_of
from sotto.redaction.detectors.spoken.numbers.numbers import numbers_in
from sotto.redaction.detectors.spoken.numbers.written import written_findings
from sotto.redaction.detectors.spoken.reading import Reading
from sotto.redaction.detectors.spoken.secret_words import SECRETS
from sotto.redaction.detectors.tokens import Fluent, tokens_of
from sotto.redaction.expectation import GUESSED_FINALS, Expectation
from sotto.redaction.finding import Finding
from sotto.redaction.language_pack import InInterim
from sotto.tenants.redaction_rules import PrivateKind, RedactionRules

_NOT_NUMBERS = frozenset({PrivateKind.NAME, PrivateKind.ADDRESS, PrivateKind.EMAIL, PrivateKind.NETWORK_ADDRESS})


@dataclass(frozen=True, slots=True)
class SpokenPack:
    """A LanguagePack of one language."""

    language: Language

    def findings(self, text: str, *, expected: Expectation | None, rules: RedactionRules) -> list[Finding]:
        return _found(self._reading(text, expected, rules, is_interim=False))

    def in_interim(self, text: str, *, expected: Expectation | None, rules: RedactionRules) -> InInterim:
        reading = self._reading(text, expected, rules, is_interim=True)
        found = _found(reading)
        return InInterim(found, held_from(reading, found))

    def expectation_after(
        self, text: str, findings: list[Finding], expected: Expectation | None, *, end_ms: float
    ) -> Expectation | None:
        plain = self.language.plain(folded(text).text)
        announced = [each for each in announcements_in(plain, self.language.announcing) if each.strong]
        numbers = [finding for finding in findings if finding.kind not in _NOT_NUMBERS]
        after = [finding for finding in numbers if not announced or finding.start >= announced[-1].end]
        if announced:
            expected = Expectation(announced[-1].kind, end_ms)
        elif self._is_over(plain, findings, expected):
            return None
        elif expected is None and after:
            expected = Expectation(after[-1].kind, end_ms)
        elif expected is None and self._may_ask_for_a_name(plain):
            return Expectation(PrivateKind.NAME, end_ms, GUESSED_FINALS, is_guess=True)
        elif expected is not None:
            expected = expected.after_a_final()
        for finding in after:
            expected = expected and expected.after_digits(self._digits_in(text, finding), end_ms)
        return expected

    def _reading(self, text: str, expected: Expectation | None, rules: RedactionRules, *, is_interim: bool) -> Reading:
        plain = self.language.plain(text)
        tokens = tokens_of(plain)
        fluent = Fluent(tokens, self.language.hesitation)
        announced = announcements_in(plain, self.language.announcing)
        return Reading(self.language, text, plain, tokens, fluent, expected, is_interim, rules, announced)

    def _may_ask_for_a_name(self, plain: str) -> bool:
        announcing = self.language.announcing
        return bool(announcing.likely_name.search(plain)) and not announcing.innocent.search(plain)

    def _is_over(self, plain: str, findings: list[Finding], expected: Expectation | None) -> bool:
        """A name that was asked for has been given, or something else is asked."""
        if expected and expected.kind is PrivateKind.NAME and any(f.kind is PrivateKind.NAME for f in findings):
            return True
        asks_something_else = bool(self.language.announcing.other_question.search(plain))
        return all(f.kind in _NOT_NUMBERS for f in findings) and asks_something_else

    def _digits_in(self, text: str, finding: Finding) -> int:
        """How many digits a finding has; a secret in words is given at once."""
        if finding.kind in SECRETS:
            return 1
        tokens = tokens_of(self.language.plain(folded(text[finding.start : finding.end]).text))
        return sum(len(run.digits) for run in runs_of(tokens, self.language.numbers))


def _found(reading: Reading) -> list[Finding]:
    language, text = reading.language, reading.text
    asked = reading.expected.kind if reading.expected else None
    found = [
        *written_findings(text, language.written.forms),
        *spoken_addresses(
            reading.fluent, language.emails, expected=asked is PrivateKind.EMAIL, is_interim=reading.is_interim
        ),
        *numbers_in(reading),
    ]
    if reading.hides(PrivateKind.ADDRESS):
        dated = any(piece.kind is PrivateKind.DATE_OF_BIRTH for piece in found)
        is_asked = asked is PrivateKind.ADDRESS and not dated
        spans = language.addresses.spans(text, reading.plain, reading.tokens, expected=is_asked)
        found = [*(Finding(PrivateKind.ADDRESS, *span) for span in spans), *found]
    if reading.hides(PrivateKind.NAME):
        names = names_in(
            text,
            reading.plain,
            language.names,
            expected=asked is PrivateKind.NAME,
            is_guess=reading.expected is not None and reading.expected.is_guess,
            is_interim=reading.is_interim,
        )
        found += [*names, *spelled_names(reading, names)]
    return found
