"""Public conversations for ``summary_quality``, in two parts: choices are made on ``tune``, figures are of ``report``.

- primock57: consultations of a doctor and a patient, with the doctor's notes; days 1 to 3 are ``tune``, 4 and 5
  ``report``;
- taubench: a customer and an assistant of an airline, full of names and figures; tasks with an even number are
  ``tune``;
- QMSum: meetings with a written summary; all are ``report``.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sotto.call.contact import Speaker
from sotto.call.utterance import Utterance

TEXTS = Path(os.environ.get("SOTTO_SHARED_DATA", "../shared/data")) / "text"
_INTERVAL = re.compile(r"xmin = ([\d.]+)\s+xmax = ([\d.]+)\s+text = \"((?:[^\"]|\"\")*)\"")
_MARK = re.compile(r"<[^>]*>|\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class Conversation:
    """``written``: a person's summary; empty where there is none."""

    name: str
    utterances: tuple[Utterance, ...]
    written: str = ""


def consultations(part: str) -> Iterator[Conversation]:
    folder = TEXTS / "primock57_two_channel_transcripts"
    for note in sorted((folder / "notes").glob("*.json")):
        found = json.loads(note.read_text())
        if (part == "tune") is (found["day"] <= 3):
            turns: list[tuple[float, float, str, Speaker]] = []
            for who, speaker in (("doctor", Speaker.AGENT), ("patient", Speaker.CUSTOMER)):
                grid = (folder / "transcripts" / f"{note.stem}_{who}.TextGrid").read_text()
                turns += [
                    (float(start), float(end), _plain(text), speaker) for start, end, text in _INTERVAL.findall(grid)
                ]
            spoken = sorted((each for each in turns if each[2]), key=lambda each: each[0])
            yield Conversation(note.stem, _utterances([(text, speaker) for *_, text, speaker in spoken]), found["note"])


def airline(part: str) -> Iterator[Conversation]:
    runs = json.loads((TEXTS / "taubench_airline_trajectories" / "gpt-4o-airline.json").read_text())
    for run in runs[:100]:
        if (part == "tune") is (run["task_id"] % 2 == 0):
            turns = [
                (_plain(message["content"]), Speaker.CUSTOMER if message["role"] == "user" else Speaker.AGENT)
                for message in run["traj"]
                if message["role"] in ("user", "assistant") and message.get("content")
            ]
            yield Conversation(f"airline-{run['task_id']}", _utterances(turns))


def meetings() -> Iterator[Conversation]:
    for number, line in enumerate((TEXTS / "qmsum_meetings" / "product_val.jsonl").read_text().splitlines()):
        found = json.loads(line)
        turns = [
            (_plain(each["content"]), Speaker.AGENT if each["speaker"] == "Project Manager" else Speaker.CUSTOMER)
            for each in found["meeting_transcripts"]
        ]
        yield Conversation(f"meeting-{number}", _utterances(turns), found["general_query_list"][0]["answer"])


def _utterances(turns: list[tuple[str, Speaker]]) -> tuple[Utterance, ...]:
    return tuple(
        Utterance("bench", "c1", f"u{seq}", seq, speaker, seq * 1_000, seq * 1_000 + 900, text)
        for seq, (text, speaker) in enumerate((turn for turn in turns if turn[0]), 1)
    )


def _plain(text: str) -> str:
    return " ".join(_MARK.sub(" ", text.replace('""', '"')).split())
