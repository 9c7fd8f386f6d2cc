"""Unit tests: what an audio worker has to tell, and to slow listeners."""

from __future__ import annotations

import asyncio

import pytest

from local.simulation.virtual_time import run_virtually
from sotto.call.contact import Contact, Speaker
from sotto.call.utterance import Utterance
from sotto.transcription.ports import CallTime, Stamps
from sotto.transcription.sink_lanes import Outbox

CONTACT = Contact("t", "c", "arn", "stream", 0)


def said(seq: int, speaker: Speaker = Speaker.AGENT) -> Utterance:
    return Utterance("t", "c", f"u{seq}", seq, speaker, seq * 1000, seq * 1000 + 500, f"text {seq}")


def guess(text: str, speaker: Speaker = Speaker.AGENT) -> Utterance:
    return Utterance("t", "c", "guess", 0, speaker, 0, 500, text, is_final=False)


class Heard:
    def __init__(self) -> None:
        self.screen: list[str] = []
        self.guidance: list[str] = []

    def publish(self, utterance: Utterance) -> None:
        self.screen.append(utterance.text)

    def ask_guidance(self, utterance: Utterance, stamps: Stamps) -> None:
        self.guidance.append(utterance.text)

    def tick(self, contact: Contact, time: CallTime) -> None:
        self.guidance.append(f"tick {time.call_time_ms}")


def told_by(fill) -> tuple[Heard, Outbox]:
    async def main() -> tuple[Heard, Outbox]:
        heard = Heard()
        outbox = Outbox(heard)
        delivering = asyncio.create_task(outbox.deliver())
        fill(outbox)
        await outbox.drained()
        delivering.cancel()
        await asyncio.gather(delivering, return_exceptions=True)
        return heard, outbox

    return run_virtually(main)


def test_utterances_go_to_the_screen_and_to_guidance_in_order() -> None:
    heard, outbox = told_by(lambda outbox: [outbox.said(said(seq), {}) for seq in (1, 2, 3)])
    assert heard.screen == heard.guidance == ["text 1", "text 2", "text 3"]
    assert outbox.told == 3


def test_of_partials_only_the_newest_of_each_speaker_is_told() -> None:
    def fill(outbox: Outbox) -> None:
        for text in ("a", "a b", "a b c"):
            outbox.partial(guess(text))
        outbox.partial(guess("x", Speaker.CUSTOMER))

    heard, _ = told_by(fill)
    assert sorted(heard.screen) == ["a b c", "x"]


def test_a_partial_is_not_told_after_its_utterance() -> None:
    def fill(outbox: Outbox) -> None:
        outbox.partial(guess("tex"))
        outbox.ask_early(guess("tex"), {})
        outbox.said(said(1), {})

    heard, _ = told_by(fill)
    assert heard.screen == heard.guidance == ["text 1"]


def test_of_ticks_only_the_newest_is_told_and_utterances_go_first() -> None:
    def fill(outbox: Outbox) -> None:
        for at_ms in (1, 2, 3):
            outbox.tick(CONTACT, CallTime(at_ms))
        outbox.said(said(1), {})

    heard, _ = told_by(fill)
    assert heard.guidance == ["text 1", "tick 3"]


def test_told_counts_only_what_went_both_ways() -> None:
    async def main() -> int:
        outbox = Outbox(Heard())
        outbox.carry_on(4)
        outbox.said(said(5), {})
        delivering = asyncio.create_task(outbox.deliver())
        await asyncio.sleep(0)
        delivering.cancel()
        await asyncio.gather(delivering, return_exceptions=True)
        return outbox.told

    assert run_virtually(main) == 4


def test_a_listener_that_raises_is_not_passed_over_in_silence() -> None:
    class Broken(Heard):
        def publish(self, utterance: Utterance) -> None:
            raise ValueError("a defect")

    async def main() -> None:
        outbox = Outbox(Broken())
        outbox.said(said(1), {})
        await outbox.deliver()

    with pytest.raises(ValueError, match="a defect"):
        run_virtually(main)
