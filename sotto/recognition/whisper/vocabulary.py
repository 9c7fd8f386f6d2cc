"""A Whisper model's tokens: those that steer it, and text in between."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from sotto.recognition.whisper.weights import WeightsMistaken

_DIGITS_AND_CURRENCIES = "0123456789$£€%"


class Vocabulary:
    """``folder``: a model converted for CTranslate2, with vocabulary.txt or vocabulary.json, and tokenizer.json where
    words are to be encoded. Raises WeightsMistaken."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.tokens = _tokens(folder)
        self._ids = {token: n for n, token in enumerate(self.tokens)}
        self.end = self._special("<|endoftext|>")
        self.start = self._special("<|startoftranscript|>")
        self.previous = self._special("<|startofprev|>")
        self.no_timestamps = self._special("<|notimestamps|>")
        self._tokenizer: Any = None

    @property
    def numerals(self) -> list[int]:
        """Tokens that hold digits and currency signs."""
        return [n for n, token in enumerate(self.tokens[: self.end]) if any(c in _DIGITS_AND_CURRENCIES for c in token)]

    def opening(self, language: str | None) -> list[int]:
        """What a transcript begins with; ``language`` is None for a model that knows English alone."""
        if language is None:
            return [self.start]
        return [self.start, self._special(f"<|{language}|>"), self._special("<|transcribe|>")]

    def languages(self) -> tuple[str, ...]:
        """The codes between <|startoftranscript|> and <|translate|>."""
        first, last = self.start + 1, self._special("<|translate|>")
        return tuple(token.strip("<|>") for token in self.tokens[first:last])

    def word(self, word: str) -> int:
        """A word, or a mark, that is one token. Raises KeyError."""
        return self._ids[f"Ġ{word}" if word.isalpha() else word]

    def encoded(self, text: str) -> list[int]:
        """Raises WeightsMistaken where the model came without its tokenizer."""
        if self._tokenizer is None:
            from tokenizers import Tokenizer

            path = self._folder / "tokenizer.json"
            if not path.is_file():
                raise WeightsMistaken(f"{path} is missing: it is needed to give the model words")
            self._tokenizer = Tokenizer.from_file(str(path))
        found: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return found

    def begins_word(self, token: int) -> bool:
        return self.tokens[token].startswith("Ġ")

    def text_of(self, tokens: list[int]) -> str:
        return text_of([self.tokens[token] for token in tokens])

    def _special(self, token: str) -> int:
        try:
            return self._ids[token]
        except KeyError:
            raise WeightsMistaken(f"{self._folder}: its vocabulary has no {token}; is it a Whisper model?") from None


def _tokens(folder: Path) -> list[str]:
    try:
        if (listed := folder / "vocabulary.txt").is_file():
            return listed.read_text("utf-8").split("\n")
        import json

        found: list[str] = json.loads((folder / "vocabulary.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsMistaken(f"{folder}: neither vocabulary.txt nor vocabulary.json can be read") from error
    return found


@cache
def _byte_of_character() -> dict[str, int]:
    """GPT-2 writes each byte of a token as one printable character."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    found = {chr(byte): byte for byte in printable}
    others = [byte for byte in range(256) if byte not in printable]
    return {**found, **{chr(256 + n): byte for n, byte in enumerate(others)}}


def text_of(tokens: list[str]) -> str:
    byte_of = _byte_of_character()
    return bytes(byte_of[character] for token in tokens for character in token).decode("utf-8", "replace")
