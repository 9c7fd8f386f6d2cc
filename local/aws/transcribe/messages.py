"""Transcribe's messages, made from turns of a known call."""

from __future__ import annotations

import json
import re
from typing import Any

from local.known_speech import KnownTurn, SpokenWord
from sotto.aws.event_stream import encoded
from sotto.call.contact import Speaker

CHANNELS = {Speaker.CUSTOMER: "ch_0", Speaker.AGENT: "ch_1"}
UNSTABLE_WORDS = 3
_WORD_AND_MARK = re.compile(r"(.*?)([,.?!]?)")


def transcript_event(turn: KnownTurn) -> bytes:
    first = turn.words[0]
    result = {
        "ResultId": f"{CHANNELS[turn.speaker]}-{first.start_ms:.0f}",
        "ChannelId": CHANNELS[turn.speaker],
        "StartTime": _seconds(first.start_ms),
        "EndTime": _seconds(turn.words[-1].end_ms),
        "IsPartial": not turn.complete,
        "Alternatives": [{"Transcript": turn.text, "Items": _items(turn)}],
    }
    return _message("event", "TranscriptEvent", {"Transcript": {"Results": [result]}})


def exception(kind: str, message: str) -> bytes:
    return _message("exception", kind, {"Message": message})


def _message(kind: str, name: str, body: dict[str, Any]) -> bytes:
    headers = {":message-type": kind, f":{kind}-type": name, ":content-type": "application/json"}
    return encoded(headers, json.dumps(body).encode())


def _items(turn: KnownTurn) -> list[dict[str, Any]]:
    """Words and, apart, their punctuation. The last words of an interim may still change."""
    items: list[dict[str, Any]] = []
    for number, word in enumerate(turn.words):
        stable = turn.complete or number < len(turn.words) - UNSTABLE_WORDS
        items += _item(word, stable)
    return items


def _item(word: SpokenWord, stable: bool) -> list[dict[str, Any]]:
    match = _WORD_AND_MARK.fullmatch(word.text)
    text, mark = match.groups() if match else (word.text, "")
    start, end = _seconds(word.start_ms), _seconds(word.end_ms)
    item = {"Content": text, "Type": "pronunciation", "StartTime": start, "EndTime": end}
    items: list[dict[str, Any]] = [{**item, "Confidence": 0.97, "Stable": stable, "VocabularyFilterMatch": False}]
    if mark:
        items.append({"Content": mark, "Type": "punctuation", "StartTime": end, "EndTime": end, "Stable": stable})
    return items


def _seconds(ms: float) -> float:
    return round(ms / 1000, 4)
