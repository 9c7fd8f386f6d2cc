"""A page of an import's items, one after the other, until all are settled or the function's time is over."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from sotto.core.clock import Clock
from sotto.core.errors import Rejected, Retryable
from sotto.imports.conversation import ConversationPorts, Imported, import_conversation
from sotto.imports.item import ImportItem, ItemMistaken, Reason, Recorded
from sotto.imports.order import PageOrder
from sotto.imports.reading.manifest import Line, read_line
from sotto.imports.reading.vcon import LARGEST, read_vcon, with_what_the_line_says
from sotto.imports.run import (
    FINAL_REASONS,
    Form,
    ImportChanged,
    ImportRun,
    Imports,
    Item,
    ItemState,
    NoSuchImport,
    Page,
)
from sotto.imports.source import ImportSource, ImportSources, Objects
from sotto.imports.transcribe import OutOfTime
from sotto.transcription.lease.lease import LeaseLost

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 4
"""Of an item, that ended without getting any further: what is wrong with it would be wrong again."""


@dataclass(frozen=True, slots=True)
class PagePorts:
    sources: ImportSources
    objects: Objects
    imports: Imports
    conversation: ConversationPorts
    clock: Clock


def import_page(order: PageOrder, ports: PagePorts, *, goes_on: Callable[[], bool]) -> bool:
    """Whether all of the page is settled; where it is not, the order is to be given again. Raises NoSuchImport,
    NoSuchSource and Retryable: then the same."""
    run = ports.imports.run(order.tenant, order.import_id)
    page = ports.imports.page(order.tenant, order.import_id, order.page)
    if run is None or page is None:
        raise NoSuchImport("import_id: there is none of this id")
    source = ports.sources.of(run.tenant, run.source)
    for item in page.items:
        if item.state is not ItemState.WAITING:
            continue
        if not goes_on():
            return False
        try:
            page = _noted(page, replace(item, attempts=item.attempts + 1), ports)
            concluded = _concluded(run, source, replace(item, attempts=item.attempts + 1), ports, goes_on)
        except OutOfTime:  # it got further
            _noted(page, item, ports)
            return False
        except ImportChanged:  # whoever else is at this page goes on with it
            return False
        page = _noted(page, concluded, ports)
    return True


def _noted(page: Page, item: Item, ports: PagePorts) -> Page:
    """Before it is worked on, too: a death that leaves no time for a note counts as an attempt."""
    began_at_ms = page.began_at_ms if page.began_at_ms is not None else int(ports.clock.now_ms())
    changed = replace(page.with_item(item), began_at_ms=began_at_ms)
    ports.imports.save_page(changed)
    return changed


def _concluded(run: ImportRun, source: ImportSource, item: Item, ports: PagePorts, goes_on: Callable[[], bool]) -> Item:
    """Raises OutOfTime, and Retryable while another attempt may help."""
    try:
        if item.attempts > MOST_ATTEMPTS:
            raise ItemMistaken(Reason.KEEPS_FAILING)
        imported = import_conversation(_read(run, source, item, ports), source, ports.conversation, goes_on=goes_on)
    except ItemMistaken as mistake:
        return _mistaken(item, mistake)
    except (OutOfTime, ImportChanged):
        raise
    except LeaseLost:
        return _mistaken(item, ItemMistaken(Reason.ANOTHER_LIVES))
    except Retryable:
        if item.attempts < MOST_ATTEMPTS:
            raise
        return _mistaken(item, ItemMistaken(Reason.KEEPS_FAILING))
    except Rejected as error:  # what a provider or a key refuses, say: the message may quote, its class does not
        log.warning("item failed", extra={"error": type(error).__name__})
        return _mistaken(item, ItemMistaken(Reason.KEEPS_FAILING))
    return _done(item, imported)


def _done(item: Item, imported: Imported) -> Item:
    return replace(
        item,
        state=imported.state,
        reason=imported.reason,
        seconds=imported.seconds,
        contact_id=imported.contact_id,
        attempts=0,
    )


def _mistaken(item: Item, mistake: ItemMistaken) -> Item:
    state = ItemState.SKIPPED if mistake.reason in FINAL_REASONS else ItemState.FAILED
    return replace(item, state=state, reason=mistake.reason, field=mistake.field)


def _read(run: ImportRun, source: ImportSource, item: Item, ports: PagePorts) -> ImportItem:
    """Out of the object itself, which is as it was when its lines were found. Raises ItemMistaken and Retryable."""
    found = ports.objects.open(source, run.key, run.object_version)
    now_ms = ports.clock.now_ms()
    if run.form is Form.RECORDING:
        place = run.key.removeprefix(source.prefix)
        return ImportItem(
            external_id=f"{place}@{run.object_version}",
            started_at_ms=found.put_at_ms,
            language=source.language,
            recorded=Recorded(place, agent_channel=source.agent_channel),
        )
    if run.form is Form.VCON:
        return read_vcon(_whole(source, run.key, ports.objects, run.object_version), source, now_ms=now_ms)
    content = b"".join(found.stream(item.offset, item.end))
    entry = read_line(Line(item.line, item.offset, item.end, content.rstrip(b"\r\n")), source, now_ms=now_ms)
    if not entry.vcon:
        return entry.item
    vcon = read_vcon(_whole(source, source.key_of(entry.vcon), ports.objects), source, now_ms=now_ms)
    return with_what_the_line_says(vcon, entry.item)


def _whole(source: ImportSource, key: str, objects: Objects, version: str | None = None) -> bytes:
    found = objects.open(source, key, version)
    if found.size > LARGEST:
        raise ItemMistaken(Reason.TOO_LONG)
    return b"".join(found.stream())
