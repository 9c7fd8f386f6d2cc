"""Unit tests: whole calls in virtual time, heard by audio workers that hand over, crash, sleep and meet each other."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from local.simulation.call import STARTED_MS, Plan, SimulatedCall, finals
from local.simulation.virtual_time import VirtualClock, run_virtually
from sotto.call.contact import Contact
from sotto.call.utterance import Utterance
from sotto.core.clock import Clock
from sotto.core.errors import Retryable
from sotto.media.stereo import StereoChunk
from sotto.media.timeline import Resumption
from sotto.media.wav import read_call
from sotto.recognition.adapters.transcript import TranscriptRecogniser
from sotto.recognition.failover import FailoverRecogniser
from sotto.recognition.recogniser import RecogniserUnavailable
from sotto.recognition.replay_buffer import RetryPolicy
from sotto.transcription.lease.lease import LEASE_MS, Checkpoint, Lease, Leases, Takeover
from sotto.transcription.lease.revival import RevivePorts, revive_abandoned
from sotto.transcription.ports import AudioSource, KnownByNow, WorkerAssignment
from sotto.transcription.worker import transcribe
from tests.fakes.dropping_recogniser import DroppingRecogniser

CALLS = Path(__file__).parents[3] / "events" / "calls"
CALL = CALLS / "bank_card"
SECONDS = 50


@cache
def audio(seconds: int = SECONDS) -> bytes:
    return read_call(CALL / "call.wav", None)[: seconds * 8000 * 4]


def plan(worker_limit_s: float = float("inf"), *, retry_after_s: float = 1.0) -> Plan:
    return Plan(audio(), CALL / "call.transcript.jsonl", worker_limit_s, retry_after_s=retry_after_s)


def played(plan: Plan, *happenings: Callable, seed: int = 0, **options) -> SimulatedCall:
    async def main() -> SimulatedCall:
        call = SimulatedCall(plan, **options)
        await call.run(*happenings)
        return call

    return run_virtually(main, seed=seed)


@cache
def uncut() -> tuple[Utterance, ...]:
    return tuple(finals(played(plan()).utterances))


def assert_nothing_lost(call: SimulatedCall) -> None:
    assert finals(call.utterances) == list(uncut())
    assert {each.seq for each in call.sink.guided if each.is_final} == {each.seq for each in uncut()}
    assert {each.seq for each in call.sink.published if each.is_final} == {each.seq for each in uncut()}
    samples = call.tap.samples("simulated", audio())
    assert {side: (each["lost"], each["duplicated"]) for side, each in samples.items()} == {
        "customer": (0, 0),
        "agent": (0, 0),
    }
    assert call.tap.received("simulated").different == 0


async def after(call: SimulatedCall, seconds: float) -> None:
    await call.clock.sleep_ms(seconds * 1000)


def test_a_call_transcribed_by_one_worker_is_published_once() -> None:
    call = played(plan())
    assert len(uncut()) > 6
    assert_nothing_lost(call)
    assert [each.seq for each in call.sink.guided if each.is_final] == [each.seq for each in uncut()]
    assert [outcome.how for outcome in call.outcomes] == ["finished"]


@pytest.mark.parametrize(("limit_s", "seed"), [(3, 1), (5, 2), (8, 3), (13, 4), (19, 5)])
def test_a_call_handed_from_worker_to_worker_is_the_same_call(limit_s: float, seed: int) -> None:
    call = played(plan(limit_s), seed=seed)
    assert_nothing_lost(call)
    assert [outcome.how for outcome in call.outcomes].count("finished") == 1
    assert max(outcome.overlap_ms for outcome in call.outcomes) < 40_000


class SuccessorsGetLost(SimulatedCall):
    """No successor that is called ever comes."""

    def _start_from_thread(self, generation: int) -> None:
        self.called_s.append(round(self.clock.monotonic_ms() / 1000))


def test_a_successor_that_does_not_come_is_called_again_ever_more_rarely() -> None:
    async def main() -> SuccessorsGetLost:
        call = SuccessorsGetLost(replace(plan(5), audio=audio(100)))
        call.called_s = []
        await call.run()
        return call

    call = run_virtually(main)
    assert call.called_s == [6, 26, 66]
    assert [outcome.how for outcome in call.outcomes] == ["finished"]


def test_of_two_workers_started_for_one_contact_only_one_works() -> None:
    async def again(call: SimulatedCall) -> None:
        call.start(1)

    call = played(plan(), again)
    assert_nothing_lost(call)
    assert sorted(outcome.how for outcome in call.outcomes) == ["finished", "not-needed"]


def test_an_event_that_lambda_delivers_twice_changes_nothing() -> None:
    async def twice(call: SimulatedCall) -> None:
        await after(call, 20)
        await call.deliver("request-1", 1, call.ports)

    call = played(plan(), twice)
    assert_nothing_lost(call)
    assert [outcome.how for outcome in call.outcomes] == ["superseded", "finished"]


def test_a_retry_after_the_call_has_nothing_to_do() -> None:
    call = played(plan())
    again = run_virtually(lambda: transcribe(call.contact, WorkerAssignment("later", 2), call.ports))
    assert again.how == "not-needed"


@pytest.mark.parametrize("seed", range(5))
def test_workers_killed_at_any_moment_lose_nothing(seed: int) -> None:
    chance = random.Random(seed)

    async def killing(call: SimulatedCall) -> None:
        while True:
            await after(call, chance.uniform(0.1, 25))
            call.kill()

    call = played(plan(chance.choice([7, 20, float("inf")])), killing, seed=seed)
    assert_nothing_lost(call)


@pytest.mark.parametrize("seed", range(4))
def test_what_was_stored_and_not_published_before_a_crash_is_published_after_it(seed: int) -> None:
    """Killed a few ms after each write, when the listeners have not been told."""

    async def killing(call: SimulatedCall) -> None:
        chance = random.Random(seed)
        stored = 0
        while True:
            await after(call, 0.005)
            if len(call.utterances) > stored:
                stored = len(call.utterances)
                await after(call, chance.uniform(0, 0.02))
                call.kill()

    assert_nothing_lost(played(plan(), killing, seed=seed))


@pytest.mark.parametrize("seed", range(3))
def test_a_worker_that_lambda_gave_up_is_replaced_at_the_next_contact_event(seed: int) -> None:
    """Its own retries come too late to count, and find the call taken or over."""

    @dataclass
    class Workers:
        call: SimulatedCall

        def start(self, tenant: str, contact_id: str, generation: int, *, revivals: int = 0) -> None:
            self.call.start(generation)

    async def contact_events(call: SimulatedCall) -> None:
        ports = RevivePorts(Contacts(), call.stored, Workers(call), call.clock)
        await after(call, random.Random(seed).uniform(5, 12))
        call.kill()
        assert not revive_abandoned(call.contact, ports), "its lease is alive still, and its retry may come"
        await after(call, (2 * LEASE_MS + 1) / 1000)
        assert revive_abandoned(call.contact, ports)
        await after(call, 3)
        assert not revive_abandoned(call.contact, ports), "it is heard again"

    class Contacts:
        def contact(self, tenant: str, contact_id: str) -> None:
            return None

    call = played(plan(retry_after_s=60), contact_events, seed=seed)
    assert_nothing_lost(call)
    assert [outcome.how for outcome in call.outcomes] == ["finished", "not-needed"]


def test_a_successor_that_dies_while_it_catches_up_is_replaced_before_it_is_needed() -> None:
    killed = 0

    async def killing(call: SimulatedCall) -> None:
        nonlocal killed
        while killed < 2:
            await after(call, 0.05)
            if len(call.workers) == 2:
                await after(call, 0.3)
                killed += call.workers[1].cancel()

    call = played(plan(15, retry_after_s=1_000), killing)
    assert killed == 2
    assert finals(call.utterances) == list(uncut())


def test_a_successor_may_find_its_predecessor_dead() -> None:
    async def killing(call: SimulatedCall) -> None:
        while len(call.workers) < 2:
            await after(call, 0.05)
        call.workers[0].cancel()

    assert_nothing_lost(played(plan(15), killing))


class Frozen:
    """A worker's process that the platform has stopped for a while, with all its timers and sockets."""

    def __init__(self, inner: Clock) -> None:
        self._inner = inner
        self.awake = asyncio.Event()
        self.awake.set()

    def now_ms(self) -> float:
        return self._inner.now_ms()

    def monotonic_ms(self) -> float:
        return self._inner.monotonic_ms()

    async def sleep_ms(self, duration_ms: float) -> None:
        await self._inner.sleep_ms(duration_ms)
        await self.awake.wait()

    def source(self, inner: AudioSource) -> AudioSource:
        frozen = self

        class FrozenAudioStream:
            def __init__(self, stream) -> None:
                self._stream = stream

            def __getattr__(self, name: str):
                return getattr(self._stream, name)

            async def __aiter__(self) -> AsyncIterator[StereoChunk]:
                async for chunk in self._stream:
                    await frozen.awake.wait()
                    yield chunk

        class FrozenAudioSource:
            @asynccontextmanager
            async def open(self, contact: Contact, resumption: Resumption):
                async with inner.open(contact, resumption) as stream:
                    yield FrozenAudioStream(stream)

        return FrozenAudioSource()


@pytest.mark.parametrize("asleep_s", [16, 25, 45])
def test_a_zombie_that_wakes_up_writes_not_a_word(asleep_s: float) -> None:
    async def main() -> SimulatedCall:
        call = SimulatedCall(plan())
        awake, frozen = call.ports, Frozen(VirtualClock())
        session = replace(awake.session, clock=frozen)
        call.ports = replace(awake, session=session, source=frozen.source(awake.source))

        async def sleeping(_: SimulatedCall) -> None:
            await after(call, 20)
            frozen.awake.clear()
            call.start(1, ports=awake)
            await after(call, asleep_s)
            frozen.awake.set()

        await call.run(sleeping)
        return call

    call = run_virtually(main)
    assert sorted(outcome.how for outcome in call.outcomes) == ["finished", "superseded"]
    assert_nothing_lost(call)


def test_a_worker_whose_lease_is_taken_stops_within_one_renewal() -> None:
    stopped_ms = 0.0

    async def robbing(call: SimulatedCall) -> None:
        nonlocal stopped_ms
        await after(call, 30)
        taken = call.stored.take("harbour_bank", "simulated", Takeover("thief", 9), now_ms=call.clock.now_ms())
        assert taken is not None
        began_ms = call.clock.monotonic_ms()
        while call.workers:
            await after(call, 0.1)
        stopped_ms = call.clock.monotonic_ms() - began_ms

    call = played(plan(), robbing)
    assert 0 < stopped_ms <= 5_600
    assert call.outcomes[0].how == "superseded"
    assert call.utterances[-1].end_ms < 31_000


class FailingLeases:
    """A store that cannot be reached between two moments."""

    def __init__(self, inner: Leases, clock: Clock, gone_ms: tuple[float, float]) -> None:
        self._inner, self._clock, self._gone_ms = inner, clock, gone_ms

    def _there(self) -> Leases:
        if self._gone_ms[0] <= self._clock.monotonic_ms() < self._gone_ms[1]:
            raise StorageGone("for a while")
        return self._inner

    def take(self, tenant: str, contact_id: str, wanted: Takeover, *, now_ms: float) -> Lease | None:
        return self._there().take(tenant, contact_id, wanted, now_ms=now_ms)

    def current(self, tenant: str, contact_id: str) -> Lease | None:
        return self._there().current(tenant, contact_id)

    def renew(self, lease: Lease, *, now_ms: float) -> Lease:
        return self._there().renew(lease, now_ms=now_ms)

    def commit(self, lease: Lease, utterance: Utterance, checkpoint: Checkpoint) -> Lease:
        return self._there().commit(lease, utterance, checkpoint)

    def committed_after(self, lease: Lease, seq: int) -> list[Utterance]:
        return self._there().committed_after(lease, seq)

    def release(self, lease: Lease) -> None:
        self._there().release(lease)


class StorageGone(Retryable):
    pass


@pytest.mark.parametrize(("gone_s", "crashes"), [(3, False), (20, True)])
def test_a_store_that_is_gone_for_a_while_loses_nothing(gone_s: float, crashes: bool) -> None:
    async def main() -> SimulatedCall:
        call = SimulatedCall(plan())
        leases = FailingLeases(call.stored, call.clock, (20_000, 20_000 + gone_s * 1000))
        call.ports = replace(call.ports, session=replace(call.ports.session, leases=leases))
        await call.run()
        return call

    call = run_virtually(main)
    assert_nothing_lost(call)
    assert [type(error) for error in call.errors][:1] == ([StorageGone] if crashes else [])


def test_a_recogniser_that_fails_for_good_ends_the_worker_with_its_own_error() -> None:
    async def main() -> SimulatedCall:
        call = SimulatedCall(plan())
        refused = DroppingRecogniser(TranscriptRecogniser(lambda contact_id: call.plan.transcript), [0, 0, 0])
        steady = FailoverRecogniser([refused], clock=call.clock, retry=RetryPolicy(most_failures=3))
        call.ports = replace(call.ports, recogniser=steady)
        await call.run()
        return call

    call = run_virtually(main)
    assert [(type(error), str(error)) for error in call.errors] == [(RecogniserUnavailable, "refused")]
    assert finals(call.utterances) == list(uncut()), "the retry carried on from the checkpoint"


@pytest.mark.parametrize("seed", range(3))
def test_providers_that_drop_while_workers_hand_over_lose_nothing(seed: int) -> None:
    chance = random.Random(seed)
    drops = [chance.randrange(0, 120) for _ in range(40)]
    call = played(plan(11), seed=seed, recogniser=lambda inner: DroppingRecogniser(inner, drops))
    assert_nothing_lost(call)


def test_connections_to_the_stream_that_drop_while_workers_hand_over_lose_nothing() -> None:
    async def dropping(call: SimulatedCall) -> None:
        while True:
            await after(call, 3.7)
            call.stream.drop_connections()

    assert_nothing_lost(played(plan(11), dropping))


def test_the_contacts_end_is_noticed_although_its_stream_stays_open() -> None:
    async def main() -> float:
        call = SimulatedCall(plan())
        call.ports = replace(
            call.ports,
            known_by_now=lambda contact: (
                KnownByNow(float("inf")) if call.clock.monotonic_ms() > SECONDS * 1000 else KnownByNow()
            ),
        )
        call.stream.end = lambda: None  # type: ignore[method-assign]
        await call.run()
        assert_nothing_lost(call)
        return call.clock.monotonic_ms()

    assert run_virtually(main) < (SECONDS + 12) * 1000, "30 s of quiet were waited for"


def test_ticks_say_how_far_the_call_is() -> None:
    call = played(plan(20))
    times = [tick.call_time_ms for tick in call.sink.ticks]
    assert times[-1] >= SECONDS * 1000 - 100
    assert call.sink.ticks[-1].last_seq == len(uncut())
    assert call.contact.media_started_at_ms == STARTED_MS
