"""English."""

from __future__ import annotations

import re

from sotto.consent.languages.words import ConsentWords

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

WORDS = ConsentWords(
    recording=re.compile(_RECORD),
    asked=_ASKED,
    refusal=_REFUSAL,
    double_negative=_DOUBLE_NEGATIVE,
    consent=_CONSENT,
    yes=_YES,
    no=_NO,
    about_others=_ABOUT_OTHERS,
)
