"""How well summaries are checked, and how much of people's own notes a quoted summary holds.

Checker: recall of planted errors beside false alarms on sound sentences (benchmarks/planted_errors.py); goal .9 at 5 %.
Quoted summary: ROUGE and the share of a note's statements that it holds, beside the first and the last words of the
conversation in the same number. ``--part tune`` is for choosing; ``report``, read for figures alone, is another part of
the texts (benchmarks/summary_texts.py). Reads ``SOTTO_SHARED_DATA`` or ``../shared/data``.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from benchmarks.planted_errors import Written, written
from benchmarks.summary_texts import TEXTS, Conversation, airline, consultations, meetings
from sotto.after_call.check.faults import THRESHOLDS, Fault, faults, objection
from sotto.after_call.extract import extracted
from sotto.after_call.stored_call import Call
from sotto.core.content_words import content_words, plain

SEEDS = {"tune": 11, "report": 23}
HELD = 0.5
"""Share of a statement's content words that a summary must have to hold it."""
GOAL_RECALL, GOAL_ALARMS = 0.9, 0.05


def run(part: str) -> dict[str, Any]:
    texts = [*consultations(part), *airline(part)]
    found = {"checker": checker(list(written(texts, seed=SEEDS[part])))}
    found["notes of consultations"] = against_people(consultations(part))
    if part == "report":
        found["summaries of meetings"] = against_people(meetings())
    return found


def checker(cases: Sequence[Written]) -> dict[str, float]:
    sound = [each for each in cases if each.fault is None]
    planted = [each for each in cases if each.fault is not None]
    alarms = [objection(each.sentence, each.cited) is not None for each in sound]
    found = [objection(each.sentence, each.cited) is not None for each in planted]
    recall = {
        f"recall {fault.value}": _share(seen for seen, each in zip(found, planted, strict=True) if each.fault is fault)
        for fault in Fault
    }
    kinds = Counter(each.fault for each in planted)
    cut = sorted((_worst(each) for each in sound), reverse=True)[int(GOAL_ALARMS * len(sound))]
    by_kind = statistics.fmean(recall.values())
    return {
        "sound sentences": len(sound),
        "planted errors": len(planted),
        "fewest of a kind": min(kinds.values()),
        "false alarms": _share(alarms),
        "recall": _share(found),
        "recall, mean of kinds": by_kind,
        "recall at 5 % false alarms": _share(_worst(each) > cut for each in planted),
        **recall,
    }


def _worst(case: Written) -> float:
    return max(score / THRESHOLDS[fault] for fault, score in faults(case.sentence, case.cited).items())


def against_people(conversations: Iterable[Conversation]) -> dict[str, float]:
    """Means over conversations."""
    rows: list[dict[str, float]] = []
    for each in conversations:
        ours = " ".join(line.text for line in extracted(Call(each.utterances)))
        words = " ".join(utterance.text for utterance in each.utterances).split()
        length = len(ours.split())
        ways = {"quoted": ours, "lead": " ".join(words[:length]), "end": " ".join(words[-length:])}
        rows.append({"words": length} | dict(chain.from_iterable(_scores(n, t, each.written) for n, t in ways.items())))
    return {"conversations": len(rows)} | {name: statistics.fmean(row[name] for row in rows) for name in rows[0]}


def _scores(name: str, text: str, note: str) -> list[tuple[str, float]]:
    own, theirs = plain(text).split(), plain(note).split()
    statements = [each for each in re.split(r"[\n.;]|, ", note) if len(set(content_words(each))) >= 2]
    there = set(content_words(text))
    held = [_share(word in there for word in content_words(each)) >= HELD for each in statements]
    return [
        (f"{name} ROUGE-1", rouge(own, theirs, 1)),
        (f"{name} ROUGE-2", rouge(own, theirs, 2)),
        (f"{name} ROUGE-L", rouge_l(own, theirs)),
        (f"{name} statements held", _share(held)),
    ]


def rouge(own: Sequence[str], theirs: Sequence[str], n: int) -> float:
    """F1 of n-grams, without stemming."""
    one, other = (Counter(zip(*(words[at:] for at in range(n)), strict=False)) for words in (own, theirs))
    return _f1((one & other).total(), one.total(), other.total())


def rouge_l(own: Sequence[str], theirs: Sequence[str]) -> float:
    """F1 of the longest common subsequence."""
    row = [0] * (len(theirs) + 1)
    for word in own:
        before = 0
        for at, other in enumerate(theirs, 1):
            before, row[at] = row[at], before + 1 if word == other else max(row[at], row[at - 1])
    return _f1(row[-1], len(own), len(theirs))


def _f1(common: int, own: int, theirs: int) -> float:
    return 2 * common / (own + theirs) if own + theirs else 0.0


def _share(seen: Iterable[bool]) -> float:
    values = list(seen)
    return sum(values) / len(values) if values else 0.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=("report", "tune"), default="report")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if not TEXTS.exists():
        raise SystemExit(f"{TEXTS} is not there; set SOTTO_SHARED_DATA to the folder of public texts")
    found = run(options.part)
    for name, row in found.items():
        print(name)
        for what, value in row.items():
            print(f"  {what:<28} {value:.3f}" if isinstance(value, float) else f"  {what:<28} {value}")
    if options.json is not None:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    seen = found["checker"]
    return 0 if seen["recall at 5 % false alarms"] >= GOAL_RECALL else 1


if __name__ == "__main__":
    raise SystemExit(main())
