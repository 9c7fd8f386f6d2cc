"""16-bit samples to ITU-T G.711 mu-law: the inverse of media_gateway.mulaw, by its own table."""

from __future__ import annotations

import numpy as np

from media_gateway.mulaw import decoded

_CODES = np.frombuffer(decoded(bytes(range(256))), "<i2")
_ORDER = np.argsort(_CODES, kind="stable")
_SORTED = _CODES[_ORDER].astype(np.int32)


def encoded(pcm: bytes) -> bytes:
    """s16le to a byte a sample: the nearest code."""
    samples = np.frombuffer(pcm, "<i2").astype(np.int32)
    above = np.searchsorted(_SORTED, samples).clip(1, len(_SORTED) - 1)
    nearer = samples - _SORTED[above - 1] <= _SORTED[above] - samples
    return bytes(_ORDER[np.where(nearer, above - 1, above)].astype(np.uint8))


def through_mulaw(pcm: bytes) -> bytes:
    """What arrives of what was sent."""
    return decoded(encoded(pcm))
