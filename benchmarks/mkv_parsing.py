"""How fast one core parses what GetMedia sends, beside ebmlite on the same bytes.

python -m benchmarks.mkv_parsing
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from local.aws.kinesis_video.muxer import fragments_of
from sotto.audio.fragments import BlockHeard, FragmentEnded, FragmentReader

PIECE_BYTES = 16 << 10
SIMPLE_BLOCK, TAG_NAME, TAG_STRING = 0xA3, 0x45A3, 0x4487


@dataclass(frozen=True, slots=True)
class Found:
    """What a parser delivered: arms that differ in it have not done the same work."""

    blocks: int
    audio_bytes: int
    tags: int


@dataclass(frozen=True, slots=True)
class Parsed:
    megabytes_a_second: float
    found: Found


def connect_media(seconds: int) -> list[bytes]:
    """The fragments of a call in Amazon Connect's shape."""
    stereo = random.Random(0).randbytes(seconds * 8000 * 4)
    fragments = fragments_of(stereo, contact_id="c", instance_id="i", started_at_ms=1_726_677_688_724)
    return [fragment.media(fragment.number, 0) for fragment in fragments]


def with_sotto(media: list[bytes]) -> Found:
    """In pieces, as a connection delivers them: every block with speaker and time, every tag with its text."""
    stream = b"".join(media)
    reader = FragmentReader()
    blocks = audio = tags = 0
    for at in range(0, len(stream), PIECE_BYTES):
        for event in reader.feed(stream[at : at + PIECE_BYTES]):
            if isinstance(event, BlockHeard):
                blocks += 1
                audio += len(event.pcm)
            elif isinstance(event, FragmentEnded):
                tags += len(event.fragment.tags)
    return Found(
        blocks, audio, tags + sum(len(e.fragment.tags) for e in reader.close() if isinstance(e, FragmentEnded))
    )


def with_ebmlite(media: list[bytes]) -> Found:
    """ebmlite cannot read a stream that does not seek, so it is given whole fragments in memory: its best case."""
    ebmlite = import_module("ebmlite")

    schema = ebmlite.loadSchema("matroska.xml")
    blocks: list[tuple[int, int, bytes]] = []
    names: list[str] = []

    def walk(element: Any) -> None:
        for child in element:
            if isinstance(child, ebmlite.core.MasterElement):
                walk(child)
            elif child.id == SIMPLE_BLOCK:
                block = child.value
                blocks.append((block[0] & 0x7F, int.from_bytes(block[1:3], "big", signed=True), bytes(block[4:])))
            elif child.id in (TAG_NAME, TAG_STRING):
                names.append(child.value)

    for fragment in media:
        walk(schema.loads(fragment))
    return Found(len(blocks), sum(len(pcm) for _, _, pcm in blocks), len(names) // 2)


def measured(parse: Callable[[list[bytes]], Found], media: list[bytes], repeats: int) -> Parsed:
    """The best of ``repeats`` runs, because other work on the machine only ever makes a run slower."""
    best = float("inf")
    for _ in range(repeats):
        began = time.perf_counter()
        found = parse(media)
        best = min(best, time.perf_counter() - began)
    return Parsed(sum(map(len, media)) / best / 1e6, found)


def compare(seconds: int = 60, repeats: int = 7) -> dict[str, Parsed | None]:
    """MB/s by parser on the same bytes with the same findings; None where a parser is not installed."""
    media = connect_media(seconds)
    ours = measured(with_sotto, media, repeats)
    results: dict[str, Parsed | None] = {"sotto": ours, "ebmlite": None}
    with suppress(ImportError):
        theirs = results["ebmlite"] = measured(with_ebmlite, media, repeats)
        if theirs.found != ours.found:
            raise AssertionError(f"the parsers disagree: {ours.found} and {theirs.found}")
    return results


def main() -> None:
    results = compare()
    for name, parsed in results.items():
        print(
            f"{name:8} {parsed.megabytes_a_second:8.1f} MB/s"
            if parsed
            else f"{name:8} not installed (see this module's first lines)"
        )
    ours, theirs = results["sotto"], results["ebmlite"]
    if ours and theirs:
        print(f"ratio    {ours.megabytes_a_second / theirs.megabytes_a_second:8.1f}")


if __name__ == "__main__":
    main()
