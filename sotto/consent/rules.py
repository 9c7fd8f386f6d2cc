"""Whether a contact may be listened to: a tenant's rule before the first word, and what is said about it later.

Decisions are values: the caller stops the capture, drops what was kept, and stores the audit record.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sotto.call.contact import Speaker
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


_RECORD = (
    r"(?:record(?:ed|ing|ings)?|tape|taped|taping|listen(?:ing|ed)? in(?: on)?|transcrib(?:e|ed|ing)|be monitored|"
    r"being monitored)"
)
_NOT = r"(?:not|n't|never|no longer|dont|cannot|rather not|prefer not)"
_ASKED = re.compile(
    rf"\b(?:call|this|we|line|conversation)\b.{{0,40}}\b{_RECORD}\b|\b{_RECORD}\b.{{0,60}}\b(?:ok|okay|alright|"
    rf"all right|fine|consent|agree|mind|happy|permission)\b|"
    rf"\b(?:ok|okay|alright|all right|consent|agree|mind|happy|permission|may|can|could)\b.{{0,60}}\b{_RECORD}\b"
)
_REFUSAL = re.compile(
    rf"\b(?:do|does|would|did|am|is|are|will|can|could|should)?\s?{_NOT}\b.{{0,30}}\b(?:want|like|wish|agree|"
    rf"consent|allow|okay|ok|comfortable|happy|permission|give|be|being|have|keep|fine|"
    rf"alright)?\b.{{0,30}}\b{_RECORD}\b|"
    rf"\b(?:stop|quit|cease|end|switch off|turn off|pause|cancel|delete|disable)\b.{{0,25}}\b{_RECORD}\b|"
    rf"\b{_RECORD}\b.{{0,15}}\b(?:off|stopped)\b|"
    rf"\bno {_RECORD}\b|\bwithout\b.{{0,20}}\b{_RECORD}\b|\b(?:object|opt out|refuse|withdraw)\b.{{0,40}}\b"
    rf"(?:{_RECORD}|consent)\b|"
    rf"\b(?:do not|don't|dont|cannot|not)\b (?:agree|consent)\b|\bwithdraw (?:my )?consent\b|\b(?:i )?(?:would "
    rf")?mind\b (?:being|that|if).{{0,20}}\b{_RECORD}\b|"
    rf"\bstop listening\b|\boff the record\b"
)
# "I don't mind being recorded" has a refusal's words and a consent's meaning.
_DOUBLE_NEGATIVE = re.compile(
    rf"\b(?:do not|don't|dont|would not|wouldn't|wouldnt|not) (?:really |at all )?(?:mind|object|have (?:a|"
    rf"any) (?:problem|issue|objection)s?)\b|"
    rf"\bno (?:problem|objection|objections|issue|worries)\b|\b{_NOT} (?:a )?problem\b|\bdon't stop\b|\bdo not "
    rf"stop\b|\bwhy not\b|\bnothing against\b"
)
_CONSENT = re.compile(
    rf"\b(?:i|we)(?: do| am|'m| fully| totally)* (?:agree|consent|give (?:my |you )?(?:consent|permission)|"
    rf"(?:okay|ok|fine|happy|comfortable) with)\b|"
    rf"\b(?:you|they) (?:can|may)\b.{{0,20}}\b{_RECORD}\b|\b(?:happy|fine|okay|ok|alright)\b.{{0,20}}\b(?:to "
    rf"be|being|with)\b.{{0,20}}\b{_RECORD}\b|"
    rf"\b{_RECORD}\b.{{0,20}}\b(?:is|'s) (?:fine|ok|okay|alright|all right)\b|\bmy consent\b"
)
_YES = re.compile(
    r"^(?:\W|um|uh|well|oh|so)*(?:yes|yeah|yep|yup|sure|okay|ok|fine|of course|certainly|absolutely|go ahead|"
    r"that's (?:fine|ok|okay|alright|all right|no problem)|"
    r"that is (?:fine|ok|okay|alright|all right)|i agree|i do|i consent|alright|all right|no problem|not a "
    r"problem|please do|by all means)\b"
)
_NO = re.compile(
    r"^(?:\W|um|uh|well|oh|so|sorry|actually)*(?:no|nope|nah|i'd rather not|i would rather not|rather not|i'd "
    r"prefer not|i would prefer not|not really|absolutely not|"
    r"certainly not|i don't|i do not|please don't|please do not|don't|that's not (?:ok|okay|fine|alright)|i "
    r"refuse|never)\b"
)
_ABOUT_OTHERS = re.compile(
    r"\brecord(?:ed|ing)? (?:my|the|a|an|your|our) (?!call|conversation|voice|line|chat)\w+|\b(?:in|on|from|"
    r"for|by) (?:my|the|your|our) (?:record|records)\b|\brecord (?:player|label|high|low|time)\b|\bfor the "
    r"record\b|\bmedical record\b|"
    r"\b(?:my|the|your|no|any|a) record\b(?! (?:this|the|my|me))"
)


def consent_stance(text: str, *, after_question: bool = False) -> ConsentStance:
    """Read one utterance. ``after_question``: the other side has just asked whether recording is all right, so that a
    bare "yes", "no" or "that's fine" counts; "no problem" is a yes, "I don't mind" too."""
    plain = " ".join(text.lower().replace("’", "'").split())
    if _DOUBLE_NEGATIVE.search(plain) and (after_question or re.search(_RECORD, plain)):
        return ConsentStance.CONSENT
    about = _ABOUT_OTHERS.sub(" ", plain)
    if _REFUSAL.search(about):
        return ConsentStance.REFUSAL
    if after_question and _NO.search(plain):
        return ConsentStance.REFUSAL
    if re.search(_RECORD, about) and _CONSENT.search(about):
        return ConsentStance.CONSENT
    if after_question and (_YES.search(plain) or _CONSENT.search(plain)):
        return ConsentStance.CONSENT
    return ConsentStance.NOTHING


def asks_for_consent(text: str) -> bool:
    """Whether an utterance asks for, or announces, recording: the next answer is about that."""
    plain = text.lower().replace("’", "'")
    return bool(_ASKED.search(_ABOUT_OTHERS.sub(" ", plain)))


@dataclass(slots=True)
class ConsentListener:
    """Follows one contact's finals and says when the decision changes. Give it text before redaction."""

    rule: ConsentRule
    decision: ConsentDecision
    asked_by: Speaker | None = None
    _refused: bool = False

    def decide(self, speaker: Speaker, text: str) -> ConsentDecision | None:
        """The new decision when this final changes it, else None. A refusal is never undone by "yes" later, only by an
        explicit consent of the same side under the ``spoken`` basis."""
        asked = self.asked_by is not None and self.asked_by is not speaker
        stance = consent_stance(text, after_question=asked)
        if asks_for_consent(text) and stance is not ConsentStance.REFUSAL:
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
