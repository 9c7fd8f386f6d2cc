"""What the API keeps of requests, in memory."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sotto.api.rest.http import Response
from sotto.api.rest.ports import Standing, Write
from sotto.aws import keys


class RequestsInMemory:
    def __init__(self) -> None:
        self._made: Counter[tuple[str, str, int]] = Counter()

    def count(self, tenant: str, who: str, window: int, expires_at_s: int) -> int:
        keys.of_api_limit(tenant, who)
        self._made[tenant, who, window] += 1
        return self._made[tenant, who, window]


@dataclass
class Begun:
    digest: str
    began_at_ms: int
    until_ms: int
    answer: Response | None = None


class WritesInMemory:
    def __init__(self) -> None:
        self._begun: dict[tuple[str, str, str], Begun] = {}

    def begin(self, write: Write, now_ms: int, *, until_ms: int, lost_after_ms: int) -> Standing | Response:
        place = self._place(write)
        found = self._begun.get(place)
        if found is not None and found.until_ms > now_ms:
            if found.digest != write.digest:
                return Standing.OTHER
            if found.answer is not None:
                return found.answer
            if found.began_at_ms > now_ms - lost_after_ms:
                return Standing.UNDER_WAY
        self._begun[place] = Begun(write.digest, now_ms, until_ms)
        return Standing.FIRST

    def finish(self, write: Write, answer: Response) -> None:
        self._begun[self._place(write)].answer = answer

    def give_up(self, write: Write) -> None:
        self._begun.pop(self._place(write), None)

    @staticmethod
    def _place(write: Write) -> tuple[str, str, str]:
        keys.of_api_token(write.token)
        keys.of_api_write(write.tenant, write.who)
        return (write.tenant, write.who, write.token)
