"""Unit: guidance is stored before it is shown, and two utterances at once both count."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sotto.call.contact import Contact, Speaker
from sotto.call.live import CallTime, Tick
from sotto.call.utterance import Utterance
from sotto.graph.graph import Graph
from sotto.graph.node import Node, NodeResult, NodeStatus
from sotto.guidance.deliver import (
    ConversationBusy,
    DeliverPorts,
    WaveDone,
    deliver,
)
from sotto.realtime.panel_publisher import PanelPublisher
from sotto.tenants.compile import PolicyCache, compile_policies
from sotto.wiring.publishing import book_from
from tests.fakes.books import BooksInMemory
from tests.fakes.channel import ChannelInMemory
from tests.fakes.clock import ClockByHand
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.conversations import ConversationsInMemory

BOOK = book_from(Path("tenants/harbour_bank"))
CONTACT = Contact(BOOK.tenant, "c1", "", "", 0, team="service", agent="emma")
COMPILED = compile_policies(BOOK, CONTACT, at_ms=1_795_000_000_000)


@dataclass
class Desk:
    conversations: ConversationsInMemory = field(default_factory=ConversationsInMemory)
    channel: ChannelInMemory = field(default_factory=ChannelInMemory)
    publish_failed: list[str] = field(default_factory=list)

    @property
    def ports(self) -> DeliverPorts:
        clock = ClockByHand(1_795_000_000_000)
        panel = PanelPublisher(self.channel, self.publish_failed.append)
        return DeliverPorts(
            ContactsInMemory(CONTACT), BooksInMemory(BOOK), PolicyCache(), self.conversations, panel, clock
        )


def wave(text: str, *, seq: int = 1, nodes: tuple[Node, ...] = (), results: tuple[NodeResult, ...] = ()) -> WaveDone:
    said = Utterance(
        BOOK.tenant, "c1", f"customer-{seq}", seq, Speaker.CUSTOMER, seq * 5_000, seq * 5_000 + 2_000, text
    )
    return WaveDone(BOOK.tenant, "c1", Graph(said, nodes), COMPILED, results, {"received": 1_794_999_999_900})


def names(desk: Desk) -> set[str]:
    return {each.name for each in desk.conversations.all_annotations}


def test_what_is_shown_is_stored_with_the_same_content() -> None:
    desk = Desk()
    deliver(wave("I want to close my account."), desk.ports)
    shown = desk.channel.annotations
    assert shown == desk.conversations.all_annotations
    assert len(desk.channel.messages) == 1
    assert "wants_to_leave" in names(desk)
    assert [each.seq for each in desk.conversations.all_annotations] == list(range(1, len(shown) + 1))
    assert all(each.latency_ms == 100 and each.policy == COMPILED.audit for each in desk.conversations.all_annotations)


def test_two_utterances_at_once_both_count() -> None:
    desk = Desk()
    other = wave("Can you give me a refund for that fee?", seq=2)
    desk.conversations.meanwhile = [lambda: deliver(other, desk.ports)]
    deliver(wave("I want to close my account."), desk.ports)
    assert {"wants_to_leave", "refund_asked"} <= names(desk)
    seqs = [each.seq for each in desk.conversations.all_annotations]
    assert sorted(seqs) == list(range(1, len(seqs) + 1))


def test_the_same_wave_twice_shows_nothing_twice() -> None:
    desk = Desk()
    deliver(wave("I want to close my account."), desk.ports)
    before = list(desk.conversations.all_annotations)
    deliver(wave("I want to close my account."), desk.ports)
    assert desk.conversations.all_annotations == before


def test_a_conversation_that_is_always_busy_is_given_back_to_be_retried() -> None:
    class Busy(ConversationsInMemory):
        def save(self, *_: object, **__: object) -> None:
            raise ConversationBusy("always")

    desk = Desk(conversations=Busy())
    with pytest.raises(ConversationBusy):
        deliver(wave("I want to close my account."), desk.ports)
    assert not desk.channel.messages


def test_a_channel_that_is_down_loses_nothing() -> None:
    desk = Desk()
    desk.channel.go_down()
    deliver(wave("I want to close my account."), desk.ports)
    assert "wants_to_leave" in names(desk)
    assert desk.publish_failed == ["guidance"]


def test_the_answer_is_the_next_wave() -> None:
    intent = Node("intent", "intent", "intent")
    answer = Node("knowledge", "knowledge", "knowledge", after=("intent",))
    result = NodeResult("intent", "intent", NodeStatus.OK, {"label": "close_account", "confidence": 0.9, "scores": {}})
    asked = deliver(wave("I want to close my account.", nodes=(intent, answer), results=(result,)), Desk().ports)
    assert [call.node.id for call in asked] == ["knowledge"]
    assert dict(asked[0].inputs) == {"intent": result.output}


def test_time_alone_is_not_written_down_until_it_means_something() -> None:
    desk = Desk()
    deliver(wave("Hello."), desk.ports)
    saves = desk.conversations.saves
    deliver(Tick(BOOK.tenant, "c1", CallTime(9_000, 7_000, 1)), desk.ports)
    assert desk.conversations.saves == saves
    deliver(Tick(BOOK.tenant, "c1", CallTime(60_000, 7_000, 1)), desk.ports)
    assert "dead_air" in names(desk)
