"""What is spoken in the conversations after which work is measured: the scripts of the sample calls."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from local.options import REPOSITORY
from sotto.call.contact import Contact, Speaker
from sotto.call.transcript_result import TranscriptResult, Word
from sotto.call.utterance import Utterance
from sotto.redaction.redactor import Redactor

CALLS = REPOSITORY / "events" / "calls"
TENANT_OF = {"bank": "harbour_bank", "garage": "torque_garage", "energie": "nordlicht_energie"}
FEWEST_UTTERANCES = 5
SAMPLES_A_MS = 8
Turn = dict[str, Any]
"""A line of a transcript, as the sample calls have them beside them."""


def conversations(number: int, seed: int, *, most_utterances: int = 10_000) -> Iterator[tuple[str, str, list[Turn]]]:
    """Contact id, tenant and turns: a script of the repository, of which each conversation leaves some turns out."""
    chance = random.Random(seed)
    scripts = sorted(CALLS.glob("*/call.transcript.jsonl"))
    read = {path: turns_of(path) for path in scripts}
    for at in range(number):
        path = chance.choice(scripts)
        turns = [turn for turn in read[path] if chance.random() < 0.8][:most_utterances]
        turns = turns if len(turns) >= FEWEST_UTTERANCES else read[path][:FEWEST_UTTERANCES]
        yield f"after-{seed}-{at:04d}", TENANT_OF[path.parent.name.partition("_")[0]], turns


def said(contact: Contact, turns: Iterable[Turn], redactor: Redactor) -> list[Utterance]:
    """As the live path stores them."""
    found = []
    for seq, turn in enumerate(turns, 1):
        speaker = Speaker(turn["speaker"])
        words = tuple(Word(each["text"], each["start_ms"], each["end_ms"]) for each in turn["words"])
        done = redactor.redact(
            TranscriptResult(
                speaker, f"{speaker}-{seq}", turn["start_ms"], turn["end_ms"], turn["text"], words=words, is_final=True
            )
        )
        found.append(
            Utterance(
                contact.tenant,
                contact.contact_id,
                f"{speaker}-{seq}",
                seq,
                speaker,
                int(turn["start_ms"]),
                int(turn["end_ms"]),
                done.result.text,
                private=done.spans,
            )
        )
    return found


def transcript(name: str) -> list[Turn]:
    return turns_of(CALLS / name / "call.transcript.jsonl")


def turns_of(path: Path) -> list[Turn]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def sounding(turns: Iterable[Turn]) -> bytes:
    """Stereo at 8 kHz, the customer on the left: noise while there are words, and a second of silence after them."""
    turns = list(turns)
    audio = np.zeros((int(turns[-1]["end_ms"] + 1_000) * SAMPLES_A_MS, 2), dtype="<i2")
    noise = np.random.default_rng(7).integers(-6_000, 6_000, len(audio), dtype="<i2")
    for turn in turns:
        channel = 0 if turn["speaker"] == Speaker.CUSTOMER else 1
        for word in turn["words"]:
            spoken = slice(int(word["start_ms"]) * SAMPLES_A_MS, int(word["end_ms"]) * SAMPLES_A_MS)
            audio[spoken, channel] = noise[spoken]
    return audio.tobytes()
