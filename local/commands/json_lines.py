"""The lines of ``sotto call --json``.

Version 2 says ``interim`` where version 1 said ``partial``; nothing else differs. Version 1 stays for one release.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

VERSIONS = ("2", "1")
_NAMES_OF_VERSION_1 = {"interim": "partial"}


class JsonLines:
    def __init__(self, out: TextIO | None, version: str) -> None:
        self._out = out
        self._version = version

    def write(self, event: dict[str, Any]) -> None:
        """Each line is flushed, so that whoever reads sees the call as it goes."""
        if self._out is not None:
            self._out.write(json.dumps(as_version(event, self._version)) + "\n")
            self._out.flush()


def as_version(event: dict[str, Any], version: str) -> dict[str, Any]:
    if version == "1":
        return {**event, "type": _NAMES_OF_VERSION_1.get(event["type"], event["type"])}
    return event


@contextmanager
def json_lines(path: str | None, version: str) -> Iterator[JsonLines]:
    """``path``: ``-`` for standard output; None writes nothing."""
    if path is None or path == "-":
        yield JsonLines(sys.stdout if path == "-" else None, version)
        return
    with Path(path).open("w", encoding="utf-8") as out:
        yield JsonLines(out, version)
