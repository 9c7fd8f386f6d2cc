"""How long policies, graphs and guidance take, without any model or network.

    python -m benchmarks.policy_compile [--json FILE] [--rounds N]

Policies: 1,000 in one book, for 100 teams, queues, agents, attributes and hours, and once more with all 1,000 for
everybody, which no index narrows. Graph: plan and every wave of eight nodes. Guidance: the bank's playbook on a sample call.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sotto.contact.contact import Contact, Speaker
from sotto.guidance.conversation import ConversationState, state_from_json, state_to_json
from sotto.guidance.guide import consider
from sotto.guidance.hearing import Spoken
from sotto.guidance.rules import rules_of
from sotto.inference.graph import Graph, advance, first_wave, plan
from sotto.inference.node import Node, NodeResult, NodeStatus
from sotto.policy.book import Hours, NodeRule, Policy, Settings, TenantBook, When
from sotto.policy.compile import CompiledPolicies, PlannedNode, PolicyIndex, compile_policies
from sotto.policy.source import book_from
from sotto.speech.utterance import Utterance

ROOT = Path(__file__).parents[1]
AT_MS = 1_795_000_000_000
WEEK_MS = 7 * 86_400_000
MODELS = ("intent", "sentiment", "behaviours", "entities", "knowledge", "summary", "risk", "reply")
OFFICE = Hours(days=(0, 1, 2, 3, 4), from_minute=540, to_minute=1080, zone="America/New_York")
NIGHT = Hours(from_minute=1320, to_minute=360, zone="Europe/Berlin")


def percentiles(times_ms: Sequence[float]) -> dict[str, float]:
    ordered = sorted(times_ms)
    return {
        name: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 4)
        for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0))
    }


def timed(rounds: int, work: Callable[[int], Any]) -> dict[str, float]:
    times = []
    for number in range(rounds):
        began = time.perf_counter()
        work(number)
        times.append((time.perf_counter() - began) * 1000)
    return percentiles(times)


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
    return TenantBook(tenant="bench", settings=Settings(title="Bench", instances=()), policies=policies).sealed()


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
    return {
        **times,
        "candidates": round(sum(considered) / rounds, 1),
        "index_ms": timed(3, lambda _: PolicyIndex(book))["p50"],
    }


def graphs(rounds: int) -> dict[str, dict[str, float]]:
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
    times, size = [], 0
    for _ in range(max(1, rounds // len(lines))):
        stored = state_to_json(ConversationState("bench", "c"))
        for seq, line in enumerate(map(json.loads, lines), start=1):
            start, end = round(line["start_ms"]), round(line["end_ms"])
            utterance = Utterance("bench", "c", f"u{seq}", seq, Speaker(line["speaker"]), start, end, line["text"])
            began = time.perf_counter()
            stored = state_to_json(consider(state_from_json(stored), Spoken(utterance), playbook).state)
            times.append((time.perf_counter() - began) * 1000)
        size = len(stored)
    return {**percentiles(times), "state_bytes": size}


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
    kept = found["compile_1000_policies"]["p99"] <= 5 and found["graph"]["build"]["p99"] <= 1
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
