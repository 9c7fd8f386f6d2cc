"""Unit: what an erasure takes from the history and from the search index, and what it finds left."""

from __future__ import annotations

from pathlib import Path

from sotto.call.contact import Contact
from sotto.call.outcome import CallOutcome
from sotto.history.eraser import HistoryEraser
from sotto.history.keep import KeepPorts, keep
from sotto.search.adapters.embedded import EmbeddedIndex
from sotto.search.eraser import SearchEraser
from tests.contract.ports.search_index_contract import any_passage, put
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.history import HistoryInMemory


class NoOutcomes:
    def outcome(self, contact: Contact) -> CallOutcome:
        return CallOutcome()


def test_the_history_forgets_one_leg_and_keeps_the_others() -> None:
    contacts = ContactsInMemory(
        Contact("bank", "c1", "i", "s", 1), Contact("bank", "c2", "i", "s", 2, initial_contact_id="c1")
    )
    store = HistoryInMemory()
    for contact_id in ("c1", "c2"):
        keep("bank", contact_id, KeepPorts(contacts, NoOutcomes(), store))
    eraser = HistoryEraser(store, contacts)
    assert eraser.left("bank", "c2") == 1
    assert eraser.erase("bank", "c2") == {"rows of the history": 1}
    assert eraser.left("bank", "c2") == 0 and eraser.erase("bank", "c2") == {"rows of the history": 0}
    row = store.row("bank", "c1")
    assert row is not None and [leg.contact_id for leg in row.legs] == ["c1"]
    eraser.erase("bank", "c1")
    assert store.row("bank", "c1") is None


def test_the_index_forgets_all_of_a_contact(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path)
    put(index, any_passage(), any_passage(number=2), any_passage(contact_id="c2"), tenant="bank")
    eraser = SearchEraser(index)
    assert eraser.left("bank", "c1") == 2
    assert eraser.erase("bank", "c1") == {"passages of the search index": 2}
    assert eraser.left("bank", "c1") == 0 and eraser.left("bank", "c2") == 1
    index.close()
