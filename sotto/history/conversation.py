"""A conversation as its list shows it: one row, with a leg for each of its contacts.

A row is made anew from what is stored of a contact, whichever event asked for it: events may come twice, late or in any
order, and lead to the same row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sotto.call.contact import Channel, Contact, ContactStatus
from sotto.call.outcome import CallOutcome, FormScore

MOST_MOMENTS = 40
MOST_LEGS = 20
"""Of a conversation; those after it are left out of its row, and a search still finds their words."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One contact. Times are Unix epoch ms; ``ended_at_ms`` is None while it is under way, and where nobody knows when
    it ended. ``disposition``: as in CallOutcome. No text is in it: what a row shows of a summary is read from the
    call, whose words are kept under a key of their own."""

    contact_id: str
    started_at_ms: int
    ended_at_ms: int | None = None
    is_over: bool = False
    language: str = ""
    queue: str | None = None
    agent: str | None = None
    agent_name: str | None = None
    team: str | None = None
    disposition: str = ""
    is_chosen: bool = False
    scores: tuple[FormScore, ...] = ()
    moments: tuple[str, ...] = ()
    erased: bool = False
    channel: Channel = Channel.VOICE

    @property
    def lowest_score(self) -> float | None:
        return min((each.percentage for each in self.scores if each.percentage is not None), default=None)


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """``legs`` by their start; at least one. ``version`` rises with each change."""

    tenant: str
    conversation_id: str
    legs: tuple[Leg, ...]
    version: int = 0

    @property
    def started_at_ms(self) -> int:
        return min(each.started_at_ms for each in self.legs)

    @property
    def ended_at_ms(self) -> int | None:
        """None while one of them is under way."""
        ends = [each.ended_at_ms for each in self.legs]
        return None if None in ends else max(each for each in ends if each is not None)

    @property
    def duration_ms(self) -> int | None:
        """Never below 0, whatever two clocks said."""
        return None if self.ended_at_ms is None else max(0, self.ended_at_ms - self.started_at_ms)

    @property
    def lowest_score(self) -> float | None:
        return min((score for each in self.legs if (score := each.lowest_score) is not None), default=None)

    def with_legs(self, legs: Iterable[Leg]) -> ConversationRow:
        return replace(self, legs=tuple(sorted(legs, key=lambda each: (each.started_at_ms, each.contact_id))))


def leg_of(contact: Contact, outcome: CallOutcome) -> Leg:
    known = not contact.erased
    return Leg(
        contact_id=contact.contact_id,
        started_at_ms=contact.media_started_at_ms,
        ended_at_ms=None if contact.ended_at_ms is None else int(contact.ended_at_ms),
        is_over=contact.status is ContactStatus.ENDED,
        language=contact.language,
        queue=contact.queue,
        agent=contact.agent,
        agent_name=contact.agent_name,
        team=contact.team,
        disposition=outcome.disposition if known else "",
        is_chosen=outcome.is_chosen and known,
        scores=outcome.scores if known else (),
        moments=outcome.moments[:MOST_MOMENTS] if known else (),
        erased=contact.erased,
        channel=contact.channel,
    )


def with_leg(row: ConversationRow | None, contact: Contact, leg: Leg) -> ConversationRow:
    """The row that follows ``row``; the same object where nothing has changed."""
    before = row or ConversationRow(contact.tenant, contact.conversation_id, ())
    others = [each for each in before.legs if each.contact_id != leg.contact_id]
    after = before.with_legs([*others, leg])
    if len(after.legs) > MOST_LEGS:
        after = replace(after, legs=after.legs[:MOST_LEGS])
    return before if after == before else replace(after, version=before.version + 1)


def without_leg(row: ConversationRow, contact_id: str) -> ConversationRow | None:
    """None where no other is left."""
    legs = tuple(each for each in row.legs if each.contact_id != contact_id)
    return replace(row, legs=legs, version=row.version + 1) if legs else None
