"""Voice Connectors that session border controllers send recorded calls to, no kinder than AWS.

As documented: a stream for each side, and streams are used again, so an earlier call is still in them; an event for
each side and state, best effort, so late, doubled, in any order. Beyond what is documented: the second side starts a
moment later, and the end is told before its last fragment is stored.
"""

from __future__ import annotations

import asyncio
import random
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from local.aws.chime.documents import LegOnAir, RecordedSession, Spoken, rs_metadata, streaming_detail
from local.aws.chime.leg_muxer import LegShape, LegTags, fragments_of_leg
from local.aws.connect.delivery import ContactEventDelivery, ContactEventFaults
from local.aws.connect.parties import CallParties
from local.aws.kinesis_video.muxer import StoredFragment
from local.aws.kinesis_video.server import KinesisVideo
from local.aws.kinesis_video.stream import LiveStream, play
from sotto.call.contact import CHANNELS, Speaker
from sotto.contacts.siprec.follow import contact_id_of
from sotto.core.clock import Clock
from sotto.media.wav import joined, split
from sotto.sources.siprec.streaming_event import DETAIL_TYPE, Status

ACCOUNT, REGION = "111122223333", "us-east-1"
LAST_FRAGMENT_LATE_S = 0.3
EARLIER_MS = 2_400
_NOBODY = "+15555550123"
_BYTES_A_MS = 16


def connector_of(tenant: str) -> str:
    """The id of the tenant's Voice Connector in the embedded stack."""
    return "vc" + "".join(letter for letter in tenant if letter.isalnum())


@dataclass(frozen=True, slots=True)
class Recording:
    """How a border controller records a call. ``late_ms``: how much later the agent's side starts. ``shapes``: of the
    sides' streams, where not the usual ones."""

    late_ms: int = 300
    shapes: dict[Speaker, LegShape] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """A call in progress. ``audio``: what its streams will hold, both sides beside each other from the start on."""

    contact_id: str
    started_at_ms: int
    streams: dict[Speaker, LiveStream]
    audio: bytes
    session: RecordedSession
    legs: dict[Speaker, LegOnAir]
    fragments: dict[Speaker, list[StoredFragment]]


class VoiceConnectors:
    """``events`` is a boto3 client of EventBridge. ``faults``: of the events, of which only ENDED is ever lost."""

    def __init__(
        self, events: Any, media: KinesisVideo, clock: Clock, faults: ContactEventFaults | None = None, *, seed: int = 0
    ) -> None:
        self.delivery = ContactEventDelivery(events, faults or ContactEventFaults(doubled=0.3))
        self._media = media
        self._clock = clock
        self._chance = random.Random(seed)
        self._streams: defaultdict[str, list[LiveStream]] = defaultdict(list)
        self._next_number: defaultdict[str, int] = defaultdict(lambda: 1)

    def place(self, audio: bytes, caller: CallParties, tenant: str, recording: Recording | None = None) -> RecordedCall:
        """A call is answered, and its border controller invites the recorder: both streams start, and are told of."""
        recording = recording or Recording()
        connector, started_at_ms = connector_of(tenant), int(self._clock.now_ms())
        call_id, transaction_id = f"{uuid.uuid4().hex}@10.24.34.0", str(uuid.uuid4())
        number = caller.number or _NOBODY
        people = [
            Spoken("p-agent", f"sip:{caller.agent}@pbx.example.com;transport=tcp", "1"),
            Spoken("p-customer", f"sip:{number}@carrier.example.net", "2"),
        ]
        session = RecordedSession(connector, call_id, transaction_id, number, rs_metadata(people))
        tags = LegTags(call_id, transaction_id, connector)
        streams = dict(zip(CHANNELS, self._free_streams(connector, started_at_ms), strict=True))
        sides = dict(zip(CHANNELS, split(audio), strict=True))
        # What is said before a side's stream starts is in no stream.
        sides[Speaker.AGENT] = bytes(recording.late_ms * _BYTES_A_MS) + sides[Speaker.AGENT][recording.late_ms * 16 :]
        starts = {Speaker.CUSTOMER: 0, Speaker.AGENT: recording.late_ms}
        legs, fragments = {}, {}
        for index, (speaker, label) in enumerate(((Speaker.AGENT, "1"), (Speaker.CUSTOMER, "2"))):
            begins_ms = started_at_ms + starts[speaker]
            kept = list(
                fragments_of_leg(
                    sides[speaker][starts[speaker] * _BYTES_A_MS :],
                    tags=tags,
                    started_at_ms=begins_ms,
                    shape=recording.shapes.get(speaker, LegShape(fragment_ms=700 + 200 * index, tags_after=index == 0)),
                    first=self._next_number[streams[speaker].arn],
                )
            )
            self._next_number[streams[speaker].arn] += len(kept)
            fragments[speaker] = kept
            is_caller = speaker is Speaker.CUSTOMER
            legs[speaker] = LegOnAir(streams[speaker].arn, label, index, is_caller, begins_ms, kept[0].number)
        call = RecordedCall(
            contact_id_of(connector, call_id),
            started_at_ms,
            streams,
            joined(*sides.values()),
            session,
            legs,
            fragments,
        )
        for leg in legs.values():
            self._tell(Status.STARTED, call, leg, leg.started_at_ms)
        return call

    async def play(self, call: RecordedCall, *, speed: float = 1.0) -> None:
        """Store both sides as they are spoken, ``speed`` times faster, or at once (0)."""
        async with asyncio.TaskGroup() as tasks:
            for speaker in CHANNELS:
                tasks.create_task(self._play_side(call, speaker, speed))
        self._streams[call.session.voice_connector] += call.streams.values()

    async def _play_side(self, call: RecordedCall, speaker: Speaker, speed: float) -> None:
        *most, last = call.fragments[speaker]
        wait_s = (call.legs[speaker].started_at_ms - call.started_at_ms) / 1000
        await self._clock.sleep_ms(wait_s * 1000 / speed if speed > 0 else 0.0)
        await self._store(call.streams[speaker], most, speed)
        self._tell(Status.ENDED, call, call.legs[speaker], last.end_ms, ended_at_ms=last.end_ms)
        await self._clock.sleep_ms(LAST_FRAGMENT_LATE_S * 1000)
        await self._store(call.streams[speaker], [last], 0)

    async def _store(self, stream: LiveStream, fragments: Iterable[StoredFragment], speed: float) -> None:
        """The stream goes on: another call will be in it."""
        await play(stream, fragments, self._clock, speed=speed, end=False)

    def drop_connections(self, call: RecordedCall) -> None:
        for stream in call.streams.values():
            stream.drop_connections()

    def busy(self) -> bool:
        return self.delivery.busy()

    def stop(self) -> None:
        self.delivery.stop()

    def _free_streams(self, connector: str, started_at_ms: int) -> list[LiveStream]:
        """Two that no call is in. A new one has been used before, by a call that has just ended."""
        known = self._streams[connector]
        free = known[:2] if len(known) >= 2 else [self._used_before(connector, started_at_ms) for _ in CHANNELS]
        self._streams[connector] = known[2:] if len(known) >= 2 else known
        return free

    def _used_before(self, connector: str, until_ms: int) -> LiveStream:
        name = f"ChimeVoiceConnector-{connector}-{uuid.uuid4()}/{until_ms}"
        stream = self._media.create_stream(f"arn:aws:kinesisvideo:{REGION}:{ACCOUNT}:stream/{name}")
        stream.begin()
        earlier = LegTags(str(uuid.uuid4()), str(uuid.uuid4()), connector)
        noise = self._chance.randbytes(EARLIER_MS * _BYTES_A_MS)
        for fragment in fragments_of_leg(noise, tags=earlier, started_at_ms=until_ms - EARLIER_MS):
            stream.append(fragment)
            self._next_number[stream.arn] += 1
        return stream

    def _tell(self, status: Status, call: RecordedCall, leg: LegOnAir, at_ms: float, **more: Any) -> None:
        kind = f"{status.value} {leg.label}"
        put = {
            "Source": "aws.chime",
            "DetailType": DETAIL_TYPE,
            "Detail": streaming_detail(status, call.session, leg, **more),
            "Resources": [],
            "Time": datetime.fromtimestamp(at_ms / 1000, UTC),
        }
        self.delivery.send(call.contact_id, kind, self.delivery.number_of(call.contact_id, kind), put)
