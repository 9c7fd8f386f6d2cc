"""Unit: which providers the environment names."""

from __future__ import annotations

import pytest

from sotto.generation.account import Price
from sotto.generation.settings import GenerationSettings, WrongSetting


def test_nobody_writes_unless_the_environment_says_so() -> None:
    assert GenerationSettings.from_environment({"SOTTO_BEDROCK_MODEL": "m"}).order == ()


def test_order_and_prices_are_read() -> None:
    environment = {
        "SOTTO_GENERATION": "shard, bedrock",
        "SOTTO_BEDROCK_MODEL": "m",
        "SOTTO_GENERATION_PRICES": "bedrock=0.25/1.25",
    }
    settings = GenerationSettings.from_environment(environment)
    assert settings.order == ("shard", "bedrock") and settings.prices == {"bedrock": Price(0.25, 1.25)}


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"SOTTO_GENERATION": "oracle"}, "no provider 'oracle'"),
        ({"SOTTO_GENERATION": "bedrock"}, "set SOTTO_BEDROCK_MODEL"),
        ({"SOTTO_BEDROCK_SHAPE": "cube"}, "SOTTO_BEDROCK_SHAPE: there is no 'cube'; write one of tool, schema, words"),
        ({"SOTTO_GENERATION": "shard", "SOTTO_GENERATION_PRICES": "shard"}, "SOTTO_GENERATION_PRICES: write it like"),
    ],
)
def test_a_wrong_setting_names_the_variable_and_the_fix(environment: dict[str, str], named: str) -> None:
    with pytest.raises(WrongSetting, match=named):
        GenerationSettings.from_environment(environment)
