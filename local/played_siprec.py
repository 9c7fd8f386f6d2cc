"""One call that a border controller records by SIPREC, played through the embedded stack, watched as its agent's panel
sees it.

Yields the events of ``sotto call --json``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from local.aws.chime.voice_connectors import RecordedCall, Recording
from local.aws.connect import duration_ms
from local.embedded import EmbeddedSotto
from local.faults import Fault
from local.played_call import CallPlan, Watcher, contact_event
from local.watched_call import Event
from sotto.contacts.siprec.follow import LEAD_MS

_BYTES_A_MS = 32


async def played_siprec(
    plan: CallPlan,
    sotto: EmbeddedSotto,
    recording: Recording | None = None,
    placed: Callable[[RecordedCall], None] = lambda call: None,
) -> AsyncIterator[Event]:
    """Raises PanelRefused. The events come as they happen. ``placed`` is called before a word is spoken."""
    call = sotto.voice_connectors.place(plan.audio, plan.caller, plan.tenant, recording)
    placed(call)
    if plan.starts is not None:
        sotto.days.begin(call.contact_id, plan.starts)
    yield contact_event(plan, call.contact_id, duration_ms(plan.audio))
    watcher = SiprecWatcher(plan, call, sotto)
    async for event in watcher.events():
        yield event
    yield watcher.summary()


class SiprecWatcher(Watcher[RecordedCall]):
    async def _talk(self) -> None:
        await self._sotto.voice_connectors.play(self._call, speed=self._plan.speed)

    async def _break(self, fault: Fault) -> None:
        await self._sotto.inflict(fault.name, lambda: self._sotto.voice_connectors.drop_connections(self._call))

    def _samples(self) -> dict[str, dict[str, int | str]]:
        """Call time begins a little before whichever side was told of first."""
        contact = self._sotto.root.contacts.contact(self._plan.tenant, self._call.contact_id)
        lead_ms = self._call.started_at_ms - contact.media_started_at_ms if contact is not None else LEAD_MS
        return self._sotto.tap.samples(self._call.contact_id, bytes(lead_ms * _BYTES_A_MS) + self._call.audio)
