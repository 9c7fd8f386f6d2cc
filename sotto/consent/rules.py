"""Whether a contact may be listened to: a tenant's rule before the first word, and what is said about it later.

Decisions are values: the caller stops the capture, drops what was kept, and stores the audit record.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sotto.call.contact import Speaker
from sotto.call.language import DEFAULT_LANGUAGE
from sotto.consent.languages import words_of
from sotto.tenants.consent_rule import ConsentBasis, ConsentRule

AWAITING = "awaiting_spoken_consent"


@dataclass(frozen=True, slots=True)
class ConsentDecision:
    """``allowed``: text may be kept, published and used. ``drop_kept``: what was kept so far must go.
    ``reason`` is one of a few fixed words, safe to log."""

    allowed: bool
    reason: str
    drop_kept: bool = False


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """One decision, for audit. Says who spoke and when in the call, never the words."""

    tenant: str
    contact_id: str
    decided_at_ms: int
    allowed: bool
    reason: str
    drop_kept: bool
    speaker: Speaker | None = None
    call_time_ms: float | None = None


def is_withdrawal(record: ConsentRecord) -> bool:
    """Whether a speaker refused. A refusal before the first word withdraws nothing: nothing is kept of such a call."""
    return not record.allowed and record.speaker is not None


def decide_at_start(rule: ConsentRule, *, attributes: Mapping[str, str], caller: str | None) -> ConsentDecision:
    """Before the first word. ``caller`` is the customer's number in E.164; unknown under a rule that excludes regions
    means no. Under ``spoken`` the answer is no until somebody consents, but audio may be heard for that answer."""
    match rule.basis:
        case ConsentBasis.ALWAYS:
            return ConsentDecision(True, "always")
        case ConsentBasis.NEVER:
            return ConsentDecision(False, "never")
    if rule.excluded_prefixes and not caller:
        return ConsentDecision(False, "caller_unknown")
    if caller and _normal(caller).startswith(rule.excluded_prefixes or ("never",)):
        return ConsentDecision(False, "region_excluded")
    if rule.basis is ConsentBasis.SPOKEN:
        return ConsentDecision(False, AWAITING)
    if rule.basis is ConsentBasis.REGION:
        return ConsentDecision(True, "region_allowed")
    value = attributes.get(rule.attribute)
    if value is None:
        return ConsentDecision(False, "attribute_missing")
    granted = value.casefold() in {wanted.casefold() for wanted in rule.values}
    return ConsentDecision(granted, "attribute_agrees" if granted else "attribute_refuses")


def _normal(number: str) -> str:
    return "+" + re.sub(r"\D", "", number)


class ConsentStance(StrEnum):
    """What an utterance says about being recorded."""

    CONSENT = "consent"
    REFUSAL = "refusal"
    NOTHING = "nothing"


def consent_stance(text: str, *, after_question: bool = False, language: str = DEFAULT_LANGUAGE) -> ConsentStance:
    """Read one utterance. ``after_question``: the other side has just asked whether recording is all right, so that a
    bare "yes", "no" or "that's fine" counts; "no problem" is a yes, "I don't mind" too."""
    words, plain = words_of(language), _plain(text)
    if words.double_negative.search(plain) and (after_question or words.recording.search(plain)):
        return ConsentStance.CONSENT
    about = words.about_others.sub(" ", plain)
    if words.refusal.search(about):
        return ConsentStance.REFUSAL
    if after_question and words.no.search(plain):
        return ConsentStance.REFUSAL
    if words.recording.search(about) and words.consent.search(about):
        return ConsentStance.CONSENT
    if after_question and (words.yes.search(plain) or words.consent.search(plain)):
        return ConsentStance.CONSENT
    return ConsentStance.NOTHING


def asks_for_consent(text: str, *, language: str = DEFAULT_LANGUAGE) -> bool:
    """Whether an utterance asks for, or announces, recording: the next answer is about that."""
    words = words_of(language)
    return bool(words.asked.search(words.about_others.sub(" ", _plain(text))))


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("’", "'").split())


@dataclass(slots=True)
class ConsentListener:
    """Follows one contact's finals and says when the decision changes. Give it text before redaction."""

    rule: ConsentRule
    decision: ConsentDecision
    asked_by: Speaker | None = None
    language: str = DEFAULT_LANGUAGE
    _refused: bool = False

    def decide(self, speaker: Speaker, text: str) -> ConsentDecision | None:
        """The new decision when this final changes it, else None. A refusal is never undone by "yes" later, only by an
        explicit consent of the same side under the ``spoken`` basis."""
        asked = self.asked_by is not None and self.asked_by is not speaker
        stance = consent_stance(text, after_question=asked, language=self.language)
        if asks_for_consent(text, language=self.language) and stance is not ConsentStance.REFUSAL:
            self.asked_by = speaker
        elif self.asked_by is not speaker:
            self.asked_by = None
        return self._changed_by(speaker, stance)

    def _changed_by(self, speaker: Speaker, stance: ConsentStance) -> ConsentDecision | None:
        if (
            stance is ConsentStance.REFUSAL
            and self.rule.stop_on_refusal
            and speaker in self.rule.refusal_by
            and not self._refused
        ):
            self._refused = True
            return self._decided(ConsentDecision(False, f"{speaker}_refused", self.rule.drop_on_refusal))
        waits = self.decision.reason == AWAITING
        if stance is ConsentStance.CONSENT and speaker is Speaker.CUSTOMER and waits:
            return self._decided(ConsentDecision(True, f"{speaker}_consented"))
        return None

    def _decided(self, decision: ConsentDecision) -> ConsentDecision:
        self.decision = decision
        return decision


def record_of(
    decision: ConsentDecision,
    *,
    tenant: str,
    contact_id: str,
    decided_at_ms: int,
    speaker: Speaker | None = None,
    call_time_ms: float | None = None,
) -> ConsentRecord:
    """The audit record of a decision."""
    return ConsentRecord(
        tenant, contact_id, decided_at_ms, decision.allowed, decision.reason, decision.drop_kept, speaker, call_time_ms
    )
