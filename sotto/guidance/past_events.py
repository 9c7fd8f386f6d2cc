"""What happened in a call that is over, in call time, as the live path would have been told of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sotto.call.contact import Contact
from sotto.call.live import AgentJoined, CallTime
from sotto.call.utterance import Utterance
from sotto.guidance.call_events import CallEvent, UtteranceResults
from sotto.guidance.evaluate import LATE_MS

TICK_MS = 2_000
TICK_WHILE_TALKING_MS = 10_000
"""As the audio worker sends them (sotto.transcription.worker)."""
LONGEST_MS = 4 * 3_600_000
"""A call that says it is longer has a wrong clock."""


def past_events(
    contact: Contact, utterances: Sequence[Utterance], *, joined_ms: int | None, ended_ms: int
) -> Iterator[CallEvent]:
    """Utterances as they ended, without results of models, and the call's time as it passed; whether somebody spoke is
    known of finals alone. ``joined_ms``, ``ended_ms``: of the agent and of the call, in call time."""
    spoken = sorted(utterances, key=lambda each: (each.end_ms, each.seq))
    if joined_ms is not None and joined_ms <= LONGEST_MS:
        yield AgentJoined(contact.tenant, contact.contact_id, joined_ms)
    now_ms = last_tick_ms = last_seq = 0
    for utterance in spoken:
        for tick_ms in range(now_ms + TICK_MS, min(utterance.end_ms, LONGEST_MS), TICK_MS):
            talks = tick_ms >= utterance.start_ms
            if not talks or tick_ms - last_tick_ms >= TICK_WHILE_TALKING_MS:
                last_tick_ms = tick_ms
                yield CallTime(tick_ms, tick_ms if talks else 0, last_seq)
        now_ms, last_seq = max(now_ms, min(utterance.end_ms, LONGEST_MS)), max(last_seq, utterance.seq)
        yield UtteranceResults(_final(utterance))
    ends_ms = min(max(ended_ms, now_ms), LONGEST_MS)
    for tick_ms in (*range(now_ms + TICK_MS, ends_ms, TICK_MS), ends_ms + LATE_MS):
        yield CallTime(tick_ms, 0, last_seq)


def _final(utterance: Utterance) -> Utterance:
    return utterance if utterance.is_final else replace(utterance, is_final=True)
