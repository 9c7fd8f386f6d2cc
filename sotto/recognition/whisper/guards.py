"""What Whisper says although nobody has: loops, and words for silence, noise and music. Pure functions of words."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sotto.recognition.whisper.engine import Passage, Spoken
from sotto.redaction.detectors.en.number_words import SOUND_ALIKES, TEENS, TENS, UNITS

LONGEST_UNIT = 12
MOST_ALIKE = 5
"""The same word more often than this in a row is read again in pieces."""
LEAST_LOG_PROBABILITY = -1.0
LEAST_CONFIDENCE = 0.35
SURELY_SILENCE, DOUBTFUL_LOG_PROBABILITY = 0.6, -0.6
DIGITS_A_SECOND = 6.0
NUMBER_WORDS = 4
_DIGIT_WORDS = frozenset({*UNITS, "oh"})
_NUMBER_WORDS = frozenset({*UNITS, *TEENS, *TENS, "oh", "hundred", "double", "triple"})
_BEFORE_A_NUMBER = frozenset("is number are it's that's numbers digits code's number's".split())
_DIGITS = {"0": "zero", "1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "8": "eight",
           "9": "nine"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loop:
    """``length`` words from ``start``, said ``times`` in a row."""

    start: int
    length: int
    times: int


def bare(text: str) -> str:
    return text.lower().strip(" .,!?;:-…\"'")


def loops_in(words: tuple[Spoken, ...]) -> list[Loop]:
    """A phrase of four words or more said twice in a row, of two or three said four times, a word six times."""
    texts = [bare(word.text) for word in words]
    found: list[Loop] = []
    at = 0
    while at < len(texts):
        loop = next((each for n in range(1, LONGEST_UNIT + 1) if (each := _loop_at(texts, at, n))), None)
        if loop:
            found.append(loop)
        at += loop.length * loop.times if loop else 1
    return found


def _loop_at(texts: list[str], at: int, length: int) -> Loop | None:
    unit = texts[at : at + length]
    times = 1
    while texts[at + times * length : at + (times + 1) * length] == unit:
        times += 1
    needed = MOST_ALIKE + 1 if length == 1 else 4 if length < 4 else 2
    return Loop(at, length, times) if len(unit) == length and times >= needed else None


def unlooped(words: tuple[Spoken, ...], seconds: float) -> tuple[Spoken, ...]:
    """For speech that cannot be read in pieces: a repeated phrase once; digits as many as can be said in the time."""
    for loop in reversed(loops_in(words)):
        end = loop.start + loop.length * loop.times
        if loop.length == 1 and bare(words[loop.start].text) in _NUMBER_WORDS:
            kept = max(1, min(loop.times, int(seconds * DIGITS_A_SECOND) - (len(words) - loop.times)))
        else:
            kept = 1
        words = (*words[: loop.start + loop.length * kept], *words[end:])
    return words


def is_invented(passage: Passage) -> bool:
    """Words for something that is no speech."""
    if not passage.words:
        return True
    confidence = sum(word.confidence for word in passage.words) / len(passage.words)
    return (
        passage.log_probability < LEAST_LOG_PROBABILITY
        or confidence < LEAST_CONFIDENCE
        or (passage.silence > SURELY_SILENCE and passage.log_probability < DOUBTFUL_LOG_PROBABILITY)
    )


def number_words(words: tuple[Spoken, ...]) -> int:
    """How many of them say numbers. From NUMBER_WORDS on, another reading is worth its time."""
    return sum(bare(word.text) in _NUMBER_WORDS for word in words)


def echoes(words: tuple[Spoken, ...], prompt: tuple[str, ...], *, unprompted: tuple[Spoken, ...]) -> bool:
    """Whether four words in a row come from the prompt and were not there without it."""
    given = _runs([bare(word) for word in prompt if bare(word)])
    return bool((given & _runs([bare(word.text) for word in words])) - _runs([bare(word.text) for word in unprompted]))


def _runs(texts: list[str]) -> set[tuple[str, ...]]:
    return {tuple(texts[at : at + NUMBER_WORDS]) for at in range(len(texts) - NUMBER_WORDS + 1)}


def with_digits(words: tuple[Spoken, ...]) -> tuple[Spoken, ...]:
    """ "My number is for one one one": a word that sounds like a digit is one between two digits, or where a number of
    four digits or more begins and nothing else fits."""
    texts = [bare(word.text) for word in words]
    found = list(words)
    for at, text in enumerate(texts):
        if text not in SOUND_ALIKES or text == "oh":
            continue
        before = at > 0 and (texts[at - 1] in _DIGIT_WORDS)
        begins = at == 0 or texts[at - 1] in _BEFORE_A_NUMBER
        after = _digits_from(texts, at + 1)
        if (before and after >= 2) or (begins and after >= 3):
            tail = words[at].text[len(words[at].text.rstrip(".,!?")) :]
            found[at] = replace(words[at], text=_DIGITS[SOUND_ALIKES[text]] + tail)
            texts[at] = _DIGITS[SOUND_ALIKES[text]]
    return tuple(found)


def _digits_from(texts: list[str], at: int) -> int:
    """How many digits follow; a sound-alike among them counts."""
    count = 0
    while at < len(texts) and (texts[at] in _DIGIT_WORDS or texts[at] in SOUND_ALIKES):
        count += 1
        at += 1
    while count and texts[at - 1] not in _DIGIT_WORDS:
        count -= 1
        at -= 1
    return count
