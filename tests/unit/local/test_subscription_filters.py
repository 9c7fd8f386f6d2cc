"""Unit tests: AppSync's subscription filters, as the emulation applies them."""

from __future__ import annotations

from typing import Any

import pytest

from local.aws.appsync.filters import passes_arguments, passes_enhanced, to_subscription_filter

PAYLOAD = {"tenant": "bank", "seq": 7, "tags": ["a", "b"], "contact": {"team": "sales"}, "nothing": None}


@pytest.mark.parametrize(
    ("conditions", "passes"),
    [
        ({"tenant": {"eq": "bank"}, "seq": {"eq": 7}}, True),
        ({"tenant": {"eq": "bank"}, "seq": {"eq": 8}}, False),
        ({"tenant": {"in": ["bank", "garage"]}}, True),
        ({"tenant": {"notIn": ["bank"]}}, False),
        ({"tenant": {"ne": "garage", "beginsWith": "ba"}}, True),
        ({"seq": {"ge": 7, "lt": 8}}, True),
        ({"seq": {"between": [1, 6]}}, False),
        ({"tags": {"contains": "a"}}, True),
        ({"tags": {"containsAny": ["x", "y"]}}, False),
        ({"contact.team": {"eq": "sales"}}, True),
        ({"absent": {"ne": "anything"}}, False),
        ({"nothing": {"eq": None}}, False),
    ],
)
def test_every_condition_must_hold(conditions: dict[str, dict[str, Any]], passes: bool) -> None:
    assert passes_enhanced(PAYLOAD, to_subscription_filter(conditions)) is passes


def test_one_group_of_several_is_enough() -> None:
    groups = [to_subscription_filter({"seq": {"eq": seq}})["filterGroup"][0] for seq in (6, 7)]
    assert passes_enhanced(PAYLOAD, {"filterGroup": groups})


def test_arguments_that_were_not_given_do_not_filter() -> None:
    assert passes_arguments(PAYLOAD, {"tenant": "bank", "seq": None})
    assert not passes_arguments(PAYLOAD, {"tenant": "garage"})
