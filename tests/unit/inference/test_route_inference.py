"""Unit: the function's own part, which is reading a NodeCall."""

from __future__ import annotations

import pytest

from functions.route_inference.handler import asked
from sotto.call.contact import Speaker
from sotto.core.errors import Rejected

EVENT = {
    "node": {"id": "intent", "task": "intent", "model": "intent", "after": ["sentiment"], "deadline_ms": 300},
    "utterance": {
        "tenant": "harbour_bank",
        "contact_id": "c1",
        "id": "customer-1200",
        "seq": 1,
        "speaker": "customer",
        "start_ms": 1200,
        "end_ms": 2400,
        "text": "close my account",
        "private": [],
    },
    "inputs": {"sentiment": {"label": "neutral"}},
}


def test_an_event_of_the_state_machine_is_a_node_call() -> None:
    call = asked(EVENT)
    assert call.node.after == ("sentiment",)
    assert call.utterance.speaker is Speaker.CUSTOMER
    assert call.inputs["sentiment"]["label"] == "neutral"


def test_an_event_with_a_mistake_names_the_field_and_not_the_text() -> None:
    with pytest.raises(Rejected, match=r"utterance\.seq") as mistake:
        asked({**EVENT, "utterance": {**EVENT["utterance"], "seq": "first"}})
    assert "close my account" not in str(mistake.value)
