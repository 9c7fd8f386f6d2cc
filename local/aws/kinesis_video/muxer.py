"""Turns a call's audio into the fragments that Amazon Connect puts into a Kinesis video stream."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sotto.media.mkv.writing import UNKNOWN_SIZE, element, identifier, number_element, tags_of, text_element
from sotto.media.stereo import SAMPLE_RATE_HZ, SAMPLE_WIDTH_BYTES
from sotto.media.wav import split

BLOCK_SAMPLES = 512
_SAMPLES_A_MS = SAMPLE_RATE_HZ // 1000
_FRAGMENT_NUMBER_DIGITS = 47
_INGESTION_MS = 40


class ContactTag(StrEnum):
    """Where a fragment carries its ContactId."""

    BEFORE_CLUSTER = "before"
    AFTER_CLUSTER = "after"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class StreamShape:
    """The liberties that Amazon Connect takes.

    One block in ``short_block_every`` is short. ``swapped_tracks`` numbers the agent's track first. A fragment has
    ``blocks`` blocks of each track.
    """

    contact_tag: ContactTag = ContactTag.BEFORE_CLUSTER
    blocks: int = 16
    short_block_every: int = 40
    swapped_tracks: bool = False


@dataclass(frozen=True, slots=True)
class StoredFragment:
    """A fragment as Kinesis Video Streams keeps it. GetMedia puts its own tags around ``head`` and ``cluster``."""

    number: str
    producer_ms: int
    end_ms: int
    contact_id: str
    head: bytes
    cluster: bytes
    tags_after: bytes = b""
    server_ms: int = 0

    def media(self, continuation_token: str, millis_behind_now: int) -> bytes:
        """The bytes that GetMedia sends for it."""
        service_tags = tags_of(
            AWS_KINESISVIDEO_FRAGMENT_NUMBER=self.number,
            AWS_KINESISVIDEO_SERVER_TIMESTAMP=f"{self.server_ms / 1000:.3f}",
            AWS_KINESISVIDEO_PRODUCER_TIMESTAMP=f"{self.producer_ms / 1000:.3f}",
        )
        position_tags = tags_of(
            AWS_KINESISVIDEO_MILLIS_BEHIND_NOW=str(millis_behind_now),
            AWS_KINESISVIDEO_CONTINUATION_TOKEN=continuation_token,
        )
        return b"".join((self.head, service_tags, self.cluster, self.tags_after, position_tags))


def fragments_of(
    stereo: bytes,
    *,
    contact_id: str,
    instance_id: str,
    started_at_ms: int,
    seed: int = 0,
    shape: StreamShape | None = None,
    first: int = 1,
) -> Iterator[StoredFragment]:
    """Cut a call (s16le, interleaved customer, agent, 8 kHz) into fragments; the same seed makes the same bytes."""
    shape = shape or StreamShape()
    chance = random.Random(seed)
    channels = split(stereo)
    samples = len(channels[0]) // SAMPLE_WIDTH_BYTES
    at = [0, 0]
    for index in range(first, 1 << 62):
        if min(at) >= samples:
            return
        blocks: list[tuple[int, int, bytes]] = []
        while len(blocks) < 2 * shape.blocks and min(at) < samples:
            side = at.index(min(at))
            size = _block_samples(chance, shape)
            audio = channels[side][at[side] * SAMPLE_WIDTH_BYTES : (at[side] + size) * SAMPLE_WIDTH_BYTES]
            blocks.append((side, at[side], audio))
            at[side] += len(audio) // SAMPLE_WIDTH_BYTES
        yield _fragment(index, blocks, started_at_ms, max(at), contact_id, instance_id, chance, shape)


def _block_samples(chance: random.Random, shape: StreamShape) -> int:
    short = shape.short_block_every and chance.randrange(shape.short_block_every) == 0
    return chance.randrange(8, BLOCK_SAMPLES) if short else BLOCK_SAMPLES


def _fragment(
    index: int,
    blocks: list[tuple[int, int, bytes]],
    started_at_ms: int,
    end_sample: int,
    contact_id: str,
    instance_id: str,
    chance: random.Random,
    shape: StreamShape,
) -> StoredFragment:
    producer_ms = started_at_ms + min(sample for _, sample, _ in blocks) // _SAMPLES_A_MS
    contact_tags = b"" if shape.contact_tag is ContactTag.ABSENT else tags_of(
        ContactId=contact_id, InstanceId=instance_id, MimeType="audio/L16;rate=8000;channels=1;",
        AUDIO_FROM_CUSTOMER="1", AUDIO_TO_CUSTOMER="2",
    )  # fmt: skip
    before = shape.contact_tag is ContactTag.BEFORE_CLUSTER
    return StoredFragment(
        number=f"91343852333181{index:0{_FRAGMENT_NUMBER_DIGITS - 14}d}",
        producer_ms=producer_ms,
        end_ms=started_at_ms + end_sample // _SAMPLES_A_MS,
        contact_id=contact_id,
        head=_head(chance, shape) + (contact_tags if before else b""),
        cluster=_cluster(producer_ms, started_at_ms, blocks, shape),
        tags_after=b"" if before else contact_tags,
        server_ms=producer_ms + _INGESTION_MS,
    )


def _head(chance: random.Random, shape: StreamShape) -> bytes:
    header = element(
        0x1A45DFA3, number_element(0x4286, 1) + number_element(0x42F7, 1) + text_element(0x4282, "matroska")
    )
    info = element(
        0x1549A966,
        element(0x73A4, chance.randbytes(16)) + number_element(0x2AD7B1, 1_000_000)
        + text_element(0x7BA9, "Amazon Connect") + text_element(0x4D80, "Kinesis Video Streams")
        + text_element(0x5741, "Kinesis Video Streams"),
    )  # fmt: skip
    names = ["AUDIO_FROM_CUSTOMER", "AUDIO_TO_CUSTOMER"]
    if shape.swapped_tracks:
        names.reverse()
    tracks = b"".join(
        element(
            0xAE,
            number_element(0xD7, number) + number_element(0x73C5, number) + number_element(0x83, 2)
            + text_element(0x86, "A_AAC") + element(0x63A2, b"\x11\x90") + text_element(0x536E, name),
        )
        for number, name in enumerate(names, start=1)
    )  # fmt: skip
    return header + identifier(0x18538067) + UNKNOWN_SIZE + info + element(0x1654AE6B, tracks)


def _cluster(producer_ms: int, started_at_ms: int, blocks: list[tuple[int, int, bytes]], shape: StreamShape) -> bytes:
    parts = [identifier(0x1F43B675), UNKNOWN_SIZE, number_element(0xE7, producer_ms)]
    for side, sample, pcm in blocks:
        track = 2 - side if shape.swapped_tracks else side + 1
        # Matroska counts milliseconds: a block after a short one begins between two of them.
        relative = started_at_ms + (2 * sample + _SAMPLES_A_MS) // (2 * _SAMPLES_A_MS) - producer_ms
        parts.append(element(0xA3, struct.pack(">BhB", 0x80 | track, relative, 0x80) + pcm))
    return b"".join(parts)


def error_media(error_id: int, error_code: str) -> bytes:
    """What GetMedia sends instead of a fragment when it fails in mid-stream."""
    tags = tags_of(AWS_KINESISVIDEO_ERROR_CODE=error_code, AWS_KINESISVIDEO_ERROR_ID=str(error_id))
    return _head(random.Random(0), StreamShape()) + tags
