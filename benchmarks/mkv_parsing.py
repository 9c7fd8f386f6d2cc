"""How fast one core parses what GetMedia sends, beside ebmlite on the same bytes.

python -m benchmarks.mkv_parsing
"""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from local.aws.kinesis_video.muxer import fragments_of
from sotto.audio.fragments import BlockHeard, FragmentReader

PIECE_BYTES = 16 << 10


@dataclass(frozen=True, slots=True)
class Parsed:
    """``blocks`` is what the parser found: arms that differ in it have not done the same work."""

    megabytes_a_second: float
    blocks: int


def connect_media(seconds: int) -> list[bytes]:
    """The fragments of a call in Amazon Connect's shape."""
    stereo = random.Random(0).randbytes(seconds * 8000 * 4)
    fragments = fragments_of(stereo, contact_id="c", instance_id="i", started_at_ms=1_726_677_688_724)
    return [fragment.media(fragment.number, 0) for fragment in fragments]


def with_sotto(media: list[bytes], piece_bytes: int = PIECE_BYTES) -> int:
    stream = b"".join(media)
    reader = FragmentReader()
    blocks = 0
    for at in range(0, len(stream), piece_bytes):
        blocks += sum(1 for event in reader.feed(stream[at : at + piece_bytes]) if isinstance(event, BlockHeard))
    return blocks


def with_ebmlite(media: list[bytes]) -> int:
    """ebmlite cannot read a stream that does not seek, so it is given whole fragments: its best case."""
    import ebmlite

    schema = ebmlite.loadSchema("matroska.xml")
    return sum(
        len(element.value) > 0
        for fragment in media
        for segment in schema.loads(fragment)
        if segment.id == 0x18538067
        for cluster in segment
        if cluster.id == 0x1F43B675
        for element in cluster
        if element.id == 0xA3
    )


def measured(parse: Callable[[list[bytes]], int], media: list[bytes], repeats: int) -> Parsed:
    """The best of ``repeats`` runs, because other work on the machine only ever makes a run slower."""
    size = sum(map(len, media))
    best, blocks = float("inf"), 0
    for _ in range(repeats):
        began = time.perf_counter()
        blocks = parse(media)
        best = min(best, time.perf_counter() - began)
    return Parsed(size / best / 1e6, blocks)


def compare(seconds: int = 120, repeats: int = 5) -> dict[str, Parsed | None]:
    """MB/s by parser; None where a parser is not installed."""
    media = connect_media(seconds)
    results: dict[str, Parsed | None] = {"sotto": measured(with_sotto, media, repeats), "ebmlite": None}
    with contextlib.suppress(ImportError):
        results["ebmlite"] = measured(with_ebmlite, media[:20], 2)
    return results


def main() -> None:
    results = compare()
    for name, parsed in results.items():
        print(
            f"{name:8} {parsed.megabytes_a_second:8.1f} MB/s"
            if parsed
            else f"{name:8} not installed (pip install {name})"
        )
    ours, theirs = results["sotto"], results["ebmlite"]
    if ours and theirs:
        print(f"ratio    {ours.megabytes_a_second / theirs.megabytes_a_second:8.1f}")


if __name__ == "__main__":
    main()
