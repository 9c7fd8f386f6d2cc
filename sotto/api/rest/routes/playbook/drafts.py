"""Drafts of the playbook: written, checked, published."""

from __future__ import annotations

from typing import Any

from sotto.api.playbooks import shapes, use_cases
from sotto.api.playbooks.use_cases import DraftMistaken, NoSuchVersion
from sotto.api.rest.route import ApiPorts, Asked, Example, route
from sotto.api.rest.routes.playbook.models import (
    DRAFT,
    LIVE,
    ROW,
    TEXT,
    VERSION,
    PlaybookDraft,
    PlaybookDraftRow,
    PlaybookDrafts,
    PlaybookNow,
    PlaybookVersion,
    SavedDraft,
    WantedDraft,
    WantedPublication,
)
from sotto.api.roles import Action
from sotto.playbooks.draft import DraftChanged, NoSuchDraft
from sotto.realtime.shapes import Shape
from sotto.tenants.playbook_version import PlaybookOvertaken

_READ: Any = {"action": Action.READ_BOOK, "scope": "playbook:read"}
_WRITE: Any = {"action": Action.EDIT_PLAYBOOK, "scope": "playbook:write", "absent": (NoSuchDraft, NoSuchVersion)}
_PATH = {"draft_id": "draft-1"}


@route("GET", "/v1/playbook", **_READ, answers=PlaybookNow, example=Example(answer=LIVE))
def get_playbook(asked: Asked, ports: ApiPorts) -> Shape:
    """The playbook that is live, as it was written."""
    of_panel = ports.panel().playbooks
    return shapes.live_shape(use_cases.live_playbook(asked.caller, of_panel), [])


@route("GET", "/v1/playbook/drafts", **_READ, answers=PlaybookDrafts, example=Example(answer={"data": [ROW]}))
def list_playbook_drafts(asked: Asked, ports: ApiPorts) -> Shape:
    """Those that are being written, the one that was changed last first."""
    found = use_cases.drafts_of(asked.caller, ports.panel().playbooks)
    return {"data": [shapes.draft_row(each) for each in found]}


@route(
    "POST", "/v1/playbook/drafts", **_WRITE, body=WantedDraft, answers=PlaybookDraft, status=201,
    example=Example(role="author", body={"title": "Fees"}, answer=DRAFT),
)  # fmt: skip
def begin_playbook_draft(asked: Asked, ports: ApiPorts) -> Shape:
    """Begin with what is live, with a text of yours, or with an earlier version (to take the playbook back to it)."""
    wanted: WantedDraft = asked.body
    of_panel = ports.panel().playbooks
    text = wanted.text
    if text is None and wanted.from_version is not None:
        text = use_cases.one_version(wanted.from_version, asked.caller, of_panel)[0].text
    return shapes.draft_shape(use_cases.begin_draft(wanted.title, text, asked.caller, of_panel))


@route(
    "GET", "/v1/playbook/drafts/{draft_id}", **_READ, answers=PlaybookDraft, absent=(NoSuchDraft,),
    example=Example(path=_PATH, answer=DRAFT),
)  # fmt: skip
def get_playbook_draft(asked: Asked, ports: ApiPorts) -> Shape:
    """A draft as it stands beside what is live now: mistakes with their lines, and what it would change."""
    return shapes.draft_shape(use_cases.one_draft(asked.path["draft_id"], asked.caller, ports.panel().playbooks))


@route(
    "PUT", "/v1/playbook/drafts/{draft_id}", **_WRITE, body=SavedDraft, answers=PlaybookDraft,
    conflict=(DraftChanged,),
    example=Example(
        path={"draft_id": "draft-2"}, role="author", body={"version": 1, "title": "Fees", "text": TEXT},
        answer=DRAFT | {"id": "draft-2", "version": 2},
    ),
)  # fmt: skip
def save_playbook_draft(asked: Asked, ports: ApiPorts) -> Shape:
    """Save a draft, with mistakes or without; they are answered."""
    wanted: SavedDraft = asked.body
    saved = use_cases.save_draft(
        asked.path["draft_id"], wanted.version, wanted.title, wanted.text, asked.caller, ports.panel().playbooks,
        on_live=wanted.on_live,
    )  # fmt: skip
    return shapes.draft_shape(saved)


@route(
    "DELETE", "/v1/playbook/drafts/{draft_id}", **_WRITE, answers=PlaybookDraftRow, conflict=(DraftChanged,),
    example=Example(path=_PATH, role="author", answer=ROW),
)  # fmt: skip
def remove_playbook_draft(asked: Asked, ports: ApiPorts) -> Shape:
    """Remove a draft; write If-Match to remove only what you saw."""
    of_panel = ports.panel().playbooks
    found = use_cases.one_draft(asked.path["draft_id"], asked.caller, of_panel)
    use_cases.remove_draft(found.draft.id, found.draft.version, asked.caller, of_panel)
    return shapes.draft_row(found.draft)


@route(
    "POST", "/v1/playbook/drafts/{draft_id}/publish", **_WRITE, body=WantedPublication, answers=PlaybookVersion,
    status=201, conflict=(DraftChanged, PlaybookOvertaken, DraftMistaken),
    example=Example(
        path={"draft_id": "draft-3"}, role="author", body={"version": 1, "note": "First"}, answer=VERSION,
    ),
)  # fmt: skip
def publish_playbook_draft(asked: Asked, ports: ApiPorts) -> Shape:
    """Guide every call by it within half a minute. The draft goes; the version stays in the history."""
    wanted: WantedPublication = asked.body
    done = use_cases.publish_draft(
        asked.path["draft_id"], wanted.version, wanted.note, asked.caller, ports.panel().playbooks
    )
    return shapes.version_row(done)
