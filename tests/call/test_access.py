"""Call: who may hear what, asked of the running stack with real tokens."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from typing import Any

import pytest

from local.panel_listener import PanelRefused, listening
from tests.call.conftest import Played, Stack

pytestmark = pytest.mark.call

Calls = dict[tuple[str, str], Played]


def asked(stack: Stack, token: str, query: str, **variables: Any) -> dict[str, Any]:
    body = json.dumps({"query": query, "variables": variables}).encode()
    headers = {"Content-Type": "application/json", "Authorization": token}
    request = urllib.request.Request(stack.sotto.agents.graphql_url, data=body, headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        found: dict[str, Any] = json.loads(answer.read())
    return found


UTTERANCES = "query Q($id: ID!, $after: Int!) { utterances(contactId: $id, afterSeq: $after, limit: 500) { seq text } }"


def test_a_panel_that_connects_late_finds_all_it_missed(sample_calls: Calls, stack: Stack) -> None:
    played = sample_calls["bank_cancel", "retention"]
    token = stack.sotto.token("harbour_bank", stack.sotto.books["harbour_bank"].settings.teams["retention"].agents[0])
    found = asked(stack, token, UTTERANCES, id=played.contact_id, after=3)["data"]["utterances"]
    assert [each["seq"] for each in found] == list(range(4, played.summary["utterances"] + 1))


@pytest.mark.parametrize("tenant, agent", [("torque_garage", "mia"), ("harbour_bank", "somebody-else")])
def test_others_get_nothing_not_even_that_the_contact_exists(
    sample_calls: Calls, stack: Stack, tenant: str, agent: str
) -> None:
    played = sample_calls["bank_cancel", "retention"]
    token = stack.sotto.token(tenant, agent)
    real = asked(stack, token, UTTERANCES, id=played.contact_id, after=0)
    invented = asked(stack, token, UTTERANCES, id="no-such-contact", after=0)
    assert real["errors"][0]["errorType"] == invented["errors"][0]["errorType"] == "Unauthorized"
    assert real["data"] == invented["data"]


def test_a_foreign_subscription_is_refused(sample_calls: Calls, stack: Stack) -> None:
    played = sample_calls["bank_cancel", "retention"]
    token = stack.sotto.token("torque_garage", "mia")

    async def subscribe() -> None:
        sotto = stack.sotto
        async with listening(sotto.agents.graphql_url, sotto.agents.realtime_url, token, played.contact_id):
            pass

    with pytest.raises(PanelRefused):
        asyncio.run(subscribe())
