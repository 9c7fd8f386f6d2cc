"""A synthetic history: conversations that never were, by plausible processes, the same for the same seed.

Every row says that it is synthetic. Facts alone are made, no records: there is no text to search, and behind a figure
there are ids, but no conversations to open. Hours and weekdays have their shape, agents their skill, subjects their
length, an incident is planted on one day and adoption drifts.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sotto.analytics.facts.of_conversation import ConversationFacts
from sotto.analytics.facts.tables import Row
from sotto.analytics.history.contact import Spoken, contact_facts
from sotto.analytics.history.plan import HOURS, WEEKDAYS, Agent, Centre, Subject

RETURN_DAYS = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """``last``: the last day, YYYY-MM-DD."""

    conversations: int
    days: int
    last: str
    seed: int = 1


@dataclass(frozen=True, slots=True)
class _Call:
    number: int
    day: date
    at_day: int
    subject: Subject
    customer: str
    incident: bool


def synthetic_days(centre: Centre, asked: Asked) -> Iterator[tuple[str, list[ConversationFacts]]]:
    """Day after day, oldest first. About as many conversations as asked for: those who call again come on top, an
    incident too."""
    rng = random.Random(asked.seed)
    days = [date.fromisoformat(asked.last) - timedelta(asked.days - 1 - number) for number in range(asked.days)]
    weights = [WEEKDAYS[day.weekday()] for day in days]
    returning: dict[int, list[tuple[Subject, str]]] = {}
    number = 0
    for at, day in enumerate(days):
        expected = asked.conversations * weights[at] / sum(weights)
        calls: list[_Call] = []
        for subject, customer, incident in _callers(centre, asked, at, expected, returning.pop(at, []), rng):
            number += 1
            calls.append(_Call(number, day, at, subject, customer, incident))
            if rng.random() < subject.returns:
                returning.setdefault(at + rng.randint(1, RETURN_DAYS), []).append((subject, customer))
        yield day.isoformat(), [_conversation(centre, asked, each, rng) for each in calls]


def _callers(
    centre: Centre,
    asked: Asked,
    at: int,
    expected: float,
    again: Sequence[tuple[Subject, str]],
    rng: random.Random,
) -> Iterator[tuple[Subject, str, bool]]:
    for subject, customer in again:
        yield subject, customer, False
    total = sum(subject.weight for subject in centre.subjects)
    for subject in centre.subjects:
        incident = centre.incident
        struck = incident is not None and incident.disposition == subject.disposition
        struck = struck and incident is not None and at == asked.days - 1 - incident.days_before_last
        mean = expected * subject.weight / total / 1.09
        times = incident.times if struck and incident is not None else 1.0
        for _ in range(_poisson(mean * times, rng)):
            yield subject, f"made-up-{rng.getrandbits(48):012x}", struck


def _poisson(mean: float, rng: random.Random) -> int:
    """By the normal distribution where that is as good."""
    if mean > 50:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def _conversation(centre: Centre, asked: Asked, call: _Call, rng: random.Random) -> ConversationFacts:
    hour = rng.choices(range(24), HOURS)[0]
    seconds = hour * 3600 + rng.randrange(3600)
    started_ms = (call.day.toordinal() - date(1970, 1, 1).toordinal()) * 86_400_000 + seconds * 1000
    agent = rng.choice(centre.agents)
    conversation = f"synthetic-{asked.seed}-{call.number:08d}"
    common: dict[str, Any] = {
        "conversation": conversation,
        "day": call.day.isoformat(),
        "started_ms": started_ms,
        "hour": hour,
        "weekday": call.day.isoweekday(),
        "agent": agent.name,
        "team": agent.team,
        "queue": call.subject.queue,
        "language": "en",
        "channel": "chat" if rng.random() < 0.12 else "voice",
        "synthetic": True,
    }
    busy = 1.0 + HOURS[hour] / 40 + (2.5 if call.incident else 0.0)
    queue_s = round(rng.expovariate(1 / (18 * busy)), 1)
    if rng.random() < min(0.5, queue_s / 900):
        gone = {**common, "agent": None, "team": None}
        return ConversationFacts(
            conversation, call.day.isoformat(), {"conversation": [_abandoned(gone, queue_s, call)]}
        )
    drift = centre.drift * call.at_day / max(1, asked.days - 1)
    spoken = _spoken(agent, call, queue_s, drift, rng)
    rows: dict[str, list[Row]] = {"conversation": [{**common, **_whole(call, spoken, rng)}]}
    for fact, row in contact_facts(centre, call.subject, spoken, rng):
        rows.setdefault(fact, []).append({**common, "contact": conversation, **row})
    return ConversationFacts(conversation, call.day.isoformat(), rows)


def _spoken(agent: Agent, call: _Call, queue_s: float, drift: float, rng: random.Random) -> Spoken:
    talk_s = call.subject.talk_s * math.exp(rng.gauss(-0.12 * agent.skill, 0.35))
    hold_s = rng.expovariate(1 / 45) if rng.random() < 0.22 - 0.08 * agent.skill else 0.0
    upset = rng.random() < min(0.95, call.subject.upset + (0.25 if call.incident else 0.0))
    first = -1 if upset else 1 if rng.random() < 0.35 else 0
    better = rng.random() < 0.45 + 0.25 * agent.skill - (0.2 if call.incident else 0.0)
    last = 1 if better else first if rng.random() < 0.7 else -1
    after_s = max(5.0, rng.gauss(55 - 18 * agent.skill, 20))
    return Spoken(
        agent.skill, round(talk_s, 1), round(hold_s, 1), queue_s, round(after_s, 1), first, last, drift, call.incident
    )


def _abandoned(common: dict[str, Any], queue_s: float, call: _Call) -> Row:
    return {
        **common,
        "customer": call.customer,
        "disposition_chosen": False,
        "contacts": 1,
        "agents": 0,
        "transfers": 0,
        "is_over": True,
        "answered": False,
        "queue_s": queue_s,
        "duration_s": queue_s,
        "negative_moments": 0,
        "positive_moments": 0,
        "high_moments": 0,
        "clocks_disagree": False,
    }


def _whole(call: _Call, spoken: Spoken, rng: random.Random) -> dict[str, Any]:
    transfers = 1 if rng.random() < 0.09 - 0.05 * spoken.skill else 0
    silence_s = spoken.talk_s * min(0.6, max(0.02, rng.gauss(0.16 - 0.05 * spoken.skill, 0.06)))
    speech_s = spoken.talk_s - silence_s
    agent_share = min(0.8, max(0.2, rng.gauss(0.55, 0.08)))
    overlap_s = speech_s * min(0.3, max(0.0, rng.gauss(0.05 - 0.03 * spoken.skill, 0.02)))
    return {
        "customer": call.customer,
        "disposition": call.subject.disposition,
        "disposition_chosen": True,
        "disposition_accepted": rng.random() < 0.86,
        "contacts": 1 + transfers,
        "agents": 1 + transfers,
        "transfers": transfers,
        "is_over": True,
        "answered": True,
        "queue_s": spoken.queue_s,
        "talk_s": spoken.talk_s,
        "hold_s": spoken.hold_s,
        "after_work_s": spoken.after_s,
        "handle_s": round(spoken.talk_s + spoken.hold_s + spoken.after_s, 1),
        "duration_s": round(spoken.queue_s + spoken.talk_s + spoken.hold_s, 1),
        "customer_speech_s": round(speech_s * (1 - agent_share) + overlap_s / 2, 1),
        "agent_speech_s": round(speech_s * agent_share + overlap_s / 2, 1),
        "silence_s": round(silence_s, 1),
        "longest_silence_s": round(silence_s * rng.uniform(0.2, 0.6), 1),
        "overlap_s": round(overlap_s, 1),
        "sentiment_first": spoken.first,
        "sentiment_last": spoken.last,
        "negative_moments": int(spoken.first < 0) + int(spoken.last < 0),
        "positive_moments": int(spoken.first > 0) + int(spoken.last > 0),
        "high_moments": int(spoken.incident or rng.random() < 0.06),
        "clocks_disagree": rng.random() < 0.002,
        "cost_usd": round(0.004 + 0.0016 * spoken.talk_s / 60 * rng.uniform(0.8, 1.2), 5),
    }
