"""What the panel displays for an action."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sotto.graph.node import ANSWERING, NodeResult, NodeStatus
from sotto.tenants.playbook import PlaybookAction


def shown(action: PlaybookAction) -> dict[str, Any]:
    show: dict[str, Any] = {"title": action.show.title, "text": action.show.text}
    if action.show.reply:
        show["reply"] = action.show.reply
    return show if action.expires_ms is None else {**show, "expires_ms": action.expires_ms}


def best_answer(action: PlaybookAction, result: NodeResult) -> Mapping[str, Any] | None:
    assert action.answer is not None
    usable = result.status in (NodeStatus.OK, NodeStatus.DEGRADED)
    if result.task not in ANSWERING or result.node_id != action.answer.model or not usable:
        return None
    answers: list[Mapping[str, Any]] = list(result.output.get("answers", ()))
    sure = [answer for answer in answers if float(answer["confidence"]) >= action.answer.at_least]
    return sure[0] if sure else None


def answered(action: PlaybookAction, best: Mapping[str, Any]) -> dict[str, Any]:
    """``best`` is a passage that was found, or a text that was written and brings its citations."""
    citation = {"article": best["article"], "title": best.get("title", ""), "quote": best["text"]}
    show = shown(action)
    title = show["title"].replace("{article}", citation["title"])
    card = {**show, "title": title, "text": best["text"], "citations": best.get("citations") or [citation]}
    return {**card, "reply": best["reply"]} if "reply" in best else card
