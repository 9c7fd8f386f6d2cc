"""Unit tests: the incremental reader of Matroska and of fragments."""

from __future__ import annotations

import json
import os
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.call.contact import Speaker
from sotto.media.mkv.ebml import MalformedMedia
from sotto.media.mkv.fragment_reader import FragmentReader
from sotto.media.mkv.fragments import BlockRead, Fragment, FragmentEnded, FragmentEvent, MediaFailed

SHARED = Path(os.environ.get("SOTTO_SHARED_DATA", Path(__file__).parents[3] / "../shared/data")) / "kvs"
needs_captures = pytest.mark.skipif(not SHARED.exists(), reason="the shared captures are not here (SOTTO_SHARED_DATA)")
DESCRIBED = json.loads((SHARED / "connect_shape/README.json").read_text())["fixtures"] if SHARED.exists() else {}
UNKNOWN = b"\x01" + b"\xff" * 7


def element(number: int, payload: bytes, *, unknown: bool = False) -> bytes:
    size = UNKNOWN if unknown else (len(payload) | 1 << 56).to_bytes(8, "big")
    return number.to_bytes((number.bit_length() + 7) // 8, "big") + size + payload


def block(pcm: bytes, *, track: int = 1, at: int = 0, flags: int = 0x80) -> bytes:
    return struct.pack(">BhB", 0x80 | track, at, flags) + pcm


def segment(*children: bytes, unknown: bool = True) -> bytes:
    return element(0x1A45DFA3, b"") + element(0x18538067, b"".join(children), unknown=unknown)


def cluster(*children: bytes, unknown: bool = True) -> bytes:
    return element(0x1F43B675, element(0xE7, b"\x64") + b"".join(children), unknown=unknown)


def all_events(media: bytes, pieces: int = 1 << 30, *, close: bool = True) -> list[FragmentEvent]:
    reader = FragmentReader()
    events = [event for at in range(0, len(media), pieces) for event in reader.feed(media[at : at + pieces])]
    return [*events, *(reader.close() if close else reader.cut())]


def compared(events: list[FragmentEvent]) -> list[tuple[object, ...]]:
    """What must not depend on how the bytes came: blocks as they were read, fragments as they ended."""
    return [
        event[1:] if isinstance(event, BlockRead) else (type(event), event.fragment.key, repr(event.fragment))
        for event in events
    ]


def read(media: bytes, pieces: int = 1 << 30, *, close: bool = True) -> list[tuple[object, ...]]:
    return compared(all_events(media, pieces, close=close))


def blocks_of(media: bytes, **how) -> list[BlockRead]:
    return [event for event in all_events(media, **how) if isinstance(event, BlockRead)]


def fragments_of(media: bytes) -> tuple[list[Fragment], list[BlockRead]]:
    events = all_events(media)
    return [e.fragment for e in events if isinstance(e, FragmentEnded)], [e for e in events if isinstance(e, BlockRead)]


@needs_captures
@pytest.mark.parametrize("name", DESCRIBED)
def test_a_connect_shaped_stream_has_the_fragments_that_are_described(name):
    expected = DESCRIBED[name]
    fragments, blocks = fragments_of((SHARED / f"connect_shape/{name}.mkv").read_bytes())
    assert len(fragments) == expected["fragments"]
    assert sum(fragment.clusters for fragment in fragments) == expected["clusters"]
    assert len(blocks) == expected["simple_blocks"]
    assert {f.contact_id for f in fragments} == set(expected["contact_ids"])
    for fragment, producer_timestamp in zip(fragments, expected["producer_timestamps"], strict=True):
        assert fragment.producer_timestamp == (producer_timestamp if fragment.tags else "")


@needs_captures
@pytest.mark.parametrize("name", DESCRIBED)
def test_blocks_lie_where_the_cursor_log_says(name):
    log = [json.loads(line) for line in (SHARED / f"connect_shape/{name}.jsonl").read_text().splitlines()]
    expected = [step["offset"] for step in log if step["op"] == "peek" and step.get("id") == "a3"]
    media = (SHARED / f"connect_shape/{name}.mkv").read_bytes()
    assert [found.offset for found in blocks_of(media)] == expected


@needs_captures
@pytest.mark.parametrize("name", DESCRIBED)
def test_every_split_of_the_bytes_gives_the_same_events(name):
    media = (SHARED / f"connect_shape/{name}.mkv").read_bytes()
    whole = read(media)
    for at in range(len(media)):
        reader = FragmentReader()
        assert compared([*reader.feed(media[:at]), *reader.feed(media[at:]), *reader.close()]) == whole
    for pieces in (1, 2, 3, 7, 64):
        assert read(media, pieces) == whole


@needs_captures
@pytest.mark.parametrize("path", sorted(SHARED.glob("getmedia/*.mkv")), ids=lambda path: path.stem)
def test_a_getmedia_capture_parses_the_same_in_large_and_small_pieces(path):
    media = path.read_bytes()
    assert read(media, 1000, close=False) == read(media, close=False)


def test_direction_comes_from_the_tracks_name_alone():
    def track(number, name):
        return element(0xAE, element(0xD7, bytes([number])) + element(0x536E, name))

    tracks = element(0x1654AE6B, track(1, b"AUDIO_TO_CUSTOMER") + track(2, b"AUDIO_FROM_CUSTOMER"))
    media = segment(tracks, cluster(element(0xA3, block(b"ab", track=1)), element(0xA3, block(b"cd", track=2))))
    _, blocks = fragments_of(media)
    assert [(found.speaker, found.pcm) for found in blocks] == [(Speaker.AGENT, b"ab"), (Speaker.CUSTOMER, b"cd")]


def test_block_groups_known_sizes_and_unknown_elements_are_read_like_any_other():
    group = element(0xA0, element(0xA1, block(b"ab")) + element(0x9B, b"\x40"))
    media = segment(
        element(0xEC, b"void" * 99), cluster(element(0xBF, b"crcc"), group, unknown=False), element(0x4FFF, b"?"),
        unknown=False,
    )  # fmt: skip
    assert [found.pcm for found in blocks_of(media, pieces=3)] == [b"ab"]


@pytest.mark.parametrize(
    ("flags", "lace"), [(0x84, b"\x01"), (0x82, b"\x01\x02"), (0x86, b"\x01\x82")], ids=["fixed", "xiph", "ebml"]
)
def test_a_laced_block_gives_its_frames_joined(flags, lace):
    media = segment(cluster(element(0xA3, block(lace + b"abcd", flags=flags))))
    assert [found.pcm for found in blocks_of(media)] == [b"abcd"]


def test_nested_tags_carry_the_names_they_stand_in():
    inner = element(0x67C8, element(0x45A3, b"INNER") + element(0x4487, b"2"))
    outer = element(0x67C8, element(0x45A3, b"OUTER") + element(0x4487, b"1") + inner)
    (fragment,), _ = fragments_of(segment(element(0x1254C367, element(0x7373, outer))))
    assert list(fragment.tags.items()) == [("OUTER/INNER", "2"), ("OUTER", "1")]


def test_a_huge_unknown_element_is_skipped_without_being_kept():
    reader = FragmentReader()
    reader.feed(element(0x18538067, b"", unknown=True) + b"\xec" + (1 << 56 | 10**12).to_bytes(8, "big"))
    piece = bytes(1 << 16)
    for _ in range(64):
        assert reader.feed(piece) == []
    assert len(reader._elements._pending) == 0


def test_an_audio_block_that_claims_gigabytes_is_refused_at_once():
    media = segment(cluster()) + b"\xa3" + (1 << 56 | 10**9).to_bytes(8, "big")
    reader = FragmentReader()
    reader.feed(media)
    with pytest.raises(MalformedMedia, match=r"claims 1000000000 bytes.*\(at byte \d+\)"):
        reader.feed(b"")


def test_magic_bytes_inside_the_audio_are_audio():
    pcm = bytes.fromhex("1a45dfa3 18538067 1f43b675") * 9
    media = segment(cluster(element(0xA3, block(pcm)), element(0xA3, block(b"ab"))))
    for pieces in (1, 5, 1 << 20):
        assert [found.pcm for found in blocks_of(media, pieces=pieces)] == [pcm, b"ab"]


def test_a_cut_in_mid_block_keeps_everything_before_it():
    media = segment(cluster(element(0xA3, block(b"ab")), element(0xA3, block(b"cdef"))))
    reader = FragmentReader()
    events = reader.feed(media[:-2])
    assert [event.pcm for event in events if isinstance(event, BlockRead)] == [b"ab"]
    with pytest.raises(MalformedMedia, match="ends inside an element"):
        reader.close()


def run_of(*blocks: bytes) -> bytes:
    return segment(cluster(*(element(0xA3, each) for each in blocks)))


@pytest.mark.parametrize(
    "odd",
    [block(b"abcdef"), block(b"\x01abc", flags=0x84), b"\x40\x81" + block(b"abcd")[1:-1], block(b"abcd", track=0x7E)],
    ids=["another size", "laced", "long track number", "another track"],
)
def test_a_block_that_is_different_among_many_alike_is_read_as_itself(odd):
    usual = [block(bytes([number] * 4), track=1 + number % 2, at=number) for number in range(100)]
    media = run_of(*usual[:50], odd, *usual[50:])
    found = blocks_of(media)
    assert compared(found) == compared(blocks_of(media, pieces=1))
    assert [each.pcm for each in found[:50] + found[51:]] == [each[4:] for each in usual]
    assert [each.time_ns for each in found[:50]] == [(100 + number) * 1_000_000 for number in range(50)]
    assert found[50].pcm == {0x84: b"abc"}.get(odd[3], odd[-(len(found[50].pcm)) :])


def test_a_run_of_blocks_without_a_cluster_time_is_malformed():
    media = segment(element(0x1F43B675, element(0xA3, block(b"ab")) * 5))
    with pytest.raises(MalformedMedia, match="a block comes before its cluster's Timestamp"):
        read(media)


def simple_tag(name: bytes, value: bytes, *inside: bytes) -> bytes:
    return element(0x67C8, element(0x45A3, name) + element(0x4487, value) + b"".join(inside))


def tags(*simple: bytes) -> bytes:
    return element(0x1254C367, element(0x7373, b"".join(simple)))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                tags(simple_tag(b"ContactId", b"one"), simple_tag(b"B", b"two")),
                tags(simple_tag(b"ContactId", b"six"), simple_tag(b"C", b"ten")),
                tags(simple_tag(b"ContactId", b"\0\0\0"), simple_tag(b"\0", b"ten")),
                tags(simple_tag(b"A", b"one", simple_tag(b"B", b""))),
                tags(element(0x67C8, element(0x45A3, b"A") + element(0x447A, b"en") + element(0x4487, b"one"))),
                tags(element(0x67C8, element(0x4487, b"one") + element(0x45A3, b"A"))),
                element(0x1654AE6B, element(0xAE, element(0xD7, b"\1") + element(0x536E, b"AUDIO_TO_CUSTOMER"))),
                element(0x1654AE6B, element(0xAE, element(0xD7, b"\2") + element(0x536E, b"AUDIO_TO_CUSTOMER"))),
                element(0x1549A966, element(0x2AD7B1, b"\x0f\x42\x40") + element(0x7BA9, b"x")),
                element(0x1549A966, element(0x2AD7B1, b"\x00\x42\x40") + element(0x7BA9, b"y")),
                element(0x1549A966, element(0x2AD7B1, b"\x00\x00\x00") + element(0x7BA9, b"y")),
                cluster(element(0xA3, block(b"ab")), element(0xA3, block(b"cd")), unknown=False),
                cluster(element(0xA3, block(b"ef", at=7)), element(0xA3, block(b"cd")), unknown=False),
            ]
        ),
        max_size=12,
    ),
    st.integers(1, 300),
)
def test_what_comes_again_with_other_values_is_read_like_the_first_time(parts, pieces):
    def outcome(size):
        reader, found = FragmentReader(), []
        try:
            for at in range(0, len(media), size):
                found += reader.feed(media[at : at + size])
            found += reader.close()
        except MalformedMedia as mistake:
            return [*compared(found), str(mistake)]
        return compared(found)

    media = segment(*parts)
    assert outcome(len(media)) == outcome(pieces) == outcome(1)


@pytest.mark.parametrize(
    "media",
    [bytes.fromhex("4000 2000 05 000000ffbc 07 00 1a45dfa3"), bytes.fromhex("18538067 90 1254c367 83 bf81 00")],
    ids=["no id begins like that", "the end of a skipped element ends its masters"],
)
def test_where_a_stream_ends_or_goes_wrong_does_not_depend_on_the_pieces(media):
    def outcome(size):
        try:
            return read(media, size)
        except MalformedMedia as mistake:
            return mistake.problem

    assert {str(outcome(size)) for size in range(1, len(media) + 1)} == {str(outcome(len(media)))}


def test_a_mistake_is_raised_after_the_blocks_before_it():
    reader = FragmentReader()
    events = reader.feed(segment(cluster(element(0xA3, block(b"ab")))) + b"\x00\x00\x00")
    assert [event.pcm for event in events if isinstance(event, BlockRead)] == [b"ab"]
    with pytest.raises(MalformedMedia, match="no element id starts with byte 0x00"):
        reader.feed(b"")


def test_a_service_error_is_reported_with_its_fragment():
    def tag(name, value):
        return element(0x67C8, element(0x45A3, name) + element(0x4487, value))

    tags = tag(b"AWS_KINESISVIDEO_ERROR_CODE", b"STREAM_KMS_KEY") + tag(b"AWS_KINESISVIDEO_ERROR_ID", b"4500")
    events = FragmentReader().feed(segment(element(0x1254C367, element(0x7373, tags))))
    failed = [event.fragment for event in events if isinstance(event, MediaFailed)]
    assert [(fragment.error_id, fragment.error_code) for fragment in failed] == [("4500", "STREAM_KMS_KEY")]


def _survives(media: bytes, pieces: int) -> list:
    reader, found = FragmentReader(), []
    try:
        for at in range(0, len(media), pieces):
            found += reader.feed(media[at : at + pieces])
        found += reader.close()
    except MalformedMedia as mistake:
        assert 0 <= mistake.offset <= len(media)
    return found


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.integers(1, 50))
def test_any_bytes_are_either_read_or_called_malformed(noise, pieces):
    _survives(noise, pieces)
    _survives(segment(cluster(element(0xA3, block(b"ab")))) + noise, pieces)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=6), st.integers(1, 200))
def test_a_damaged_stream_is_either_read_or_called_malformed_whatever_the_split(damage, pieces):
    inner = cluster(element(0xA3, block(b"abcd")), element(0xA0, element(0xA1, block(b"ef", flags=0x82))))
    tag = element(0x67C8, element(0x45A3, b"ContactId") + element(0x4487, b"c"))
    media = bytearray(segment(element(0x1254C367, element(0x7373, tag)), inner) * 3)
    for at, value in damage:
        media[at % len(media)] = value
    read_in = [[e.pcm for e in _survives(bytes(media), n) if isinstance(e, BlockRead)] for n in (pieces, len(media))]
    assert read_in[0] == read_in[1]
