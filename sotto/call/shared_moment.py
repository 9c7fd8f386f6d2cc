"""What a coach shows an agent of one of the agent's own calls: a stretch of it, with a comment."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_COMMENT = 1_000
LONGEST_ANSWER = 500
"""Characters."""
LONGEST_SPAN_MS = 600_000
"""Ten minutes: more is the call, and a comment on all of it belongs into its scorecard."""


@dataclass(frozen=True, slots=True)
class SharedMoment:
    """``sharer`` is a username, ``sharer_name`` what people call them; ``agent``: whom it is for, who had the call, in
    ``team``. ``from_ms``, ``until_ms``: of the call; ``first_seq``, ``last_seq``: of the utterances in between, whose
    words lie with the call alone. ``annotation_id``, ``moment``: what was noticed there, where that is what is shared.
    ``comment`` and ``answer`` are redacted. Other times are Unix epoch; ``version`` rises with each change."""

    tenant: str
    contact_id: str
    id: str
    sharer: str
    sharer_name: str
    agent: str
    team: str | None
    comment: str
    from_ms: int
    until_ms: int
    first_seq: int
    last_seq: int
    shared_at_ms: int
    annotation_id: str = ""
    moment: str = ""
    acknowledged_at_ms: int | None = None
    answer: str = ""
    version: int = 1
