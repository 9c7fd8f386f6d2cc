"""The record of the work after a call, changed by several at once: steps, the agent, and what is written elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from sotto.call.after_call_work import AfterCallWork
from sotto.call.contact import Contact
from sotto.call.events import Event
from sotto.consent.kept import Consents, may_keep
from sotto.core.clock import Clock
from sotto.core.errors import Retryable
from sotto.realtime.channel import after_call_message
from sotto.realtime.panel_publisher import PanelPublisher

ATTEMPTS = 8
"""Branches end side by side, and each notes it."""


class WorkChanged(Exception):
    """The record has another version than the one that was read."""


class WorkKeepsChanging(Retryable):
    """Others change it all the time."""


class WorkRecords(Protocol):
    def work(self, tenant: str, contact_id: str) -> AfterCallWork | None: ...

    def replace(self, work: AfterCallWork, *, expected_version: int, event: Event | None = None) -> None:
        """0: there is none yet. The event is written with it, or neither is. Raises WorkChanged and
        StorageUnavailable."""
        ...


@dataclass(frozen=True, slots=True)
class WorkPorts:
    consents: Consents
    records: WorkRecords
    panel: PanelPublisher
    clock: Clock


def changed(
    contact: Contact,
    change: Callable[[AfterCallWork, int], AfterCallWork],
    ports: WorkPorts,
    *,
    event: Callable[[AfterCallWork], Event | None] = lambda work: None,
) -> AfterCallWork | None:
    """``change`` gets the record as it is and the Unix epoch ms. The record as it is then, stored with ``event`` and
    shown where it is another; None of a contact that may not be kept: what was erased does not come back. Raises
    WorkKeepsChanging, and what the records raise."""
    for _ in range(ATTEMPTS):
        if not may_keep(contact, ports.consents):
            return None
        now_ms = ports.clock.now_ms()
        before = ports.records.work(contact.tenant, contact.contact_id) or AfterCallWork(
            contact.tenant, contact.contact_id
        )
        after = change(before, int(now_ms))
        if after == before:
            return before
        after = replace(after, version=before.version + 1)
        try:
            ports.records.replace(after, expected_version=before.version, event=event(after))
        except WorkChanged:
            continue
        call_ms = max(0, int(now_ms - contact.media_started_at_ms))
        ports.panel.publish([after_call_message(after, at_ms=call_ms)], what="after_call")
        return after
    raise WorkKeepsChanging("the after-call work changed at each of our attempts")
