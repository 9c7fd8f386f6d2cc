"""Templates are synthesised once for all tests, with cdk-nag and without bundling."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from infra.deployment import Deployment, deployment_of

REPOSITORY = Path(__file__).resolve().parents[2]
Template = Mapping[str, Any]


@pytest.fixture(scope="session")
def written() -> Callable[..., dict[str, Any]]:
    """The example deployment as written, to be changed at will."""
    example = YAML(typ="safe").load((REPOSITORY / "deployment.example.yaml").read_text())
    return lambda: copy.deepcopy(example)


@pytest.fixture(scope="session")
def deployment(written: Callable[..., dict[str, Any]]) -> Deployment:
    return deployment_of(written(), "deployment.example.yaml")


@pytest.fixture(scope="session")
def variant(written: Callable[..., dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Template]:
    """What the example does not use, by ``region/stack``: two regions, two pooled tenants, tenant sessions, other
    recognisers, media streams that exist, providers of texts, the second channel, the panel on CloudFront."""
    mine = written()
    here = mine["regions"]["us-east-1"]
    here["tenant_sessions"] = True
    here["rest_api"] = True
    here["panel"] = {"token_url": "https://login.example.com/token"}
    here["deepgram_secret_arn"] = "arn:aws:secretsmanager:us-east-1:111122223333:secret:deepgram-AbCdEf"
    here["generation"] = {
        "order": ["shard", "bedrock", "openai"],
        "bedrock_model": "amazon.nova-lite-v1:0",
        "openai_url": "https://api.fireworks.ai/inference/v1",
        "openai_model": "some-model",
        "openai_secret_arn": "arn:aws:secretsmanager:us-east-1:111122223333:secret:host-AbCdEf",
        "prices": {"bedrock": "0.06/0.24"},
    }
    here["instances"][0] = {
        **here["instances"][0],
        "media_streams": "existing",
        "media_prefix": "theirs",
        "contact_lens": True,
        "contact_records_stream_arn": "arn:aws:kinesis:us-east-1:111122223333:stream/contact-records",
        "agent_events_stream_arn": "arn:aws:kinesis:us-east-1:111122223333:stream/agent-events",
        "streams_key_arn": "arn:aws:kms:us-east-1:111122223333:key/77777777-2222-3333-4444-555555555555",
    }
    mine["tenants"]["harbour_bank"]["recognisers"] = ["deepgram", "self_hosted", "embedded"]
    here["recogniser"] = {"model": "s3://models-of-theirs/whisper-small.en/", "sessions": 12}
    mine["tenants"]["harbour_bank"]["channels"] = ["appsync", "websocket"]
    mine["tenants"]["torque_garage"] = {}
    mine["tenants"]["nord_bank"] = {"residency": "eu"}
    here["media_gateway"] = {
        "host": "media.example.com",
        "certificate_arn": "arn:aws:acm:us-east-1:111122223333:certificate/11111111-2222-3333-4444-555555555555",
        "entries": [
            {
                "id": "main", "provider": "twilio", "tenant": "harbour_bank", "account": "AC" + "1" * 32,
                "secret_arn": "arn:aws:secretsmanager:us-east-1:111122223333:secret:twilio-AbCdEf",
            },
        ],
    }  # fmt: skip
    here["voice_connectors"] = [{"id": "abcdef1ghij2klmno3pqr4", "tenant": "harbour_bank"}]
    here["imports"] = [
        {
            "tenant": "harbour_bank",
            "name": "archive",
            "bucket": "harbour-bank-archive",
            "prefix": "calls/",
            "key_arn": "arn:aws:kms:us-east-1:111122223333:key/88888888-2222-3333-4444-555555555555",
        }
    ]
    there = "arn:aws:connect:eu-central-1:111122223333:instance/99999999-2222-3333-4444-555555555555"
    shared = {key: here[key] for key in ("calls", "sign_in", "panel")}
    shared["panel"] = {"url": "https://panel.example.com/"}
    mine["regions"]["eu-central-1"] = {
        **shared,
        "instances": [{"arn": there, "alias": "nord-bank", "tenant": "nord_bank"}],
    }
    folder = _synthesised(deployment_of(mine, "variant"), tmp_path_factory.mktemp("variant.out"))
    found = {}
    for region in mine["regions"]:
        for name, file in _templates(folder / f"assembly-{region}").items():
            found[f"{region}/{name}"] = json.loads(file.read_text())
    return found


@pytest.fixture(scope="session")
def hosted_files(
    written: Callable[..., dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Path]:
    """Tenants that may not leave Europe, with copies in a second region, and every way of hosting but the example's."""
    mine = written()
    there = "arn:aws:connect:eu-central-1:111122223333:instance/{}9999999-2222-3333-4444-555555555555"
    image = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/shard:gpu"
    decoder = {"engine": "decoder", "base_model": "s3://bases/small/", "instance_type": "ml.g5.xlarge", "image": image}
    region = mine["regions"].pop("us-east-1")
    mine["tenants"] = {
        "nord_bank": {"residency": "eu"},
        "allein": {"residency": "eu", "isolation": "dedicated", "data_capture": True},
    }
    mine["regions"]["eu-central-1"] = {
        **{key: region[key] for key in ("calls", "sign_in", "panel")},
        "replicas": ["eu-west-1"],
        "shard": {"hosting": "single_endpoint"},
        "generation": {"order": ["shard"]},
        "writer": {"hosting": "inference_components", "adapters": ["nord_bank/writer/v1"], **decoder},
        "instances": [
            {"arn": there.format("9"), "alias": "nord-bank", "tenant": "nord_bank"},
            {"arn": there.format("8"), "alias": "allein", "tenant": "allein"},
        ],
    }
    return _templates(_synthesised(deployment_of(mine, "hosted"), tmp_path_factory.mktemp("hosted.out")))


@pytest.fixture(scope="session")
def hosted(hosted_files: Mapping[str, Path]) -> Mapping[str, Template]:
    return {name: json.loads(file.read_text()) for name, file in hosted_files.items()}


@pytest.fixture(scope="session")
def assembly(deployment: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The synthesised files. Raises when cdk-nag finds something that nobody accepted."""
    return _synthesised(deployment, tmp_path_factory.mktemp("cdk.out"))


def _synthesised(deployment: Deployment, folder: Path) -> Path:
    from infra.app import app_of

    context = json.loads((REPOSITORY / "cdk.json").read_text())["context"] | {"aws:cdk:bundling-stacks": []}
    app_of(deployment, outdir=str(folder), context=context).synth()
    return folder


@pytest.fixture(scope="session")
def template_files(assembly: Path) -> Mapping[str, Path]:
    """By stack name."""
    return _templates(assembly)


def _templates(assembly: Path) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for manifest in sorted(assembly.rglob("manifest.json")):
        for artifact in json.loads(manifest.read_text())["artifacts"].values():
            if artifact["type"] == "aws:cloudformation:stack":
                properties = artifact["properties"]
                files[properties["stackName"]] = manifest.parent / properties["templateFile"]
    return files


@pytest.fixture(scope="session")
def templates(template_files: Mapping[str, Path]) -> Mapping[str, Template]:
    return {name: json.loads(file.read_text()) for name, file in template_files.items()}


def resources(template: Template, kind: str) -> dict[str, dict[str, Any]]:
    """Properties by logical id."""
    found = template["Resources"].items()
    return {name: each.get("Properties", {}) for name, each in found if each["Type"] == kind}
