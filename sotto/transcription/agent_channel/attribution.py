"""Whose words the agent's channel brings: results are of channels, and who speaks on that one is known by time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from sotto.call.contact import Speaker
from sotto.call.transcript_result import TranscriptResult, Word

IsPresent = Callable[[float], bool]


def attributed(result: TranscriptResult, is_present: IsPresent, *, listens: bool) -> list[TranscriptResult]:
    """The result as what it is: the customer's and the agent's as they are; the system's as such where the tenant
    ``listens`` to it, else not at all. One that goes on from a prompt to the agent's first words is cut in two."""
    if result.speaker is not Speaker.AGENT:
        return [result]
    if not result.words:
        return _whole(result, is_present((result.start_ms + result.end_ms) / 2), listens)
    agents = [word for word in result.words if is_present(_middle(word))]
    if len(agents) in (0, len(result.words)):
        return _whole(result, bool(agents), listens)
    parts = [_part(result, agents, result.speaker)]
    if listens:
        others = [word for word in result.words if not is_present(_middle(word))]
        parts.insert(0, _part(result, others, Speaker.SYSTEM))
    return parts


def _whole(result: TranscriptResult, is_agents: bool, listens: bool) -> list[TranscriptResult]:
    if is_agents:
        return [result]
    return [replace(result, speaker=Speaker.SYSTEM)] if listens else []


def _part(result: TranscriptResult, words: Sequence[Word], speaker: Speaker) -> TranscriptResult:
    return replace(
        result,
        speaker=speaker,
        start_ms=words[0].start_ms,
        end_ms=words[-1].end_ms,
        text=" ".join(word.text for word in words),
        words=tuple(words),
    )


def _middle(word: Word) -> float:
    return (word.start_ms + word.end_ms) / 2
