"""New intents and questions without an article, in the manager's app."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any

from pydantic import Field, StringConstraints, field_validator

from sotto.api.caller import Caller
from sotto.api.gaps import use_cases
from sotto.api.panel.ports import AgentPorts
from sotto.api.panel.request_models import BadRequest, Id, RequestModel
from sotto.learning.gaps.decide import MOST_CHOSEN, CannotDecide, GroupDecided, NoSuchGroup
from sotto.learning.gaps.gap import GapKind, GroupState
from sotto.realtime.shapes import Shape

Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]


class OfKind(RequestModel):
    kind: GapKind

    @field_validator("kind", "state", mode="before", check_fields=False)
    @classmethod
    def _as_stored(cls, written: Any) -> Any:
        return written.lower() if isinstance(written, str) else written


class GroupsRequest(OfKind):
    state: GroupState | None = None


class AboutGroup(OfKind):
    group_id: Id


class Deciding(AboutGroup):
    version: Annotated[int, Field(ge=1)]


class Example(RequestModel):
    contact_id: Id
    id: Id


class AcceptRequest(Deciding):
    name: Name
    chosen: Annotated[tuple[Example, ...], Field(max_length=MOST_CHOSEN)] = ()


class MergeRequest(Deciding):
    """``into_group`` or ``into``: another group, or the name of an intent or article."""

    into: Name | None = None
    into_group: Id | None = None
    chosen: Annotated[tuple[Example, ...], Field(max_length=MOST_CHOSEN)] = ()


@contextmanager
def _with_the_reason() -> Iterator[None]:
    """What the rules refuse, in their own words: they hold nothing of a call."""
    try:
        yield
    except (NoSuchGroup, GroupDecided, CannotDecide) as error:
        raise BadRequest(str(error)) from None


def gap_groups(asked: GroupsRequest, caller: Caller, ports: AgentPorts) -> list[Shape]:
    return [_upper(each) for each in use_cases.list_groups(caller, asked.kind, asked.state, ports.gaps)]


def gap_group(asked: AboutGroup, caller: Caller, ports: AgentPorts) -> Shape | None:
    try:
        return _upper(use_cases.one_group(caller, asked.kind, asked.group_id, ports.gaps))
    except NoSuchGroup:
        return None


def accept_gaps(asked: AcceptRequest, caller: Caller, ports: AgentPorts) -> Shape:
    """Raises Unauthorised and BadRequest; so do the others."""
    with _with_the_reason():
        return _upper(use_cases.accept(caller, *_place(asked), asked.name, _chosen(asked.chosen), ports.gaps))


def merge_gaps(asked: MergeRequest, caller: Caller, ports: AgentPorts) -> Shape:
    if (asked.into is None) == (asked.into_group is None):
        raise BadRequest("into, intoGroup: give one of the two")
    with _with_the_reason():
        if asked.into_group is not None:
            return _upper(use_cases.merge_groups(caller, *_place(asked), asked.into_group, ports.gaps))
        return _upper(use_cases.merge(caller, *_place(asked), asked.into or "", _chosen(asked.chosen), ports.gaps))


def ignore_gaps(asked: Deciding, caller: Caller, ports: AgentPorts) -> Shape:
    with _with_the_reason():
        return _upper(use_cases.ignore(caller, *_place(asked), ports.gaps))


def reopen_gaps(asked: Deciding, caller: Caller, ports: AgentPorts) -> Shape:
    with _with_the_reason():
        return _upper(use_cases.reopen(caller, *_place(asked), ports.gaps))


def _place(asked: Deciding) -> tuple[GapKind, str, int]:
    return asked.kind, asked.group_id, asked.version


def _chosen(examples: tuple[Example, ...]) -> use_cases.Chosen:
    return tuple((each.contact_id, each.id) for each in examples)


def _upper(shape: Shape) -> Shape:
    return shape | {"kind": shape["kind"].upper(), "state": shape["state"].upper()}


FIELDS: Mapping[str, tuple[type[RequestModel], Callable[[Any, Caller, AgentPorts], Any]]] = {
    "Query.gapGroups": (GroupsRequest, gap_groups),
    "Query.gapGroup": (AboutGroup, gap_group),
    "Mutation.acceptGaps": (AcceptRequest, accept_gaps),
    "Mutation.mergeGaps": (MergeRequest, merge_gaps),
    "Mutation.ignoreGaps": (Deciding, ignore_gaps),
    "Mutation.reopenGaps": (Deciding, reopen_gaps),
}
