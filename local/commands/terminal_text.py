"""Text from elsewhere, as it may be shown on a terminal.

A transcript, a file or a ContactId may hold escape sequences that move the cursor, rewrite what stands above or set the
window's title, and signs that turn the reading direction around. They are shown instead of obeyed.
"""

from __future__ import annotations

import sys
import unicodedata
from typing import Any

import click

_HARMLESS = "\u200c\u200d"
"""Joiners: without them Persian words and many emoji fall apart."""
_SHOWN_AS_SPACE = "\t\n\r"


def visible(text: object) -> str:
    """One line in which every control sign is written out, such as ``\\x1b``."""
    return "".join(map(_visible, str(text)))


def visible_lines(text: object) -> str:
    """The same, line by line."""
    return "\n".join(visible(line) for line in str(text).split("\n"))


def show_line(text: object, **more: Any) -> None:
    """``click.echo`` of text from elsewhere."""
    click.echo(visible_lines(text), **more)


def tolerate_narrow_terminals() -> None:
    """A terminal that has no sign for something gets another one in its place; that ends no call."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _visible(sign: str) -> str:
    if sign in _SHOWN_AS_SPACE:
        return " "
    if sign not in _HARMLESS and unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return sign.encode("unicode_escape", "surrogatepass").decode("ascii")
    return sign
