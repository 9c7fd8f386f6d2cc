"""Which elements of EBML matter, and how their sizes are written (RFC 8794)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

UNKNOWN_SIZE: Final = -1

# How many bytes a variable-length integer has, by its first byte (0: no valid integer starts like that).
LENGTH: Final = bytes(0 if byte == 0 else 9 - byte.bit_length() for byte in range(256))


@dataclass(frozen=True, slots=True)
class Schema:
    """Which elements matter.

    ``masters`` maps a master's id to its level: an element that stands at a level closes the open masters of unknown
    size at the same level or below. ``leaves`` maps a leaf's id to the most bytes it may have. ``closers`` are
    further ids, with their level, that close a master of unknown size.
    """

    masters: Mapping[int, int]
    leaves: Mapping[int, int]
    closers: Mapping[int, int]


def size_of(encoded: bytes) -> int:
    """A data size of any length; all ones means unknown."""
    ones = (1 << (7 * len(encoded))) - 1
    size = int.from_bytes(encoded, "big") & ones
    return UNKNOWN_SIZE if size == ones else size
