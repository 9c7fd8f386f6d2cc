"""Whether a redacted recording may be published: recognised anew, it holds the call's own words and nothing private.

What is recognised inside the tone does not count: that it is the tone there is proven byte by byte, and recognisers
make words of tones. Everything else counts.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from sotto.call.contact import Speaker
from sotto.call.transcript_result import TranscriptResult, Word
from sotto.call.utterance import Utterance
from sotto.media.stereo import SAMPLE_RATE_HZ
from sotto.recordings.beeps import AGENT, CUSTOMER, EVERYBODY, Beeps, PrivateTime
from sotto.recordings.record import Why
from sotto.redaction.redactor import Redactor

LEAST_SHARED, LEAST_IN_A_STRETCH = 0.5, 0.25
"""Of the transcript's words, of the whole and of any stretch: two recognisers agree on more, two calls on less."""
FEW_WORDS = 12
"""Too few to be judged by the share that came again; a stretch has at least as many."""
NEAR_MS = 5_000
"""Words count where they came again at about their time."""
MOST_APART_MS = 400
"""Between the transcript's times and the recording's. Recognisers differ by half of it."""
MOST_QUIET = 0.3
"""Of an utterance: people who talk pause, but not in digital silence."""
SEARCHED_MS = 10_000
LEAST_PAIRS = 3
WINDOW_MS = 60_000
"""Windows are recognised side by side; one that gets a tone more is recognised once more, and no other."""
_WORD = re.compile(r"\w+")
_MASK = re.compile(r"\[[a-z ]+\]|\*{4}")


@dataclass(frozen=True, slots=True)
class Proof:
    """``why``: None where it is proven. ``apart_ms``: by how much the recording runs behind the transcript."""

    why: Why | None
    found: tuple[PrivateTime, ...] = ()
    apart_ms: float = 0.0


def prove(
    finals: Sequence[TranscriptResult],
    utterances: Sequence[Utterance],
    beeps: Beeps,
    redactor: Redactor,
    *,
    offset_ms: float,
    quiet: Sequence[tuple[float, float]] = (),
) -> Proof:
    """``finals``: of the redacted audio, in call time, by their end. ``offset_ms``: call time at which it begins.
    ``quiet``: where in it nothing is audible, in ms of the recording. Never raises: what cannot be read is a finding.
    """
    duration_ms = beeps.frames * 1000 / SAMPLE_RATE_HZ
    inside = [each for each in utterances if 0 <= each.start_ms - offset_ms < duration_ms]
    toned = [(each.from_ms, each.until_ms) for each in beeps.all()]
    expected = [each for each in inside if not _is_suspended(each, offset_ms, quiet, toned)]
    audible = [each for each in (_outside(final, beeps) for final in _of_recording(finals, offset_ms)) if each.text]
    found = tuple(_findings(audible, redactor))
    if not audible:
        return Proof(Why.EMPTY)
    apart_ms = _apart_ms(audible, expected, offset_ms, beeps.channels) or 0.0
    if abs(apart_ms) > MOST_APART_MS:
        return Proof(Why.MISALIGNED, found, apart_ms)
    again = [_Words(each.start_ms, each.end_ms, _words(each.text)) for each in audible]
    if not _holds(again, _in_recording(expected, offset_ms)):
        return Proof(Why.OTHER_WORDS, found)
    if found:
        return Proof(Why.FINDINGS, found, apart_ms)
    known = _holds(_in_recording(inside, offset_ms), again)
    return Proof(None if known else Why.OTHER_WORDS, (), apart_ms)


def windows_of(utterances: Sequence[Utterance], *, offset_ms: float, duration_ms: float) -> list[tuple[float, float]]:
    """Parts of the recording, each about WINDOW_MS long, cut where nobody speaks."""
    count = max(1, round(duration_ms / WINDOW_MS))
    cuts = [_quiet_near(duration_ms * at / count, utterances, offset_ms) for at in range(1, count)]
    edges = sorted({0.0, *(min(max(cut, 0.0), duration_ms) for cut in cuts), duration_ms})
    return [(begins, ends) for begins, ends in zip(edges, edges[1:], strict=False) if ends > begins]


def _quiet_near(wanted_ms: float, utterances: Sequence[Utterance], offset_ms: float) -> float:
    spans = sorted((each.start_ms - offset_ms, each.end_ms - offset_ms) for each in utterances)
    best, until = wanted_ms, float("-inf")
    least = float("inf")
    for begins, ends in spans:
        middle = (until + begins) / 2
        if begins > until and abs(middle - wanted_ms) < least:
            best, least = middle, abs(middle - wanted_ms)
        until = max(until, ends)
    return best if least < WINDOW_MS / 4 else wanted_ms


def _is_suspended(
    utterance: Utterance, offset_ms: float, quiet: Sequence[tuple[float, float]], toned: Sequence[tuple[float, float]]
) -> bool:
    """Whether Connect recorded less than all of it, what has the tone now aside."""

    def within(spans: Sequence[tuple[float, float]]) -> float:
        return sum(max(0.0, min(until_ms, end) - max(from_ms, begin)) for begin, end in spans)

    from_ms, until_ms = utterance.start_ms - offset_ms, utterance.end_ms - offset_ms
    return within(quiet) > max(0.0, until_ms - from_ms - within(toned)) * MOST_QUIET


def _of_recording(finals: Sequence[TranscriptResult], offset_ms: float) -> Iterable[TranscriptResult]:
    """In ms of the recording."""
    for final in finals:
        words = tuple(
            replace(word, start_ms=word.start_ms - offset_ms, end_ms=word.end_ms - offset_ms) for word in final.words
        )
        yield replace(final, start_ms=final.start_ms - offset_ms, end_ms=final.end_ms - offset_ms, words=words)


def _outside(final: TranscriptResult, beeps: Beeps) -> TranscriptResult:
    """Without the words that stand where the tone is."""
    if not final.words:
        middle = (final.start_ms + final.end_ms) / 2
        return replace(final, text="") if _is_toned(final.speaker, middle, beeps) else final
    words = tuple(
        word for word in final.words if not _is_toned(final.speaker, (word.start_ms + word.end_ms) / 2, beeps)
    )
    return final if len(words) == len(final.words) else replace(final, words=words, text=_text(words))


def _is_toned(speaker: Speaker, at_ms: float, beeps: Beeps) -> bool:
    return beeps.covers(CUSTOMER if speaker is Speaker.CUSTOMER else AGENT, at_ms)


def _text(words: Iterable[Word]) -> str:
    return " ".join(word.text for word in words)


def _findings(audible: Sequence[TranscriptResult], redactor: Redactor) -> Iterable[PrivateTime]:
    for final in audible:
        for span in redactor.redact(final).spans:
            yield PrivateTime(span.start_ms, span.end_ms, EVERYBODY)


@dataclass(frozen=True, slots=True)
class _Words:
    """Words between two times, in ms of the recording."""

    from_ms: float
    until_ms: float
    words: tuple[str, ...]

    def timed(self) -> Iterator[tuple[float, str]]:
        """Evenly, because of most nobody knows better."""
        step_ms = (self.until_ms - self.from_ms) / max(1, len(self.words))
        return ((self.from_ms + step_ms * (at + 0.5), word) for at, word in enumerate(self.words))


def _in_recording(utterances: Sequence[Utterance], offset_ms: float) -> list[_Words]:
    return [_Words(each.start_ms - offset_ms, each.end_ms - offset_ms, _words(each.text)) for each in utterances]


def _holds(those: Sequence[_Words], these: Sequence[_Words]) -> bool:
    """Whether ``those`` hold the words of ``these`` at their time, and of all of it: a re-transcript that breaks off,
    or one of something else, does not prove that the rest holds nothing private; nor does one prove anything that
    holds words of which the transcript knows nothing."""
    all_words = all_shared = words = shared = 0
    timed = sorted(each for one in those for each in one.timed())
    for one in these:
        first, end = (bisect_left(timed, (at, "")) for at in (one.from_ms - NEAR_MS, one.until_ms + NEAR_MS))
        both = (Counter(one.words) & Counter(word for _, word in timed[first:end])).total()
        all_words, all_shared = all_words + len(one.words), all_shared + both
        words, shared = words + len(one.words), shared + both
        if words >= FEW_WORDS:
            if shared < words * LEAST_IN_A_STRETCH:
                return False
            words = shared = 0
    return all_words < FEW_WORDS or all_shared >= all_words * LEAST_SHARED


def _apart_ms(
    audible: Sequence[TranscriptResult], expected: Sequence[Utterance], offset_ms: float, channels: int
) -> float | None:
    """By the first two words of utterances; None where too few of them came again."""
    again = [
        (final.speaker, word.start_ms, plain)
        for final in audible
        for word in final.words
        if (plain := "".join(_words(word.text)))
    ]
    pairs = [(one[0], one[1], one[2], other[2]) for one, other in zip(again, again[1:], strict=False)]
    apart: list[float] = []
    for utterance in expected:
        first = _first_two(utterance.text)
        if first is None:
            continue
        should_ms = utterance.start_ms - offset_ms
        near = [
            at_ms - should_ms
            for speaker, at_ms, one, other in pairs
            if (one, other) == first
            and abs(at_ms - should_ms) < SEARCHED_MS
            and (channels == 1 or (speaker is Speaker.CUSTOMER) == (utterance.speaker is Speaker.CUSTOMER))
        ]
        if near:
            apart.append(min(near, key=abs))
    return median(apart) if len(apart) >= LEAST_PAIRS else None


def _first_two(text: str) -> tuple[str, str] | None:
    """None where one of them is masked: what stands there is not what was spoken."""
    begins = text.split(maxsplit=2)[:2]
    if len(begins) < 2 or any("[" in each or "*" in each for each in begins):
        return None
    one, other = ("".join(_words(each)) for each in begins)
    return (one, other) if one and other else None


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(_MASK.sub(" ", text.casefold().replace("'", "").replace("’", ""))))
