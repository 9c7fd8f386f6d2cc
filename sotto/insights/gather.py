"""All conversations of a customer together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sotto.insights.insight import DAY_MS, Act, Insight, InsightKind
from sotto.insights.matters import with_earlier
from sotto.insights.past_call import PastCall
from sotto.insights.rules import insights_of

AGAIN_WITHIN_MS = 30 * DAY_MS
MOST_INSIGHTS = 60


def gathered(calls: Sequence[PastCall], now_ms: int) -> tuple[Insight, ...]:
    """What is still worth knowing, what matters most first. Of what was said twice the newest stands."""
    found = with_earlier(each for call in calls for each in insights_of(call, now_ms))
    found += [risk for each in found if (risk := _called_again(each)) is not None]
    live = [each for each in found if each.expires_at_ms > now_ms]
    live.sort(key=lambda each: (-each.impact, -each.stands.at_ms, each.id))
    return tuple(live[:MOST_INSIGHTS])


def _called_again(need: Insight) -> Insight | None:
    """The same need in another conversation shortly after: it was not met."""
    if need.kind is not InsightKind.NEED:
        return None
    before = [
        each
        for each in need.earlier
        if each.contact_id != need.stands.contact_id and need.stands.at_ms - each.at_ms <= AGAIN_WITHIN_MS
    ]
    if not before:
        return None
    impact = min(10, 7 + len({each.contact_id for each in before}))
    return replace(
        need, kind=InsightKind.RISK, earlier=tuple(before), confidence=0.7, impact=impact, act=Act.FIND_CAUSE
    )
