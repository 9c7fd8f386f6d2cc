"""``sotto adapters``: a tenant's models, from its example phrases to the version that calls are answered with."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from local.deployed import DEFAULT_ENDPOINT, deployed_stack
from local.tenants import publish_models
from sotto.inference.registry import SHARED, UnknownModel
from sotto.inference.versions import Shelf

endpoint_option = click.option(
    "--endpoint", help=f"The shard's endpoint. Default: $SOTTO_SHARD_ENDPOINT, else {DEFAULT_ENDPOINT}."
)


@click.group()
def adapters() -> None:
    """Train a tenant's models, publish versions of them, and go back to earlier ones.

    All but train speak to the stack that the environment names: AWS_REGION and credentials; AWS_ENDPOINT_URL for an
    embedded one.
    """


@adapters.command()
@click.argument("packages", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@endpoint_option
def push(packages: tuple[Path, ...], endpoint: str | None) -> None:
    """Upload model packages (or folders of them); each becomes its model's preferred version, unless one is pinned."""
    archives = [archive for each in packages for archive in _archives(each)]
    with deployed_stack(endpoint) as stack:
        publish_models(archives, stack.s3, stack.bucket, stack.registry, stack.endpoint, progress=click.echo)


def _archives(path: Path) -> list[Path]:
    found = [path] if path.is_file() else sorted(path.rglob("*.tar.gz"))
    if not found:
        raise click.UsageError(f"{path} holds no packages (*.tar.gz): make some with 'sotto adapters train'")
    return found


@adapters.command("list")
@click.argument("tenant")
@click.argument("model", required=False)
def list_versions(tenant: str, model: str | None) -> None:
    """Versions of TENANT's models (or of one MODEL) with their metrics, the newest first."""
    with deployed_stack() as stack:
        names = [model] if model else stack.registry.models(tenant)
        shelves = {name: stack.registry.shelf(tenant, name) for name in names}
    if not shelves:
        raise UnknownModel(f"tenant {tenant} has published no models; those that serve every tenant are of {SHARED!r}")
    for name, shelf in shelves.items():
        _show(f"{tenant}/{name}", shelf)


@adapters.command()
@click.argument("tenant")
@click.argument("model")
@click.argument("version")
def pin(tenant: str, model: str, version: str) -> None:
    """Keep VERSION preferred, whatever is published later."""
    with deployed_stack() as stack:
        _show(f"{tenant}/{model}", stack.registry.pin(tenant, model, version))


@adapters.command()
@click.argument("tenant")
@click.argument("model")
def unpin(tenant: str, model: str) -> None:
    """Let the newest version be preferred again."""
    with deployed_stack() as stack:
        _show(f"{tenant}/{model}", stack.registry.unpin(tenant, model))


@adapters.command()
@click.argument("tenant")
@click.argument("model")
def rollback(tenant: str, model: str) -> None:
    """Withdraw the preferred version; the one before it serves. Calls in progress follow within 30 s."""
    with deployed_stack() as stack:
        _show(f"{tenant}/{model}", stack.registry.roll_back(tenant, model))


def _show(title: str, shelf: Shelf) -> None:
    table = Table("version", "state", "published", "metrics", title=title, title_justify="left")
    for one in shelf.published:
        metrics = "\n".join(f"{name} {value:g}" for name, value in one.metrics.items())
        table.add_row(one.version.version, shelf.state(one), _day(one.published_at_ms), metrics)
    Console().print(table)


def _day(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC") if at_ms else ""
