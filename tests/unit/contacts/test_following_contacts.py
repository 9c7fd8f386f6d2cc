"""Unit: contact events change who is on the call."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from local.simulation.consents import ConsentsInMemory
from sotto.call.contact import Channel, Contact, ContactStatus, Speaker
from sotto.call.events import Event
from sotto.call.language import LanguageSet
from sotto.consent.at_start import BookConsent
from sotto.consent.rules import ConsentDecision, record_of
from sotto.contacts.follow import FollowPorts, follow_contact
from sotto.contacts.languages import AsConnectSays, BookLanguages, ContactLanguages
from sotto.contacts.start import ContactChanged
from sotto.contacts.teams import EmptyDirectory
from sotto.core.errors import Retryable
from sotto.sources.connect.contact_event import ContactEvent, NotAContactEvent
from tests.fakes.books import BooksInMemory, any_book
from tests.fakes.clock import ClockByHand
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.instance_contacts import InstanceContactsInMemory

CONNECTED: dict[str, Any] = json.loads(Path("events/connect/connected_to_agent.json").read_text())
DISCONNECTED: dict[str, Any] = json.loads(Path("events/connect/disconnected.json").read_text())
CONTACT = Contact("bank", CONNECTED["detail"]["contactId"], "arn", "stream", 1_790_000_000_131)


TEAMS = {"service": {"agents": ["emma"]}, "retention": {"agents": ["liam"]}}
BOOKS = BooksInMemory(any_book("bank", CONNECTED["detail"]["instanceArn"], teams=TEAMS))


@dataclass
class Book(EmptyDirectory):
    """All that follow_contact asks."""

    contacts: ContactsInMemory = field(default_factory=lambda: ContactsInMemory(CONTACT))
    notified: list[tuple[Contact, str | None]] = field(default_factory=list)
    joined: list[int] = field(default_factory=list)
    revived: list[Contact] = field(default_factory=list)
    in_language: list[str] = field(default_factory=list)
    languages: ContactLanguages = field(default_factory=AsConnectSays)
    consents: ConsentsInMemory = field(default_factory=ConsentsInMemory)
    workers: list[str] = field(default_factory=list)
    instance: InstanceContactsInMemory = field(default_factory=InstanceContactsInMemory)
    queues: dict[str, str] = field(default_factory=dict)

    @property
    def contact_now(self) -> Contact | None:
        return self.contacts.contact(CONTACT.tenant, CONTACT.contact_id)

    @property
    def events(self) -> list[Event]:
        return self.contacts.events

    def contact_changed(self, contact: Contact, *, previous_agent: str | None) -> None:
        self.notified.append((contact, previous_agent))

    def agent_joined(self, contact: Contact, call_time_ms: int) -> None:
        self.joined.append(call_time_ms)

    def revive_abandoned(self, contact: Contact) -> None:
        self.revived.append(contact)

    def in_another_language(self, contact: Contact) -> None:
        self.in_language.append(contact.language)

    def changes_queue(self) -> None:
        """Somebody else does, at the same time."""
        contact = self.contact_now
        assert contact is not None
        self.contacts.put(replace(contact, queue="another", version=contact.version + 1))

    def follows(self, event: dict[str, Any]) -> Contact | None:
        return follow_contact(ContactEvent.parsed(event), self.ports)

    def queue_name(self, tenant: str, queue_arn: str) -> str | None:
        return self.queues.get(queue_arn)

    @property
    def ports(self) -> FollowPorts:
        consent = BookConsent(BOOKS, self.consents, ClockByHand(0))
        ports = FollowPorts(BOOKS, self.contacts, BOOKS, self, self, self, self.instance, consent, self, self)
        return replace(ports, languages=self.languages)

    def start(self, tenant: str, contact_id: str, generation: int, *, revivals: int = 0) -> None:
        self.workers.append(contact_id)


UPDATED: dict[str, Any] = {
    **CONNECTED,
    "detail": {
        **{name: value for name, value in CONNECTED["detail"].items() if name != "agentInfo"},
        "eventType": "CONTACT_DATA_UPDATED",
        "updatedProperties": ["UserDefinedAttributes"],
    },
}


def queued(arn: str) -> dict[str, Any]:
    info = {"queueArn": arn, "queueType": "STANDARD", "enqueueTimestamp": "2026-09-21T14:13:20.131Z"}
    return {**UPDATED, "detail": {**UPDATED["detail"], "eventType": "QUEUED", "queueInfo": info}}


def to_agent(name: str) -> dict[str, Any]:
    detail = CONNECTED["detail"]
    return {**CONNECTED, "detail": {**detail, "agentInfo": {**detail["agentInfo"], "agentArn": f"arn:x/agent/{name}"}}}


def test_an_agent_and_the_team_are_known_once_connected() -> None:
    book = Book()
    changed = book.follows(CONNECTED)
    assert changed is not None
    assert (changed.agent, changed.team, changed.status) == ("emma", "service", ContactStatus.CONNECTED)
    assert changed.version == 1
    assert book.notified == [(changed, None)]
    assert book.joined == [4000]


def test_another_agent_on_the_same_contact_notifies_both_and_raises_the_version() -> None:
    book = Book(
        ContactsInMemory(replace(CONTACT, agent="emma", team="service", status=ContactStatus.CONNECTED, version=1))
    )
    changed = book.follows(to_agent("liam"))
    assert changed is not None and (changed.team, changed.version) == ("retention", 2)
    assert book.notified == [(changed, "emma")]


def test_the_same_event_twice_changes_nothing_the_second_time() -> None:
    book = Book()
    book.follows(CONNECTED)
    assert book.follows(CONNECTED) is None
    assert len(book.notified) == 1


def test_every_event_of_a_call_that_goes_on_is_an_occasion_to_see_whether_it_has_a_worker() -> None:
    book = Book()
    book.follows(CONNECTED)
    book.follows(CONNECTED)
    assert [each.status for each in book.revived] == [ContactStatus.CONNECTED] * 2
    book.follows(DISCONNECTED)
    assert len(book.revived) == 2


def test_an_ended_contact_stays_ended_whatever_arrives_late() -> None:
    book = Book()
    assert book.follows(DISCONNECTED) is not None
    book.follows(CONNECTED)
    assert book.contact_now is not None and book.contact_now.status is ContactStatus.ENDED
    assert [each.TYPE for each in book.events].count("conversation.ended") == 1


def test_the_queue_is_known_by_its_name_as_soon_as_connect_queues_the_contact() -> None:
    book = Book(queues={"arn:q": "cards"})
    changed = book.follows(queued("arn:q"))
    assert changed is not None and changed.is_queued
    assert (changed.queue, changed.queue_arn, changed.version) == ("cards", "arn:q", 1)
    assert book.notified == [(changed, None)]


def test_a_queue_that_nobody_knows_is_a_state_and_no_failure() -> None:
    changed = Book().follows(queued("arn:nowhere"))
    assert changed is not None and (changed.queue, changed.queue_arn) == (None, "arn:nowhere")


def test_attributes_that_change_in_mid_call_are_read_from_connect() -> None:
    book = Book()
    book.instance.values[CONTACT.contact_id] = {"segment": "premier"}
    changed = book.follows(UPDATED)
    assert changed is not None and changed.attributes == {"segment": "premier"} and changed.version == 1
    assert book.follows(UPDATED) is None


def test_a_change_of_something_else_asks_nobody() -> None:
    book = Book()
    other = {**UPDATED, "detail": {**UPDATED["detail"], "updatedProperties": ["Tags"]}}
    assert book.follows(other) is None
    assert book.instance.asked == []


def test_when_an_agent_comes_attributes_are_read_again_because_their_event_may_be_lost() -> None:
    book = Book()
    book.instance.values[CONTACT.contact_id] = {"segment": "premier"}
    changed = book.follows(CONNECTED)
    assert changed is not None and (changed.agent, changed.attributes) == ("emma", {"segment": "premier"})


def test_a_throttled_api_keeps_no_agent_from_being_known_and_brings_the_event_again() -> None:
    book = Book()
    book.instance.throttled = True
    changed = book.follows(CONNECTED)
    assert changed is not None and changed.agent == "emma"
    with pytest.raises(Retryable):
        book.follows(UPDATED)


def test_an_api_that_refuses_leaves_the_attributes_as_they_were() -> None:
    book = Book(ContactsInMemory(replace(CONTACT, attributes={"tier": "gold"})))
    book.instance.refuses = True
    assert book.follows(UPDATED) is None
    assert book.contact_now is not None and book.contact_now.attributes == {"tier": "gold"}


def test_attributes_of_an_erased_contact_are_not_taken_in_again() -> None:
    book = Book(ContactsInMemory(replace(CONTACT, erased=True)))
    book.instance.values[CONTACT.contact_id] = {"sotto_caller": "Maria Lopez"}
    assert book.follows(UPDATED) is None
    changed = book.follows(CONNECTED)
    assert changed is not None and changed.attributes == {} and book.instance.asked == []


def test_an_attribute_of_32_kb_is_cut_and_the_others_stay() -> None:
    book = Book()
    book.instance.values[CONTACT.contact_id] = {"note": "x" * 32_000, "segment": "premier"}
    changed = book.follows(UPDATED)
    assert changed is not None
    assert changed.attributes == {"note": "x" * 1_000, "segment": "premier"}


def test_a_change_by_somebody_else_is_read_again() -> None:
    book = Book()
    book.contacts.meanwhile = [book.changes_queue] * 2
    changed = book.follows(CONNECTED)
    assert changed is not None and (changed.agent, changed.queue, changed.version) == ("emma", "another", 3)
    book.contacts.meanwhile = [book.changes_queue] * 99
    with pytest.raises(ContactChanged):
        book.follows(DISCONNECTED)


def test_what_changed_is_an_event_once_with_the_time_at_which_connect_says_it_happened() -> None:
    book = Book()
    book.follows(CONNECTED)
    book.follows(CONNECTED)
    book.follows(DISCONNECTED)
    book.follows(DISCONNECTED)
    assert [(each.TYPE, each.number) for each in book.events] == [
        ("agent.connected", 1),
        ("conversation.ended", 2),
    ]
    connected, ended = (datetime.fromtimestamp(each.occurred_at_ms / 1000, UTC) for each in book.events)
    assert connected.isoformat() == "2026-09-21T14:13:24.131000+00:00"
    assert ended == datetime.fromisoformat(DISCONNECTED["time"])


def test_another_agent_on_the_same_contact_is_another_event() -> None:
    book = Book()
    book.follows(to_agent("emma"))
    book.follows(to_agent("liam"))
    assert [(each.TYPE, each.number) for each in book.events] == [
        ("agent.connected", 1),
        ("agent.connected", 2),
    ]


def test_a_contact_that_is_not_ours_is_left_alone() -> None:
    assert Book(ContactsInMemory()).follows(CONNECTED) is None


def test_keys_are_read_in_any_case() -> None:
    shouted = {**CONNECTED, "detail": {key.upper(): value for key, value in CONNECTED["detail"].items()}}
    assert ContactEvent.parsed(shouted) == ContactEvent.parsed(CONNECTED)


@pytest.mark.parametrize("event", [None, {}, {"detail": None}, {"detail": {"eventType": "QUEUED"}}])
def test_what_is_no_contact_event_is_refused_naming_what_is_missing(event: Any) -> None:
    with pytest.raises(NotAContactEvent, match="contactid"):
        ContactEvent.parsed(event)


FIRST_ENDS = "2026-09-21T14:15:20.131Z"
SECOND_CONNECTED_MS = datetime.fromisoformat("2026-09-21T14:15:00.000+00:00").timestamp() * 1000


def of_second(kind: str, method: str = "TRANSFER", **more: Any) -> dict[str, Any]:
    """An event of the contact to which the first one is transferred."""
    info = {"agentArn": "arn:x/agent/liam", "connectedToAgentTimestamp": "2026-09-21T14:15:00.000Z"}
    chain = {"initialContactId": CONTACT.contact_id, "previousContactId": CONTACT.contact_id}
    detail = {**CONNECTED["detail"], "contactId": "second", "eventType": kind, "initiationMethod": method}
    return {**CONNECTED, "detail": {**detail, "agentInfo": info, **chain, **more}}


ENDED = {**DISCONNECTED, "detail": {**DISCONNECTED["detail"], "disconnectTimestamp": FIRST_ENDS}}


def test_who_gets_the_customer_by_a_transfer_takes_over_the_stream_once_the_first_contact_has_ended() -> None:
    book = Book()
    book.follows(CONNECTED)
    second = book.follows(of_second("CONNECTED_TO_AGENT"))
    assert second is not None
    assert (second.agent, second.team, second.status) == ("liam", "retention", ContactStatus.CONNECTED)
    assert (second.conversation_id, second.previous_contact_id) == (CONTACT.contact_id, CONTACT.contact_id)
    assert (second.stream_arn, second.continues) == (CONTACT.stream_arn, (CONTACT.contact_id,))
    assert second.media_started_at_ms == SECOND_CONNECTED_MS
    assert book.workers == []
    book.follows(ENDED)
    assert book.workers == ["second"]
    assert [each.contact_id for each, _ in book.notified].count("second") == 1


def test_after_a_cold_transfer_the_worker_starts_with_the_agent() -> None:
    book = Book()
    book.follows(ENDED)
    book.follows(of_second("CONNECTED_TO_AGENT"))
    assert book.workers == ["second"]
    second = book.contacts.contact("bank", "second")
    assert second is not None and second.media_started_at_ms == SECOND_CONNECTED_MS


@pytest.mark.parametrize("kind", ["INITIATED", "QUEUED", "DISCONNECTED", "COMPLETED"])
def test_nobody_takes_over_before_an_agent_is_connected(kind: str) -> None:
    assert Book().follows(of_second(kind)) is None


@pytest.mark.parametrize("method", ["CALLBACK", "OUTBOUND", "MONITOR", "EXTERNAL_OUTBOUND", "INBOUND", "API"])
def test_only_a_transfer_takes_over_a_stream(method: str) -> None:
    """A callback dials anew, and a supervisor who listens in serves nobody."""
    assert Book().follows(of_second("CONNECTED_TO_AGENT", method)) is None


def test_a_chat_takes_over_no_stream() -> None:
    assert Book().follows(of_second("CONNECTED_TO_AGENT", channel="CHAT")) is None


def test_who_takes_a_chat_over_is_guided_though_there_is_no_stream() -> None:
    book = Book(ContactsInMemory(replace(CONTACT, channel=Channel.CHAT, stream_arn="")))
    second = book.follows(of_second("CONNECTED_TO_AGENT", channel="CHAT"))
    assert second is not None and second.channel is Channel.CHAT and second.agent is not None
    assert book.workers == [] and second.continues == ()


def test_a_transfer_of_a_contact_that_is_not_ours_is_left_alone() -> None:
    assert Book(ContactsInMemory()).follows(of_second("CONNECTED_TO_AGENT")) is None


def test_a_transfer_whose_event_comes_twice_makes_one_contact() -> None:
    book = Book()
    book.follows(of_second("CONNECTED_TO_AGENT"))
    assert book.follows(of_second("CONNECTED_TO_AGENT")) is None
    assert len(book.contacts.contacts_of_conversation("bank", CONTACT.contact_id)) == 2


def test_a_consult_that_ends_leaves_the_stream_to_the_first() -> None:
    book = Book()
    book.follows(of_second("CONNECTED_TO_AGENT"))
    book.follows(of_second("DISCONNECTED"))
    book.follows(ENDED)
    assert book.workers == []


def test_a_transfer_back_goes_on_in_the_same_stream() -> None:
    book = Book()
    book.follows(of_second("CONNECTED_TO_AGENT"))
    third = of_second("CONNECTED_TO_AGENT", contactId="third", previousContactId="second")
    changed = book.follows(third)
    assert changed is not None and changed.continues == ("second", CONTACT.contact_id)
    book.follows(ENDED)
    assert book.workers == ["second"]
    book.follows(of_second("DISCONNECTED"))
    assert book.workers == ["second", "third"]


def test_who_has_refused_is_refused_in_the_next_contact_too() -> None:
    book = Book()
    refused = ConsentDecision(False, "customer_refused", drop_kept=True)
    decided = {"tenant": "bank", "contact_id": CONTACT.contact_id, "decided_at_ms": 1, "speaker": Speaker.CUSTOMER}
    book.consents.record(record_of(refused, **decided))  # type: ignore[arg-type]
    assert book.follows(of_second("CONNECTED_TO_AGENT")) is None
    assert book.contacts.contact("bank", "second") is None


def book_with_languages() -> Book:
    book = BOOKS.current("bank")
    settings = book.settings.model_copy(update={"queue_languages": {"Kundendienst": "de-DE"}})
    books = BooksInMemory(book.model_copy(update={"settings": settings}))
    known = {"transcript": LanguageSet(("en", "de")), "intent": LanguageSet(("en",))}
    return Book(languages=BookLanguages(books, lambda book: known))


def test_a_queue_in_another_language_has_another_worker_take_the_call_over() -> None:
    book = book_with_languages()
    book.queues["arn:german"] = "Kundendienst"
    changed = book.follows(queued("arn:german"))
    assert changed is not None and (changed.language, changed.unavailable) == ("de-DE", ("intent",))
    assert book.in_language == ["de-DE"] and book.notified[-1][0] == changed
    assert book.follows(queued("arn:german")) is None and len(book.in_language) == 1


def test_an_attribute_that_names_a_language_counts_before_the_queue() -> None:
    book = book_with_languages()
    book.queues["arn:german"] = "Kundendienst"
    book.follows(queued("arn:german"))
    book.instance.values[CONTACT.contact_id] = {"language": "English"}
    changed = book.follows(UPDATED)
    assert changed is not None and (changed.language, changed.unavailable) == ("en", ())
    assert book.in_language == ["de-DE", "en"]


def test_a_language_that_nobody_recognises_is_said_on_the_contact() -> None:
    book = book_with_languages()
    book.instance.values[CONTACT.contact_id] = {"language": "fr"}
    changed = book.follows(UPDATED)
    assert changed is not None and changed.unavailable == ("transcript", "intent")


def test_an_event_that_says_nothing_of_a_language_starts_nobody() -> None:
    book = book_with_languages()
    assert book.follows(CONNECTED) is not None and book.in_language == []
