"""How long somebody waited for an answer, by the times of what was said or written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sotto.call.annotation import Evidence
from sotto.call.contact import Speaker
from sotto.guidance.conversation import Occurrence, Turn
from sotto.tenants.playbook import Waiting

if TYPE_CHECKING:
    from sotto.guidance.moments import View


def waits(condition: Waiting, view: View) -> tuple[Occurrence, ...]:
    """Each wait that was long enough, complete at the limit. Counted from the first message that was not answered, and
    not before an agent had the contact: until then nobody is to blame."""
    connected_ms = view.state.connected_ms()
    if connected_ms is None:
        return ()
    limit = condition.longer_than_ms

    def found() -> Iterator[Occurrence]:
        for asked, until_ms in _waits(view.state.turns, condition.speaker, view.watermark_ms):
            begins = max(asked.end_ms, connected_ms)
            if until_ms - begins >= limit:
                yield Occurrence(begins, begins + limit, (Evidence(asked.utterance_id),))

    return tuple(sorted(set(found()), key=lambda one: one.rank))


def _waits(turns: tuple[Turn, ...], answering: Speaker, now_ms: int) -> Iterator[tuple[Turn, int]]:
    """The first turn that waits, and until when it did."""
    asked: Turn | None = None
    for turn in turns:
        if turn.speaker is not answering:
            asked = asked or turn
        elif asked is not None:
            yield asked, turn.start_ms
            asked = None
    if asked is not None:
        yield asked, now_ms
