"""How sure an answer must be before its card helps more than it disturbs: ``python -m benchmarks.answer_floors``.

By floor of confidence, on ``benchmarks/texts/asked_of_articles.yaml``: what share of the cards would be right, and of
how many texts the article would come. The tenants' models answer as they are served.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from benchmarks.encoder_latency import started_shard
from benchmarks.guidance_quality import CLOCKS, Models, trained
from local.interruption import ended_in_order
from local.options import REPOSITORY
from sotto.call.contact import Contact, Speaker
from sotto.call.utterance import Utterance
from sotto.graph.compiled_policies import CompiledPolicies
from sotto.graph.graph import advance, plan
from sotto.graph.node import NodeResult
from sotto.guidance.showing import best_answer
from sotto.tenants.compile import compile_policies
from sotto.tenants.playbook import AnswerRule, PlaybookAction, Show
from sotto.wiring.publishing import book_from

TEXTS = REPOSITORY / "benchmarks" / "texts" / "asked_of_articles.yaml"
FLOORS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)
ANY_ANSWER = PlaybookAction(name="any", show=Show(title=""), answer=AnswerRule(model="knowledge", at_least=0.0))


@dataclass(frozen=True, slots=True)
class Asked:
    """``confidence`` of the best answer, 0 without one."""

    confidence: float
    is_right: bool
    has_answer: bool


async def run() -> list[Asked]:
    asked = []
    for folder, archives in trained():
        book = book_from(folder)
        compiled = compile_policies(book, Contact(book.tenant, "c", "", "", 0), at_ms=CLOCKS["Tuesday noon"])
        async with started_shard(archives, 1) as (client, _, _):
            models = Models(client, book)
            for one in YAML(typ="safe").load(TEXTS)[folder.name]:
                best = await _best(one["text"], compiled, models)
                right = best is not None and best["article"] in one["articles"]
                asked.append(Asked(float(best["confidence"]) if best else 0.0, right, bool(one["articles"])))
    return asked


async def _best(text: str, compiled: CompiledPolicies, models: Models) -> Mapping[str, Any] | None:
    graph = plan(compiled, Utterance(models.book.tenant, "c", "u", 1, Speaker.CUSTOMER, 0, 1, text))
    results = tuple[NodeResult, ...]()
    while calls := advance(graph, results).next:
        results += tuple([await models.answer(call, ()) for call in calls])
    found = (best_answer(ANY_ANSWER, result) for result in results)
    return next((best for best in found if best is not None), None)


def at_floor(asked: Sequence[Asked], floor: float) -> dict[str, Any]:
    shown = [one for one in asked if one.confidence >= floor]
    right = sum(one.is_right for one in shown)
    wanted = sum(one.has_answer for one in asked)
    return {"floor": floor, "shown": len(shown), "right": right, "precision": right / max(1, len(shown)), "of": wanted}


@ended_in_order()
def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    asked = asyncio.run(run())
    rows = [at_floor(asked, floor) for floor in FLOORS]
    for row in rows:
        print(
            "floor {floor:.2f}: {shown:>2} shown, {right} right ({precision:.0%}), of {of} with an answer".format(**row)
        )
    if options.json:
        options.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
