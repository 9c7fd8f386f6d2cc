"""What an agent types is redacted like what is said: it may quote the customer."""

from __future__ import annotations

from sotto.contact.contact import Speaker
from sotto.privacy.conversation import ConversationRedactor
from sotto.privacy.rules import RedactionRules
from sotto.privacy.withheld import Alarm, no_alarm
from sotto.speech.recogniser import Recognised


def redact_typed(text: str, rules: RedactionRules, *, alarm: Alarm = no_alarm) -> str:
    """``text`` without what the rules hide. It stands alone: no question before it says what a number is."""
    typed = Recognised(Speaker.AGENT, "typed", 0.0, 0.0, text, is_final=True)
    return ConversationRedactor(rules, alarm).redact(typed).heard.text
