"""A search in what was said."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from sotto.api.panel.history import SearchRequest, search
from sotto.api.rest.fields import LOWER, AtMs, Id, Ms, Names
from sotto.api.rest.route import ApiPorts, Asked, Example, Shown, Wanted, route
from sotto.api.roles import Action
from sotto.realtime.shapes import Shape
from sotto.search.index import MOST_CANDIDATES
from sotto.search.query import LONGEST


class Highlight(Shown):
    start_char: int
    end_char: int


class FoundMoment(Shown):
    contact_id: str
    conversation_id: str
    kind: Annotated[Literal["utterance", "summary"], LOWER]
    utterance_id: str | None
    speaker: Annotated[str | None, LOWER]
    start_ms: int | None
    end_ms: int | None
    at_ms: AtMs
    text: str
    highlights: list[Highlight]
    agent: str | None
    team: str | None
    queue: str | None
    disposition: str | None
    moments: list[str]
    score: float | None
    beside: Annotated[FoundMoment | None, Field(description="What was said beside it, where that is what fits.")]


class SearchResult(Shown):
    data: Annotated[list[FoundMoment], Field(alias="moments", description="The best first.")]
    candidates: int
    may_miss: Annotated[bool, Field(description="There was more than could be looked at; narrow the search.")]
    by_meaning: Annotated[bool, Field(description="False: only words were compared just now.")]


class WantedSearch(Wanted):
    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]
    agents: Names = frozenset()
    teams: Names = frozenset()
    queues: Names = frozenset()
    languages: Names = frozenset()
    dispositions: Names = frozenset()
    moments: Names = frozenset()
    speakers: Annotated[frozenset[Literal["customer", "agent", "system"]], Field(max_length=3)] = frozenset()
    contact_id: Id | None = None
    kind: Literal["utterance", "summary"] | None = None
    since_ms: Ms | None = None
    until_ms: Ms | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_CANDIDATES)] = 20


@route(
    "POST", "/v1/search", action=Action.SEARCH, scope="search:read", body=WantedSearch, answers=SearchResult,
    example=Example(
        body={"text": "leave", "teams": ["service"]},
        answer={"data": [], "candidates": 0, "may_miss": False, "by_meaning": True},
    ),
)  # fmt: skip
def search_moments(asked: Asked, ports: ApiPorts) -> Shape:
    """Find what was said, by words and by meaning. The text is redacted before it is looked for."""
    wanted: WantedSearch = asked.body
    given = {
        "text": wanted.text,
        "first": wanted.limit,
        "filter": {
            "agents": wanted.agents,
            "teams": wanted.teams,
            "queues": wanted.queues,
            "languages": wanted.languages,
            "dispositions": wanted.dispositions,
            "moments": wanted.moments,
            "speakers": [each.lower() for each in sorted(wanted.speakers)],
            "contactId": wanted.contact_id,
            "kind": wanted.kind,
            "sinceMs": wanted.since_ms,
            "untilMs": wanted.until_ms,
        },
    }
    return search(SearchRequest.read(given), asked.caller, ports.panel())
