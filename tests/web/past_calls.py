"""Conversations of the past, as record_history keeps them and index_conversations makes them findable."""

from __future__ import annotations

from dataclasses import replace

from sotto.call.contact import ContactStatus
from sotto.call.outcome import CallOutcome, FormScore
from sotto.call.summary import CallSummary, Origin, SummaryLine, SummaryPart
from sotto.history.conversation import ConversationRow, Leg, leg_of, with_leg
from sotto.search.index import IndexedPassage
from sotto.search.passage import Kind, Passage
from tests.fakes.text_vectors import vector_of
from tests.web.panel_server import TENANT, PanelServer
from tests.web.sample_call import SampleCall

QUEUES = ("Retention", "Cards", "Mortgages")
ENDINGS = ("account_kept", "account_closed", "card_replaced", "")
LIVE_OF_A_TEAM = 100
"""The server lists no more of one."""


def keep(server: PanelServer, call: SampleCall, outcome: CallOutcome) -> None:
    """What an ended call leaves in the history and in the index."""
    contact = replace(call.contact, status=ContactStatus.ENDED, ended_at_ms=call.contact.media_started_at_ms + 90_000)
    row = with_leg(None, contact, leg_of(contact, outcome))
    server.desk.history.replace(row, before=None)
    passages = [
        Passage(
            contact.contact_id,
            contact.conversation_id,
            Kind.UTTERANCE,
            each.seq,
            each.text,
            start_ms=each.start_ms,
            end_ms=each.end_ms,
            at_ms=contact.media_started_at_ms + each.start_ms,
            utterance_id=each.id,
            speaker=each.speaker.value,
            agent=contact.agent or "",
            team=contact.team or "",
            queue=contact.queue or "",
            language=contact.language,
        )
        for each in server.conversations.utterances(TENANT, contact.contact_id, 0, 500)
    ]
    server.desk.search_index.put(TENANT, [IndexedPassage(each, vector_of(each.text)) for each in passages])


def keep_many(server: PanelServer, count: int) -> None:
    """Rows of as many calls, a minute apart, of the supervisor's team."""
    now_ms = int(server.desk.clock.now_ms())
    for number in range(count):
        started = now_ms - (number + 1) * 60_000
        leg = Leg(
            contact_id=f"past-{number}",
            started_at_ms=started,
            ended_at_ms=started + 45_000 + number % 600 * 1_000,
            is_over=True,
            language="en-US",
            queue=QUEUES[number % 3],
            agent=f"agent-{number % 40}",
            team="retention",
            disposition=ENDINGS[number % 4],
            scores=(FormScore("conduct", float(number % 101)),),
            moments=("cancel_risk",) if number % 5 == 0 else (),
        )
        row = ConversationRow(TENANT, f"past-{number}", (leg,), version=1)
        server.desk.history.replace(row, before=None)
        line = SummaryLine(SummaryPart.OVERVIEW, f"A customer of {QUEUES[number % 3]} asked about fee {number}.")
        ended = int(leg.ended_at_ms or started)
        server.desk.summaries.store(CallSummary(TENANT, leg.contact_id, (line,), Origin.QUOTED, "", 1, ended, 9))


def live_many(server: PanelServer, count: int) -> list[str]:
    """As many calls under way, each without a word yet; whoever supervises the teams that are named sees them."""
    for number in range(count):
        call = SampleCall(server, f"live-{number}", agent=f"agent-{number}")
        call.contact = replace(call.contact, queue=QUEUES[number % 3], team=f"team-{number // LIVE_OF_A_TEAM}")
        server.conversations.all_contacts.append(call.contact)
    return [f"team-{number}" for number in range(-(-count // LIVE_OF_A_TEAM))]
