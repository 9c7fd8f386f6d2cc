"""How long policies, graphs and guidance take, without any model or network.

    python -m benchmarks.policy_compile [--json FILE] [--rounds N]

Policies: 1,000 in one book, for 100 teams, queues, agents, attributes and hours, and once more with all 1,000 for
everybody, which no index narrows. Graph: plan and every wave of eight nodes. Guidance: the bank's playbook on a sample
call, with the state read from JSON and written again for every utterance. Fails when compiling takes more than 5 ms or
building a graph more than 1 ms of processor time at p99.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from sotto.call.contact import Contact, Speaker
from sotto.call.utterance import Utterance
from sotto.graph.compiled_policies import CompiledPolicies, PlannedNode
from sotto.graph.graph import Graph, advance, first_wave, plan
from sotto.graph.node import Node, NodeResult, NodeStatus
from sotto.guidance.call_events import UtteranceResults
from sotto.guidance.conversation import ConversationState, state_from_json, state_to_json
from sotto.guidance.evaluate import evaluate
from sotto.guidance.rules import Rules, rules_of
from sotto.tenants.book import Hours, NodeRule, Policy, TenantBook, TenantSettings, When
from sotto.tenants.compile import PolicyIndex, compile_policies
from sotto.wiring.publishing import book_from

T = TypeVar("T")
ROOT = Path(__file__).parents[1]
AT_MS = 1_795_000_000_000
WEEK_MS = 7 * 86_400_000
MODELS = ("intent", "sentiment", "behaviours", "entities", "knowledge", "summary", "risk", "reply")
OFFICE = Hours(days=(0, 1, 2, 3, 4), from_minute=540, to_minute=1080, zone="America/New_York")
NIGHT = Hours(from_minute=1320, to_minute=360, zone="Europe/Berlin")


class Stopwatch:
    """Wall-clock and processor time of each lap. On a busy machine only the second says what the code costs."""

    def __init__(self) -> None:
        self.wall_ms: list[float] = []
        self.cpu_ms: list[float] = []

    def lap(self, work: Callable[..., T], *arguments: Any) -> T:
        wall, cpu = time.perf_counter(), time.thread_time()
        result = work(*arguments)
        self.cpu_ms.append((time.thread_time() - cpu) * 1000)
        self.wall_ms.append((time.perf_counter() - wall) * 1000)
        return result

    def figures(self) -> dict[str, Any]:
        return {"wall_ms": percentiles(self.wall_ms), "cpu_ms": percentiles(self.cpu_ms)}


def percentiles(times_ms: Sequence[float]) -> dict[str, float]:
    ordered = sorted(times_ms)
    return {
        name: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 4)
        for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0))
    }


def timed(rounds: int, work: Callable[[int], Any]) -> dict[str, Any]:
    watch = Stopwatch()
    for number in range(rounds):
        watch.lap(work, number)
    return watch.figures()


def rules(number: int) -> tuple[NodeRule, ...]:
    return tuple(NodeRule(id=name, model=name, task="intent") for name in MODELS[: 1 + number % len(MODELS)])


def mixed(number: int) -> When:
    """Half of them by team, the rest by queue, agent, attribute or for everybody; every third with hours."""
    kinds = (
        When(teams=(f"team{number % 100}",)),
        When(queues=(f"queue{number % 50}",)),
        When(teams=(f"team{number % 97}",), attributes={"segment": ("gold", "silver")}),
        When(agents=(f"agent{number % 500}",)),
        When(teams=(f"team{number % 89}",), languages=("en-US", "en-GB")),
        When(attributes={"campaign": (f"c{number % 20}",)}),
    )
    return kinds[number % 6].model_copy(update={"hours": (OFFICE, NIGHT) if number % 3 == 0 else ()})


def book_of(when: Callable[[int], When]) -> TenantBook:
    policies = tuple(
        Policy(name=f"policy {number}", when=when(number), run=rules(number), playbooks=(f"set{number % 30}",))
        for number in range(1000)
    )
    return TenantBook(tenant="bench", settings=TenantSettings(title="Bench", instances=()), policies=policies).sealed()


def contact(chance: random.Random) -> Contact:
    return Contact(
        tenant="bench",
        contact_id="c",
        instance_arn="",
        stream_arn="",
        media_started_at_ms=0,
        team=f"team{chance.randrange(100)}",
        queue=f"queue{chance.randrange(50)}",
        agent=f"agent{chance.randrange(500)}",
        attributes={"segment": chance.choice(["gold", "silver", "iron"]), "campaign": f"c{chance.randrange(20)}"},
    )


def compiling(book: TenantBook, rounds: int) -> dict[str, Any]:
    chance = random.Random(7)
    index = PolicyIndex(book)
    cases = [(contact(chance), AT_MS + chance.randrange(WEEK_MS)) for _ in range(rounds)]
    considered = [len(index.candidates(one)) for one, _ in cases]
    times = timed(rounds, lambda number: compile_policies(index, cases[number][0], at_ms=cases[number][1]))
    index_ms = timed(3, lambda _: PolicyIndex(book))["cpu_ms"]["p50"]
    return {**times, "candidates": round(sum(considered) / rounds, 1), "index_ms": index_ms}


def graphs(rounds: int) -> dict[str, Any]:
    chain = [
        PlannedNode(Node(name, "intent", name, after=MODELS[max(0, place - 2) : place]), tuple(Speaker))
        for place, name in enumerate(MODELS)
    ]
    compiled = CompiledPolicies("bench", "c", 0, "v", nodes=tuple(chain))
    utterance = Utterance("bench", "c", "u", 1, Speaker.CUSTOMER, 0, 1000, "I want to close my account")
    return {
        "build": timed(rounds, lambda _: first_wave(plan(compiled, utterance))),
        "all_waves": timed(rounds, lambda _: run(plan(compiled, utterance))),
    }


def run(graph: Graph) -> None:
    results: list[NodeResult] = []
    while calls := advance(graph, results).next:
        results += [
            NodeResult(call.node.id, "intent", NodeStatus.OK, {"label": "a", "confidence": 0.9}) for call in calls
        ]


def guidance(rounds: int) -> dict[str, Any]:
    """One utterance considered: state from JSON, playbook, state to JSON. Times of the whole call, again and again."""
    book = book_from(ROOT / "tenants" / "harbour_bank")
    playbook = rules_of(book.playbook, ["conduct", "security", "retention"], version=book.version)
    lines = (ROOT / "events/calls/bank_cancel/call.transcript.jsonl").read_text().splitlines()
    watch, stored = Stopwatch(), b""
    for _ in range(max(1, rounds // len(lines))):
        stored = state_to_json(ConversationState("bench", "c"))
        for seq, line in enumerate(map(json.loads, lines), start=1):
            start, end = round(line["start_ms"]), round(line["end_ms"])
            utterance = Utterance("bench", "c", f"u{seq}", seq, Speaker(line["speaker"]), start, end, line["text"])
            stored = watch.lap(considered, stored, utterance, playbook)
    return {**watch.figures(), "state_bytes": len(stored)}


def considered(stored: bytes, utterance: Utterance, playbook: Rules) -> bytes:
    return state_to_json(evaluate(state_from_json(stored), UtteranceResults(utterance), playbook).state)


def measure(rounds: int) -> dict[str, Any]:
    everybody = book_of(lambda number: When(hours=(OFFICE, NIGHT) if number % 3 == 0 else ()))
    return {
        "compile_1000_policies": compiling(book_of(mixed), rounds),
        "compile_1000_policies_for_everybody": compiling(everybody, max(50, rounds // 10)),
        "graph": graphs(rounds),
        "consider_utterance": guidance(rounds),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--rounds", type=int, default=2000)
    options = parser.parse_args(arguments)
    found = measure(options.rounds)
    content = json.dumps(found, indent=2)
    if options.json:
        options.json.write_text(content + "\n")
    sys.stdout.write(content + "\n")
    compiled, built = found["compile_1000_policies"]["cpu_ms"], found["graph"]["build"]["cpu_ms"]
    kept = compiled["p99"] <= 5 and built["p99"] <= 1
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
