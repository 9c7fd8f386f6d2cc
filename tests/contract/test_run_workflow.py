"""Contract: run_workflow.asl.json, run unchanged: it waits for a time and for a person, and goes on when either is
there. Days pass by hand."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any

import pytest

from functions.specs import everything
from local.aws import step_functions
from local.aws.resources import create, create_table
from local.aws.stack import EmbeddedAws
from local.options import REPOSITORY
from sotto.aws import keys
from sotto.aws.table import Table
from sotto.call.envelope import Envelope, event_from
from sotto.call.events import Event
from sotto.core.resources import CONTACTS, RUN_WORKFLOW, Resources
from sotto.core.validation import read_event
from sotto.workflows.adapters.dynamodb_runs import DynamoRuns
from sotto.workflows.adapters.step_functions import StepFunctionsMachine
from sotto.workflows.advance import ORDERS, AdvanceOrder, AdvancePorts, HandOffOrder, advance, give_up, hand_off
from sotto.workflows.reading import shipped
from sotto.workflows.run import RunState, WorkflowRun
from sotto.workflows.start import BeginPorts, RunPorts, StartPorts, cancel, decide, start_by_hand, take_event
from tests.fakes.clock import ClockByHand
from tests.fakes.retention import KeptUntil
from tests.fakes.workflows import AgentsInMemory, ToolsInMemory
from tests.unit.workflows.world import CONTACT, DAY_MS, NOW_MS, NoConsents, OneContact

WITHIN_S = 60.0
GIVES = {"find_spoken": {"count": 1, "items": [{"text": "I complain"}]}, "note_in_crm": {"systems": ["crm"]}}


class Office:
    """``failing``: how often the function that carries runs on dies."""

    def __init__(self, aws: EmbeddedAws) -> None:
        self.failing = 0
        (machine,) = (each for each in everything().state_machines if each.name == RUN_WORKFLOW.name)
        specs = tuple(each for each in everything().functions if each.name in machine.functions)
        resources = Resources(functions=specs, state_machines=(machine,))
        self.arn = create(resources, aws.functions, aws.engineer, REPOSITORY)[RUN_WORKFLOW.name]
        aws.functions.register(specs[0], self._advance)
        create_table(replace(CONTACTS, stream=None), aws.engineer("dynamodb"))
        self.client = aws.engineer("stepfunctions")
        self.table = Table(aws.engineer("dynamodb"), CONTACTS.name)
        self.runs, self.clock, self.tools = (
            DynamoRuns(self.table, KeptUntil()),
            ClockByHand(NOW_MS),
            ToolsInMemory(GIVES),
        )
        self.machine = StepFunctionsMachine(self.client, self.arn)
        contacts, consents = OneContact(), NoConsents()
        self.ports = AdvancePorts(self.runs, contacts, consents, self.tools, AgentsInMemory(), self.machine, self.clock)
        self.begin = BeginPorts(self.runs, consents, shipped, lambda tenant: {}, self.clock)
        self.start = StartPorts(self.begin, contacts, self.tools, self.machine)
        self.managed = RunPorts(self.runs, self.clock)
        self.taken: set[str] = set()

    def _advance(self, event: dict[str, Any], _: Any) -> Mapping[str, Any]:
        if self.failing > 0:
            self.failing -= 1
            raise ValueError("a table that does not answer")
        order = read_event(ORDERS, event, "an order")
        if isinstance(order, AdvanceOrder):
            return asdict(advance(order, self.ports))
        if isinstance(order, HandOffOrder):
            hand_off(order, self.ports)
        else:
            give_up(order, self.ports)
        return {}

    def deliver(self) -> None:
        """As the bus does it: what is new, twice."""
        items = self.table.between(keys.of_contact("bank", "c1"), keys.EVENT, f"{keys.EVENT}~")
        events: list[Event] = [
            event_from({"detail": {name: item[name] for name in Envelope.model_fields}}) for item in items
        ]
        for event in events:
            if event.id not in self.taken:
                self.taken.add(event.id)
                for _ in range(2):
                    take_event(event, self.start)

    def begun(self) -> WorkflowRun:
        run = start_by_hand("complaint_hand_off", CONTACT, "sue", self.begin)
        self.deliver()
        return run

    def read(self, run: WorkflowRun) -> WorkflowRun:
        found = self.runs.run("bank", "c1", run.id)
        assert found is not None
        return found

    def waits(self, run: WorkflowRun, key: str) -> None:
        """Until the machine waits for a person on this step."""

        def is_there() -> bool:
            now = self.read(run)
            opened = now.open_step
            is_waiting = bool(now.token) and opened is not None and opened.key == key
            return is_waiting and bool(step_functions.task_tokens().waiting())

        self.until(is_there)

    def pass_time(self, ms: int) -> None:
        self.clock.advance(ms)
        step_functions.task_tokens().forward(ms / 1000)
        step_functions.waits().forward(ms / 1000)

    def until(self, holds: Callable[[], bool]) -> None:
        give_up_at = time.monotonic() + WITHIN_S
        while not holds():
            assert time.monotonic() < give_up_at
            threading.Event().wait(0.01)

    def statuses(self) -> list[str]:
        return [each["status"] for each in self.client.list_executions(stateMachineArn=self.arn)["executions"]]

    def ended(self) -> list[str]:
        self.until(lambda: "RUNNING" not in self.statuses())
        return self.statuses()

    def history(self) -> str:
        (found,) = self.client.list_executions(stateMachineArn=self.arn)["executions"]
        return json.dumps(self.client.get_execution_history(executionArn=found["executionArn"]), default=str)


@pytest.fixture
def office() -> Iterator[Office]:
    with EmbeddedAws() as aws:
        yield Office(aws)


def test_a_run_waits_for_people_and_for_days_and_comes_to_its_end(office: Office) -> None:
    run = office.begun()
    office.waits(run, "taken")
    assert office.statuses() == ["RUNNING"] and step_functions.running(waiting_too=False) == 0
    decide(office.read(run), "taken", "taken", "mine", "sue", office.managed)
    office.deliver()
    office.until(lambda: office.read(run).state is RunState.SLEEPING and bool(step_functions.waits().waiting()))
    assert len(office.tools.done) == 1
    office.pass_time(7 * DAY_MS)
    office.waits(run, "again")
    decide(office.read(run), "again", "answered", "", "sue", office.managed)
    office.deliver()
    assert office.ended() == ["SUCCEEDED"]
    done = office.read(run)
    assert done.state is RunState.DONE and len(office.tools.done) == office.tools.tries == 2
    said = office.history()
    assert "I complain" not in said and "mine" not in said and "sue" not in said, "ids alone"


def test_nobody_comes_and_it_goes_on_all_the_same(office: Office) -> None:
    run = office.begun()
    office.waits(run, "taken")
    office.pass_time(2 * DAY_MS + 1_000)
    office.waits(run, "again")
    assert office.read(run).records["taken"].result["choice"] == "unanswered"
    cancel(office.read(run), "sue", office.managed)
    office.deliver()
    assert office.ended() == ["SUCCEEDED"] and office.read(run).state is RunState.CANCELLED


def test_whoever_dies_is_followed_and_a_decision_before_its_token_is_not_lost(office: Office) -> None:
    office.failing = 2
    run = office.begun()
    office.pass_time(60_000)
    office.until(lambda: office.read(run).state is RunState.WAITING)
    decide(office.read(run), "taken", "no_complaint", "", "sue", office.managed)
    office.deliver()
    assert office.ended() == ["SUCCEEDED"] and office.read(run).state is RunState.DONE
    assert not office.tools.done
