"""Unit: a recording is cut where both sides are quiet, and nothing of it is lost or doubled."""

from __future__ import annotations

import random
from array import array

from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.imports.audio.audio_file import interleaved, swapped
from sotto.imports.audio.windows import CHUNK_BYTES, LONGEST_MS, SHORTEST_MS, windows_of
from sotto.media.stereo import CHUNK_MS


def audio(chunks: int, *, quiet: set[int] = frozenset()) -> bytes:  # type: ignore[assignment]
    """Loud but where it is quiet; each chunk has another level, so that none is taken for another."""
    made = bytearray()
    for at in range(chunks):
        level = at % 7 if at in quiet else 2_000 + at % 1_000
        made += array("h", [level]).tobytes() * (CHUNK_BYTES // 2)
    return bytes(made)


def test_it_is_cut_in_the_middle_of_the_pause() -> None:
    pause = range(700, 710)
    first, *others = windows_of([audio(1_200, quiet=set(pause))])
    assert 700 <= len(first.pcm) // CHUNK_BYTES <= 710 and len(others) == 1


@given(st.integers(0, 2_500), st.integers(0, 2_000), st.integers(1, 9))
@settings(max_examples=25, deadline=None)
def test_windows_are_the_recording_from_where_it_was_begun(chunks: int, begun: int, seed: int) -> None:
    whole = audio(chunks)
    sizes, at, blocks = random.Random(seed), 0, []
    while at < len(whole):
        size = sizes.randrange(4, 4_000_000, 4)
        blocks.append(whole[at : at + size])
        at += size
    from_sample = begun * CHUNK_BYTES // 4
    found = list(windows_of(blocks, from_sample=from_sample))
    assert b"".join(each.pcm for each in found) == whole[from_sample * 4 :]
    at_sample = from_sample
    for each in found:
        assert each.from_sample == at_sample
        at_sample = each.end_sample
    lengths = [len(each.pcm) // CHUNK_BYTES * CHUNK_MS for each in found]
    assert all(SHORTEST_MS <= each <= LONGEST_MS for each in lengths[:-1]) and all(
        each <= LONGEST_MS for each in lengths
    )


def test_channels_are_put_together_and_changed() -> None:
    both = interleaved(array("h", [1, 2, 3]).tobytes(), array("h", [7]).tobytes())
    assert array("h", both).tolist() == [1, 7, 2, 0, 3, 0]
    assert array("h", swapped(both)).tolist() == [7, 1, 0, 2, 0, 3]
