"""Unit tests: what is committed goes out in order, also to slow consumers."""

from __future__ import annotations

import asyncio

import pytest

from local.simulation.virtual_time import run_virtually
from sotto.call.contact import Contact, Speaker
from sotto.call.utterance import Utterance
from sotto.transcription.outbox import SinkLanes
from sotto.transcription.ports import CallTime, Stamps

CONTACT = Contact("t", "c", "arn", "stream", 0)


def committed(seq: int, speaker: Speaker = Speaker.AGENT) -> Utterance:
    return Utterance("t", "c", f"u{seq}", seq, speaker, seq * 1000, seq * 1000 + 500, f"text {seq}")


def guess(text: str, speaker: Speaker = Speaker.AGENT) -> Utterance:
    return Utterance("t", "c", "guess", 0, speaker, 0, 500, text, is_final=False)


class Published:
    def __init__(self) -> None:
        self.screen: list[str] = []
        self.guidance: list[str] = []

    def publish(self, utterance: Utterance) -> None:
        self.screen.append(utterance.text)

    def ask_guidance(self, utterance: Utterance, stamps: Stamps) -> None:
        self.guidance.append(utterance.text)

    def tick(self, contact: Contact, time: CallTime) -> None:
        self.guidance.append(f"tick {time.call_time_ms}")


def published_by(fill) -> tuple[Published, SinkLanes]:
    async def main() -> tuple[Published, SinkLanes]:
        published = Published()
        outbox = SinkLanes(published)
        delivering = asyncio.create_task(outbox.deliver())
        fill(outbox)
        await outbox.drained()
        delivering.cancel()
        await asyncio.gather(delivering, return_exceptions=True)
        return published, outbox

    return run_virtually(main)


def test_utterances_go_to_the_screen_and_to_guidance_in_order() -> None:
    published, outbox = published_by(lambda outbox: [outbox.committed(committed(seq), {}) for seq in (1, 2, 3)])
    assert published.screen == published.guidance == ["text 1", "text 2", "text 3"]
    assert outbox.published_seq == 3


def test_of_interims_only_the_newest_of_each_speaker_is_published() -> None:
    def fill(outbox: SinkLanes) -> None:
        for text in ("a", "a b", "a b c"):
            outbox.interim(guess(text))
        outbox.interim(guess("x", Speaker.CUSTOMER))

    published, _ = published_by(fill)
    assert sorted(published.screen) == ["a b c", "x"]


def test_an_interim_is_not_published_after_its_utterance() -> None:
    def fill(outbox: SinkLanes) -> None:
        outbox.interim(guess("tex"))
        outbox.ask_early(guess("tex"), {})
        outbox.committed(committed(1), {})

    published, _ = published_by(fill)
    assert published.screen == published.guidance == ["text 1"]


def test_of_ticks_only_the_newest_goes_out_and_utterances_go_first() -> None:
    def fill(outbox: SinkLanes) -> None:
        for at_ms in (1, 2, 3):
            outbox.tick(CONTACT, CallTime(at_ms))
        outbox.committed(committed(1), {})

    published, _ = published_by(fill)
    assert published.guidance == ["text 1", "tick 3"]


def test_the_published_number_counts_only_what_went_both_ways() -> None:
    async def main() -> int:
        outbox = SinkLanes(Published())
        outbox.resume(4)
        outbox.committed(committed(5), {})
        delivering = asyncio.create_task(outbox.deliver())
        await asyncio.sleep(0)
        delivering.cancel()
        await asyncio.gather(delivering, return_exceptions=True)
        return outbox.published_seq

    assert run_virtually(main) == 4


def test_a_sink_that_raises_is_not_passed_over_in_silence() -> None:
    class Broken(Published):
        def publish(self, utterance: Utterance) -> None:
            raise ValueError("a defect")

    async def main() -> None:
        outbox = SinkLanes(Broken())
        outbox.committed(committed(1), {})
        await outbox.deliver()

    with pytest.raises(ValueError, match="a defect"):
        run_virtually(main)
