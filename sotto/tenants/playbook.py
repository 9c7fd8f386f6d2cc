"""A tenant's playbook: what to notice, what to show, what to tick off. Written as YAML, read by ``tenants.reading``.

Conditions form a small closed language. Leaves look at one utterance or at the clock; the others combine them over the
conversation so far. Times are milliseconds of call time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from sotto.call.contact import Channel, Speaker

CALL_START = "call_start"
AGENT_CONNECTED = "agent_connected"
ANCHORS = (CALL_START, AGENT_CONNECTED)


class Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Detected(Rule):
    """A model said so. ``task``: intent, sentiment, behaviours, entities, or private (what redaction found)."""

    kind: Literal["detected"] = "detected"
    task: str
    labels: tuple[str, ...]
    at_least: float = 0.5
    speaker: Speaker | None = None


class Phrases(Rule):
    """Whole words, any case; ``a/b`` is a choice, ``(a)`` may be absent, ``...`` stands for up to five words."""

    kind: Literal["phrases"] = "phrases"
    phrases: tuple[str, ...]
    speaker: Speaker | None = None


class Happened(Rule):
    """Another moment of the playbook."""

    kind: Literal["moment"] = "moment"
    name: str


class All(Rule):
    """Every part, in any order: over the whole call, within a time, or in one utterance."""

    kind: Literal["all"] = "all"
    parts: tuple[Condition, ...]
    within_ms: int | None = None
    same_utterance: bool = False


class AnyOf(Rule):
    kind: Literal["any"] = "any"
    parts: tuple[Condition, ...]


class Not(Rule):
    """Has not been so until now. Only inside ``All``, beside something that does happen."""

    kind: Literal["not"] = "not"
    part: Condition


class Sequence(Rule):
    """``then`` after ``first``."""

    kind: Literal["sequence"] = "sequence"
    first: Condition
    then: Condition
    within_ms: int | None = None


class Count(Rule):
    """At least ``times`` times, within a time or in the whole call."""

    kind: Literal["count"] = "count"
    of: Condition
    times: int
    within_ms: int | None = None


class Absence(Rule):
    """``of`` did not begin within ``within_ms`` after ``after``: call_start, agent_connected, or a moment."""

    kind: Literal["absence"] = "absence"
    of: Condition
    within_ms: int
    after: str = CALL_START


class Silence(Rule):
    """Nobody (or not ``speaker``) speaks. ``after``, ``unless_after``: the agent's last turn was (not) that moment."""

    kind: Literal["silence"] = "silence"
    longer_than_ms: int
    speaker: Speaker | None = None
    after: str | None = None
    unless_after: str | None = None


class Waiting(Rule):
    """``speaker`` has not answered the other side for so long, since an agent has the contact: in a chat, what silence
    is on a call."""

    kind: Literal["waiting"] = "waiting"
    longer_than_ms: int
    speaker: Speaker = Speaker.AGENT


class TalkOver(Rule):
    """Both speak at once; ``by`` is the one who began later."""

    kind: Literal["talk_over"] = "talk_over"
    longer_than_ms: int
    by: Speaker | None = None


class Speaks(Rule):
    """``speaker`` begins to say something, whatever it is."""

    kind: Literal["speaks"] = "speaks"
    speaker: Speaker


class LongTurn(Rule):
    """One side goes on without the other saying anything."""

    kind: Literal["turn"] = "turn"
    longer_than_ms: int
    speaker: Speaker | None = None


class LongCall(Rule):
    kind: Literal["call"] = "call"
    longer_than_ms: int


Leaf = Detected | Phrases
Condition = Annotated[
    Leaf
    | Happened
    | All
    | AnyOf
    | Not
    | Sequence
    | Count
    | Absence
    | Silence
    | Waiting
    | TalkOver
    | Speaks
    | LongTurn
    | LongCall,
    Field(discriminator="kind"),
]
for _rule in (All, AnyOf, Not, Sequence, Count, Absence):
    _rule.model_rebuild()


class Moment(Rule):
    """``again_after_ms``: another one within this time is the same moment. ``once``: one in a call.

    ``quiet``: only other definitions see it; the agent and the audit trail do not. ``outcome``: it says how the call
    ended, so every summary has it. ``fact``: the words that it rests on are shown under its title, among the call's
    facts; it is nothing that happened, so summaries and texts do without it. ``channel``: it counts in contacts of this
    one alone; so does what else has one.
    """

    name: str
    when: Condition
    title: str = ""
    severity: str = "info"
    once: bool = False
    again_after_ms: int = 60_000
    quiet: bool = False
    outcome: bool = False
    fact: bool = False
    channel: Channel | None = None


class Source(Rule):
    """An article that says the same as an action, and its first sentence."""

    article: str
    title: str
    quote: str


class Show(Rule):
    """``done_text``: what a summary says when it has been done, such as "Refunded two fees"."""

    title: str
    text: str = ""
    reply: str = ""
    done_text: str = ""
    source: Source | None = None


class AnswerRule(Rule):
    """Show what the node ``model`` found in the knowledge, if it is sure enough."""

    model: str
    at_least: float = 0.5


class PlaybookAction(Rule):
    """Has ``when`` or ``answer``. ``withdraw_when``: no longer useful; ``unless``: not useful if that has happened.

    ``instead_of``: actions that say something else about the same; this one is shown, and they are not.
    """

    name: str
    show: Show
    when: Condition | None = None
    answer: AnswerRule | None = None
    unless: Condition | None = None
    withdraw_when: Condition | None = None
    severity: str = "info"
    expires_ms: int | None = None
    once: bool = False
    again_after_ms: int = 120_000
    instead_of: tuple[str, ...] = ()
    channel: Channel | None = None


class Item(Rule):
    """Missed when not done ``within_ms`` after ``after``; listed from the start, or when ``needed_when`` happens."""

    name: str
    title: str
    done_when: Condition
    needed_when: Condition | None = None
    within_ms: int | None = None
    after: str = CALL_START
    channel: Channel | None = None


class ChecklistDefinition(Rule):
    name: str
    title: str
    items: tuple[Item, ...]


class PlaybookSet(Rule):
    name: str
    moments: tuple[Moment, ...] = ()
    actions: tuple[PlaybookAction, ...] = ()
    checklists: tuple[ChecklistDefinition, ...] = ()


class Playbook(Rule):
    """Names of moments, actions and checklists are unique across the sets. ``behaviours``: name -> example phrases."""

    behaviours: Mapping[str, tuple[str, ...]] = {}
    sets: tuple[PlaybookSet, ...] = ()


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """The conditions directly inside this one."""
    match condition:
        case All(parts=parts) | AnyOf(parts=parts):
            return parts
        case Not(part=part):
            return (part,)
        case Sequence(first=first, then=then):
            return (first, then)
        case Count(of=of) | Absence(of=of):
            return (of,)
        case _:
            return ()


def walk(condition: Condition) -> Iterator[Condition]:
    """This condition and all inside it."""
    yield condition
    for part in parts_of(condition):
        yield from walk(part)


def moments_named_in(condition: Condition) -> set[str]:
    names: set[str] = set()
    for part in walk(condition):
        match part:
            case Happened(name=name):
                names.add(name)
            case Absence(after=after) if after not in ANCHORS:
                names.add(after)
            case Silence(after=after, unless_after=unless):
                names.update(name for name in (after, unless) if name)
            case _:
                pass
    return names


def conditions_of(rule: Moment | PlaybookAction | Item) -> tuple[Condition, ...]:
    """Every condition that a moment, an action or an item of a checklist looks at."""
    match rule:
        case Moment():
            found: tuple[Condition | None, ...] = (rule.when,)
        case PlaybookAction():
            found = (rule.when, rule.unless, rule.withdraw_when)
        case Item():
            found = (rule.done_when, rule.needed_when)
    return tuple(condition for condition in found if condition is not None)
