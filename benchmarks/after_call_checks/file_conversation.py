"""One record in each system of the tenant, whoever died while it was filed."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.after_call_checks import Seen
from sotto.call.filing import FilingState


def problems(seen: Seen) -> Iterator[str]:
    for system in seen.sotto.books.current(seen.tenant).filing.systems:
        row = seen.sotto.filings.row(seen.tenant, seen.contact_id, system.name)
        records = seen.records(system.kind)
        if len(records) > 1:
            yield f"double: {len(records)} records in {system.kind}"
        if row is None or row.state is not FilingState.FILED or row.record not in records:
            yield f"lost: {system.kind} has {len(records)}, the row is {row.state.value if row else 'not there'}"
