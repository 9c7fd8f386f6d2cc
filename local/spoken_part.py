"""The part of a call's transcript that belongs to a contact which begins in the middle of it."""

from __future__ import annotations

import json
from pathlib import Path


def transcript_from(source: Path, from_ms: int) -> str:
    """The lines of a ``.transcript.jsonl`` from ``from_ms`` on, in call time that begins there."""
    parts = (
        _from(json.loads(line), from_ms) for line in source.read_text(encoding="utf-8-sig").split("\n") if line.strip()
    )
    return "".join(json.dumps(each) + "\n" for each in parts if each["words"])


def _from(line: dict[str, object], from_ms: int) -> dict[str, object]:
    spoken = line["words"]
    assert isinstance(spoken, list)
    words = [
        {**word, "start_ms": word["start_ms"] - from_ms, "end_ms": word["end_ms"] - from_ms}
        for word in spoken
        if word["start_ms"] >= from_ms
    ]
    if not words:
        return {**line, "words": []}
    text = line["text"] if len(words) == len(spoken) else " ".join(str(word["text"]) for word in words)
    return {**line, "words": words, "text": text, "start_ms": words[0]["start_ms"], "end_ms": words[-1]["end_ms"]}
