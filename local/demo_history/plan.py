"""How much of a past the demo makes up, and which of it lies where.

Days that are over are files, made by a process of their own. Those of today and yesterday are filed one by one, as
real conversations are, because the calls of the demo are filed beside them; of the latest there are records too, so
that lists and search have something to find.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from sotto.analytics.facts.of_conversation import ConversationFacts
from sotto.analytics.history.make import Asked, synthetic_days
from sotto.analytics.history.plan import bank

TENANT = "harbour_bank"
DAYS, CONVERSATIONS, SEED = 29, 1_300, 1
FILED_DAYS = 2
MOST_RECORDS = 16


def asked(today: date) -> Asked:
    return Asked(CONVERSATIONS, DAYS, today.isoformat(), SEED)


def folder_of(state: Path, today: date) -> Path:
    return state / "demo-history" / f"{today.isoformat()}-{DAYS}-{CONVERSATIONS}-{SEED}"


def is_file_day(day: str, today: date) -> bool:
    return day <= (today - timedelta(FILED_DAYS)).isoformat()


def filed_conversations(today: date, now_ms: float) -> list[ConversationFacts]:
    """Of yesterday and today, those that are over by now, the latest first."""
    days = [found for day, found in synthetic_days(bank(), asked(today)) if not is_file_day(day, today)]
    over = [each for found in days for each in found if started_ms(each) + duration_ms(each) < now_ms]
    return sorted(over, key=started_ms, reverse=True)


def started_ms(facts: ConversationFacts) -> int:
    return int(str(facts.rows["conversation"][0]["started_ms"]))


def duration_ms(facts: ConversationFacts) -> int:
    return int(1000 * float(str(facts.rows["conversation"][0]["duration_s"])))
