"""What somebody has of conversations of the past, as a manifest names it: a folder of recordings, or a manifest."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sotto.core.errors import Rejected
from sotto.imports.run import Form, form_of

RECORDINGS = frozenset({".wav", ".mp3", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".mp4", ".aac", ".wma", ".webm"})
MANIFEST = "manifest.jsonl"


class NothingToImport(Rejected):
    """The message says what was looked for."""


@dataclass(frozen=True, slots=True)
class PastCalls:
    """``files``: by the place below the source's prefix where they belong; ``start``: the one to import."""

    start: str
    files: Mapping[str, Path | bytes]


def past_calls(path: Path) -> PastCalls:
    """A file as it is, with what a manifest names beside it; of a folder its manifest.jsonl, else all that is in it.
    Raises NothingToImport."""
    if path.is_dir():
        written = path / MANIFEST
        return past_calls(written) if written.exists() else _of_folder(path)
    if not path.exists():
        raise NothingToImport(f"{path}: there is no such file or folder")
    named = _named_in(path) if form_of(path.name) is Form.MANIFEST else {}
    return PastCalls(path.name, {path.name: path, **named})


def _of_folder(folder: Path) -> PastCalls:
    lines, files = [], dict[str, Path | bytes]()
    for file in sorted(each for each in folder.rglob("*") if each.is_file()):
        place = file.relative_to(folder).as_posix()
        line = _line(file, place)
        if line is not None:
            lines.append(line)
            files[place] = file
    if not lines:
        raise NothingToImport(f"{folder}: holds no {MANIFEST}, no recordings and no vCons")
    files[MANIFEST] = "".join(json.dumps(each) + "\n" for each in lines).encode()
    return PastCalls(MANIFEST, files)


def _line(file: Path, place: str) -> dict[str, Any] | None:
    """A recording began, as far as anybody can say, when its file was last written."""
    if form_of(place) is Form.VCON:
        return {"id": place, "vcon": place}
    if file.suffix.lower() not in RECORDINGS:
        return None
    written = datetime.fromtimestamp(file.stat().st_mtime, UTC).isoformat()
    return {"id": place, "recording": place, "started_at": written}


def _named_in(manifest: Path) -> dict[str, Path | bytes]:
    """What is not there is left out, and reported with its line."""
    found = {}
    for place in _places(manifest):
        file = manifest.parent / place
        if file.is_file() and file.resolve().is_relative_to(manifest.parent.resolve()):
            found[place] = file
    return dict(found)


def _places(manifest: Path) -> Iterator[str]:
    for line in manifest.read_bytes().splitlines():
        try:
            written = json.loads(line)
        except ValueError:
            continue
        if isinstance(written, dict):
            yield from (each for name in ("recording", "vcon") if isinstance(each := written.get(name), str))
