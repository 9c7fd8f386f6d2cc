"""Consent at the boundary that every word must pass: what may not be kept leaves it without text.

While consent is awaited, events keep their times and lose their words, so that the audio path goes on and nothing is
stored, published or guided on. A refusal ends the capture by an error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from sotto.contact.contact import Speaker
from sotto.errors import Rejected
from sotto.privacy.consent import AWAITING, ConsentBasis, ConsentDecision, ConsentListener, ConsentRecord, ConsentRule
from sotto.privacy.redactor import Redacted, Redactor
from sotto.speech.recogniser import Recognised
from sotto.validation import silent


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


class ConsentWithdrawn(Rejected):
    """Somebody refused: the capture must end at once."""

    def __init__(self, spoken: SpokenDecision) -> None:
        super().__init__(f"capture ended: {spoken.decision.reason}")
        self.spoken = spoken


class GuardedRedactor:
    """A Redactor. ``standing`` is the decision that holds when it begins. What was said before ``allowed_from_ms``
    (call time) was said before anybody consented; a worker that hears it again keeps it to itself."""

    def __init__(
        self,
        redactor: Redactor,
        rule: ConsentRule,
        standing: ConsentDecision,
        *,
        allowed_from_ms: float = 0.0,
        on_consent: Callable[[SpokenDecision], None],
    ) -> None:
        self._redactor = redactor
        self._listener = ConsentListener(rule, standing)
        self._allowed_from_ms = allowed_from_ms
        self._on_consent = on_consent

    def redact(self, heard: Recognised) -> Redacted:
        """Raises ConsentWithdrawn on the final that refuses."""
        if heard.is_final and heard.text:
            self._listen(heard)
        redacted = self._redactor.redact(heard)
        if self._listener.decision.allowed and heard.start_ms >= self._allowed_from_ms:
            return redacted
        return Redacted(replace(redacted.heard, text="", words=()))

    def memory(self) -> str:
        """The redactor's, and who asked last whether recording is all right."""
        return _MEMORY.dump_json(_Memory(self._redactor.memory(), self._listener.asked_by)).decode()

    def remember(self, memory: str) -> None:
        remembered = _MEMORY.validate_json(memory)
        self._listener.asked_by = remembered.asked_by
        if remembered.redactor:
            self._redactor.remember(remembered.redactor)

    def _listen(self, heard: Recognised) -> None:
        decision = self._listener.hear(heard.speaker, heard.text)
        if decision is None:
            return
        spoken = SpokenDecision(decision, heard.speaker, heard.start_ms)
        if not decision.allowed:
            raise ConsentWithdrawn(spoken)
        self._allowed_from_ms = heard.start_ms
        self._on_consent(spoken)


def standing(latest: ConsentRecord | None, rule: ConsentRule) -> tuple[ConsentDecision, float]:
    """The decision that holds and from which call time on. No record means a contact of before there were records."""
    if latest is not None:
        return ConsentDecision(latest.allowed, latest.reason, latest.drop_kept), latest.call_time_ms or 0.0
    if rule.basis is ConsentBasis.SPOKEN:
        return ConsentDecision(False, AWAITING), 0.0
    return ConsentDecision(rule.basis is not ConsentBasis.NEVER, "unrecorded"), 0.0


def is_final_refusal(decision: ConsentDecision) -> bool:
    return not decision.allowed and decision.reason != AWAITING
