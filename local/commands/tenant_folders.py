"""Which folders and which deployment a command about tenants means."""

from __future__ import annotations

from pathlib import Path

import click

DEPLOYMENT = Path("deployment.yaml")
"""What docs/deploy.md has the deployment called."""

deployment_option = click.option(
    "--deployment",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"Which tenant each Connect instance is for; {DEPLOYMENT} if there is one here.",
)


def deployment_file(named: Path | None) -> Path | None:
    """The one that is named, or the one that is here."""
    return named or (DEPLOYMENT if DEPLOYMENT.exists() else None)


def tenant_folders(folder: Path) -> list[Path]:
    """The folder itself when it is a tenant's (or nothing else), else the tenants in it."""
    inside = sorted(path.parent for path in folder.glob("*/tenant.yaml"))
    return inside if inside and not (folder / "tenant.yaml").exists() else [folder]
