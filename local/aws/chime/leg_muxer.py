"""Turns one side of a call into the fragments that a Voice Connector puts into a Kinesis video stream.

Documented are one stream for each leg, 16-bit PCM at 8 kHz, and the fragments' tags; not the track's name, how long
fragments are, or whether the tags come before the audio. So all of these differ here, by shape.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from local.aws.kinesis_video.muxer import StoredFragment
from sotto.media.mkv.writing import UNKNOWN_SIZE, element, identifier, number_element, tags_of, text_element
from sotto.media.stereo import SAMPLE_RATE_HZ, SAMPLE_WIDTH_BYTES

_SAMPLES_A_MS = SAMPLE_RATE_HZ // 1000
_PACKET_SAMPLES = 160
"""20 ms, as telephones packet G.711."""
_INGESTION_MS = 40


@dataclass(frozen=True, slots=True)
class LegTags:
    """What a leg's fragments say of their call. ``call_id`` or ``transaction_id`` may be left out: ""."""

    call_id: str
    transaction_id: str
    voice_connector: str

    def written(self) -> Mapping[str, str]:
        tags = {
            "CallId": self.call_id, "TransactionId": self.transaction_id, "VoiceConnectorId": self.voice_connector,
        }  # fmt: skip
        return {name: value for name, value in tags.items() if value}


@dataclass(frozen=True, slots=True)
class LegShape:
    """``fragment_ms``: about how long a fragment is. ``packets``: of 20 ms in a block. ``silent``: stretches of the
    audio, in ms, in which the telephone sends nothing, so that nothing is stored. ``clock_ahead_ms``: of the producer's
    clock; the service stores by its own. ``tags_after``: the tags come behind the audio."""

    fragment_ms: int = 1_000
    packets: int = 3
    silent: tuple[tuple[int, int], ...] = ()
    clock_ahead_ms: int = 0
    track_name: str = "AUDIO"
    tags_after: bool = False
    seed: int = 0


def fragments_of_leg(
    pcm: bytes, *, tags: LegTags, started_at_ms: int, shape: LegShape | None = None, first: int = 1
) -> Iterator[StoredFragment]:
    """Cut one side (s16le, mono, 8 kHz), which begins at ``started_at_ms``, into fragments; one seed makes the same
    bytes. ``first``: the number of the first one, which is unlike those of other calls in the stream."""
    shape = shape or LegShape()
    chance = random.Random(f"{shape.seed}/{tags.call_id}/{first}")
    samples = len(pcm) // SAMPLE_WIDTH_BYTES
    size = shape.packets * _PACKET_SAMPLES
    blocks: list[tuple[int, bytes]] = []
    number = first
    for at in range(0, samples, size):
        block = pcm[at * SAMPLE_WIDTH_BYTES : (at + size) * SAMPLE_WIDTH_BYTES]
        is_silent = any(begins <= at // _SAMPLES_A_MS < ends for begins, ends in shape.silent)
        is_full = bool(blocks) and (at - blocks[0][0]) // _SAMPLES_A_MS >= shape.fragment_ms
        if blocks and (is_silent or is_full):
            yield _fragment(number, blocks, started_at_ms, tags, shape, chance)
            number, blocks = number + 1, []
        if not is_silent:
            blocks.append((at, block))
    if blocks:
        yield _fragment(number, blocks, started_at_ms, tags, shape, chance)


def _fragment(
    number: int,
    blocks: list[tuple[int, bytes]],
    started_at_ms: int,
    tags: LegTags,
    shape: LegShape,
    chance: random.Random,
) -> StoredFragment:
    begins_ms = started_at_ms + blocks[0][0] // _SAMPLES_A_MS
    last, pcm = blocks[-1]
    ends_ms = started_at_ms + (last + len(pcm) // SAMPLE_WIDTH_BYTES) // _SAMPLES_A_MS
    producer_ms = begins_ms + shape.clock_ahead_ms
    own = tags_of(**tags.written())
    parts = [identifier(0x1F43B675), UNKNOWN_SIZE, number_element(0xE7, producer_ms)]
    for at, block in blocks:
        relative = started_at_ms + at // _SAMPLES_A_MS - begins_ms
        parts.append(element(0xA3, struct.pack(">BhB", 0x81, relative, 0x80) + block))
    return StoredFragment(
        number=f"91343852333181437{number:030d}",
        producer_ms=producer_ms,
        end_ms=ends_ms + shape.clock_ahead_ms,
        contact_id=tags.call_id,
        head=_head(shape, chance) + (b"" if shape.tags_after else own),
        cluster=b"".join(parts),
        tags_after=own if shape.tags_after else b"",
        server_ms=begins_ms + _INGESTION_MS,
    )


def _head(shape: LegShape, chance: random.Random) -> bytes:
    header = element(
        0x1A45DFA3, number_element(0x4286, 1) + number_element(0x42F7, 1) + text_element(0x4282, "matroska")
    )
    info = element(
        0x1549A966,
        element(0x73A4, chance.randbytes(16)) + number_element(0x2AD7B1, 1_000_000) + text_element(0x7BA9, "Chime"),
    )
    track = element(
        0xAE,
        number_element(0xD7, 1) + number_element(0x73C5, 1) + number_element(0x83, 2)
        + text_element(0x86, "A_MS/ACM") + text_element(0x536E, shape.track_name),
    )  # fmt: skip
    return header + identifier(0x18538067) + UNKNOWN_SIZE + info + element(0x1654AE6B, track)
