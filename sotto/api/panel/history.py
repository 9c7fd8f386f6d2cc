"""Conversations of the past: their list, and a search in what was said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator

from sotto.api.caller import Caller
from sotto.api.panel.ports import AgentPorts
from sotto.api.panel.request_models import BadRequest, Id, RequestModel
from sotto.api.roles import Action, Reach
from sotto.api.sight import sight_of
from sotto.call.contact import Channel
from sotto.core.audit import AuditAction, AuditEntry, contact_record
from sotto.history.conversation import ConversationRow, Leg
from sotto.history.cursor import BadCursor
from sotto.history.listing import (
    MOST_ON_A_PAGE,
    HistoryFilter,
    HistoryPage,
    HistoryQuestion,
    SortBy,
    TooMany,
    list_history,
)
from sotto.realtime.shapes import Shape
from sotto.search.find import FoundMoment, SearchResult, find
from sotto.search.index import MOST_CANDIDATES
from sotto.search.passage import Kind, PassageFilter, SeenBy
from sotto.search.query import LONGEST, BadQuery, parsed

DAY_MS = 86_400_000
LONGEST_SUMMARY = 300
USUAL_DAYS, MOST_DAYS = 30, 800
Names = Annotated[frozenset[Annotated[str, Field(min_length=1, max_length=256)]], Field(max_length=50)]
Channels = Annotated[frozenset[Channel], BeforeValidator(lambda written: _lowered(written))]
Time = Annotated[float, Field(ge=0, le=9_999_999_999_999)]
Percentage = Annotated[float, Field(ge=0, le=100)]


def _lowered(written: Any) -> Any:
    """As it is kept: GraphQL writes enums in upper case."""
    return [each.lower() if isinstance(each, str) else each for each in written or ()]


class _Filter(RequestModel):
    """What lists and searches are both narrowed by."""

    agents: Names = frozenset()
    teams: Names = frozenset()
    queues: Names = frozenset()
    languages: Names = frozenset()
    dispositions: Names = frozenset()
    moments: Names = frozenset()
    since_ms: Time | None = None
    until_ms: Time | None = None
    min_score: Percentage | None = None
    max_score: Percentage | None = None


class ConversationFilter(_Filter):
    channels: Channels = frozenset()
    contact_id: Id | None = None
    min_duration_ms: Time | None = None
    max_duration_ms: Time | None = None
    is_over: bool | None = None


class ConversationsRequest(RequestModel):
    filter: ConversationFilter = ConversationFilter()
    sort: SortBy = SortBy.STARTED
    descending: bool = True
    first: Annotated[int, Field(ge=1, le=MOST_ON_A_PAGE)] = 20
    after: Annotated[str, Field(max_length=2_000)] | None = None

    _filter = field_validator("filter", mode="before")(lambda written: written or {})

    @field_validator("sort", mode="before")
    @classmethod
    def _as_kept(cls, written: Any) -> Any:
        return written.lower() if isinstance(written, str) else written


class SearchFilter(_Filter):
    speakers: Names = frozenset()
    contact_id: Id | None = None
    kind: Kind | None = None

    @field_validator("speakers", "kind", mode="before")
    @classmethod
    def _as_kept(cls, written: Any) -> Any:
        if isinstance(written, str):
            return written.lower()
        return [each.lower() for each in written] if isinstance(written, list) else written


class SearchRequest(RequestModel):
    text: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    filter: SearchFilter = SearchFilter()
    first: Annotated[int, Field(ge=1, le=MOST_CANDIDATES)] = 20

    _filter = field_validator("filter", mode="before")(lambda written: written or {})


def conversations(asked: ConversationsRequest, caller: Caller, ports: AgentPorts) -> Shape:
    question = HistoryQuestion(
        _history_filter(asked.filter, ports), asked.sort, asked.descending, asked.first, asked.after
    )
    try:
        page = list_history(caller.tenant, question, sight_of(caller), ports.history)
    except (BadCursor, TooMany) as error:
        raise BadRequest(str(error)) from None
    note(caller, AuditAction.HISTORY_LISTED, f"conversations/{len(page.rows)}", ports)
    return _page_shape(page, caller, ports)


def conversation(conversation_id: str, caller: Caller, ports: AgentPorts) -> Shape | None:
    """Its row, with the legs that the caller may see; None where there is none such."""
    row = ports.history.row(caller.tenant, conversation_id)
    seen = tuple(filter(sight_of(caller).sees, row.legs)) if row is not None else ()
    if row is None or not seen:
        return None
    note(caller, AuditAction.HISTORY_LISTED, "conversations/1", ports)
    return _row_shape(replace(row, legs=seen), _first_lines(caller, ports))


def search(asked: SearchRequest, caller: Caller, ports: AgentPorts) -> Shape:
    """Of each call whose words are shown it is noted who saw them, before they leave."""
    wanted = _passage_filter(asked.filter, caller)
    try:
        query = parsed(ports.redact(caller.tenant, asked.text))
    except BadQuery as error:
        raise BadRequest(str(error)) from None
    result = find(caller.tenant, query, wanted, ports.search, most=MOST_CANDIDATES)
    shown = list(islice(_visible(result.moments, caller, ports), asked.first))
    note(caller, AuditAction.SEARCHED, f"search/{len(shown)}", ports)
    others = {each.passage.contact_id for each in _with_beside(shown) if each.passage.agent != caller.agent}
    for contact_id in sorted(others):
        note(caller, AuditAction.LOOKED_INTO, contact_record(contact_id), ports)
    return _result_shape(result, shown)


def _visible(moments: Sequence[FoundMoment], caller: Caller, ports: AgentPorts) -> Iterator[FoundMoment]:
    """What the index says of a call may be older than the call: the contact itself decides."""
    known: dict[str, bool] = {}

    def may_see(contact_id: str) -> bool:
        if contact_id not in known:
            contact = ports.conversations.contact(caller.tenant, contact_id)
            known[contact_id] = contact is not None and not contact.erased and caller.may(Action.SEARCH, contact)
        return known[contact_id]

    for each in moments:
        if all(may_see(one.passage.contact_id) for one in _with_beside([each])):
            yield each


def _with_beside(moments: Sequence[FoundMoment]) -> Iterator[FoundMoment]:
    for each in moments:
        yield each
        if each.beside is not None:
            yield each.beside


def note(caller: Caller, action: AuditAction, record: str, ports: AgentPorts) -> None:
    ports.audit.append(AuditEntry(caller.tenant, caller.agent, action, record, int(ports.clock.now_ms())))


def _history_filter(asked: ConversationFilter, ports: AgentPorts) -> HistoryFilter:
    # Whole days, so that the next page's question is the first one's.
    tomorrow_ms = (int(ports.clock.now_ms()) // DAY_MS + 2) * DAY_MS
    until_ms = int(asked.until_ms) if asked.until_ms is not None else tomorrow_ms
    since_ms = int(asked.since_ms) if asked.since_ms is not None else max(0, until_ms - USUAL_DAYS * DAY_MS)
    if until_ms - since_ms > MOST_DAYS * DAY_MS:
        raise BadRequest(f"filter.sinceMs: more than {MOST_DAYS} days before untilMs; ask for less at a time")
    return HistoryFilter(
        since_ms=since_ms,
        until_ms=until_ms,
        agents=asked.agents,
        teams=asked.teams,
        queues=asked.queues,
        languages=asked.languages,
        channels=frozenset(asked.channels),
        dispositions=asked.dispositions,
        moments=asked.moments,
        contact_id=asked.contact_id,
        min_score=asked.min_score,
        max_score=asked.max_score,
        min_duration_ms=None if asked.min_duration_ms is None else int(asked.min_duration_ms),
        max_duration_ms=None if asked.max_duration_ms is None else int(asked.max_duration_ms),
        is_over=asked.is_over,
    )


def _passage_filter(asked: SearchFilter, caller: Caller) -> PassageFilter:
    reach = caller.reach(Action.SEARCH)
    teams = caller.teams if Reach.TEAM in reach else frozenset[str]()
    return PassageFilter(
        kinds=frozenset() if asked.kind is None else frozenset({asked.kind}),
        speakers=asked.speakers,
        agents=asked.agents,
        teams=asked.teams,
        queues=asked.queues,
        languages=asked.languages,
        dispositions=asked.dispositions,
        moments=asked.moments,
        contacts=frozenset() if asked.contact_id is None else frozenset({asked.contact_id}),
        since_ms=None if asked.since_ms is None else int(asked.since_ms),
        until_ms=None if asked.until_ms is None else int(asked.until_ms),
        min_score=asked.min_score,
        max_score=asked.max_score,
        seen_by=None if Reach.ANY in reach else SeenBy(caller.agent, teams),
    )


def _page_shape(page: HistoryPage, caller: Caller, ports: AgentPorts) -> Shape:
    first_line = _first_lines(caller, ports)
    return {"conversations": [_row_shape(each, first_line) for each in page.rows], "cursor": page.cursor}


def _first_lines(caller: Caller, ports: AgentPorts) -> Callable[[Leg], str | None]:
    def first_line(leg: Leg) -> str | None:
        found = None if leg.erased else ports.summaries.summary(caller.tenant, leg.contact_id)
        return found.lines[0].text[:LONGEST_SUMMARY] if found and found.lines else None

    return first_line


def _row_shape(row: ConversationRow, first_line: Callable[[Leg], str | None]) -> Shape:
    return {
        "conversationId": row.conversation_id,
        "startedAtMs": row.started_at_ms,
        "endedAtMs": row.ended_at_ms,
        "durationMs": row.duration_ms,
        "score": row.lowest_score,
        "contacts": [_leg_shape(each, first_line(each)) for each in row.legs],
    }


def _leg_shape(leg: Leg, summary: str | None) -> Shape:
    return {
        "contactId": leg.contact_id,
        "startedAtMs": leg.started_at_ms,
        "endedAtMs": leg.ended_at_ms,
        "isOver": leg.is_over,
        "language": leg.language,
        "channel": leg.channel.value.upper(),
        "queue": leg.queue,
        "agent": leg.agent,
        "agentName": leg.agent_name,
        "team": leg.team,
        "summary": summary,
        "disposition": leg.disposition or None,
        "isChosen": leg.is_chosen,
        "scores": [{"form": each.form, "percentage": each.percentage} for each in leg.scores],
        "moments": list(leg.moments),
        "isErased": leg.erased,
    }


def _result_shape(result: SearchResult, shown: Sequence[FoundMoment]) -> Shape:
    return {
        "moments": [_moment_shape(each) for each in shown],
        "candidates": result.candidates,
        "mayMiss": result.may_miss,
        "byMeaning": result.by_meaning,
    }


def _moment_shape(moment: FoundMoment) -> Shape:
    passage = moment.passage
    return {
        "contactId": passage.contact_id,
        "conversationId": passage.conversation_id,
        "kind": passage.kind.value.upper(),
        "utteranceId": passage.utterance_id or None,
        "speaker": passage.speaker.upper() or None,
        "startMs": passage.start_ms,
        "endMs": passage.end_ms,
        "atMs": passage.at_ms,
        "text": passage.text,
        "highlights": [{"startChar": start, "endChar": end} for start, end in moment.highlights],
        "agent": passage.agent or None,
        "team": passage.team or None,
        "queue": passage.queue or None,
        "disposition": passage.disposition or None,
        "moments": list(passage.moments),
        "score": passage.score,
        "beside": None if moment.beside is None else _moment_shape(moment.beside),
    }
