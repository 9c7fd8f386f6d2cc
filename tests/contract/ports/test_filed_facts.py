"""Contract tests: what is filed for the days' files, in DynamoDB's emulation, and the files written from it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Barrier

import duckdb
import pytest

from sotto.analytics.adapters.duckdb_parquet import DuckDbParquet
from sotto.analytics.adapters.dynamodb_filed import DynamoFiled
from sotto.analytics.adapters.folder_files import FolderFiles
from sotto.analytics.adapters.readers import FetchedFacts
from sotto.analytics.days.erase import erase_facts, is_filed
from sotto.analytics.days.filing import Filed, FiledMeanwhile
from sotto.analytics.days.write import CLAIM_MS, DayBusy, WritePorts, write_day, write_days
from sotto.analytics.facts.of_conversation import ConversationFacts
from sotto.aws.table import Table
from tests.fakes.clock import ClockByHand
from tests.fakes.retention import KeptUntil

DAY, NEXT = "2026-11-30", "2026-12-01"


def facts(conversation: str, day: str = DAY, team: str = "service") -> ConversationFacts:
    row = {"conversation": conversation, "day": day, "started_ms": 1, "team": team}
    return ConversationFacts(conversation, day, {"conversation": [row], "contact": [row | {"contact": conversation}]})


@dataclass
class Store:
    filed: DynamoFiled
    ports: WritePorts
    folder: Path

    def file(self, *found: ConversationFacts) -> None:
        for each in found:
            self.filed.file("bank", each, after=self.filed.filed("bank", each.conversation))

    def lying(self, day: str = DAY) -> list[str]:
        """Conversations in the day's file."""
        file = self.folder / f"bank/conversation/dt={day}/part.parquet"
        if not file.exists():
            return []
        return [str(row[0]) for row in duckdb.sql(f"SELECT conversation FROM read_parquet('{file}')").fetchall()]


@pytest.fixture
def store(table: Table, tmp_path: Path) -> Store:
    filed, numbers = DynamoFiled(table, KeptUntil()), count()
    files = FolderFiles(tmp_path / "facts")
    ports = WritePorts(filed, files, DuckDbParquet(), ClockByHand(0), lambda: f"writer{next(numbers)}")
    return Store(filed, ports, tmp_path / "facts")


def test_a_day_is_written_from_all_that_is_filed_under_it(store: Store) -> None:
    store.file(facts("c2"), facts("c1"), facts("c3", NEXT))
    written = write_days("bank", store.ports, until_ms=1e15)
    assert [(each.day, each.conversations) for each in written] == [(NEXT, 1), (DAY, 2)]
    assert store.lying() == ["c1", "c2"] and store.lying(NEXT) == ["c3"]
    assert write_days("bank", store.ports, until_ms=1e15) == [], "nothing is behind"


def test_the_same_filed_twice_changes_nothing(store: Store) -> None:
    store.file(facts("c1"))
    write_days("bank", store.ports, until_ms=1e15)
    store.file(facts("c1"))
    assert not any(each.is_behind for each in store.filed.days("bank"))


def test_a_day_written_twice_is_the_same(store: Store) -> None:
    store.file(facts("c1"))
    write_day("bank", DAY, store.ports)
    first = (store.folder / f"bank/conversation/dt={DAY}/part.parquet").read_bytes()
    write_day("bank", DAY, store.ports)
    assert (store.folder / f"bank/conversation/dt={DAY}/part.parquet").read_bytes() == first


def test_a_conversation_whose_day_changes_is_in_one_day_only(store: Store) -> None:
    store.file(facts("c1"), facts("c2"))
    write_days("bank", store.ports, until_ms=1e15)
    store.file(facts("c1", NEXT))
    write_days("bank", store.ports, until_ms=1e15)
    assert (store.lying(), store.lying(NEXT)) == (["c2"], ["c1"])


def test_who_read_older_records_is_refused(store: Store) -> None:
    before = store.filed.filed("bank", "c1")
    store.file(facts("c1", team="retention"))
    with pytest.raises(FiledMeanwhile):
        store.filed.file("bank", facts("c1"), after=before)


def test_two_do_not_write_a_day_at_once_until_one_is_given_up(store: Store) -> None:
    store.file(facts("c1"))
    slow = store.filed.claim("bank", DAY, token="slow", now_ms=0, until_ms=CLAIM_MS)
    assert slow is not None
    with pytest.raises(DayBusy):
        write_day("bank", DAY, store.ports)
    store.ports.clock.advance(CLAIM_MS + 1)  # type: ignore[attr-defined]
    write_day("bank", DAY, store.ports)
    assert not store.filed.written(slow, conversations=0, rows={}), "it was taken over"
    assert [each.is_behind for each in store.filed.days("bank")] == [True], "its old files may lie there"


def test_what_is_filed_while_a_day_is_written_makes_it_due_again(store: Store) -> None:
    store.file(facts("c1"))
    claim = store.filed.claim("bank", DAY, token="mine", now_ms=0, until_ms=1)
    assert claim is not None
    store.file(facts("c2"))
    assert store.filed.written(claim, conversations=1, rows={"conversation": 1})
    assert [each.is_behind for each in store.filed.days("bank")] == [True]


def test_an_erased_conversation_is_in_no_row_and_no_file(store: Store) -> None:
    store.file(facts("c1"), facts("c2"))
    write_days("bank", store.ports, until_ms=1e15)
    late = store.filed.filed("bank", "c1")
    erased = erase_facts("bank", "c1", store.ports)
    assert erased.days == (DAY,) and store.lying() == ["c2"]
    assert not is_filed(store.filed, "bank", "c1")
    assert erase_facts("bank", "c1", store.ports).days == ()
    with pytest.raises(FiledMeanwhile):
        store.filed.file("bank", facts("c1", team="retention"), after=late)


def test_the_last_conversation_of_a_day_takes_its_files_along(store: Store) -> None:
    store.file(facts("c1"))
    write_days("bank", store.ports, until_ms=1e15)
    erase_facts("bank", "c1", store.ports)
    assert not list(store.folder.rglob("*.parquet"))


def test_an_erasure_also_writes_the_day_that_a_conversation_has_moved_away_from(store: Store) -> None:
    store.file(facts("c1"))
    write_days("bank", store.ports, until_ms=1e15)
    store.file(facts("c1", NEXT))
    erase_facts("bank", "c1", store.ports)
    assert (store.lying(), store.lying(NEXT)) == ([], [])


def test_nothing_is_known_of_another_tenants(store: Store) -> None:
    store.file(facts("c1"))
    assert store.filed.days("garage") == [] and store.filed.filed("garage", "c1") == Filed()


def test_a_day_whose_files_were_made_elsewhere_counts_as_written_unless_something_is_filed(store: Store) -> None:
    def adopted(day: str) -> bool:
        return store.filed.adopt("bank", day, token="made", conversations=3, rows={"conversation": 3})

    assert adopted(DAY) and not adopted(DAY)
    (day,) = store.filed.days("bank")
    assert (
        not day.is_behind
        and dict(day.rows) == {"conversation": 3}
        and write_days("bank", store.ports, until_ms=9e9) == []
    )
    store.file(facts("c1", NEXT))
    assert not adopted(NEXT) and store.filed.days("bank")[1].is_behind


def test_two_who_fetch_the_same_day_at_once_both_have_it(store: Store, tmp_path: Path) -> None:
    store.file(facts("c1"))
    write_days("bank", store.ports, until_ms=1e15)
    both = Barrier(2, timeout=30)

    class Slow(FolderFiles):
        def get(self, tenant: str, fact: str, day: str, file: Path) -> bool:
            found = super().get(tenant, fact, day, file)
            both.wait()
            return found

    reader = FetchedFacts(store.filed, Slow(store.folder), tmp_path / "fetched")
    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(lambda _: reader.files("bank", "conversation", [DAY]), range(2)))
    assert [len(each.files) for each in found] == [1, 1] and not any(each.missing for each in found)
