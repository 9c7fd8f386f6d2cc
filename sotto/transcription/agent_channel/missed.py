"""The agent was there in audio that was silenced: the event that says so came late, or was lost and made up for.

The stream itself is the buffer: it keeps audio for the hours that it is given, so a worker reads again from where the
agent came. What was committed of the customer is not committed twice; a worker that dies meanwhile leaves the stretches
in its checkpoint, and its successor reads them.
"""

from __future__ import annotations

from dataclasses import replace

from sotto.call.agent_presence import AgentPresence, Span
from sotto.media.stereo import CHUNK_SAMPLES, SAMPLE_RATE_HZ
from sotto.transcription.lease.lease import Checkpoint

SHORTEST_MS = 300.0
"""Nobody says a word in less."""
_SAMPLES_A_MS = SAMPLE_RATE_HZ // 1000


class AgentMissed(Exception):
    """Audio in which the agent spoke went silenced to the recogniser: read it again."""


def missed_from_ms(silenced: tuple[Span, ...], presence: AgentPresence) -> float | None:
    """Call time of the first of it; None where nothing was missed."""
    return presence.first_in(silenced, at_least_ms=SHORTEST_MS)


def reading_again(checkpoint: Checkpoint, presence: AgentPresence) -> Checkpoint:
    """The checkpoint to go on from: as it is, or from where the agent was missed before it."""
    first_ms = missed_from_ms(checkpoint.silenced, presence)
    before = checkpoint.resumption
    if first_ms is None or first_ms * _SAMPLES_A_MS >= before.from_sample:
        return checkpoint
    sample = max(0, int(first_ms) * _SAMPLES_A_MS) // CHUNK_SAMPLES * CHUNK_SAMPLES
    return replace(checkpoint, resumption=replace(before, from_sample=sample, anchors=()))


def silenced_before(checkpoint: Checkpoint) -> tuple[Span, ...]:
    """What the workers before have silenced and this one does not read again."""
    from_ms = checkpoint.resumption.from_sample / _SAMPLES_A_MS
    return tuple((begins, min(ends, from_ms)) for begins, ends in checkpoint.silenced if begins < from_ms)
