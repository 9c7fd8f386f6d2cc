"""Each message of a chat is an utterance: nothing is joined, and its id says whether it came before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sotto.call.utterance import Utterance
from sotto.redaction.redactor import Redacted


class MessageSegmenter:
    """A Segmenter. ``known``: what is committed already."""

    def __init__(self, tenant: str, contact_id: str, known: Iterable[Utterance] = ()) -> None:
        self._tenant = tenant
        self._contact_id = contact_id
        self._known = {message.id: message for message in known}

    def message(self, message_id: str) -> Utterance | None:
        return self._known.get(message_id)

    def accept(self, redacted: Redacted) -> list[Utterance]:
        """Without a number, which it gets when it is committed. Nothing for one that is known, or was left no text."""
        result = redacted.result
        if not result.is_final or not result.text.strip() or result.result_id in self._known:
            return []
        start_ms = round(result.start_ms)
        made = Utterance(
            tenant=self._tenant,
            contact_id=self._contact_id,
            id=result.result_id,
            seq=0,
            speaker=result.speaker,
            start_ms=start_ms,
            end_ms=max(start_ms + 1, round(result.end_ms)),
            text=result.text,
            private=redacted.spans,
        )
        self._known[made.id] = made
        return [made]

    def committed(self, message: Utterance) -> None:
        """The message has its number."""
        self._known[message.id] = message

    def amended(self, message: Utterance, redacted: Redacted) -> Utterance | None:
        """The message with less shown; None where nothing changes."""
        text = redacted.result.text
        if not text or text == message.text:
            return None
        now = replace(message, text=text, private=redacted.spans)
        self._known[message.id] = now
        return now

    def close_paused(self, call_ms: float) -> list[Utterance]:
        return []

    def finish(self) -> list[Utterance]:
        return []

    def uncommitted_from_ms(self, call_ms: float) -> float:
        return call_ms
