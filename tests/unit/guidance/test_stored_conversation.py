"""Unit: what replies and answers may know of a call, out of the stores."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from sotto.call.contact import Contact, Speaker
from sotto.call.utterance import Utterance
from sotto.core.errors import Retryable
from sotto.generation.conversation_so_far import ConversationSoFar, SpokenTurn
from sotto.guidance.conversation import ConversationState, Occurrence
from sotto.guidance.deliver import Conversation
from sotto.guidance.rules import signal_key
from sotto.guidance.stored_conversation import StoredConversation
from sotto.inference.earlier_utterances import EarlierUtterances
from sotto.tenants.book import TenantBook, TenantSettings
from sotto.tenants.playbook import Happened, Moment, Phrases, Playbook, PlaybookAction, PlaybookSet, Show
from tests.fakes.books import BooksInMemory
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.conversations import ConversationsInMemory

WAIVED = Phrases(phrases=("waived",), speaker=Speaker.AGENT)
LEAVING = Moment(name="leaving", title="Customer thinks of leaving", when=Happened(name="x"))
FEES = Moment(name="fees", title="Asked about fees", when=Happened(name="x"))
QUIET = Moment(name="quiet", title="Quiet", quiet=True, when=Happened(name="x"))
OFFER = PlaybookAction(name="offer", show=Show(title="Waive"), when=Happened(name="fees"), withdraw_when=WAIVED)
BOOK = TenantBook(
    tenant="harbour_bank",
    settings=TenantSettings(title="Bank", instances=(), text_attributes=("tier", "missing")),
    playbook=Playbook(sets=(PlaybookSet(name="s", moments=(LEAVING, FEES, QUIET), actions=(OFFER,)),)),
)


def utterance(seq: int, text: str, speaker: Speaker = Speaker.CUSTOMER) -> Utterance:
    return Utterance("harbour_bank", "c1", f"u{seq}", seq, speaker, seq * 1_000, seq * 1_000 + 900, text)


ASKED = utterance(3, "can you waive it")


@pytest.fixture
def stored() -> ConversationsInMemory:
    said = [utterance(1, "how can I help", Speaker.AGENT), utterance(2, "you charge me"), ASKED, utterance(4, "later")]
    others = [replace(utterance(1, "somebody else's"), contact_id="c2")]
    return ConversationsInMemory(all_utterances=[*said, *others])


@pytest.fixture
def contacts() -> ContactsInMemory:
    attributes = {"tier": "gold", "secret": "not for texts"}
    return ContactsInMemory(Contact("harbour_bank", "c1", "i", "s", 0, attributes=attributes))


def reader(stored: ConversationsInMemory, contacts: ContactsInMemory) -> StoredConversation:
    return StoredConversation(EarlierUtterances(stored), stored, contacts, BooksInMemory(BOOK))


def noticed(stored: ConversationsInMemory, **signals: tuple[Occurrence, ...]) -> None:
    moments = {
        "fees": (Occurrence(1_000, 2_000),),
        "leaving": (Occurrence(1_500, 1_900),),
        "quiet": (Occurrence(1, 1),),
    }
    state = ConversationState(
        "harbour_bank", "c1", now_ms=9_000, done_seq=2, ahead=(4,), moments=moments, signals=signals
    )
    stored.save("harbour_bank", "c1", Conversation(state, version=1), [], expected_version=0)


def test_turns_before_open_moments_and_allowed_attributes(
    stored: ConversationsInMemory, contacts: ContactsInMemory
) -> None:
    noticed(stored)
    assert reader(stored, contacts).before(ASKED) == ConversationSoFar(
        (SpokenTurn("agent", "how can I help"), SpokenTurn("customer", "you charge me")),
        ("Customer thinks of leaving", "Asked about fees"),
        {"tier": "gold"},
    )


def test_a_moment_is_open_no_longer_when_what_was_shown_for_it_has_been_done(
    stored: ConversationsInMemory, contacts: ContactsInMemory
) -> None:
    noticed(stored, **{signal_key(WAIVED): (Occurrence(500, 600), Occurrence(4_000, 5_000))})
    assert reader(stored, contacts).before(ASKED).moments == ("Customer thinks of leaving",)


def test_what_was_done_before_the_moment_does_not_close_it(
    stored: ConversationsInMemory, contacts: ContactsInMemory
) -> None:
    noticed(stored, **{signal_key(WAIVED): (Occurrence(500, 600),)})
    assert "Asked about fees" in reader(stored, contacts).before(ASKED).moments


def test_what_has_no_number_comes_after_all_that_was_said(
    stored: ConversationsInMemory, contacts: ContactsInMemory
) -> None:
    noticed(stored)
    so_far = reader(stored, contacts).before(replace(ASKED, seq=0, text="does that cover tires?"))
    assert [turn.text for turn in so_far.turns] == ["how can I help", "you charge me", "can you waive it", "later"]


def test_nothing_is_known_of_an_unknown_call(stored: ConversationsInMemory) -> None:
    nothing = reader(ConversationsInMemory(), ContactsInMemory()).before(utterance(1, "hello"))
    assert nothing == ConversationSoFar()


@pytest.mark.parametrize("trouble", [Retryable("throttled"), ValueError("what is stored cannot be read")])
def test_a_store_that_fails_costs_its_part_and_no_other(
    stored: ConversationsInMemory, contacts: ContactsInMemory, trouble: Exception
) -> None:
    class Broken(ConversationsInMemory):
        def conversation(self, tenant: str, contact_id: str) -> Conversation | None:
            raise trouble

    so_far = StoredConversation(EarlierUtterances(stored), Broken(), contacts, BooksInMemory(BOOK)).before(ASKED)
    assert len(so_far.turns) == 2 and so_far.moments == () and so_far.customer == {"tier": "gold"}


@pytest.fixture
def released() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_a_store_that_is_slow_is_not_waited_for(
    stored: ConversationsInMemory, contacts: ContactsInMemory, released: threading.Event
) -> None:
    class Slow(ConversationsInMemory):
        def conversation(self, tenant: str, contact_id: str) -> Conversation | None:
            released.wait()
            return None

    so_far = StoredConversation(EarlierUtterances(stored), Slow(), contacts, BooksInMemory(BOOK)).before(ASKED)
    assert so_far.moments == () and len(so_far.turns) == 2
