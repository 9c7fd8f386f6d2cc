"""Unit: nobody reads a call that is not theirs to read, whichever way they ask. ``sotto bench search-access`` asks
10,000 times."""

from __future__ import annotations

import pytest

import sotto.api.panel.history as history
from benchmarks.search.cross_reads import run


def test_nobody_sees_a_call_of_another_tenant_or_out_of_their_roles_reach() -> None:
    found = run(400)
    assert found.wrong == ()
    assert found.shown > 200 and found.refused > 50, "both happen"


def test_the_test_would_find_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_visible", lambda moments, caller, ports: iter(moments))
    assert run(200).wrong
