"""Imports of the past, as somebody of the tenant asks for them and watches them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sotto.api.caller import Caller, Unauthorised
from sotto.api.roles import Action, Reach
from sotto.core.audit import AuditAction, AuditEntry, AuditLog
from sotto.core.errors import Rejected
from sotto.imports.item import ItemMistaken
from sotto.imports.run import ImportRun, NoSuchImport, Progress, progress_of
from sotto.imports.start import StartPorts, start_import


class NoSuchObject(Rejected):
    """Nothing that could be read is there. The message does not quote the place."""


@dataclass(frozen=True, slots=True)
class ImportPorts:
    start: StartPorts
    audit: AuditLog


@dataclass(frozen=True, slots=True)
class Listed:
    runs: Sequence[ImportRun]
    goes_on: str
    """The id of the last one, where there are more."""


def start(caller: Caller, source: str | None, place: str, ports: ImportPorts) -> Progress:
    """Raises Unauthorised, NoSuchSource, NoSuchObject and Retryable."""
    _check(caller)
    try:
        run = start_import(caller.tenant, source, place, caller.agent, ports.start)
    except ItemMistaken as mistake:
        raise NoSuchObject(f"object: {mistake.reason.value}; name one below the source's prefix") from mistake
    at_ms = int(ports.start.clock.now_ms())
    ports.audit.append(
        AuditEntry(caller.tenant, caller.agent, AuditAction.IMPORT_STARTED, f"import/{run.id}/{run.attempt}", at_ms)
    )
    return _progress(run, ports)


def one(caller: Caller, import_id: str, ports: ImportPorts) -> Progress:
    """Raises Unauthorised, NoSuchImport and Retryable."""
    _check(caller)
    run = ports.start.imports.run(caller.tenant, import_id)
    if run is None:
        raise NoSuchImport("import_id: there is none of this id, or it has expired")
    return _progress(run, ports)


def listed(caller: Caller, *, before: str, limit: int, ports: ImportPorts) -> Listed:
    """The latest first. Raises Unauthorised and Retryable."""
    _check(caller)
    runs = ports.start.imports.runs(caller.tenant, before=before, limit=limit + 1)
    shown = runs[:limit]
    return Listed(shown, shown[-1].id if len(runs) > limit else "")


def _check(caller: Caller) -> None:
    if Reach.ANY not in caller.reach(Action.IMPORT_CALLS):
        raise Unauthorised("role: this role imports no conversations")


def _progress(run: ImportRun, ports: ImportPorts) -> Progress:
    pages = ports.start.imports.pages(run.tenant, run.id)
    return progress_of(run, pages, ports.start.clock.now_ms())
