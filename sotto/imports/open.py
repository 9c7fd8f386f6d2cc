"""The manifest is read once, to its end: where each line stands, and which of them are wrong. Nothing of it is kept but
the places of its lines: whoever imports one reads it again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice

from sotto.core.clock import Clock
from sotto.imports.item import ItemMistaken, Reason
from sotto.imports.order import ImportOrder
from sotto.imports.reading.manifest import Line, lines_of, read_line
from sotto.imports.run import ITEMS_A_PAGE, Form, ImportRun, Imports, Item, ItemState, NoSuchImport, Page, RunState
from sotto.imports.source import ImportSource, ImportSources, Objects


@dataclass(frozen=True, slots=True)
class OpenPorts:
    sources: ImportSources
    objects: Objects
    imports: Imports
    clock: Clock


def open_import(order: ImportOrder, ports: OpenPorts) -> int:
    """How many pages there are to work on; 0 where nothing can be read. Asked again, the same. Raises NoSuchImport,
    NoSuchSource and Retryable."""
    run = _run(order, ports.imports)
    if run.state is RunState.RUNNING:
        return run.pages
    source = ports.sources.of(run.tenant, run.source)
    pages = 0
    try:
        items = _items(run, source, ports)
        while part := tuple(islice(items, ITEMS_A_PAGE)):
            _keep_page(Page(run.tenant, run.id, pages, part), ports.imports)
            pages += 1
    except ItemMistaken as mistake:
        over = {"reason": mistake.reason, "ended_at_ms": int(ports.clock.now_ms())}
        ports.imports.save(run.changed(state=RunState.FAILED, pages=0, **over))
        return 0
    ports.imports.save(run.changed(state=RunState.RUNNING, pages=pages))
    return pages


def close_import(order: ImportOrder, ports: OpenPorts) -> None:
    """All pages have been worked on. Raises NoSuchImport and Retryable."""
    run = _run(order, ports.imports)
    if run.state is not RunState.RUNNING:
        return
    ports.imports.save(run.changed(state=RunState.DONE, ended_at_ms=int(ports.clock.now_ms())))


def _run(order: ImportOrder, imports: Imports) -> ImportRun:
    run = imports.run(order.tenant, order.import_id)
    if run is None:
        raise NoSuchImport("import_id: there is none of this id")
    return run


def _keep_page(page: Page, imports: Imports) -> None:
    """What an attempt before has settled stays; what had failed waits again."""
    before = imports.page(page.tenant, page.import_id, page.number)
    if before is not None:
        kept = {each.line: each for each in before.items if each.state is not ItemState.FAILED}
        page = replace(page, items=tuple(kept.get(each.line, each) for each in page.items))
    imports.put_page(page)


def _items(run: ImportRun, source: ImportSource, ports: OpenPorts) -> Iterator[Item]:
    found = ports.objects.open(source, run.key, run.object_version)
    if not found.size:
        raise ItemMistaken(Reason.EMPTY)
    if run.form is not Form.MANIFEST:
        yield Item(0, 0, found.size)
        return
    seen: set[bytes] = set()
    for line in lines_of(found.stream()):
        if not line.is_blank:
            yield _item(line, source, seen, ports.clock.now_ms())


def _item(line: Line, source: ImportSource, seen: set[bytes], now_ms: float) -> Item:
    item = Item(line.number, line.offset, line.end)
    try:
        entry = read_line(line, source, now_ms=now_ms)
    except ItemMistaken as mistake:
        return replace(item, state=ItemState.FAILED, reason=mistake.reason, field=mistake.field)
    digest = sha256(entry.item.external_id.encode()).digest()[:12]
    if digest in seen:
        return replace(item, state=ItemState.FAILED, reason=Reason.TWICE)
    seen.add(digest)
    return item
