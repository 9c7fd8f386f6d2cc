"""An interim without the end that the next word may make private; what was found in that end keeps its mask."""

from __future__ import annotations

from dataclasses import replace

from sotto.call.transcript_result import TranscriptResult, Word
from sotto.redaction.finding import Finding
from sotto.redaction.masking import words_in_place

ALL_HELD = "…"
"""Shown where nothing else is left: somebody speaks."""


def held_back(
    result: TranscriptResult, findings: list[Finding], held_from: int
) -> tuple[TranscriptResult, list[Finding]]:
    """The result with nothing of ``text[held_from:]`` but its ``findings``, and these as they stand in it then.
    ``findings`` are in order and do not overlap."""
    cut = max([held_from, *(finding.end for finding in findings if finding.start < held_from)])
    if not result.text[cut:].strip():
        return result, findings
    moved = [finding for finding in findings if finding.start < cut]
    later = [finding for finding in findings if finding.start >= cut]
    text = result.text[:cut].rstrip()
    for finding in later:
        text += " " * bool(text)
        moved.append(Finding(finding.kind, len(text), len(text) + finding.end - finding.start))
        text += result.text[finding.start : finding.end]
    words = _words_left(result, cut, later) if text else ()
    return replace(result, text=text or ALL_HELD, words=words), moved


def _words_left(result: TranscriptResult, cut: int, later: list[Finding]) -> tuple[Word, ...]:
    placed = words_in_place(result.text, result.words) or []
    return tuple(p.word for p in placed if p.end <= cut or any(f.overlaps(p.start, p.end) for f in later))
