"""Unit: nobody reads a call that is not theirs to read, whichever way they ask. ``sotto bench search-access`` asks
10,000 times."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from benchmarks.search.cross_reads import run
from sotto.api.caller import Caller
from sotto.api.panel.requests import serve
from sotto.api.roles import Role


def test_nobody_sees_a_call_of_another_tenant_or_out_of_their_roles_reach() -> None:
    found = run(400)
    assert found.wrong == ()
    assert found.shown > 200 and found.refused > 50, "both happen"


def test_a_way_in_that_forgets_roles_is_found() -> None:
    def forgetful(name: str, arguments: Any, caller: Caller, ports: Any) -> Any:
        return serve(name, arguments, replace(caller, role=Role.QUALITY), ports)

    assert run(200, answer_to=forgetful).wrong
