"""Unit: a provider that is down is not tried first by each new call."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache

import pytest

from sotto.call.contact import Speaker
from sotto.call.language import EVERY_LANGUAGE, LanguageSet
from sotto.core.circuit_breaker import CircuitBreaker
from sotto.recognition.adapters.transcript import TranscriptRecogniser
from sotto.recognition.failover import FailoverRecogniser, Reopened
from sotto.recognition.recogniser import (
    LanguageNotRecognised,
    Recogniser,
    RecogniserRefused,
    RecogniserStream,
    Session,
    SessionOver,
)
from tests.contract.ports.recogniser_contract import TRANSCRIPT, call_chunks, finals, recognised
from tests.fakes.dropping_recogniser import DroppingRecogniser
from tests.fakes.turned_clock import TurnedClock


def any_provider(name: str = "transcript") -> TranscriptRecogniser:
    provider = TranscriptRecogniser(lambda contact_id: TRANSCRIPT)
    provider.name = name
    return provider


class Process:
    """What the calls of one process share."""

    def __init__(self, *providers: Recogniser) -> None:
        self.clock = TurnedClock()
        self.reopened: list[Reopened] = []
        self.breaker_of = cache(lambda name: CircuitBreaker(self.clock, failures=3, open_ms=30_000))
        self._providers = providers

    async def call(self) -> bool:
        """Whether the agent's first turn was understood."""
        failover = FailoverRecogniser(
            self._providers, clock=self.clock, breaker_of=self.breaker_of, on_reopen=self.reopened.append
        )
        return bool(finals(await recognised(failover, call_chunks(0, 7_000)), Speaker.AGENT))


async def test_after_three_failures_new_calls_begin_with_the_next_provider() -> None:
    down = DroppingRecogniser(any_provider(), [0] * 50)
    process = Process(down, any_provider("second"))
    for _ in range(6):
        assert await process.call()
    assert len(down.offsets_ms) == 3


async def test_a_provider_that_is_well_again_is_preferred_again_after_a_probe() -> None:
    recovering = DroppingRecogniser(any_provider(), [0] * 3)
    process = Process(recovering, any_provider("second"))
    for _ in range(3):
        await process.call()
    process.clock.time_ms += 30_000
    before = len(recovering.offsets_ms)
    for _ in range(3):
        assert await process.call()
    assert len(recovering.offsets_ms) == before + 3 and len(process.reopened) == 3


async def test_sockets_that_drop_in_mid_call_do_not_open_the_circuit_while_words_come() -> None:
    dropping = DroppingRecogniser(any_provider(), [30, 30, 30, 30, 30])
    process = Process(dropping, any_provider("second"))
    for _ in range(5):
        assert await process.call()
    assert {lost.provider for lost in process.reopened} == {"dropping transcript"}
    assert process.breaker_of("dropping transcript").admits()


async def test_when_every_provider_is_down_the_call_is_still_tried() -> None:
    one, other = DroppingRecogniser(any_provider(), [0] * 3), DroppingRecogniser(any_provider("b"), [0] * 3)
    process = Process(one, other)
    assert await process.call()


class RefusingRecogniser:
    name = "refusing"
    languages = EVERY_LANGUAGE

    def __init__(self, error: Exception, times: int = 100) -> None:
        self.asked = 0
        self._error = error
        self._times = times
        self._inner = any_provider()

    def open(self, session: Session) -> AbstractAsyncContextManager[RecogniserStream]:
        return self._opened(session)

    @asynccontextmanager
    async def _opened(self, session: Session) -> AsyncIterator[RecogniserStream]:
        self.asked += 1
        if self.asked <= self._times:
            raise self._error
        async with self._inner.open(session) as stream:
            yield stream


async def test_a_provider_that_does_not_take_such_a_call_is_asked_once() -> None:
    refusing = RefusingRecogniser(RecogniserRefused("language"))
    process = Process(refusing, any_provider("second"))
    assert await process.call() and refusing.asked == 1
    with pytest.raises(ExceptionGroup) as raised:
        await Process(refusing).call()
    assert raised.group_contains(RecogniserRefused, match="language")


async def test_a_session_that_is_over_is_no_failure_of_its_provider() -> None:
    process = Process(RefusingRecogniser(SessionOver("4 hours"), times=9))
    assert await process.call()
    assert process.breaker_of("refusing").admits()


def speaking(name: str, *tags: str) -> TranscriptRecogniser:
    provider = any_provider(name)
    provider.languages = LanguageSet(tags)
    return provider


async def test_a_session_goes_to_the_first_provider_that_knows_its_language() -> None:
    english, german = speaking("english", "en"), speaking("german", "de-DE")
    failover = FailoverRecogniser([english, german], clock=TurnedClock())
    opened: list[str] = []
    for provider in (english, german):
        provider.open = noting(provider, opened)
    async with failover.open(Session("bank", "c1", "de-AT")) as stream:
        await stream.finish()
        assert [event async for event in stream] == []
    assert opened == ["german"]


async def test_no_provider_makes_nonsense_of_a_language_that_it_does_not_know() -> None:
    failover = FailoverRecogniser([speaking("english", "en")], clock=TurnedClock())
    assert "de-DE" not in failover.languages
    with pytest.raises(LanguageNotRecognised, match="'de'"):
        async with failover.open(Session("bank", "c1", "de-DE")):
            pass


def noting(provider: TranscriptRecogniser, opened: list[str]):
    inner = provider.open

    def open(session: Session) -> AbstractAsyncContextManager[RecogniserStream]:
        opened.append(provider.name)
        return inner(session)

    return open
