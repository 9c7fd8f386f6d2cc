"""Unit: what events bring into the index, and what an erasure leaves of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sotto.call.annotation import Annotation, AnnotationKind, Evidence
from sotto.call.contact import Contact, Speaker
from sotto.call.events import ConversationErased, ScorecardReady, TranscriptCompleted, UtteranceCommitted
from sotto.call.outcome import CallOutcome, FormScore
from sotto.call.utterance import Utterance
from sotto.inference.shard import ModelUnavailable
from sotto.search.adapters.embedded import EmbeddedIndex
from sotto.search.index import Asked
from sotto.search.index_call import IndexPorts, index_event
from sotto.search.passage import Kind, Passage
from sotto.search.query import parsed
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.conversations import ConversationsInMemory
from tests.fakes.text_vectors import WordVectors

NOON = 1_790_000_000_000
CALL = Contact("bank", "c1", "i", "s", NOON, agent="emma", team="service", queue="Loans", language="en-US")
ABOUT: dict[str, Any] = {"tenant": "bank", "contact_id": "c1"}
OVER = TranscriptCompleted.of("bank", "c1", last_seq=3, at_ms=1)
ERASED = ConversationErased.of("bank", "c1", asked_by=1, at_ms=1)


def utterance(seq: int, text: str, **changes: Any) -> Utterance:
    made = Utterance("bank", "c1", f"u{seq}", seq, Speaker.CUSTOMER, seq * 1_000, seq * 1_000 + 500, text)
    return replace(made, **changes)


def committed(seq: int) -> UtteranceCommitted:
    return UtteranceCommitted(**ABOUT, record=f"u{seq}", number=seq, occurred_at_ms=1)


@dataclass
class World:
    ports: IndexPorts
    contacts: ContactsInMemory
    calls: ConversationsInMemory
    vectors: WordVectors
    outcome_is: CallOutcome = field(default_factory=CallOutcome)

    def outcome(self, contact: Contact) -> CallOutcome:
        return self.outcome_is

    def take(self, *events: Any) -> None:
        for event in events:
            index_event(event, self.ports)

    def found(self, text: str) -> list[Passage]:
        asked = Asked(parsed(text).said, None)
        return [each.passage for each in self.ports.index.candidates("bank", asked).found]

    def all_keys(self) -> set[str]:
        return set(self.ports.index.keys("bank", "c1"))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = new_world(tmp_path)
    yield made
    made.ports.index.close()  # type: ignore[attr-defined]


def new_world(folder: Path) -> World:
    contacts, calls, vectors = ContactsInMemory(CALL), ConversationsInMemory(), WordVectors()
    calls.all_utterances += [utterance(1, "I lost my card"), utterance(2, "  "), utterance(3, "block it now")]
    made = World(None, contacts, calls, vectors)  # type: ignore[arg-type]
    made.ports = IndexPorts(contacts, calls, made, vectors, EmbeddedIndex(folder))
    return made


def test_an_utterance_is_found_as_soon_as_its_event_was_taken(world: World) -> None:
    world.take(committed(1), committed(2))
    (found,) = world.found("card")
    assert (found.kind, found.number, found.start_ms, found.at_ms) == (Kind.UTTERANCE, 1, 1_000, NOON + 1_000)
    assert (found.speaker, found.agent, found.team, found.queue) == ("customer", "emma", "service", "Loans")


def test_a_call_that_is_over_is_found_with_moments_outcome_and_summary(world: World) -> None:
    world.calls.all_annotations.append(
        Annotation("bank", "c1", "a1", 1, AnnotationKind.MOMENT, "card_lost", 1_000, "u1", 0.9,
                   evidence=(Evidence("u3"),))
    )  # fmt: skip
    world.outcome_is = CallOutcome(
        ("Card lost or stolen", "I lost my card"),
        "blocked",
        True,
        (FormScore("f", 70.0), FormScore("g", 50.0)),
        ("card_lost",),
    )
    world.take(committed(1), OVER)
    by_key = {each.key: each for each in world.found("card block")}
    assert set(by_key) == {"c1#utterance#000001", "c1#utterance#000003", "c1#summary#000001"}
    for each in by_key.values():
        assert (each.moments, each.disposition, each.score) == (("card_lost",), "blocked", 50.0)


def test_a_line_that_is_no_more_is_found_no_more(world: World) -> None:
    world.outcome_is = CallOutcome(("Card lost", "Address changed"))
    world.take(OVER)
    world.outcome_is = CallOutcome(("Card lost",))
    world.take(OVER)
    assert world.found("address") == []


def test_a_text_that_has_not_changed_is_read_once(world: World) -> None:
    world.take(committed(1), committed(1), committed(3), OVER)
    world.outcome_is = CallOutcome(disposition="blocked")
    world.take(ScorecardReady.of("bank", "c1", form="f", version=1, at_ms=1), OVER)
    assert world.vectors.read == ["I lost my card", "block it now"]
    assert world.found("card")[0].disposition == "blocked"


def test_an_event_that_comes_late_takes_nothing_away(world: World) -> None:
    world.outcome_is = CallOutcome(disposition="blocked")
    world.take(OVER, committed(1))
    assert world.found("card")[0].disposition == "blocked"


def test_while_the_encoder_is_away_the_event_is_tried_again(world: World) -> None:
    world.vectors.is_down = True
    with pytest.raises(ModelUnavailable):
        world.take(committed(1))
    world.vectors.is_down = False
    world.take(committed(1))
    assert world.found("card")


def test_of_a_contact_that_is_kept_no_more_nothing_is_indexed(world: World) -> None:
    world.take(UtteranceCommitted("bank", "c9", "u1", 1, 1))
    assert world.all_keys() == set()


def erase(world: World) -> None:
    """As erase_contact leaves it."""
    world.contacts.put(replace(CALL, erased=True))
    world.calls.all_utterances.clear()


def test_an_erasure_removes_all_and_what_comes_late_brings_nothing_back(world: World) -> None:
    world.outcome_is = CallOutcome(("Card lost",))
    world.take(OVER)
    erase(world)
    world.take(ERASED)
    assert world.all_keys() == set()
    world.take(committed(1), OVER, ERASED)
    assert world.all_keys() == set()


def test_an_erasure_between_reading_and_writing_leaves_nothing(world: World) -> None:
    """The records are read, then they are erased and the erasure's own event is taken, then it is written."""

    class Interrupted(EmbeddedIndex):
        def put(self, tenant: str, passages: Any) -> None:
            erase(world)
            world.take(ERASED)
            super().put(tenant, passages)

    world.ports.index.__class__ = Interrupted
    world.take(OVER)
    assert world.all_keys() == set()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations([committed(1), committed(1), committed(3), OVER, OVER]))
def test_whatever_the_order_of_events_the_index_is_the_same(tmp_path_factory: Any, events: list[Any]) -> None:
    world = new_world(tmp_path_factory.mktemp("index"))
    world.outcome_is = CallOutcome(("Card lost",), "blocked")
    world.take(*events)
    found = {each.key: each.disposition for each in world.found("card block")}
    assert found == dict.fromkeys(("c1#utterance#000001", "c1#utterance#000003", "c1#summary#000001"), "blocked")
    world.ports.index.close()  # type: ignore[attr-defined]
