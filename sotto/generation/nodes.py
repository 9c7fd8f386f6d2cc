"""Generative nodes of the inference graph: reply suggestion, knowledge-assist answer, call summary."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sotto.call.utterance import Utterance
from sotto.core.clock import Clock
from sotto.generation import extractive
from sotto.generation.chain import GenerationChain, TextOutcome, TextRequest
from sotto.generation.citations import Checked, NotUsable, checked
from sotto.generation.conversation_so_far import NOTHING_BEFORE, ConversationSoFar, ReadsConversation
from sotto.generation.prompts import Task, prompt
from sotto.graph.node import NodeCall, NodeResult, NodeRouter, NodeStatus, Output
from sotto.inference.side_by_side import Job, SideBySide, Threads, failed, routing
from sotto.knowledge.passages import Passage, retrieved, spoken

House = Callable[[str], str]
"""A tenant's own wording that texts may use beside the passages: offers and figures of its playbook."""

_TASKS = frozenset(Task)
NO_ARTICLE = "no article"
"""The reason of a node that was asked and found that no article answers."""


class GenerativeNodes:
    """Never raises: what no provider could write is quoted, and what cannot be quoted is a degraded result.

    Outputs: sotto.graph.node; beside them ``dropped`` says why sentences were left out. ``conversation``: what replies
    and answers may take into account; without it they know the words that they answer, and no more.
    """

    def __init__(
        self,
        chain: GenerationChain,
        clock: Clock,
        *,
        house: House = lambda tenant: "",
        conversation: ReadsConversation | None = None,
    ) -> None:
        self._chain = chain
        self._clock = clock
        self._house = house
        self._conversation = conversation

    def run(self, call: NodeCall) -> NodeResult:
        """``call.inputs`` holds what the knowledge nodes that it comes ``after`` have found."""
        started = self._clock.monotonic_ms()
        utterance, passages = call.utterance, retrieved(call.inputs)
        if not passages and any("answers" in output for output in call.inputs.values()):
            return self._result(call, started, NodeStatus.OK, _nothing(()), reason=NO_ARTICLE)
        try:
            written, outcome = self._text(
                Task(call.node.task),
                utterance.tenant,
                passages,
                started + call.node.deadline_ms,
                utterance.text,
                str(utterance.speaker),
                self._before(utterance) if passages else NOTHING_BEFORE,
            )
        except NotUsable as error:
            return self._result(call, started, NodeStatus.DEGRADED, reason=str(error))
        status = NodeStatus.OK if outcome.checked and not outcome.reasons else NodeStatus.DEGRADED
        if not written.text:
            return self._result(call, started, status, _nothing(()), outcome, "; ".join((*outcome.reasons, NO_ARTICLE)))
        return self._result(
            call, started, status, _output(call.node.task, written), outcome, "; ".join(outcome.reasons)
        )

    def answer(
        self, asked: Utterance, passages: Sequence[Passage], *, timeout_ms: float
    ) -> tuple[Checked, TextOutcome]:
        """To what an agent typed during a call. Without text where the passages hold no answer. Raises NotUsable when
        there are none."""
        until = self._clock.monotonic_ms() + timeout_ms
        so_far = self._before(asked) if passages else NOTHING_BEFORE
        return self._text(Task.ANSWER, asked.tenant, passages, until, asked.text, "the agent who asks", so_far)

    def summary(
        self, tenant: str, utterances: Iterable[Utterance], *, timeout_ms: float
    ) -> tuple[Checked, TextOutcome]:
        """Of a call, with its utterances as passages. Raises NotUsable when nothing was said."""
        return self._text(Task.SUMMARY, tenant, spoken(utterances), self._clock.monotonic_ms() + timeout_ms)

    def recall(
        self, tenant: str, question: str, passages: Sequence[Passage], *, timeout_ms: float, agent: str = ""
    ) -> tuple[Checked, TextOutcome]:
        """The answer to an agent's question about a call, out of ``passages``. ``agent``: the named agent of a workflow
        that asks, for its budget. Raises NotUsable when there are none."""
        until = self._clock.monotonic_ms() + timeout_ms
        return self._text(Task.RECALL, tenant, passages, until, question, "the agent who asks", agent=agent)

    def _before(self, utterance: Utterance) -> ConversationSoFar:
        return self._conversation.before(utterance) if self._conversation is not None else NOTHING_BEFORE

    def _text(
        self,
        task: Task,
        tenant: str,
        passages: Sequence[Passage],
        deadline_ms: float,
        spoken: str = "",
        speaker: str = "",
        so_far: ConversationSoFar = NOTHING_BEFORE,
        agent: str = "",
    ) -> tuple[Checked, TextOutcome]:
        if not passages:  # nothing could be cited, so no model is paid for guessing
            raise NotUsable("no passage was found to answer from")
        house = self._house(tenant)
        request = TextRequest(
            tenant,
            task,
            prompt(task, spoken, passages, speaker=speaker, house=house, so_far=so_far),
            lambda raw: checked(task, raw, passages, house=house, spoken=f"{so_far.words()}\n{spoken}"),
            deadline_ms,
            agent,
        )
        outcome = self._chain.write(request)
        if outcome.is_off:
            raise NotUsable("a budget of this month is spent, and wants nothing in a model's place")
        return outcome.checked or extractive.extracted(task, passages, spoken), outcome

    def _result(
        self,
        call: NodeCall,
        started_ms: float,
        status: NodeStatus,
        output: Output | None = None,
        outcome: TextOutcome | None = None,
        reason: str = "",
    ) -> NodeResult:
        served_by = _served_by(outcome) if outcome else {}
        took = {"generate": self._clock.monotonic_ms() - started_ms}
        return NodeResult(call.node.id, call.node.task, status, output or {}, served_by, took, reason)


class GenerativeRouter:
    """A router that also writes: generative tasks go to ``nodes``, all others where they went before."""

    def __init__(self, others: NodeRouter, nodes: GenerativeNodes, *, side_by_side: SideBySide | None = None) -> None:
        self._others = others
        self._nodes = nodes
        self._side_by_side = side_by_side or Threads(name="writing")

    def route(self, call: NodeCall) -> NodeResult:
        return self._nodes.run(call) if call.node.task in _TASKS else self._others.route(call)

    def route_all(self, calls: Sequence[NodeCall]) -> Sequence[NodeResult]:
        """The texts are written beside what the other router answers in its own way."""
        others = [place for place, call in enumerate(calls) if call.node.task not in _TASKS]
        if len(others) == len(calls):
            return self._others.route_all(calls)
        results = [failed(call, "NotRouted") for call in calls]

        def other() -> Iterable[Job]:
            answered = self._others.route_all([calls[place] for place in others])
            for place, result in zip(others, answered, strict=True):
                results[place] = result
            return ()

        written = [
            routing(self._nodes.run, call, results, place)
            for place, call in enumerate(calls)
            if call.node.task in _TASKS
        ]
        self._side_by_side.run([other, *written] if others else written)
        return results


def _served_by(outcome: TextOutcome) -> dict[str, str]:
    provider = outcome.provider or extractive.NAME
    prompt = {"prompt": outcome.prompt} if outcome.prompt else {}
    return {"model": outcome.model or provider, "endpoint": provider, **prompt}


def _nothing(dropped: Sequence[str]) -> Output:
    return {"answers": [], "dropped": list(dropped)}


def _output(task: str, text: Checked) -> Output:
    """A text that cites nothing has no confidence, and manners alone are no guidance: there is no answer then."""
    dropped = list(text.dropped)
    if not text.citations:
        return _nothing(dropped)
    best = max(text.citations, key=lambda passage: passage.confidence)
    answer = {
        "text": text.text,
        "article": best.article,
        "title": best.title,
        "start": best.start,
        "end": best.end,
        "confidence": best.confidence,
        "citations": [passage.citation for passage in text.citations],
    }
    if task == Task.REPLY:
        answer |= {"reply": text.text, "text": best.text}
    return {"answers": [answer], "dropped": dropped}
