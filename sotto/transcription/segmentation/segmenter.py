"""Finals joined into utterances: the unit that is stored, published and guided on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from sotto.call.contact import Speaker
from sotto.call.utterance import DoubtfulWord, PrivateSpan, Utterance
from sotto.redaction.masking import words_in_place
from sotto.redaction.redactor import Redacted
from sotto.transcription.segmentation.tidy import tidy

PAUSE_MS = 700
UNCOMMITTED_SLACK_MS = 3_000
"""How far a recogniser's first interim may lag behind the audio: what is older and silent needs no replay."""

DOUBTED_BELOW = 0.5
"""A word that the recogniser gives less is worth a second look; a clean line's mean is .87."""
STALE_INTERIM_MS = 10_000
"""An interim that no final follows in this time went down with its provider; it may not hold an utterance open."""


@dataclass(frozen=True, slots=True)
class CommittedSoFar:
    """What a checkpoint keeps: open speech is not in it, because a successor transcribes it again from the audio."""

    seq: int = 0
    committed_ms: Mapping[Speaker, int] = field(default_factory=dict)


class Segmenter(Protocol):
    """Makes utterances of redacted results. Closed ones are final; what grows is a view with ``seq`` 0."""

    def accept(self, redacted: Redacted) -> list[Utterance]: ...

    def close_paused(self, call_ms: float) -> list[Utterance]: ...

    def finish(self) -> list[Utterance]: ...

    def uncommitted_from_ms(self, call_ms: float) -> float: ...


@dataclass(frozen=True, slots=True)
class _Piece:
    start_ms: float
    end_ms: float
    text: str
    spans: tuple[PrivateSpan, ...]
    confidences: tuple[float, ...]
    doubtful: tuple[DoubtfulWord, ...]


class UtteranceSegmenter:
    """Joins one contact's redacted finals. Pure: feed it events and call time, take the utterances it returns.

    Each call returns closed utterances (``is_final``, with a ``seq``) and growing views of an open one (``seq`` 0). A
    view without a final takes its id from the interim's start, which a provider may still move, so a reader
    keeps at most one view per speaker and drops it when that speaker's utterance closes.
    """

    def __init__(
        self, tenant: str, contact_id: str, *, pause_ms: int = PAUSE_MS, resume: CommittedSoFar | None = None
    ) -> None:
        self._tenant = tenant
        self._contact_id = contact_id
        self._pause_ms = pause_ms
        so_far = resume or CommittedSoFar()
        self._seq = so_far.seq
        self._committed_ms: dict[Speaker, int] = dict(so_far.committed_ms)
        self._open: dict[Speaker, list[_Piece]] = {}
        self._interim: dict[Speaker, _Piece] = {}

    def accept(self, redacted: Redacted) -> list[Utterance]:
        """Take an interim or a final; a final that lies before what is already closed is a replay and is dropped."""
        event = redacted.result
        speaker = event.speaker
        if event.is_final:
            self._interim.pop(speaker, None)
        if not event.text.strip() or event.end_ms <= self._committed_ms.get(speaker, -1):
            return self._close([speaker]) if event.is_final and event.ends_speech else []
        piece = _piece(redacted)
        closed = self._close(s for s in self._order() if self._ends(s, speaker, piece, is_final=event.is_final))
        if event.is_final:
            self._open.setdefault(speaker, []).append(piece)
            return [*closed, *(self._close([speaker]) if event.ends_speech else [self._view(speaker)])]
        self._interim[speaker] = piece
        return [*closed, self._view(speaker)]

    def close_paused(self, call_ms: float) -> list[Utterance]:
        """Close what has been followed by a pause. ``call_ms``: call time up to which audio was sent."""
        for speaker, interim in list(self._interim.items()):
            if call_ms - interim.end_ms >= STALE_INTERIM_MS:
                del self._interim[speaker]
        return self._close(
            s for s in self._order() if s not in self._interim and call_ms - self._open[s][-1].end_ms >= self._pause_ms
        )

    def finish(self) -> list[Utterance]:
        """The call has ended: close everything; an interim that no final followed is dropped with its recogniser."""
        self._interim.clear()
        return self._close(self._order())

    def so_far(self) -> CommittedSoFar:
        """For the checkpoint: what is closed, and so safe to store and never to transcribe again."""
        return CommittedSoFar(self._seq, dict(self._committed_ms))

    def uncommitted_from_ms(self, call_ms: float) -> float:
        """Call time of the oldest sample that a successor must still read."""
        starts = [pieces[0].start_ms for pieces in self._open.values()]
        starts += [piece.start_ms for piece in self._interim.values()]
        return max(0.0, min([*starts, call_ms - UNCOMMITTED_SLACK_MS]))

    def _order(self) -> list[Speaker]:
        return sorted(self._open, key=lambda s: (self._open[s][0].start_ms, s))

    def _ends(self, open_speaker: Speaker, speaker: Speaker, piece: _Piece, *, is_final: bool) -> bool:
        """A pause before the same speaker goes on; or the other speaker's final, unless both talked at once."""
        end_ms = self._open[open_speaker][-1].end_ms
        if open_speaker == speaker:
            return piece.start_ms - end_ms >= self._pause_ms
        return is_final and piece.start_ms >= end_ms and open_speaker not in self._interim

    def _close(self, speakers: Iterable[Speaker]) -> list[Utterance]:
        closed = []
        for speaker in list(speakers):
            if pieces := self._open.pop(speaker, None):
                self._seq += 1
                closed.append(replace(self._joined(speaker, pieces), seq=self._seq, is_final=True))
                self._committed_ms[speaker] = max(self._committed_ms.get(speaker, 0), closed[-1].end_ms)
        return closed

    def _view(self, speaker: Speaker) -> Utterance:
        interim = self._interim.get(speaker)
        return self._joined(speaker, [*self._open.get(speaker, []), *([interim] if interim else [])])

    def _joined(self, speaker: Speaker, pieces: list[_Piece]) -> Utterance:
        text, moved = tidy((piece.text, (*piece.spans, *piece.doubtful)) for piece in pieces)
        # Speech that overlaps what is closed begins where that ended: two utterances of a speaker never share an id.
        start_ms = max(round(pieces[0].start_ms), self._committed_ms.get(speaker, 0))
        confidences = [c for piece in pieces for c in piece.confidences]
        return Utterance(
            tenant=self._tenant,
            contact_id=self._contact_id,
            id=f"{speaker}-{start_ms:08d}",
            seq=0,
            speaker=speaker,
            start_ms=start_ms,
            end_ms=max(start_ms + 1, *(round(piece.end_ms) for piece in pieces)),
            text=text,
            is_final=False,
            confidence=round(sum(confidences) / len(confidences), 3) if confidences else 1.0,
            private=tuple(span for span in moved if isinstance(span, PrivateSpan)),
            doubtful=tuple(span for span in moved if isinstance(span, DoubtfulWord)),
        )


def _piece(redacted: Redacted) -> _Piece:
    event = redacted.result
    confidences = tuple(word.confidence for word in event.words)
    return _Piece(event.start_ms, event.end_ms, event.text, redacted.spans, confidences, _doubtful(redacted))


def _doubtful(redacted: Redacted) -> tuple[DoubtfulWord, ...]:
    """Of a final, and of what no mask covers: interims change anyway, and a mask is no word of the recogniser's."""
    event = redacted.result
    if not event.is_final:
        return ()
    return tuple(
        DoubtfulWord(each.start, each.end, round(each.word.confidence, 2))
        for each in words_in_place(event.text, event.words) or ()
        if each.word.confidence < DOUBTED_BELOW
        and not any(span.start_char < each.end and each.start < span.end_char for span in redacted.spans)
    )
