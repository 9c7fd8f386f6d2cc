"""Call: the sample calls through the whole route, as the agent's panel sees them."""

from __future__ import annotations

from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.call.conftest import CALLS, Played, Stack, cases

pytestmark = pytest.mark.call

Calls = dict[tuple[str, str], Played]


def expected(call: str, team: str) -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(CALLS / call / "expected.yaml")[team]
    return found


@pytest.mark.parametrize(("call", "team"), cases())
def test_every_expected_moment_and_action_reaches_the_panel(sample_calls: Calls, call: str, team: str) -> None:
    played = sample_calls[call, team]
    shown = [(each["kind"], each["name"], each["call_ms"]) for each in played.of("annotation")]
    wanted = expected(call, team)
    for kind in ("moment", "action"):
        for one in wanted[f"{kind}s"]:
            at = [ms for shown_kind, name, ms in shown if (shown_kind, name) == (kind, one["name"])]
            assert any(one["after_ms"] <= ms <= one["before_ms"] for ms in at), (one, at)
    assert not {name for _, name, _ in shown} & set(wanted.get("absent", ()))


@pytest.mark.parametrize(("call", "team"), cases())
def test_every_sample_is_recognised_once(sample_calls: Calls, call: str, team: str) -> None:
    for samples in sample_calls[call, team].summary["samples"].values():
        assert samples["recognised"] == samples["source"]
        assert (samples["lost"], samples["duplicated"]) == (0, 0)


@pytest.mark.parametrize(("call", "team"), cases())
def test_sequence_numbers_have_no_gaps(sample_calls: Calls, call: str, team: str) -> None:
    played = sample_calls[call, team]
    for kind in ("utterance", "annotation"):
        seqs = sorted({each["seq"] for each in played.of(kind)})
        assert seqs == list(range(1, len(seqs) + 1))


def test_two_teams_of_one_tenant_get_different_guidance(sample_calls: Calls) -> None:
    def actions(team: str) -> set[str]:
        return {each["name"] for each in sample_calls["bank_cancel", team].of("annotation") if each["kind"] == "action"}

    assert actions("retention") - actions("service")
    assert actions("service") - actions("retention")


def test_what_the_panel_received_is_what_is_stored(sample_calls: Calls, stack: Stack) -> None:
    played = sample_calls["bank_card", "service"]
    stored = stack.sotto.root.conversations.utterances("harbour_bank", played.contact_id, 0, 500)
    received = {each["seq"]: each["text"] for each in played.of("utterance")}
    assert {each.seq: each.text for each in stored} == received


def test_every_annotation_says_which_policy_and_model_led_to_it(sample_calls: Calls) -> None:
    for played in sample_calls.values():
        for each in played.of("annotation"):
            assert each["policy"]
            assert set(each["stages_ms"]) >= {"infer", "deliver"} or each["latency_ms"] is None
