"""How well questions about a call find its words, by words alone and by meaning too; a part of ``retrieval_quality``.

34 questions on the three sample calls: 27 whose answer is in the call, with the utterances that hold it, and 7 whose
answer is not. One person who knew the calls wrote them, so this compares ways and is no claim about calls.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from model_containers.shard.base_encoder.embedding import TextEncoder
from sotto.after_call.stored_call import Call
from sotto.api.ask.ask import Meaning, quoted
from sotto.call.contact import Contact, Speaker
from sotto.call.utterance import Utterance

ROOT = Path(__file__).parents[1]
CALLS = ROOT / "events" / "calls"
QUESTIONS = ROOT / "tests" / "unit" / "recall" / "questions_on_sample_calls.jsonl"
_CONTACT = Contact("bench", "c1", instance_arn="", stream_arn="", media_started_at_ms=0)


@dataclass(frozen=True, slots=True)
class ReadHere:
    """What the shard answers, without the shard between."""

    encoder: TextEncoder

    def likeness(self, contact: Contact, question: str, utterances: Sequence[Utterance]) -> Mapping[str, float]:
        asked, *embeddings = self.encoder.encode([question, *(each.text for each in utterances)])
        return {x.id: float((one.pieces @ asked.whole).max()) for x, one in zip(utterances, embeddings, strict=True)}


class WordsAlone:
    def likeness(self, contact: Contact, question: str, utterances: Sequence[Utterance]) -> Mapping[str, float]:
        return {}


def run(encoder: TextEncoder) -> dict[str, Any]:
    questions = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    ways: dict[str, Meaning] = {"words": WordsAlone(), "words and meaning": ReadHere(encoder)}
    found: dict[str, Any] = {}
    for name, way in ways.items():
        shown = [{int(x.id) for x in quoted(_CONTACT, q["question"], _call(q["call"]), way)} for q in questions]
        right = [bool(ids & set(q["at_ms"])) for ids, q in zip(shown, questions, strict=True) if q["at_ms"]]
        wrong = [bool(ids) for ids, q in zip(shown, questions, strict=True) if not q["at_ms"]]
        found[f"calls: {name}"] = {
            "found": f"{sum(right)} of {len(right)}",
            "answered though the call has no answer": f"{sum(wrong)} of {len(wrong)}",
        }
    return found


@cache
def _call(name: str) -> Call:
    lines = (CALLS / name / "call.transcript.jsonl").read_text(encoding="utf-8").splitlines()
    turns = [json.loads(line) for line in lines]
    return Call([_said(turn, seq) for seq, turn in enumerate(turns, 1)])


def _said(turn: Mapping[str, Any], seq: int) -> Utterance:
    start = turn["start_ms"]
    return Utterance("bench", "c1", str(start), seq, Speaker(turn["speaker"]), start, turn["end_ms"], turn["text"])
