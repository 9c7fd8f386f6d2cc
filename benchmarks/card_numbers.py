"""Digits wrong in card numbers that are read out, with the second reading of numbers and without it:
``python -m benchmarks.card_numbers [--speakers NAME ...]``.

Numbers of sixteen random digits are put together from the Free Spoken Digit Dataset (training part), which is read from
``SOTTO_SHARED_DATA`` or ``../shared/data``, in four groups with pauses between. Seven numbers a speaker, seed 1.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import wave
from pathlib import Path
from typing import Any

import jiwer
import numpy as np

from benchmarks.telephone_lines import shared_audio
from local.interruption import ended_in_order
from sotto.media.stereo import SAMPLE_RATE_HZ
from sotto.recognition.number_spelling import compared
from sotto.recognition.whisper import rereading
from sotto.recognition.whisper.engine import Whisper
from sotto.recognition.whisper.features import Samples

SPEAKERS = ("george", "jackson", "lucas", "theo")
NUMBERS = 7
GAP_S, PAUSE_S = 0.06, 0.3


def spoken(digits: str, speaker: str, source: random.Random) -> Samples:
    pieces = [_silence(PAUSE_S)]
    for place, digit in enumerate(digits):
        clips = sorted((shared_audio() / "fsdd_8k_digits" / "train_idx5-9").glob(f"{digit}_{speaker}_*.wav"))
        pieces += [_read(source.choice(clips)), _silence(PAUSE_S if place % 4 == 3 else GAP_S)]
    return np.concatenate(pieces)


def _read(path: Path) -> Samples:
    with wave.open(str(path)) as file:
        return (np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32_768).astype(np.float32)


def _silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * SAMPLE_RATE_HZ), np.float32)


def run(speakers: list[str]) -> dict[str, Any]:
    whisper, source = Whisper.packaged(), random.Random(1)
    wrong: dict[str, list[float]] = {"once": [], "twice": []}
    for speaker in speakers:
        for _ in range(NUMBERS):
            digits = "".join(source.choices("0123456789", k=16))
            audio = spoken(digits, speaker, source)
            for way, passage in (
                ("once", whisper.read(audio, careful=True)),
                ("twice", rereading.read_final(whisper, audio)),
            ):
                text = compared(" ".join(word.text for word in passage.words))
                wrong[way].append(jiwer.wer(" ".join(digits), text or "-"))
    return {"numbers": len(wrong["once"])} | {way: round(statistics.mean(each), 3) for way, each in wrong.items()}


@ended_in_order()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speakers", nargs="+", default=list(SPEAKERS))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if not (shared_audio() / "fsdd_8k_digits").is_dir():
        parser.error("the Free Spoken Digit Dataset is not there: set SOTTO_SHARED_DATA")
    found = run(options.speakers)
    print(f"digits wrong in {found['numbers']} card numbers: {found['once']} read once, {found['twice']} read as now")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
