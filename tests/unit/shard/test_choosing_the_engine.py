"""Unit: which engine writes is a setting, and one that cannot be is refused where the container starts."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from model_containers.shard.decoder.choice import EngineUnusable, chosen_engine, vllm_arguments
from model_containers.shard.decoder.process import options_of

ROOT = Path(__file__).parents[3]
without_vllm = pytest.mark.skipif(find_spec("vllm") is not None, reason="vLLM is installed here")


def test_our_own_engine_writes_unless_another_is_chosen() -> None:
    assert chosen_engine({}) == chosen_engine({"SOTTO_DECODER_ENGINE": "own"}) == "own"
    assert options_of(["--fd", "3", "--model", "small"]).decoder_engine == "own"


def test_an_engine_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(EngineUnusable, match="own, vllm"):
        chosen_engine({"SOTTO_DECODER_ENGINE": "tgi"})


@without_vllm
def test_vllm_is_refused_where_it_is_not_installed() -> None:
    with pytest.raises(EngineUnusable, match=r"vLLM is not installed.*build-arg"):
        chosen_engine({"SOTTO_DECODER_ENGINE": "vllm"})


@pytest.mark.parametrize("written", ["0.85", "[1]", "{gpu: 1}"])
def test_arguments_for_vllm_are_a_json_object(written: str) -> None:
    assert vllm_arguments({"SOTTO_VLLM_ARGUMENTS": '{"max_loras": 4}'}) == {"max_loras": 4}
    with pytest.raises(EngineUnusable, match="JSON object"):
        vllm_arguments({"SOTTO_VLLM_ARGUMENTS": written})


@pytest.mark.parametrize(
    "setting", [pytest.param("vllm", marks=without_vllm), "tgi"], ids=["not installed", "not known"]
)
def test_the_container_ends_at_once_and_says_why(setting: str) -> None:
    """The supervisor would start a process that cannot live again and again."""
    command = [sys.executable, "-m", "model_containers.shard", "--engine", "decoder", "--model", "small"]
    environment = {**os.environ, "SOTTO_DECODER_ENGINE": setting}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 2
    assert "SOTTO_DECODER_ENGINE" in ended.stderr


def test_a_shard_that_classifies_does_not_look_at_the_choice() -> None:
    from model_containers.shard.__main__ import _decoder_options, _parser

    assert _decoder_options(_parser().parse_args([])) == ()
