"""Consent at the boundary that every word must pass: what may not be kept leaves it without text.

While consent is awaited, events keep their times and lose their words, so that the audio path goes on and nothing is
stored, published or guided on. A refusal ends the capture by an error.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

from pydantic import TypeAdapter, ValidationError

from sotto.call.contact import Speaker
from sotto.call.language import DEFAULT_LANGUAGE
from sotto.call.transcript_result import TranscriptResult
from sotto.consent.rules import AWAITING, ConsentDecision, ConsentListener, ConsentRecord
from sotto.core.errors import Rejected
from sotto.core.validation import silent
from sotto.redaction.redactor import Redacted, Redactor
from sotto.redaction.withheld import CONSENT_NOT_READ, MEMORY_NOT_READ, Alarm, log_failure, no_alarm, withheld
from sotto.tenants.consent_rule import ConsentBasis, ConsentRule


@dataclass(frozen=True, slots=True)
class SpokenDecision:
    """``call_ms``: where in the call the words began. Says who and when, never the words."""

    decision: ConsentDecision
    speaker: Speaker
    call_ms: float


@dataclass(frozen=True, slots=True)
class _Memory:
    redactor: str
    asked_by: Speaker | None


_MEMORY: TypeAdapter[_Memory] = silent(_Memory)


class RecordingRefused(Rejected):
    """Somebody refused: the capture must end at once."""

    def __init__(self, spoken: SpokenDecision) -> None:
        super().__init__(f"capture ended: {spoken.decision.reason}")
        self.spoken = spoken


class ConsentGate:
    """A Redactor. ``standing`` is the decision that holds when it begins. What was said before ``allowed_from_ms``
    (call time) was said before anybody consented, and stays withheld when a successor transcribes it again. A text
    that cannot be read for consent is withheld, and ``alarm`` is called."""

    def __init__(
        self,
        redactor: Redactor,
        rule: ConsentRule,
        standing: ConsentDecision,
        *,
        allowed_from_ms: float = 0.0,
        alarm: Alarm = no_alarm,
        language: str = DEFAULT_LANGUAGE,
    ) -> None:
        self._redactor = redactor
        self._listener = ConsentListener(rule, standing, language=language)
        self._allowed_from_ms = allowed_from_ms
        self._alarm = alarm
        self._decisions: deque[SpokenDecision] = deque()

    def next_decision(self) -> SpokenDecision | None:
        """The oldest consent that was not taken from here yet, for the audit trail."""
        return self._decisions.popleft() if self._decisions else None

    def redact(self, result: TranscriptResult) -> Redacted:
        """Raises RecordingRefused on the final that refuses."""
        redacted = self._redactor.redact(result) if self._listened(result) else withheld(result)
        if self._listener.decision.allowed and result.start_ms >= self._allowed_from_ms:
            return redacted
        return Redacted(replace(redacted.result, text="", words=()), expected=redacted.expected)

    def memory(self) -> str:
        """The redactor's, and who asked last whether recording is all right."""
        return _MEMORY.dump_json(_Memory(self._redactor.memory(), self._listener.asked_by)).decode()

    def remember(self, memory: str) -> None:
        try:
            remembered = _MEMORY.validate_json(memory)
        except ValidationError as error:  # of another release: without it the call goes on, with it every worker dies
            log_failure(MEMORY_NOT_READ, error)
            return self._alarm(MEMORY_NOT_READ)
        self._listener.asked_by = remembered.asked_by
        if remembered.redactor:
            self._redactor.remember(remembered.redactor)

    def _listened(self, result: TranscriptResult) -> bool:
        """False when it could not be made out whether the text allows or refuses."""
        if not (result.is_final and result.text):
            return True
        try:
            decision = self._listener.decide(result.speaker, result.text)
        except Exception as error:
            log_failure(CONSENT_NOT_READ, error)
            self._alarm(CONSENT_NOT_READ)
            return False
        self._decide(result, decision)
        return True

    def _decide(self, result: TranscriptResult, decision: ConsentDecision | None) -> None:
        if decision is None:
            return
        spoken = SpokenDecision(decision, result.speaker, result.start_ms)
        if not decision.allowed:
            raise RecordingRefused(spoken)
        self._allowed_from_ms = result.start_ms
        self._decisions.append(spoken)


def standing(latest: ConsentRecord | None, rule: ConsentRule) -> tuple[ConsentDecision, float]:
    """The decision that holds and from which call time on. No record means a contact of before there were records."""
    if latest is not None:
        return ConsentDecision(latest.allowed, latest.reason, latest.drop_kept), latest.call_time_ms or 0.0
    if rule.basis is ConsentBasis.SPOKEN:
        return ConsentDecision(False, AWAITING), 0.0
    return ConsentDecision(rule.basis is not ConsentBasis.NEVER, "unrecorded"), 0.0


def is_final_refusal(decision: ConsentDecision) -> bool:
    return not decision.allowed and decision.reason != AWAITING
