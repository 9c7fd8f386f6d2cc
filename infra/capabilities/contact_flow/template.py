"""The flows and the module that start guidance. Whatever fails in them, the caller goes on.

The module is for flows that a customer has already: one block before the contact is queued. The flow is an example that
can be tried with a telephone number at once. The whisper flow runs when an agent has accepted: the queue is known, and
the agent, whom it names because a flow's contact data does not.
"""

from __future__ import annotations

from typing import Any

from infra.capabilities.contact_flow.language import LONGEST_LAMBDA_SECONDS, VERSION

Json = dict[str, Any]


def guided_flow(*, start_guidance_arn: str, queue_arn: str) -> Json:
    """Starts guidance, then transfers to a queue."""
    return {
        "Version": VERSION,
        "StartAction": "log",
        "Metadata": {},
        "Actions": [
            _action("log", "UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": "Enabled"}, then="stream-audio"),
            *_start_guidance(start_guidance_arn, then="choose-queue"),
            _action("choose-queue", "UpdateContactTargetQueue", {"QueueId": queue_arn}, then="queue", on_error="end"),
            _action("queue", "TransferContactToQueue", {}, then="end", on_error="end", errors=("QueueAtCapacity",)),
            _action("end", "DisconnectParticipant", {}),
        ],
    }


def guidance_module(*, start_guidance_arn: str) -> Json:
    """Starts guidance and returns to the flow that invoked it, always by the same way."""
    return {
        "Version": VERSION,
        "StartAction": "stream-audio",
        "Metadata": {},
        "Settings": {"InputParameters": [], "OutputParameters": [], "Transitions": []},
        "Actions": [
            *_start_guidance(start_guidance_arn, then="return"),
            _action("return", "EndFlowModuleExecution", {}),
        ],
    }


def whisper_flow(*, start_guidance_arn: str) -> Json:
    """Starts guidance once agent and queue are known. For customer whisper and outbound whisper flows."""
    return {
        "Version": VERSION,
        "StartAction": "stream-audio",
        "Metadata": {},
        "Actions": [
            *_start_guidance(start_guidance_arn, then="end", parameters={"agent": "$.Agent.ARN"}),
            _action("end", "EndFlowExecution", {}),
        ],
    }


def _start_guidance(function_arn: str, *, then: str, parameters: Json | None = None) -> list[Json]:
    """Stream both directions, ask for guidance, note the answer for the agent and for reports."""
    both = [{"ParticipantType": "Customer", "MediaDirections": ["From", "To"]}]
    stream = {"MediaStreamingState": "Enabled", "MediaStreamType": "Audio", "Participants": both}
    ask = {
        "LambdaFunctionARN": function_arn,
        "InvocationTimeLimitSeconds": str(LONGEST_LAMBDA_SECONDS),
        "ResponseValidation": {"ResponseType": "STRING_MAP"},
        **({"LambdaInvocationAttributes": parameters} if parameters else {}),
    }
    note = {
        "Attributes": {"guidance": "$.External.guidance", "guidance_reason": "$.External.reason"},
        "TargetContact": "Current",
    }
    return [
        _action("stream-audio", "UpdateContactMediaStreamingBehavior", stream, then="start-guidance", on_error=then),
        _action("start-guidance", "InvokeLambdaFunction", ask, then="note-guidance", on_error=then),
        _action("note-guidance", "UpdateContactAttributes", note, then=then, on_error=then),
    ]


def _action(
    identifier: str,
    kind: str,
    parameters: Json,
    *,
    then: str | None = None,
    on_error: str | None = None,
    errors: tuple[str, ...] = (),
) -> Json:
    transitions: Json = {"NextAction": then} if then else {}
    if on_error:
        named = (*errors, "NoMatchingError")
        transitions["Errors"] = [{"NextAction": on_error, "ErrorType": error} for error in named]
        transitions["Conditions"] = []
    return {"Identifier": identifier, "Type": kind, "Parameters": parameters, "Transitions": transitions}
