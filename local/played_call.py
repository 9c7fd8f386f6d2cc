"""One call played through the embedded stack, watched as the agent's panel sees it.

Yields the events of ``sotto call --json``: contact, interim, utterance, annotation, handover, fault, call_summary,
after_call and, last, summary.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from websockets.exceptions import ConnectionClosed

from local.aws.connect import CallParties, PlacedCall, duration_ms
from local.call_failures import call_failures
from local.embedded import EmbeddedSotto
from local.faults import Fault
from local.panel_listener import Backfill, PanelRefused
from local.transferred_call import ConversationWatcher
from local.watched_call import (
    Event,
    Watched,
    annotation_fields,
    contiguous,
    percentiles,
    summary_fields,
    utterance_fields,
    work_fields,
)
from sotto.core.errors import Rejected, first_error
from sotto.transcription.lease.lease import Lease

SUBSCRIBE_WITHIN_S = 10.0
QUIET_BEFORE_SUMMARY_S = 0.4
POLL_LEASE_S = 0.5
RECONNECT_AFTER_S = 0.2
MOST_WAITING = 10_000


class GuidanceNotStarted(Rejected):
    """start_guidance answered something else than ``started``."""


@dataclass(frozen=True, slots=True)
class CallPlan:
    """``audio``: s16le stereo, 8 kHz, customer left. ``speed``: 1 is real time, 0 as fast as the recogniser allows.
    ``starts``: the day and hour that it is played at, for policies with hours; None: now."""

    audio: bytes
    caller: CallParties
    tenant: str
    speed: float = 1.0
    faults: tuple[Fault, ...] = ()
    starts: datetime | None = None


async def played(plan: CallPlan, sotto: EmbeddedSotto, contact_id: str = "") -> AsyncIterator[Event]:
    """Raises GuidanceNotStarted and PanelRefused. The events come as they happen."""
    contact_id = contact_id or str(uuid.uuid4())
    if plan.starts is not None:
        sotto.days.begin(contact_id, plan.starts)
    call = await sotto.connect.place(plan.audio, plan.caller, contact_id=contact_id)
    if call.answer.get("guidance") != "started":
        reason = call.answer.get("reason", "no reason")
        raise GuidanceNotStarted(f"guidance was {call.answer.get('guidance')}: {reason}")
    if plan.caller.transfers:
        conversation = ConversationWatcher(plan, call, sotto)
        async for event in conversation.events():
            yield event
        yield conversation.summary()
        return
    yield contact_event(plan, call.contact_id, duration_ms(plan.audio))
    watcher = CallWatcher(plan, call, sotto)
    async for event in watcher.events():
        yield event
    yield watcher.summary()


def contact_event(plan: CallPlan, contact_id: str, lasts_ms: int) -> Event:
    return {
        "type": "contact",
        "at_ms": 0,
        "contact_id": contact_id,
        "tenant": plan.tenant,
        "agent": plan.caller.agent,
        "queue": plan.caller.queue,
        "duration_ms": lasts_ms,
    }


class PlacedContact(Protocol):
    @property
    def contact_id(self) -> str: ...


Placed = TypeVar("Placed", bound=PlacedContact)


class Watcher(ABC, Generic[Placed]):
    """Plays one contact, and sees of it what its agent's panel sees."""

    def __init__(self, plan: CallPlan, call: Placed, sotto: EmbeddedSotto) -> None:
        self._plan = plan
        self._call = call
        self._sotto = sotto
        self._seen = Watched(plan.speed)
        self._events: asyncio.Queue[Event | None] = asyncio.Queue(MOST_WAITING)
        self._stored = Backfill([], [])
        self._began_ms = 0.0

    def _at_ms(self) -> int:
        return round(self._sotto.clock.now_ms() - self._began_ms)

    async def events(self) -> AsyncIterator[Event]:
        try:
            async with asyncio.TaskGroup() as tasks:
                subscribed = asyncio.Event()
                side = [tasks.create_task(self._watch_panel(subscribed)), tasks.create_task(self._watch_lease())]
                main = tasks.create_task(self._play(subscribed))
                main.add_done_callback(lambda _: self._events.put_nowait(None))
                while (event := await self._events.get()) is not None:
                    yield event
                for task in side:
                    task.cancel()
        except BaseExceptionGroup as group:
            raise first_error(group) from group

    async def _play(self, subscribed: asyncio.Event) -> None:
        if not self._plan.caller.waits_s:  # else nobody has the call yet
            await subscribed.wait()
        self._began_ms = self._sotto.clock.now_ms()
        over = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            for fault in self._plan.faults:
                tasks.create_task(self._inflict(fault, over))
            await self._talk()
            await self._sotto.idle(self._call.contact_id)
            over.set()
        await self._sotto.idle(self._call.contact_id)  # again, after a fault that came at the very end
        await asyncio.sleep(QUIET_BEFORE_SUMMARY_S)
        await self._fill_gaps()
        self._stored = await self._sotto.line.backfill(self._token(), self._call.contact_id, 0, 0)

    async def _inflict(self, fault: Fault, over: asyncio.Event) -> None:
        """A fault whose time comes after the call is left out."""
        with suppress(TimeoutError):
            async with asyncio.timeout(fault.at_s / (self._plan.speed or 1.0)):
                await over.wait()
            self._seen.faults_left_out.append(fault.name)
            return
        self._seen.faults.append((self._at_ms(), fault.name))
        self._put({"type": "fault", "at_ms": self._at_ms(), "name": fault.name})
        await self._break(fault)

    @abstractmethod
    async def _talk(self) -> None:
        """From its first second to its end."""

    @abstractmethod
    async def _break(self, fault: Fault) -> None:
        """What the plan wants broken."""

    def _samples(self) -> dict[str, dict[str, int | str]]:
        """By speaker; empty of what has no audio."""
        return {}

    def _token(self) -> str:
        return self._sotto.token(self._plan.tenant, self._plan.caller.agent)

    async def _watch_panel(self, subscribed: asyncio.Event) -> None:
        """As the panel does: subscribe, ask for the backfill, and do both again whenever the channel is lost. At
        first the assignment may reach the table a moment after the call begins."""
        waits_s = self._plan.caller.waits_s / (self._plan.speed or 1.0)
        give_up_at = self._sotto.clock.monotonic_ms() + (SUBSCRIBE_WITHIN_S + waits_s) * 1000
        while True:
            try:
                await self._listen(subscribed)
            except (PanelRefused, ConnectionClosed, OSError):
                if not subscribed.is_set() and self._sotto.clock.monotonic_ms() > give_up_at:
                    raise
            await asyncio.sleep(RECONNECT_AFTER_S)

    async def _listen(self, subscribed: asyncio.Event) -> None:
        async with self._sotto.line.listening(self._token(), self._call.contact_id) as panel:
            self._seen.reconnections += subscribed.is_set()
            await self._fill_gaps()
            subscribed.set()
            async for message in panel:
                self._take(message)

    async def _fill_gaps(self) -> None:
        seen = (contiguous(self._seen.utterances), contiguous(self._seen.annotations))
        found = await self._sotto.line.backfill(self._token(), self._call.contact_id, *seen)
        for utterance in found.utterances:
            self._utterance(utterance)
        for annotation in found.annotations:
            self._annotation(annotation)

    async def _watch_lease(self) -> None:
        generation = 1
        while True:
            lease: Lease | None = await asyncio.to_thread(
                self._sotto.leases.current, self._plan.tenant, self._call.contact_id
            )
            if lease and lease.generation > generation:
                generation = lease.generation
                self._seen.handovers += 1
                self._put(
                    {
                        "type": "handover",
                        "at_ms": self._at_ms(),
                        "generation": generation,
                        "at_fragment": lease.checkpoint.fragment,
                        "overlap_ms": lease.checkpoint.overlap_ms,
                    }
                )
            await asyncio.sleep(POLL_LEASE_S)

    def _put(self, event: Event) -> None:
        with suppress(asyncio.QueueFull):
            self._events.put_nowait(event)

    def _take(self, message: Event) -> None:
        match message["kind"]:
            case "INTERIM":
                self._put({"type": "interim", "at_ms": self._at_ms(), **utterance_fields(message["utterance"])})
            case "UTTERANCE":
                self._utterance(message["utterance"])
            case "ANNOTATION":
                for annotation in (*(message.get("before") or ()), message["annotation"]):
                    self._annotation(annotation)
            case "SUMMARY":
                self._put({"type": "call_summary", "at_ms": self._at_ms(), **summary_fields(message["summary"])})
            case "AFTER_CALL":
                self._put({"type": "after_call", "at_ms": self._at_ms(), **work_fields(message["afterCall"])})
            case _:
                pass

    def _utterance(self, utterance: Event) -> None:
        """What is published at least once is shown once."""
        if utterance["seq"] in self._seen.utterances:
            return
        self._seen.utterances.add(utterance["seq"])
        self._seen.arrived(self._at_ms(), utterance["endMs"])
        self._put({"type": "utterance", "at_ms": self._at_ms(), **utterance_fields(utterance)})

    def _annotation(self, annotation: Event) -> None:
        if annotation["seq"] in self._seen.annotations:
            return
        self._seen.annotations.add(annotation["seq"])
        self._seen.arrived(self._at_ms(), annotation["atMs"])
        self._put(self._shown(annotation, self._sotto.clock.now_ms()))

    def _shown(self, annotation: Event, now_ms: float) -> Event:
        stages = annotation["stagesMs"]
        stages = json.loads(stages) if isinstance(stages, str) else dict(stages)
        decided_ms = stages.pop("decided_at_ms", None)
        latency_ms = None
        if decided_ms is not None:
            stages["deliver"] = round(now_ms - decided_ms, 2)
            latency_ms = self._seen.took(stages)
        return {
            "type": "annotation",
            "at_ms": self._at_ms(),
            **annotation_fields(annotation),
            "stages_ms": stages,
            "latency_ms": latency_ms,
        }

    def summary(self) -> Event:
        ended = self._sotto.ended(self._call.contact_id)
        samples = self._samples()
        lost = {
            "utterances": len({each["seq"] for each in self._stored.utterances} - self._seen.utterances),
            "annotations": len({each["seq"] for each in self._stored.annotations} - self._seen.annotations),
        }
        return {
            "type": "summary",
            "at_ms": self._at_ms(),
            "utterances": len(self._seen.utterances),
            "annotations": len(self._seen.annotations),
            "handovers": self._seen.handovers,
            "handovers_unfinished": ended.unfinished_handovers,
            "faults": self._seen.broken(),
            "reconnections": self._seen.reconnections,
            "faults_left_out": self._seen.faults_left_out,
            "lost": lost,
            "samples": samples,
            "failures": call_failures(samples, lost, ended),
            "latency_ms": percentiles(self._seen.latencies, (50, 95, 99)),
            "stages_ms": {stage: percentiles(took, (50, 95)) for stage, took in self._seen.stages.items()},
        }


class CallWatcher(Watcher[PlacedCall]):
    async def _talk(self) -> None:
        await self._sotto.connect.play(self._call, speed=self._plan.speed)

    async def _break(self, fault: Fault) -> None:
        await self._sotto.inflict(fault.name, self._call.stream.drop_connections)

    def _samples(self) -> dict[str, dict[str, int | str]]:
        return self._sotto.tap.samples(self._call.contact_id, self._call.audio)
