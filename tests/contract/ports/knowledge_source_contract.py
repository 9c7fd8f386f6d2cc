"""What every source of knowledge must do, as a class of tests to inherit.

A subclass gives ``shelf``, in which the tests put documents as people do at the service, and ``source``, which reads it
(fixtures). ``limited`` reads documents of LIMIT bytes at most. ``clock`` is what both wait by.
"""

from __future__ import annotations

from typing import Protocol

import pytest

from sotto.knowledge.conversion import markdown_of
from sotto.knowledge.knowledge_source import (
    DocumentGone,
    DocumentSkipped,
    KnowledgeSource,
    ListedDocument,
    SourceRefused,
    SourceUnavailable,
)
from tests.fakes.turned_clock import TurnedClock

FEES = "The monthly fee is waived once a year. Ask for it before the first of the month."
LIMIT = 3_000
CARDS = "A lost card is blocked at once. The new card comes within five working days."


class Shelf(Protocol):
    """Where documents are kept, at the service. ``number`` names a document; a new text is a new version."""

    def put(self, number: int, text: str) -> None: ...

    def remove(self, number: int) -> None: ...

    def lose_access(self) -> None:
        """What we show is taken no more, now and later."""
        ...

    def be_busy(self, times: int) -> float:
        """Answer so often that it is asked too often; gives back the milliseconds to wait each time, 0: unsaid."""
        ...

    def be_down(self, is_down: bool) -> None: ...

    def cut(self, times: int) -> None:
        """So many answers break off in the middle."""
        ...


class Held:
    """What a client has that applies changes as the port says."""

    def __init__(self, source: KnowledgeSource) -> None:
        self.source = source
        self.cursor = ""
        self.documents: dict[str, ListedDocument] = {}

    def sync(self) -> list[ListedDocument]:
        """Gives back those whose version is new."""
        changes = self.source.changes(self.cursor)
        assert len({each.id for each in changes.documents}) == len(changes.documents)
        found = {each.id: each for each in changes.documents}
        fresh = [each for each in found.values() if self._version(each.id) != each.version]
        gone = self.documents.keys() - found if changes.is_whole else set(changes.gone)
        self.documents = {id: each for id, each in (self.documents | found).items() if id not in gone}
        self.cursor = changes.cursor
        return fresh

    def _version(self, id: str) -> str | None:
        known = self.documents.get(id)
        return known.version if known else None

    def texts(self) -> list[str]:
        return sorted(self.text(each) for each in self.documents.values())

    def text(self, document: ListedDocument) -> str:
        content = self.source.read(document)
        assert content is not None
        return markdown_of(document, content).text.rpartition("\n\n")[2]


class KnowledgeSourceContract:
    def test_everything_is_listed_however_many_pages_it_takes(self, source: KnowledgeSource, shelf: Shelf) -> None:
        for number in range(1, 8):
            shelf.put(number, f"{FEES} {number}.")
        held = Held(source)
        assert len(held.sync()) == 7
        assert held.texts() == [f"{FEES} {number}." for number in range(1, 8)]
        assert all(each.version and "://" in each.address for each in held.documents.values())
        assert all(len(each.date) == len("2026-03-31") for each in held.documents.values())

    def test_only_what_changed_has_another_version(self, source: KnowledgeSource, shelf: Shelf) -> None:
        for number in range(1, 5):
            shelf.put(number, f"{FEES} {number}.")
        held = Held(source)
        held.sync()
        assert held.sync() == []
        shelf.put(2, CARDS)
        shelf.put(9, f"{CARDS} Nine.")
        assert sorted(map(held.text, held.sync())) == [CARDS, f"{CARDS} Nine."]

    def test_what_vanished_is_gone_and_what_came_back_is_there(self, source: KnowledgeSource, shelf: Shelf) -> None:
        shelf.put(1, FEES)
        shelf.put(2, CARDS)
        held = Held(source)
        held.sync()
        shelf.remove(1)
        held.sync()
        assert held.texts() == [CARDS]
        shelf.put(1, f"{FEES} Again.")
        held.sync()
        assert held.texts() == [CARDS, f"{FEES} Again."]

    def test_a_document_that_goes_after_it_was_listed_is_gone(self, source: KnowledgeSource, shelf: Shelf) -> None:
        shelf.put(1, FEES)
        shelf.put(2, CARDS)
        held = Held(source)
        (first, _) = sorted(held.sync(), key=lambda each: each.id)
        shelf.remove(1)
        with pytest.raises(DocumentGone):
            source.read(first)

    def test_a_busy_service_is_asked_when_it_says(
        self, source: KnowledgeSource, shelf: Shelf, clock: TurnedClock
    ) -> None:
        shelf.put(1, FEES)
        wait_ms = shelf.be_busy(2)
        held = Held(source)
        held.sync()
        assert len(held.documents) == 1
        assert clock.time_ms >= 2 * (wait_ms or 1_000)

    def test_a_service_that_is_down_is_unavailable_and_answers_later(
        self, source: KnowledgeSource, shelf: Shelf
    ) -> None:
        shelf.put(1, FEES)
        held = Held(source)
        held.sync()
        shelf.put(2, CARDS)
        shelf.be_down(True)
        with pytest.raises(SourceUnavailable):
            held.sync()
        with pytest.raises(SourceUnavailable):
            source.read(next(iter(held.documents.values())))
        shelf.be_down(False)
        assert [held.text(each) for each in held.sync()] == [CARDS]

    def test_half_an_answer_is_no_answer(self, source: KnowledgeSource, shelf: Shelf) -> None:
        for number in range(1, 6):
            shelf.put(number, f"{FEES} {number}.")
        held = Held(source)
        shelf.cut(2)
        held.sync()
        assert len(held.documents) == 5
        shelf.cut(1)
        assert held.text(held.documents[min(held.documents)]) == f"{FEES} 1."
        shelf.cut(50)
        with pytest.raises(SourceUnavailable):
            held.sync()

    def test_lost_access_is_refused_or_lists_nothing(self, source: KnowledgeSource, shelf: Shelf) -> None:
        """An empty whole listing is for the client to doubt; a part of the documents is what must never come."""
        shelf.put(1, FEES)
        held = Held(source)
        held.sync()
        shelf.lose_access()
        try:
            changes = source.changes(held.cursor)
        except SourceRefused:
            return
        assert changes.is_whole
        assert changes.documents == ()

    def test_a_document_that_is_too_large_is_skipped(self, limited: KnowledgeSource, shelf: Shelf) -> None:
        shelf.put(1, "much " * 1_000)
        (document,) = Held(limited).sync()
        with pytest.raises(DocumentSkipped, match="split it"):
            limited.read(document)
