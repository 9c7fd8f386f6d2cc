"""Redaction of one contact: what is private often shows only in what was said before, by either side."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pydantic import TypeAdapter, ValidationError

from sotto.call.transcript_result import TranscriptResult
from sotto.core.validation import silent
from sotto.redaction.detectors.en.pack import ENGLISH
from sotto.redaction.detectors.folding import Folded, folded
from sotto.redaction.expectation import Expectation
from sotto.redaction.finding import Finding, without_overlaps
from sotto.redaction.held_back import held_back
from sotto.redaction.language_pack import LanguagePack
from sotto.redaction.masking import masked, masked_text
from sotto.redaction.redactor import Redacted
from sotto.redaction.withheld import MASK, MEMORY_NOT_READ, REDACTION_FAILED, Alarm, log_failure, no_alarm, withheld
from sotto.tenants.redaction_rules import RedactionAction, RedactionRules

_MEMORY: TypeAdapter[Expectation | None] = silent(Expectation | None)


@dataclass(slots=True)
class ConversationRedactor:
    """Masks what is private in one contact's interims and finals; cheap to build, not shared between contacts.

    It remembers only what kind of data is expected, never a digit. Interims are masked with the memory of the finals
    before them and leave it unchanged. A text that could not be redacted is withheld as a whole, and ``alarm`` called.
    """

    rules: RedactionRules
    alarm: Alarm = no_alarm
    pack: LanguagePack = ENGLISH
    _expected: Expectation | None = None

    def redact(self, result: TranscriptResult) -> Redacted:
        """Never raises: a text on which these rules fail must not end the call, nor be shown."""
        try:
            result.text.encode()  # half a surrogate pair can be redacted, but neither stored nor sent
            return self.unguarded(result)
        except Exception as error:
            self._failed(error)
            return withheld(result)

    def redact_text(self, text: str, *, at_ms: float = 0.0) -> str:
        """A final without words or times, such as what somebody typed. Never raises."""
        try:
            text.encode()
            return masked_text(text, self._final(text, at_ms, at_ms), self.rules)
        except Exception as error:
            self._failed(error)
            return MASK if text else text

    def unguarded(self, result: TranscriptResult) -> Redacted:
        """``redact`` for tests, which want to see what fails."""
        if result.is_final:
            done = masked(result, self._final(result.text, result.start_ms, result.end_ms), self.rules)
            due = self._expected if self._expected is not None and self._expected.holds_at(result.end_ms) else None
            return replace(done, expected=due.kind if due is not None and not due.is_complete else None)
        shown, found = held_back(result, *self.in_interim(result.text, at_ms=result.start_ms))
        return masked(shown, found, self.rules)

    def findings_in(self, text: str, *, at_ms: float = 0.0) -> list[Finding]:
        """What would be masked in a final, in order, with offsets in ``text``. Remembers nothing."""
        return self._to_hide(self._findings(text, at_ms))

    def in_interim(self, text: str, *, at_ms: float = 0.0) -> tuple[list[Finding], int]:
        """What would be masked in an interim, and the offset from which on nothing else of it is shown."""
        plain = folded(text)
        read = self.pack.in_interim(plain.text, expected=self._expected_at(at_ms), rules=self.rules)
        return self._to_hide(_placed(read.findings, plain)), plain.place(read.held_from)

    def memory(self) -> str:
        """What kind of data is expected and how many digits of it have come, as JSON; no digit is in it."""
        return _MEMORY.dump_json(self._expected).decode()

    def remember(self, memory: str) -> None:
        try:
            self._expected = _MEMORY.validate_json(memory.replace('"digits_heard"', '"digits_seen"'))  # its former name
        except ValidationError as error:  # of another release: without it the call goes on, with it every worker dies
            log_failure(MEMORY_NOT_READ, error)
            self.alarm(MEMORY_NOT_READ)

    def _final(self, text: str, start_ms: float, end_ms: float) -> list[Finding]:
        findings = self._findings(text, start_ms)
        expected = self._expected_at(start_ms)
        self._expected = self.pack.expectation_after(text, without_overlaps(findings), expected, end_ms=end_ms)
        return self._to_hide(findings)

    def _findings(self, text: str, at_ms: float) -> list[Finding]:
        plain = folded(text)
        return _placed(self.pack.findings(plain.text, expected=self._expected_at(at_ms), rules=self.rules), plain)

    def _expected_at(self, at_ms: float) -> Expectation | None:
        return self._expected if self._expected and self._expected.holds_at(at_ms) else None

    def _to_hide(self, findings: list[Finding]) -> list[Finding]:
        """Kinds that the tenant shows go before overlaps are resolved: they must not swallow what is hidden."""
        hidden = (each for each in findings if self.rules.action_for(each.kind) is not RedactionAction.OFF)
        return without_overlaps(hidden)

    def _failed(self, error: Exception) -> None:
        log_failure(REDACTION_FAILED, error)
        self.alarm(REDACTION_FAILED)


def _placed(findings: list[Finding], plain: Folded) -> list[Finding]:
    return [plain.in_source(_to_whole_words(piece, plain.text)) for piece in findings]


def _to_whole_words(finding: Finding, text: str) -> Finding:
    start, end = finding.start, finding.end
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return Finding(finding.kind, start, end)
