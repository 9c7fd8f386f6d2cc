"""A conversation's records become rows: pure, the same rows for the same records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sotto.analytics.facts.of_contact import contact_rows
from sotto.analytics.facts.records import ContactRecords
from sotto.analytics.facts.speech import Spread, spread_of
from sotto.analytics.facts.tables import Row
from sotto.call.annotation import AnnotationKind
from sotto.call.contact import Contact, ContactStatus
from sotto.call.language import primary

CustomerOf = Callable[[Contact], str | None]
"""A pseudonym that is the same for every conversation of a customer of the tenant and leads back to nobody; None where
it is not known who called."""
SIGNS = {"negative": -1, "neutral": 0, "positive": 1}
"""Moments whose names say so are signs of the customer's mood, as in summaries."""


@dataclass(frozen=True, slots=True)
class ConversationFacts:
    """``day``: under which they are filed, YYYY-MM-DD. ``rows``: by fact; none of a conversation that is erased."""

    conversation: str
    day: str
    rows: Mapping[str, Sequence[Row]]


def day_of(at_ms: float) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).date().isoformat()


def facts_of(
    conversation_id: str, records: Sequence[ContactRecords], customer_of: CustomerOf
) -> ConversationFacts | None:
    """None where no contact is left. ``records``: by the start of their media."""
    if not records:
        return None
    first = records[0].contact
    common = _common(conversation_id, first, _who(records))
    rows: dict[str, list[Row]] = {"conversation": [common | _whole(records, customer_of)]}
    for each in records:
        own = common | {"agent": each.contact.agent, "team": each.contact.team, "queue": each.contact.queue}
        for fact, row in contact_rows(each):
            rows.setdefault(fact, []).append({**own, **row})
    return ConversationFacts(conversation_id, day_of(first.media_started_at_ms), rows)


SYNTHETIC = "sotto_synthetic"
"""The contact attribute that says of a conversation that it was made up."""


def _common(conversation_id: str, first: Contact, last: Contact) -> dict[str, Any]:
    started = datetime.fromtimestamp(first.media_started_at_ms / 1000, UTC)
    return {
        "conversation": conversation_id,
        "day": started.date().isoformat(),
        "started_ms": first.media_started_at_ms,
        "hour": started.hour,
        "weekday": started.isoweekday(),
        "agent": last.agent,
        "team": last.team,
        "queue": first.queue,
        "language": primary(first.language),
        "channel": first.channel.value,
        "synthetic": first.attributes.get(SYNTHETIC) == "true",
    }


def _who(records: Sequence[ContactRecords]) -> Contact:
    """The last contact that an agent had: whose conversation it was in the end."""
    with_agent = [each.contact for each in records if each.contact.agent]
    return with_agent[-1] if with_agent else records[-1].contact


def _whole(records: Sequence[ContactRecords], customer_of: CustomerOf) -> dict[str, Any]:
    agents = {each.contact.agent for each in records if each.contact.agent}
    return {
        "customer": next(filter(None, (customer_of(each.contact) for each in records)), None),
        **_disposition(records),
        "contacts": len(records),
        "agents": len(agents),
        "transfers": len(records) - 1,
        "is_over": all(each.contact.status is ContactStatus.ENDED for each in records),
        "answered": bool(agents),
        **_times(records),
        **_talk(records),
        **_mood(records),
        "cost_usd": None,
    }


def _disposition(records: Sequence[ContactRecords]) -> dict[str, Any]:
    """The last contact that has one: what the agent chose, else what was suggested."""
    found = [each.work.disposition for each in records if each.work is not None and each.work.disposition is not None]
    last = next((each for each in reversed(found) if each.choice or each.suggested), None)
    if last is None:
        return {"disposition": None, "disposition_chosen": False, "disposition_accepted": None}
    chosen = last.choice.code if last.choice else None
    accepted = chosen == last.suggested if chosen is not None and last.suggested else None
    return {
        "disposition": chosen or last.suggested,
        "disposition_chosen": chosen is not None,
        "disposition_accepted": accepted,
    }


def _times(records: Sequence[ContactRecords]) -> dict[str, Any]:
    """Connect's own sums where it has measured every contact. A duration that clocks make negative is unknown."""
    measured = [each.measured for each in records if each.measured is not None]
    known = len(measured) == len(records)
    ended = [each.contact.ended_at_ms for each in records if each.contact.ended_at_ms is not None]
    spans = [max(ended) - records[0].contact.media_started_at_ms] if len(ended) == len(records) else []
    spans += [
        each.contact.ended_at_ms - each.contact.connected_at_ms
        for each in records
        if each.contact.ended_at_ms is not None and each.contact.connected_at_ms is not None
    ]
    disagree = any(span < 0 for span in spans)
    return {
        "queue_s": sum(each.queue_ms for each in measured) / 1000 if known else None,
        "talk_s": sum(each.talk_ms for each in measured) / 1000 if known else None,
        "hold_s": sum(each.hold_ms for each in measured) / 1000 if known else None,
        "after_work_s": sum(each.after_contact_work_ms for each in measured) / 1000 if known else None,
        "handle_s": sum(each.handle_ms for each in measured) / 1000 if known else None,
        "duration_s": spans[0] / 1000 if len(ended) == len(records) and not disagree else None,
        "clocks_disagree": disagree,
    }


def _talk(records: Sequence[ContactRecords]) -> dict[str, Any]:
    """What is written takes no time that could be measured: a chat has neither speech nor silence."""
    spreads = [spread_of(each.utterances) for each in records if each.utterances and not each.contact.is_written]
    if not spreads:
        names = ("customer_speech_s", "agent_speech_s", "silence_s", "longest_silence_s", "overlap_s")
        return dict.fromkeys(names)

    def total(part: Callable[[Spread], float]) -> float:
        return round(sum(map(part, spreads)), 3)

    return {
        "customer_speech_s": total(lambda each: each.customer_s),
        "agent_speech_s": total(lambda each: each.agent_s),
        "silence_s": total(lambda each: each.silence_s),
        "longest_silence_s": max(each.longest_silence_s for each in spreads),
        "overlap_s": total(lambda each: each.overlap_s),
    }


def _mood(records: Sequence[ContactRecords]) -> dict[str, Any]:
    moments = [each for of in records for each in of.annotations if each.kind is AnnotationKind.MOMENT]
    signs = [sign for each in moments if (sign := _sign(each.name)) is not None]
    return {
        "sentiment_first": signs[0] if signs else None,
        "sentiment_last": signs[-1] if signs else None,
        "negative_moments": signs.count(-1),
        "positive_moments": signs.count(1),
        "high_moments": sum(each.severity == "high" for each in moments),
    }


def _sign(name: str) -> int | None:
    return next((value for word, value in SIGNS.items() if word in name), None)
