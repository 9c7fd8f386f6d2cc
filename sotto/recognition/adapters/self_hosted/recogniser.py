"""A recogniser of one's own (model_containers/recogniser), reached through a link: one more provider."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

from sotto.call.language import LanguageSet
from sotto.call.transcript_result import TranscriptResult
from sotto.core.clock import Clock
from sotto.media.stereo import StereoChunk
from sotto.recognition.adapters.self_hosted.link import Link, Links
from sotto.recognition.recogniser import (
    RecogniserRefused,
    RecogniserStream,
    RecogniserUnavailable,
    Session,
    SessionOver,
)
from sotto.recognition.self_hosted import (
    IN_FLIGHT,
    MOST_WORDS,
    Kind,
    MessageMistaken,
    Refusal,
    Start,
    json_of,
    message,
    parts,
    read_result,
)

OPEN_WITHIN_MS = 3_000
ALIVE_EVERY_MS = 10_000
LAST_RESULTS_MS = 10_000
"""How long the last finals may take after the audio has ended."""
RESULTS_WAITING = 512
_ENDED = None


class SelfHostedRecogniser:
    """``languages``: what the model that is deployed knows; a container that does not know one refuses the session."""

    name = "self_hosted"

    def __init__(self, links: Links, *, clock: Clock, languages: LanguageSet) -> None:
        self._links = links
        self._clock = clock
        self.languages = languages

    def open(self, session: Session) -> AbstractAsyncContextManager[RecogniserStream]:
        return self._opened(session)

    @asynccontextmanager
    async def _opened(self, session: Session) -> AsyncIterator[RecogniserStream]:
        async with self._links.connect() as link:
            await link.send(_start(session).encoded())
            stream = _Stream(link, self._clock)
            tasks = [asyncio.create_task(stream.listen()), asyncio.create_task(stream.keep_alive())]
            try:
                await stream.wait_until_opened()
                yield stream
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)


class _Stream:
    def __init__(self, link: Link, clock: Clock) -> None:
        self._link = link
        self._clock = clock
        self._opened = asyncio.Event()
        self._credit = asyncio.Semaphore(IN_FLIGHT)
        # Full when nobody reads: then receipts are not read either, and send waits.
        self._results: asyncio.Queue[TranscriptResult | None] = asyncio.Queue(RESULTS_WAITING)
        self._finished = asyncio.Event()
        self._error: RecogniserUnavailable | RecogniserRefused | None = None
        self._sent_at_ms = clock.monotonic_ms()

    async def wait_until_opened(self) -> None:
        late = asyncio.create_task(self._clock.sleep_ms(OPEN_WITHIN_MS))
        opened = asyncio.create_task(self._opened.wait())
        try:
            await asyncio.wait((late, opened), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (late, opened):
                task.cancel()
            await asyncio.gather(late, opened, return_exceptions=True)
        if self._error is not None:
            raise self._error
        if not self._opened.is_set():
            raise RecogniserUnavailable("the self-hosted recogniser did not answer in time")

    async def send(self, chunk: StereoChunk) -> None:
        if not chunk.pcm:
            return
        await self._credit.acquire()
        if self._error is not None:
            self._credit.release()  # for whoever else waits
            raise self._error
        await self._send(message(Kind.AUDIO, chunk.pcm))

    async def finish(self) -> None:
        if self._error is not None:
            raise self._error
        self._finished.set()
        await self._send(message(Kind.FINISH))

    async def __aiter__(self) -> AsyncIterator[TranscriptResult]:
        while (result := await self._results.get()) is not _ENDED:
            yield result
        if self._error is not None:
            raise self._error

    async def keep_alive(self) -> None:
        """While no audio comes. After its end: give the recogniser so long, and no longer."""
        while not self._finished.is_set():
            quiet_ms = self._clock.monotonic_ms() - self._sent_at_ms
            if quiet_ms >= ALIVE_EVERY_MS:
                # A link that is lost is found by whoever sends or reads.
                with suppress(RecogniserUnavailable):
                    await self._send(message(Kind.ALIVE))
                quiet_ms = 0
            await self._clock.sleep_ms(ALIVE_EVERY_MS - quiet_ms)
        await self._clock.sleep_ms(LAST_RESULTS_MS)
        await self._end(RecogniserUnavailable("the self-hosted recogniser did not give its last results in time"))

    async def listen(self) -> None:
        """Until there is nothing more to come."""
        try:
            async for received in self._link:
                if await self._take(*parts(received)):
                    return await self._end(None)
            error: RecogniserUnavailable | RecogniserRefused = RecogniserUnavailable(
                "the self-hosted recogniser ended the session before the audio ended"
            )
        except (RecogniserUnavailable, RecogniserRefused) as lost:
            error = lost
        except MessageMistaken as mistaken:
            error = RecogniserUnavailable(f"the self-hosted recogniser sent a message of another shape: {mistaken}")
        await self._end(error)

    async def _take(self, kind: Kind, body: bytes) -> bool:
        """Whether it was the last. Raises what the message says."""
        match kind:
            case Kind.OPENED:
                self._opened.set()
            case Kind.RESULT:
                await self._results.put(read_result(body))
            case Kind.RECEIPT:
                for _ in range(_count(body)):
                    self._credit.release()
            case Kind.REFUSED:
                raise _refusal(body)
            case Kind.LEAVE:
                raise SessionOver("the recogniser's instance is being replaced")
            case Kind.FAILED:
                raise RecogniserUnavailable("the self-hosted recogniser failed")
            case Kind.DONE:
                return True
            case _:
                raise MessageMistaken(f"{kind.name} is not for a client")
        return False

    async def _end(self, error: RecogniserUnavailable | RecogniserRefused | None) -> None:
        if self._error is None:
            self._error = error
        self._opened.set()
        self._credit.release()  # wakes a send that waits, to find the error
        await self._results.put(_ENDED)

    async def _send(self, data: bytes) -> None:
        self._sent_at_ms = self._clock.monotonic_ms()
        await self._link.send(data)


def _start(session: Session) -> Start:
    return Start(session.offset_ms, session.language, (*session.names, *session.words)[:MOST_WORDS])


def _count(body: bytes) -> int:
    """Raises MessageMistaken."""
    if not body.isdigit() or int(body) > IN_FLIGHT:
        raise MessageMistaken("a receipt for more than was sent")
    return int(body)


def _refusal(body: bytes) -> RecogniserUnavailable | RecogniserRefused:
    """Raises MessageMistaken."""
    try:
        reason = Refusal(json_of(body)["reason"])
    except (KeyError, ValueError) as error:
        raise MessageMistaken("a refusal without a known reason") from error
    kind = RecogniserUnavailable if reason.is_passing else RecogniserRefused
    return kind(f"the self-hosted recogniser refused the session: {reason}")
