from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import Field

from functions.specs import deployed, everything, function_specs, socket_routes
from sotto.core.function_spec import FunctionSpec, function
from sotto.core.needs import Keeps, ReadsBooks
from sotto.core.resources import CONTACTS, GUIDE_UTTERANCE, resources_of
from sotto.core.settings import MissingSetting, Setting, Settings
from sotto.core.triggers import BusRule, Events, TaskOf
from sotto.wiring.entry_point import entry_point
from sotto.wiring.sotto import Sotto

FUNCTIONS = Path(__file__).parents[3] / "functions"


class Colour(Setting):
    colour: str = Field(alias="SOTTO_COLOUR")


PAINT = function(
    "functions.paint_call.function",
    Events(retries=1, max_age_s=60),
    BusRule("paint", {"source": ["any"], "detail-type": ["any"]}),
    TaskOf(GUIDE_UTTERANCE),
    timeout_s=3,
    needs=(Keeps(CONTACTS), ReadsBooks()),
    settings=(Colour,),
)


def test_a_function_is_named_after_its_folder() -> None:
    assert (PAINT.name, PAINT.handler) == ("paint_call", "functions.paint_call.handler.handler")


def test_what_a_function_needs_is_what_there_is() -> None:
    found = resources_of([PAINT])
    assert [table.name for table in found.tables] == ["sotto-contacts", "sotto-data-keys", "sotto-tenants"]
    assert found.buckets == ("sotto-artifacts",)
    assert [(rule.name, rule.function) for rule in found.rules] == [("paint", "paint_call")]


def test_the_tables_name_is_given_by_the_setting_that_reads_it() -> None:
    for table in everything().tables:
        assert table.setting is not None
        assert table.variable in table.setting.variables()


def test_everything_that_is_missing_is_named_at_once_before_anything_runs() -> None:
    @entry_point(PAINT)
    def handler(event: object, context: object, sotto: Sotto) -> None:
        raise AssertionError("never reached")

    with pytest.raises(MissingSetting) as missing:
        handler.started({"AWS_REGION": "us-east-1", "SOTTO_TENANTS_TABLE": "books"})
    assert str(missing.value).startswith("function paint_call: ")
    for variable in ("SOTTO_CONTACTS_TABLE", "SOTTO_ARTIFACTS_BUCKET", "SOTTO_COLOUR"):
        assert f"{variable} is not set" in str(missing.value)


def test_no_table_has_a_name_by_default() -> None:
    for spec in function_specs():
        for table in (table for need in spec.needs for table in need.tables):
            assert table.setting is not None
            with pytest.raises(MissingSetting, match=table.variable):
                Settings({}).of(table.setting)


def test_every_folder_of_functions_has_a_spec_and_every_spec_a_handler() -> None:
    handlers = {file.parent.name for file in FUNCTIONS.glob("*/handler.py")}
    assert handlers == {spec.name for spec in function_specs()}


def test_functions_of_a_channel_are_there_where_a_tenant_uses_it() -> None:
    without, with_both = deployed("appsync").functions, deployed("appsync", "websocket").functions
    assert {spec.name for spec in with_both} - {spec.name for spec in without} == {
        "authorise_connection",
        "serve_connection",
        "track_connection",
    }
    assert set(socket_routes().values()) == {"serve_connection", "track_connection"}


def test_functions_that_are_invoked_by_name_are_there() -> None:
    names = {spec.name for spec in function_specs()}
    for spec in function_specs():
        assert {name for need in spec.needs for name in getattr(need, "functions", ())} <= names
        assert spec.failures_to is None or spec.failures_to in names


def test_a_function_without_needs_knows_where_it_is_and_how_to_log() -> None:
    FunctionSpec("any", "any.handler", 1).check(Settings({"AWS_REGION": "us-east-1"}))
