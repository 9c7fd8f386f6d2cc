"""One side of a call: finds where somebody speaks, and says what, as interims and finals.

Memory is bounded by the longest stretch. Time is bounded by the pace: where passes take longer, interims come less
often, so that a busy machine falls behind in interims and not in finals.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Protocol

import numpy as np

from sotto.media.stereo import SAMPLE_RATE_HZ
from sotto.recognition.whisper.agreement import Agreement
from sotto.recognition.whisper.detector import FRAME_MS, FRAME_SAMPLES
from sotto.recognition.whisper.engine import LONGEST_S, NOTHING, Spoken
from sotto.recognition.whisper.features import Samples
from sotto.recognition.whisper.guards import is_invented, loops_in, with_digits
from sotto.recognition.whisper.rereading import Reader, read_final

SPEECH, NO_SPEECH = 0.5, 0.35
FAINT = 0.15
"""Less than speech, and more than a line's noise: where it led up to speech, speech began there."""
OPENS_FRAMES = 2
FAINT_FRAMES = 15
"""Telephones take what voices have below 300 Hz, and the detector finds the beginning of a turn up to .5 s late."""
CLOSES_MS = 480
LEAST_SPEECH_MS = 96
AROUND_MS = 192
"""Kept before and after: consonants begin and end more quietly than the detector hears."""
FIRST_PASSES_MS = (400, 700)
PASS_EVERY_MS = 500
SHARE_OF_TIME = 0.25
"""Of a core at most, for the interims of one channel."""
_LONGEST_SAMPLES = round((LONGEST_S - 2 * AROUND_MS / 1000) * SAMPLE_RATE_HZ)
_KEPT_SAMPLES = round((AROUND_MS + FRAME_MS * (OPENS_FRAMES + FAINT_FRAMES)) * SAMPLE_RATE_HZ / 1000)
"""While nobody speaks."""
_INTERIMS_STABLE = 0.9


class Voice(Protocol):
    def feed(self, audio: Samples) -> Iterable[float]: ...


@dataclass(slots=True)
class _Stretch:
    """Speech that is under way. Places are sample numbers of the channel's audio."""

    start: int
    speech_start: int
    voice: list[float]
    agreement: Agreement
    speech_end: int
    quiet_ms: int = 0
    passed_ms: float = 0.0
    passes: int = 0


class ChannelSpeech:
    """``emit`` gets results as JSON-able dicts. ``words``: the tenant's, the most important first. ``interims``:
    without them a passage is read once. ``now_s``: a clock, to measure passes by."""

    def __init__(
        self,
        reader: Reader,
        voice: Voice,
        *,
        offset_ms: float,
        emit: Callable[[dict[str, Any]], None],
        words: tuple[str, ...] = (),
        interims: bool = True,
        now_s: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._reader = reader
        self._voice = voice
        self._offset_ms = offset_ms
        self._emit = emit
        self._words = words
        self._interims = interims
        self._now_s = now_s
        self._kept: Samples = np.zeros(0, np.float32)
        self._kept_from = 0
        self._place = 0
        self._done_until = 0
        self._speech_frames = 0
        self._before: deque[float] = deque(maxlen=FAINT_FRAMES + OPENS_FRAMES)
        self._stretch: _Stretch | None = None
        self._step_ms = float(PASS_EVERY_MS)

    def audio(self, samples: Samples) -> None:
        """Any length; 8 kHz, -1..1."""
        self._kept = np.concatenate([self._kept, samples])
        for voice in self._voice.feed(samples):
            self._place += FRAME_SAMPLES
            self._take(voice)
        if self._interims:
            self._interim_when_due()
        self._forget()

    def finish(self) -> None:
        if self._stretch:
            self._close(self._kept_from + len(self._kept), ends_speech=True)

    def _take(self, voice: float) -> None:
        if self._stretch is None:
            self._before.append(voice)
            self._speech_frames = self._speech_frames + 1 if voice >= SPEECH else 0
            if self._speech_frames >= OPENS_FRAMES:
                self._open(voice)
            return
        stretch = self._stretch
        stretch.voice.append(voice)
        if voice >= NO_SPEECH:
            stretch.quiet_ms, stretch.speech_end = 0, self._place
        else:
            stretch.quiet_ms += FRAME_MS
        if stretch.quiet_ms >= CLOSES_MS:
            self._close(stretch.speech_end + _samples(AROUND_MS), ends_speech=True)
        elif self._place - stretch.start >= _LONGEST_SAMPLES:
            self._cut()

    def _open(self, voice: float) -> None:
        faint = sum(1 for _ in takewhile(lambda before: before >= FAINT, reversed(self._before)))
        speech_start = self._place - faint * FRAME_SAMPLES
        start = max(speech_start - _samples(AROUND_MS), self._done_until, self._kept_from)
        self._before.clear()
        frames = (self._place - start) // FRAME_SAMPLES
        self._stretch = _Stretch(start, speech_start, [voice] * frames, Agreement(), self._place)
        self._speech_frames = 0

    def _cut(self) -> None:
        """Somebody speaks without a pause: cut where the detector hears least, in the later half."""
        stretch = self._stretch
        assert stretch is not None
        half = len(stretch.voice) // 2
        smooth = np.convolve(stretch.voice[half:-3], np.ones(3) / 3, mode="same")
        cut = stretch.start + (half + int(np.argmin(smooth))) * FRAME_SAMPLES
        rest = stretch.voice[(cut - stretch.start) // FRAME_SAMPLES :]
        self._close(cut, ends_speech=False)
        self._stretch = _Stretch(cut, cut, rest, Agreement(), self._place)

    def _interim_when_due(self) -> None:
        stretch = self._stretch
        if stretch is None:
            return
        length_ms = (self._place - stretch.start) * 1000 / SAMPLE_RATE_HZ
        if length_ms < self._next_pass_ms(stretch) or stretch.quiet_ms > CLOSES_MS // 2:
            return
        began = self._now_s()
        passage = self._reader.read(self._between(stretch.start, self._place), careful=False)
        self._pace((self._now_s() - began) * 1000)
        stretch.passed_ms, stretch.passes = length_ms, stretch.passes + 1
        loops = loops_in(passage.words)
        trusted = passage.words[: loops[0].start] if loops else passage.words
        words = () if is_invented(passage) else with_digits(trusted)
        if stretch.agreement.update(words):
            self._result(stretch, stretch.agreement.shown, is_final=False, ends_speech=False)

    def _next_pass_ms(self, stretch: _Stretch) -> float:
        if stretch.passes < len(FIRST_PASSES_MS):
            scale = self._step_ms / PASS_EVERY_MS
            return AROUND_MS + FIRST_PASSES_MS[stretch.passes] * scale
        return stretch.passed_ms + self._step_ms

    def _pace(self, took_ms: float) -> None:
        """Half of what was and half of what is: one slow pass is no busy machine."""
        wanted = max(float(PASS_EVERY_MS), took_ms / SHARE_OF_TIME)
        self._step_ms = (self._step_ms + wanted) / 2

    def _close(self, end: int, *, ends_speech: bool) -> None:
        stretch, self._stretch = self._stretch, None
        assert stretch is not None
        end = min(end, self._kept_from + len(self._kept))
        self._done_until = end
        audio = self._between(stretch.start, end)
        passage = NOTHING
        if sum(voice >= SPEECH for voice in stretch.voice) * FRAME_MS >= LEAST_SPEECH_MS:
            passage = read_final(self._reader, audio, self._words)
        words = () if is_invented(passage) else with_digits(passage.words)
        # An empty final takes back an interim that turned out to be noise.
        if words or stretch.agreement.shown:
            self._result(stretch, words, is_final=True, ends_speech=ends_speech)

    def _result(self, stretch: _Stretch, words: tuple[Spoken, ...], *, is_final: bool, ends_speech: bool) -> None:
        start_ms = self._call_ms(stretch.start)
        # The alignment gives the silence around speech to its first and last word.
        first_ms = self._call_ms(stretch.speech_start) - FRAME_MS
        last_ms = self._call_ms(stretch.speech_end) + 2 * FRAME_MS
        last_ms = min(last_ms, self._call_ms(self._done_until)) if is_final else last_ms

        def call_ms(second: float) -> float:
            return round(min(max(start_ms + second * 1000, first_ms), last_ms), 1)

        timed = [(w.text, call_ms(w.start_s), call_ms(w.end_s), round(w.confidence, 3)) for w in words]
        self._emit(
            {
                "result_id": f"{start_ms:.0f}",
                "start_ms": timed[0][1] if timed else start_ms,
                "end_ms": timed[-1][2] if timed else last_ms,
                "text": " ".join(word.text for word in words),
                "words": timed,
                "is_final": is_final,
                "stability": 1.0 if is_final else _INTERIMS_STABLE,
                "ends_speech": ends_speech,
            }
        )

    def _call_ms(self, place: int) -> float:
        return self._offset_ms + place * 1000 / SAMPLE_RATE_HZ

    def _between(self, start: int, end: int) -> Samples:
        return self._kept[start - self._kept_from : end - self._kept_from]

    def _forget(self) -> None:
        needed = self._stretch.start if self._stretch else self._place - _KEPT_SAMPLES
        if needed > self._kept_from:
            self._kept = self._kept[needed - self._kept_from :]
            self._kept_from = needed


def _samples(ms: int) -> int:
    return ms * SAMPLE_RATE_HZ // 1000
