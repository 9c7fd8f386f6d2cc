"""How well the embedded recogniser understands the sample calls: ``python -m benchmarks.word_error_rate [CALL...]``.

Word error rates on a clean line and on worse ones, numbers in one spelling on both sides; then, unless
``--words-only``, one call in real time (when interims and finals come, what it costs) and ten minutes in which nobody
speaks (words that were invented). Noise is read from ``SOTTO_SHARED_DATA`` or ``../shared/data`` and left out where
that is absent.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import statistics
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jiwer
import numpy as np

from benchmarks.nobody_speaks import invented_words
from benchmarks.recognised_calls import CALLS, PlayedCall, play, stereo
from benchmarks.telephone_lines import Line, lines
from local.interruption import ended_in_order
from local.options import TENANTS
from local.recordings.decoding import decoded
from sotto.call.contact import CHANNELS, Speaker
from sotto.recognition.adapters.whisper.recogniser import WhisperRecogniser
from sotto.recognition.number_spelling import compared
from sotto.tenants.speech_words import agent_names
from sotto.wiring.publishing import book_from

LIVE_CALL = "bank_card"
TENANT_OF = {"bank": "harbour_bank", "garage": "torque_garage"}
LEAST_LETTERS = 2
_LONG = {"m": "am", "re": "are", "ve": "have", "ll": "will", "s": "is"}
_SHORT = re.compile(r"\b(i|you|we|they|it|he|she|that|there|here|what|who|where)['’](m|re|ve|ll|s)\b", re.IGNORECASE)
GOALS = {"clean": 0.05, "people 10 dB": 0.12, "engine 10 dB": 0.12}
REMADE = "remade.flac"
REMADE_GOALS = {"clean": 0.10}
_FILLERS = re.compile(r"\b(?:uh|um|er|erm|ah|mm|hm|mhm|mm-hm|uh-huh)\b[,.]?", re.IGNORECASE)


def normalised(text: str) -> str:
    """What a person would not count as a mistake: case, punctuation, fillers, "I'm" for "I am", the spelling of
    numbers, British or American."""
    text = _SHORT.sub(lambda m: f"{m[1]} {_LONG[m[2].casefold()]}", _FILLERS.sub("", text))
    text = re.sub(r"\bharbour\b", "harbor", compared(text))
    return re.sub(r"\bok\b", "okay", re.sub(r"\bmr\b", "mister", text))


def truth(recording: Path) -> dict[Speaker, str]:
    turns = spoken_turns(recording)
    return {s: normalised(" ".join(turn["text"] for turn in turns if turn["speaker"] == s)) for s in CHANNELS}


def spoken_turns(recording: Path) -> list[dict[str, Any]]:
    beside = recording.with_name(f"{recording.stem}.transcript.jsonl")
    return [json.loads(line) for line in beside.read_text().splitlines()]


def tenant_words(call: Path) -> tuple[str, ...]:
    """What recognisers are given of the call's tenant: of its book, and who answers its calls."""
    book = book_from(TENANTS / TENANT_OF[call.name.partition("_")[0]])
    return (*agent_names(book.settings.teams), *book.speech_words)


def said_right(call: Path, spoken: str, hypothesis: str) -> tuple[int, int]:
    """Of the tenant's words: how often they were spoken, and how often of that they are in what was recognised."""
    known = {part.casefold() for word in tenant_words(call) for part in word.split() if len(part) > LEAST_LETTERS}
    truth_has, found = Counter(spoken.split()), Counter(hypothesis.split())
    known = {normalised(word) for word in known}
    return sum(truth_has[word] for word in known), sum(min(truth_has[word], found[word]) for word in known)


def scored(recording: Path, line: Line, played: PlayedCall) -> list[dict[str, Any]]:
    spoken, call = truth(recording), recording.parent
    rows = []
    for speaker in CHANNELS:
        hypothesis = normalised(played.text_of(speaker))
        output = jiwer.process_words(spoken[speaker], hypothesis)
        tenants, right = said_right(call, spoken[speaker], hypothesis)
        rows.append(
            {
                "call": call.name,
                "channel": str(speaker),
                "line": line.name,
                "words": len(spoken[speaker].split()),
                "wer": round(output.wer, 4),
                "substituted": output.substitutions,
                "missed": output.deletions,
                "added": output.insertions,
                "confidence": played.confidence_of(speaker),
                "tenant_words": tenants,
                "tenant_words_right": right,
                "truth": spoken[speaker],
                "hypothesis": hypothesis,
            }
        )
    return rows


async def measure(
    names: list[str], line_names: list[str], *, recording: str, words_only: bool, with_tenant_words: bool = False
) -> dict[str, Any]:
    calls = [path for path in sorted(CALLS.glob(f"*/{recording}")) if not names or path.parent.name in names]
    recogniser = WhisperRecogniser()
    recogniser.prestart(2)
    rows: list[dict[str, Any]] = []
    result: dict[str, Any] = {"channels": rows}
    try:
        for line in lines():
            if line_names and line.name not in line_names:
                continue
            for call in calls:
                audio = stereo(_degraded(call, line))
                words = tenant_words(call.parent) if with_tenant_words else ()
                rows += scored(call, line, await play(recogniser, audio, call.parent.name, words=words))
                print(f"{line.name}, {call.parent.name}: {rows[-2]['wer']:.3f}, {rows[-1]['wer']:.3f}", flush=True)
        if not words_only:
            result["live"] = await _live(recogniser, CALLS / LIVE_CALL / recording)
            result["invented"] = await invented_words(recogniser)
    finally:
        recogniser.close()
    result["mean"] = {
        line: round(statistics.mean(row["wer"] for row in rows if row["line"] == line), 4)
        for line in dict.fromkeys(row["line"] for row in rows)
    }
    result["confidence"] = {
        line: round(statistics.mean(row["confidence"] for row in rows if row["line"] == line), 3)
        for line in result["mean"]
    }
    result["tenant_words"] = {
        line: [sum(row[what] for row in rows if row["line"] == line) for what in ("tenant_words", "tenant_words_right")]
        for line in result["mean"]
    }
    return result


def _degraded(recording: Path, line: Line) -> list[Any]:
    sides = [np.frombuffer(side, "<i2").astype(np.float64) / 32_768 for side in decoded(recording)]
    return [line.degrade(samples, at + 1) for at, samples in enumerate(sides)]


async def _live(recogniser: WhisperRecogniser, recording: Path) -> dict[str, Any]:
    """In real time."""
    turns, call = spoken_turns(recording), recording.parent.name
    before_s = recogniser.cpu_seconds()
    played = await play(recogniser, stereo(_degraded(recording, lines()[0])), call, speed=1)
    first = [ms for turn in turns if (ms := played.first_text_after_ms(turn)) is not None]
    final = [ms for turn in turns if (ms := played.final_after_ms(turn)) is not None]
    return {
        "call": call,
        "first_text_p50_ms": round(float(np.percentile(first, 50))),
        "first_text_p95_ms": round(float(np.percentile(first, 95))),
        "final_p50_ms": round(float(np.percentile(final, 50))),
        "final_p95_ms": round(float(np.percentile(final, 95))),
        "cores": round((recogniser.cpu_seconds() - before_s) / played.seconds, 3),
        "cores_while_both_talk": await _both_talking(recogniser, recording),
        "memory_mb": round(recogniser.memory_bytes() / 1e6),
    }


async def _both_talking(recogniser: WhisperRecogniser, recording: Path) -> float:
    """Both channels full of speech for 20 s: the pauses of the call cut out."""
    from benchmarks.telephone_lines import FRAME, active_level

    sides = []
    for samples in _degraded(recording, lines()[0]):
        frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
        loud = np.sqrt(np.mean(frames**2, axis=1)) > active_level(samples) / 10
        keep = np.convolve(loud, np.ones(15), mode="same") > 0
        sides.append(frames[keep].reshape(-1)[: 20 * 8_000])
    before_s = recogniser.cpu_seconds()
    played = await play(recogniser, stereo(sides), "both", speed=1)
    return round((recogniser.cpu_seconds() - before_s) / played.seconds, 3)


def table(result: dict[str, Any], goals: Mapping[str, float]) -> str:
    rows = result["channels"]
    channels = list(dict.fromkeys((row["call"], row["channel"]) for row in rows))
    out = [f"{'word error rate':18}" + "".join(f"{call[:13]:>15}" for call, _ in channels) + f"{'mean':>8}{'goal':>7}"]
    out.append(f"{'':18}" + "".join(f"{channel:>15}" for _, channel in channels))
    for line, mean in result["mean"].items():
        wers = [row["wer"] for row in rows if row["line"] == line]
        goal = f"{goals[line]:7.2f}" if line in goals else ""
        out.append(f"{line:18}" + "".join(f"{wer:15.3f}" for wer in wers) + f"{mean:8.3f}{goal}")
    for line, (spoken, right) in result["tenant_words"].items():
        sure = result["confidence"][line]
        out.append(f"{line}: {right} of {spoken} of the tenant's words right; mean confidence {sure:.2f}")
    if live := result.get("live"):
        out.append(
            f"\n{live['call']} in real time: first text of an utterance p50 {live['first_text_p50_ms']} ms, "
            f"p95 {live['first_text_p95_ms']} ms (goal 1,000); final after its end p50 {live['final_p50_ms']} ms, "
            f"p95 {live['final_p95_ms']} ms (goal 1,200)\n"
            f"cores of the call {live['cores']}, while both talk {live['cores_while_both_talk']} (goal .6); "
            f"memory {live['memory_mb']} MB (goal 500)"
        )
    if invented := result.get("invented"):
        out.append("\nwhere nobody speaks: " + "; ".join(f"{name} {words or 0}" for name, words in invented.items()))
    return "\n".join(out)


@ended_in_order()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("calls", nargs="*", help="names below events/calls; all when absent")
    parser.add_argument("--line", action="append", default=[], help="only this condition, by its name in the table")
    parser.add_argument("--remade", action="store_true", help="the calls as they were made once more, harder")
    parser.add_argument("--words-only", action="store_true", help="neither in real time nor where nobody speaks")
    parser.add_argument("--tenant-words", action="store_true", help="recognisers are given the tenant's words")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--texts", action="store_true", help="print what was spoken and recognised")
    options = parser.parse_args()
    result = asyncio.run(
        measure(
            options.calls,
            options.line,
            recording=REMADE if options.remade else "call.wav",
            words_only=options.words_only,
            with_tenant_words=options.tenant_words,
        )
    )
    print(table(result, REMADE_GOALS if options.remade else GOALS))
    if options.texts:
        for row in result["channels"]:
            print(f"\n{row['call']} {row['channel']} {row['line']}\n  {row['truth']}\n  {row['hypothesis']}")
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
