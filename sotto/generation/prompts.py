"""What the models are asked: a task's template (sotto.generation.templates), filled in.

Everything spoken, retrieved or known is data between marks that it cannot contain.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sotto.generation.conversation_so_far import NOTHING_BEFORE, ConversationSoFar, within
from sotto.generation.generator import Prompt, PromptMessage
from sotto.generation.templates import template
from sotto.knowledge.passages import Passage

LONGEST_SPOKEN = 2_000
LONGEST_HOUSE = 4_000
_MARKS = re.compile(r"[<>⟦⟧]|```")


class Task(StrEnum):
    REPLY = "reply"
    ANSWER = "answer"
    SUMMARY = "summary"
    RECALL = "recall"


LONGEST = {Task.REPLY: 320, Task.ANSWER: 600, Task.SUMMARY: 900, Task.RECALL: 500}
"""Characters of a text: what an agent can read while somebody is talking; a summary is read afterwards."""

MAX_TOKENS = {Task.REPLY: 160, Task.ANSWER: 260, Task.SUMMARY: 400, Task.RECALL: 220}

OF_A_CALL = frozenset({Task.SUMMARY, Task.RECALL})
"""Tasks whose passages are what was said on a call, so that a claim in them is somebody's and no fact."""


def schema(passages: int) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "text": {"type": "string"},
            "citations": {"type": "array", "items": {"type": "integer", "enum": [*range(1, passages + 1)] or [0]}},
        },
        "required": ["text", "citations"],
        "additionalProperties": False,
    }


def prompt(
    task: Task,
    spoken: str,
    passages: Sequence[Passage],
    *,
    speaker: str = "customer",
    house: str = "",
    so_far: ConversationSoFar = NOTHING_BEFORE,
) -> Prompt:
    """``spoken``: the utterance or the question that the text answers, empty for a summary. ``house``: the playbook's
    own wording. ``so_far`` is cut to the template's budget."""
    asked = template(task)
    known = within(so_far, asked.context_tokens)
    system, user = asked.rendered(
        {
            "and_house": " and the house rules" if house else "",
            "house": f"House rules:\n{harmless(house[:LONGEST_HOUSE])}" if house else "",
            "longest": str(LONGEST[task]),
            "passages": "\n".join(_shown(passage) for passage in passages),
            "customer": "\n".join(_known(name, value) for name, value in known.customer.items()),
            "turns": "\n".join(_marked("turn", turn.speaker, turn.text) for turn in known.turns),
            "noticed": "\n".join(f"<noticed>{harmless(title)}</noticed>" for title in known.moments),
            "spoken": _marked("spoken", speaker, spoken[:LONGEST_SPOKEN]) if spoken else "",
        }
    )
    messages = (PromptMessage("system", system), PromptMessage("user", user))
    return Prompt(messages, MAX_TOKENS[task], schema(len(passages)), asked.id)


def _marked(mark: str, speaker: str, text: str) -> str:
    return f'<{mark} by="{harmless(speaker)}">{harmless(text)}</{mark}>'


def _known(name: str, value: str) -> str:
    return f'<known what="{harmless(name)}">{harmless(value)}</known>'


def _shown(passage: Passage) -> str:
    return f'<passage number="{passage.number}" title="{harmless(passage.title)}">{harmless(passage.text)}</passage>'


def harmless(text: str) -> str:
    """Without the signs that could close a mark or open another one."""
    return _MARKS.sub(" ", text).replace('"', "'")
