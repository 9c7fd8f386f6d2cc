"""A question put to a language model, where the deployment has one. It sees what was spoken in the time that counts, by
number, with "agent" and "customer" for names; what it answers without showing where is not taken."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from sotto.core.clock import Clock
from sotto.generation.chain import TextOutcome, TextRequest
from sotto.generation.citations import Checked, NotUsable
from sotto.generation.generator import Prompt, PromptMessage
from sotto.generation.prompts import harmless
from sotto.generation.templates import template
from sotto.knowledge.passages import Passage
from sotto.scorecards.judge.judge import ModelAnswer, ModelQuestion

PROMPTS = Path(__file__).parent.parent / "prompts"
TASK = "judge"
CANNOT_SAY = "cannot_say"
WITHIN_MS = 10_000.0
MAX_TOKENS = 120
MOST_PASSAGES = 60
CONFIDENCE = 0.8
"""Providers say none; what it is worth is measured by kappa, question by question (sotto.scorecards.gate)."""


class Writes(Protocol):
    """The chain of providers (sotto.generation.chain)."""

    def write(self, request: TextRequest) -> TextOutcome: ...


class GeneratingJudge:
    """A JudgeModel."""

    def __init__(self, chain: Writes, clock: Clock, *, within_ms: float = WITHIN_MS) -> None:
        self._chain, self._clock, self._within_ms = chain, clock, within_ms

    def answer(self, asked: ModelQuestion) -> ModelAnswer | None:
        answer = asked.question.answer
        if answer is None or not asked.spoken:
            return None
        spoken = asked.spoken[:MOST_PASSAGES]
        passages = tuple(
            Passage(number, each.text, article=each.id, title=each.speaker.value)
            for number, each in enumerate(spoken, 1)
        )
        values = {answer.present: True, answer.absent: False, CANNOT_SAY: None}
        outcome = self._chain.write(
            TextRequest(
                asked.tenant,
                TASK,
                prompt(asked, passages),
                lambda raw: read(raw, passages, values, answer.present),
                self._clock.monotonic_ms() + self._within_ms,
            )
        )
        if outcome.checked is None:
            return None
        cited = tuple(passage.article for passage in outcome.checked.citations)
        present = values[outcome.checked.text]
        if present is False and len(spoken) < len(asked.spoken):
            present = None  # it may stand in what the model was not shown
        return ModelAnswer(
            present,
            cited,
            CONFIDENCE,
            prompt=outcome.prompt,
            model=outcome.model or outcome.provider,
        )


def prompt(asked: ModelQuestion, passages: Sequence[Passage]) -> Prompt:
    answer = asked.question.answer
    assert answer is not None
    shape = template(TASK, PROMPTS)
    criteria = asked.question.instructions
    system, user = shape.rendered(
        {
            "speaker": answer.speaker.value,
            "present": answer.present,
            "absent": answer.absent,
            "question": harmless(asked.question.title),
            "criteria": f"What counts: {harmless(criteria)}" if criteria else "",
            "passages": "\n".join(
                f'<passage number="{each.number}" by="{each.title}">{harmless(each.text)}</passage>'
                for each in passages
            ),
        }
    )
    messages = (PromptMessage("system", system), PromptMessage("user", user))
    return Prompt(messages, MAX_TOKENS, _schema(len(passages), answer.present, answer.absent), shape.id)


def _schema(passages: int, present: str, absent: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "answer": {"type": "string", "enum": [present, absent, CANNOT_SAY]},
            "passages": {"type": "array", "items": {"type": "integer", "enum": [*range(1, passages + 1)]}},
        },
        "required": ["answer", "passages"],
        "additionalProperties": False,
    }


def read(raw: str, passages: Sequence[Passage], values: Mapping[str, bool | None], present: str) -> Checked:
    """Raises NotUsable for anything but one of the answers with passages that there are; a yes must show one."""
    try:
        answer: Any = json.loads(raw.strip().removeprefix("```json").removeprefix("```").removesuffix("```"))
        value, numbers = answer["answer"], answer["passages"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NotUsable("the text is not the JSON object that was asked for") from None
    known = {passage.number: passage for passage in passages}
    if not isinstance(value, str) or value not in values:
        raise NotUsable("the answer is none of those that were asked for")
    if not isinstance(numbers, list) or any(type(each) is not int or each not in known for each in numbers):
        raise NotUsable("the answer cites passages that there are not")
    if value == present and not numbers:
        raise NotUsable("the answer shows no passage")
    return Checked(value, tuple(known[number] for number in sorted(set(numbers))))
