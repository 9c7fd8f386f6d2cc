"""The queue of examples in the manager's app: what is worth a look first, one answer each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any

from pydantic import Field

from sotto.api.caller import Caller, Unauthorised
from sotto.api.panel.ports import AgentPorts
from sotto.api.panel.request_models import BadRequest, Id, RequestModel
from sotto.api.roles import Action, Reach
from sotto.learning.example import Example
from sotto.learning.review import use_cases
from sotto.learning.review.use_cases import NoSuchExample, UnknownLabel
from sotto.learning.review.votes import NotAllowed, people_needed
from sotto.realtime.shapes import Shape

AT_ONCE = 20


class QueueRequest(RequestModel):
    limit: Annotated[int, Field(ge=1, le=use_cases.MOST_AT_ONCE)] | None = None


class JudgedRequest(RequestModel):
    contact_id: Id
    utterance_id: Id


class JudgeRequest(JudgedRequest):
    """``label`` None: an example of nothing."""

    label: Id | None = None


@contextmanager
def _with_the_reason() -> Iterator[None]:
    """What the rules refuse, in their own words: they hold nothing of the call."""
    try:
        yield
    except (NotAllowed, NoSuchExample, UnknownLabel) as error:
        raise BadRequest(str(error)) from None


def example_queue(asked: QueueRequest, caller: Caller, ports: AgentPorts) -> list[Shape]:
    _admitted(caller)
    limit = asked.limit or AT_ONCE
    needed = _needed(caller, ports)
    return [
        _shape(each, needed) for each in use_cases.next_examples(caller.tenant, caller.agent, limit, ports.learning)
    ]


def example_labels(asked: RequestModel, caller: Caller, ports: AgentPorts) -> list[str]:
    _admitted(caller)
    return list(use_cases.labels_of(caller.tenant, ports.books, ports.learning.new_intents))


def judge_example(asked: JudgeRequest, caller: Caller, ports: AgentPorts) -> Shape:
    """Raises Unauthorised and BadRequest."""
    _admitted(caller)
    place = (caller.tenant, caller.agent, asked.contact_id, asked.utterance_id)
    with _with_the_reason():
        return _shape(use_cases.vote(*place, asked.label or "", ports.learning), _needed(caller, ports))


def withdraw_judgement(asked: JudgedRequest, caller: Caller, ports: AgentPorts) -> Shape:
    """Raises Unauthorised and BadRequest."""
    _admitted(caller)
    place = (caller.tenant, caller.agent, asked.contact_id, asked.utterance_id)
    with _with_the_reason():
        return _shape(use_cases.withdraw_vote(*place, ports.learning), _needed(caller, ports))


def reviewing(asked: RequestModel, caller: Caller, ports: AgentPorts) -> Shape:
    _admitted(caller)
    found = use_cases.reviewing(caller.tenant, caller.agent, ports.learning)
    return {"waiting": found.waiting, "needed": found.needed, "compared": found.compared, "agreed": found.agreed}


def _needed(caller: Caller, ports: AgentPorts) -> int:
    return ports.books.current(caller.tenant).settings.learning.reviewers


def _admitted(caller: Caller) -> None:
    if Reach.ANY not in caller.reach(Action.JUDGE_EXAMPLES):
        raise Unauthorised("role: examples are judged by quality managers")


def _shape(each: Example, needed: int) -> Shape:
    """A gold question looks like any other; of the others it is said how many have answered, not what."""
    return {
        "contactId": each.contact_id,
        "utteranceId": each.utterance_id,
        "text": each.text,
        "proposed": each.proposed or None,
        "source": each.source.value.upper(),
        "confidence": each.confidence,
        "warnings": list(each.warnings),
        "state": each.state.value.upper(),
        "label": each.label or None,
        "answers": len(each.votes),
        "needed": people_needed(each, needed),
    }


FIELDS: Mapping[str, tuple[type[RequestModel], Callable[[Any, Caller, AgentPorts], Any]]] = {
    "Query.exampleQueue": (QueueRequest, example_queue),
    "Query.exampleLabels": (RequestModel, example_labels),
    "Query.reviewing": (RequestModel, reviewing),
    "Mutation.judgeExample": (JudgeRequest, judge_example),
    "Mutation.withdrawJudgement": (JudgedRequest, withdraw_judgement),
}
