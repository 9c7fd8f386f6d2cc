"""A recogniser that outlives its provider's sockets: audio without a final result is replayed to the next session."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace

from sotto.call.language import LanguageSet, primary
from sotto.call.transcript_result import TranscriptResult
from sotto.core.circuit_breaker import CircuitBreaker
from sotto.core.clock import Clock
from sotto.media.stereo import StereoChunk
from sotto.recognition.dedupe_replay import dedupe_replay
from sotto.recognition.provider_selector import ProviderSelector
from sotto.recognition.recogniser import (
    FailoverStream,
    LanguageNotRecognised,
    Recogniser,
    RecogniserRefused,
    RecogniserStream,
    RecogniserUnavailable,
    Session,
    SessionOver,
)
from sotto.recognition.replay_buffer import ReplayBuffer, RetryPolicy

RESULTS_WAITING = 512
_ENDED = None


@dataclass(frozen=True, slots=True)
class Reopened:
    """For the log and the metric: which provider was lost, why, and how much audio is sent again."""

    provider: str
    reason: str
    replayed_ms: float
    failures: int


class FailoverRecogniser:
    """Several providers behind the Protocol of one, the preferred first; a session goes to those that know its
    language.

    ``on_result`` is given a provider's name and each of its results that is no replay. ``breaker_of`` gives the circuit
    breaker of a provider's name, shared by the calls of a process: a provider that is down is not the first that each
    new call tries.
    """

    def __init__(
        self,
        providers: Sequence[Recogniser],
        *,
        clock: Clock,
        retry: RetryPolicy | None = None,
        on_reopen: Callable[[Reopened], None] = lambda reopened: None,
        on_result: Callable[[str, TranscriptResult], None] = lambda provider, result: None,
        breaker_of: Callable[[str], CircuitBreaker] | None = None,
    ) -> None:
        if not providers:
            raise ValueError("providers: give at least one recogniser")
        self._providers = list(providers)
        self._clock = clock
        self._retry = retry or RetryPolicy()
        self._on_reopen = on_reopen
        self._on_result = on_result
        self._breaker_of = breaker_of or (lambda name: CircuitBreaker(clock))
        self.name = "+".join(provider.name for provider in providers)
        self.languages = LanguageSet.joined(provider.languages for provider in providers)

    def open(self, session: Session) -> AbstractAsyncContextManager[FailoverStream]:
        return self._opened(session)

    @asynccontextmanager
    async def _opened(self, session: Session) -> AsyncIterator[FailoverStream]:
        able = [provider for provider in self._providers if session.language in provider.languages]
        if not able:
            raise LanguageNotRecognised(f"{self.name}: no recogniser knows {primary(session.language)!r}")
        selector = ProviderSelector(able, self._breaker_of, tries_each=self._retry.tries_each)
        stream = _FailoverStream(session, selector, self._clock, self._retry, self._on_reopen, self._on_result)
        driver = asyncio.create_task(stream.drive())
        try:
            yield stream
        finally:
            driver.cancel()
            await asyncio.gather(driver, return_exceptions=True)


class _FailoverStream:
    def __init__(
        self,
        session: Session,
        selector: ProviderSelector,
        clock: Clock,
        retry: RetryPolicy,
        on_reopen: Callable[[Reopened], None],
        on_result: Callable[[str, TranscriptResult], None],
    ) -> None:
        self._session = session
        self._selector = selector
        self._clock = clock
        self._retry = retry
        self._on_reopen = on_reopen
        self._on_result = on_result
        self._buffer = ReplayBuffer(retry, session.offset_ms)
        self._changed = asyncio.Condition()
        self._results: asyncio.Queue[TranscriptResult | None] = asyncio.Queue(RESULTS_WAITING)
        self._untaken: deque[float] = deque()
        self._connected = False
        self._finished = False
        self._sessions = 0
        self._failures = 0
        self._error: BaseException | None = None

    @property
    def needed_from_ms(self) -> float:
        return min([self._buffer.start_ms, *self._untaken])

    async def send(self, chunk: StereoChunk) -> None:
        async with self._changed:
            await self._changed.wait_for(self._has_room)
            if self._error:
                raise self._error
            self._buffer.add(chunk)
            self._changed.notify_all()

    async def finish(self) -> None:
        async with self._changed:
            self._finished = True
            self._changed.notify_all()

    async def __aiter__(self) -> AsyncIterator[TranscriptResult]:
        while (event := await self._results.get()) is not _ENDED:
            yield event
            self._untaken.popleft()
        if self._error:
            raise self._error

    async def drive(self) -> None:
        """One provider session after another until the call's last final is out."""
        try:
            while not await self._one_session():
                await self._clock.sleep_ms(self._retry.wait_ms(self._failures))
        except Exception as error:
            # Handed to whoever sends or reads, so that it is raised where the call is handled.
            self._error = error
        async with self._changed:
            self._changed.notify_all()
        await self._results.put(_ENDED)

    def _has_room(self) -> bool:
        limit_ms = self._retry.unsent_ms if self._connected else self._retry.kept_ms
        return self._error is not None or self._buffer.unsent_ms < limit_ms

    async def _one_session(self) -> bool:
        """True when the provider has given every final. Raises RecogniserUnavailable when patience is at its end, and
        RecogniserRefused when no provider takes the call."""
        self._sessions += 1
        with self._selector.next(self._failures) as (provider, attempt):
            try:
                async with provider.open(replace(self._session, offset_ms=self._buffer.start_ms)) as stream:
                    self._connected = True
                    await _both(self._pump(stream), self._collect(stream, provider.name, attempt.answered))
                return True
            except SessionOver as error:
                self._lost(provider, error)
                return False
            except RecogniserUnavailable as error:
                attempt.failed()
                self._failures += 1
                self._lost(provider, error)
                if self._failures >= self._retry.most_failures:
                    raise
                return False
            except RecogniserRefused as error:
                # Asking again is useless: the others may still take the call.
                self._lost(provider, error)
                self._selector.leave_out(provider, error)
                return False
            finally:
                self._connected = False

    def _lost(self, provider: Recogniser, error: Exception) -> None:
        self._buffer.rewind()
        self._on_reopen(Reopened(provider.name, str(error), self._buffer.unsent_ms, self._failures))

    async def _pump(self, stream: RecogniserStream) -> None:
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: self._buffer.unsent_ms or self._finished)
                if not self._buffer.unsent_ms:
                    break
                chunk = self._buffer.next_unsent(self._clock.monotonic_ms())
                self._buffer.trim()
                self._changed.notify_all()
            await stream.send(chunk)
        await stream.finish()

    async def _collect(self, stream: RecogniserStream, provider: str, answered: Callable[[], None]) -> None:
        async for event in stream:
            self._failures = 0
            answered()
            if fresh := dedupe_replay(event, self._buffer.final_ms[event.speaker]):
                # Ids of two sessions must not meet: a final would seem to be followed by interims.
                self._untaken.append(fresh.start_ms)
                self._on_result(provider, fresh)
                await self._results.put(replace(fresh, result_id=f"{self._sessions}-{fresh.result_id}"))
                self._buffer.acknowledge(fresh)
        if not self._finished or self._buffer.unsent_ms:
            raise RecogniserUnavailable("the provider ended the session before the call ended")


async def _both(*halves: object) -> None:
    """Run the two halves of a session; the first loss ends both and is raised as itself."""
    try:
        async with asyncio.TaskGroup() as tasks:
            for half in halves:
                tasks.create_task(half)  # type: ignore[arg-type]
    except BaseExceptionGroup as group:
        for kind in (RecogniserRefused, SessionOver, RecogniserUnavailable):
            lost = group.subgroup(kind)
            if lost is not None and group.split((RecogniserRefused, RecogniserUnavailable))[1] is None:
                raise kind(str(_first(lost))) from group
        raise


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    inner = group.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner
