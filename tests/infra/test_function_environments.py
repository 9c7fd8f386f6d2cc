"""Every function is deployed what its settings ask for, and nothing that it did not ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from functions.specs import function_specs
from sotto.core.settings import Settings
from tests.infra.conftest import Template, resources

OF_THE_RUNTIME = {"AWS_REGION": "us-east-1"}
OF_PYTHON_AND_POWERTOOLS = {"PYTHONDONTWRITEBYTECODE", "POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"}


@pytest.fixture(scope="module")
def deployed(
    templates: Mapping[str, Template], variant: Mapping[str, Template], hosted: Mapping[str, Template]
) -> list[tuple[str, dict[str, str]]]:
    """Name and environment of every function of every deployment that is tested."""
    every = (*templates.values(), *variant.values(), *hosted.values())
    return [found for template in every for found in _functions(template)]


def _functions(template: Template) -> Iterator[tuple[str, dict[str, str]]]:
    for function in resources(template, "AWS::Lambda::Function").values():
        variables = function["Environment"]["Variables"]
        yield function["FunctionName"], {name: _written(value) for name, value in variables.items()}


def _written(value: Any) -> str:
    """What CloudFormation fills in is there, whatever it is."""
    if isinstance(value, dict) and "Fn::Join" in value:
        between, parts = value["Fn::Join"]
        return str(between).join(_written(part) for part in parts)
    return value if isinstance(value, str) else "filled-in"


@pytest.mark.parametrize("name", [spec.name for spec in function_specs()])
def test_a_function_is_given_what_it_needs_and_nothing_else(
    deployed: list[tuple[str, dict[str, str]]], name: str
) -> None:
    (spec,) = (spec for spec in function_specs() if spec.name == name)
    environments = [environment for full_name, environment in deployed if full_name.endswith(f"-{name}")]
    assert environments
    for environment in environments:
        spec.check(Settings(OF_THE_RUNTIME | environment))
        assert set(environment) - OF_PYTHON_AND_POWERTOOLS <= set(spec.variables)


def test_functions_that_send_speech_and_texts_away_are_given_their_tenants_residency(
    deployed: list[tuple[str, dict[str, str]]],
) -> None:
    given = {name: environment.get("SOTTO_RESIDENCY") for name, environment in deployed}
    assert given["sotto-torque_garage-transcribe_call"] == '{"torque_garage": "us"}'
    assert given["sotto-torque_garage-route_inference"] == '{"torque_garage": "us"}'
    assert given["sotto-torque_garage-follow_contact"] is None
