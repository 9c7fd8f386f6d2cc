"""What one conversation says of its customer, kind by kind: out of what was made of it after the call, and out of the
customer's own words. English and German."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from sotto.call.contact import Speaker
from sotto.call.summary import SummaryLine, SummaryPart
from sotto.call.utterance import Utterance
from sotto.insights.insight import DAY_MS, Act, Insight, InsightKind
from sotto.insights.past_call import PastCall
from sotto.tenants.article_text import sentences
from sotto.tenants.guidance_settings import gravity

SOON_MS = 7 * DAY_MS
LONGEST = 240
_IMPACT_OF = {"high": 9, "medium": 6}
_PREFERENCE = re.compile(
    r"\b(?:i(?:['’]d| would)? (?:much )?(?:prefer|rather)|i(?:['’]d| would) (?:like|love) (?:it )?(?:better|more)"
    r"|(?:please )?(?:don['’]t|do not|never) (?:call|text|e-?mail|write|ring|send|contact)\b"
    r"|(?:please )?(?:always|only|just) (?:call|text|e-?mail|write|ring|send|contact)\b"
    r"|(?:best|easiest|better) (?:time|way|number) to (?:call|reach|contact|catch)|works best for me"
    r"|(?:call|text|e-?mail|write|ring|reach) me (?:only|by|on|at|before|after|in|during|instead|please)"
    r"|ich (?:würde|möchte) lieber|ich bevorzuge|mir (?:ist|wäre) (?:es )?lieber|(?:bitte )?nur per|bitte nicht)",
    re.IGNORECASE,
)
_CHANNEL = re.compile(
    r"\b(?:call(?:s|ed)?|phone|ring|text(?:s|ed)?|sms|e-?mails?|letters?|post|anruf\w*|anrufen|brief\w*|chat)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(?:morning|afternoon|evening|noon|weekend|(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
    r"|(?:after|before|until|from) (?:\w+ )?"
    r"(?:o['’]clock|am|pm|\d+|one|two|three|four|five|six|seven|eight|nine|ten|work|lunch)"
    r"|vormittag\w*|nachmittag\w*|abends?|morgens)\b",
    re.IGNORECASE,
)
_OPPORTUNITY = re.compile(
    r"\b(?:(?:i|we)(?:['’]m| am|['’]re| are|['’]ve been| have been)? (?:also |really |quite |just )?"
    r"(?:interested in|thinking (?:about|of)|considering|looking (?:for|at|into|to))"
    r"|(?:do|could|can) you (?:also |guys )?(?:offer|sell|have|do)\b.*\b(?:too|as well|also)\b"
    r"|do you (?:also )?(?:offer|sell)\b|(?:add|adding) (?:another|a second|one more|more)"
    r"|upgrade|bigger (?:plan|package|account)|what would it cost to"
    r"|how much (?:would|is) (?:it|an?) (?:extra|additional|upgrade)"
    r"|(?:my|our) (?:contract|lease|plan|subscription|policy) (?:ends|runs out|expires|is up)"
    r"|(?:we|i)(?:['’]re| are|['’]m| am) (?:moving|expanding|opening|hiring|buying|getting married|having a baby)"
    r"|ich (?:interessiere|überlege)|wir (?:überlegen|planen)|haben sie auch|bieten sie)",
    re.IGNORECASE,
)
_NEVER = re.compile(
    r"\b(?:cancel|leav(?:e|ing)|clos(?:e|ing)|kündig\w*|not (?:really )?interested|no longer)\b", re.IGNORECASE
)


def insights_of(call: PastCall, now_ms: int) -> Iterator[Insight]:
    yield from _promises(call, now_ms)
    yield from _needs(call)
    yield from _risks(call)
    yield from _spoken(call)


def _promises(call: PastCall, now_ms: int) -> Iterator[Insight]:
    for line in _lines(call, SummaryPart.PROMISE):
        if (cited := call.cited(line.text, line.rests_on)) is None:
            continue
        due_ms = _end_of_day(line.due)
        is_ours = line.owner is not Speaker.CUSTOMER
        is_over = due_ms is not None and due_ms <= now_ms
        impact, act = 6 if is_ours else 4, Act.KEEP_PROMISE if is_ours else Act.AWAIT
        if is_ours and due_ms is not None:
            impact, act = (9, Act.CALL_BACK) if is_over else (8 if due_ms - now_ms <= SOON_MS else 6, act)
        expires_at_ms = due_ms + 30 * DAY_MS if due_ms is not None else call.started_at_ms + 60 * DAY_MS
        confidence = 0.9 if line.owner is not None else 0.6
        yield Insight(InsightKind.PROMISE, cited, confidence, impact, expires_at_ms, act)


def _needs(call: PastCall) -> Iterator[Insight]:
    """Why they called, and what they asked for later; not how they want to be treated."""
    parts = ((SummaryPart.REQUEST, 0.8, 6), (SummaryPart.REASON, 0.7, 5))
    for part, confidence, impact in parts:
        for line in _lines(call, part):
            cited = call.cited(line.text, line.rests_on)
            if cited is not None and not _PREFERENCE.search(line.text):
                yield Insight(
                    InsightKind.NEED, cited, confidence, impact, call.started_at_ms + 90 * DAY_MS, Act.RESOLVE
                )


def _risks(call: PastCall) -> Iterator[Insight]:
    until_ms = call.started_at_ms + 60 * DAY_MS
    for moment in call.moments:
        if gravity(moment.severity) < gravity("medium") or moment.show.get("outcome"):
            continue
        words = [each.utterance_id for each in moment.evidence] or [moment.utterance_id or ""]
        if cited := call.cited(str(moment.show["title"]), words):
            yield Insight(
                InsightKind.RISK, cited, round(moment.confidence, 2), _IMPACT_OF[moment.severity], until_ms,
                Act.WIN_BACK, matter=moment.name,
            )  # fmt: skip
    for line in _lines(call, SummaryPart.SENTIMENT):
        cited = call.cited(line.text, line.rests_on[-1:])
        if cited is not None and line.text.endswith("negative"):
            yield Insight(InsightKind.RISK, cited, 0.6, 6, until_ms, Act.WIN_BACK, matter="mood at the end")


def _spoken(call: PastCall) -> Iterator[Insight]:
    """A sentence is one of them at most: whoever says how they want it does not ask for something more."""
    for utterance, text in _customers_sentences(call):
        cited = call.cited(text[:LONGEST], (utterance.id,))
        if cited is None:
            continue
        if _PREFERENCE.search(text):
            matter = "channel" if _CHANNEL.search(text) else "time" if _TIME.search(text) else ""
            until_ms = call.started_at_ms + 365 * DAY_MS
            yield Insight(InsightKind.PREFERENCE, cited, 0.8, 5, until_ms, Act.RESPECT, matter=matter)
        elif _OPPORTUNITY.search(text) and not _NEVER.search(text):
            until_ms = call.started_at_ms + 90 * DAY_MS
            yield Insight(InsightKind.OPPORTUNITY, cited, 0.7, 6, until_ms, Act.OFFER)


def _customers_sentences(call: PastCall) -> Iterator[tuple[Utterance, str]]:
    for each in call.utterances:
        if each.speaker is Speaker.CUSTOMER:
            for text in sentences(each.text):
                yield each, text


def _lines(call: PastCall, part: SummaryPart) -> Iterator[SummaryLine]:
    return (line for line in call.lines if line.part is part)


def _end_of_day(due: str) -> int | None:
    """In UTC, as days are understood. None for what is no day."""
    try:
        return int(datetime.fromisoformat(due).replace(tzinfo=UTC).timestamp() * 1000) + DAY_MS
    except ValueError:
        return None
