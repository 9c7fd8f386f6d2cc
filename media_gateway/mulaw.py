"""ITU-T G.711 mu-law, as telephones send it, to 16-bit samples."""

from __future__ import annotations

_BIAS = 0x84


def _sample(code: int) -> int:
    code = ~code & 0xFF
    magnitude = ((((code & 0x0F) << 3) + _BIAS) << ((code & 0x70) >> 4)) - _BIAS
    return -magnitude if code & 0x80 else magnitude


_SAMPLES = [_sample(code) & 0xFFFF for code in range(256)]
_LOW = bytes(sample & 0xFF for sample in _SAMPLES)
_HIGH = bytes(sample >> 8 for sample in _SAMPLES)


def decoded(ulaw: bytes) -> bytes:
    """A byte a sample, to s16le."""
    pcm = bytearray(2 * len(ulaw))
    pcm[0::2] = ulaw.translate(_LOW)
    pcm[1::2] = ulaw.translate(_HIGH)
    return bytes(pcm)
