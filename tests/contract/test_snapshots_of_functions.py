"""Contract tests: what a function builds before Lambda takes a snapshot of it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from benchmarks.first_use import ENVIRONMENT
from functions.deliver_annotations.handler import handler as deliver
from functions.orchestrate_utterance.handler import handler as orchestrate
from functions.route_inference.handler import handler as route
from local.records import records_environment
from sotto.core.function_spec import FunctionSpec, function
from sotto.core.settings import MissingSetting
from sotto.core.triggers import Events
from sotto.wiring.entry_point import EntryPoint, entry_point
from sotto.wiring.sotto import Sotto

ROUND = {"orchestrate_utterance": orchestrate, "route_inference": route, "deliver_annotations": deliver}


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], None]]:
    """As Lambda's own library does it, which is in its runtime and nowhere else."""
    hooks: list[Callable[[], None]] = []
    library = ModuleType("snapshot_restore")
    library.register_before_snapshot = hooks.append  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "snapshot_restore", library)
    return hooks


def a_function(*, snap_start: bool) -> FunctionSpec:
    return function("functions.any_function.function", Events(), timeout_s=1, snap_start=snap_start)


def nothing(event: Any, context: Any, sotto: Sotto) -> None: ...


def test_a_function_with_snap_start_is_built_before_its_snapshot(registered: list[Callable[[], None]]) -> None:
    made = entry_point(a_function(snap_start=True), ready=lambda sotto: sotto.clock)(nothing)
    assert registered == [made.prepare]
    entry_point(a_function(snap_start=False), ready=lambda sotto: sotto.clock)(nothing)
    entry_point(a_function(snap_start=True))(nothing)
    assert registered == [made.prepare]


def test_without_lambdas_library_nothing_is_registered_and_the_handler_works() -> None:
    assert isinstance(entry_point(a_function(snap_start=True), ready=lambda sotto: sotto.clock)(nothing), EntryPoint)


@pytest.mark.parametrize("name", ROUND)
def test_a_rounds_functions_are_built_without_asking_anybody(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing answers at any address here: what asked would fail."""
    for variable, value in (records_environment() | ENVIRONMENT | {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}).items():
        monkeypatch.setenv(variable, value)
    handler = ROUND[name]
    assert handler.spec.snap_start
    fresh = EntryPoint(handler.spec, handler.handle, handler._ready)
    fresh.prepare()
    assert fresh._sotto_of_process._made, "nothing was built, so the first event would have to"


def test_a_setting_that_is_missing_fails_the_publication(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("SOTTO_CONTACTS_TABLE", "SOTTO_TENANTS_TABLE", "SOTTO_GUIDE_UTTERANCE_ARN"):
        monkeypatch.delenv(variable, raising=False)
    with pytest.raises(MissingSetting, match="SOTTO_"):
        EntryPoint(orchestrate.spec, orchestrate.handle, orchestrate._ready).prepare()
