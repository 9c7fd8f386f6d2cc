"""What lies inside a residency. Kind: pure."""

from __future__ import annotations

import pytest

from sotto.core.residency import ANYWHERE, BOUNDARIES, admits, bedrock_place, refusal


@pytest.mark.parametrize(
    ("boundary", "place", "inside"),
    [
        ("eu", "eu-central-1", True),
        ("eu", "us-east-1", False),
        ("us", "us-gov-west-1", False),
        ("eu", "uk", True),
        ("uk", "eu", False),
        ("apac", "ap-southeast-2", True),
        ("eu", ANYWHERE, False),
        ("eu", "wss://api.eu.deepgram.com/v1/listen", True),
        ("us", "wss://api.us.deepgram.com/v1/listen", True),
        ("us", "wss://api.deepgram.com/v1/listen", False),  # the global endpoint
        ("eu", "https://api.eu.deepgram.com.example.com/", False),
        ("eu", "https://llm.example.com/v1", False),
        ("eu", "", False),
    ],
)
def test_places(boundary: str, place: str, inside: bool) -> None:
    assert admits(boundary, place, {}) is inside


def test_a_host_is_inside_by_the_word_of_whoever_deploys() -> None:
    hosts = {"llm.example.com": "eu", "speech.example.com": "eu-west-2"}
    assert admits("eu", "https://LLM.example.com:8443/v1", hosts)
    assert admits("uk", "wss://speech.example.com/listen", hosts)
    assert not admits("uk", "https://llm.example.com/v1", hosts)


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_each_boundary_is_inside_itself(boundary: str) -> None:
    assert admits(boundary, boundary, {})


@pytest.mark.parametrize(
    ("model_id", "place"),
    [
        ("anthropic.claude-haiku-4-5-20251001-v1:0", "eu-west-1"),
        ("eu.anthropic.claude-haiku-4-5-20251001-v1:0", "eu"),
        ("jp.anthropic.claude-haiku-4-5-20251001-v1:0", "apac"),
        ("global.anthropic.claude-haiku-4-5-20251001-v1:0", ANYWHERE),
        ("arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-lite-v1:0", "us"),
        ("arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abc123", "us-east-1"),
    ],
)
def test_where_bedrock_answers(model_id: str, place: str) -> None:
    assert bedrock_place(model_id, "eu-west-1") == place


def test_a_refusal_is_a_sentence() -> None:
    assert refusal("eu", "deepgram", "wss://api.deepgram.com/v1/listen", {}) == (
        "deepgram is asked at api.deepgram.com, which is not known to stay anywhere, and the tenant may not leave eu"
    )
    assert refusal("uk", "openai", "https://llm.example.com/v1", {"llm.example.com": "eu"}) == (
        "openai is asked at llm.example.com, which stays within eu, and the tenant may not leave uk"
    )
    assert refusal("eu", "transcribe", "us-east-1", {}) == "transcribe is in us-east-1, and the tenant may not leave eu"
    assert refusal("eu", "bedrock", ANYWHERE, {}) == (
        "bedrock chooses among all regions, and the tenant may not leave eu"
    )
    assert refusal("eu", "transcribe", "eu-west-3", {}) is None
