"""A run as clients get it: what was done so far, and what it waits for, in words that can be shown as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sotto.realtime.shapes import Shape
from sotto.workflows.definition import Definition
from sotto.workflows.interpreter import APPROVAL, APPROVAL_OF
from sotto.workflows.run import RunState, StepRecord, WorkflowRun
from sotto.workflows.start import choices_of
from sotto.workflows.store import RunRow

MOST_TEXTS = 20


def row_shape(row: RunRow) -> Shape:
    return {
        "id": row.id,
        "contactId": row.contact_id,
        "workflow": row.workflow,
        "title": _words(row.title),
        "state": row.state.value,
        "startedAtMs": row.started_at_ms,
        "agent": row.agent,
        "team": row.team,
        "waitsSinceMs": row.waits_since_ms or None,
    }


def run_shape(run: WorkflowRun) -> Shape:
    opened = run.open_step if run.state is RunState.WAITING else None
    return {
        "id": run.id,
        "contactId": run.contact_id,
        "workflow": run.definition.name,
        "title": _words(run.definition.title),
        "state": run.state.value,
        "startedBy": run.started_by,
        "startedAtMs": run.started_at_ms,
        "changedAtMs": run.changed_at_ms,
        "forkedFrom": run.forked_from or None,
        "agent": run.agent,
        "team": run.team,
        "steps": [_step(each, run) for each in run.steps],
        "waiting": None if opened is None else _waiting(opened, run),
    }


def definition_shape(definition: Definition, *, is_on: bool, acts_alone: list[str]) -> Shape:
    return {
        "name": definition.name,
        "title": _words(definition.title),
        "about": _words(definition.about),
        "startsOn": list(definition.starts_on),
        "steps": [each.id for each in definition.every()],
        "isOn": is_on,
        "actsAlone": acts_alone,
    }


def _step(record: StepRecord, run: WorkflowRun) -> Shape:
    result = record.result if isinstance(record.result, Mapping) else {}
    choice = str(result.get("choice", ""))
    titles = {each.id: _words(each.title) for each in choices_of(run, record.step)} if record.kind == "human" else {}
    return {
        "key": record.key,
        "kind": record.kind,
        "state": record.state.value,
        "atMs": record.at_ms,
        "untilMs": record.until_ms or None,
        "by": record.by or None,
        "reason": record.reason or None,
        "choice": choice or None,
        "choiceTitle": titles.get(choice),
        "origin": str(result.get("origin", "")) or None,
        "texts": _texts(result),
    }


def _waiting(opened: StepRecord, run: WorkflowRun) -> Shape:
    human = run.definition.human(opened.step)
    title = APPROVAL_OF if human is None or opened.step.endswith(APPROVAL) else human.title
    shown = opened.result.get("shown", {}) if isinstance(opened.result, Mapping) else {}
    return {
        "step": opened.key,
        "title": _words(title),
        "choices": [{"id": each.id, "title": _words(each.title)} for each in choices_of(run, opened.step)],
        "sinceMs": opened.opened_at_ms,
        "untilMs": opened.until_ms,
        "shown": [{"name": name, "texts": texts} for name, value in shown.items() if (texts := _texts(value))],
    }


def _texts(value: Any) -> list[str]:
    """What there is to read in a value, wherever it stands in it."""
    if isinstance(value, str):
        return [value] if value else []
    if isinstance(value, Mapping):
        own = value.get("text") or value.get("title")
        inner = [own] if own else [each for name in ("items", "lines", "systems") for each in value.get(name) or ()]
        return [text for each in inner for text in _texts(each)][:MOST_TEXTS]
    if isinstance(value, list | tuple):
        return [text for each in value for text in _texts(each)][:MOST_TEXTS]
    return []


def _words(title: Mapping[str, str]) -> Shape:
    return {"en": title.get("en", ""), "de": title.get("de") or title.get("en", "")}
