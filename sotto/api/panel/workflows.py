"""What workflows wait for, on the manager's app. Who may see and decide which is asked by each use case."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from sotto.api.caller import Caller
from sotto.api.panel.ports import AgentPorts
from sotto.api.panel.request_models import BadRequest, RequestModel
from sotto.realtime.shapes import Shape

RunId = Annotated[str, StringConstraints(pattern=r"^wf_[0-9]{13}_[0-9a-f]{16}$")]


class WorkflowsRequest(RequestModel):
    first: Annotated[int, Field(ge=1, le=100)] = 25
    after: RunId | None = None
    only_waiting: bool = True


class AboutWorkflow(RequestModel):
    workflow_id: RunId


class DecidedWorkflow(AboutWorkflow):
    step: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    choice: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] | None = None


@contextmanager
def _with_the_reason() -> Iterator[None]:
    from sotto.workflows.start import NotWaiting, UnknownChoice
    from sotto.workflows.store import NoSuchRun

    try:
        yield
    except (NoSuchRun, NotWaiting, UnknownChoice) as error:
        raise BadRequest(str(error)) from None


def workflows(asked: WorkflowsRequest, caller: Caller, ports: AgentPorts) -> Shape:
    from sotto.api.workflows.shapes import row_shape
    from sotto.api.workflows.use_cases import list_runs

    found = list_runs(caller, ports, waiting=asked.only_waiting, before=asked.after or "", limit=asked.first)
    return {"workflows": [_upper(row_shape(each)) for each in found.rows], "cursor": found.goes_on or None}


def workflow(asked: AboutWorkflow, caller: Caller, ports: AgentPorts) -> Shape:
    from sotto.api.workflows.use_cases import one_run

    with _with_the_reason():
        return _shape(one_run(caller, asked.workflow_id, ports))


def decide_workflow(asked: DecidedWorkflow, caller: Caller, ports: AgentPorts) -> Shape:
    from sotto.api.workflows.use_cases import continue_run

    with _with_the_reason():
        return _shape(continue_run(caller, asked.workflow_id, asked.step, asked.choice, asked.reason or "", ports))


def cancel_workflow(asked: AboutWorkflow, caller: Caller, ports: AgentPorts) -> Shape:
    from sotto.api.workflows.use_cases import cancel_run

    with _with_the_reason():
        return _shape(cancel_run(caller, asked.workflow_id, ports))


def _shape(run: Any) -> Shape:
    from sotto.api.workflows.shapes import run_shape

    shape = _upper(run_shape(run))
    return {**shape, "steps": [_upper(each) for each in shape["steps"]]}


def _upper(shape: Shape) -> Shape:
    """GraphQL's enumerations."""
    return {**shape, "state": shape["state"].upper()}


FIELDS: Mapping[str, tuple[type[RequestModel], Callable[[Any, Caller, AgentPorts], Any]]] = {
    "Query.workflows": (WorkflowsRequest, workflows),
    "Query.workflow": (AboutWorkflow, workflow),
    "Mutation.decideWorkflow": (DecidedWorkflow, decide_workflow),
    "Mutation.cancelWorkflow": (AboutWorkflow, cancel_workflow),
}
