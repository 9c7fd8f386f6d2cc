"""How well quality forms are filled in, on generated calls: ``python -m benchmarks.scorecards``.

Each tenant's models are trained of its folder and answer each utterance; guidance runs over the call as it does live;
then the judge fills in the form, and its answers are compared with what was planted. ``--judged`` reads the
wording that was kept aside, written by somebody who saw neither the judge nor the playbooks; ``--seen`` an earlier such
part, which choices have been made on since. Fails below the goals.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.scorecard_calls import NA, GeneratedCall, Wording, generated
from local.interruption import ended_in_order
from local.options import TENANTS
from sotto.call.annotation import Annotation, AnnotationKind
from sotto.call.language import primary
from sotto.call.live import AgentJoined, CallTime
from sotto.graph.node import NodeResult, NodeStatus
from sotto.guidance.call_events import UtteranceResults
from sotto.guidance.conversation import ConversationState
from sotto.guidance.evaluate import checklist_of, evaluate
from sotto.guidance.rules import Rules, rules_of
from sotto.scorecards.agreement import cohens_kappa
from sotto.scorecards.answers import Answer, Standing
from sotto.scorecards.judge.call_facts import CallFacts, facts_of
from sotto.scorecards.judge.judge import NoModel, judged
from sotto.tenants.book import TenantBook
from sotto.tenants.scorecards.form import Form
from sotto.wiring.publishing import book_from

READ_ALOUD = ("intent", "sentiment", "behaviours")
GOALS = {"macro_f": 0.90, "wrong_speaker": 0.90, "after_the_fact": 0.90, "kappa": 0.80}
CONNECTED_MS = 1_000
Results = Mapping[str, tuple[NodeResult, ...]]


@dataclass(frozen=True, slots=True)
class Row:
    question: str
    plant: str
    truth: str
    given: str
    how: str
    has_evidence: bool
    text: str = ""


def model_results(tenant: str, texts: Sequence[str], folder: Path) -> Results:
    """What the tenant's models answer to each text, trained as ``sotto tenants push`` trains them at once."""
    from model_containers.shard.base_encoder.minilm import MiniLmEncoder
    from model_containers.shard.heads.behaviours import BehavioursHead
    from model_containers.shard.heads.classifier import ClassifierHead
    from model_containers.trainer.packages import build_packages
    from sotto.models.package import open_package

    heads: dict[str, Any] = {}
    for archive in build_packages(TENANTS / tenant, folder, at_once=True):
        task = archive.parent.name
        if task in READ_ALOUD:
            package = open_package(archive, folder / "open" / tenant / task)
            heads[task] = (BehavioursHead if task == "behaviours" else ClassifierHead)(package)
    reader = MiniLmEncoder()
    found: dict[str, tuple[NodeResult, ...]] = {}
    for start in range(0, len(texts), 32):
        some = texts[start : start + 32]
        for text, embedding in zip(some, reader.encode(some), strict=True):
            found[text] = tuple(
                NodeResult(task, task, NodeStatus.OK, head.answer({"text": text}, embedding))
                for task, head in heads.items()
            )
    return found


def facts(call: GeneratedCall, book: TenantBook, rules: Rules, results: Results) -> CallFacts:
    """As guidance and the judge have it of a real call."""
    state = ConversationState(book.tenant, "generated")
    state = evaluate(state, AgentJoined(book.tenant, "generated", CONNECTED_MS), rules).state
    annotations: list[Annotation] = []
    for utterance in call.utterances:
        event = UtteranceResults(utterance, results.get(utterance.text, ()))
        done = evaluate(state, event, rules)
        state, annotations = done.state, [*annotations, *done.annotations]
    last = call.utterances[-1]
    ticked = evaluate(state, CallTime(last.end_ms + 60_000, last.end_ms, last.seq), rules)
    annotations += ticked.annotations
    items = {
        f"{each.checklist}/{each.name}": each.done_by
        for each in checklist_of(ticked.state, rules)
        if each.state == "done" and each.done_by
    }
    moments = [each for each in annotations if each.kind in (AnnotationKind.MOMENT, AnnotationKind.ACTION)]
    return facts_of(call.utterances, ticked.state, moments, items, book.playbook, language=book.settings.language)


def rows_of(tenant: str, part: str, calls: int, seed: int, folder: Path) -> tuple[list[Row], float]:
    """And how many milliseconds the judge took a call."""
    book = book_from(TENANTS / tenant)
    form = book.scorecards[0]
    wording = Wording.of(tenant, part)
    results = model_results(tenant, sorted(wording.every_text()), folder) if book.models else {}
    rules = replace(
        rules_of(book.playbook, [one.name for one in book.playbook.sets]), language=primary(book.settings.language)
    )
    rows: list[Row] = []
    took = 0.0
    for call in generated(book, form, wording, calls, seed):
        known = facts(call, book, rules, results)
        started = time.perf_counter()
        answers = judged(form, book.playbook, known, tenant=tenant, model=NoModel())
        took += time.perf_counter() - started
        rows += _compared(form, call, answers)
    return rows, 1000 * took / calls


def _compared(form: Form, call: GeneratedCall, answers: Sequence[Answer]) -> list[Row]:
    spoken = {each.id: f"{each.speaker[0]}: {each.text}" for each in call.utterances}
    found = []
    for answer in answers:
        if answer.question in call.planted:
            planted = call.planted[answer.question]
            text = " | ".join(spoken[id] for id in answer.utterances[:2])
            shown = bool(answer.utterances) and answer.span is not None
            found.append(
                Row(answer.question, planted.plant, planted.truth, _given(answer), answer.how.value, shown, text)
            )
    return found


def _given(answer: Answer) -> str:
    if answer.standing is Standing.ANSWERED:
        return answer.value
    return NA if answer.standing is Standing.NOT_APPLICABLE else "open"


def figures(rows: Sequence[Row]) -> dict[str, Any]:
    by_question = defaultdict(list)
    for row in rows:
        by_question[row.question].append(row)
    per_question = {ref: (_f(some, "yes") + _f(some, "no")) / 2 for ref, some in by_question.items()}
    return {
        "answers": len(rows),
        "macro_f": sum(per_question.values()) / len(per_question),
        "kappa": cohens_kappa([(row.truth, row.given) for row in rows]),
        **{plant: _right(rows, plant) for plant in ("present", "paraphrased", "absent", "near", "wrong_speaker")},
        "after_the_fact": _right(rows, "after_the_fact"),
        "not_needed": _right(rows, "not_needed"),
        "open": sum(row.given == "open" for row in rows),
        "no_without_evidence": sum(row.given == "no" and not row.has_evidence for row in rows),
        "how": dict(Counter(row.how for row in rows)),
        "by_question": {ref: round(value, 3) for ref, value in per_question.items()},
    }


def _f(rows: Sequence[Row], label: str) -> float:
    both = sum(row.truth == row.given == label for row in rows)
    either = sum((row.truth == label) + (row.given == label) for row in rows)
    return 2 * both / either if either else 1.0


def _right(rows: Sequence[Row], plant: str) -> float:
    some = [row for row in rows if row.plant == plant]
    return sum(row.truth == row.given for row in some) / len(some) if some else 1.0


@ended_in_order()
def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--judged", dest="part", action="store_const", const="judged", help="read the part that was kept aside"
    )
    which.add_argument("--seen", dest="part", action="store_const", const="seen", help="the part of before, seen since")
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--tenant", nargs="+", default=["harbour_bank", "torque_garage", "nordlicht_energie"])
    parser.add_argument("--wrong", action="store_true", help="list what was answered wrongly")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    part = options.part or "tune"
    every: list[Row] = []
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for tenant in options.tenant:
            rows, took_ms = rows_of(tenant, part, options.calls, options.seed, Path(folder))
            every += rows
            results[tenant] = figures(rows) | {"judge_ms_a_call": round(took_ms, 2)}
            _print(tenant, results[tenant])
            if options.wrong:
                wrong = Counter((r.question, r.plant, r.given, r.text) for r in rows if r.truth != r.given)
                for (question, plant, given, text), count in sorted(wrong.items(), key=lambda one: -one[1]):
                    print(f"    {count:>3} {question} {plant} -> {given}: {text}")
    results["all"] = figures(every)
    _print(f"all ({part})", results["all"])
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    missed = [name for name, goal in GOALS.items() if results["all"][name] < goal]
    if results["all"]["no_without_evidence"]:
        missed.append("no_without_evidence")
    print(f"goals missed: {', '.join(missed)}" if missed else "every goal is reached")
    return 1 if missed else 0


def _print(name: str, found: Mapping[str, Any]) -> None:
    print(name)
    for key, value in found.items():
        print(f"  {key:<20} {value:.3f}" if isinstance(value, float) else f"  {key:<20} {value}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
