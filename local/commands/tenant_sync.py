"""``sotto tenants sync``: articles from where others keep them, into a tenant's folder."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from local.commands.deployment_claims import known_hosts
from local.commands.tenant_folders import deployment_file, deployment_option, tenant_folders
from local.commands.terminal_text import show_line
from sotto.aws.session import SharedSession
from sotto.core.api_keys import KeyMissing
from sotto.core.clock import SystemClock
from sotto.core.residency import OutsideResidency
from sotto.knowledge.synced_folder import SyncedFolder, take_out_undeclared
from sotto.knowledge.synchronise import SyncReport, synchronise
from sotto.tenants.knowledge_sources import DeclaredSource
from sotto.tenants.reading.folder import read_declared
from sotto.tenants.residency import source_refusals
from sotto.wiring.knowledge_sources import connected

SHOWN = 20
"""Documents of one kind that are named; of more, their number says enough."""


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--source", "only", metavar="NAME", help="This source alone.")
@deployment_option
def sync(folder: Path, only: str | None, deployment: Path | None) -> None:
    """Fetch what changed in the sources of a tenant's folder, or of several: knowledge/sources.yaml.

    Articles go to knowledge/synced/NAME. A source that does not answer leaves what is there; the exit code is 1 then.
    Publish with ``push`` afterwards.
    """
    folders = tenant_folders(folder)
    file = deployment_file(deployment)
    refuse_sources_outside(folders, known_hosts(file) if file is not None else {})
    fine = [_sync(each, only) for each in folders]
    sys.exit(0 if all(fine) else 1)


def refuse_sources_outside(folders: Iterable[Path], hosts: Mapping[str, str]) -> None:
    """Raises OutsideResidency with every reason, and TenantMistaken."""
    wrong = [
        f"{folder.name}: {reason}" for folder in folders for reason in source_refusals(read_declared(folder), hosts)
    ]
    if wrong:
        raise OutsideResidency("\n".join(wrong))


def _sync(folder: Path, only: str | None) -> bool:
    sources = read_declared(folder).sources
    wanted = [source for source in sources if only in (None, source.name)]
    if only is None:
        for name in take_out_undeclared(folder, {source.name for source in sources}):
            show_line(f"{folder.name}/{name}: taken out; sources.yaml names it no more")
    if not wanted:
        show_line(f"{folder.name}: no source{f' {only}' if only else ''} in knowledge/sources.yaml")
        return only is None
    fine = [_sync_one(folder, source) for source in wanted]
    return all(fine)


def _sync_one(folder: Path, source: DeclaredSource) -> bool:
    name = f"{folder.name}/{source.name}"
    show_line(f"{name}: asking {', '.join(source.places)}")
    try:
        connection = connected(
            source,
            session=SharedSession,
            environment=os.environ,
            clock=SystemClock(),
            wait=lambda ms: time.sleep(ms / 1000),
        )
        with SyncedFolder.opened(folder, source) as synced:
            report = synchronise(connection, synced, lambda line: show_line(f"{name}: {line}"))
    except KeyMissing as error:
        report = SyncReport(trouble=f"{error}; what was fetched before stays")
    for line in lines_of(report):
        show_line(f"{name}: {line}")
    return not report.trouble


def lines_of(report: SyncReport) -> Iterable[str]:
    """What a person wants to know of it."""
    for what in ("added", "changed", "removed"):
        documents = getattr(report, what)
        yield from (f"{what}: {document}" for document in documents[:SHOWN])
        if len(documents) > SHOWN:
            yield f"{what}: and {len(documents) - SHOWN} more"
    yield from (f"skipped: {document}: {why}" for document, why in report.skipped[:SHOWN])
    if len(report.skipped) > SHOWN:
        yield f"skipped: and {len(report.skipped) - SHOWN} more"
    if report.restarted:
        yield "the service had forgotten where we were: everything was compared anew"
    counts = ", ".join(f"{len(getattr(report, what))} {what}" for what in ("added", "changed", "removed", "skipped"))
    yield f"{counts}, {report.unchanged} unchanged"
    if report.trouble:
        yield f"not finished: {report.trouble}"
