"""Named agents of workflows: one question about the conversation, answered by whoever writes for the tenant within the
agent's budgets, and otherwise in the words that were spoken.

What the customer said is data between marks, as in every prompt; the question is the definition's; the tools that the
agent has were asked before, and it can ask for no other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from sotto.after_call.stored_call import Call, FeedbackReader, stored_call
from sotto.api.ask.ask import read_by_a_model
from sotto.api.ask.search import found_in
from sotto.call.contact import Contact
from sotto.call.utterance import Utterance
from sotto.generation.chain import TextOutcome
from sotto.generation.citations import Checked, NotUsable
from sotto.guidance.stored_call import StoredCall
from sotto.knowledge.passages import Passage
from sotto.workflows.definition import NamedAgent
from sotto.workflows.tools import AgentAnswer

MOST_QUOTED = 3
LONGEST = 900
MOST_FOUND = 20


class AgentWriter(Protocol):
    def recall(
        self, tenant: str, question: str, passages: Sequence[Passage], *, timeout_ms: float, agent: str = ""
    ) -> tuple[Checked, TextOutcome]: ...


class RecallingAgents:
    """Agents."""

    def __init__(self, calls: StoredCall, feedback: FeedbackReader, writer: AgentWriter) -> None:
        self._calls = calls
        self._feedback = feedback
        self._writer = writer

    def answer(self, agent: NamedAgent, contact: Contact, found: Mapping[str, Any], *, by_model: bool) -> AgentAnswer:
        call = stored_call(contact, self._calls, self._feedback)
        best = [each.utterance for each in found_in(agent.prompt, call)] or list(call.utterances[:MOST_QUOTED])
        written = self._written(agent, contact, call, best, found) if by_model else None
        return written or _quoted(best, found)

    def _written(
        self, agent: NamedAgent, contact: Contact, call: Call, best: Sequence[Utterance], found: Mapping[str, Any]
    ) -> AgentAnswer | None:
        passages = _with_found(read_by_a_model(call, best), found)
        try:
            _, outcome = self._writer.recall(
                contact.tenant, agent.prompt, passages, timeout_ms=agent.timeout_ms, agent=agent.name
            )
        except NotUsable:
            return None
        if outcome.checked is None or not outcome.checked.text:
            return None
        cited = tuple(dict.fromkeys(each.article for each in outcome.checked.citations if each.article))
        return AgentAnswer(outcome.checked.text[:LONGEST], "model", cited)


def _with_found(passages: Sequence[Passage], found: Mapping[str, Any]) -> tuple[Passage, ...]:
    """What the agent's tools gave, behind what was said, each with the utterance that it rests on."""
    there = {each.text for each in passages}
    more = [(text, rests_on) for text, rests_on in _texts(found) if text not in there][:MOST_FOUND]
    last = len(passages)
    noted = [
        replace(passages[0], number=last + n, text=text, article=rests_on, title="noted", start=0, end=0)
        for n, (text, rests_on) in enumerate(more, 1)
        if passages
    ]
    return (*passages, *noted)


def _texts(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    items = [each for result in found.values() for each in (*result.get("items", ()), *result.get("lines", ()))]
    texts = [(str(each.get("text") or each.get("title") or ""), (each.get("rests_on") or [""])[0]) for each in items]
    return [(text, rests_on) for text, rests_on in texts if text]


def _quoted(best: Sequence[Utterance], found: Mapping[str, Any]) -> AgentAnswer:
    """What a tool has found says it in fewer words than the call itself."""
    if texts := _texts(found)[:MOST_QUOTED]:
        return AgentAnswer(" ".join(text for text, _ in texts)[:LONGEST], "quoted", tuple(r for _, r in texts if r))
    quoted = sorted(best[:MOST_QUOTED], key=lambda each: each.seq)
    text = " ".join(each.text for each in quoted)[:LONGEST]
    return AgentAnswer(text, "quoted" if text else "none", tuple(each.id for each in quoted))
