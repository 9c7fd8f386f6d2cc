"""The audio of a conversation, played contact by contact into the streams that it is in."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING

from local.aws.connect.parties import Transfer
from local.aws.kinesis_video.muxer import StoredFragment, StreamShape, fragments_of
from local.aws.kinesis_video.stream import LiveStream, play
from sotto.media.stereo import SAMPLE_RATE_HZ

if TYPE_CHECKING:
    from local.aws.connect.calls import AmazonConnect, PlacedCall

_BYTES_A_MS = SAMPLE_RATE_HZ // 1000 * 4


class ConversationPlayer:
    """One recording is what the customer says and hears from the first contact to the last."""

    def __init__(self, connect: AmazonConnect, call: PlacedCall, speed: float, shape: StreamShape | None) -> None:
        self._connect, self._call, self._speed, self._shape = connect, call, speed, shape
        self._stream = call.stream
        self._contact_id = self._tag = call.contact_id
        self._played_ms = 0
        self._number = 0
        self._joined: ConversationPlayer | None = None

    async def play(self) -> None:
        """To the end, and hang up."""
        for transfer in sorted(self._call.caller.transfers, key=lambda each: each.at_s):
            await self._transfer(transfer)
        await self._play_until(duration_ms(self._call.audio) + 1)  # the last samples may be less than one
        self._end()

    def _end(self) -> None:
        self._stream.end()
        self._connect.hang_up(self._contact_id, self._call.started_at_ms + duration_ms(self._call.audio))
        if self._joined is not None:
            self._joined._end()

    async def _transfer(self, transfer: Transfer) -> None:
        ends_ms = self._call.started_at_ms + transfer.at_s * 1000
        await self._play_until(int(transfer.begins_s * 1000))
        if not transfer.consult_s:
            self._connect.hang_up(self._contact_id, ends_ms)
        stream = await self._connect.begin_transfer(self._call, self._contact_id, transfer)
        await self._play_until(int(transfer.at_s * 1000))
        if transfer.kind == "conference":
            self._join(transfer, stream)
            return
        if transfer.kind == "consult":
            self._connect.hang_up(transfer.contact_id, ends_ms)
            return
        if transfer.consult_s:
            self._connect.hang_up(self._contact_id, ends_ms)
        self._contact_id = transfer.contact_id
        self._tag = self._tag if transfer.streams == "same" or transfer.agent is None else transfer.contact_id
        if stream is not None:
            self._stream, self._number = stream, 0

    def _join(self, transfer: Transfer, stream: LiveStream | None) -> None:
        """Another agent who stays: what the customer says and hears is in that contact's stream too."""
        self._joined = ConversationPlayer(self._connect, self._call, self._speed, self._shape)
        self._joined._contact_id = self._joined._tag = transfer.contact_id
        self._joined._stream = stream or self._stream
        self._joined._played_ms = self._played_ms

    async def _play_until(self, until_ms: int) -> None:
        """In every stream that the customer is in."""
        if self._joined is None or self._joined._stream is self._stream:
            await self._play_alone_until(until_ms)
        else:
            await asyncio.gather(self._play_alone_until(until_ms), self._joined._play_until(until_ms))

    async def _play_alone_until(self, until_ms: int) -> None:
        audio = self._call.audio[self._played_ms * _BYTES_A_MS : until_ms * _BYTES_A_MS]
        begins_ms, self._played_ms = self._call.started_at_ms + self._played_ms, max(until_ms, self._played_ms)
        if audio:
            await play(
                self._stream, self._fragments(audio, begins_ms), self._connect.clock, speed=self._speed, end=False
            )

    def _fragments(self, audio: bytes, begins_ms: int) -> Iterator[StoredFragment]:
        found = fragments_of(
            audio,
            contact_id=self._tag,
            instance_id=self._call.caller.instance_id,
            started_at_ms=begins_ms,
            shape=self._shape,
            first=self._number + 1,
        )
        for fragment in found:
            self._number += 1
            yield fragment


def duration_ms(audio: bytes) -> int:
    """Length of a stereo s16le recording at 8 kHz."""
    return len(audio) // 4 * 1000 // SAMPLE_RATE_HZ
