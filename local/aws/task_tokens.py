"""Task tokens of Step Functions, as AWS keeps them: a token is answered once, within its time, or never.

moto takes a second answer in place of the first, forgets a token with its execution, and waits by the wall clock; here
a token that was answered or ran out stays known, and time can be passed by hand.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
"""

from __future__ import annotations

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from moto.core.exceptions import AWSError
from moto.stepfunctions.parser.api import HistoryEventType, TaskTimedOutEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.eval.callback.callback import (
    CallbackEndpoint,
    CallbackOutcome,
    CallbackOutcomeFailure,
    CallbackOutcomeSuccess,
    CallbackPoolManager,
    HeartbeatEndpoint,
)
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

LONGEST_OUTPUT = 262_144
LOOKS_EVERY_S = 30.0
"""Whether the execution was stopped meanwhile."""
MOST_CLOSED = 10_000
"""That are still known as such."""


class InvalidToken(AWSError):  # type: ignore[misc]
    TYPE = "InvalidToken"


class TaskTimedOut(AWSError):  # type: ignore[misc]
    """Also of a task that was answered before, and of one whose execution has ended."""

    TYPE = "TaskTimedOut"


class InvalidOutput(AWSError):  # type: ignore[misc]
    TYPE = "InvalidOutput"


@dataclass
class _Task:
    """``execution``: the ARN of the one that waits, empty before it does. ``beat_at``: its last sign of life."""

    changed: threading.Condition
    execution: str = ""
    outcome: CallbackOutcome | None = None
    beat_at: float = 0.0
    is_open: bool = True


@dataclass
class TaskTokens:
    """Of one embedded stack. ``forward`` passes time for those that wait."""

    _tasks: OrderedDict[str, _Task] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _ahead_s: float = 0.0
    _is_ended: bool = False

    def forward(self, seconds: float) -> None:
        with self._lock:
            self._ahead_s += seconds
            self._wake()

    def end(self) -> None:
        """Nobody waits any longer."""
        with self._lock:
            self._is_ended = True
            self._wake()

    def waiting(self) -> set[str]:
        """ARNs of the executions that wait for somebody's answer."""
        with self._lock:
            return {each.execution for each in self._tasks.values() if each.is_open and each.execution}

    def opened(self, token: str) -> None:
        with self._lock:
            self._tasks[token] = _Task(threading.Condition(self._lock))
            if len(self._tasks) > 2 * MOST_CLOSED:
                for old in [each for each, task in self._tasks.items() if not task.is_open][:-MOST_CLOSED]:
                    del self._tasks[old]

    def closed(self, token: str) -> None:
        with self._lock:
            if token in self._tasks:
                self._tasks[token].is_open = False

    def answer(self, token: str, outcome: CallbackOutcome) -> None:
        """Raises InvalidToken and TaskTimedOut."""
        with self._lock:
            task = self._known(token)
            task.outcome, task.is_open = outcome, False
            task.changed.notify_all()

    def heartbeat(self, token: str) -> None:
        """Raises InvalidToken and TaskTimedOut."""
        with self._lock:
            self._known(token).beat_at = self._now()  # whoever waits looks when its time before was over

    def wait(self, env: Environment, token: str, timeout_s: float, heartbeat_s: float | None) -> CallbackOutcome:
        """Raises FailureEventException when the time is over."""
        with self._lock:
            task = self._tasks[token]
            begun = task.beat_at = self._now()
            task.execution = env.states.context_object.context_object_data["Execution"]["Id"]
            while task.outcome is None:
                ends, beats = begun + timeout_s, task.beat_at + (heartbeat_s or timeout_s)
                left = min(ends, beats) - self._now()
                if left <= 0 or self._is_ended or not env.is_running():
                    task.is_open = False
                    raise _timed_out(env, heartbeat=beats < ends)
                task.changed.wait(min(left, LOOKS_EVERY_S))
            return task.outcome

    def _wake(self) -> None:
        for task in self._tasks.values():
            task.changed.notify_all()

    def _known(self, token: str) -> _Task:
        if token not in self._tasks:
            raise InvalidToken("Invalid Token: 'Invalid token'")
        if not self._tasks[token].is_open:
            raise TaskTimedOut("Task Timed Out: 'Provided task does not exist anymore'")
        return self._tasks[token]

    def _now(self) -> float:
        return time.monotonic() + self._ahead_s


_here = threading.local()
_tokens = TaskTokens()


def renewed() -> TaskTokens:
    """For a new stack; what still waits in an old one ends."""
    global _tokens
    before, _tokens = _tokens, TaskTokens()
    before.end()
    return _tokens


def hook() -> None:
    """Once in a process, as step_functions.install says."""
    added, evaluated = CallbackPoolManager.add, StateTaskServiceCallback._eval_body
    attempted = StateTaskServiceCallback._eval_execution

    def add(self: CallbackPoolManager, callback_id: str) -> CallbackEndpoint:
        _tokens.opened(callback_id)
        _here.opened = [*getattr(_here, "opened", ()), callback_id]
        return added(self, callback_id)

    def eval_body(self: StateTaskServiceCallback, env: Environment) -> None:
        with _closing_what_is_opened():
            evaluated(self, env)

    def eval_execution(self: StateTaskServiceCallback, env: Environment) -> None:
        with _closing_what_is_opened():
            if self._is_integration_pattern():  # each attempt has a token of its own; moto keeps the first one
                env.callback_pool_manager.add(env.states.context_object.update_task_token())
            attempted(self, env)

    def wait(
        self: StateTaskServiceCallback,
        env: Environment,
        timeout_seconds: int,
        callback_endpoint: CallbackEndpoint,
        heartbeat_endpoint: HeartbeatEndpoint | None,
    ) -> CallbackOutcome:
        heartbeat_s = heartbeat_endpoint._heartbeat_seconds if heartbeat_endpoint else None
        return _tokens.wait(env, callback_endpoint.callback_id, timeout_seconds, heartbeat_s)

    CallbackPoolManager.add = add
    StateTaskServiceCallback._eval_body = eval_body
    StateTaskServiceCallback._eval_execution = eval_execution
    StateTaskServiceCallback._eval_wait_for_task_token = wait
    StepFunctionsParserBackend.send_task_success = _succeed
    StepFunctionsParserBackend.send_task_failure = _fail
    StepFunctionsParserBackend.send_task_heartbeat = lambda self, task_token: _tokens.heartbeat(task_token)


@contextmanager
def _closing_what_is_opened() -> Iterator[None]:
    before, _here.opened = getattr(_here, "opened", []), []
    try:
        yield
    finally:
        for token in _here.opened:
            _tokens.closed(token)
        _here.opened = before


def _succeed(self: Any, task_token: str, outcome: str) -> None:
    try:
        json.loads(outcome)
    except ValueError:
        raise InvalidOutput("Invalid Output: 'Malformed JSON'") from None
    if len(outcome) > LONGEST_OUTPUT:
        raise InvalidOutput("Invalid Output: 'Size limit exceeded'")
    _tokens.answer(task_token, CallbackOutcomeSuccess(callback_id=task_token, output=outcome))


def _fail(self: Any, task_token: str, error: str | None = None, cause: str | None = None) -> None:
    _tokens.answer(task_token, CallbackOutcomeFailure(callback_id=task_token, error=error, cause=cause))


def _timed_out(env: Environment, *, heartbeat: bool) -> FailureEventException:
    kind = StatesErrorNameType.StatesHeartbeatTimeout if heartbeat else StatesErrorNameType.StatesTimeout
    return FailureEventException(
        failure_event=FailureEvent(
            env=env,
            error_name=StatesErrorName(typ=kind),
            event_type=HistoryEventType.TaskTimedOut,
            event_details=EventDetails(
                taskTimedOutEventDetails=TaskTimedOutEventDetails(
                    resourceType="lambda", resource="invoke.waitForTaskToken", error=kind.to_name()
                )
            ),
        )
    )
