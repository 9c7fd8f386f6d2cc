"""Whether a played call went as it should; if not, why, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from local.ended_functions import Ended
from sotto.core.errors import Degraded

LOG = ".sotto/sotto.log"


class CallFailed(Degraded):
    """A call was played to its end, but not transcribed or guided as it should have been."""


def call_failures(samples: Mapping[str, Mapping[str, Any]], lost: Mapping[str, int], ended: Ended) -> list[str]:
    """Empty when all was well. ``samples`` and ``lost`` are those of the summary."""
    found = _samples(samples)
    if ended.workers_died:
        found.append(f"the audio worker died {_times(ended.workers_died)}")
    if ended.guidance_failed:
        found.append(f"guidance failed {_times(ended.guidance_failed)}")
    missing = ended.unanswered.total()
    if 2 * missing > ended.asked:
        answers = f"{missing} of {ended.asked} model answers are missing"
        found.append(f"guidance was unavailable: {answers} ({_reasons(ended.unanswered)})")
    found += [f"{count} {what} never reached the panel" for what, count in lost.items() if count]
    return found


def failure_line(failures: list[str]) -> str:
    return f"the call failed: {'; '.join(failures)} (log: {LOG})"


def _samples(samples: Mapping[str, Mapping[str, Any]]) -> list[str]:
    lost = {speaker: f"{each['lost']:,} of {each['source']:,}" for speaker, each in samples.items() if each["lost"]}
    if len(lost) > 1 and len(set(lost.values())) == 1:
        return [f"{next(iter(lost.values()))} samples of {' and '.join(lost)} were lost"]
    return [f"{count} samples of the {speaker} were lost" for speaker, count in lost.items()]


def _times(reasons: Counter[str]) -> str:
    count = reasons.total()
    return f"{'once' if count == 1 else f'{count} times'} ({_reasons(reasons)})"


def _reasons(reasons: Counter[str], most: int = 2) -> str:
    return ", ".join(reason for reason, _ in reasons.most_common(most))
