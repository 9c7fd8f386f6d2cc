"""Redaction of one contact: what is private often shows only in what was said before, by either side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from sotto.call.transcript_result import TranscriptResult
from sotto.core.validation import silent
from sotto.redaction.detectors.en.addresses import addresses_in
from sotto.redaction.detectors.en.context import Expectation, announcements_in, asks_something_else
from sotto.redaction.detectors.en.names.names import names_in
from sotto.redaction.detectors.en.numbers.digit_runs import runs_of
from sotto.redaction.detectors.en.numbers.numbers import numbers_in
from sotto.redaction.detectors.en.numbers.written import written_findings
from sotto.redaction.detectors.en.secret_words import SECRETS
from sotto.redaction.detectors.en.spoken_addresses import spoken_addresses
from sotto.redaction.detectors.folding import folded, folded_event
from sotto.redaction.detectors.tokens import Fluent, tokens_of
from sotto.redaction.finding import Finding, without_overlaps
from sotto.redaction.masking import masked
from sotto.redaction.redactor import Redacted
from sotto.redaction.withheld import MEMORY_NOT_READ, REDACTION_FAILED, Alarm, log_failure, no_alarm, withheld
from sotto.tenants.redaction_rules import PrivateKind, RedactionAction, RedactionRules

_NOT_NUMBERS = frozenset({PrivateKind.NAME, PrivateKind.ADDRESS, PrivateKind.EMAIL, PrivateKind.NETWORK_ADDRESS})

_MEMORY: TypeAdapter[Expectation | None] = silent(Expectation | None)


@dataclass(slots=True)
class ConversationRedactor:
    """Masks what is private in one contact's partials and finals; cheap to build, not shared between contacts.

    It remembers only what kind of data is expected, never a digit. Partials are masked with the memory of the finals
    before them and leave it unchanged.

    ``alarm`` is told when a text could not be redacted: it is withheld as a whole. ``also`` finds more that is private.
    """

    rules: RedactionRules
    alarm: Alarm = no_alarm
    also: Callable[[str], Iterable[Finding]] = lambda text: ()
    _expected: Expectation | None = None

    def redact(self, result: TranscriptResult) -> Redacted:
        """Never raises: a text on which these rules fail must not end the call, nor be shown."""
        try:
            result.text.encode()  # half a surrogate pair can be redacted, but neither stored nor sent
            return self.unguarded(result)
        except Exception as error:
            log_failure(REDACTION_FAILED, error)
            self.alarm(REDACTION_FAILED)
            return withheld(result)

    def unguarded(self, result: TranscriptResult) -> Redacted:
        """``redact`` for tests, which want to see what fails."""
        pieces = self._pieces(result)
        if result.is_final:
            self._expected = _expected_next(result, without_overlaps(pieces), self._expected_at(result))
        return masked(result, self._to_hide(pieces), self.rules)

    def findings_in(self, result: TranscriptResult) -> list[Finding]:
        """What ``redact`` would mask, in order, with offsets in the text as result. Remembers nothing."""
        return self._to_hide(self._pieces(result))

    def memory(self) -> str:
        """What kind of data is expected and how many digits of it have come, as JSON; no digit is in it."""
        return _MEMORY.dump_json(self._expected).decode()

    def remember(self, memory: str) -> None:
        try:
            self._expected = _MEMORY.validate_json(memory)
        except ValidationError as error:  # of another release: without it the call goes on, with it every worker dies
            log_failure(MEMORY_NOT_READ, error)
            self.alarm(MEMORY_NOT_READ)

    def _to_hide(self, pieces: list[Finding]) -> list[Finding]:
        """Kinds that the tenant shows go before overlaps are settled: they must not swallow what is hidden."""
        return without_overlaps(piece for piece in pieces if self._hides(piece.kind))

    def _hides(self, kind: PrivateKind) -> bool:
        return self.rules.action_for(kind) is not RedactionAction.OFF

    def _expected_at(self, result: TranscriptResult) -> Expectation | None:
        return self._expected if self._expected and self._expected.holds_at(result.start_ms) else None

    def _pieces(self, result: TranscriptResult) -> list[Finding]:
        plain, as_read = folded_event(result)
        return [plain.in_source(piece) for piece in self._pieces_of(as_read)]

    def _pieces_of(self, result: TranscriptResult) -> list[Finding]:
        expected = self._expected_at(result)
        asked = expected.kind if expected else None
        text, is_partial = result.text, not result.is_final
        tokens = tokens_of(text)
        fluent = Fluent(tokens)
        pieces = [
            *written_findings(text),
            *spoken_addresses(fluent, expected=asked is PrivateKind.EMAIL, is_partial=is_partial),
            *numbers_in(text, tokens, fluent, expected=expected, is_partial=is_partial, rules=self.rules),
        ]
        if self._hides(PrivateKind.ADDRESS):
            dated = any(piece.kind is PrivateKind.DATE_OF_BIRTH for piece in pieces)
            pieces = [*addresses_in(text, tokens, expected=asked is PrivateKind.ADDRESS and not dated), *pieces]
        if self._hides(PrivateKind.NAME):
            pieces += names_in(text, expected=asked is PrivateKind.NAME)
        pieces += self.also(text)
        return [_to_whole_words(piece, text) for piece in pieces]


def _expected_next(
    result: TranscriptResult, findings: list[Finding], expected: Expectation | None
) -> Expectation | None:
    """What the next utterances may bring: what was announced last, or the rest of a number that was begun."""
    announced = [a for a in announcements_in(folded(result.text).text) if a.strong]
    numbers = [f for f in findings if f.kind not in _NOT_NUMBERS]
    after = [f for f in numbers if not announced or f.start >= announced[-1].end]
    if announced:
        expected = Expectation(announced[-1].kind, result.end_ms)
    elif _is_over(result, findings, expected):
        return None
    elif expected is None and after:
        expected = Expectation(after[-1].kind, result.end_ms)
    elif expected is not None:
        expected = expected.after_a_final()
    for finding in after:
        expected = expected and expected.after_digits(_told_in(result, finding), result.end_ms)
    return expected


def _is_over(result: TranscriptResult, findings: list[Finding], expected: Expectation | None) -> bool:
    """A name that was asked for has been given, or something else is asked."""
    if expected and expected.kind is PrivateKind.NAME and any(f.kind is PrivateKind.NAME for f in findings):
        return True
    return all(f.kind in _NOT_NUMBERS for f in findings) and asks_something_else(result.text)


def _told_in(result: TranscriptResult, finding: Finding) -> int:
    """How many digits a finding has; a secret in words is told at once."""
    if finding.kind in SECRETS:
        return 1
    return sum(len(run.digits) for run in runs_of(tokens_of(folded(result.text[finding.start : finding.end]).text)))


def _to_whole_words(finding: Finding, text: str) -> Finding:
    start, end = finding.start, finding.end
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return Finding(finding.kind, start, end)
