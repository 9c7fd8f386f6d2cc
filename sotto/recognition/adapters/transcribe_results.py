"""Transcribe's results as ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sotto.call.contact import Speaker
from sotto.call.transcript_result import TranscriptResult, Word

SPEAKERS = {"ch_0": Speaker.CUSTOMER, "ch_1": Speaker.AGENT}


class SentAudio:
    """Session time, which counts all that was sent, and call time, which knows nothing of silence that was put in."""

    def __init__(self, offset_ms: float) -> None:
        self._offset_ms = offset_ms
        self._inserted: list[tuple[float, float]] = []
        self.sent_ms = 0.0

    def sent(self, duration_ms: float) -> None:
        self.sent_ms += duration_ms

    def insert(self, duration_ms: float) -> None:
        """The next ``duration_ms`` that are sent are no part of the call."""
        self._inserted.append((self.sent_ms, duration_ms))

    def call_ms(self, session_s: float) -> float:
        at_ms = session_s * 1000
        before = sum(min(duration, at_ms - start) for start, duration in self._inserted if start < at_ms)
        return self._offset_ms + at_ms - before


def recognised(event: dict[str, Any], timeline: SentAudio) -> list[TranscriptResult]:
    """A TranscriptEvent: an interim or a final for each result that has text, or takes back what was guessed."""
    results: Sequence[dict[str, Any]] = event["Transcript"]["Results"]
    return [_result(result, timeline) for result in results if result.get("Alternatives")]


def _result(result: dict[str, Any], timeline: SentAudio) -> TranscriptResult:
    best = result["Alternatives"][0]
    items: Sequence[dict[str, Any]] = best.get("Items") or ()
    words = _words(items, timeline)
    is_final = not result["IsPartial"]
    spoken = [item for item in items if item.get("Type") != "punctuation"]
    stable = sum(bool(item.get("Stable")) for item in spoken) / len(spoken) if spoken else 0.0
    return TranscriptResult(
        speaker=SPEAKERS[result["ChannelId"]],
        result_id=result["ResultId"],
        start_ms=words[0].start_ms if words else timeline.call_ms(result["StartTime"]),
        end_ms=words[-1].end_ms if words else timeline.call_ms(result["EndTime"]),
        text=" ".join(word.text for word in words) or best.get("Transcript", ""),
        words=words,
        is_final=is_final,
        stability=1.0 if is_final else round(stable, 3),
        # Transcribe settles a result at a natural pause.
        ends_speech=is_final,
    )


def _words(items: Sequence[dict[str, Any]], timeline: SentAudio) -> tuple[Word, ...]:
    """Punctuation is an item of its own and belongs to the word before it."""
    words: list[Word] = []
    for item in items:
        if item.get("Type") == "punctuation":
            if words:
                last = words[-1]
                words[-1] = Word(last.text + item["Content"], last.start_ms, last.end_ms, last.confidence)
            continue
        start_ms, end_ms = timeline.call_ms(item["StartTime"]), timeline.call_ms(item["EndTime"])
        confidence = min(1.0, max(0.0, float(item.get("Confidence") or 1.0)))
        words.append(Word(item["Content"], start_ms, max(start_ms, end_ms), confidence))
    return tuple(words)
