"""Imports: conversations of the past, out of what the tenant keeps of them in a bucket of its own."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from sotto.api.imports.use_cases import NoSuchObject
from sotto.api.rest.cursor import name_after, next_name
from sotto.api.rest.fields import AtMs, Next, Paged
from sotto.api.rest.route import ApiPorts, Asked, Example, Shown, Wanted, route
from sotto.api.roles import Action
from sotto.imports.item import Reason
from sotto.imports.run import Form, ImportRun, ItemState, NoSuchImport, Progress, RunState
from sotto.imports.source import NoSuchSource
from sotto.realtime.shapes import Shape

Place = Annotated[str, StringConstraints(min_length=1, max_length=900, pattern=r"^[^/\x00-\x1f][^\x00-\x1f]*$")]


class ImportLine(Shown):
    line: Annotated[int, Field(description="Of the manifest, from 1; 0 of a recording or vCon on its own.")]
    reason: Reason
    field: Annotated[str, Field(description="Which is wrong, where it is one.")]


class ImportRow(Shown):
    id: str
    source: str
    form: Form
    state: RunState
    attempt: Annotated[int, Field(description="How often it was started.")]
    asked_at_ms: AtMs
    ended_at_ms: AtMs | None
    reason: Annotated[Reason | None, Field(description="Why nothing of it could be read.")]


class ImportRows(Shown):
    data: list[ImportRow]
    next: Next


class ImportStatus(ImportRow):
    items: Annotated[int, Field(description="Conversations that are known of; all of them once it is running.")]
    waiting: int
    done: int
    known: Annotated[int, Field(description="Imported before.")]
    skipped: Annotated[int, Field(description="They may not be kept.")]
    failed: int
    seconds: Annotated[float, Field(description="Of the conversations that are done.")]
    left_ms: Annotated[int | None, Field(description="An estimate; null where nothing is known yet.")]
    lines: Annotated[list[ImportLine], Field(description="Of which something is to be said; the first 200.")]
    lines_left: Annotated[int, Field(description="How many more there are.")]


class WantedImport(Wanted):
    object: Annotated[
        Place, Field(description="A manifest (.jsonl), vCon or recording, below the prefix of the source.")
    ]
    source: Annotated[str | None, Field(description="May be left out where the tenant has one.", max_length=64)] = None


_ID = "im_0123456789abcdef0123456789ab"
_PATH = {"import_id": _ID}
_ROW = {
    "id": _ID, "source": "archive", "form": "manifest", "state": "running", "attempt": 1,
    "asked_at_ms": 1_790_000_000_000, "ended_at_ms": None, "reason": None,
}  # fmt: skip
_STATUS = _ROW | {
    "items": 3, "waiting": 1, "done": 1, "known": 0, "skipped": 0, "failed": 1, "seconds": 120.0, "left_ms": 60_000,
    "lines": [{"line": 7, "reason": "not_json", "field": ""}], "lines_left": 0,
}  # fmt: skip
_BEGUN = _ROW | {
    "id": "im_fedcba9876543210fedcba987654", "state": "reading", "items": 0, "waiting": 0, "done": 0, "known": 0,
    "skipped": 0, "failed": 0, "seconds": 0.0, "left_ms": None, "lines": [], "lines_left": 0,
}  # fmt: skip


@route(
    "POST", "/v1/imports", action=Action.IMPORT_CALLS, scope="imports:write", body=WantedImport, answers=ImportStatus,
    status=202, absent=(NoSuchSource, NoSuchObject),
    example=Example(role="admin", body={"object": "2024/march.jsonl"}, answer=_BEGUN),
)  # fmt: skip
def start_import(asked: Asked, ports: ApiPorts) -> Shape:
    """Import what an object describes. The same object again is the same import: one that is over tries again what had
    failed."""
    from sotto.api.imports.use_cases import start

    wanted: WantedImport = asked.body
    return _status(start(asked.caller, wanted.source, wanted.object, ports.imports()))


@route(
    "GET", "/v1/imports", action=Action.IMPORT_CALLS, scope="imports:read", query=Paged, answers=ImportRows,
    example=Example(role="admin", answer={"data": [_ROW], "next": None}),
)  # fmt: skip
def list_imports(asked: Asked, ports: ApiPorts) -> Shape:
    """Imports, the latest first, for ninety days."""
    from sotto.api.imports.use_cases import listed

    wanted: Paged = asked.query
    before = name_after(wanted.cursor, "imports", asked, ports)
    found = listed(asked.caller, before=before, limit=wanted.limit, ports=ports.imports())
    return {
        "data": [_row(each) for each in found.runs],
        "next": next_name(found.goes_on or None, "imports", asked, ports),
    }


@route(
    "GET", "/v1/imports/{import_id}", action=Action.IMPORT_CALLS, scope="imports:read", answers=ImportStatus,
    absent=(NoSuchImport,), example=Example(path=_PATH, role="admin", answer=_STATUS),
)  # fmt: skip
def get_import(asked: Asked, ports: ApiPorts) -> Shape:
    """How far an import is, and which of its lines are wrong."""
    from sotto.api.imports.use_cases import one

    return _status(one(asked.caller, asked.path["import_id"], ports.imports()))


def _row(run: ImportRun) -> Shape:
    return {
        "id": run.id,
        "source": run.source,
        "form": run.form.value,
        "state": run.state.value,
        "attempt": run.attempt,
        "askedAtMs": run.asked_at_ms,
        "endedAtMs": run.ended_at_ms,
        "reason": None if run.reason is None else run.reason.value,
    }


def _status(of: Progress) -> Shape:
    return {
        **_row(of.run),
        "items": of.items,
        **{state.value: of.counts[state] for state in ItemState},
        "seconds": of.seconds,
        "leftMs": of.left_ms,
        "lines": [{"line": each.line, "reason": each.reason.value, "field": each.field} for each in of.mistakes],
        "linesLeft": of.mistakes_left,
    }
