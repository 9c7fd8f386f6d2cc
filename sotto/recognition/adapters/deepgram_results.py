"""Deepgram's results as ours: times in call time, one id from the first interim to its final."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sotto.call.contact import Speaker
from sotto.call.transcript_result import TranscriptResult, Word

SPEAKERS = (Speaker.CUSTOMER, Speaker.AGENT)
"""By ``channel_index``: the customer is the left channel."""

_STABILITY = 0.5
"""Deepgram does not say how much of an interim it expects to keep."""


@dataclass(slots=True)
class _Channel:
    finals: int = 0
    has_interim: bool = False
    speaks: bool = False
    end_ms: float = 0.0


class DeepgramResults:
    """Reads one session's messages; ``offset_ms`` is the call time of its first sample."""

    def __init__(self, offset_ms: float) -> None:
        self._offset_ms = offset_ms
        self._channels = {speaker: _Channel(end_ms=offset_ms) for speaker in SPEAKERS}

    def read(self, message: dict[str, Any]) -> list[TranscriptResult]:
        """The events of a message: none or one. Other types of message hold nothing that is needed."""
        match message.get("type"):
            case "Results":
                return self._result(message)
            case "UtteranceEnd":
                return self._pause(SPEAKERS[message["channel"][0]])
            case _:
                return []

    def _result(self, message: dict[str, Any]) -> list[TranscriptResult]:
        speaker = SPEAKERS[message["channel_index"][0]]
        channel = self._channels[speaker]
        best = message["channel"]["alternatives"][0]
        words = tuple(self._word(word) for word in best.get("words", ()))
        text = " ".join(word.text for word in words) or best.get("transcript", "")
        is_final, ends_speech = bool(message.get("is_final")), bool(message.get("speech_final"))
        # Silence is a stream of empty results; one matters only if it takes back an interim or ends a turn.
        if not text and not (is_final and (channel.has_interim or (ends_speech and channel.speaks))):
            return []
        start_ms = self._offset_ms + message["start"] * 1000
        end_ms = start_ms + message["duration"] * 1000
        event = TranscriptResult(
            speaker=speaker,
            result_id=f"{speaker}-{channel.finals}",
            start_ms=words[0].start_ms if words else min(start_ms, end_ms),
            end_ms=words[-1].end_ms if words else end_ms,
            text=text,
            words=words,
            is_final=is_final,
            stability=1.0 if is_final else _STABILITY,
            ends_speech=is_final and ends_speech,
        )
        self._remember(channel, event)
        return [event]

    def _remember(self, channel: _Channel, event: TranscriptResult) -> None:
        channel.end_ms = max(channel.end_ms, event.end_ms)
        channel.has_interim = not event.is_final
        channel.speaks = (channel.speaks or bool(event.text)) and not event.ends_speech
        channel.finals += event.is_final

    def _pause(self, speaker: Speaker) -> list[TranscriptResult]:
        """A gap between words, where noise kept endpointing from seeing the pause."""
        channel = self._channels[speaker]
        if channel.has_interim or not channel.speaks:
            return []
        end_ms = channel.end_ms
        event = TranscriptResult(
            speaker, f"{speaker}-{channel.finals}", end_ms, end_ms, "", is_final=True, stability=1.0, ends_speech=True
        )
        self._remember(channel, event)
        return [event]

    def _word(self, word: dict[str, Any]) -> Word:
        return Word(
            text=str(word.get("punctuated_word") or word["word"]),
            start_ms=self._offset_ms + word["start"] * 1000,
            end_ms=self._offset_ms + word["end"] * 1000,
            confidence=min(1.0, max(0.0, float(word.get("confidence", 1.0)))),
        )
