"""Playbooks in the manager's app. Who may read and write them is asked by each use case (sotto.api.playbooks)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from sotto.api.caller import Caller
from sotto.api.panel.ports import AgentPorts
from sotto.api.panel.request_models import BadRequest, Id, NotFound, RequestModel
from sotto.api.playbooks import shapes, use_cases
from sotto.api.playbooks.replays import Period, ask_replay, replay_page
from sotto.api.playbooks.use_cases import LONGEST_NOTE, DraftMistaken, NoSuchVersion
from sotto.playbooks.draft import LONGEST_TITLE, BadDraft, DraftChanged, NoSuchDraft
from sotto.playbooks.replay.run import MOST_CONTACTS, MOST_ON_A_PAGE, NoSuchReplay
from sotto.realtime.shapes import Shape
from sotto.tenants.playbook_version import LARGEST_TEXT_BYTES, PlaybookOvertaken

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TITLE)]
Text = Annotated[str, StringConstraints(max_length=LARGEST_TEXT_BYTES)]
Version = Annotated[int, Field(ge=1)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_NOTE)]
Time = Annotated[float, Field(ge=0, le=9_999_999_999_999)]


class AboutDraft(RequestModel):
    draft_id: Id


class BegunDraft(RequestModel):
    title: Title
    text: Text | None = None


class SavedDraft(AboutDraft):
    version: Version
    title: Title
    text: Text
    on_live: bool | None = None


class ChosenDraft(AboutDraft):
    version: Version


class PublishedDraft(ChosenDraft):
    note: Note | None = None


class VersionsRequest(RequestModel):
    first: Annotated[int, Field(ge=1, le=50)] = 25
    before: Id | None = None


class AboutVersion(RequestModel):
    version_id: Id


class TakenBack(AboutVersion):
    instead_of: Id
    note: Note | None = None


class AskedReplay(ChosenDraft):
    since_ms: Time
    until_ms: Time
    most: Annotated[int, Field(ge=1, le=MOST_CONTACTS)] = MOST_CONTACTS


class ReplayRequest(RequestModel):
    replay_id: Id
    after: Id | None = None
    first: Annotated[int, Field(ge=1, le=MOST_ON_A_PAGE)] = 10


@contextmanager
def _with_the_reason() -> Iterator[None]:
    try:
        yield
    except (NoSuchDraft, NoSuchVersion, NoSuchReplay) as error:
        raise NotFound(str(error)) from None
    except (BadDraft, DraftChanged, DraftMistaken, PlaybookOvertaken) as error:
        raise BadRequest(str(error)) from None


def playbook(asked: RequestModel, caller: Caller, ports: AgentPorts) -> Shape:
    live = use_cases.live_playbook(caller, ports.playbooks)
    return shapes.live_shape(live, use_cases.drafts_of(caller, ports.playbooks))


def playbook_draft(asked: AboutDraft, caller: Caller, ports: AgentPorts) -> Shape:
    with _with_the_reason():
        return shapes.draft_shape(use_cases.one_draft(asked.draft_id, caller, ports.playbooks))


def begin_playbook_draft(asked: BegunDraft, caller: Caller, ports: AgentPorts) -> Shape:
    with _with_the_reason():
        return shapes.draft_shape(use_cases.begin_draft(asked.title, asked.text, caller, ports.playbooks))


def save_playbook_draft(asked: SavedDraft, caller: Caller, ports: AgentPorts) -> Shape:
    with _with_the_reason():
        saved = use_cases.save_draft(
            asked.draft_id, asked.version, asked.title, asked.text, caller, ports.playbooks,
            on_live=bool(asked.on_live),
        )  # fmt: skip
        return shapes.draft_shape(saved)


def remove_playbook_draft(asked: ChosenDraft, caller: Caller, ports: AgentPorts) -> str:
    with _with_the_reason():
        use_cases.remove_draft(asked.draft_id, asked.version, caller, ports.playbooks)
    return asked.draft_id


def publish_playbook_draft(asked: PublishedDraft, caller: Caller, ports: AgentPorts) -> Shape:
    with _with_the_reason():
        done = use_cases.publish_draft(asked.draft_id, asked.version, asked.note or "", caller, ports.playbooks)
    return shapes.version_row(done)


def playbook_versions(asked: VersionsRequest, caller: Caller, ports: AgentPorts) -> list[Shape]:
    found = use_cases.versions_of(caller, ports.playbooks, limit=asked.first, before=asked.before)
    return [shapes.version_row(each) for each in found]


def playbook_version(asked: AboutVersion, caller: Caller, ports: AgentPorts) -> Shape:
    with _with_the_reason():
        return shapes.version_shape(*use_cases.one_version(asked.version_id, caller, ports.playbooks))


def take_playbook_back(asked: TakenBack, caller: Caller, ports: AgentPorts) -> Shape:
    with _with_the_reason():
        done = use_cases.take_back_to(asked.version_id, asked.note or "", asked.instead_of, caller, ports.playbooks)
    return shapes.version_row(done)


def replay_playbook_draft(asked: AskedReplay, caller: Caller, ports: AgentPorts) -> Shape:
    if asked.since_ms >= asked.until_ms:
        raise BadRequest("sinceMs: is not before untilMs")
    period = Period(int(asked.since_ms), int(asked.until_ms))
    with _with_the_reason():
        made = ask_replay(asked.draft_id, asked.version, period, asked.most, caller, ports.playbooks)
    return shapes.replay_shape(made)


def playbook_replay(asked: ReplayRequest, caller: Caller, ports: AgentPorts) -> Shape:
    with _with_the_reason():
        return shapes.replay_page_shape(replay_page(asked.replay_id, asked.after, asked.first, caller, ports.playbooks))


FIELDS: Mapping[str, tuple[type[RequestModel], Callable[[Any, Caller, AgentPorts], Any]]] = {
    "Query.playbook": (RequestModel, playbook),
    "Query.playbookDraft": (AboutDraft, playbook_draft),
    "Query.playbookVersions": (VersionsRequest, playbook_versions),
    "Query.playbookVersion": (AboutVersion, playbook_version),
    "Query.playbookReplay": (ReplayRequest, playbook_replay),
    "Mutation.beginPlaybookDraft": (BegunDraft, begin_playbook_draft),
    "Mutation.savePlaybookDraft": (SavedDraft, save_playbook_draft),
    "Mutation.removePlaybookDraft": (ChosenDraft, remove_playbook_draft),
    "Mutation.makePlaybookLive": (PublishedDraft, publish_playbook_draft),
    "Mutation.takePlaybookBack": (TakenBack, take_playbook_back),
    "Mutation.replayPlaybookDraft": (AskedReplay, replay_playbook_draft),
}
