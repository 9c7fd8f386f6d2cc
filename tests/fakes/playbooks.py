"""Drafts, replays and published playbooks in memory, with the rules of the stored ones."""

from __future__ import annotations

from collections.abc import Sequence

from sotto.aws import keys
from sotto.core.clock import Clock
from sotto.playbooks.draft import Draft, DraftChanged
from sotto.playbooks.replay.run import Replay
from sotto.tenants.book import TenantBook
from sotto.tenants.playbook_version import PlaybookOvertaken, PlaybookVersion, digest_of, version_id
from tests.fakes.books import BooksInMemory


class DraftsInMemory:
    """A DraftStore."""

    def __init__(self) -> None:
        self._drafts: dict[tuple[str, str], Draft] = {}

    def drafts(self, tenant: str) -> list[Draft]:
        keys.of_tenant(tenant)
        found = [each for each in self._drafts.values() if each.tenant == tenant]
        return sorted(found, key=lambda each: (-each.changed_at_ms, each.id))

    def draft(self, tenant: str, draft_id: str) -> Draft | None:
        keys.of_playbook_draft(draft_id)
        return self._drafts.get((keys.of_tenant(tenant), draft_id))

    def save(self, draft: Draft) -> None:
        known = self.draft(draft.tenant, draft.id)
        if draft.version != (known.version if known else 0) + 1:
            raise DraftChanged("version: somebody has changed the draft since you read it; read it again")
        self._drafts[draft.tenant, draft.id] = draft

    def remove(self, tenant: str, draft_id: str, version: int) -> None:
        known = self.draft(tenant, draft_id)
        if known is None or known.version != version:
            raise DraftChanged("version: somebody has changed the draft since you read it; read it again")
        del self._drafts[tenant, draft_id]


class ReplaysInMemory:
    """A ReplayStore."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._replays: dict[tuple[str, str], Replay] = {}

    def add(self, replay: Replay) -> None:
        self._replays[keys.of_tenant(replay.tenant), replay.id] = replay

    def replay(self, tenant: str, replay_id: str) -> Replay | None:
        keys.of_playbook_replay(replay_id)
        found = self._replays.get((keys.of_tenant(tenant), replay_id))
        return found if found is not None and found.expires_at_ms > self._clock.now_ms() else None


class ShelfOfPlaybooks:
    """A PlaybookShelf over books in memory."""

    def __init__(self, books: BooksInMemory) -> None:
        self._books = books
        self._versions: dict[str, list[PlaybookVersion]] = {}

    def book(self, tenant: str) -> TenantBook:
        return self._books.current(tenant)

    def book_of(self, tenant: str, version: str) -> TenantBook | None:
        return self._books.kept(tenant, version)

    def publish(self, book: TenantBook, version: PlaybookVersion, *, instead_of: str) -> None:
        if self._books.current(book.tenant).version != instead_of:
            raise PlaybookOvertaken("version: somebody has published meanwhile; see what is live now")
        self._books.publish(book)
        self._versions.setdefault(book.tenant, []).append(version)

    def pushed(self, book: TenantBook, text: str, *, who: str = "engineer", at_ms: int = 0) -> None:
        """From a tenant's folder."""
        self._books.publish(book)
        version = PlaybookVersion(
            book.tenant, version_id(at_ms), book.version, digest_of(book.playbook), at_ms, who, text
        )
        self._versions.setdefault(book.tenant, []).append(version)

    def versions(self, tenant: str, *, limit: int, before: str | None = None) -> Sequence[PlaybookVersion]:
        found = sorted(self._versions.get(keys.of_tenant(tenant), ()), key=lambda each: each.id, reverse=True)
        return [each for each in found if before is None or each.id < before][:limit]

    def version(self, tenant: str, version_id: str) -> PlaybookVersion | None:
        keys.of_playbook_version(version_id)
        return next((each for each in self._versions.get(keys.of_tenant(tenant), ()) if each.id == version_id), None)
