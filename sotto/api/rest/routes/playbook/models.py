"""What of playbooks is shown and sent."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from sotto.api.rest.fields import AtMs, Ms, Next, Word
from sotto.api.rest.route import Shown, Wanted
from sotto.playbooks.draft import LONGEST_TITLE
from sotto.playbooks.replay.run import MOST_CONTACTS
from sotto.tenants.playbook_version import LARGEST_TEXT_BYTES

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TITLE)]
Text = Annotated[
    str, StringConstraints(max_length=LARGEST_TEXT_BYTES), Field(description="YAML, as docs/playbook.md says.")
]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]


class PlaybookSetCounts(Shown):
    name: str
    moments: int
    actions: int
    items: int


class PlaybookDraftRow(Shown):
    id: str
    title: str
    version: int
    changed_by: str
    changed_at_ms: AtMs


class PlaybookNow(Shown):
    book: Annotated[str, Field(description="Version of the book that it is part of.")]
    version_id: str | None
    published_by: str | None
    published_at_ms: AtMs | None
    text: Annotated[str | None, Field(description="Null where an earlier release published it and kept none.")]
    sets: list[PlaybookSetCounts]


class PlaybookDrafts(Shown):
    data: list[PlaybookDraftRow]


class PlaybookMistake(Shown):
    line: int
    column: int
    message: str


class PlaybookChange(Shown):
    kind: Word
    name: str
    how: Word


class PlaybookDraft(PlaybookDraftRow):
    text: str
    mistakes: Annotated[list[PlaybookMistake], Field(description="With any, it is neither replayed nor published.")]
    warnings: list[PlaybookMistake]
    changes: Annotated[list[PlaybookChange], Field(description="Of what is live.")]
    lines: Annotated[list[str], Field(description="Of what is live: a unified diff.")]
    is_overtaken: Annotated[bool, Field(description="Something else is live than what it was begun from.")]
    live: str


class PlaybookVersion(Shown):
    id: str
    book: str
    published_by: str
    published_at_ms: AtMs
    note: str | None
    has_text: bool


class PlaybookVersions(Shown):
    data: list[PlaybookVersion]
    next: Next


class PlaybookVersionText(PlaybookVersion):
    text: str | None
    changes: list[PlaybookChange]
    lines: list[str]


class PlaybookReplay(Shown):
    id: str
    draft_id: str
    draft_version: int
    live: str
    asked_by: str
    asked_at_ms: AtMs
    since_ms: AtMs
    until_ms: AtMs
    contacts: Annotated[int, Field(description="Over how many calls it goes.")]
    left_out: Annotated[int, Field(description="How many more the period had.")]
    expires_at_ms: AtMs


class ReplayFired(Shown):
    kind: Word
    name: str
    title: str
    at_ms: Annotated[int, Field(description="Call time.")]
    utterance_id: str | None
    side: Annotated[Word, Field(description="both; live: would be lost; draft: would be new.")]


class ReplayedContact(Shown):
    contact_id: str
    started_at_ms: AtMs | None
    may_open: Annotated[bool, Field(description="Whether you may read the call's words.")]
    skipped: Annotated[Word | None, Field(description="erased or no_words: why it was not played.")]
    noted: Annotated[int, Field(description="Moments that are stored of it.")]
    found_again: Annotated[int, Field(description="How many of them the live playbook gives over what is stored.")]
    undecidable: Annotated[list[str], Field(description="What rests on a label that no model was asked for then.")]
    is_thinned: bool
    fired: list[ReplayFired]


class PlaybookReplayPage(PlaybookReplay):
    data: list[ReplayedContact]
    unplayed: Annotated[list[str], Field(description="Actions that show answers: what was found is not kept.")]
    next: Next


class WantedDraft(Wanted):
    title: Title
    text: Annotated[Text | None, Field(description="Without it and from_version, what is live.")] = None
    from_version: Annotated[str | None, Field(max_length=100, description="Begin with an earlier version.")] = None


class SavedDraft(Wanted):
    version: Annotated[int, Field(ge=1, description="As you read it: what was saved since is not overwritten.")]
    title: Title
    text: Text
    on_live: Annotated[bool, Field(description="You have seen what is live now, and go on from there.")] = False


class WantedPublication(Wanted):
    version: Annotated[int, Field(ge=1)]
    note: Note = ""


class WantedReplay(Wanted):
    version: Annotated[int, Field(ge=1)]
    since_ms: Ms
    until_ms: Annotated[Ms, Field(description="Not included.")]
    most: Annotated[int, Field(ge=1, le=MOST_CONTACTS)] = MOST_CONTACTS


TEXT = "version: 1\nsets: {}\n"
LIVE: Any = {
    "book": "e0c8d73e7138", "version_id": "1790000000000-v1", "published_by": "ada",
    "published_at_ms": 1_790_000_000_000, "text": TEXT, "sets": [],
}  # fmt: skip
ROW: Any = {
    "id": "draft-1", "title": "Fees", "version": 1, "changed_by": "ada", "changed_at_ms": 1_790_000_000_000,
}  # fmt: skip
DRAFT: Any = ROW | {
    "text": TEXT, "mistakes": [], "warnings": [], "changes": [], "lines": [], "is_overtaken": False,
    "live": "e0c8d73e7138",
}  # fmt: skip
VERSION: Any = {
    "id": "1790000000000-v1", "book": "e0c8d73e7138", "published_by": "ada", "published_at_ms": 1_790_000_000_000,
    "note": "First", "has_text": True,
}  # fmt: skip
REPLAY: Any = {
    "id": "1790000000000-r1", "draft_id": "draft-1", "draft_version": 1, "live": "e0c8d73e7138", "asked_by": "ada",
    "asked_at_ms": 1_790_000_000_000, "since_ms": 1_789_000_000_000, "until_ms": 1_790_100_000_000, "contacts": 1,
    "left_out": 0, "expires_at_ms": 1_790_604_800_000,
}  # fmt: skip
