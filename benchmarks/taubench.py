"""A scorecard's total against somebody else's idea of a good conversation: ``python -m benchmarks.taubench``.

tau-bench's airline conversations (MIT, both sides written by a language model) come with a reward: whether the database
ended as it should. The form (benchmarks/texts/airline) is written from the policy alone. It sees what is spoken and no
tool call, as a scorecard does, so that this says how much of the outcome can be heard; nothing is tuned on it.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.redaction_corpora import shared_text
from local.interruption import ended_in_order
from local.options import REPOSITORY
from sotto.call.contact import Speaker
from sotto.call.utterance import Utterance
from sotto.scorecards.evaluation import MACHINE, Evaluation, Kind, filled_in
from sotto.scorecards.judge.call_facts import facts_of
from sotto.scorecards.judge.judge import NoModel, judged
from sotto.tenants.playbook import Playbook
from sotto.tenants.reading.places import Mistakes
from sotto.tenants.reading.scorecards import read_scorecards
from sotto.tenants.scorecards.form import Form

FOLDER = REPOSITORY / "benchmarks" / "texts" / "airline"
FILE = Path("taubench_airline_trajectories") / "gpt-4o-airline.json"
SPEAKERS = {"assistant": Speaker.AGENT, "user": Speaker.CUSTOMER}
TURN_MS, PAUSE_MS = 4_000, 500
STOP = "###STOP###"
RESAMPLED = 2_000


def airline_form() -> Form:
    mistakes = Mistakes()
    forms = read_scorecards(FOLDER, Playbook(), mistakes)
    assert not mistakes.found, mistakes.in_order()
    return forms[0]


def spoken(turns: Sequence[dict[str, Any]], contact_id: str) -> list[Utterance]:
    """Without the policy, tool calls and what tools answered."""
    turns = [turn for turn in turns if _is_spoken(turn)]
    texts = [(SPEAKERS[turn["role"]], str(turn["content"]).replace(STOP, "").strip()) for turn in turns]
    return [
        Utterance(
            "airline", contact_id, f"u{seq}", seq, speaker, (seq - 1) * TURN_MS, seq * TURN_MS - PAUSE_MS, text
        )
        for seq, (speaker, text) in enumerate(texts, 1)
    ]  # fmt: skip


def _is_spoken(turn: dict[str, Any]) -> bool:
    return turn["role"] in SPEAKERS and bool(str(turn.get("content") or "").replace(STOP, "").strip())


def evaluated(form: Form, utterances: Sequence[Utterance]) -> Evaluation:
    facts = facts_of(utterances, None, (), {}, Playbook(), language="en")
    answers = judged(form, Playbook(), facts, tenant="airline", model=NoModel())
    return filled_in(form, answers, tenant="airline", contact_id="c", kind=Kind.MACHINE, by=MACHINE, at_ms=0)


def auc(scores: Sequence[tuple[float, bool]]) -> float:
    """How often a good conversation has the higher total than a bad one; equal ones count half."""
    good = [score for score, is_good in scores if is_good]
    bad = [score for score, is_good in scores if not is_good]
    if not good or not bad:
        return float("nan")
    return sum((one > other) + (one == other) / 2 for one in good for other in bad) / (len(good) * len(bad))


def interval(scores: Sequence[tuple[int, float, bool]], seed: int) -> tuple[float, float]:
    """95 %, by a bootstrap over tasks, of each of which there are several conversations."""
    chance = random.Random(seed)
    tasks = sorted({task for task, _, _ in scores})
    of_task = {task: [(score, good) for one, score, good in scores if one == task] for task in tasks}
    found = sorted(
        auc([each for task in chance.choices(tasks, k=len(tasks)) for each in of_task[task]]) for _ in range(RESAMPLED)
    )
    return found[int(0.025 * RESAMPLED)], found[int(0.975 * RESAMPLED)]


def figures(conversations: Sequence[dict[str, Any]], seed: int = 17) -> dict[str, Any]:
    form = airline_form()
    scores: list[tuple[int, float, bool]] = []
    by_question: dict[str, list[tuple[float, bool]]] = {}
    opened = 0
    for number, each in enumerate(conversations):
        evaluation = evaluated(form, spoken(each["traj"], f"c{number}"))
        is_good = each["reward"] == 1.0
        scores.append((each["task_id"], evaluation.total.percentage or 0.0, is_good))
        for answer in evaluation.answers:
            opened += answer.standing.value == "open"
            question = form.question(answer.question)
            assert question is not None
            option = question.option(answer.value)
            if question.scored and option is not None and option.score is not None:
                by_question.setdefault(answer.question, []).append((option.score, is_good))
    low, high = interval(scores, seed)
    return {
        "conversations": len(scores),
        "good": sum(good for _, _, good in scores),
        "auc": round(auc([(score, good) for _, score, good in scores]), 3),
        "auc_95": (round(low, 3), round(high, 3)),
        "open": opened,
        "auc_by_question": {ref: round(auc(some), 3) for ref, some in by_question.items()},
    }


@ended_in_order()
def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    file = shared_text() / FILE
    if not file.exists():
        print(f"{FILE} is not there: set SOTTO_SHARED_DATA", file=sys.stderr)
        return 2
    found = figures(json.loads(file.read_text(encoding="utf-8")))
    for name, value in found.items():
        print(f"{name:<18} {value}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
