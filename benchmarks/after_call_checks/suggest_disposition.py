"""One disposition where the tenant has codes, suggested once at most."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.after_call_checks import Seen
from sotto.call.events import DispositionSuggested


def problems(seen: Seen) -> Iterator[str]:
    codes = seen.sotto.books.current(seen.tenant).dispositions.codes
    disposition = seen.work.disposition if seen.work is not None else None
    if codes and disposition is None:
        yield "lost: no disposition was looked for"
    if disposition is not None and len(disposition.ranked) != len(codes):
        yield "double: codes are ranked more than once"
    times = len(seen.numbers(DispositionSuggested))
    if times != (1 if disposition is not None and disposition.suggested else 0):
        yield f"{'double' if times > 1 else 'lost'}: disposition suggested {times} times"
