"""A world in which workflows run: a bus that delivers twice, machines that ask again, people who decide, time that
passes when nothing else is left; and a killer at every checkpoint."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sotto.call.contact import Contact
from sotto.call.events import Event, SummaryReady
from sotto.workflows.advance import AdvanceOrder, AdvancePorts, HandOffOrder, Then, advance, hand_off
from sotto.workflows.definition import Definition
from sotto.workflows.reading import shipped
from sotto.workflows.run import RunState, WorkflowRun
from sotto.workflows.start import BeginPorts, RunPorts, StartPorts, decide, take_event
from sotto.workflows.store import Runs, WorkflowOrder
from tests.fakes.clock import ClockByHand
from tests.fakes.workflows import AgentsInMemory, MachineInMemory, ToolsInMemory, WorkflowRunsInMemory

NOW_MS = 1_790_000_000_000
DAY_MS = 86_400_000
CONTACT = Contact("bank", "c1", "arn:i", "arn:s", NOW_MS, agent="emma", team="service")
SUMMARY = SummaryReady("bank", "c1", "summary", 1, NOW_MS)
Result = TypeVar("Result")


class Killed(Exception):
    pass


@dataclass
class Killer:
    """Kills at these checkpoints, which are counted from 0: before and after each write."""

    at: frozenset[int] = frozenset()
    passed: int = 0

    def step(self) -> None:
        self.passed += 1
        if self.passed - 1 in self.at:
            raise Killed


@dataclass
class OneContact:
    contact_: Contact = CONTACT

    def contact(self, tenant: str, contact_id: str) -> Contact | None:
        here = (self.contact_.tenant, self.contact_.contact_id)
        return self.contact_ if here == (tenant, contact_id) else None


class NoConsents:
    def latest(self, tenant: str, contact_id: str) -> Any:
        return None


@dataclass
class Execution:
    order: WorkflowOrder
    then: Then = Then.AGAIN
    due_ms: int = 0
    token: str = ""


@dataclass
class World:
    """``choose``: what a person decides, by the id of the step; None leaves it until its time is over."""

    killer: Killer = field(default_factory=Killer)
    choose: Callable[[str], str | None] = lambda step: None
    alone: tuple[str, ...] = ()
    runs: Runs = field(default_factory=WorkflowRunsInMemory)
    events: Callable[[], list[Event]] | None = None
    definitions: Mapping[str, Definition] = field(default_factory=shipped)
    gives: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    on: tuple[str, ...] = ("promise_follow_up", "complaint_hand_off", "churn_rescue")

    def __post_init__(self) -> None:
        self.clock = ClockByHand(NOW_MS)
        self.machine = MachineInMemory(step=self.killer.step)
        self.tools = ToolsInMemory(self.gives, step=self.killer.step)
        self.agents = AgentsInMemory()
        self.contacts = OneContact()
        self.executions: list[Execution] = []
        self.delivered = 0
        self.numbers = 0
        if isinstance(self.runs, WorkflowRunsInMemory):
            self.runs.step = self.killer.step
            memory = self.runs
            self.events = lambda: memory.events

    @property
    def start_ports(self) -> StartPorts:
        return StartPorts(self.begin_ports, self.contacts, self.tools, self.machine)

    @property
    def begin_ports(self) -> BeginPorts:
        on = dict.fromkeys(self.on, self.alone)
        return BeginPorts(self.runs, NoConsents(), lambda: self.definitions, lambda tenant: on, self.clock)

    @property
    def ports(self) -> AdvancePorts:
        return AdvancePorts(self.runs, self.contacts, NoConsents(), self.tools, self.agents, self.machine, self.clock)

    @property
    def run_ports(self) -> RunPorts:
        return RunPorts(self.runs, self.clock)

    def all_runs(self) -> list[WorkflowRun]:
        ids = self.runs.of_contact("bank", "c1")
        return [run for each in ids if (run := self.runs.run("bank", "c1", each)) is not None]

    def begin(self, event: Event = SUMMARY) -> None:
        for _ in range(2):  # delivered at least once
            self.until_done(lambda: take_event(event, self.start_ports))

    def until_done(self, work: Callable[[], Result]) -> Result:
        """As Lambda and Step Functions ask again."""
        while True:
            try:
                return work()
            except Killed:
                continue

    def settle(self, until_ms: int = NOW_MS + 200 * DAY_MS) -> None:
        while self._something_happens() or self._time_passes(until_ms):
            pass

    def _something_happens(self) -> bool:
        moved = self._deliver()
        for each in self.executions:
            moved |= self._carry_on(each)
        return moved or self._somebody_decides()

    def _deliver(self) -> bool:
        assert self.events is not None
        events = self.events()
        new, self.delivered = events[self.delivered :], len(events)
        for event in (*new, *new):
            self.until_done(lambda event=event: take_event(event, self.start_ports))  # type: ignore[misc]
        known = {each.order for each in self.executions}
        self.executions += [Execution(order) for order in self.machine.started if order not in known]
        return bool(new)

    def _carry_on(self, execution: Execution) -> bool:
        if execution.then is Then.PERSON and execution.token not in self.machine.tokens:
            execution.then = Then.AGAIN  # answered
        if execution.then is not Then.AGAIN:
            return False
        order = execution.order
        done = self.until_done(lambda: advance(AdvanceOrder(order.tenant, order.contact_id, order.run_id), self.ports))
        execution.then, execution.due_ms = done.then, int(self.clock.now_ms()) + done.wait_s * 1000
        if done.then is Then.PERSON:
            self.until_done(lambda: self._wait_for_person(execution))
        return True

    def _wait_for_person(self, execution: Execution) -> None:
        """Each attempt has a token of its own; that of the one before is good for nothing."""
        self.machine.tokens.discard(execution.token)
        self.numbers += 1
        execution.token = f"token-{self.numbers}"
        self.machine.tokens.add(execution.token)
        order = execution.order
        hand_off(HandOffOrder(order.tenant, order.contact_id, order.run_id, execution.token), self.ports)

    def _somebody_decides(self) -> bool:
        for run in self.all_runs():
            opened = run.open_step
            if run.state is RunState.WAITING and opened is not None:
                choice = self.choose(opened.step)
                if choice is not None:
                    self.until_done(
                        lambda r=run, o=opened, c=choice: decide(r, o.key, c, "because", "sue", self.run_ports)
                    )  # type: ignore[misc]
                    return True
        return False

    def _time_passes(self, until_ms: int) -> bool:
        due = [each.due_ms for each in self.executions if each.then in (Then.SLEEP, Then.PERSON)]
        if not due or min(due) > until_ms:
            return False
        self.clock.advance(max(0, min(due) - int(self.clock.now_ms())))
        for each in self.executions:
            if each.then in (Then.SLEEP, Then.PERSON) and each.due_ms <= self.clock.now_ms():
                self.machine.tokens.discard(each.token)
                each.then = Then.AGAIN
        return True
