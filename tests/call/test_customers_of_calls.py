"""Call: who is calling, looked up beside a whole call, by the APIs of Connect and Customer Profiles as emulated."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from local.call_script import script_beside
from local.commands.call import caller_for
from local.played_call import CallPlan, played
from sotto.call.contact import Contact
from sotto.call.customer import CustomerState
from sotto.media.wav import read_call
from tests.call.conftest import CALLS, Stack

pytestmark = pytest.mark.call
CALL = CALLS / "bank_cancel"
SECONDS = 8


async def play(stack: Stack, contact_id: str, **caller: Any) -> Contact:
    """The beginning of a call."""
    sotto = stack.sotto
    sotto.transcript(contact_id, CALL / "call.transcript.jsonl")
    parties = caller_for(sotto.books["harbour_bank"], None, script_beside(CALL / "call.wav"))
    audio = read_call(CALL / "call.wav")[: SECONDS * 8_000 * 2 * 2]
    plan = CallPlan(audio, replace(parties, **caller), "harbour_bank", 4.0)
    async for _ in played(plan, sotto, contact_id):
        pass
    contact = sotto.root.contacts.contact("harbour_bank", contact_id)
    assert contact is not None
    return contact


def test_the_sample_calls_customer_is_known_by_number(stack: Stack) -> None:
    contact = stack.run(play(stack, "customer-known"))
    assert contact.customer is not None and contact.customer.state is CustomerState.FOUND
    assert dict(contact.customer.values) == {"tier": "Gold", "since": "2016"}
    assert contact.agent_name is not None, "the directory knows the agent by name"


def test_of_two_customers_with_one_number_none_is_chosen(stack: Stack) -> None:
    twins = tuple({"ProfileId": id, "PhoneNumber": "+12025550111", "Attributes": {"tier": "Gold"}} for id in "ab")
    contact = stack.run(play(stack, "customer-twins", number="+12025550111", profiles=twins))
    assert contact.customer is not None
    assert (contact.customer.state, contact.customer.fields) == (CustomerState.SEVERAL, ())
