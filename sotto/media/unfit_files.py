"""Files that are no recordings, by their first bytes."""

from __future__ import annotations

_ENCRYPTED = {
    b"Salted__": "encrypted by OpenSSL",
    b"-----BEGIN PGP": "encrypted by PGP",
    b"age-encryption.org": "encrypted by age",
    b"PK\x03\x04": "a ZIP archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"\x1f\x8b": "a gzip archive",
}
PROTECTED_CODECS = frozenset({"drms", "enca", "drmi"})
"""FFmpeg's tags of audio that is protected against copying."""
WRITTEN_THROUGH_A_PIPE = (0, 0xFFFFFFFF)
"""Lengths of a WAV's data that promise nothing."""


def encrypted_as(first: bytes) -> str | None:
    """How, in words; None where it is not known to be encrypted or packed."""
    return next((what for magic, what in _ENCRYPTED.items() if first.startswith(magic)), None)
