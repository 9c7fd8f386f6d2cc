"""One call of another telephone system, sent to the media gateway by its protocol, played through the embedded stack
and watched as its agent's panel sees it.

Yields the events of ``sotto call --json``."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from local.aws.connect import duration_ms
from local.aws.kinesis_video.stream import LiveStream
from local.embedded import EmbeddedSotto
from local.faults import Fault
from local.played_call import CallPlan, Watcher, contact_event
from local.telephony.embedded_gateway import SenderOf
from local.telephony.mulaw import through_mulaw
from local.telephony.senders import SENDERS
from local.watched_call import Event
from media_gateway.call import contact_id_of
from sotto.media.wav import joined, split


@dataclass(frozen=True, slots=True)
class SentCall:
    """``audio``: as it arrives, through mu-law."""

    contact_id: str
    audio: bytes
    sender: SenderOf


async def played_gateway(
    plan: CallPlan, sotto: EmbeddedSotto, source: str, placed: Callable[[str], None] = lambda contact_id: None
) -> AsyncIterator[Event]:
    """``source``: one of SENDERS. Raises PanelRefused. The events come as they happen. ``placed`` is called with the
    contact's id before a word is spoken."""
    gateway = await asyncio.to_thread(lambda: sotto.media_gateway)
    sender = SENDERS[source](plan, gateway)
    contact_id = contact_id_of(gateway.id_of(source, plan.tenant), sender.call_id)
    call = SentCall(contact_id, joined(*(through_mulaw(side) for side in split(plan.audio))), sender)
    placed(contact_id)
    if plan.starts is not None:
        sotto.days.begin(contact_id, plan.starts)
    yield contact_event(plan, contact_id, duration_ms(plan.audio))
    watcher = GatewayWatcher(plan, call, sotto)
    async for event in watcher.events():
        yield event
    yield watcher.summary()


class GatewayWatcher(Watcher[SentCall]):
    async def _play(self, subscribed: asyncio.Event) -> None:
        """The panel can know of the call only once it is being sent."""
        async with asyncio.TaskGroup() as tasks:
            sending = tasks.create_task(self._call.sender.send(self._sotto.clock, self._plan.speed))
            self._sending = sending
            await super()._play(subscribed)

    async def _talk(self) -> None:
        await self._sending

    async def _break(self, fault: Fault) -> None:
        await self._sotto.inflict(fault.name, self._drop)

    def _drop(self) -> None:
        for stream in self._streams():
            stream.drop_producer()
            stream.drop_connections()

    def _streams(self) -> list[LiveStream]:
        return self._sotto.media_streams(self._call.contact_id)

    def _samples(self) -> dict[str, dict[str, int | str]]:
        return self._sotto.tap.samples(self._call.contact_id, self._call.audio)
