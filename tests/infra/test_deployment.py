"""Deployment files: what they may say, and what is said of mistakes. Kind: pure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.deployment import Deployment, DeploymentMistaken, deployment_from, deployment_of

Written = Callable[..., dict[str, Any]]


def mistakes(written: dict[str, Any]) -> str:
    with pytest.raises(DeploymentMistaken) as caught:
        deployment_of(written, "mine.yaml")
    return str(caught.value)


def test_pooled_tenants_share_a_cell_and_a_dedicated_one_has_its_own(deployment: Deployment) -> None:
    cells = deployment.cells("us-east-1")
    assert [(cell.title, sorted(cell.tenants), cell.prefix) for cell in cells] == [
        ("shared", ["harbour_bank"], "sotto-"),
        ("torque-garage", ["torque_garage"], "sotto-torque_garage-"),
    ]


def test_an_unknown_key_is_refused_with_the_known_ones(written: Written) -> None:
    mine = written()
    mine["regions"]["us-east-1"]["shard"]["instnace_type"] = "ml.c6i.xlarge"
    assert mistakes(mine) == (
        "mine.yaml: regions.us-east-1.shard.instnace_type: unknown key; known here are: adapters, base_model, "
        "concurrent_requests, encoder_threads, engine, fewest, hosting, image, instance_type, invocations_per_minute, "
        "model_memory_mb, most, startup_s, text_engine"
    )


def test_every_mistake_is_listed_at_once(written: Written) -> None:
    mine = written()
    mine["account"] = "12"
    mine["regions"]["us-east-1"]["calls"] = 0
    mine["tenants"]["harbour_bank"]["isolation"] = "shared"
    said = mistakes(mine)
    assert all(place in said for place in ("account:", "regions.us-east-1.calls:", "tenants.harbour_bank.isolation:"))


def test_a_tenant_is_never_deployed_outside_its_residency(written: Written) -> None:
    mine = written()
    mine["tenants"]["torque_garage"]["residency"] = "eu"
    assert "'torque_garage' may not leave eu; us-east-1 is outside it" in mistakes(mine)


def test_a_region_holds_only_tenants_with_an_instance_there(written: Written) -> None:
    mine = written()
    there = mine["regions"]["us-east-1"]
    arn = "arn:aws:connect:eu-central-1:111122223333:instance/99999999-2222-3333-4444-555555555555"
    mine["tenants"]["nord_versicherung"] = {"residency": "eu"}
    mine["regions"]["eu-central-1"] = {
        **there,
        "instances": [{"arn": arn, "alias": "nord", "tenant": "nord_versicherung"}],
    }
    deployment = deployment_of(mine, "mine.yaml")
    assert [list(cell.tenants) for cell in deployment.cells("eu-central-1")] == [["nord_versicherung"]]
    assert "nord_versicherung" not in {name for cell in deployment.cells("us-east-1") for name in cell.tenants}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tenant": "nobody"}, "'nobody' is not under tenants"),
        (
            {"arn": "arn:aws:connect:eu-west-1:111122223333:instance/11111111-2222-3333-4444-555555555555"},
            "the instance is in eu-west-1; list it under that region",
        ),
        (
            {"arn": "arn:aws:connect:us-east-1:999922223333:instance/11111111-2222-3333-4444-555555555555"},
            "the instance is in account 999922223333, the deployment in 111122223333",
        ),
        ({"media_retention_hours": 0}, "greater than or equal to 1"),
        ({"media_key_arn": "arn:aws:kms:us-east-1:1:key/k"}, "media_key_arn is for media_streams: existing"),
    ],
)
def test_an_instance_that_cannot_be_served_is_refused(written: Written, change: dict[str, Any], said: str) -> None:
    mine = written()
    mine["regions"]["us-east-1"]["instances"][0].update(change)
    assert said in mistakes(mine)


def test_deepgram_needs_the_secret_that_holds_its_key(written: Written) -> None:
    mine = written()
    mine["tenants"]["harbour_bank"]["recognisers"] = ["deepgram"]
    assert "regions.us-east-1.deepgram_secret_arn: needed, because of harbour_bank" in mistakes(mine)


def test_a_dedicated_tenants_names_fit_into_a_buckets(written: Written, deployment: Deployment) -> None:
    mine = written()
    mine["tenants"]["x" * 30] = {"isolation": "dedicated"}
    assert "too long to name a bucket after" in mistakes(mine)
    assert all(len(cell.bucket_name) <= 63 for cell in deployment.cells("us-east-1"))


def test_a_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(DeploymentMistaken, match=r"copy deployment\.example\.yaml"):
        deployment_from(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("generation", "message"),
    [
        ({"order": []}, "generation.order"),
        ({"order": ["bedrock"]}, "order names bedrock: give bedrock_model too"),
        ({"order": ["openai"], "openai_url": "https://h/v1", "openai_model": "m"}, "give openai_secret_arn too"),
        ({"order": ["shard"], "bedrock_model": "m"}, "bedrock_model is given, but order does not name bedrock"),
        ({"order": ["bedrock"], "bedrock_model": "eu.some.model"}, "is an inference profile: list its ARN"),
        ({"order": ["shard"], "prices": {"shard": "cheap"}}, "SOTTO_GENERATION_PRICES: write it like"),
        ({"order": ["shard"], "modle": "m"}, "generation.modle: unknown key; known here are: bedrock_model"),
    ],
)
def test_a_mistake_about_who_writes_is_refused_with_the_fix(
    written: Written, generation: dict[str, Any], message: str
) -> None:
    mine = written()
    mine["regions"]["us-east-1"]["generation"] = generation
    assert message in mistakes(mine)


def test_an_inference_profile_is_asked_for_by_the_arns_given(written: Written) -> None:
    mine = written()
    del mine["tenants"]["torque_garage"]["residency"]
    arns = [
        "arn:aws:bedrock:eu-central-1:111122223333:inference-profile/eu.amazon.nova-lite-v1:0",
        "arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0",
    ]
    mine["regions"]["us-east-1"]["generation"] = {
        "order": ["bedrock"],
        "bedrock_model": "eu.amazon.nova-lite-v1:0",
        "bedrock_model_arns": arns,
    }
    generation = deployment_of(mine, "mine.yaml").regions["us-east-1"].generation
    assert generation is not None and generation.models_in("us-east-1") == arns


GPU = {"instance_type": "ml.g5.xlarge", "image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/shard:gpu"}
DECODER = {"engine": "decoder", "base_model": "s3://models-of-ours/base/"}


@pytest.mark.parametrize(
    ("place", "written_there", "said"),
    [
        ("shard", {"instance_type": "ml.g5.xlarge"}, "runs on CPU only; use single_endpoint"),
        ("shard", {"adapters": ["a/b/v1"]}, "adapters are listed for inference_components only"),
        ("shard", {"hosting": "single_endpoint", **DECODER}, "a decoder belongs under writer"),
        ("writer", {"hosting": "single_endpoint"}, "writer needs engine: decoder"),
        ("shard", {"text_engine": "vllm"}, "vllm is for engine: decoder, with an image that has vLLM"),
        ("writer", {**DECODER}, "multi_model endpoints cannot stream what a decoder writes"),
        (
            "writer",
            {"hosting": "single_endpoint", "engine": "decoder"},
            "base_model and engine: decoder belong together",
        ),
        (
            "writer",
            {**DECODER, "hosting": "single_endpoint", "instance_type": "ml.g5.xlarge"},
            "built with torch for CUDA",
        ),
        (
            "writer",
            {**DECODER, **GPU, "hosting": "single_endpoint", "image": GPU["image"].replace("us-east-1", "eu-west-1")},
            "SageMaker takes images of its own region; copy it to us-east-1",
        ),
    ],
)
def test_hosting_that_sagemaker_does_not_offer_is_refused(
    written: Written, place: str, written_there: dict[str, Any], said: str
) -> None:
    mine = written()
    mine["regions"]["us-east-1"][place] = written_there
    assert said in mistakes(mine)


@pytest.mark.parametrize(
    ("residency", "replica", "said"),
    [
        ("us", "eu-west-1", "'torque_garage' may not leave us; eu-west-1 is outside it"),
        ("us", "us-east-1", "us-east-1 has tables of these names itself"),
        (None, "europe", "String should match pattern"),
    ],
)
def test_a_copy_outside_a_tenants_residency_is_refused(
    written: Written, residency: str | None, replica: str, said: str
) -> None:
    mine = written()
    mine["tenants"]["torque_garage"]["residency"] = residency
    mine["regions"]["us-east-1"]["replicas"] = [replica]
    assert said in mistakes(mine)


def test_a_copy_inside_every_tenants_residency_is_taken(written: Written) -> None:
    mine = written()
    mine["regions"]["us-east-1"]["replicas"] = ["us-west-2"]
    assert deployment_of(mine, "mine.yaml").regions["us-east-1"].replicas == ("us-west-2",)


def test_the_panel_of_tenants_with_a_residency_is_not_on_cloudfront(written: Written) -> None:
    mine = written()
    mine["regions"]["us-east-1"]["panel"] = {"token_url": "https://login.example.com/token"}
    assert "regions.us-east-1.panel.url: needed, because CloudFront is everywhere and torque_garage" in mistakes(mine)


def test_a_panel_is_served_by_somebody(written: Written) -> None:
    mine = written()
    mine["regions"]["us-east-1"]["panel"] = {}
    assert "write url, where you serve the panel, or token_url" in mistakes(mine)


def test_what_pooled_tenants_are_asked_is_never_captured(written: Written) -> None:
    mine = written()
    mine["tenants"]["harbour_bank"]["data_capture"] = True
    assert "tenants.harbour_bank.data_capture: an endpoint captures what all its tenants are asked" in mistakes(mine)


@pytest.mark.parametrize(
    ("region", "reason"),
    [
        ({}, "deepgram is asked at api.deepgram.com, which is not known to stay anywhere"),
        ({"deepgram_url": "wss://api.us.deepgram.com/v1/listen"}, None),
        ({"deepgram_url": "wss://api.eu.deepgram.com/v1/listen"}, "which stays within eu"),
        (
            {"deepgram_url": "wss://speech.example.com/listen"},
            "name the boundary that the host stays within",
        ),
        ({"deepgram_url": "wss://speech.example.com/listen", "hosts": {"speech.example.com": "us-east-1"}}, None),
    ],
)
def test_a_recogniser_outside_a_tenants_residency_is_refused(
    written: Written, region: dict[str, Any], reason: str | None
) -> None:
    mine = written()
    mine["tenants"]["torque_garage"]["recognisers"] = ["transcribe", "deepgram"]
    secret = {"deepgram_secret_arn": "arn:aws:secretsmanager:us-east-1:111122223333:secret:deepgram-AbCdEf"}
    mine["regions"]["us-east-1"].update(secret | region)
    if reason is None:
        deployment_of(mine, "mine.yaml")
    else:
        wrong = mistakes(mine)
        assert "regions.us-east-1.deepgram_url: not for 'torque_garage': " in wrong and reason in wrong


@pytest.mark.parametrize(
    ("generation", "hosts", "reason"),
    [
        ({"order": ["openai"], "openai_url": "https://llm.example.com/v1"}, {}, "llm.example.com, which is not known"),
        ({"order": ["openai"], "openai_url": "https://llm.example.com/v1"}, {"llm.example.com": "us"}, None),
        ({"order": ["bedrock"], "bedrock_model": "amazon.nova-lite-v1:0"}, {}, None),
        (
            {
                "order": ["bedrock"],
                "bedrock_model": "global.amazon.nova-lite-v1:0",
                "bedrock_model_arns": ["arn:aws:bedrock:::foundation-model/amazon.nova-lite-v1:0"],
            },
            {},
            "bedrock chooses among all regions",
        ),
        (
            {
                "order": ["bedrock"],
                "bedrock_model": "us.amazon.nova-lite-v1:0",
                "bedrock_model_arns": [
                    "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-lite-v1:0",
                    "arn:aws:bedrock:ca-central-1::foundation-model/amazon.nova-lite-v1:0",
                ],
            },
            {},
            "bedrock is in ca-central-1",
        ),
    ],
)
def test_a_writer_outside_a_tenants_residency_is_refused(
    written: Written, generation: dict[str, Any], hosts: dict[str, str], reason: str | None
) -> None:
    mine = written()
    here = mine["regions"]["us-east-1"]
    if "openai" in generation["order"]:
        secret = "arn:aws:secretsmanager:us-east-1:111122223333:secret:llm-AbCdEf"
        generation = generation | {"openai_model": "m", "openai_secret_arn": secret}
    here["generation"], here["hosts"] = generation, hosts
    if reason is None:
        deployment_of(mine, "mine.yaml")
    else:
        wrong = mistakes(mine)
        assert "regions.us-east-1.generation: not for 'torque_garage': " in wrong and reason in wrong


@pytest.mark.parametrize(
    ("recogniser", "expected"),
    [
        (None, "regions.us-east-1.recogniser: needed, because of harbour_bank"),
        ({"fewest": 9, "most": 2}, "most (2) is less than fewest (9)"),
        ({"engine": "transducer"}, "engine: transducer needs model and an image"),
        ({"instance_type": "ml.g6.xlarge"}, "name one built from Dockerfile.gpu"),
        ({"secret_arn": "arn:x"}, "secret_arn is for url"),
        ({"image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/speech:1"}, "copy it to us-east-1"),
    ],
)
def test_a_recogniser_of_ones_own_that_cannot_run_is_refused(
    written: Written, recogniser: dict[str, Any] | None, expected: str
) -> None:
    mine = written()
    mine["tenants"]["harbour_bank"]["recognisers"] = ["self_hosted", "transcribe"]
    if recogniser is not None:
        mine["regions"]["us-east-1"]["recogniser"] = recogniser
    assert expected in mistakes(mine)


def test_a_recogniser_elsewhere_is_inside_a_residency_by_what_is_known_of_its_host(written: Written) -> None:
    mine = written()
    here = mine["regions"]["us-east-1"]
    mine["tenants"]["torque_garage"]["recognisers"] = ["self_hosted"]
    here["recogniser"] = {"url": "wss://speech.example.com"}
    assert "recogniser.url: not for 'torque_garage'" in mistakes(mine)
    here["hosts"] = {"speech.example.com": "us"}
    deployment_of(mine, "test")
