"""How talk and silence are spread over a contact: from the times of utterances, without their words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sotto.call.contact import Speaker
from sotto.call.utterance import Utterance


@dataclass(frozen=True, slots=True)
class Spread:
    """Seconds. ``silence_s``: nobody spoke, between the first word and the last; ``overlap_s``: customer and agent
    spoke at once."""

    customer_s: float = 0.0
    agent_s: float = 0.0
    silence_s: float = 0.0
    longest_silence_s: float = 0.0
    overlap_s: float = 0.0


def spread_of(utterances: Sequence[Utterance]) -> Spread:
    """An utterance that ends before it begins counts for nothing."""
    customer = _joined((each.start_ms, each.end_ms) for each in utterances if each.speaker is Speaker.CUSTOMER)
    agent = _joined((each.start_ms, each.end_ms) for each in utterances if each.speaker is Speaker.AGENT)
    together = _joined((*customer, *agent, *_of_system(utterances)))
    gaps = [after[0] - before[1] for before, after in zip(together, together[1:], strict=False)]
    people = _joined((*customer, *agent))
    return Spread(
        customer_s=_length(customer),
        agent_s=_length(agent),
        silence_s=sum(gaps) / 1000,
        longest_silence_s=max(gaps, default=0) / 1000,
        overlap_s=_length(customer) + _length(agent) - _length(people),
    )


def _of_system(utterances: Sequence[Utterance]) -> list[tuple[int, int]]:
    return [(each.start_ms, each.end_ms) for each in utterances if each.speaker is Speaker.SYSTEM]


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """In order, with what overlaps or touches made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(span for span in spans if span[1] > span[0]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _length(spans: Iterable[tuple[int, int]]) -> float:
    return sum(end - start for start, end in spans) / 1000
