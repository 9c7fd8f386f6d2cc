"""``python -m infra.wheels [DEPLOYMENT]``: fetch what functions' zips hold. Afterwards synthesis needs no network."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from infra.building_blocks.bundling import BundlingFailed, fetch_wheels
from infra.capabilities.call_functions import extras_of
from infra.deployment import Deployment, DeploymentMistaken, deployment_from

DEFAULT_FILE = Path("deployment.example.yaml")


def fetch_for(deployment: Deployment) -> list[Path]:
    """The folders of unpacked wheels of a deployment. Raises BundlingFailed."""
    cells = [cell for region in deployment.regions for cell in deployment.cells(region)]
    return fetch_wheels((spec.name, *extras_of(spec, cell)) for cell in cells for spec in cell.functions)


def main(arguments: Sequence[str]) -> None:
    try:
        folders = fetch_for(deployment_from(Path(arguments[0]) if arguments else DEFAULT_FILE))
    except (BundlingFailed, DeploymentMistaken) as error:
        sys.exit(str(error))
    print(f"wheels of the functions' zips are ready: {', '.join(str(folder) for folder in folders)}")


if __name__ == "__main__":
    main(sys.argv[1:])
