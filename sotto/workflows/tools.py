"""The tools that definitions may name, as data: what each takes and gives, and whether it acts on the world outside.

What they do is a port, filled in by the composition root out of use cases that exist. Every tool is about the
conversation of its run and about no other: no argument names a conversation, a person, an address or a system.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from sotto.call.contact import Contact
from sotto.core.errors import Rejected
from sotto.core.validation import silent, wrong_fields
from sotto.workflows.definition import OUTWARD, NamedAgent

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Remark = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1_000)]
"""It may be empty: a brief, where nothing was said."""
Who = Literal["agent", "customer", "anyone"]


class BadArguments(Rejected):
    """A tool was given what it does not take."""


class Arguments(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class FindPromises(Arguments):
    by: Who = "agent"


class FindMoments(Arguments):
    """``names``: of the playbook's moments; empty for all. ``severity``: at least."""

    severity: Literal["low", "medium", "high"] = "medium"
    names: Annotated[tuple[Words, ...], Field(max_length=50)] = ()


class FindSpoken(Arguments):
    """``words``: any of them, as whole words, in any case."""

    words: Annotated[tuple[Words, ...], Field(min_length=1, max_length=50)]
    by: Who = "customer"


class NoArguments(Arguments):
    pass


class NoteInCrm(Arguments):
    """``subject``: one of ours, by which the note is worded in the conversation's language; ``about``, ``outcome`` and
    ``reason``: what it says, redacted already."""

    subject: Literal["promise_kept", "promise_broken", "complaint_taken", "complaint_answered", "customer_contacted"]
    about: Remark | None = None
    outcome: Remark | None = None
    reason: Remark | None = None


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """``gives``: the names of its answer. ``outward``: it acts on the world outside, so a person decides first."""

    name: str
    arguments: type[Arguments]
    gives: tuple[str, ...]
    about: str
    outward: bool = False


TOOLS: Mapping[str, ToolSpec] = {
    each.name: each
    for each in (
        ToolSpec("find_promises", FindPromises, ("count", "items"), "Promises of the summary, the soonest due first."),
        ToolSpec("find_moments", FindMoments, ("count", "items"), "What was noticed in the conversation."),
        ToolSpec("find_spoken", FindSpoken, ("count", "items"), "Sentences in which words were spoken."),
        ToolSpec("read_summary", NoArguments, ("is_there", "lines", "mood"), "The summary as it stands."),
        ToolSpec("read_filing", NoArguments, ("count", "items"), "In which systems of record the call is."),
        ToolSpec("note_in_crm", NoteInCrm, ("systems",), "Adds a line to the call where it is filed.", outward=True),
    )
}
assert frozenset(each.name for each in TOOLS.values() if each.outward) == OUTWARD
LARGEST_RESULT = 16_000
"""Bytes of JSON."""


@dataclass(frozen=True, slots=True)
class ToolOrder:
    """``key``: the same however often this step of this run is tried, and of no other: the target's idempotency key."""

    contact: Contact
    key: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class AgentAnswer:
    """``origin``: ``model``, ``quoted`` (what was said stands in a model's place) or ``none``. ``rests_on``: ids of
    utterances."""

    text: str
    origin: Literal["model", "quoted", "none"]
    rests_on: tuple[str, ...] = ()


class Toolbox(Protocol):
    def call(self, tool: str, arguments: Any, order: ToolOrder) -> Mapping[str, Any]:
        """What the tool gives, as JSON has it. ``arguments``: of the tool's own model. Done again with the same key
        it does nothing more. Raises Retryable, and Rejected where nothing but a change elsewhere would help."""
        ...


class Agents(Protocol):
    def answer(self, agent: NamedAgent, contact: Contact, found: Mapping[str, Any], *, by_model: bool) -> AgentAnswer:
        """``found``: what the agent's tools gave. Never raises for want of a model or of a budget: then what was said
        is quoted. Raises Retryable where the conversation cannot be read."""
        ...


def checked(tool: ToolSpec, arguments: Mapping[str, Any]) -> Arguments:
    """Raises BadArguments, which names the fields and quotes none."""
    shape = silent(tool.arguments)
    try:
        read: Arguments = shape.validate_python({k: v for k, v in arguments.items() if v is not None})
    except ValidationError as error:
        raise BadArguments(f"{tool.name}: wrong or missing: {wrong_fields(error, shape)}") from None
    return read
