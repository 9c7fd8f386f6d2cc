"""What an agent types is redacted like what is said: it may quote the customer."""

from __future__ import annotations

from sotto.redaction.engine import ConversationRedactor
from sotto.redaction.withheld import Alarm, no_alarm
from sotto.tenants.redaction_rules import RedactionRules


def redact_typed(text: str, rules: RedactionRules, *, alarm: Alarm = no_alarm) -> str:
    """``text`` without what the rules hide. It stands alone: no question before it says what a number is."""
    return ConversationRedactor(rules, alarm).redact_text(text)
