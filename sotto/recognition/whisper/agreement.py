"""What two passes over growing speech agree on (LocalAgreement-2: Macháček et al. 2023, "Turning Whisper into
Real-Time Transcription System"): the last words of a pass are a guess at half-heard sound; those that the next pass
says again, seldom change."""

from __future__ import annotations

from sotto.recognition.whisper.engine import Spoken

SURE = 0.7
"""So confident a word is shown as the first of a stretch, without a second pass."""


class Agreement:
    def __init__(self) -> None:
        self._before: tuple[Spoken, ...] = ()
        self.shown: tuple[Spoken, ...] = ()
        """The last interim."""

    def update(self, words: tuple[Spoken, ...]) -> bool:
        """Whether there is a new interim. It never gets shorter: words are taken back by the final alone."""
        agreed = 0
        for before, now in zip(self._before, words, strict=False):
            if _sound(before.text) != _sound(now.text):
                break
            agreed += 1
        self._before = words
        found = words[: agreed if self.shown else max(agreed, _sure(words))]
        if agreed < len(self.shown) or [w.text for w in found] == [w.text for w in self.shown]:
            return False
        self.shown = found
        return True


def _sure(words: tuple[Spoken, ...]) -> int:
    """How many from the beginning the model is sure of; the last may be half a word."""
    doubtful = (n for n, word in enumerate(words[:-1]) if word.confidence < SURE)
    return next(doubtful, max(0, len(words) - 1))


def _sound(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())
