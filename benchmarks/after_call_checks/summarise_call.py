"""One summary of all that was said, its version announced; nothing says the same in two versions."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.after_call_checks import Seen
from sotto.call.events import SummaryReady


def problems(seen: Seen) -> Iterator[str]:
    summary = seen.sotto.summaries.summary(seen.tenant, seen.contact_id)
    utterances = seen.sotto.conversations.utterances(seen.tenant, seen.contact_id, 0, 2_000)
    if summary is None or summary.through_seq != len(utterances):
        yield "lost: no summary of the whole conversation"
        return
    if seen.numbers(SummaryReady) != [1] or summary.version != 1:
        yield f"double: summary in version {summary.version}, announced as {seen.numbers(SummaryReady)}"
