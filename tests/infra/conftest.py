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
def assembly(deployment: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The synthesised files. Raises when cdk-nag finds something that nobody accepted."""
    from infra.app import app_of

    folder = tmp_path_factory.mktemp("cdk.out")
    context = json.loads((REPOSITORY / "cdk.json").read_text())["context"] | {"aws:cdk:bundling-stacks": []}
    app_of(deployment, outdir=str(folder), context=context).synth()
    return folder


@pytest.fixture(scope="session")
def template_files(assembly: Path) -> Mapping[str, Path]:
    """By stack name."""
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
