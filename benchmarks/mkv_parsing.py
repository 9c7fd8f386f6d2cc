"""How fast one core parses what GetMedia sends, beside ebmlite and AWS's Python consumer sample on the same bytes.

    python -m benchmarks.mkv_parsing [--ebmlite FOLDER] [--aws-sample FOLDER] [--json FILE]

Neither is part of the project. ``pip install --target FOLDER ebmlite==3.4.1`` makes the first folder (installed as
usual it would put a package named ``tests`` on every program's path); the second is a checkout of
github.com/aws-samples/amazon-kinesis-video-streams-consumer-library-for-python.

Equal work: every arm must deliver the same blocks, each with its speaker, its absolute time and its audio, and the same
tags of every fragment; otherwise no figure is printed. Ours and AWS's get the bytes as a connection brings them;
ebmlite, which cannot read a stream that does not seek, gets whole fragments in memory, its best case. AWS's sample
hands a fragment over when the next one begins, so that it is given the beginning of one more.

Seconds are those of the processor, the least of several rounds in which the arms take turns: other work on the machine
only ever makes a round slower.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from local.aws.kinesis_video.muxer import fragments_of
from sotto.call.contact import Speaker
from sotto.media.mkv.fragment_reader import FragmentReader
from sotto.media.mkv.fragments import CONNECT, BlockRead, FragmentEnded

PIECE_BYTES = 16 << 10
CURVE_BYTES = (1 << 10, 4 << 10, 16 << 10, 64 << 10)
AWS_PIECE_BYTES = 1 << 10
"""What botocore's StreamingBody brings at a time when it is iterated, as AWS's sample does."""
EBML, SEGMENT, CLUSTER, TIMESTAMP, SIMPLE_BLOCK = 0x1A45DFA3, 0x18538067, 0x1F43B675, 0xE7, 0xA3
TRACK, TRACK_NUMBER, TRACK_NAME, SCALE = 0xAE, 0xD7, 0x536E, 0x2AD7B1
SIMPLE_TAG, TAG_NAME, TAG_STRING = 0x67C8, 0x45A3, 0x4487


class Parsed(NamedTuple):
    """What a parser delivered."""

    blocks: list[tuple[Speaker | None, int, bytes]]
    tags: list[dict[str, str]]


class ArmsDiffer(AssertionError):
    """The arms have not done the same work."""


Arm = Callable[[list[bytes]], Parsed]


def connect_media(seconds: int) -> list[bytes]:
    """The fragments of a call in Amazon Connect's shape."""
    stereo = random.Random(0).randbytes(seconds * 8000 * 4)
    fragments = fragments_of(stereo, contact_id="c", instance_id="i", started_at_ms=1_726_677_688_724)
    return [fragment.media(fragment.number, 0) for fragment in fragments]


def with_sotto(media: list[bytes], piece_bytes: int = PIECE_BYTES) -> Parsed:
    """In pieces, as a connection delivers them."""
    stream, reader, found = b"".join(media), FragmentReader(), Parsed([], [])
    for at in range(0, len(stream), piece_bytes):
        _take(reader.feed(stream[at : at + piece_bytes]), found)
    _take(reader.close(), found)
    return found


def _take(events: Iterable[object], found: Parsed) -> None:
    for event in events:
        if type(event) is BlockRead:
            found.blocks.append((event.speaker, event.time_ns, event.pcm))
        elif type(event) is FragmentEnded:
            found.tags.append(event.fragment.tags)


class Walk:
    """Takes what a call needs out of ebmlite's elements."""

    def __init__(self, master: type[Any]) -> None:
        self.found = Parsed([], [])
        self._master = master
        self._speakers: dict[int, Speaker | None] = {}
        self._number, self._scale, self._cluster = 0, 1_000_000, 0
        self._name = ""

    def fragment(self, document: Iterable[Any]) -> None:
        self.found.tags.append({})
        self._inside(document)

    def _inside(self, elements: Iterable[Any]) -> None:
        for element in elements:
            kind = element.id
            if kind == SIMPLE_BLOCK:
                self._block(element.value)
            elif kind == TAG_NAME:
                self._name = element.value
            elif kind == TAG_STRING:
                self.found.tags[-1][self._name] = element.value
            elif kind == TIMESTAMP:
                self._cluster = element.value
            elif kind == TRACK_NUMBER:
                self._number = element.value
            elif kind == TRACK_NAME:
                self._speakers[self._number] = CONNECT.speakers.get(element.value)
            elif kind == SCALE:
                self._scale = element.value
            elif isinstance(element, self._master):
                self._inside(element)

    def _block(self, block: bytes) -> None:
        ticks = int.from_bytes(block[1:3], "big", signed=True)
        speaker = self._speakers.get(block[0] & 0x7F)
        self.found.blocks.append((speaker, (self._cluster + ticks) * self._scale, bytes(block[4:])))


def with_ebmlite(media: list[bytes], *, ebmlite: Any) -> Parsed:
    schema, walk = ebmlite.loadSchema("matroska.xml"), Walk(ebmlite.core.MasterElement)
    for fragment in media:
        walk.fragment(schema.loads(fragment))
    return walk.found


def with_aws_sample(media: list[bytes], *, sample: Any, ebmlite: Any) -> Parsed:
    walk, failures = Walk(ebmlite.core.MasterElement), []
    stream = b"".join([*media, media[0][:AWS_PIECE_BYTES]])
    consumer = sample.KvsConsumerLibrary(
        "stream",
        {"Payload": [stream[at : at + AWS_PIECE_BYTES] for at in range(0, len(stream), AWS_PIECE_BYTES)]},
        lambda name, raw, document, took_s: walk.fragment(document),
        lambda name: None,
        lambda name, failure: failures.append(failure),
    )
    consumer.run()
    if failures:
        raise failures[0]
    return walk.found


def arms(ebmlite: Path | None, aws_sample: Path | None) -> dict[str, Arm]:
    found: dict[str, Arm] = {"sotto": with_sotto}
    if ebmlite is not None:
        sys.path.append(str(ebmlite))
        found["ebmlite"] = partial(with_ebmlite, ebmlite=import_module("ebmlite"))
    if aws_sample is not None:
        sys.path.append(str(aws_sample))
        package = "amazon_kinesis_video_consumer_library"
        found["aws sample"] = partial(
            with_aws_sample,
            sample=import_module(f"{package}.kinesis_video_streams_parser"),
            ebmlite=import_module(f"{package}.ebmlite"),
        )
    return found


def run(compared: dict[str, Arm], seconds: int = 60, rounds: int = 5) -> dict[str, Any]:
    """MB/s of one core by arm, and ours by the size of the pieces in which the bytes come. Raises ArmsDiffer."""
    media = connect_media(seconds)
    megabytes = sum(map(len, media)) / 1e6
    curve: dict[str, Arm] = {f"{size >> 10} KiB": partial(with_sotto, piece_bytes=size) for size in CURVE_BYTES}
    least: dict[str, float] = {}
    wanted = with_sotto(media)
    for _ in range(rounds):
        for name, arm in {**compared, **curve}.items():
            began = time.process_time()
            found = arm(media)
            least[name] = min(least.get(name, float("inf")), time.process_time() - began)
            if found != wanted:
                raise ArmsDiffer(f"{name} delivered {len(found.blocks)} blocks, not the {len(wanted.blocks)} of sotto")
    return {
        "blocks": len(wanted.blocks),
        "tags": sum(map(len, wanted.tags)),
        "megabytes_a_second": {name: round(megabytes / least[name], 1) for name in compared},
        "times_as_fast_as": {name: round(least[name] / least["sotto"], 1) for name in compared if name != "sotto"},
        "megabytes_a_second_in_pieces_of": {name: round(megabytes / least[name], 1) for name in curve},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ebmlite", type=Path, metavar="FOLDER")
    parser.add_argument("--aws-sample", type=Path, metavar="FOLDER")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    result = run(arms(asked.ebmlite, asked.aws_sample))
    for name, speed in result["megabytes_a_second"].items():
        print(f"{name:12} {speed:8.1f} MB/s")
    for name, times in result["times_as_fast_as"].items():
        print(f"{times:.1f} times as fast as {name}, which delivered the same {result['blocks']} blocks and tags")
    for size, speed in result["megabytes_a_second_in_pieces_of"].items():
        print(f"sotto, bytes in pieces of {size:7} {speed:8.1f} MB/s")
    if asked.json:
        asked.json.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
