"""Facts hold no text, and still say what somebody's call was like: they go with it."""

from __future__ import annotations

from dataclasses import dataclass

from sotto.analytics.days.filing import FiledFacts
from sotto.analytics.days.write import WritePorts, write_day


@dataclass(frozen=True, slots=True)
class ErasedFacts:
    """``days``: whose files were written anew without the conversation, with every earlier version deleted."""

    conversation: str
    days: tuple[str, ...]


def erase_facts(tenant: str, conversation_id: str, ports: WritePorts) -> ErasedFacts:
    """Nothing of the conversation is left in rows or files when this returns; asked again it finds nothing to do.
    Raises Retryable (DayBusy too) where it has to be asked again: what is filed is dropped first, and a day stays
    behind until it was written, so that nothing is forgotten in between."""
    filed = ports.filed.filed(tenant, conversation_id)
    if filed.day:
        ports.filed.drop(tenant, conversation_id, after=filed)
    # All that are behind: files of a day that the conversation has moved away from may still hold it.
    behind = [each.day for each in ports.filed.days(tenant) if each.is_behind]
    for day in behind:
        write_day(tenant, day, ports)
    return ErasedFacts(conversation_id, tuple(behind))


def is_filed(filed: FiledFacts, tenant: str, conversation_id: str) -> bool:
    """For the proof of an erasure."""
    return bool(filed.filed(tenant, conversation_id).day)
