"""Workflows: what is done about a conversation over days, with people where people decide."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from sotto.api.rest.cursor import name_after, next_name
from sotto.api.rest.fields import AtMs, Cursor, Id, Next
from sotto.api.rest.route import ApiPorts, Asked, Example, Shown, Wanted, route
from sotto.api.roles import Action
from sotto.realtime.shapes import Shape
from sotto.workflows.run import RunState, StepState
from sotto.workflows.start import NoSuchStep, NotWaiting
from sotto.workflows.store import NoSuchRun

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,63}$")]
StepKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.?\[\]]{1,200}$")]


class InWords(Shown):
    en: str
    de: str


class WorkflowRow(Shown):
    id: str
    contact_id: str
    workflow: str
    title: InWords
    state: RunState
    started_at_ms: AtMs
    agent: str | None
    team: str | None
    waits_since_ms: Annotated[AtMs | None, Field(description="For a person.")]


class WorkflowRuns(Shown):
    data: list[WorkflowRow]
    next: Next


class WorkflowStep(Shown):
    key: Annotated[str, Field(description="Of the step in this run; each item of a map has its own.")]
    kind: str
    state: StepState
    at_ms: AtMs
    until_ms: AtMs | None
    by: Annotated[str | None, Field(description="Who decided; null where the time was over.")]
    reason: Annotated[str | None, Field(description="In their words, or what failed.")]
    choice: str | None
    origin: Annotated[str | None, Field(description="Of an agent's text: model, quoted or none.")]
    texts: list[str]


class WorkflowChoice(Shown):
    id: str
    title: InWords


class ShownToPerson(Shown):
    name: str
    texts: list[str]


class HandOff(Shown):
    step: Annotated[str, Field(description="To send with the decision.")]
    title: InWords
    choices: list[WorkflowChoice]
    since_ms: AtMs
    until_ms: AtMs
    shown: list[ShownToPerson]


class WorkflowRun(Shown):
    id: str
    contact_id: str
    workflow: str
    title: InWords
    state: RunState
    started_by: str
    started_at_ms: AtMs
    changed_at_ms: AtMs
    forked_from: str | None
    steps: list[WorkflowStep]
    waiting: Annotated[HandOff | None, Field(description="What a person is asked.")]


class WorkflowDefinition(Shown):
    name: str
    title: InWords
    about: InWords
    starts_on: Annotated[list[str], Field(description="Events that start it, once for each conversation.")]
    steps: list[str]
    is_on: Annotated[bool, Field(description="Whether the tenant has turned it on for events.")]
    acts_alone: list[str]


class WorkflowDefinitions(Shown):
    data: list[WorkflowDefinition]


class WantedRuns(Wanted):
    waiting: Annotated[bool, Field(description="Only those that wait for a person.")] = False
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    cursor: Cursor | None = None


class WantedRun(Wanted):
    workflow: Name
    contact_id: Id


class WantedDecision(Wanted):
    step: StepKey
    choice: Name
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""


class WantedFork(Wanted):
    step: Annotated[StepKey, Field(description="It is done anew, and all after it.")]


_ID = "wf_1790000000000_00000000000000aa"
_PATH = {"workflow_id": _ID}
_TITLE = {"en": "Complaints get a person", "de": "Beschwerden bekommen eine Person"}
_RUN = {
    "id": _ID, "contact_id": "c1", "workflow": "complaint_hand_off", "title": _TITLE, "state": "running",
    "started_by": "key:a1", "started_at_ms": 1_790_000_000_000, "changed_at_ms": 1_790_000_000_000,
    "forked_from": None, "steps": [], "waiting": None,
}  # fmt: skip
_WAITING = _RUN | {
    "state": "waiting",
    "waiting": {
        "step": "taken",
        "title": {"en": "A customer complains - who takes it on?", "de": "Jemand beschwert sich - wer übernimmt?"},
        "choices": [{"id": "taken", "title": {"en": "I take it on", "de": "Ich übernehme"}}],
        "since_ms": 1_790_000_000_000, "until_ms": 1_790_172_800_000,
        "shown": [{"name": "brief.text", "texts": ["I want to leave."]}],
    },
}  # fmt: skip


@route(
    "GET", "/v1/workflows", action=Action.READ_WORKFLOWS, scope="workflows:read", query=WantedRuns,
    answers=WorkflowRuns,
    example=Example(
        role="quality", query={"waiting": "true"},
        answer={
            "data": [{
                "id": _ID, "contact_id": "c1", "workflow": "complaint_hand_off", "title": _TITLE, "state": "waiting",
                "started_at_ms": 1_790_000_000_000, "agent": "emma", "team": "service",
                "waits_since_ms": 1_790_000_000_000,
            }],
            "next": None,
        },
    ),
)  # fmt: skip
def list_workflows(asked: Asked, ports: ApiPorts) -> Shape:
    """Runs of workflows, the latest started first; or those that wait for a person."""
    from sotto.api.workflows.shapes import row_shape
    from sotto.api.workflows.use_cases import list_runs

    wanted: WantedRuns = asked.query
    what = "workflows waiting" if wanted.waiting else "workflows"
    before = name_after(wanted.cursor, what, asked, ports)
    found = list_runs(asked.caller, ports.panel(), waiting=wanted.waiting, before=before, limit=wanted.limit)
    return {
        "data": [row_shape(each) for each in found.rows],
        "next": next_name(found.goes_on or None, what, asked, ports),
    }


@route(
    "GET", "/v1/workflows/definitions", action=Action.READ_WORKFLOWS, scope="workflows:read",
    answers=WorkflowDefinitions,
    example=Example(
        role="quality",
        answer={
            "data": [{
                "name": "complaint_hand_off", "title": _TITLE,
                "about": {"en": "Who complains is looked after.", "de": "Wer sich beschwert, wird betreut."},
                "starts_on": ["summary.ready"], "steps": ["spoken", "brief"], "is_on": False, "acts_alone": [],
            }],
        },
    ),
)  # fmt: skip
def list_workflow_definitions(asked: Asked, ports: ApiPorts) -> Shape:
    """The workflows that there are, and which of them the tenant has turned on."""
    from sotto.api.workflows.shapes import definition_shape
    from sotto.api.workflows.use_cases import definitions

    known, turned_on = definitions(asked.caller, ports.panel())
    return {
        "data": [
            definition_shape(each, is_on=each.name in turned_on, acts_alone=list(turned_on.get(each.name, ())))
            for each in known
        ]
    }


@route(
    "POST", "/v1/workflows", action=Action.RUN_WORKFLOWS, scope="workflows:write", body=WantedRun,
    answers=WorkflowRun, status=202,
    example=Example(
        role="quality", body={"workflow": "complaint_hand_off", "contact_id": "c1"}, answer=_RUN
    ),
)  # fmt: skip
def start_workflow(asked: Asked, ports: ApiPorts) -> Shape:
    """Start a workflow about a conversation. It goes on by itself; read it, or have webhooks say when it waits."""
    from sotto.api.workflows.shapes import run_shape
    from sotto.api.workflows.use_cases import start

    wanted: WantedRun = asked.body
    return run_shape(start(asked.caller, wanted.workflow, wanted.contact_id, ports.panel()))


@route(
    "GET", "/v1/workflows/{workflow_id}", action=Action.READ_WORKFLOWS, scope="workflows:read", answers=WorkflowRun,
    absent=(NoSuchRun,), example=Example(path=_PATH, role="quality", answer=_WAITING),
)  # fmt: skip
def get_workflow(asked: Asked, ports: ApiPorts) -> Shape:
    """One run: what was done so far, and what it waits for."""
    from sotto.api.workflows.shapes import run_shape
    from sotto.api.workflows.use_cases import one_run

    return run_shape(one_run(asked.caller, asked.path["workflow_id"], ports.panel()))


@route(
    "PUT", "/v1/workflows/{workflow_id}/continue", action=Action.DECIDE_WORKFLOWS, scope="workflows:write",
    body=WantedDecision, answers=WorkflowRun, absent=(NoSuchRun,), conflict=(NotWaiting,),
    example=Example(
        path=_PATH, role="quality", body={"step": "taken", "choice": "taken", "reason": "I know the case."}, answer=_RUN
    ),
)  # fmt: skip
def continue_workflow(asked: Asked, ports: ApiPorts) -> Shape:
    """Decide what a run waits for. The same decision again changes nothing; another one is refused."""
    from sotto.api.workflows.shapes import run_shape
    from sotto.api.workflows.use_cases import continue_run

    wanted: WantedDecision = asked.body
    return run_shape(
        continue_run(asked.caller, asked.path["workflow_id"], wanted.step, wanted.choice, wanted.reason, ports.panel())
    )


@route(
    "POST", "/v1/workflows/{workflow_id}/fork", action=Action.RUN_WORKFLOWS, scope="workflows:write",
    body=WantedFork, answers=WorkflowRun, status=202, absent=(NoSuchRun, NoSuchStep),
    example=Example(path=_PATH, role="quality", body={"step": "taken"}, answer=_RUN | {"forked_from": _ID}),
)  # fmt: skip
def fork_workflow(asked: Asked, ports: ApiPorts) -> Shape:
    """A new run that has what this one came to before a step, and does that step and all after it anew."""
    from sotto.api.workflows.shapes import run_shape
    from sotto.api.workflows.use_cases import fork_run

    wanted: WantedFork = asked.body
    return run_shape(fork_run(asked.caller, asked.path["workflow_id"], wanted.step, ports.panel()))


@route(
    "DELETE", "/v1/workflows/{workflow_id}", action=Action.RUN_WORKFLOWS, scope="workflows:write",
    answers=WorkflowRun, absent=(NoSuchRun,),
    example=Example(path=_PATH, role="quality", answer=_RUN | {"state": "cancelled"}),
)  # fmt: skip
def cancel_workflow(asked: Asked, ports: ApiPorts) -> Shape:
    """Cancel a run; one that is over stays as it is."""
    from sotto.api.workflows.shapes import run_shape
    from sotto.api.workflows.use_cases import cancel_run

    return run_shape(cancel_run(asked.caller, asked.path["workflow_id"], ports.panel()))
