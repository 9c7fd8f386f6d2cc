"""A draft is replayed over conversations of the past. Who may not read a call learns its id and its times, no words."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from sotto.api.caller import Caller, Unauthorised
from sotto.api.playbooks.use_cases import DraftMistaken, PlaybookPorts, read_draft
from sotto.api.roles import Action, Reach
from sotto.core.audit import AuditAction, AuditEntry
from sotto.history.store import RowList
from sotto.playbooks.draft import DraftChanged, NoSuchDraft
from sotto.playbooks.replay.run import (
    KEPT_MS,
    MOST_CONTACTS,
    NoSuchReplay,
    Replay,
    ReplayedContact,
    replay_contacts,
)
from sotto.tenants.book import TenantBook

LONGEST_MS = 4_000
"""Of a page: whoever serves it has 10 s, the last call of which may be a long one."""
MOST_COUNTED = 5_000
"""Contacts of a period, to say how many are left out."""


@dataclass(frozen=True, slots=True)
class ReplayPage:
    """``next``: id of the last contact of this page; None at the end. ``may_open``: ids of those whose words the caller
    may read. ``unplayed``: actions that show answers, which are not replayed."""

    replay: Replay
    contacts: list[ReplayedContact]
    may_open: frozenset[str]
    unplayed: tuple[str, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Period:
    """Unix epoch; the end is not included."""

    since_ms: int
    until_ms: int


def ask_replay(draft_id: str, version: int, period: Period, most: int, caller: Caller, ports: PlaybookPorts) -> Replay:
    """Over the latest ``most`` ended calls of the period; none where it has none. Raises Unauthorised, NoSuchDraft,
    DraftChanged, DraftMistaken, Retryable."""
    _may(caller)
    draft = ports.drafts.draft(caller.tenant, draft_id)
    if draft is None:
        raise NoSuchDraft("draftId: there is no such draft; it was published or removed")
    if draft.version != version:
        raise DraftChanged(f"version: {draft.changed_by} has changed the draft since you read it; read it again")
    live = ports.shelf.book(caller.tenant)
    _book(draft.text, live, caller, ports)
    ids = list(islice(_ended(caller.tenant, period, ports), MOST_COUNTED))
    now_ms = int(ports.clock.now_ms())
    chosen = tuple(ids[: min(most, MOST_CONTACTS)])
    replay = Replay(
        tenant=caller.tenant,
        id=f"{now_ms:013d}-{secrets.token_hex(4)}",
        draft_id=draft_id,
        draft_version=version,
        text=draft.text,
        live=live.version,
        asked_by=caller.agent,
        asked_at_ms=now_ms,
        since_ms=period.since_ms,
        until_ms=period.until_ms,
        contacts=chosen,
        left_out=len(ids) - len(chosen),
        expires_at_ms=now_ms + KEPT_MS,
    )
    entry = AuditEntry(
        caller.tenant, caller.agent, AuditAction.PLAYBOOK_REPLAYED, f"playbook-replay/{replay.id}", now_ms
    )
    ports.audit.append(entry)
    ports.replays.add(replay)
    return replay


def replay_page(replay_id: str, after: str | None, limit: int, caller: Caller, ports: PlaybookPorts) -> ReplayPage:
    """The contacts after ``after``, as they are now: at most ``limit``, and as many as some seconds suffice for. Raises
    Unauthorised, NoSuchReplay, DraftMistaken, Retryable."""
    _may(caller)
    replay = ports.replays.replay(caller.tenant, replay_id)
    if replay is None:
        raise NoSuchReplay("replayId: it has expired, or there is none such; replay the draft again")
    live = ports.shelf.book_of(caller.tenant, replay.live)
    if live is None:
        raise NoSuchReplay("replayId: the book that it compares with is gone; replay the draft again")
    draft = _book(replay.text, live, caller, ports)
    begins = replay.contacts.index(after) + 1 if after in replay.contacts else 0
    ids = replay.contacts[begins : begins + limit]
    until_ms = ports.clock.monotonic_ms() + LONGEST_MS
    played = replay_contacts(caller.tenant, ids, live, draft, ports.past, lambda: ports.clock.monotonic_ms() < until_ms)
    open_to = [each for each in played if each.contact is not None and caller.may(Action.READ_CALL, each.contact)]
    return ReplayPage(
        replay=replay,
        contacts=played,
        may_open=frozenset(each.contact_id for each in open_to),
        unplayed=tuple(action.name for one in draft.playbook.sets for action in one.actions if action.answer),
        next=played[-1].contact_id if begins + len(played) < len(replay.contacts) else None,
    )


def _ended(tenant: str, period: Period, ports: PlaybookPorts) -> Iterator[str]:
    rows = ports.history.rows(
        tenant, RowList(), since_ms=period.since_ms, until_ms=period.until_ms, after=None, newest_first=True
    )
    for row in rows:
        yield from (leg.contact_id for leg in row.legs if leg.is_over and not leg.erased)


def _book(text: str, live: TenantBook, caller: Caller, ports: PlaybookPorts) -> TenantBook:
    """Read once for all pages that this process answers."""
    known = _read(caller.tenant, live.version, text, _Reads(live, caller, ports))
    if isinstance(known, str):
        raise DraftMistaken(known)
    return known


@dataclass(frozen=True, slots=True, eq=False)
class _Reads:
    """What reading needs; no part of what it is known by."""

    live: TenantBook
    caller: Caller
    ports: PlaybookPorts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reads)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=8)
def _read(tenant: str, version: str, text: str, by: _Reads) -> TenantBook | str:
    found = read_draft(text, by.live, by.caller, by.ports)
    return found.book if found.book is not None else f"text: {found.mistakes[0]}"


def _may(caller: Caller) -> None:
    if Reach.ANY not in caller.reach(Action.EDIT_PLAYBOOK):
        raise Unauthorised("role: drafts are replayed by authors and admins")
