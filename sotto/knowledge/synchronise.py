"""A source's changes -> the tenant's folder. Whatever breaks off, what was there stays, and the next time goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sotto.core.api_keys import KeyMissing, KeyUnavailable
from sotto.knowledge.conversion import markdown_of, reason_to_skip
from sotto.knowledge.knowledge_source import (
    Changes,
    CursorExpired,
    DocumentGone,
    DocumentSkipped,
    KnowledgeSource,
    ListedDocument,
    SourceRefused,
    SourceUnavailable,
)
from sotto.knowledge.synced_folder import SyncedFolder

MOST_DOCUMENTS = 2_000
"""Of one source. Every sentence of an article is a vector in the tenant's package."""
GIVEN_UP_AFTER = 3
"""Documents in a row that cannot be read: then it is the service."""
Progress = Callable[[str], None]


@dataclass(slots=True)
class SyncReport:
    """Titles or addresses of documents. ``trouble``: why not everything is here; empty where it is."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    unchanged: int = 0
    restarted: bool = False
    trouble: str = ""


def synchronise(source: KnowledgeSource, folder: SyncedFolder, progress: Progress = lambda line: None) -> SyncReport:
    """Raises what the machine raises (OSError); of the source it reports."""
    report = SyncReport()
    try:
        changes = _changes(source, folder, report)
    except (SourceUnavailable, SourceRefused, CursorExpired, KeyMissing, KeyUnavailable) as error:
        report.trouble = f"{error}; what was fetched before stays"
        return report
    held = len(folder.state.documents)
    if changes.is_whole and held and not changes.documents:
        report.trouble = (
            f"it lists none of the {held} documents that are here, as after losing access; they stay. If they are "
            "gone, take the source out of sources.yaml"
        )
    elif (count := _count(folder, changes)) > MOST_DOCUMENTS:
        report.trouble = (
            f"it has {count:,} documents, and {MOST_DOCUMENTS:,} are the most; name a part of it. "
            "What was fetched before stays"
        )
    else:
        _apply(source, folder, changes, report, progress)
    return report


def _changes(source: KnowledgeSource, folder: SyncedFolder, report: SyncReport) -> Changes:
    try:
        return source.changes(folder.state.cursor)
    except CursorExpired:
        report.restarted = True
        return source.changes("")


def _apply(
    source: KnowledgeSource, folder: SyncedFolder, changes: Changes, report: SyncReport, progress: Progress
) -> None:
    for id in _gone(folder, changes):
        _remove(folder, id, report)
    wanted = [each for each in changes.documents if not _is_held(folder, each, report)]
    failures, in_a_row = list[str](), 0
    for number, document in enumerate(wanted, 1):
        try:
            _fetch(source, folder, document, report)
            in_a_row = 0
        except (SourceUnavailable, SourceRefused, KeyMissing, KeyUnavailable) as error:
            failures.append(str(error))
            in_a_row += 1
            if in_a_row == GIVEN_UP_AFTER or not isinstance(error, SourceUnavailable):
                break
        if number % 25 == 0:
            progress(f"{number} of {len(wanted)} fetched")
    if failures:  # the cursor stays, so that the same changes come again
        report.trouble = f"{failures[-1]}; some documents stay as they were, the next time goes on"
    else:
        folder.finish(changes.cursor)


def _count(folder: SyncedFolder, changes: Changes) -> int:
    kept = set() if changes.is_whole else folder.state.documents.keys() - set(changes.gone)
    return len(kept | {document.id for document in changes.documents})


def _gone(folder: SyncedFolder, changes: Changes) -> list[str]:
    held = folder.state.documents
    if not changes.is_whole:
        return [id for id in changes.gone if id in held]
    listed = {document.id for document in changes.documents}
    return [id for id in held if id not in listed]


def _is_held(folder: SyncedFolder, document: ListedDocument, report: SyncReport) -> bool:
    held = folder.state.documents.get(document.id)
    if held is None or not document.version or held.version != document.version or not folder.has(document.id):
        return False
    if held.skipped:
        report.skipped.append((_named(document), held.skipped))
    else:
        report.unchanged += 1
    return True


def _fetch(source: KnowledgeSource, folder: SyncedFolder, document: ListedDocument, report: SyncReport) -> None:
    held = folder.state.documents.get(document.id)
    try:
        if why := reason_to_skip(document):
            raise DocumentSkipped(why)
        content = source.read(document, held.validator if held and held.file and folder.has(document.id) else "")
        if content is None:
            folder.confirm(document)
            report.unchanged += 1
            return
        is_other = folder.put(document, markdown_of(document, content), content.validator)
    except DocumentGone:
        _remove(folder, document.id, report)
    except DocumentSkipped as error:
        folder.skip(document, str(error))
        report.skipped.append((_named(document), str(error)))
    else:
        title = folder.state.documents[document.id].title
        if is_other:
            (report.changed if held and held.file else report.added).append(title)
        else:
            report.unchanged += 1


def _remove(folder: SyncedFolder, id: str, report: SyncReport) -> None:
    held = folder.remove(id)
    if held is not None and held.file:
        report.removed.append(held.title)


def _named(document: ListedDocument) -> str:
    return document.title or document.name or document.address
