"""A redactor for messages that may come late: each is read with what was expected at its place in time."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace

from pydantic import TypeAdapter, ValidationError

from sotto.call.transcript_result import TranscriptResult
from sotto.call.utterance import Utterance
from sotto.core.validation import silent
from sotto.redaction.redactor import Redacted, Redactor
from sotto.redaction.withheld import MEMORY_NOT_READ, log_failure

PLACES_KEPT = 64
"""Messages. One that comes later than so many after it is read as if it were the first."""
REACH = 8
"""A question is remembered for so many messages (sotto.redaction.expectation), so no more are read again."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A message, and what the redactor expects after it; empty: nothing."""

    at_ms: float
    id: str
    memory: str


_PLACES: TypeAdapter[list[_Place]] = silent(list[_Place])


class PlacedRedactor:
    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._nothing = redactor.memory()
        self._places: list[_Place] = []

    def begin_with(self, memory: str) -> None:
        try:
            self._places = _PLACES.validate_json(memory) if memory else []
        except ValidationError as error:  # of another release
            log_failure(MEMORY_NOT_READ, error)

    def redact(self, result: TranscriptResult) -> Redacted:
        """Its id is the utterance's. A message that is read twice leaves one trace."""
        self._places = [place for place in self._places if place.id != result.result_id]
        index = bisect_left(self._places, (result.start_ms, result.result_id), key=_order)
        redacted, memory = self._read(result, self._before(index))
        self._places.insert(index, _Place(result.start_ms, result.result_id, memory))
        self._places = self._places[-PLACES_KEPT:]
        return redacted

    def after(self, result: TranscriptResult) -> list[str]:
        """Ids of the messages that were read without knowing of ``result``, and may have to be read again."""
        index = self._index(result.result_id)
        if index is None or self._places[index].memory == self._before(index):
            return []
        return [place.id for place in self._places[index + 1 : index + 1 + REACH]]

    def again(self, message: Utterance) -> Redacted | None:
        """What is left of a message with what is expected at its place by now; None for one that was masked already:
        what followed from that is known. Masks stay, so that nothing is shown that was hidden."""
        index = self._index(message.id)
        if index is None or message.private:
            return None
        redacted, memory = self._read(_result(message), self._before(index))
        self._places[index] = replace(self._places[index], memory=memory)
        return redacted

    def latest_memory(self) -> str:
        return _PLACES.dump_json(self._places).decode()

    def memory_at(self, call_ms: float) -> str:
        return self.latest_memory()

    def _read(self, result: TranscriptResult, before: str) -> tuple[Redacted, str]:
        self._redactor.remember(before or self._nothing)
        redacted = self._redactor.redact(result)
        memory = self._redactor.memory()
        return redacted, "" if memory == self._nothing else memory

    def _before(self, index: int) -> str:
        return self._places[index - 1].memory if index else ""

    def _index(self, message_id: str) -> int | None:
        return next((index for index, place in enumerate(self._places) if place.id == message_id), None)


def _order(place: _Place) -> tuple[float, str]:
    return (place.at_ms, place.id)


def _result(message: Utterance) -> TranscriptResult:
    return TranscriptResult(
        message.speaker, message.id, message.start_ms, message.end_ms, message.text, is_final=True, ends_speech=True
    )
