"""Calls of the past for tests: guided by the engine of the live path, and stored as it stores them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from sotto.call.annotation import Annotation
from sotto.call.contact import Contact, ContactStatus
from sotto.guidance.call_events import CallEvent, UtteranceResults
from sotto.guidance.conversation import ConversationState
from sotto.guidance.deliver import Conversation, rules_for
from sotto.guidance.evaluate import evaluate
from sotto.guidance.rules import leaves_of
from sotto.history.conversation import ConversationRow, Leg
from sotto.playbooks.replay.recorded import Recorded
from sotto.tenants.book import TenantBook
from sotto.tenants.compile import compile_policies
from sotto.wiring.publishing import book_from
from tests.fakes.desk import Desk
from tests.unit.guidance.calls import found, says, tick
from tests.unit.tenants.tenant_files import TENANT, write_tenant

MODELS = TENANT + "  behaviours: {task: behaviours, package: corner/behaviours}\n"
PLAYBOOK = """\
version: 1
behaviours:
  greeting: {phrases: [hello, good day]}
sets:
  basics:
    moments:
      wants_to_buy:
        when: {intent: buy, at_least: 0.6, speaker: customer}
        severity: high
      complains:
        when: {phrases: [broken, does not work], speaker: customer}
      long_silence:
        when: {silence: {longer_than: 10s}}
      no_greeting:
        when: {not_said: {what: {behaviour: greeting}, within: 20s}}
    actions:
      offer:
        when: wants_to_buy
        show: {title: Offer it, done_text: Offered it}
        withdraw_when: {phrases: [here is our offer], speaker: agent}
    checklists:
      duties:
        items:
          hear_out: {title: Let them finish, done_when: {phrases: [I am sorry], speaker: agent}, within: 30s}
"""
START_MS = 1_790_000_000_000


def book_of(folder: Path, playbook: str = PLAYBOOK, **files: str) -> TenantBook:
    folder.mkdir(exist_ok=True)
    return book_from(write_tenant(folder, **{"tenant": MODELS, "playbook": playbook, **files}))


def a_call(*, shop: str = "corner_shop", number: int = 1) -> Contact:
    contact = Contact(
        shop, f"c{number}", "arn", "stream", START_MS + number * 600_000, agent="ann", team="sales",
        status=ContactStatus.ENDED,
    )  # fmt: skip
    return replace(contact, connected_at_ms=float(contact.media_started_at_ms))


def buying(sure: float = 0.9) -> list[CallEvent]:
    """Somebody greets, wants to buy, complains, and is kept waiting."""
    return [
        says("hello there", 3, by="agent", results=[found("behaviours", "greeting")], seq=1),
        says("I want two of them", 6, results=[found("intent", "buy", sure)], seq=2),
        says("because mine is broken", 12, seq=3),
        *(tick(at_s, last_seq=3) for at_s in range(14, 34, 2)),
        says("here is our offer", 36, by="agent", seq=4),
        tick(38, last_seq=4),
        tick(60, last_seq=4),
    ]


def asked_of(event: CallEvent, contact: Contact) -> CallEvent:
    if not isinstance(event, UtteranceResults):
        return event
    return replace(event, utterance=replace(event.utterance, tenant=contact.tenant, contact_id=contact.contact_id))


def guided(
    book: TenantBook, events: Iterable[CallEvent], contact: Contact
) -> tuple[ConversationState, list[Annotation], list[UtteranceResults]]:
    rules = rules_for(book, compile_policies(book, contact, at_ms=contact.media_started_at_ms))
    state, annotations = ConversationState(contact.tenant, contact.contact_id), list[Annotation]()
    spoken = []
    for event in (asked_of(each, contact) for each in events):
        considered = evaluate(state, event, rules)
        state, annotations = considered.state, [*annotations, *considered.annotations]
        if isinstance(event, UtteranceResults):
            spoken.append(event)
    return state, annotations, spoken


def recorded(book: TenantBook, events: Iterable[CallEvent], contact: Contact | None = None) -> Recorded:
    contact = contact or a_call()
    state, annotations, spoken = guided(book, events, contact)
    return Recorded(contact, [each.utterance for each in spoken], state, annotations, dict(leaves_of(book.playbook)))


def keep(desk: Desk, book: TenantBook, events: Iterable[CallEvent], contact: Contact) -> None:
    """Everything that is stored of the call, and its row in the history."""
    state, annotations, spoken = guided(book, events, contact)
    store = desk.conversations
    store.all_contacts.append(contact)
    store.all_utterances += [each.utterance for each in spoken]
    expected = store.conversation(contact.tenant, contact.contact_id)
    assert expected is None
    store.save(contact.tenant, contact.contact_id, Conversation(state, (), 1), annotations, expected_version=0)
    leg = Leg(contact.contact_id, contact.media_started_at_ms, is_over=True, agent=contact.agent, team=contact.team)
    desk.history.replace(ConversationRow(contact.tenant, contact.contact_id, (leg,), 1), before=None)
