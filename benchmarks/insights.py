"""Questions over all conversations with a customer: answered with the right citation, and not answered where they hold
no answer.

    python -m benchmarks.insights [--set open|sealed] [--customers 120] [--seed 5] [--json FILE]

Customers are synthetic. Each has three to six conversations, which are sample calls with details planted into them; a
third of the details is said again, changed, in a later conversation. Asked is for the details (the newest one is the
right citation), for details that other customers have, and for something beside a detail that nobody said. Details and
questions were written by one person (insight_details.yaml). A third of the subjects, drawn by --split-seed, was kept
aside while thresholds were chosen: --set sealed reads those.

No language model writes anything: answers are utterances. Two arms: words alone, and with meaning as the search index
gives it (the encoder that is served, without the shard between).
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from model_containers.shard.base_encoder.embedding import TextEncoder
from model_containers.shard.base_encoder.minilm import MiniLmEncoder
from sotto.after_call.stored_call import Call
from sotto.api.insights.recall import CallOf, Place, answers
from sotto.api.insights.use_cases import MOST_MEANT
from sotto.call.contact import Contact, Speaker
from sotto.call.utterance import Utterance

ROOT = Path(__file__).parents[1]
DETAILS = Path(__file__).with_name("insight_details.yaml")
DAY_MS, TODAY_MS = 86_400_000, 1_790_000_000_000
SAID_AGAIN = 1 / 3
DETAILS_EACH = 5
ABSENT_EACH = 3


@dataclass(frozen=True)
class Question:
    """``right``: None where the conversations hold no answer; ``before``: what it was, where it has changed."""

    text: str
    kind: str
    right: Place | None = None
    before: Place | None = None


@dataclass(frozen=True)
class Customer:
    calls: Sequence[CallOf]
    questions: Sequence[Question]


def subjects(which: str, split_seed: int) -> dict[str, Any]:
    every = yaml.safe_load(DETAILS.read_text(encoding="utf-8"))
    sealed = set(random.Random(split_seed).sample(sorted(every), len(every) // 3))
    return {name: each for name, each in every.items() if (name in sealed) == (which == "sealed")}


def customer(number: int, known: Mapping[str, Any], rng: random.Random) -> Customer:
    contacts = _contacts(number, rng)
    turns = {each.contact_id: _sample_turns(rng) for each in contacts}
    names = rng.sample(sorted(known), DETAILS_EACH)
    planted: list[tuple[str, str, str | None]] = []
    for name in names:
        detail = known[name]
        values = rng.sample(detail["v"], 2)
        changes = rng.random() < SAID_AGAIN and len(contacts) > 1
        first, last = sorted(rng.sample(range(len(contacts)), 2)) if changes else (rng.randrange(len(contacts)), None)
        old = _plant(turns[contacts[first].contact_id], detail, rng.choice(detail["said"]).format(v=values[0]), rng)
        new = None
        if last is not None:
            text = rng.choice(detail["again"]).format(v=values[1])
            new = _plant(turns[contacts[last].contact_id], detail, text, rng)
        planted.append((name, old, new))
    calls = [CallOf(each, Call(_utterances(each, turns[each.contact_id]))) for each in contacts]
    at = {one.text: (call.contact.contact_id, one.id) for call in calls for one in call.call.utterances}
    questions = []
    for name, old, new in planted:
        detail, changed = known[name], new is not None
        right, before = at[new or old], at[old] if changed else None
        questions.append(Question(rng.choice(detail["asked"]), "changed" if changed else "once", right, before))
        questions.append(Question(rng.choice(detail["beside"]), "beside"))
    for name in rng.sample(sorted(set(known) - set(names)), ABSENT_EACH):
        questions.append(Question(rng.choice(known[name]["asked"]), "absent"))
    return Customer(calls, questions)


def _contacts(number: int, rng: random.Random) -> list[Contact]:
    """By time."""
    days = sorted(rng.sample(range(5, 300), rng.randint(3, 6)), reverse=True)
    return [
        Contact("bench", f"k{number}-{at}", "i", "s", TODAY_MS - day * DAY_MS, agent="emma", version=1)
        for at, day in enumerate(days)
    ]


def _sample_turns(rng: random.Random) -> list[tuple[Speaker, str]]:
    names = [path.parent for path in sorted((ROOT / "events" / "calls").glob("*/call.transcript.jsonl"))]
    english = [each for each in names if not each.name.startswith("energie")]
    lines = (rng.choice(english) / "call.transcript.jsonl").read_text(encoding="utf-8").splitlines()
    return [(Speaker(turn["speaker"]), turn["text"]) for turn in map(json.loads, lines)]


def _plant(turns: list[tuple[Speaker, str]], detail: Mapping[str, Any], text: str, rng: random.Random) -> str:
    turns.insert(rng.randint(1, len(turns)), (Speaker(detail["who"]), text))
    return text


def _utterances(contact: Contact, turns: Sequence[tuple[Speaker, str]]) -> list[Utterance]:
    return [
        Utterance("bench", contact.contact_id, f"u{at}", at, speaker, at * 5_000, at * 5_000 + 4_000, text)
        for at, (speaker, text) in enumerate(turns, 1)
    ]


class Meant:
    """As the search index: the nearest utterances of the customer's. Nothing without an encoder."""

    def __init__(self, encoder: TextEncoder | None) -> None:
        self._encoder = encoder
        self._known: dict[str, Any] = {}

    def __call__(self, question: str, calls: Sequence[CallOf]) -> Mapping[Place, float]:
        if self._encoder is None:
            return {}
        spoken = [(each.contact.contact_id, one) for each in calls for one in each.call.utterances]
        matrix = np.stack(self._vectors([one.text for _, one in spoken]))
        (vector,) = self._vectors([question])
        cosines = matrix @ vector
        nearest = np.argsort(-cosines)[:MOST_MEANT]
        return {(spoken[at][0], spoken[at][1].id): float(cosines[at]) for at in nearest}

    def _vectors(self, texts: Sequence[str]) -> list[Any]:
        assert self._encoder is not None
        missing = [each for each in dict.fromkeys(texts) if each not in self._known]
        if missing:
            found = self._encoder.encode(missing)
            self._known |= {text: each.whole for text, each in zip(missing, found, strict=True)}
        return [self._known[each] for each in texts]


def measured(customers: Sequence[Customer], meant: Meant, show: bool) -> dict[str, Any]:
    right = cited = shown = changed = abstained = unanswerable = answered = 0
    times_ms = []
    wrong: dict[str, int] = {}
    for each in customers:
        for question in each.questions:
            near = meant(question.text, each.calls)
            began = time.perf_counter()
            found = answers(question.text, each.calls, near)
            times_ms.append((time.perf_counter() - began) * 1000)
            first = (found[0].stands.contact.contact_id, found[0].stands.utterance.id) if found else None
            if question.right is None:
                unanswerable += 1
                abstained += not found
                good = not found
            else:
                answered += 1
                good = first == question.right
                right += good
                cited += any(_place(one.stands) == question.right for one in found)
                if question.before is not None:
                    changed += 1
                    shown += good and question.before in {_place(one) for one in found[0].earlier}
            if not good:
                wrong[question.kind] = wrong.get(question.kind, 0) + 1
                if show:
                    print(question.kind, "|", question.text, "|", [one.stands.utterance.text for one in found])
    times_ms.sort()
    return {
        "questions with an answer": answered,
        "right citation first": round(right / answered, 3),
        "right citation among those shown": round(cited / answered, 3),
        "questions without": unanswerable,
        "abstention right": round(abstained / unanswerable, 3),
        "changed details": changed,
        "the newest first with the old one shown": round(shown / changed, 3) if changed else None,
        "wrong by kind": dict(sorted(wrong.items())),
        "own code a question, p95 ms": round(times_ms[int(0.95 * len(times_ms))], 1),
    }


def _place(spoken: Any) -> Place:
    return (spoken.contact.contact_id, spoken.utterance.id)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", choices=("open", "sealed"), default="open")
    parser.add_argument("--customers", type=int, default=120)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--split-seed", type=int, default=2611)
    parser.add_argument("--show", action="store_true", help="each question that went wrong")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    known = subjects(asked.set, asked.split_seed)
    rng = random.Random(asked.seed)
    customers = [customer(number, known, rng) for number in range(asked.customers)]
    arms = {"words alone": Meant(None), "words and meaning": Meant(MiniLmEncoder())}
    found = {name: measured(customers, arm, asked.show) for name, arm in arms.items()}
    for name, each in found.items():
        print(f"{asked.set}, {len(known)} subjects, {asked.customers} customers, {name}:")
        for what, value in each.items():
            print(f"    {what}: {value}")
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
