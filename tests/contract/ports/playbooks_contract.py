"""What must hold of stores of drafts and replays, and of shelves of playbooks: classes of tests to inherit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sotto.aws.keys import BadKey
from sotto.playbooks.draft import Draft, DraftChanged, DraftStore
from sotto.playbooks.replay.run import Replay, ReplayStore
from sotto.playbooks.shelf import PlaybookShelf
from sotto.tenants.book import TenantBook
from sotto.tenants.playbook import Playbook, PlaybookSet
from sotto.tenants.playbook_version import PlaybookOvertaken, PlaybookVersion, digest_of
from tests.fakes.books import any_book

NOW = 1_790_000_000_000
DRAFT = Draft("bank", "draft-1", "Fees", "version: 1\nsets: {}\n" + "# ä\n" * 30_000, "base", 1, "ann", NOW)
REPLAY = Replay(
    "bank", "r1", "draft-1", 1, "version: 1\n", "b1", "ann", NOW, NOW - 9, NOW, ("c2", "c1"), 3, NOW + 10_000
)  # fmt: skip


class DraftStoreContract:
    def test_a_draft_is_what_was_saved_and_its_tenants_own(self, drafts: DraftStore) -> None:
        other = replace(DRAFT, id="draft-2", changed_at_ms=NOW + 1)
        drafts.save(DRAFT)
        drafts.save(other)
        assert drafts.draft("bank", "draft-1") == DRAFT
        assert drafts.drafts("bank") == [other, DRAFT]
        assert drafts.drafts("garage") == [] and drafts.draft("garage", "draft-1") is None

    def test_of_two_authors_who_save_one_the_second_is_refused(self, drafts: DraftStore) -> None:
        drafts.save(DRAFT)
        first = replace(DRAFT, text="x", version=2, changed_by="bob")
        drafts.save(first)
        for late in (replace(DRAFT, text="y", version=2), DRAFT, replace(DRAFT, version=4)):
            with pytest.raises(DraftChanged):
                drafts.save(late)
        assert drafts.draft("bank", "draft-1") == first

    def test_a_draft_that_somebody_goes_on_with_is_not_removed(self, drafts: DraftStore) -> None:
        drafts.save(DRAFT)
        drafts.save(replace(DRAFT, version=2))
        with pytest.raises(DraftChanged):
            drafts.remove("bank", "draft-1", 1)
        drafts.remove("bank", "draft-1", 2)
        assert drafts.drafts("bank") == []
        with pytest.raises(DraftChanged):
            drafts.remove("bank", "draft-1", 2)

    @pytest.mark.parametrize("bad", ["a#b", "", "x" * 300])
    def test_an_id_that_could_reach_another_key_is_refused(self, drafts: DraftStore, bad: str) -> None:
        with pytest.raises(BadKey):
            drafts.draft("bank", bad)


class ReplayStoreContract:
    """``now``: a fixture that says what time it is for the store."""

    def test_a_replay_is_kept_for_its_time_and_its_tenant(self, replays: ReplayStore) -> None:
        replays.add(REPLAY)
        over = replace(REPLAY, id="r2", expires_at_ms=NOW)
        replays.add(over)
        assert replays.replay("bank", "r1") == REPLAY
        assert replays.replay("bank", "r2") is None, "its time is over"
        assert replays.replay("garage", "r1") is None and replays.replay("bank", "r3") is None


def with_set(name: str, tenant: str = "bank") -> TenantBook:
    playbook = Playbook(sets=(PlaybookSet(name=name),))
    return any_book(tenant).model_copy(update={"playbook": playbook}).sealed()


def version_of(book: TenantBook, at_ms: int, text: str = "version: 1\n") -> PlaybookVersion:
    return PlaybookVersion(
        book.tenant, f"{at_ms}-v1", book.version, digest_of(book.playbook), at_ms, "ann", text, "why"
    )


class PlaybookShelfContract:
    """``shelf``: over books of which ``bank`` has published ``any_book()``."""

    def test_a_playbook_is_published_into_the_current_book_and_kept_as_a_version(self, shelf: PlaybookShelf) -> None:
        before = shelf.book("bank")
        one = with_set("one")
        shelf.publish(one, version_of(one, NOW), instead_of=before.version)
        assert shelf.book("bank") == one and shelf.book_of("bank", one.version) == one
        assert shelf.book_of("bank", before.version) == before
        assert shelf.versions("bank", limit=9) == [version_of(one, NOW)]
        assert shelf.version("bank", version_of(one, NOW).id) == version_of(one, NOW)

    def test_who_looked_at_an_older_book_publishes_nothing(self, shelf: PlaybookShelf) -> None:
        before = shelf.book("bank")
        one, two = with_set("one"), with_set("two")
        shelf.publish(one, version_of(one, NOW), instead_of=before.version)
        with pytest.raises(PlaybookOvertaken):
            shelf.publish(two, version_of(two, NOW + 1), instead_of=before.version)
        assert shelf.book("bank") == one and len(shelf.versions("bank", limit=9)) == 1

    def test_versions_are_paged_the_latest_first_and_one_may_come_again(self, shelf: PlaybookShelf) -> None:
        made = []
        for number, name in enumerate(("one", "two", "one")):
            book = with_set(name)
            made.append(version_of(book, NOW + number))
            shelf.publish(book, made[-1], instead_of=shelf.book("bank").version)
        assert shelf.versions("bank", limit=2) == made[:0:-1]
        assert shelf.versions("bank", limit=2, before=made[1].id) == made[:1]
        assert shelf.versions("garage", limit=9) == [] and shelf.version("garage", made[0].id) is None
