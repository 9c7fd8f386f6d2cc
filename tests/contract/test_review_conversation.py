"""Contract: review_conversation.asl.json, run unchanged, with the real functions' code behind it: what its token is
good for, and what becomes of a review that nobody does. Days pass by hand."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions.specs import everything
from local.aws import step_functions
from local.aws.resources import create, create_table
from local.aws.stack import EmbeddedAws
from local.options import REPOSITORY
from local.simulation.consents import ConsentsInMemory
from sotto.after_call.adapters.dynamodb_reviews import DynamoReviews
from sotto.after_call.adapters.step_functions import StepFunctionsWorkflow
from sotto.after_call.adapters.step_functions_tasks import StepFunctionsTasks
from sotto.after_call.review.request import RequestPorts, request_review
from sotto.after_call.review.reviews import TRACKED, OpenOrder, ReviewPorts, accept, close_review, open_review
from sotto.aws.table import Table
from sotto.call.after_call_work import StepOrder
from sotto.call.contact import Contact, Speaker
from sotto.call.review import Review, ReviewState
from sotto.call.summary import CallSummary, Origin
from sotto.consent.rules import ConsentDecision, record_of
from sotto.core.resources import CONTACTS, REVIEW, Resources
from sotto.core.validation import read_event
from tests.contract.ports.reviews_contract import ReviewTasksContract
from tests.fakes.call_records import SummariesInMemory
from tests.fakes.clock import ClockByHand
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.retention import KeptUntil

WITHIN_S = 30.0
DAY_S = 86_400
NOW_MS = 1_790_000_000_000
CONTACT = Contact("bank", "c1", "i", "s", 0, agent="emma", team="service")


class Office:
    """``failing``: how often opening a review fails."""

    def __init__(self, aws: EmbeddedAws) -> None:
        self.aws = aws
        self.failing = 0
        self.tracked: list[dict[str, Any]] = []
        (machine,) = (each for each in everything().state_machines if each.name == REVIEW.name)
        specs = tuple(each for each in everything().functions if each.name in machine.functions)
        resources = Resources(functions=specs, state_machines=(machine,))
        self.arn = create(resources, aws.functions, aws.engineer, REPOSITORY)[REVIEW.name]
        aws.functions.register(specs[0], self._track)
        create_table(replace(CONTACTS, stream=None), aws.engineer("dynamodb"))
        self.client = aws.engineer("stepfunctions")
        self.consents = ConsentsInMemory()
        reviews = DynamoReviews(Table(aws.engineer("dynamodb"), CONTACTS.name), KeptUntil())
        contacts = ContactsInMemory(CONTACT, replace(CONTACT, contact_id="c2"))
        self.ports = ReviewPorts(contacts, self.consents, reviews, StepFunctionsTasks(self.client), ClockByHand(NOW_MS))
        summaries = SummariesInMemory()
        summaries.store(CallSummary("bank", "c1", (), Origin.QUOTED, "", 1, NOW_MS, 0))
        machine_of_reviews = StepFunctionsWorkflow(self.client, self.arn)
        self.request_ports = RequestPorts(contacts, self.consents, summaries, machine_of_reviews)

    def _track(self, event: dict[str, Any], _: Any) -> dict[str, str]:
        self.tracked.append(event)
        order = read_event(TRACKED, event, "either")
        if self.failing > 0:
            self.failing -= 1
            raise ValueError("a table that does not answer")
        found = open_review(order, self.ports) if isinstance(order, OpenOrder) else accept(order, self.ports)
        return {"state": found.state.value} if found else {}

    def request(self, contact_id: str = "c1") -> bool:
        return request_review(StepOrder("bank", contact_id), self.request_ports)

    def review(self) -> Review | None:
        return self.ports.reviews.review("bank", "c1")

    def waiting(self) -> Review:
        """The review, once its execution waits."""
        self.until(lambda: bool(step_functions.task_tokens().waiting()))
        found = self.review()
        assert found is not None
        return found

    def statuses(self) -> list[str]:
        return [each["status"] for each in self.client.list_executions(stateMachineArn=self.arn)["executions"]]

    def until(self, holds: Callable[[], bool]) -> None:
        give_up_at = time.monotonic() + WITHIN_S
        while not holds():
            assert time.monotonic() < give_up_at
            threading.Event().wait(0.01)

    def ended(self) -> str:
        self.until(lambda: "RUNNING" not in self.statuses())
        (status,) = self.statuses()
        return status

    def history(self) -> str:
        (found,) = self.client.list_executions(stateMachineArn=self.arn)["executions"]
        return json.dumps(self.client.get_execution_history(executionArn=found["executionArn"]), default=str)


@pytest.fixture
def office() -> Iterator[Office]:
    with EmbeddedAws() as aws:
        yield Office(aws)


def test_a_review_waits_and_nothing_waits_for_it_and_a_person_ends_it(office: Office) -> None:
    assert office.request()
    waiting = office.waiting()
    assert (waiting.state, waiting.opened_at_ms, waiting.version) == (ReviewState.WAITING, NOW_MS, 1)
    assert step_functions.running() == 0, "so that nobody waits for it"
    closed = close_review(CONTACT, ReviewState.CHANGED, "sue", office.ports)
    assert closed is not None and (closed.by, closed.token) == ("sue", "")
    assert office.ended() == "SUCCEEDED"
    assert office.review() == closed and len(office.tracked) == 1


def test_it_is_asked_for_once_and_not_where_nothing_was_made(office: Office) -> None:
    assert office.request() and office.request()
    assert not office.request("c2") and not office.request("nobody")
    office.waiting()
    assert office.statuses() == ["RUNNING"]


def test_what_nobody_looks_into_for_seven_days_is_accepted_as_it_stands(office: Office) -> None:
    office.request()
    token = office.waiting().token
    step_functions.task_tokens().forward(7 * DAY_S - 60)
    assert office.ports.tasks.beat(token), "somebody looks into it in time"
    step_functions.task_tokens().forward(7 * DAY_S - 60)
    assert office.waiting().is_waiting
    step_functions.task_tokens().forward(120)
    assert office.ended() == "SUCCEEDED"
    accepted = office.review()
    assert accepted is not None and (accepted.state, accepted.by, accepted.token) == (ReviewState.ACCEPTED, "", "")
    assert "States.HeartbeatTimeout" in office.history()


def test_after_thirty_days_it_is_accepted_however_often_somebody_looked(office: Office) -> None:
    office.request()
    token = office.waiting().token
    for _ in range(4):
        step_functions.task_tokens().forward(6 * DAY_S)
        assert office.ports.tasks.beat(token)
    step_functions.task_tokens().forward(6 * DAY_S + 60)
    assert office.ended() == "SUCCEEDED" and "States.HeartbeatTimeout" not in office.history()
    assert not office.ports.tasks.beat(token)


def test_an_answer_that_comes_too_late_changes_nothing(office: Office) -> None:
    office.request()
    token = office.waiting().token
    step_functions.task_tokens().forward(8 * DAY_S)
    office.ended()
    late = close_review(CONTACT, ReviewState.CHANGED, "sue", office.ports)
    assert late is not None and late.state is ReviewState.ACCEPTED
    assert not office.ports.tasks.complete(token, ReviewState.CHANGED)


def test_a_reviewer_who_was_killed_before_the_machine_knew_has_closed_it_all_the_same(office: Office) -> None:
    office.request()
    before = office.waiting()
    silent_tasks = replace(office.ports, tasks=_Dead())
    assert close_review(CONTACT, ReviewState.CONFIRMED, "sue", silent_tasks) is not None
    step_functions.task_tokens().forward(8 * DAY_S)
    assert office.ended() == "SUCCEEDED"
    after = office.review()
    assert after is not None and (after.state, after.by) == (ReviewState.CONFIRMED, "sue")
    assert after.version == before.version + 1


class _Dead:
    def complete(self, token: str, outcome: ReviewState) -> bool:
        return False

    def beat(self, token: str) -> bool:
        return False


def test_an_opening_that_fails_is_tried_again_with_another_token(office: Office) -> None:
    office.failing = 1
    office.request()
    waiting = office.waiting()
    first, second = (each["token"] for each in office.tracked)
    assert first != second and waiting.token == second
    assert not office.ports.tasks.complete(first, ReviewState.CHANGED)
    assert office.ports.tasks.complete(second, ReviewState.CHANGED)


def test_what_was_erased_meanwhile_is_not_waited_for(office: Office) -> None:
    said = ConsentDecision(False, "customer_refused", drop_kept=True)
    office.request()
    office.waiting()
    office.consents.record(
        record_of(said, tenant="bank", contact_id="c1", decided_at_ms=NOW_MS, speaker=Speaker.CUSTOMER)
    )
    office.aws.engineer("dynamodb").delete_item(
        TableName=CONTACTS.name, Key={"pk": {"S": "bank#c1"}, "sk": {"S": "review"}}
    )
    assert close_review(CONTACT, ReviewState.CHANGED, "sue", office.ports) is None
    step_functions.task_tokens().forward(8 * DAY_S)
    assert office.ended() == "SUCCEEDED" and office.review() is None
    assert not office.request()


def test_the_token_is_in_the_record_and_ids_alone_go_into_the_execution(office: Office) -> None:
    office.request()
    office.waiting()
    (found,) = office.client.list_executions(stateMachineArn=office.arn)["executions"]
    described = office.client.describe_execution(executionArn=found["executionArn"])
    assert json.loads(described["input"]) == {"tenant": "bank", "contact_id": "c1"}


@pytest.mark.parametrize("output", ["no JSON", '"' + "x" * 262_144 + '"'])
def test_the_emulation_refuses_what_step_functions_refuses(office: Office, output: str) -> None:
    office.request()
    token = office.waiting().token
    with pytest.raises(ClientError) as refused:
        office.client.send_task_success(taskToken=token, output=output)
    assert refused.value.response["Error"]["Code"] == "InvalidOutput"
    office.client.send_task_success(taskToken=token, output="{}")
    with pytest.raises(ClientError) as double:
        office.client.send_task_success(taskToken=token, output="{}")
    assert double.value.response["Error"]["Code"] == "TaskTimedOut"
    with pytest.raises(ClientError) as unknown:
        office.client.send_task_heartbeat(taskToken="nobody's")
    assert unknown.value.response["Error"]["Code"] == "InvalidToken"


class TestStepFunctionsTasks(ReviewTasksContract):
    @pytest.fixture
    def tasks(self, office: Office) -> StepFunctionsTasks:
        return StepFunctionsTasks(office.client)

    @pytest.fixture
    def opened(self, office: Office) -> Callable[[], str]:
        numbers = count()

        def open_one() -> str:
            number = next(numbers)
            order = {"tenant": "bank", "contact_id": "c1"}
            seen = len(office.tracked)
            office.client.start_execution(stateMachineArn=office.arn, name=f"c1-{number}", input=json.dumps(order))
            office.until(lambda: len(office.tracked) > seen)
            return str(office.tracked[-1]["token"])

        return open_one
