"""English: what its detectors find together, and what a final leads one to expect."""

from __future__ import annotations

from sotto.redaction.detectors.en.addresses import addresses_in
from sotto.redaction.detectors.en.beginnings import held_from
from sotto.redaction.detectors.en.context import announcements_in, asks_something_else
from sotto.redaction.detectors.en.names.names import names_in
from sotto.redaction.detectors.en.numbers.digit_runs import runs_of
from sotto.redaction.detectors.en.numbers.numbers import numbers_in
from sotto.redaction.detectors.en.numbers.written import written_findings
from sotto.redaction.detectors.en.reading import Reading
from sotto.redaction.detectors.en.secret_words import SECRETS
from sotto.redaction.detectors.en.spoken_addresses import spoken_addresses
from sotto.redaction.detectors.folding import folded
from sotto.redaction.detectors.tokens import Fluent, tokens_of
from sotto.redaction.expectation import Expectation
from sotto.redaction.finding import Finding
from sotto.redaction.language_pack import InInterim
from sotto.tenants.redaction_rules import PrivateKind, RedactionRules

_NOT_NUMBERS = frozenset({PrivateKind.NAME, PrivateKind.ADDRESS, PrivateKind.EMAIL, PrivateKind.NETWORK_ADDRESS})


class EnglishPack:
    """A LanguagePack."""

    def findings(self, text: str, *, expected: Expectation | None, rules: RedactionRules) -> list[Finding]:
        return _found(_reading(text, expected, rules, is_interim=False))

    def in_interim(self, text: str, *, expected: Expectation | None, rules: RedactionRules) -> InInterim:
        reading = _reading(text, expected, rules, is_interim=True)
        found = _found(reading)
        return InInterim(found, held_from(reading, found))

    def expectation_after(
        self, text: str, findings: list[Finding], expected: Expectation | None, *, end_ms: float
    ) -> Expectation | None:
        announced = [each for each in announcements_in(folded(text).text) if each.strong]
        numbers = [finding for finding in findings if finding.kind not in _NOT_NUMBERS]
        after = [finding for finding in numbers if not announced or finding.start >= announced[-1].end]
        if announced:
            expected = Expectation(announced[-1].kind, end_ms)
        elif _is_over(text, findings, expected):
            return None
        elif expected is None and after:
            expected = Expectation(after[-1].kind, end_ms)
        elif expected is not None:
            expected = expected.after_a_final()
        for finding in after:
            expected = expected and expected.after_digits(_digits_in(text, finding), end_ms)
        return expected


def _reading(text: str, expected: Expectation | None, rules: RedactionRules, *, is_interim: bool) -> Reading:
    tokens = tokens_of(text)
    return Reading(text, tokens, Fluent(tokens), expected, is_interim, rules, announcements_in(text))


def _found(reading: Reading) -> list[Finding]:
    text, asked = reading.text, reading.expected.kind if reading.expected else None
    found = [
        *written_findings(text),
        *spoken_addresses(reading.fluent, expected=asked is PrivateKind.EMAIL, is_interim=reading.is_interim),
        *numbers_in(reading),
    ]
    if reading.hides(PrivateKind.ADDRESS):
        dated = any(piece.kind is PrivateKind.DATE_OF_BIRTH for piece in found)
        found = [*addresses_in(text, reading.tokens, expected=asked is PrivateKind.ADDRESS and not dated), *found]
    if reading.hides(PrivateKind.NAME):
        found += names_in(text, expected=asked is PrivateKind.NAME, is_interim=reading.is_interim)
    return found


def _is_over(text: str, findings: list[Finding], expected: Expectation | None) -> bool:
    """A name that was asked for has been given, or something else is asked."""
    if expected and expected.kind is PrivateKind.NAME and any(f.kind is PrivateKind.NAME for f in findings):
        return True
    return all(f.kind in _NOT_NUMBERS for f in findings) and asks_something_else(text)


def _digits_in(text: str, finding: Finding) -> int:
    """How many digits a finding has; a secret in words is given at once."""
    if finding.kind in SECRETS:
        return 1
    return sum(len(run.digits) for run in runs_of(tokens_of(folded(text[finding.start : finding.end]).text)))
