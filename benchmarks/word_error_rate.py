"""Word error rate of the embedded recogniser on the sample calls: ``python -m benchmarks.word_error_rate``.

Also what it costs (CPU seconds per second of call and channel) and how long after the end of speech a final comes, when
the call is played in real time (``--speed 1``; without it the calls are played as fast as they are recognised).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import statistics
import time
import wave
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import jiwer

from local.interruption import ended_in_order
from sotto.call.contact import Speaker
from sotto.call.transcript_result import TranscriptResult
from sotto.media.stereo import CHUNK_SAMPLES, SAMPLE_RATE_HZ, StereoChunk
from sotto.recognition.adapters.pocketsphinx import PocketsphinxRecogniser
from sotto.recognition.recogniser import RecogniserStream, Session

CALLS = Path(__file__).parent.parent / "events" / "calls"


def normalised(text: str) -> str:
    """Lower case, no punctuation, American spelling: what a person would not count as a mistake."""
    text = re.sub(r"[^a-z' ]", " ", text.lower())
    text = re.sub(r"\bmr\b", "mister", re.sub(r"\bharbour\b", "harbor", text))
    return " ".join(text.split())


def truth(call: Path) -> dict[Speaker, str]:
    lines = [json.loads(line) for line in (call / "call.transcript.jsonl").read_text().splitlines()]
    return {s: normalised(" ".join(line["text"] for line in lines if line["speaker"] == s)) for s in Speaker}


async def chunks(path: Path, speed: float) -> AsyncIterator[StereoChunk]:
    """The call in 100 ms chunks, each when it has been spoken (``speed`` 0: at once)."""
    begun = time.monotonic()
    with wave.open(str(path)) as wav:
        start = 0
        while pcm := wav.readframes(CHUNK_SAMPLES):
            chunk = StereoChunk(start, pcm)
            if speed:
                await asyncio.sleep(max(0.0, begun + chunk.end_ms / 1000 / speed - time.monotonic()))
            yield chunk
            start += chunk.samples


async def play(stream: RecogniserStream, path: Path, speed: float, sent: dict[str, float]) -> None:
    async for chunk in chunks(path, speed):
        await stream.send(chunk)
        sent["ms"] = chunk.end_ms
    await stream.finish()


async def recognise(
    recogniser: PocketsphinxRecogniser, call: Path, speed: float
) -> tuple[list[TranscriptResult], list[float]]:
    """The finals, and for each how much audio had been sent after its last word when it came."""
    finals: list[TranscriptResult] = []
    delays_ms: list[float] = []
    sent = {"ms": 0.0}
    async with recogniser.open(Session("benchmark", call.name)) as stream:
        playing = asyncio.create_task(play(stream, call / "call.wav", speed, sent))
        async for result in stream:
            if result.is_final and result.words:
                finals.append(result)
                delays_ms.append(sent["ms"] - result.end_ms)
        await playing
    return finals, delays_ms


def scored(call: Path, finals: list[TranscriptResult], delays_ms: list[float], speed: float) -> list[dict[str, Any]]:
    said = truth(call)
    rows = []
    for speaker in Speaker:
        hypothesis = normalised(
            " ".join(f.text for f in sorted(finals, key=lambda f: f.start_ms) if f.speaker == speaker)
        )
        mine = [d for f, d in zip(finals, delays_ms, strict=True) if f.speaker == speaker]
        output = jiwer.process_words(said[speaker], hypothesis)
        rows.append(
            {
                "call": call.name,
                "channel": str(speaker),
                "words": len(said[speaker].split()),
                "wer": round(output.wer, 3),
                "substituted": output.substitutions,
                "missed": output.deletions,
                "added": output.insertions,
                "finals": len(mine),
                "final_after_speech_ms": round(statistics.median(mine)) if speed == 1 and mine else None,
                "said": said[speaker],
                "hypothesis": hypothesis,
            }
        )
    return rows


async def measure(names: list[str], speed: float) -> dict[str, Any]:
    recogniser = PocketsphinxRecogniser()
    recogniser.prestart()
    rows: list[dict[str, Any]] = []
    costs = []
    try:
        for call in sorted(path.parent for path in CALLS.glob("*/call.wav")):
            if names and call.name not in names:
                continue
            cpu = recogniser.cpu_seconds()
            rows += scored(call, *await recognise(recogniser, call, speed), speed)
            with wave.open(str(call / "call.wav")) as wav:
                seconds = wav.getnframes() / SAMPLE_RATE_HZ
            costs.append((recogniser.cpu_seconds() - cpu) / seconds / len(Speaker))
    finally:
        recogniser.close()
    return {"channels": rows, "real_time_factor_per_channel": round(statistics.mean(costs), 3)}


def table(result: dict[str, Any]) -> str:
    lines = [f"{'call':16}{'channel':10}{'words':>6}{'WER':>7}{'sub':>5}{'miss':>5}{'add':>5}{'finals':>7}{'after':>8}"]
    for row in result["channels"]:
        after = "" if row["final_after_speech_ms"] is None else f"{row['final_after_speech_ms']} ms"
        lines.append(
            f"{row['call']:16}{row['channel']:10}{row['words']:6}{row['wer']:7.3f}{row['substituted']:5}"
            f"{row['missed']:5}{row['added']:5}{row['finals']:7}{after:>8}"
        )
    return "\n".join([*lines, f"CPU per second of one channel: {result['real_time_factor_per_channel']:.3f} s"])


@ended_in_order()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("calls", nargs="*", help="names below events/calls; all when absent")
    parser.add_argument(
        "--speed", type=float, default=0.0, help="1: real time, and finals are timed; 0: as fast as can be"
    )
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--texts", action="store_true", help="print what was said and recognised")
    options = parser.parse_args()
    result = asyncio.run(measure(options.calls, options.speed))
    print(table(result))
    if options.texts:
        for row in result["channels"]:
            print(f"\n{row['call']} {row['channel']}\n  said:  {row['said']}\n  recognised: {row['hypothesis']}")
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
