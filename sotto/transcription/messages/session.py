"""The transcript of a chat: the same road as a call's, for words that come as whole messages, late or twice."""

from __future__ import annotations

from collections.abc import Iterator

from sotto.call.transcript_result import TranscriptResult
from sotto.call.utterance import Utterance
from sotto.consent.gate import ConsentGate
from sotto.redaction.redactor import Redacted
from sotto.transcription.messages.placed_redactor import PlacedRedactor
from sotto.transcription.messages.segmenter import MessageSegmenter
from sotto.transcription.ports import Stamps
from sotto.transcription.session import TranscriptSession


class MessageSession(TranscriptSession):
    """``result_id`` of a message is the idempotency key, and its utterance's id. Messages are numbered as they come,
    and stand in the transcript by their time."""

    _redactor: PlacedRedactor
    _segmenter: MessageSegmenter

    async def accept(self, result: TranscriptResult) -> None:
        if self._segmenter.message(result.result_id) is None:
            await super().accept(result)

    def _new_redactor(self, gate: ConsentGate) -> PlacedRedactor:
        return PlacedRedactor(gate)

    def _new_segmenter(self) -> MessageSegmenter:
        return MessageSegmenter(self.contact.tenant, self.contact.contact_id)

    async def _resumed_segmenter(self) -> MessageSegmenter:
        return MessageSegmenter(self.contact.tenant, self.contact.contact_id, await self.lease.committed())

    def _fresh(self, redacted: Redacted) -> Redacted:
        """Late is not doubled."""
        return redacted

    async def _segment(self, redacted: Redacted, stamps: Stamps) -> None:
        """What a late question makes private is masked before the question is committed: else a repeated record would
        find the question known, and leave the answers as they are."""
        for amended in list(self._amended_by(redacted.result)):
            await self.lease.amend(amended)
            self._outbox.interim(amended)
        await super()._segment(redacted, stamps)

    def _amended_by(self, late: TranscriptResult) -> Iterator[Utterance]:
        for message_id in self._redactor.after(late):
            message = self._segmenter.message(message_id)
            again = self._redactor.again(message) if message is not None else None
            if message is None or again is None:
                return
            amended = self._segmenter.amended(message, again)
            if amended is not None:
                yield amended

    def _committed(self, numbered: Utterance) -> None:
        self._segmenter.committed(numbered)
