"""``python -m infra.review [DEPLOYMENT]``: what a deployment amounts to, for a reviewer. Synthesises it as deployed.

Prints functions, roles, wildcards, zips and what cfn-lint and cdk-nag found; ends with 1 when a limit is broken.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cfnlint.config import ConfigMixIn
from cfnlint.runner import Runner

from infra.app import app_of
from infra.building_blocks.bundling import REPOSITORY, BundlingFailed, build_into
from infra.capabilities.call_functions import extras_of
from infra.deployment import Cell, Deployment, DeploymentMistaken, deployment_from
from infra.wheels import DEFAULT_FILE, fetch_for

LARGEST_ZIP_MB = 20.0
IGNORED = ("W3005",)
"""The CDK writes dependencies out that a reference implies already."""


def main(arguments: Sequence[str]) -> None:
    try:
        deployment = deployment_from(Path(arguments[0]) if arguments else DEFAULT_FILE)
        broken = _reviewed(deployment)
    except (BundlingFailed, DeploymentMistaken) as error:
        sys.exit(str(error))
    sys.exit(1 if broken else 0)


def _reviewed(deployment: Deployment) -> bool:
    fetch_for(deployment)
    with tempfile.TemporaryDirectory() as folder:
        files = _synthesised(deployment, Path(folder))
        actions = counted([json.loads(file.read_text()) for file in files])
        linted = _linted(files, tuple(deployment.regions))
    print("cdk-nag                  0 findings that nobody acknowledged: one would have stopped the synthesis")
    print(f"cfn-lint                 {len(linted)} findings in {len(files)} templates")
    for line in linted:
        print(f"    {line}")
    large = _zips(deployment)
    return bool(actions or linted or large)


def _synthesised(deployment: Deployment, folder: Path) -> list[Path]:
    """The templates. Zips are made below."""
    context = json.loads((REPOSITORY / "cdk.json").read_text())["context"] | {"aws:cdk:bundling-stacks": []}
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):  # noqa: PTH123 (a device)
        app_of(deployment, outdir=str(folder), context=context).synth()
    return sorted(folder.rglob("*.template.json"))


def counted(templates: list[dict[str, Any]]) -> list[str]:
    """Prints the counts; answers with the actions that are wildcards."""
    resources = [each for template in templates for each in template["Resources"].values()]
    of_kind = [each["Type"] for each in resources]
    allowed = list(_allowed(resources))
    actions = sorted({action for action, _ in allowed if "*" in action})
    everywhere = sorted({action for action, resource in allowed if resource == "*"})
    print(f"templates                {len(templates)}")
    print(f"functions                {of_kind.count('AWS::Lambda::Function')}")
    print(f"roles                    {of_kind.count('AWS::IAM::Role')}")
    print(f"actions that are wild    {len(actions)} {' '.join(actions)}".rstrip())
    print(f"actions on any resource  {len(everywhere)}, which know no resources: {' '.join(everywhere)}")
    return actions


def _allowed(resources: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for resource in resources:
        if resource["Type"] != "AWS::IAM::Policy":
            continue
        for statement in resource["Properties"]["PolicyDocument"]["Statement"]:
            for action in _many(statement["Action"]):
                yield from ((action, json.dumps(on).strip('"')) for on in _many(statement["Resource"]))


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _linted(files: list[Path], regions: tuple[str, ...]) -> list[str]:
    paths = [str(file) for file in files]
    config = ConfigMixIn(templates=paths, ignore_checks=list(IGNORED), regions=list(regions))
    return [f"{Path(match.filename).name}: {match.rule.id} {match.message}" for match in Runner(config).run()]


def _zips(deployment: Deployment) -> list[str]:
    """Prints each zip's size as it is uploaded; answers with those that are too large."""
    cells: list[Cell] = [cell for region in deployment.regions for cell in deployment.cells(region)]
    wanted = sorted({(spec.name, extras_of(spec, cell)) for cell in cells for spec in cell.functions})
    large = []
    for name, extras in wanted:
        megabytes = _zipped_mb(name, extras)
        if megabytes > LARGEST_ZIP_MB:
            large.append(name)
        also = f" with {', '.join(extras)}" if extras else ""
        print(f"zip                      {megabytes:5.1f} MB  {name}{also}")
    return large


def _zipped_mb(name: str, extras: tuple[str, ...]) -> float:
    with tempfile.TemporaryDirectory() as scratch:
        folder, target = Path(scratch) / "content", Path(scratch) / "zip"
        build_into(folder, name, extras)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(each for each in folder.rglob("*") if each.is_file()):
                archive.write(file, file.relative_to(folder))
        return target.stat().st_size / 1024**2


if __name__ == "__main__":
    main(sys.argv[1:])
