"""A conversation of several contacts, played through the embedded stack and watched by each agent's panel.

Yields the events of ``sotto call --json``. Each has ``contact_id``; a ``contact`` line begins each contact, and a
``handover_note`` is what its agent reads of those before.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from websockets.exceptions import ConnectionClosed

from local.aws.connect import PlacedCall
from local.call_failures import call_failures
from local.panel_listener import PanelRefused
from local.watched_call import Event, annotation_fields, summary_fields, utterance_fields

if TYPE_CHECKING:
    from local.embedded import EmbeddedSotto
    from local.played_call import CallPlan

RECONNECT_AFTER_S = 0.2
SUBSCRIBE_WITHIN_S = 15.0
QUIET_S = 1.0
MOST_WAITING = 10_000


@dataclass(slots=True)
class Leg:
    """One contact and what its agent's panel received. ``begins_ms``: call time of the first contact."""

    contact_id: str
    agent: str
    begins_ms: int
    queue: str | None = None
    seen: dict[str, set[int]] = field(default_factory=lambda: {"utterances": set(), "annotations": set()})
    note: int = 0
    open: bool = False

    def is_new(self, kind: str, seq: int) -> bool:
        known = self.seen[kind]
        return seq not in known and not known.add(seq)  # type: ignore[func-returns-value]


class ConversationWatcher:
    def __init__(self, plan: CallPlan, call: PlacedCall, sotto: EmbeddedSotto) -> None:
        self._plan, self._call, self._sotto = plan, call, sotto
        first = Leg(call.contact_id, plan.caller.agent, 0, plan.caller.queue)
        others = [
            Leg(each.contact_id, each.agent, int(each.begins_s * 1000), each.queue)
            for each in plan.caller.transfers
            if each.agent is not None and each.kind in ("transfer", "conference")
        ]
        self.legs = [first, *others]
        self._events: asyncio.Queue[Event | None] = asyncio.Queue(MOST_WAITING)
        self._began_ms = 0.0
        self._subscribed = asyncio.Event()

    async def events(self) -> AsyncIterator[Event]:
        async with asyncio.TaskGroup() as tasks:
            panels = [tasks.create_task(self._watch(leg)) for leg in self.legs]
            main = tasks.create_task(self._play())
            main.add_done_callback(lambda _: self._events.put_nowait(None))
            while (event := await self._events.get()) is not None:
                yield event
            for panel in panels:
                panel.cancel()

    async def _play(self) -> None:
        async with asyncio.timeout(SUBSCRIBE_WITHIN_S):
            await self._subscribed.wait()
        self._began_ms = self._sotto.clock.now_ms()
        await self._sotto.connect.play(self._call, speed=self._plan.speed)
        await self._sotto.idle(self._call.contact_id)
        await asyncio.sleep(QUIET_S)
        for leg in self.legs:
            await self._backfill(leg)

    async def _watch(self, leg: Leg) -> None:
        """As the panel does: subscribes when the contact is assigned, and again whenever the channel is lost."""
        while True:
            with suppress(PanelRefused, ConnectionClosed, OSError):
                await self._listen(leg)
            await asyncio.sleep(RECONNECT_AFTER_S)

    async def _listen(self, leg: Leg) -> None:
        async with self._sotto.line.listening(self._token(leg), leg.contact_id) as panel:
            if not leg.open:
                leg.open = True
                self._subscribed.set()
                self._put(leg, {"type": "contact", "agent": leg.agent, "queue": leg.queue, "tenant": self._plan.tenant})
            await self._backfill(leg)
            async for message in panel:
                self._take(leg, message)

    async def _backfill(self, leg: Leg) -> None:
        found = await self._sotto.line.backfill(self._token(leg), leg.contact_id, 0, 0)
        for utterance in found.utterances:
            self._take(leg, {"kind": "UTTERANCE", "utterance": utterance})
        for annotation in found.annotations:
            self._take(leg, {"kind": "ANNOTATION", "annotation": annotation})

    def _take(self, leg: Leg, message: Event) -> None:
        match message["kind"]:
            case "UTTERANCE" if leg.is_new("utterances", message["utterance"]["seq"]):
                self._put(leg, {"type": "utterance", **utterance_fields(message["utterance"])})
            case "ANNOTATION" if leg.is_new("annotations", message["annotation"]["seq"]):
                shown = annotation_fields(message["annotation"])
                self._put(leg, {"type": "annotation", **shown, "stages_ms": {}, "latency_ms": None})
            case "HANDOVER_NOTE" if message["summary"]["version"] > leg.note:
                leg.note = message["summary"]["version"]
                self._put(leg, {"type": "handover_note", **summary_fields(message["summary"])})
            case "SUMMARY":
                self._put(leg, {"type": "call_summary", **summary_fields(message["summary"])})
            case _:
                pass

    def _token(self, leg: Leg) -> str:
        return self._sotto.token(self._plan.tenant, leg.agent)

    def _put(self, leg: Leg, event: Event) -> None:
        at_ms = round(self._sotto.clock.now_ms() - self._began_ms) if self._began_ms else 0
        with suppress(asyncio.QueueFull):
            self._events.put_nowait({**event, "at_ms": at_ms, "contact_id": leg.contact_id})

    def summary(self) -> Event:
        """As that of a call in one contact, with the counts of all. Channels are not counted apart."""
        received = self._sotto.tap.joined([self._part(leg) for leg in self.legs], self._call.audio)
        failures = [fault for leg in self.legs for fault in call_failures({}, {}, self._sotto.ended(leg.contact_id))]
        if received["lost"]:
            failures.append(f"{received['lost']:,} of {received['source']:,} samples were lost")
        return {
            "type": "summary",
            "at_ms": 0,
            "contacts": [leg.contact_id for leg in self.legs],
            **{kind: sum(len(leg.seen[kind]) for leg in self.legs) for kind in ("utterances", "annotations")},
            "handovers": 0,
            "handovers_unfinished": 0,
            "faults_left_out": [],
            "samples": dict.fromkeys(("customer", "agent"), received),
            "failures": failures,
            "latency_ms": {"p50": None, "p95": None, "p99": None},
            "stages_ms": {},
        }

    def _part(self, leg: Leg) -> tuple[str, int]:
        contact = self._sotto.root.contacts.contact(self._plan.tenant, leg.contact_id)
        started_ms = contact.media_started_at_ms if contact else self._call.started_at_ms
        return leg.contact_id, started_ms - self._call.started_at_ms
