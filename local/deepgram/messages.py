"""Deepgram's messages, made from turns of a known call.

A long turn is final in parts, as the service does: the first words as ``is_final`` without ``speech_final``.
"""

from __future__ import annotations

from typing import Any

from local.known_speech import KnownTurn, SpokenWord
from sotto.call.contact import Speaker

CHANNELS = {Speaker.CUSTOMER: 0, Speaker.AGENT: 1}
WORDS_A_FINAL = 9
_CONFIDENCE = 0.98


def results(turn: KnownTurn, request_id: str, *, from_finalize: bool = False) -> list[dict[str, Any]]:
    """The Results message of an interim or of a turn's last words. Words that were final before are not repeated."""
    final = (len(turn.words) - 1) // WORDS_A_FINAL * WORDS_A_FINAL
    open_words = turn.words[final:]
    messages = []
    if not turn.complete and final and len(open_words) == 1:
        before = turn.words[final - WORDS_A_FINAL : final]
        messages.append(_result(turn.speaker, before, request_id, is_final=True))
    last = _result(
        turn.speaker, open_words, request_id, is_final=turn.complete, speech_final=turn.complete,
        from_finalize=from_finalize,
    )  # fmt: skip
    return [*messages, last]


def metadata(request_id: str, received_ms: float) -> dict[str, Any]:
    return {
        "type": "Metadata",
        "transaction_key": "deprecated",
        "request_id": request_id,
        "sha256": "",
        "created": "2026-11-20T09:00:00.000Z",
        "duration": received_ms / 1000,
        "channels": 2,
    }


def _result(
    speaker: Speaker,
    words: tuple[SpokenWord, ...],
    request_id: str,
    *,
    is_final: bool,
    speech_final: bool = False,
    from_finalize: bool = False,
) -> dict[str, Any]:
    start_ms, end_ms = words[0].start_ms, words[-1].end_ms
    alternative = {
        "transcript": " ".join(word.text for word in words),
        "confidence": _CONFIDENCE,
        "words": [_word(word) for word in words],
    }
    return {
        "type": "Results",
        "channel_index": [CHANNELS[speaker], len(CHANNELS)],
        "start": _seconds(start_ms),
        "duration": _seconds(end_ms) - _seconds(start_ms),
        "is_final": is_final,
        "speech_final": speech_final,
        "channel": {"alternatives": [alternative]},
        "metadata": {
            "request_id": request_id,
            "model_info": {"name": "local", "version": "1", "arch": "local"},
            "model_uuid": "00000000-0000-0000-0000-000000000000",
        },
        "from_finalize": from_finalize,
    }


def _word(word: SpokenWord) -> dict[str, Any]:
    return {
        "word": word.text.strip(",.?!").lower(),
        "start": _seconds(word.start_ms),
        "end": _seconds(word.end_ms),
        "confidence": _CONFIDENCE,
        "punctuated_word": word.text,
    }


def _seconds(ms: float) -> float:
    return round(ms / 1000, 4)
