"""Hostile: what killed an audio worker is stepped over by the next run, and the rest of the call is result."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from local.simulation.call import SimulatedCall
from local.simulation.virtual_time import run_virtually
from sotto.call.contact import Speaker
from sotto.call.transcript_result import TranscriptResult
from sotto.redaction.redactor import Redacted
from sotto.redaction.withheld import MASK, STEPPED_OVER
from sotto.transcription.lease.lease import Checkpoint, Place
from sotto.transcription.poison import MOST_PLACES, Poison
from tests.hostile.spoken_call import call_with, lost_samples, with_session
from tests.unit.sources.test_contact_lens import Office, says

SENTENCES = ("Good morning to you.", "Please open the poison jar now.", "Thank you, that is all.")


class Mistake(Exception):
    """Of code that nobody foresaw."""


@dataclass
class Deadly:
    """A redactor that dies of a word, once for each time it is result."""

    die: Callable[[], None]
    deaths: int = 0

    def redact(self, result: TranscriptResult) -> Redacted:
        if "poison" in result.text:
            self.deaths += 1
            self.die()
        return Redacted(result)

    def memory(self) -> str:
        return ""

    def remember(self, memory: str) -> None:
        pass


def played(folder: Path, deadly: Callable[[SimulatedCall], Deadly], **options) -> tuple[SimulatedCall, Deadly, list]:
    alarms: list[str] = []

    async def main() -> tuple[SimulatedCall, Deadly]:
        call = call_with(folder, *SENTENCES, **options)
        poison = deadly(call)
        call.ports = with_session(
            call.ports, redactor=lambda contact: poison, redaction_alarm=lambda tenant: alarms.append
        )
        await call.run()
        return call, poison

    return *run_virtually(main), alarms


def raises(call: SimulatedCall) -> Deadly:
    def die() -> None:
        raise Mistake("at this text")

    return Deadly(die)


def kills(call: SimulatedCall) -> Deadly:
    """As when the process is killed: nothing more is written."""

    def die() -> None:
        call.kill()
        raise asyncio.CancelledError

    return Deadly(die)


def assert_all_but_the_poison_was_transcribed(call: SimulatedCall, alarms: list[str]) -> None:
    assert [each.text for each in call.utterances] == [SENTENCES[0], MASK, SENTENCES[2]]
    assert lost_samples(call) == {"customer": 0, "agent": 0}
    assert [outcome.how for outcome in call.outcomes] == ["finished"]
    assert set(alarms) == {STEPPED_OVER}


def test_a_result_that_raises_kills_one_worker(tmp_path: Path) -> None:
    call, poison, alarms = played(tmp_path, raises)
    assert poison.deaths == 1 and [type(error) for error in call.errors] == [Mistake]
    assert_all_but_the_poison_was_transcribed(call, alarms)


def test_a_result_that_kills_without_a_word_kills_the_first_run_and_the_cautious_one(tmp_path: Path) -> None:
    call, poison, alarms = played(tmp_path, kills)
    assert poison.deaths == 2
    assert_all_but_the_poison_was_transcribed(call, alarms)


def test_a_worker_killed_for_other_reasons_steps_over_nothing(tmp_path: Path) -> None:
    async def main() -> SimulatedCall:
        call = call_with(tmp_path, *SENTENCES)

        async def killer(call: SimulatedCall) -> None:
            for _ in range(12):
                await call.clock.sleep_ms(1_730)
                call.kill()

        await call.run(killer)
        return call

    call = run_virtually(main)
    assert [each.text for each in call.utterances] == list(SENTENCES)
    assert lost_samples(call) == {"customer": 0, "agent": 0}


def test_a_place_is_forgotten_when_it_is_committed() -> None:
    poison = Poison()
    poison.learn(Checkpoint(deadly=(Place(Speaker.AGENT, 1_000, 2_000), Place(Speaker.CUSTOMER, 1_000, 2_000))))
    after = poison.noted(Checkpoint(committed_ms={Speaker.AGENT: 2_000}))
    assert after.deadly == (Place(Speaker.CUSTOMER, 1_000, 2_000),)


def test_a_call_full_of_poison_does_not_fill_the_lease() -> None:
    poison = Poison()
    poison.learn(Checkpoint(deadly=tuple(Place(Speaker.AGENT, i, i + 1) for i in range(99))))
    assert len(poison.noted(Checkpoint()).deadly) == MOST_PLACES


def test_a_result_without_times_is_left_out() -> None:
    alarms: list[str] = []
    nowhere = TranscriptResult(Speaker.AGENT, "r", float("nan"), float("inf"), "hello", is_final=True)
    assert Poison(alarms.append).harmless(nowhere) is None
    assert alarms == [STEPPED_OVER]


def test_a_segment_that_raises_is_withheld_and_the_call_goes_on() -> None:
    def die() -> None:
        raise Mistake("at this text")

    office = Office(redactor=lambda contact: Deadly(die))
    office.receives(
        says("CUSTOMER", SENTENCES[0], 0),
        says("CUSTOMER", "the poison", 2_000, interim=True),
        says("CUSTOMER", SENTENCES[1], 2_000),
    )
    assert [each.text for each in office.stored] == [SENTENCES[0], MASK]
    assert office.alarms == [STEPPED_OVER, STEPPED_OVER]


def test_a_final_segment_that_raises_is_withheld_at_once() -> None:
    def die() -> None:
        raise Mistake("at this text")

    office = Office(redactor=lambda contact: Deadly(die)).receives(says("CUSTOMER", SENTENCES[1], 0))
    assert [each.text for each in office.stored] == [MASK]
    assert office.alarms == [STEPPED_OVER]
