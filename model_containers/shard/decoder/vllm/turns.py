"""Whose text vLLM may write now, beside the others that it writes."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from model_containers.shard.decoder.engine import TooLate
from model_containers.shard.protocol.errors import NoRoom


class Turns:
    """Either texts with an adapter are written or texts without, never both at once. When one kind has ended, all that
    wait of the other begin together; who comes while the other kind waits, waits as well."""

    def __init__(self) -> None:
        self._running = {True: 0, False: 0}
        self._waiting: dict[bool, list[asyncio.Future[None]]] = {True: [], False: []}
        self._latest = False

    @asynccontextmanager
    async def of(self, adapted: bool, patience_s: float) -> AsyncIterator[None]:
        """Raises TooLate."""
        if self._running[not adapted] or self._waiting[not adapted]:
            await self._begun(adapted, patience_s)
        else:
            self._running[adapted] += 1
            self._latest = adapted
        try:
            yield
        finally:
            self._running[adapted] -= 1
            self._pass_on()

    async def _begun(self, adapted: bool, patience_s: float) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting[adapted].append(turn)
        try:
            async with asyncio.timeout(patience_s):
                await turn
        except BaseException as error:
            if not turn.cancelled():  # it was given just now
                self._running[adapted] -= 1
            elif turn in self._waiting[adapted]:
                self._waiting[adapted].remove(turn)
            self._pass_on()
            if isinstance(error, TimeoutError):
                raise TooLate("the deadline passed before the text was begun") from None
            raise

    def _pass_on(self) -> None:
        running = self._running[True] or self._running[False]
        kind = self._latest if running or not self._waiting[not self._latest] else not self._latest
        if running and self._waiting[not kind]:
            return
        begun, self._waiting[kind] = [turn for turn in self._waiting[kind] if not turn.done()], []
        for turn in begun:
            turn.set_result(None)
        self._running[kind] += len(begun)
        self._latest = kind


class Places:
    """vLLM's slots for adapters: no more different ones are written with at once than have a slot beside the pinned.

    Its scheduler counts the adapters of a batch, but not those that are pinned and not in it; a batch that then finds
    too few slots ends vLLM's process (0.32).
    """

    def __init__(self, slots: int) -> None:
        self._slots = slots
        self._holders: Counter[str] = Counter()
        self._pinned: set[str] = set()
        self._waiting: deque[tuple[str, asyncio.Future[None]]] = deque()

    @asynccontextmanager
    async def held(self, url: str, patience_s: float) -> AsyncIterator[None]:
        """In order of arrival, but who asks for a pinned adapter never waits. Raises TooLate, NoRoom."""
        if not self._slots:
            raise NoRoom("vLLM was started without slots for adapters: correct SOTTO_VLLM_ARGUMENTS")
        if url in self._pinned or (not self._waiting and self._fits(url)):
            self._holders[url] += 1
        else:
            await self._place(url, patience_s)
        try:
            yield
        finally:
            self._let_go(url)

    def pin(self, url: str) -> None:
        """Of an adapter that is held. One slot stays for the others. Raises NoRoom."""
        if len(self._pinned | {url}) >= self._slots:
            raise NoRoom(f"pinning {url} would leave no slot for the others: unpin one first")
        self._pinned.add(url)

    def unpin(self, url: str) -> None:
        self._pinned.discard(url)
        self._pass_on()

    def _fits(self, url: str) -> bool:
        taken = self._pinned | self._holders.keys()
        return url in taken or len(taken) < self._slots

    async def _place(self, url: str, patience_s: float) -> None:
        place = asyncio.get_running_loop().create_future()
        self._waiting.append((url, place))
        try:
            async with asyncio.timeout(patience_s):
                await place
        except BaseException as error:
            if not place.cancelled():  # it was given just now
                self._let_go(url)
            else:
                with suppress(ValueError):
                    self._waiting.remove((url, place))
                self._pass_on()
            if isinstance(error, TimeoutError):
                raise TooLate("the deadline passed before one of vLLM's slots was free") from None
            raise

    def _let_go(self, url: str) -> None:
        self._holders[url] -= 1
        if not self._holders[url]:
            del self._holders[url]
        self._pass_on()

    def _pass_on(self) -> None:
        while self._waiting and self._fits(self._waiting[0][0]):
            url, place = self._waiting.popleft()
            if not place.done():  # else it has given up
                self._holders[url] += 1
                place.set_result(None)
