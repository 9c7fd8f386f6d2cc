"""The summary of a call, and who made it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sotto.call.contact import Speaker


class Origin(StrEnum):
    """``MODEL``: a model's own words, checked against what was said. ``QUOTED``: words of the call and of the playbook
    as they stand; no model wrote anything. ``EDITED``: as an agent left it, whoever made it before."""

    MODEL = "model"
    QUOTED = "quoted"
    EDITED = "edited"


class SummaryPart(StrEnum):
    """The kind of a summary's line. ``OVERVIEW`` is a model's sentence; the others are quoted."""

    OVERVIEW = "overview"
    REASON = "reason"
    """The customer's words on why they call."""
    FACT = "fact"
    """A figure or a date that somebody named."""
    TRIED = "tried"
    """What was tried before or during the call."""
    SENTIMENT = "sentiment"
    """How the customer's mood went."""
    PROMISE = "promise"
    """What somebody committed to: with who, and for which day where they named one."""
    REQUEST = "request"
    """The customer's words on what they want done, or not done, later."""
    MOMENT = "moment"
    DONE = "done"
    """What the agent did of what was suggested, as the playbook words it."""
    OUTCOME = "outcome"
    """The agent's words on what was agreed: how the call ends, what happens next."""
    OPEN = "open"
    """A task of the checklist that was not done."""
    MISSED = "missed"
    """One whose time had passed: nobody can do it any more."""


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """``rests_on``: ids of the utterances that show it, in the order of the call; none for what did not happen.
    ``owner``, ``due``: who made a promise, and the day it is for, in ISO 8601; None and empty where nobody knows."""

    part: SummaryPart
    text: str
    rests_on: tuple[str, ...] = ()
    owner: Speaker | None = None
    due: str = ""


@dataclass(frozen=True, slots=True)
class CallSummary:
    """``through_seq``: the last utterance that was known. ``version`` counts 1, 2, 3... with each that takes the place
    of an earlier one. ``model`` is empty where none wrote. ``made_at_ms``: Unix epoch; ``made_at_call_ms``: call time.
    ``edited_by``: the agent whose version this is; empty where nobody has edited it."""

    tenant: str
    contact_id: str
    lines: tuple[SummaryLine, ...]
    origin: Origin
    model: str
    through_seq: int
    made_at_ms: int
    made_at_call_ms: int
    version: int = 0
    edited_by: str = ""
