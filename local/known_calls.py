"""A recogniser for the calls of which nobody has said what is spoken, and their transcripts for those of which somebody
has: more calls can then be played at once than a machine can recognise."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from local.audible_words import OnlyAudible
from sotto.recognition.adapters.transcript import TranscriptRecogniser
from sotto.recognition.recogniser import Recogniser, RecogniserStream, Session


class WhereUnknown:
    """``transcript_of`` a contact id: where it would be."""

    def __init__(self, recogniser: Recogniser, transcript_of: Callable[[str], Path]) -> None:
        self.name = recogniser.name
        self.languages = recogniser.languages
        self._recogniser = recogniser
        self._transcripts = OnlyAudible(TranscriptRecogniser(transcript_of))
        self._transcript_of = transcript_of

    def open(self, session: Session) -> AbstractAsyncContextManager[RecogniserStream]:
        is_known = self._transcript_of(session.contact_id).exists()
        return (self._transcripts if is_known else self._recogniser).open(session)
