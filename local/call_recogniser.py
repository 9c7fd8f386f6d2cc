"""What transcribes the calls of the embedded stack: the chosen provider, or what a transcript beside a call says."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from local.audible_words import OnlyAudible
from local.known_calls import WhereUnknown
from local.options import Options
from local.spoken_part import transcript_from
from sotto.recognition.recogniser import Recogniser

if TYPE_CHECKING:
    from sotto.recognition.adapters.whisper.recogniser import WhisperRecogniser


class CallRecogniser:
    """``deployed(name)`` gives the recogniser that a function would have by that name."""

    def __init__(self, options: Options, scratch: Path, deployed: Callable[[str], Recogniser]) -> None:
        self._options = options
        self._scratch = scratch
        self._deployed = deployed

    def chosen(self) -> Recogniser:
        if self._options.provider is not None:
            return self._options.provider
        if self._options.recogniser != "embedded":
            found = self._deployed(self._options.recogniser)
            return OnlyAudible(found) if found.name == "transcript" else found
        return WhereUnknown(self._whisper, self._transcript_of)

    def of_recordings(self) -> list[Recogniser]:
        """What recordings are recognised by once more. Where calls are recognised here, nothing is read from a
        transcript: what is audible is what counts."""
        options = self._options
        is_here = options.recogniser == "embedded" and options.provider is None
        return [self._whisper] if is_here and options.recognises_recordings else [self.chosen()]

    def read(self, contact_id: str, source: Path, *, from_ms: int) -> None:
        """``source``: transcript of a call that is not recognised, but read, from ``from_ms`` on."""
        if from_ms:
            self._transcript_of(contact_id).write_text(transcript_from(source, from_ms), encoding="utf-8")
        else:
            shutil.copyfile(source, self._transcript_of(contact_id))

    def warm(self) -> None:
        if self._options.recogniser == "embedded":
            self._whisper.prestart()

    def close(self) -> None:
        if "_whisper" in self.__dict__:
            self._whisper.close()

    def _transcript_of(self, contact_id: str) -> Path:
        return self._scratch / f"{contact_id}.jsonl"

    @cached_property
    def _whisper(self) -> WhisperRecogniser:
        from sotto.recognition.adapters.whisper.recogniser import WhisperRecogniser

        return WhisperRecogniser()
