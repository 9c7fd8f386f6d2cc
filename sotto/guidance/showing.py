"""What the panel displays for an action."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sotto.graph.node import ANSWERING, NodeResult, NodeStatus
from sotto.tenants.guidance_settings import GuidanceSettings
from sotto.tenants.playbook import PlaybookAction


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


def best_answer(action: PlaybookAction, result: NodeResult) -> Mapping[str, Any] | None:
    assert action.answer is not None
    usable = result.status in (NodeStatus.OK, NodeStatus.DEGRADED)
    if result.task not in ANSWERING or result.node_id != action.answer.model or not usable:
        return None
    answers: list[Mapping[str, Any]] = list(result.output.get("answers", ()))
    sure = [answer for answer in answers if float(answer["confidence"]) >= action.answer.at_least]
    return sure[0] if sure else None


def answered(action: PlaybookAction, best: Mapping[str, Any], settings: GuidanceSettings) -> dict[str, Any]:
    """``best`` is a passage that was found, or a text that was written and brings its citations."""
    citation = {"article": best["article"], "title": best.get("title", ""), "quote": best["text"]}
    citation |= {name: best[name] for name in ("source", "date") if best.get(name)}
    show = shown(action, settings)
    title = show["title"].replace("{article}", citation["title"])
    card = {**show, "title": title, "text": best["text"], "citations": best.get("citations") or [citation]}
    return {**card, "reply": best["reply"]} if "reply" in best else card
