"""What one call does: as measured, and as it was assumed before."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Load:
    """What one call does, per minute of talk unless said otherwise.

    Rounds, requests, messages, units of DynamoDB and bytes of metrics: `python -m benchmarks.call_budget --seconds 100`
    (the sample call bank_cancel in real time; two shared cores at a load of 8, Python 3.11, no GPU); rounds alike by
    `sotto bench route-load` with two calls. None of them depends on how quick the machine is, but for waves that miss
    their deadline and are asked again: at their worst moments runs have shown 2.5 requests a round.

    ``round_ms`` is a tenth more than the mean duration of orchestrate_utterance in the simulation (docs/latency.md).
    Other durations, and texts (one for every other utterance), are assumed until measured on AWS.
    A round that needs no text is run by one function; with a text (``machine_rounds``), the state machine asks for it
    and delivers it. Over the second channel a panel asks every twenty seconds, and a few times when it opens a call.
    """

    rounds: float = 10.8  # one for each utterance; an interim's only where a model wants it
    models_a_round: float = 3.0  # nodes of a wave, each of which the state machine asks for by itself
    requests_a_round: float = 1.11  # to SageMaker, by the direct runner: one for a wave, one for what it did not answer
    waves_a_round: float = 1.1
    messages: float = 63.0  # interims, once a second while somebody speaks, are two of three
    writes: float = 245.0  # units: every write is in a transaction, which counts twice
    events: float = 11.0  # of the bus: one for each utterance, and those of a call
    reads: float = 320.0  # units; among them one a second that looks whether the contact has ended
    round_ms: float = 175.0
    machine_rounds: float = 5.0
    deliver_ms: float = 130.0
    summarise_ms: float = 2_000.0  # waits for guidance on the last words; with a model longer
    execution_ms: float = 2_100.0  # of the state machine: a text, and its delivery
    after_call_transitions: float = 95.0  # a call: executions of 44, 24 that came early and 24 of its recording; a review
    ticks: float = 3.6
    tick_ms: float = 15.0
    texts: float = 5.0
    text_ms: float = 2_000.0
    desktop_asks: float = 5.0
    desktop_ms: float = 30.0
    log_kb: float = 30.0
    metrics_kb: float = 56.0  # of all functions
    audio_kb: float = 1_920.0  # two tracks of 16 KB a second
    call_minutes: float = 6.0
    talk_hours_a_month: float = 120.0  # of one agent

    @property
    def logged_kb(self) -> float:
        return self.log_kb + self.metrics_kb


ASSUMED = Load(
    rounds=40.5,
    requests_a_round=3.0,
    messages=80.0,
    writes=66.0,
    reads=140.0,
    round_ms=110.0,
    deliver_ms=40.0,
    ticks=10.0,
    metrics_kb=232.0,
)
"""What these tables were made of until the route was measured: thirty rounds a minute for interims, one request for
each model, and items of one unit each."""
