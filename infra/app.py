"""The CDK app: ``npx cdk synth --context deployment=FILE``. Needs neither an account nor a network beyond packages."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks

from infra.building_blocks.bundling import BundlingFailed
from infra.deployment import Deployment, DeploymentMistaken, deployment_from
from infra.stages import RegionStage
from infra.wheels import fetch_for

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
        deployment = deployment_from(file)
        # Meanwhile the CDK starts up. What fails here fails again, and is reported, when the zip is made.
        Thread(target=_ready, args=(deployment,), name="wheels", daemon=True).start()
        app_of(deployment).synth()
    except (DeploymentMistaken, BundlingFailed) as error:
        sys.exit(str(error))


def _ready(deployment: Deployment) -> None:
    with suppress(BundlingFailed):
        fetch_for(deployment)


if __name__ == "__main__":
    main()
