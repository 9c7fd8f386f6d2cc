"""Matroska's elements as bytes."""

from __future__ import annotations

UNKNOWN_SIZE = b"\x01" + b"\xff" * 7


def tags_of(**tags: str) -> bytes:
    simple = (element(0x67C8, text_element(0x45A3, name) + text_element(0x4487, value)) for name, value in tags.items())
    return element(0x1254C367, element(0x7373, element(0x63C0, b"") + b"".join(simple)))


def identifier(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def element(number: int, payload: bytes) -> bytes:
    size, width = len(payload), 1
    while size >= (1 << (7 * width)) - 1:
        width += 1
    return identifier(number) + (size | 1 << (7 * width)).to_bytes(width, "big") + payload


def number_element(number: int, value: int) -> bytes:
    return element(number, value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big"))


def text_element(number: int, value: str) -> bytes:
    return element(number, value.encode())
