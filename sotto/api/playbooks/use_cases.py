"""Playbooks are drafted, checked and published by authors; what is published is read by whoever reads the book."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sotto.api.caller import Caller, Unauthorised
from sotto.api.roles import Action, Reach
from sotto.core.audit import AuditAction, AuditEntry, AuditLog
from sotto.core.clock import Clock
from sotto.core.errors import Rejected
from sotto.history.store import HistoryStore
from sotto.playbooks.changes import Change, changes
from sotto.playbooks.draft import MOST_DRAFTS, BadDraft, Draft, DraftChanged, DraftStore, NoSuchDraft, checked
from sotto.playbooks.replay.run import PastCalls, ReplayStore
from sotto.playbooks.shelf import ArticlesOfBook, PlaybookShelf
from sotto.tenants.book import TenantBook
from sotto.tenants.playbook_version import PlaybookOvertaken, PlaybookVersion, digest_of, version_id

if TYPE_CHECKING:
    from sotto.playbooks.check import Checked

LONGEST_NOTE = 300


class DraftMistaken(Rejected):
    """It has mistakes, and was not published; the message names the first with its line."""


class NoSuchVersion(Rejected):
    """It was not published, or not by this tenant."""


@dataclass(frozen=True, slots=True)
class PlaybookPorts:
    drafts: DraftStore
    replays: ReplayStore
    shelf: PlaybookShelf
    articles: ArticlesOfBook
    past: PastCalls
    history: HistoryStore
    audit: AuditLog
    clock: Clock


@dataclass(frozen=True, slots=True)
class LivePlaybook:
    """``version``: None where its text is not kept, as of a book that an earlier release published."""

    book: TenantBook
    version: PlaybookVersion | None


@dataclass(frozen=True, slots=True)
class DraftInfo:
    """``is_overtaken``: something else is live than what it was begun from."""

    draft: Draft
    checked: Checked
    changes: tuple[Change, ...]
    live: LivePlaybook
    is_overtaken: bool


def live_playbook(caller: Caller, ports: PlaybookPorts) -> LivePlaybook:
    """Raises Unauthorised, NothingPublished, Retryable."""
    _may(caller, Action.READ_BOOK)
    return _live(caller, ports)


def drafts_of(caller: Caller, ports: PlaybookPorts) -> list[Draft]:
    _may(caller, Action.READ_BOOK)
    return ports.drafts.drafts(caller.tenant)


def one_draft(draft_id: str, caller: Caller, ports: PlaybookPorts) -> DraftInfo:
    """As it stands beside what is live now. Raises Unauthorised, NoSuchDraft, Retryable."""
    _may(caller, Action.READ_BOOK)
    return _info(_draft(draft_id, caller, ports), caller, ports)


def begin_draft(title: str, text: str | None, caller: Caller, ports: PlaybookPorts) -> DraftInfo:
    """``text``: None begins with what is live. Raises Unauthorised, BadDraft, NoSuchVersion, Retryable."""
    _may(caller, Action.EDIT_PLAYBOOK)
    if len(ports.drafts.drafts(caller.tenant)) >= MOST_DRAFTS:
        raise BadDraft(f"drafts: there are {MOST_DRAFTS}; remove one first")
    live = _live(caller, ports)
    if text is None and live.version is None:
        raise NoSuchVersion("text: what is live was published by an earlier release; push the tenant's folder once")
    begun = text if text is not None else live.version.text if live.version else ""
    draft_id = f"draft-{secrets.token_hex(8)}"
    base = digest_of(live.book.playbook)
    draft = Draft(caller.tenant, draft_id, title, begun, base, 1, changed_by=caller.agent, changed_at_ms=_now_ms(ports))
    _save(draft, caller, ports)
    return _info(draft, caller, ports)


def save_draft(
    draft_id: str, version: int, title: str, text: str, caller: Caller, ports: PlaybookPorts, *, on_live: bool = False
) -> DraftInfo:
    """``version``: as it was read. ``on_live``: the author has seen what is live now, and it goes on from there. Raises
    Unauthorised, NoSuchDraft, BadDraft, DraftChanged, Retryable."""
    _may(caller, Action.EDIT_PLAYBOOK)
    before = _draft(draft_id, caller, ports)
    if before.version != version:
        raise DraftChanged(f"version: {before.changed_by} has changed the draft since you read it; read it again")
    base = digest_of(ports.shelf.book(caller.tenant).playbook) if on_live else before.base
    draft = replace(
        before, title=title, text=text, base=base, version=version + 1, changed_by=caller.agent,
        changed_at_ms=_now_ms(ports),
    )  # fmt: skip
    _save(draft, caller, ports)
    return _info(draft, caller, ports)


def remove_draft(draft_id: str, version: int, caller: Caller, ports: PlaybookPorts) -> None:
    """Raises Unauthorised, NoSuchDraft, DraftChanged, Retryable."""
    _may(caller, Action.EDIT_PLAYBOOK)
    _draft(draft_id, caller, ports)
    _note(caller, AuditAction.PLAYBOOK_DRAFTED, f"playbook-draft/{draft_id}", ports)
    ports.drafts.remove(caller.tenant, draft_id, version)


def publish_draft(draft_id: str, version: int, note: str, caller: Caller, ports: PlaybookPorts) -> PlaybookVersion:
    """Into the book that is current: the next utterance of any call is guided by it within half a minute. The draft
    goes. Raises Unauthorised, NoSuchDraft, DraftChanged, DraftMistaken, PlaybookOvertaken, Retryable."""
    _may(caller, Action.EDIT_PLAYBOOK)
    draft = _draft(draft_id, caller, ports)
    if draft.version != version:
        raise DraftChanged(f"version: {draft.changed_by} has changed the draft since you read it; read it again")
    live = ports.shelf.book(caller.tenant)
    if digest_of(live.playbook) != draft.base:
        raise PlaybookOvertaken(
            "base: another playbook has been published since this draft began; see the difference, and save the draft"
            " on top of what is live"
        )
    published = _published(draft.text, note, live, caller, ports)
    with suppress(DraftChanged):  # somebody goes on with it
        ports.drafts.remove(caller.tenant, draft_id, version)
    return published


def take_back_to(version_id: str, note: str, instead_of: str, caller: Caller, ports: PlaybookPorts) -> PlaybookVersion:
    """Publish an earlier version again. ``instead_of``: the book's version that the caller sees as live. Raises
    Unauthorised, NoSuchVersion, DraftMistaken where the rest of the book has moved on, PlaybookOvertaken, Retryable."""
    _may(caller, Action.EDIT_PLAYBOOK)
    earlier = _version(version_id, caller, ports)
    live = ports.shelf.book(caller.tenant)
    if live.version != instead_of:
        raise PlaybookOvertaken("insteadOf: something else is live by now; look at it first")
    if not earlier.text:
        raise NoSuchVersion("versionId: its text was too long to keep; publish it from the tenant's folder")
    return _published(earlier.text, note, live, caller, ports)


def versions_of(
    caller: Caller, ports: PlaybookPorts, *, limit: int, before: str | None = None
) -> Sequence[PlaybookVersion]:
    """The latest first. Raises Unauthorised, Retryable."""
    _may(caller, Action.READ_BOOK)
    return ports.shelf.versions(caller.tenant, limit=limit, before=before)


def one_version(
    version_id: str, caller: Caller, ports: PlaybookPorts
) -> tuple[PlaybookVersion, PlaybookVersion | None, tuple[Change, ...]]:
    """With the one before it, and what it changed of that. Raises Unauthorised, NoSuchVersion, Retryable."""
    _may(caller, Action.READ_BOOK)
    found = _version(version_id, caller, ports)
    earlier = next(iter(ports.shelf.versions(caller.tenant, limit=1, before=version_id)), None)
    books = [ports.shelf.book_of(caller.tenant, each.book) if each else None for each in (earlier, found)]
    before, after = books
    return found, earlier, changes(before.playbook, after.playbook) if before and after else ()


def _published(text: str, note: str, live: TenantBook, caller: Caller, ports: PlaybookPorts) -> PlaybookVersion:
    found = read_draft(text, live, caller, ports)
    if found.book is None:
        raise DraftMistaken(f"text: {found.mistakes[0]}")
    if len(note) > LONGEST_NOTE:
        raise BadDraft(f"note: write {LONGEST_NOTE} characters at most")
    digest, now_ms = digest_of(found.playbook), _now_ms(ports)
    if digest == digest_of(live.playbook):
        raise BadDraft("text: it means what is live already; there is nothing to publish")
    version = PlaybookVersion(
        caller.tenant, version_id(now_ms), found.book.version, digest, now_ms, caller.agent, text, note
    )
    _note(caller, AuditAction.BOOK_PUBLISHED, f"book/{found.book.version}", ports)
    ports.shelf.publish(found.book, version, instead_of=live.version)
    return version


def read_draft(text: str, book: TenantBook, caller: Caller, ports: PlaybookPorts) -> Checked:
    """YAML's reader is imported when somebody writes: each panel's cold start would wait for it. Raises Retryable."""
    from sotto.playbooks.check import check

    return check(text, book, lambda article: ports.articles.article(caller.tenant, article))


def _live(caller: Caller, ports: PlaybookPorts) -> LivePlaybook:
    book = ports.shelf.book(caller.tenant)
    latest = next(iter(ports.shelf.versions(caller.tenant, limit=1)), None)
    fits = latest is not None and latest.text and latest.digest == digest_of(book.playbook)
    return LivePlaybook(book, latest if fits else None)


def _info(draft: Draft, caller: Caller, ports: PlaybookPorts) -> DraftInfo:
    live = _live(caller, ports)
    found = read_draft(draft.text, live.book, caller, ports)
    return DraftInfo(
        draft, found, changes(live.book.playbook, found.playbook), live, draft.base != digest_of(live.book.playbook)
    )


def _save(draft: Draft, caller: Caller, ports: PlaybookPorts) -> None:
    checked(draft)
    _note(caller, AuditAction.PLAYBOOK_DRAFTED, f"playbook-draft/{draft.id}", ports)
    ports.drafts.save(draft)


def _draft(draft_id: str, caller: Caller, ports: PlaybookPorts) -> Draft:
    found = ports.drafts.draft(caller.tenant, draft_id)
    if found is None:
        raise NoSuchDraft("draftId: there is no such draft; it was published or removed")
    return found


def _version(version_id: str, caller: Caller, ports: PlaybookPorts) -> PlaybookVersion:
    found = ports.shelf.version(caller.tenant, version_id)
    if found is None:
        raise NoSuchVersion("versionId: no such version was published")
    return found


def _may(caller: Caller, action: Action) -> None:
    if Reach.ANY not in caller.reach(action):
        raise Unauthorised("role: playbooks are changed by authors and admins, and not read by this role")


def _now_ms(ports: PlaybookPorts) -> int:
    return int(ports.clock.now_ms())


def _note(caller: Caller, action: AuditAction, record: str, ports: PlaybookPorts) -> None:
    ports.audit.append(AuditEntry(caller.tenant, caller.agent, action, record, _now_ms(ports)))
