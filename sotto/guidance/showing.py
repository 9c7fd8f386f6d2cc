"""What the panel displays for an action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sotto.graph.node import ANSWERING, NodeResult, NodeStatus
from sotto.tenants.guidance_settings import GuidanceSettings
from sotto.tenants.playbook import PlaybookAction

INTENT = "intent"


@dataclass(frozen=True, slots=True)
class Answer:
    """A passage that was found, or a text that was written and brings its citations. ``confidence``: that it answers
    what was said."""

    found: Mapping[str, Any]
    confidence: float

    @property
    def article(self) -> str:
        return str(self.found["article"])


def life_ms(action: PlaybookAction, settings: GuidanceSettings) -> int | None:
    """How long its card stays of use; None for one that stays until it is taken back."""
    if action.expires_ms is not None or action.withdraw_when is not None:
        return action.expires_ms
    return settings.card_life_ms


def shown(action: PlaybookAction, settings: GuidanceSettings) -> dict[str, Any]:
    life, source = life_ms(action, settings), action.show.source
    optional = {
        "reply": action.show.reply,
        "done_text": action.show.done_text,
        "citations": [source.model_dump()] if source else (),
        "expires_ms": life,
    }
    kept = {name: value for name, value in optional.items() if value}
    return {"title": action.show.title, "text": action.show.text, **kept}


def best_answer(
    action: PlaybookAction,
    result: NodeResult,
    results: Sequence[NodeResult] = (),
    answers_to: Mapping[str, tuple[str, ...]] | None = None,
) -> Answer | None:
    """The surest. Of an article that names the intents which it answers, what the intent model said of this utterance
    counts as much as the search: shared words alone find "no monthly fee" among the accounts for students."""
    assert action.answer is not None
    usable = result.status in (NodeStatus.OK, NodeStatus.DEGRADED)
    if result.task not in ANSWERING or result.node_id != action.answer.model or not usable:
        return None
    intents = _intents(results)
    sure = [
        Answer(found, _joint(float(found["confidence"]), (answers_to or {}).get(found["article"], ()), intents))
        for found in result.output.get("answers", ())
    ]
    best = max(sure, key=lambda answer: answer.confidence, default=None)
    return best if best is not None and best.confidence >= action.answer.at_least else None


def _intents(results: Sequence[NodeResult]) -> Mapping[str, float] | None:
    """Confidence by intent; None when no intent model has answered."""
    outputs = [result.output for result in results if result.task == INTENT and "label" in result.output]
    return {label: share for output in outputs for label, share in _shares(output).items()} if outputs else None


def _shares(output: Mapping[str, Any]) -> Mapping[str, float]:
    return output.get("scores") or {output["label"] or "": float(output.get("confidence", 0.0))}


def _joint(found: float, named: Sequence[str], intents: Mapping[str, float] | None) -> float:
    if not named or intents is None:
        return found
    return round((found + max(float(intents.get(intent, 0.0)) for intent in named)) / 2, 4)


def answered(action: PlaybookAction, best: Answer, settings: GuidanceSettings) -> dict[str, Any]:
    found = best.found
    citation = {"article": best.article, "title": found.get("title", ""), "quote": found["text"]}
    show = shown(action, settings)
    title = show["title"].replace("{article}", citation["title"])
    card = {**show, "title": title, "text": found["text"], "citations": found.get("citations") or [citation]}
    return {**card, "reply": found["reply"]} if "reply" in found else card
