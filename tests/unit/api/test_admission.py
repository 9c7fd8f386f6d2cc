"""Unit: whom a token's claims admit, by the directory."""

from __future__ import annotations

import pytest

from sotto.api.admission import admitted
from sotto.api.caller import Unauthorised
from sotto.contacts.directory import DirectoryAgent
from tests.fakes.directory import DirectoryInMemory

ID = "0000000a-2222-3333-4444-555555555555"
ARN = f"arn:aws:connect:us-east-1:111122223333:instance/11111111-2222-3333-4444-555555555555/agent/{ID}"


def directory(**agent: int | None) -> DirectoryInMemory:
    known = DirectoryInMemory()
    known.put_agents("bank", "one", [DirectoryAgent(ID, "Emma@bank.example", "Emma", "Baker")])
    if agent:
        known.put_agents("bank", "one", [DirectoryAgent(ID, "Emma@bank.example", "Emma", "Baker", left_at_ms=1)])
    return known


@pytest.mark.parametrize("claim", ["emma@bank.example", "Emma@Bank.Example", ID, ID.upper(), ARN])
def test_the_caller_is_the_username_however_the_claim_names_the_agent(claim: str) -> None:
    assert admitted({"tenant": "bank", "agent": claim}, directory()).agent == "Emma@bank.example"


@pytest.mark.parametrize("claim", ["emma@bank.example", ID, ARN])
def test_who_has_left_is_nobody(claim: str) -> None:
    with pytest.raises(Unauthorised):
        admitted({"tenant": "bank", "agent": claim}, directory(left_at_ms=1))


@pytest.mark.parametrize("claim", ["sue", ID.replace("a", "b")])
def test_whom_the_directory_does_not_know_is_who_the_claims_say(claim: str) -> None:
    assert admitted({"tenant": "bank", "agent": claim, "role": "supervisor"}, directory()).agent == claim


def test_the_directory_of_one_tenant_says_nothing_of_anothers() -> None:
    caller = admitted({"tenant": "garage", "agent": "emma@bank.example"}, directory(left_at_ms=1))
    assert (caller.tenant, caller.agent) == ("garage", "emma@bank.example")
