"""Unit: who is on the agent's channel, by call time; whole calls in virtual time, with events late, lost and early."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from local.audible_words import OnlyAudible
from local.simulation.call import STARTED_MS, Plan, SimulatedCall, finals
from local.simulation.virtual_time import run_virtually
from sotto.call.agent_presence import AgentPresence, with_hold_change
from sotto.call.contact import Contact, HoldChange, Speaker
from sotto.call.utterance import Utterance
from sotto.transcription.ports import KnownByNow
from tests.call.queued_call import HOLD, SUNG, WAITS_S, queued_call

CALL = Path(__file__).parents[3] / "events" / "calls" / "bank_card"
SECONDS = 150
HOLDS = (
    HoldChange(STARTED_MS + WAITS_S * 1000, on_hold=False),
    HoldChange(STARTED_MS + HOLD.from_s * 1000, on_hold=True),
    HoldChange(STARTED_MS + HOLD.until_s * 1000, on_hold=False),
)
CONTACT = Contact("harbour_bank", "simulated", "arn", "stream", STARTED_MS)


@cache
def parts() -> tuple[bytes, str]:
    return queued_call(CALL)


def played(
    tmp_path: Path,
    *happenings: Callable,
    connected_late_s: float | None = 0.5,
    hold_late_s: float | None = 0.5,
    worker_limit_s: float = float("inf"),
    ended_s: float | None = None,
    **ports: bool,
) -> SimulatedCall:
    """``connected_late_s`` and ``hold_late_s``: after how long the event is known; None: never. ``ended_s``: when the
    end is known, which tells of the agent as well."""
    audio, lines = parts()
    transcript = tmp_path / "call.transcript.jsonl"
    transcript.write_text(lines)

    async def main() -> SimulatedCall:
        plan = Plan(audio[: SECONDS * 32_000], transcript, worker_limit_s)
        call = SimulatedCall(plan, recogniser=OnlyAudible)

        def known(contact: Contact) -> KnownByNow:
            now_s = call.clock.monotonic_ms() / 1000
            over = ended_s is not None and now_s > ended_s
            if over or (connected_late_s is not None and now_s > WAITS_S + connected_late_s):
                contact = replace(contact, connected_at_ms=HOLDS[0].at_ms)
            for change in HOLDS if hold_late_s is not None else ():
                if now_s > (change.at_ms - STARTED_MS) / 1000 + (hold_late_s or 0.0):
                    contact = with_hold_change(contact, change)
            return KnownByNow(None, AgentPresence.of(contact))

        call.ports = replace(call.ports, known_by_now=known, **ports)
        await call.run(*happenings)
        return call

    return run_virtually(main)


def words(call: SimulatedCall, speaker: Speaker) -> str:
    return " ".join(each.text for each in utterances(call, speaker))


def utterances(call: SimulatedCall, speaker: Speaker) -> list[Utterance]:
    return sorted((each for each in call.utterances if each.speaker is speaker), key=lambda each: each.start_ms)


def assert_agent_complete(call: SimulatedCall) -> None:
    agents = words(call, Speaker.AGENT)
    assert agents.startswith("Thank you for calling Harbour Bank.")
    assert [agents.count(phrase) for phrase in ("Thank you for calling", "Thank you for holding")] == [1, 1]
    customers = words(call, Speaker.CUSTOMER)
    assert [customers.count(phrase) for phrase in ("lost my card", "Sure, go ahead")] == [2, 1]


def test_menus_and_music_are_nobodys_words_and_cost_no_recogniser(tmp_path: Path) -> None:
    call = played(tmp_path)
    assert_agent_complete(call)
    assert SUNG not in words(call, Speaker.AGENT)
    assert utterances(call, Speaker.SYSTEM) == []
    assert min(each.start_ms for each in utterances(call, Speaker.AGENT)) >= (WAITS_S - 1) * 1000
    received = memoryview(bytes(call.tap.received("simulated").audio)).cast("h")[1::2].tolist()
    assert not any(received[: int((WAITS_S - 1.1) * 8_000)])
    assert not any(received[int((HOLD.from_s + 5) * 8_000) : int((HOLD.until_s - 1.1) * 8_000)])


@pytest.mark.parametrize("late_s", [0.0, 2.0, 3.5, 8.0, 40.0])
def test_however_late_the_event_every_word_of_the_agent_is_there_once(tmp_path: Path, late_s: float) -> None:
    prompt_call = played(tmp_path, connected_late_s=late_s)
    assert_agent_complete(prompt_call)
    assert min(each.start_ms for each in utterances(prompt_call, Speaker.AGENT)) >= (WAITS_S - 1) * 1000


def test_an_event_that_is_lost_is_made_up_for_at_the_end(tmp_path: Path) -> None:
    call = played(tmp_path, connected_late_s=None, hold_late_s=None, ended_s=SECONDS - 1)
    assert words(call, Speaker.AGENT).startswith("Thank you for calling Harbour Bank.")


@pytest.mark.parametrize("limit_s", [7, 19])
@pytest.mark.parametrize("late_s", [0.5, 12.0])
def test_workers_that_hand_over_agree_about_it(tmp_path: Path, limit_s: float, late_s: float) -> None:
    call = played(tmp_path, connected_late_s=late_s, worker_limit_s=limit_s)
    assert_agent_complete(call)
    assert SUNG not in words(call, Speaker.AGENT)


def test_a_worker_that_dies_while_the_agent_is_missed_leaves_word_of_it(tmp_path: Path) -> None:
    async def killed(call: SimulatedCall) -> None:
        await call.clock.sleep_ms((WAITS_S + 6.0) * 1000)
        assert call.kill() == 1

    assert_agent_complete(played(tmp_path, killed, connected_late_s=6.2))


def test_a_tenant_may_have_menus_transcribed_as_the_systems(tmp_path: Path) -> None:
    call = played(tmp_path, listens_to_menus=True)
    assert_agent_complete(call)
    assert words(call, Speaker.SYSTEM).startswith("Thank you for calling Harbour Bank.")
    assert SUNG in words(call, Speaker.SYSTEM) and SUNG not in words(call, Speaker.AGENT)


def test_without_agent_events_music_tells_of_the_hold(tmp_path: Path) -> None:
    call = played(tmp_path, hold_late_s=None, infers_holds=True)
    assert_agent_complete(call)
    # Until it is known for music, it goes on as the agent's; this one has words for a recogniser that makes some up.
    assert all(each.start_ms < (HOLD.from_s + 12) * 1000 for each in call.utterances if SUNG in each.text)


def test_nobody_is_asked_about_silence_on_hold(tmp_path: Path) -> None:
    ticks = played(tmp_path).sink.ticks
    assert not [each for each in ticks if each.call_time_ms < (WAITS_S - 1) * 1000]
    held = [each for each in ticks if (HOLD.from_s + 6) * 1000 < each.call_time_ms < (HOLD.until_s - 1.1) * 1000]
    assert held == []
    back = next(each for each in ticks if each.call_time_ms >= (HOLD.until_s - 1) * 1000)
    assert back.spoken_until_ms >= (HOLD.until_s - 1) * 1000


class TestPresence:
    def of(self, *changes: HoldChange, connected_at_ms: float | None = None) -> AgentPresence:
        contact = CONTACT
        for change in changes:
            contact = with_hold_change(contact, change)
        return AgentPresence.of(replace(contact, connected_at_ms=connected_at_ms))

    def test_nobody_is_there_until_somebody_is_connected(self) -> None:
        assert not self.of().is_present(1e9)
        assert self.of(connected_at_ms=STARTED_MS + 5_000).is_present(4_500)
        assert not self.of(connected_at_ms=STARTED_MS + 5_000).is_present(3_900)

    def test_the_order_and_number_of_events_do_not_matter(self) -> None:
        known = self.of(*HOLDS)
        assert self.of(*reversed(HOLDS), *HOLDS, connected_at_ms=HOLDS[0].at_ms) == known
        middle_ms = (HOLD.from_s + HOLD.until_s) / 2 * 1000
        assert [known.is_present(at_ms) for at_ms in (1_000, 30_000, middle_ms, 140_000)] == [False, True, False, True]

    def test_a_hold_of_which_the_end_alone_is_known_is_none(self) -> None:
        assert self.of(HOLDS[0], HOLDS[2]).is_present(HOLD.from_s * 1000 + 10_000)


def test_a_call_without_waiting_is_as_it_was(tmp_path: Path) -> None:
    transcript = CALL / "call.transcript.jsonl"
    audio = (CALL / "call.wav").read_bytes()[44 : 44 + 40 * 32_000]

    async def main(ports: bool) -> list[Utterance]:
        call = SimulatedCall(Plan(audio, transcript), recogniser=OnlyAudible)
        if ports:
            there = AgentPresence.of(replace(CONTACT, connected_at_ms=float(STARTED_MS)))
            call.ports = replace(call.ports, known_by_now=lambda _: KnownByNow(None, there), infers_holds=True)
        await call.run()
        return finals(call.utterances)

    assert run_virtually(lambda: main(True)) == run_virtually(lambda: main(False))
