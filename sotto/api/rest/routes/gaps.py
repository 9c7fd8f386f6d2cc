"""What customers want that no intent is for, and what agents asked that no article answers, in groups."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from sotto.api.rest.fields import AtMs, Id
from sotto.api.rest.route import ApiPorts, Asked, Example, Shown, Wanted, route
from sotto.api.roles import Action
from sotto.learning.gaps.decide import MOST_CHOSEN, GroupDecided, NoSuchGroup
from sotto.learning.gaps.gap import GapKind, GroupState
from sotto.realtime.shapes import Shape

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Version = Annotated[int, Field(ge=1, description="Of the group, as it was read.")]


class GapGroup(Shown):
    id: str
    kind: GapKind
    phrases: Annotated[list[str], Field(description="What at least three calls of it share, the most telling first.")]
    members: Annotated[int, Field(description="When it was grouped.")]
    calls: int
    nearest: Annotated[str | None, Field(description="Intent or article.")]
    near: Annotated[float, Field(description="Its likeness, from -1 to 1.")]
    state: GroupState
    label: Annotated[str | None, Field(description="The intent or article that it became, or is.")]
    into: Annotated[str | None, Field(description="The group that it was merged into.")]
    who: str | None
    made_at_ms: AtMs
    changed_at_ms: AtMs | None
    version: int


class GapGroups(Shown):
    data: list[GapGroup]


class GapExample(Shown):
    contact_id: str
    id: str
    text: Annotated[str, Field(description="Redacted.")]
    at_ms: AtMs


class GapGroupWithExamples(GapGroup):
    examples: Annotated[list[GapExample], Field(description="The latest, at most 50.")]


class WantedGroups(Wanted):
    kind: GapKind
    state: GroupState | None = None


class WantedGroup(Wanted):
    kind: GapKind


class Place(Wanted):
    contact_id: Id
    id: Id


class WantedChange(Wanted):
    kind: GapKind
    version: Version


class WantedIntent(WantedChange):
    name: Annotated[Name, Field(description="Of the intent, or the title of an article to write.")]
    chosen: Annotated[
        list[Place], Field(max_length=MOST_CHOSEN, description="Its examples; all that are shown where none are given.")
    ] = []


class WantedMerge(WantedChange):
    into: Annotated[Name, Field(description="An intent, an article, or with `into_group` another group's id.")]
    into_group: bool = False
    chosen: Annotated[list[Place], Field(max_length=MOST_CHOSEN)] = []


_GROUP = {
    "id": "gap-5", "kind": "intent", "phrases": ["travel notice"], "members": 14, "calls": 11, "nearest": "card_lost",
    "near": 0.41, "state": "open", "label": None, "into": None, "who": None, "made_at_ms": 1_790_000_000_000,
    "changed_at_ms": None, "version": 1,
}  # fmt: skip
_QUESTIONS = _GROUP | {
    "kind": "article", "phrases": ["fees abroad"], "nearest": "fees", "who": "quinn",
    "changed_at_ms": 1_790_000_000_000, "version": 2,
}  # fmt: skip
_EXAMPLE = {"contact_id": "c1", "id": "u1", "text": "I am going to Spain.", "at_ms": 1_790_000_000_000}


def _path(id: str) -> dict[str, str]:
    return {"gap_id": id}


@route(
    "GET", "/v1/gaps", action=Action.JUDGE_EXAMPLES, scope="gaps:read", query=WantedGroups, answers=GapGroups,
    example=Example(role="quality", query={"kind": "intent", "state": "open"}, answer={"data": [_GROUP]}),
)  # fmt: skip
def list_gaps(asked: Asked, ports: ApiPorts) -> Shape:
    """Groups of what no intent or no article is for, those with most calls first."""
    from sotto.api.gaps import use_cases

    wanted: WantedGroups = asked.query
    return {"data": use_cases.list_groups(asked.caller, wanted.kind, wanted.state, ports.panel().gaps)}


@route(
    "GET", "/v1/gaps/{gap_id}", action=Action.JUDGE_EXAMPLES, scope="gaps:read", query=WantedGroup,
    answers=GapGroupWithExamples, absent=(NoSuchGroup,),
    example=Example(
        path=_path("gap-5"), role="quality", query={"kind": "intent"}, answer=_GROUP | {"examples": [_EXAMPLE]},
    ),
)  # fmt: skip
def get_gap(asked: Asked, ports: ApiPorts) -> Shape:
    """One group with its latest examples. Each call whose words are shown is noted in the audit log."""
    from sotto.api.gaps import use_cases

    wanted: WantedGroup = asked.query
    return use_cases.one_group(asked.caller, wanted.kind, asked.path["gap_id"], ports.panel().gaps)


@route(
    "PUT", "/v1/gaps/{gap_id}/accept", body=WantedIntent, action=Action.JUDGE_EXAMPLES, scope="gaps:write",
    answers=GapGroup, absent=(NoSuchGroup,), conflict=(GroupDecided,),
    example=Example(
        path=_path("gap-1"), role="quality", body={"kind": "article", "version": 1, "name": "Fees abroad"},
        answer=_QUESTIONS | {"id": "gap-1", "state": "accepted", "label": "Fees abroad"},
    ),
)  # fmt: skip
def accept_gap(asked: Asked, ports: ApiPorts) -> Shape:
    """Make it a new intent, whose chosen examples models learn from, or an article to write. The same again changes
    nothing."""
    from sotto.api.gaps import use_cases

    wanted: WantedIntent = asked.body
    place = (wanted.kind, asked.path["gap_id"], wanted.version)
    return use_cases.accept(asked.caller, *place, wanted.name, _places(wanted.chosen), ports.panel().gaps)


@route(
    "PUT", "/v1/gaps/{gap_id}/merge", body=WantedMerge, action=Action.JUDGE_EXAMPLES, scope="gaps:write",
    answers=GapGroup, absent=(NoSuchGroup,), conflict=(GroupDecided,),
    example=Example(
        path=_path("gap-2"), role="quality", body={"kind": "article", "version": 1, "into": "fees"},
        answer=_QUESTIONS | {"id": "gap-2", "state": "merged", "label": "fees"},
    ),
)  # fmt: skip
def merge_gap(asked: Asked, ports: ApiPorts) -> Shape:
    """Say that it is what an intent or article is for, or another open group. The same again changes nothing."""
    from sotto.api.gaps import use_cases

    wanted: WantedMerge = asked.body
    place = (wanted.kind, asked.path["gap_id"], wanted.version)
    if wanted.into_group:
        return use_cases.merge_groups(asked.caller, *place, wanted.into, ports.panel().gaps)
    return use_cases.merge(asked.caller, *place, wanted.into, _places(wanted.chosen), ports.panel().gaps)


@route(
    "PUT", "/v1/gaps/{gap_id}/ignore", body=WantedChange, action=Action.JUDGE_EXAMPLES, scope="gaps:write",
    answers=GapGroup, absent=(NoSuchGroup,), conflict=(GroupDecided,),
    example=Example(
        path=_path("gap-3"), role="quality", body={"kind": "article", "version": 1},
        answer=_QUESTIONS | {"id": "gap-3", "state": "ignored"},
    ),
)  # fmt: skip
def ignore_gap(asked: Asked, ports: ApiPorts) -> Shape:
    """It is not shown any more, nor is what is like it."""
    from sotto.api.gaps import use_cases

    wanted: WantedChange = asked.body
    return use_cases.ignore(asked.caller, wanted.kind, asked.path["gap_id"], wanted.version, ports.panel().gaps)


@route(
    "PUT", "/v1/gaps/{gap_id}/reopen", body=WantedChange, action=Action.JUDGE_EXAMPLES, scope="gaps:write",
    answers=GapGroup, absent=(NoSuchGroup,), conflict=(GroupDecided,),
    example=Example(
        path=_path("gap-4"), role="quality", body={"kind": "article", "version": 2},
        answer=_QUESTIONS | {"id": "gap-4", "version": 3},
    ),
)  # fmt: skip
def reopen_gap(asked: Asked, ports: ApiPorts) -> Shape:
    """What was ignored, or an article that was to be written, waits for a decision again."""
    from sotto.api.gaps import use_cases

    wanted: WantedChange = asked.body
    return use_cases.reopen(asked.caller, wanted.kind, asked.path["gap_id"], wanted.version, ports.panel().gaps)


def _places(chosen: list[Place]) -> tuple[tuple[str, str], ...]:
    return tuple((each.contact_id, each.id) for each in chosen)
