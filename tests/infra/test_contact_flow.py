"""The flow validator against public flows, and the generated flow against the validator. Kind: pure."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from infra.capabilities.contact_flow.template import guidance_module, guided_flow, whisper_flow
from infra.capabilities.contact_flow.validator import problems
from sotto.sources.connect.flow_event import AGENT

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("SOTTO_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
PUBLIC_FLOWS = sorted((SHARED / "connect" / "flows").glob("*.json"))
FUNCTION = "arn:aws:lambda:us-east-1:111122223333:function:sotto-start_guidance:live"
QUEUE = "arn:aws:connect:us-east-1:111122223333:instance/i/queue/q"


def any_flow() -> dict[str, Any]:
    return guided_flow(start_guidance_arn=FUNCTION, queue_arn=QUEUE)


def action(flow: dict[str, Any], identifier: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in flow["Actions"] if each["Identifier"] == identifier)
    return found


@pytest.mark.skipif(not PUBLIC_FLOWS, reason=f"no public flows in {SHARED}; set SOTTO_SHARED_DATA")
def test_every_public_flow_is_accepted() -> None:
    judged = {file.name: problems(json.loads(file.read_text())) for file in PUBLIC_FLOWS}
    assert {name: found for name, found in judged.items() if found} == {}


def test_the_generated_flow_and_module_can_be_deployed() -> None:
    assert problems(any_flow(), complete=True) == []
    assert problems(guidance_module(start_guidance_arn=FUNCTION), complete=True) == []


def test_the_whisper_flow_can_be_deployed_and_names_the_agent() -> None:
    flow = whisper_flow(start_guidance_arn=FUNCTION)
    assert problems(flow, complete=True) == []
    asked = action(flow, "start-guidance")["Parameters"]
    assert asked["LambdaInvocationAttributes"] == {AGENT: "$.Agent.ARN"}


def test_whatever_fails_in_the_whisper_flow_the_agent_gets_the_call() -> None:
    for identifier in ("stream-audio", "start-guidance", "note-guidance"):
        errors = action(whisper_flow(start_guidance_arn=FUNCTION), identifier)["Transitions"]["Errors"]
        assert [each["NextAction"] for each in errors] == ["end"]


def test_whatever_fails_before_it_the_caller_reaches_the_queue() -> None:
    for identifier in ("stream-audio", "start-guidance", "note-guidance"):
        errors = action(any_flow(), identifier)["Transitions"]["Errors"]
        assert [each["NextAction"] for each in errors] == ["choose-queue"]


def test_both_sides_of_the_call_are_streamed() -> None:
    (participant,) = action(any_flow(), "stream-audio")["Parameters"]["Participants"]
    assert set(participant["MediaDirections"]) == {"From", "To"}


def test_an_empty_reference_is_fine_in_a_draft_and_not_in_a_deployment() -> None:
    draft = guided_flow(start_guidance_arn="", queue_arn=QUEUE)
    assert problems(draft) == []
    assert problems(draft, complete=True) == ["start-guidance: LambdaFunctionARN is empty"]


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda flow: flow.update(Version="2020-01-01"), "Version: must be '2019-10-30'"),
        (lambda flow: flow.update(StartAction="nowhere"), "StartAction: there is no action 'nowhere'"),
        (
            lambda flow: action(flow, "log")["Transitions"].update(NextAction="gone"),
            "log: leads to 'gone', which does not exist",
        ),
        (
            lambda flow: action(flow, "log").update(Identifier="x" * 51),
            f"{'x' * 51}: an identifier has 1 to 50 characters",
        ),
        (
            lambda flow: action(flow, "log").update(Type="UpdateFlowLoging"),
            "log: there is no action of type UpdateFlowLoging",
        ),
        (lambda flow: action(flow, "log").update(Transitions={}), "log: UpdateFlowLoggingBehavior needs a NextAction"),
        (
            lambda flow: action(flow, "start-guidance")["Parameters"].update(InvocationTimeLimitSeconds="9"),
            "start-guidance: InvocationTimeLimitSeconds must be 1 to 8",
        ),
        (
            lambda flow: action(flow, "start-guidance")["Transitions"].update(Errors=[]),
            "start-guidance: the error NoMatchingError of InvokeLambdaFunction leads nowhere",
        ),
        (
            lambda flow: action(flow, "queue")["Transitions"]["Errors"].pop(0),
            "queue: the error QueueAtCapacity of TransferContactToQueue leads nowhere",
        ),
        (lambda flow: flow["Actions"].append(action(flow, "end")), "end: two actions have this identifier"),
        (
            lambda flow: action(flow, "end")["Transitions"].update(NextAction="log"),
            "end: nothing can follow DisconnectParticipant",
        ),
        (
            lambda flow: flow["Actions"].extend(
                {**action(flow, "end"), "Identifier": f"end-{at}"} for at in range(245)
            ),
            "Actions: 252; Connect takes at most 250",
        ),
    ],
)
def test_a_mistake_is_named_with_its_action(spoil: Any, expected: str) -> None:
    flow = any_flow()
    spoil(flow)
    assert expected in problems(flow)


def test_a_circle_without_a_way_out_is_found() -> None:
    flow = {
        "Version": "2019-10-30",
        "StartAction": "a",
        "Actions": [
            {"Identifier": "a", "Type": "Wait", "Parameters": {}, "Transitions": {"NextAction": "b"}},
            {"Identifier": "b", "Type": "Wait", "Parameters": {}, "Transitions": {"NextAction": "a"}},
        ],
    }
    assert problems(flow) == [f"{name}: no way leads from here to the end of the flow" for name in "ab"]


def test_what_nothing_leads_to_is_not_deployed() -> None:
    flow = any_flow()
    flow["Actions"].append({**action(flow, "end"), "Identifier": "forgotten"})
    assert problems(flow) == []
    assert problems(flow, complete=True) == ["forgotten: nothing leads here"]
