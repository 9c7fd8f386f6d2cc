"""Step Functions: moto's interpreter of the states language, with what it lacks put in.

moto is pinned, because these hooks touch its private parts. They are held to the documented behaviour in
tests/contract/test_step_functions.py.

- JSONata by jsonata-python (``local.aws.jsonata_expressions``);
- Lambda tasks by this process's Lambda registry, with the names of errors that Step Functions matches;
- a definition is parsed once;
- task tokens as AWS keeps them (``local.aws.task_tokens``), and waits that can be let pass (``local.aws.waits``);
- Express executions may share a name, and are forgotten when they have ended; a Standard one's name stays taken.
"""

from __future__ import annotations

import io
import json
import sys
import threading
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from local.aws.jsonata_expressions import EvaluationFailed, evaluate
from local.aws.lambda_limits import FunctionNotFound, PayloadTooLarge, TooManyRequests
from local.aws.lambda_runtime import LambdaRuntime
from sotto.core.errors import SottoError

if TYPE_CHECKING:
    from local.aws.task_tokens import TaskTokens
    from local.aws.waits import Waits

KEPT_EXECUTIONS = 32
"""The latest executions that DescribeExecution can still find."""
LONG_WAIT_S = 2 * 3_600
"""What waits so long, or longer, is waited for by nobody: a workflow sleeps for days."""

_CODES: dict[type[SottoError], tuple[str, int]] = {
    FunctionNotFound: ("ResourceNotFoundException", 404),
    TooManyRequests: ("TooManyRequestsException", 429),
    PayloadTooLarge: ("RequestTooLargeException", 413),
}

_functions: LambdaRuntime | None = None
_tokens: TaskTokens | None = None
_waits: Waits | None = None
_machines: dict[str, Any] = {}
_installed = threading.Lock()
_done = False


def install(functions: LambdaRuntime) -> None:
    """Hook moto (once in a process) and have its Lambda tasks run by ``functions``."""
    global _functions, _done, _tokens, _waits
    from local.aws import task_tokens as of_tasks
    from local.aws import waits as of_waits

    _functions = functions
    _machines.clear()
    _tokens = of_tasks.renewed()
    _waits = of_waits.renewed()
    with _installed:
        if not _done:
            _hook_lambda_tasks()
            _hook_jsonata()
            _hook_parser()
            _hook_executions()
            _hook_thread_lists()
            of_tasks.hook()
            of_waits.hook()
            _done = True


class _LambdaTasks:
    """What moto's Lambda tasks use of a boto3 client."""

    def invoke(self, FunctionName: str, Payload: bytes = b"{}", **_: Any) -> dict[str, Any]:  # noqa: N803 (boto3's names)
        assert _functions is not None
        try:
            answer = _functions.invoke(FunctionName, Payload)
        except SottoError as error:
            code, status = _CODES.get(type(error), ("ServiceException", 500))
            details = {"Error": {"Code": code, "Message": str(error)}}
            metadata = {"HTTPStatusCode": status, "RequestId": "embedded"}
            raise ClientError({**details, "ResponseMetadata": metadata}, "Invoke") from error  # type: ignore[typeddict-item]
        response = {"StatusCode": 200, "ExecutedVersion": "$LATEST", "Payload": io.BytesIO(answer.payload)}
        return response | ({"FunctionError": answer.error} if answer.error else {})


def _hook_lambda_tasks() -> None:
    from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils

    elsewhere = lambda_eval_utils.boto_client_for

    def client_for(region: str, service: str, state_credentials: Any = None) -> Any:
        if service == "lambda":
            return _LambdaTasks()
        return elsewhere(region=region, service=service, state_credentials=state_credentials)

    lambda_eval_utils.boto_client_for = client_for


def _hook_jsonata() -> None:
    from moto.stepfunctions.parser.asl.component.common.string.string_expression import StringJSONata

    def evaluated(self: Any, env: Any) -> None:
        store = env.variable_store
        try:
            value = evaluate(self.expression, env.states._states_data, {**store._outer_scope, **store._inner_scope})
        except EvaluationFailed as error:
            raise _query_evaluation_error(env, str(error)) from error
        env.stack.append(value)

    StringJSONata._eval_body = evaluated


def _query_evaluation_error(env: Any, cause: str) -> Exception:
    from moto.stepfunctions.parser.api import EvaluationFailedEventDetails, HistoryEventType
    from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
        FailureEvent,
        FailureEventException,
    )
    from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
    from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
    from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails

    name = StatesErrorName(typ=StatesErrorNameType.StatesQueryEvaluationError)
    details = EvaluationFailedEventDetails(cause=cause, error=name.error_name)
    failure = FailureEvent(
        env=env,
        error_name=name,
        event_type=HistoryEventType.EvaluationFailed,
        event_details=EventDetails(evaluationFailedEventDetails=details),
    )
    failed: Exception = FailureEventException(failure_event=failure)
    return failed


def _hook_parser() -> None:
    """Walking the grammar takes about 18 ms; the tree is not changed by running it."""
    from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser

    AmazonStateLanguageParser.parse = staticmethod(lru_cache(maxsize=64)(AmazonStateLanguageParser.parse))


def _hook_executions() -> None:
    from moto.stepfunctions.models import StateMachine as BaseStateMachine
    from moto.stepfunctions.parser.models import StepFunctionsParserBackend

    start = StepFunctionsParserBackend.start_execution

    def started(self: Any, state_machine_arn: str, *args: Any, **kwargs: Any) -> Any:
        machine = self.describe_state_machine(state_machine_arn)
        _machines[machine.arn] = machine
        _forget_ended(machine)
        return start(self, state_machine_arn, *args, **kwargs)

    StepFunctionsParserBackend.start_execution = started
    named = BaseStateMachine._handle_name_input_idempotency

    def unnamed(self: Any, name: str, execution_input: Any) -> Any:
        # moto keeps the kind in ``type``; its ``sm_type`` always says STANDARD.
        return None if self.type == "EXPRESS" else named(self, name, execution_input)

    BaseStateMachine._handle_name_input_idempotency = unnamed


def task_tokens() -> TaskTokens:
    """Of the stack that is installed."""
    assert _tokens is not None
    return _tokens


def waits() -> Waits:
    """Of the stack that is installed."""
    assert _waits is not None
    return _waits


def end_waiting() -> None:
    """With the stack: nobody will answer any more."""
    waiting = _tokens.waiting() if _tokens is not None else set()
    for machine in _machines.values():
        for each in machine.executions:
            if each.execution_arn in waiting:
                each.stop(stop_date=None, error=None, cause=None)
    if _tokens is not None:
        _tokens.end()


def running(*, waiting_too: bool = True) -> int:
    """How many executions are under way; what waits for somebody's answer, or for days to pass, is none of them.
    ``waiting_too``: those of which a branch lets minutes pass, as well."""
    waiting = _tokens.waiting() if _tokens is not None else set()
    if _waits is not None:
        waiting |= _waits.waiting(at_least_s=LONG_WAIT_S if waiting_too else 0.0)
    every = [each for machine in _machines.values() for each in list(machine.executions)]
    return sum(1 for each in every if _is_running(each) and each.execution_arn not in waiting)


def _is_running(execution: Any) -> bool:
    status = execution.exec_status
    return status is None or getattr(status, "value", status) == "RUNNING"


def _forget_ended(machine: Any) -> None:
    if machine.type != "EXPRESS":
        return
    ended = [each for each in machine.executions if not _is_running(each)]
    gone = {id(each) for each in ended[:-KEPT_EXECUTIONS]}
    if gone:
        machine.executions[:] = [each for each in machine.executions if id(each) not in gone]


class _Untracked(list[Any]):
    """moto appends every thread it starts to a list that it never reads: memory for ever in a long run."""

    def append(self, thread: Any) -> None:
        """Keep nothing."""


def _hook_thread_lists() -> None:
    kept = _Untracked()
    for name, module in sys.modules.copy().items():
        if name.startswith("moto.stepfunctions.") and hasattr(module, "TMP_THREADS"):
            module.TMP_THREADS = kept  # type: ignore[attr-defined]


def definition_with(definition: str, substitutions: dict[str, str]) -> str:
    """CloudFormation's DefinitionSubstitutions: ``${Name}`` becomes its value."""
    for name, value in substitutions.items():
        definition = definition.replace(f"${{{name}}}", value)
    json.loads(definition)
    return definition
