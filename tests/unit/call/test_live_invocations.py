"""Unit: what functions of the live path hand each other has one type on both sides."""

from __future__ import annotations

import json

import pytest

from sotto.call.contact import Speaker
from sotto.call.live import (
    AgentJoined,
    CallTime,
    GuidanceRequest,
    Invocation,
    NotAnInvocation,
    Tick,
    WorkerOrder,
    invocation_from,
    payload_of,
    read_as,
)
from sotto.call.utterance import PrivateSpan, Utterance
from sotto.guidance.deliver import DELIVERY, WaveDone

UTTERANCE = Utterance("bank", "c1", "u1", 1, Speaker.CUSTOMER, 5, 9, "hi", private=(PrivateSpan("name", 1, 2, 3, 4),))
INVOCATIONS: tuple[Invocation, ...] = (
    GuidanceRequest("bank", "c1", UTTERANCE, {"received": 1.5}),
    Tick("bank", "c1", CallTime(9_000, 7_000, 1)),
    AgentJoined("bank", "c1", 4_000),
    WorkerOrder("bank", "c1", 2, 1),
)


@pytest.mark.parametrize("sent", INVOCATIONS, ids=lambda each: type(each).__name__)
def test_a_receiver_reads_what_the_sender_wrote(sent: Invocation) -> None:
    assert invocation_from(json.loads(payload_of(sent)), type(sent)) == sent


def test_delivery_tells_its_three_kinds_apart_by_their_type() -> None:
    tick, joined = INVOCATIONS[1], INVOCATIONS[2]
    assert read_as(DELIVERY, json.loads(payload_of(tick))) == tick
    assert read_as(DELIVERY, json.loads(payload_of(joined))) == joined
    with pytest.raises(NotAnInvocation):
        read_as(DELIVERY, {"tenant": "bank", "contact_id": "c1"})
    assert WaveDone.__dataclass_fields__["type"].default == "wave.done"


WRONG = {"tenant": "secret", "contact_id": "", "generation": 0, "more": "secret"}


@pytest.mark.parametrize("event", [{}, None, [], WRONG])
def test_what_is_no_invocation_is_refused_by_field_and_without_values(event: object) -> None:
    with pytest.raises(NotAnInvocation, match="wrong or missing") as refused:
        invocation_from(event, WorkerOrder)
    assert "secret" not in str(refused.value)
