"""The CDK app: ``npx cdk synth --context deployment=FILE``. Needs neither an account nor a network beyond packages."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks

from infra.building_blocks.bundling import BundlingFailed
from infra.deployment import Deployment, DeploymentMistaken, deployment_from
from infra.stages import RegionStage

DEFAULT_FILE = "deployment.example.yaml"


def app_of(deployment: Deployment, **app: Any) -> App:
    """A stage for each region. cdk-nag's findings that nobody accepted stop the synthesis."""
    cdk_app = App(**app)
    Validations.of(cdk_app).add_plugins(AwsSolutionsChecks(cdk_app))
    for region in deployment.regions:
        RegionStage(cdk_app, region, deployment=deployment, region=region)
    return cdk_app


def main() -> None:
    try:
        file = Path(App().node.try_get_context("deployment") or DEFAULT_FILE)
        app_of(deployment_from(file)).synth()
    except (DeploymentMistaken, BundlingFailed) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
