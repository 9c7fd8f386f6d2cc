"""Playbooks as the manager's app and the REST API show them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sotto.api.playbooks.replays import ReplayPage
from sotto.api.playbooks.use_cases import DraftInfo, LivePlaybook
from sotto.playbooks.changes import Change, line_changes
from sotto.playbooks.draft import Draft
from sotto.playbooks.replay.run import Replay, ReplayedContact
from sotto.playbooks.tree import trees
from sotto.realtime.shapes import Shape
from sotto.tenants.book import TenantBook
from sotto.tenants.playbook import Playbook
from sotto.tenants.playbook_version import PlaybookVersion

if TYPE_CHECKING:
    from sotto.tenants.reading.places import Mistake


def live_shape(live: LivePlaybook, drafts: Iterable[Draft]) -> Shape:
    """``text``: None where it is not kept."""
    version = live.version
    return {
        "book": live.book.version,
        "versionId": version.id if version else None,
        "publishedBy": version.who if version else None,
        "publishedAtMs": version.at_ms if version else None,
        "text": version.text if version else None,
        "sets": sets_shape(live.book.playbook),
        "tree": tree_shape(live.book.playbook),
        "drafts": [draft_row(each) for each in drafts],
        "known": known_shape(live.book),
    }


def known_shape(book: TenantBook) -> Shape:
    """What a playbook may name."""
    return {
        "models": [
            {"name": name, "task": use.task, "labels": list(use.labels)} for name, use in sorted(book.models.items())
        ],
        "articles": sorted(book.articles),
        "moments": sorted(moment.name for one in book.playbook.sets for moment in one.moments),
        "actions": sorted(action.name for one in book.playbook.sets for action in one.actions),
    }


def sets_shape(playbook: Playbook) -> list[Shape]:
    return [
        {
            "name": one.name,
            "moments": len(one.moments),
            "actions": len(one.actions),
            "items": sum(len(checklist.items) for checklist in one.checklists),
        }
        for one in playbook.sets
    ]


def tree_shape(playbook: Playbook) -> list[Shape]:
    return [
        {
            "id": each.id,
            "parent": each.parent or None,
            "kind": each.kind,
            "role": each.role or None,
            "name": each.name,
            "about": list(each.about),
            "speaker": each.speaker or None,
            "withinMs": each.within_ms,
        }
        for each in trees(playbook)
    ]


def draft_row(draft: Draft) -> Shape:
    return {
        "id": draft.id,
        "title": draft.title,
        "version": draft.version,
        "changedBy": draft.changed_by,
        "changedAtMs": draft.changed_at_ms,
    }


def draft_shape(info: DraftInfo) -> Shape:
    live = info.live.version
    return draft_row(info.draft) | {
        "text": info.draft.text,
        "mistakes": [_mistake(each) for each in info.checked.mistakes],
        "warnings": [_mistake(each) for each in info.checked.warnings],
        "changes": changes_shape(info.changes),
        "lines": list(line_changes(live.text, info.draft.text)) if live else [],
        "tree": tree_shape(info.checked.playbook),
        "isOvertaken": info.is_overtaken,
        "live": info.live.book.version,
        "known": known_shape(info.live.book),
    }


def changes_shape(found: Iterable[Change]) -> list[Shape]:
    return [{"kind": each.kind.value.upper(), "name": each.name, "how": each.how.value.upper()} for each in found]


def version_row(version: PlaybookVersion) -> Shape:
    return {
        "id": version.id,
        "book": version.book,
        "publishedBy": version.who,
        "publishedAtMs": version.at_ms,
        "note": version.note or None,
        "hasText": bool(version.text),
    }


def version_shape(version: PlaybookVersion, earlier: PlaybookVersion | None, found: Iterable[Change]) -> Shape:
    before = earlier.text if earlier else ""
    return version_row(version) | {
        "text": version.text or None,
        "changes": changes_shape(found),
        "lines": list(line_changes(before, version.text)),
    }


def replay_shape(replay: Replay) -> Shape:
    return {
        "id": replay.id,
        "draftId": replay.draft_id,
        "draftVersion": replay.draft_version,
        "live": replay.live,
        "askedBy": replay.asked_by,
        "askedAtMs": replay.asked_at_ms,
        "sinceMs": replay.since_ms,
        "untilMs": replay.until_ms,
        "contacts": len(replay.contacts),
        "leftOut": replay.left_out,
        "expiresAtMs": replay.expires_at_ms,
    }


def replay_page_shape(page: ReplayPage) -> Shape:
    return replay_shape(page.replay) | {
        "played": [_contact(each, each.contact_id in page.may_open) for each in page.contacts],
        "unplayed": list(page.unplayed),
        "next": page.next,
    }


def _contact(each: ReplayedContact, may_open: bool) -> Shape:
    compared, contact = each.compared, each.contact
    return {
        "contactId": each.contact_id,
        "startedAtMs": contact.media_started_at_ms if contact else None,
        "mayOpen": may_open,
        "skipped": each.skipped.value.upper() if each.skipped else None,
        "noted": compared.noted,
        "foundAgain": compared.found_again,
        "undecidable": sorted(compared.undecidable),
        "isThinned": compared.thinned,
        "fired": [
            {
                "kind": one.fired.kind.value.upper(),
                "name": one.fired.name,
                "title": one.fired.title,
                "atMs": one.fired.at_ms,
                "utteranceId": one.fired.utterance_id,
                "side": one.side.value.upper(),
            }
            for one in compared.fired
        ],
    }


def _mistake(each: Mistake) -> Shape:
    return {"line": each.line, "column": each.column, "message": each.message}
