"""Amazon Connect's side of a call: media streaming, the contact flow's Lambda block, and contact events.

Emulated as documented: the flow invokes ``start_guidance`` once media streams, waits at most 8 s and reads back a flat
map of strings; contact events go to EventBridge, best effort. What a customer would hear goes on whatever Sotto
answers.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from local.aws.connect.chats import ChatMessage, ChatSegments, PlacedChat
from local.aws.connect.contacts import ConnectContact, ConnectContacts
from local.aws.connect.conversation import ConversationPlayer, duration_ms
from local.aws.connect.delivery import ContactEventDelivery, ContactEventFaults
from local.aws.connect.documents import contact_event, contact_flow_event, entry, stream_arn_of
from local.aws.connect.exports import InstanceExports
from local.aws.connect.parties import CallParties, LaterAttributes, Transfer
from local.aws.connect.recordings import ConnectRecordings
from local.aws.customer_profiles import CustomerProfilesApi
from local.aws.kinesis_video.muxer import StreamShape
from local.aws.kinesis_video.server import KinesisVideo
from local.aws.kinesis_video.stream import LiveStream
from sotto.core.clock import Clock
from sotto.core.errors import Retryable

BEFORE_THE_AGENT = {
    "INBOUND": ("INITIATED", "QUEUED"),
    "OUTBOUND": ("INITIATED", "CONNECTED_TO_SYSTEM"),
}
"""Contact events until an agent has the contact, by how it was initiated; CONNECTED_TO_SYSTEM is documented for
outbound calls, tasks and chats alone."""


__all__ = ["AmazonConnect", "FlowFailed", "PlacedCall", "duration_ms"]


Happening = tuple[float, Callable[[], None]]
"""A second of the audio, and what happens then."""


class FlowFailed(Retryable):
    """The Lambda block of the contact flow took its error branch."""


@dataclass(frozen=True, slots=True)
class PlacedCall:
    """A call in progress. ``answer`` is what the contact flow read back."""

    contact_id: str
    started_at_ms: int
    stream: LiveStream
    caller: CallParties
    audio: bytes
    answer: Mapping[str, str]


class AmazonConnect:
    """Places calls. ``functions`` and ``events`` are boto3 clients of Lambda and EventBridge."""

    def __init__(
        self,
        functions: Any,
        events: Any,
        media: KinesisVideo,
        clock: Clock,
        *,
        contacts: ConnectContacts | None = None,
        faults: ContactEventFaults | None = None,
        exports: InstanceExports | None = None,
        profiles: CustomerProfilesApi | None = None,
        recordings: ConnectRecordings | None = None,
        segments: ChatSegments | None = None,
    ) -> None:
        """``exports``: contact records and agent events; None: the instances export nothing. ``profiles``: of
        customers; each instance's domain has its id as a name. ``recordings``: None: no flow records. ``segments``:
        of Contact Lens; None: it analyses no chat."""
        self.segments = segments
        self.recordings = recordings
        self._profiles = profiles
        self.exports = exports
        self.contacts = contacts or ConnectContacts()
        self.delivery = ContactEventDelivery(events, faults or ContactEventFaults())
        self._functions = functions
        self._media = media
        self._clock = clock

    async def place(self, audio: bytes, caller: CallParties, *, contact_id: str = "") -> PlacedCall:
        """Start media streaming, run the Lambda block of the flow that has it, and connect the agent. Raises
        FlowFailed."""
        contact_id = contact_id or str(uuid.uuid4())
        started_at_ms = int(self._clock.now_ms())
        arn = stream_arn_of(contact_id, started_at_ms)
        stream = self._media.create_stream(arn)
        if self._profiles is not None:
            self._profiles.add(caller.instance_id, caller.profiles)
        contact = self._initiated(contact_id, caller, started_at_ms)
        if self.recordings is not None and caller.recorded:
            self.recordings.begin(contact.initial_contact_id, audio, started_at_ms)
        if caller.starts_in == "inbound":
            answer = await self._flow(contact, arn, started_at_ms)
            self._queued(contact, caller, started_at_ms)
            if caller.waits_s:
                return PlacedCall(contact_id, started_at_ms, stream, caller, audio, answer)
        else:
            contact = self._queued(contact, caller, started_at_ms)
            contact = self.contacts.change(contact_id, agent=caller.agent)
            answer = await self._flow(contact, arn, started_at_ms, is_whisper=True)
        self._connected(contact_id, caller, started_at_ms)
        return PlacedCall(contact_id, started_at_ms, stream, caller, audio, answer)

    async def place_chat(self, caller: CallParties, *, contact_id: str = "") -> PlacedChat:
        """A customer begins a chat, which Connect initiates by API; the flow runs, and an agent accepts. Raises
        FlowFailed."""
        contact_id = contact_id or str(uuid.uuid4())
        started_at_ms = int(self._clock.now_ms())
        contact = self.contacts.change(self._initiated(contact_id, caller, started_at_ms).contact_id, channel="CHAT")
        answer = await self._flow(contact, "", started_at_ms)
        self._queued(contact, caller, started_at_ms)
        self._connected(contact_id, caller, started_at_ms)
        return PlacedChat(contact_id, started_at_ms, caller, answer)

    async def play_chat(self, chat: PlacedChat, messages: Sequence[ChatMessage], *, speed: float = 1.0) -> None:
        """Write the messages at their seconds, ``speed`` times faster, or one after another (0); then end the chat."""
        assert self.segments is not None
        self.segments.session(chat, "STARTED", 0.0)
        now_s = 0.0
        for message in messages:
            if speed > 0:
                await self._clock.sleep_ms(max(0.0, message.at_s - now_s) * 1000 / speed)
            now_s = message.at_s
            self.segments.write(chat, message)
        await asyncio.to_thread(self.segments.drain, chat.contact_id)
        self.segments.session(chat, "COMPLETED", now_s)
        self.hang_up(chat.contact_id, chat.started_at_ms + now_s * 1000)

    @property
    def clock(self) -> Clock:
        return self._clock

    async def play(self, call: PlacedCall, *, speed: float = 1.0, shape: StreamShape | None = None) -> None:
        """Stream the call's audio in real time, ``speed`` times faster, or at once (0); then hang up."""
        if self.recordings is not None:
            self.recordings.play(self.contacts[call.contact_id].initial_contact_id, speed)
        async with asyncio.TaskGroup() as tasks:
            later = [tasks.create_task(self._set_later(call, each, speed)) for each in call.caller.later]
            later += [tasks.create_task(self._happen(each, speed)) for each in self._happenings(call)]
            await ConversationPlayer(self, call, speed, shape).play()
            await asyncio.gather(*later)

    def _happenings(self, call: PlacedCall) -> Iterator[Happening]:
        """What the agent does at a second of the audio."""
        began_ms, caller = call.started_at_ms, call.caller
        if caller.waits_s:
            at_ms = began_ms + caller.waits_s * 1000
            yield caller.waits_s, lambda: self._connected(call.contact_id, caller, at_ms)
        for hold in caller.holds:
            yield hold.from_s, partial(self._held, call, began_ms + hold.from_s * 1000, on_hold=True)
            yield hold.until_s, partial(self._held, call, began_ms + hold.until_s * 1000, on_hold=False)

    async def _happen(self, happening: Happening, speed: float) -> None:
        at_s, happens = happening
        if speed > 0:
            await self._clock.sleep_ms(at_s * 1000 / speed)
        happens()

    def _held(self, call: PlacedCall, at_ms: float, *, on_hold: bool) -> None:
        """No contact event tells of a hold, only the agent's own events."""
        contact = self.contacts[call.contact_id]
        if not on_hold:
            hold = next(each for each in call.caller.holds if call.started_at_ms + each.until_s * 1000 == at_ms)
            held_ms = (*contact.held_ms, (hold.until_s - hold.from_s) * 1000)
            contact = self.contacts.change(call.contact_id, held_ms=held_ms)
        if self.exports is not None and call.caller.agent_events:
            self.exports.agent_changed(contact, "CONNECTED_ONHOLD" if on_hold else "CONNECTED", at_ms)

    async def begin_transfer(self, call: PlacedCall, contact_id: str, transfer: Transfer) -> LiveStream | None:
        """A new contact of the conversation, for the customer of ``contact_id``; its own stream where it has one."""
        at_ms = call.started_at_ms + transfer.begins_s * 1000
        method = "TRANSFER" if transfer.agent is not None else "EXTERNAL_OUTBOUND"
        contact = self.contacts.add(
            ConnectContact(
                transfer.contact_id,
                call.caller.instance_id,
                method,
                at_ms,
                call.contact_id,
                contact_id,
                attributes=self.contacts[contact_id].attributes,
                caller=call.caller.number,
            )
        )
        self._tell("INITIATED", contact, at_ms)
        if transfer.agent is None:
            return None
        if transfer.queue is not None:
            contact = self.contacts.change(transfer.contact_id, queue=transfer.queue, enqueued_at_ms=at_ms)
            self._tell("QUEUED", contact, at_ms)
        contact = self.contacts.change(transfer.contact_id, agent=transfer.agent)
        stream = None
        if transfer.streams == "own":
            arn = stream_arn_of(transfer.contact_id, int(at_ms))
            stream = self._media.create_stream(arn)
            await self._flow(contact, arn, int(at_ms), is_whisper=True)
        contact = self.contacts.change(transfer.contact_id, connected_at_ms=at_ms)
        self._tell("CONNECTED_TO_AGENT", contact, at_ms)
        return stream

    def set_attributes(self, contact_id: str, values: Mapping[str, str]) -> None:
        """By a block of a flow, or by UpdateContactAttributes. The event names what changed and holds none of it."""
        contact = self.contacts.set_attributes(contact_id, values)
        self._tell("CONTACT_DATA_UPDATED", contact, self._clock.now_ms(), updatedProperties=["UserDefinedAttributes"])

    def hang_up(self, contact_id: str, at_ms: float) -> None:
        contact = self.contacts.change(contact_id, disconnected_at_ms=at_ms)
        self._tell("DISCONNECTED", contact, at_ms)
        self._tell("COMPLETED", contact, at_ms)
        if self.recordings is not None and contact.channel == "VOICE":
            self.recordings.ended(contact)
        if self.exports is not None:
            self.exports.contact_ended(contact)

    def busy(self) -> bool:
        """Whether contact events are on their way, or what is exported, or a recording."""
        sides = (self.exports, self.recordings, self.segments)
        return self.delivery.busy() or any(side.busy() for side in sides if side is not None)

    def stop(self) -> None:
        self.delivery.stop()
        for side in (self.exports, self.recordings, self.segments):
            if side is not None:
                side.stop()

    def _initiated(self, contact_id: str, caller: CallParties, at_ms: float) -> ConnectContact:
        earlier = self.contacts[caller.follows] if caller.follows else None
        return self.contacts.add(
            ConnectContact(
                contact_id,
                caller.instance_id,
                caller.initiation_method,
                at_ms,
                earlier.initial_contact_id if earlier else contact_id,
                caller.follows,
                attributes=caller.attributes,
                caller=caller.number,
            )
        )

    def _queued(self, contact: ConnectContact, caller: CallParties, at_ms: float) -> ConnectContact:
        contact_id = contact.contact_id
        for kind in BEFORE_THE_AGENT.get(contact.initiation_method, BEFORE_THE_AGENT["INBOUND"]):
            if kind == "QUEUED":
                self.contacts.change(contact_id, queue=caller.queue, enqueued_at_ms=at_ms)
            self._tell(kind, self.contacts[contact_id], at_ms)
        return self.contacts[contact_id]

    def _connected(self, contact_id: str, caller: CallParties, at_ms: float) -> None:
        contact = self.contacts.change(contact_id, agent=caller.agent, connected_at_ms=at_ms)
        self._tell("CONNECTED_TO_AGENT", contact, at_ms)
        if self.exports is not None:
            self.exports.agent_connected(contact, tells_states=caller.agent_events)

    async def _flow(
        self, contact: ConnectContact, arn: str, started_at_ms: int, *, is_whisper: bool = False
    ) -> dict[str, str]:
        event = contact_flow_event(contact, arn, started_at_ms, is_whisper=is_whisper)
        return await asyncio.to_thread(self._invoke, "start_guidance", event)

    async def _set_later(self, call: PlacedCall, later: LaterAttributes, speed: float) -> None:
        if speed > 0:
            await self._clock.sleep_ms(later.at_s * 1000 / speed)
        self.set_attributes(call.contact_id, later.values)

    def _invoke(self, name: str, event: dict[str, Any]) -> dict[str, str]:
        answer = self._functions.invoke(FunctionName=name, Payload=json.dumps(event).encode())
        payload: dict[str, str] = json.loads(answer["Payload"].read())
        flat = isinstance(payload, dict) and all(isinstance(value, str) for value in payload.values())
        if answer.get("FunctionError") or not flat:
            raise FlowFailed(f"the flow's Lambda block {name} took its error branch")
        return payload

    def _tell(self, kind: str, contact: ConnectContact, at_ms: float, **more: Any) -> None:
        number = self.delivery.number_of(contact.contact_id, kind)
        chance = self.delivery.chance(contact.contact_id, f"{kind} keys", number)
        put = entry(contact_event(kind, contact, **more), contact.arn, at_ms, chance)
        self.delivery.send(contact.contact_id, kind, number, put)
