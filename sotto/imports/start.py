"""An import is asked for: by somebody, or by an object that was put below a source's prefix."""

from __future__ import annotations

from dataclasses import dataclass

from sotto.core.clock import Clock
from sotto.imports.item import ItemMistaken
from sotto.imports.order import ImportMachine, ImportOrder
from sotto.imports.run import (
    Form,
    ImportChanged,
    ImportRun,
    Imports,
    ItemState,
    NoSuchImport,
    Progress,
    RunState,
    form_of,
    id_of,
    progress_of,
)
from sotto.imports.source import ImportSource, ImportSources, Objects

OBJECT_PUT = "s3/object-created"
"""Who asked, where nobody did."""
INBOX = "inbox/"
"""Below a source's prefix: where vCons and recordings are put that no manifest names."""
ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class StartPorts:
    sources: ImportSources
    objects: Objects
    imports: Imports
    machine: ImportMachine
    clock: Clock


def start_import(tenant: str, source: str | None, place: str, by: str, ports: StartPorts) -> ImportRun:
    """``place``: of the manifest, vCon or recording below the source's prefix. The same content at the same place is
    one import: asked for again, it is answered as it stands, and what failed in one that is over is tried again. Raises
    NoSuchSource, ItemMistaken (there is no such object) and Retryable."""
    return _started(ports.sources.of(tenant, source), place, by, ports)


def start_of_object(bucket: str, key: str, ports: StartPorts) -> ImportRun | None:
    """A manifest, or what was put into the inbox; what a manifest names is imported by it. None where it is neither, or
    below no source's prefix, and where it is gone again. Raises Retryable."""
    source = ports.sources.at(bucket, key)
    place = key.removeprefix(source.prefix) if source is not None else ""
    if source is None or not (form_of(place) is Form.MANIFEST or place.startswith(INBOX)):
        return None
    try:
        return _started(source, place, OBJECT_PUT, ports)
    except ItemMistaken:
        return None


def _started(source: ImportSource, place: str, by: str, ports: StartPorts) -> ImportRun:
    key = source.key_of(place)
    found = ports.objects.open(source, key)
    run_id = id_of(source.tenant, source.name, key, found.version)
    for _ in range(ATTEMPTS):
        run = ports.imports.run(source.tenant, run_id)
        if run is None:
            now_ms = int(ports.clock.now_ms())
            run = ImportRun(source.tenant, run_id, source.name, key, found.version, form_of(key), by, now_ms)
            if not ports.imports.add(run):
                continue
        elif _is_worth_another(run, ports):
            run = run.changed(attempt=run.attempt + 1, state=RunState.READING, reason=None, ended_at_ms=None)
            try:
                ports.imports.save(run)
            except ImportChanged:
                continue
        # Also of one that is under way: whoever stored it may have died before starting it.
        if run.ended_at_ms is None:
            ports.machine.start(ImportOrder(run.tenant, run.id, run.attempt))
        return run
    raise ImportChanged("others start this import all the time")


def _is_worth_another(run: ImportRun, ports: StartPorts) -> bool:
    if run.state is RunState.FAILED:
        return True
    failed = (each.state is ItemState.FAILED for page in ports.imports.pages(run.tenant, run.id) for each in page.items)
    return run.state is RunState.DONE and any(failed)


def progress(tenant: str, import_id: str, imports: Imports, clock: Clock) -> Progress:
    """Raises NoSuchImport and Retryable."""
    run = imports.run(tenant, import_id)
    if run is None:
        raise NoSuchImport("import_id: there is none of this id, or it has expired")
    return progress_of(run, imports.pages(tenant, import_id), clock.now_ms())
