"""What was published of the playbook, and what a draft would have done in past calls."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from sotto.api.playbooks import shapes, use_cases
from sotto.api.playbooks.replays import Period, ask_replay, replay_page
from sotto.api.playbooks.use_cases import DraftMistaken, NoSuchVersion
from sotto.api.rest.cursor import name_after, next_name
from sotto.api.rest.fields import Cursor, Paged
from sotto.api.rest.route import ApiPorts, Asked, Example, Wanted, route
from sotto.api.rest.routes.playbook.models import (
    REPLAY,
    TEXT,
    VERSION,
    PlaybookReplay,
    PlaybookReplayPage,
    PlaybookVersions,
    PlaybookVersionText,
    WantedReplay,
)
from sotto.api.roles import Action
from sotto.playbooks.draft import DraftChanged, NoSuchDraft
from sotto.playbooks.replay.run import MOST_ON_A_PAGE, NoSuchReplay
from sotto.realtime.shapes import Shape

_READ: Any = {"action": Action.READ_BOOK, "scope": "playbook:read"}


class WantedReplayPage(Wanted):
    limit: Annotated[int, Field(ge=1, le=MOST_ON_A_PAGE)] = 10
    cursor: Cursor | None = None


@route(
    "GET", "/v1/playbook/versions", **_READ, query=Paged, answers=PlaybookVersions,
    example=Example(answer={"data": [VERSION], "next": None}),
)  # fmt: skip
def list_playbook_versions(asked: Asked, ports: ApiPorts) -> Shape:
    """What was published, by whom and when; the latest first."""
    wanted: Paged = asked.query
    before = name_after(wanted.cursor, "playbook-versions", asked, ports) or None
    found = use_cases.versions_of(asked.caller, ports.panel().playbooks, limit=wanted.limit, before=before)
    last = found[-1].id if len(found) == wanted.limit else None
    rows = [shapes.version_row(each) for each in found]
    return {"data": rows, "next": next_name(last, "playbook-versions", asked, ports)}


@route(
    "GET", "/v1/playbook/versions/{version_id}", **_READ, answers=PlaybookVersionText, absent=(NoSuchVersion,),
    example=Example(
        path={"version_id": "1790000000000-v1"}, answer=VERSION | {"text": TEXT, "changes": [], "lines": []}
    ),
)  # fmt: skip
def get_playbook_version(asked: Asked, ports: ApiPorts) -> Shape:
    """One version, and what it changed of the one before."""
    found = use_cases.one_version(asked.path["version_id"], asked.caller, ports.panel().playbooks)
    return shapes.version_shape(*found)


@route(
    "POST", "/v1/playbook/drafts/{draft_id}/replays", action=Action.EDIT_PLAYBOOK, scope="playbook:write",
    body=WantedReplay, answers=PlaybookReplay, status=202, absent=(NoSuchDraft,),
    conflict=(DraftChanged, DraftMistaken),
    example=Example(
        path={"draft_id": "draft-1"}, role="author",
        body={"version": 1, "since_ms": 1_789_000_000_000, "until_ms": 1_790_100_000_000}, answer=REPLAY,
    ),
)  # fmt: skip
def replay_playbook_draft(asked: Asked, ports: ApiPorts) -> Shape:
    """Over the latest calls of a period that are over; read what comes of it by its id, within a week."""
    wanted: WantedReplay = asked.body
    period = Period(wanted.since_ms, wanted.until_ms)
    made = ask_replay(
        asked.path["draft_id"], wanted.version, period, wanted.most, asked.caller, ports.panel().playbooks
    )
    return shapes.replay_shape(made)


@route(
    "GET", "/v1/playbook/replays/{replay_id}", action=Action.EDIT_PLAYBOOK, scope="playbook:read",
    query=WantedReplayPage, answers=PlaybookReplayPage, absent=(NoSuchReplay,),
    example=Example(
        path={"replay_id": "1790000000000-r1"}, role="author",
        answer=REPLAY | {"data": [], "unplayed": [], "next": None},
    ),
)  # fmt: skip
def get_playbook_replay(asked: Asked, ports: ApiPorts) -> Shape:
    """The next calls of a replay, played as they are stored now by what is live and by the draft."""
    wanted: WantedReplayPage = asked.query
    after = name_after(wanted.cursor, "playbook-replay", asked, ports) or None
    page = replay_page(asked.path["replay_id"], after, wanted.limit, asked.caller, ports.panel().playbooks)
    shape = shapes.replay_page_shape(page)
    return shape | {"data": shape["played"], "next": next_name(page.next, "playbook-replay", asked, ports)}
