"""``sotto adapters history``: who released what, when, why, from what data, and by which gates."""

from __future__ import annotations

from collections.abc import Iterator

import click

from local.commands.terminal_text import show_line
from local.commands.utc import minute
from local.deployed import deployed_stack
from sotto.models.registry import SHARED, UnknownModel
from sotto.models.releases import Release, Trained


@click.command()
@click.argument("tenant")
@click.argument("model", required=False)
def history(tenant: str, model: str | None) -> None:
    """Releases of TENANT's models (or of one MODEL), the newest first: publishing, pins, trials and rollbacks."""
    with deployed_stack() as stack:
        releases = stack.registry.releases(tenant, model)
    if not releases:
        raise UnknownModel(
            f"{tenant}{f'/{model}' if model else ''} has no releases on record: what was published before Sotto kept "
            f"them is in 'sotto adapters list'; those of models that serve every tenant are of {SHARED!r}"
        )
    for release in releases:
        for line in _lines(release):
            show_line(line)


def _lines(release: Release) -> Iterator[str]:
    because, trained = release.because, release.trained
    instead = f", instead of {release.replaced}" if release.replaced else ""
    preferred = f"; preferred is {release.preferred}{instead}" if release.preferred else ""
    yield f"{minute(because.at_ms)}  {release.model} {release.version} {release.event}{preferred}"
    yield f"    by {because.who or 'nobody on record'}{f': {because.why}' if because.why else ''}"
    if trained.data:
        yield f"    trained from data {trained.data}"
    if gates := ", ".join(_gates(trained)):
        yield f"    gates: {gates}"
    if metrics := ", ".join(f"{name} {value:g}" for name, value in trained.metrics.items()):
        yield f"    metrics: {metrics}"


def _gates(trained: Trained) -> Iterator[str]:
    for name, least in trained.gates.items():
        reached = trained.metrics.get(name)
        yield f"{name} at least {least:g}" if reached is None else f"{name} at least {least:g}, reached {reached:g}"
