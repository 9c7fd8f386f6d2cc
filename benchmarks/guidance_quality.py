"""Are the cards of the sample calls right, few and free of contradictions: ``python -m benchmarks.guidance_quality``.

The true words of each call go through redaction, the tenant's own models (on the shard, as they are served) and the
playbook engine, in virtual time: at noon on a Tuesday and on a Sunday evening, when other policies count. What the
cards should be stands in ``events/calls/*/cards.yaml``. Exit code 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx
from ruamel.yaml import YAML

from benchmarks.card_quality import Expectations, Figures, Judged, Shown, judge
from benchmarks.encoder_latency import started_shard
from local.interruption import Interruption, ended_in_order
from local.options import REPOSITORY
from local.trained_models import train_tenants
from sotto.call.contact import Contact, Speaker
from sotto.call.live import CallTime
from sotto.call.transcript_result import TranscriptResult
from sotto.call.utterance import Utterance
from sotto.graph.compiled_policies import CompiledPolicies
from sotto.graph.graph import advance, plan
from sotto.graph.node import NodeCall, NodeResult, NodeStatus
from sotto.guidance.call_events import CallEvent, UtteranceResults
from sotto.guidance.conversation import ConversationState
from sotto.guidance.evaluate import evaluate
from sotto.guidance.rules import rules_of
from sotto.redaction.engine import ConversationRedactor
from sotto.tenants.book import TenantBook
from sotto.tenants.compile import compile_policies
from sotto.tenants.redaction_rules import RedactionRules
from sotto.wiring.publishing import book_from

CALLS = REPOSITORY / "events" / "calls"
TICK_MS = 3_000
CLOCKS = {"Tuesday noon": 1_795_539_600_000, "Sunday evening": 1_795_978_800_000}
"""In New York (Unix epoch, ms)."""
GOALS = {"precision": 0.9, "recall": 0.98, "median_open": 2.0}


@dataclass(frozen=True, slots=True)
class Models:
    """A tenant's packages on a shard, which calls them as they are called in the book."""

    client: httpx.AsyncClient
    book: TenantBook

    async def answer(self, call: NodeCall, earlier: Sequence[str]) -> NodeResult:
        asked: dict[str, Any] = {"tenant": self.book.tenant, "text": call.utterance.text, "inputs": dict(call.inputs)}
        asked |= {"speaker": str(call.utterance.speaker)}
        asked |= {"context": list(earlier)} if call.node.context else {}
        model = self.book.models[call.node.model].package.rsplit("/", 1)[-1]
        response = await self.client.post(f"/models/{model}/invoke", json=asked)
        response.raise_for_status()
        return NodeResult(call.node.id, call.node.task, NodeStatus.OK, response.json(), {"model": model})


def utterances(call: Path, book: TenantBook) -> list[Utterance]:
    """In the order in which they end, redacted as the tenant has it."""
    lines = [json.loads(line) for line in (call / "call.transcript.jsonl").read_text().splitlines()]
    redactor = ConversationRedactor(RedactionRules.of(book.settings.redaction_in_effect))
    found = []
    for seq, line in enumerate(sorted(lines, key=lambda one: one["end_ms"]), start=1):
        speaker, start, end = Speaker(line["speaker"]), round(line["start_ms"]), round(line["end_ms"])
        name = f"{speaker}-{start}"
        safe = redactor.redact(TranscriptResult(speaker, name, start, end, line["text"], is_final=True))
        text, private = safe.result.text, safe.spans
        found.append(Utterance(book.tenant, "c", name, seq, speaker, start, end, text, private=private))
    return found


async def events(spoken: Sequence[Utterance], compiled: CompiledPolicies, models: Models) -> AsyncIterator[CallEvent]:
    """Each utterance, wave by wave, and between them what the audio worker says every three seconds."""
    tick_ms, earlier = TICK_MS, list[str]()
    for one in spoken:
        for at_ms in range(tick_ms, one.end_ms + 1, TICK_MS):
            yield _time(at_ms, spoken, one.seq - 1)
            tick_ms = at_ms + TICK_MS
        graph, results = plan(compiled, one), tuple[NodeResult, ...]()
        while calls := advance(graph, results).next:
            results += tuple([await models.answer(call, earlier) for call in calls])
            yield UtteranceResults(one, results)
        if not graph.nodes:
            yield UtteranceResults(one)
        earlier.append(one.text)
    yield _time(tick_ms, spoken, len(spoken))


def _time(at_ms: int, spoken: Sequence[Utterance], seq: int) -> CallTime:
    begun = [one.end_ms for one in spoken if one.start_ms < at_ms]
    return CallTime(at_ms, min(max(begun, default=0), at_ms), seq)


async def played(call: Path, team: str, models: Models, at_ms: float) -> Judged:
    book = models.book
    compiled = compile_policies(book, Contact(book.tenant, "c", "", "", 0, team=team), at_ms=at_ms)
    rules = rules_of(
        book.playbook,
        compiled.playbooks,
        policy=compiled.audit,
        version=book.version,
        guidance=book.settings.guidance,
    )
    spoken = utterances(call, book)
    state, shown = ConversationState(book.tenant, "c"), list[Shown]()
    async for event in events(spoken, compiled, models):
        considered = evaluate(state, event, rules)
        state = considered.state
        shown += [Shown(each, state.now_ms) for each in considered.annotations]
    expected = Expectations.read(YAML(typ="safe").load(call / "cards.yaml"), team)
    return judge(shown, expected, spoken[-1].end_ms)


def trained() -> Iterable[tuple[Path, Sequence[Path]]]:
    """The sample tenants' folders, with their packages."""
    folders = sorted(each for each in (REPOSITORY / "tenants").iterdir() if (each / "tenant.yaml").exists())
    return train_tenants(folders, REPOSITORY / ".sotto" / "models", REPOSITORY, print, Interruption()).items()


async def run() -> list[dict[str, Any]]:
    rows = []
    for folder, archives in trained():
        async with started_shard(archives, 1) as (client, _, _):
            models = Models(client, book_from(folder))
            rows += [
                {"call": call.name, "team": team, "clock": clock, "judged": await played(call, team, models, at_ms)}
                for call in sorted(path.parent for path in CALLS.glob("*/cards.yaml"))
                if YAML(typ="safe").load(call / "script.yaml")["tenant"] == folder.name
                for team in YAML(typ="safe").load(call / "cards.yaml")
                if team != "opposed"
                for clock, at_ms in CLOCKS.items()
            ]
    return rows


def report(rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    for row in rows:
        print(_line(row["call"], row["team"], row["clock"], Figures([row["judged"]])))
        for what in ("contradictions", "missed", "disturbing"):
            if named := getattr(row["judged"], what):
                print(f"    {what}: {', '.join(named)}")
    whole = Figures([row["judged"] for row in rows])
    print(_line("all", "", "", whole))
    names = ("precision", "recall", "median_open", "most_open", "cards_a_minute", "contradictions")
    return {name: round(float(getattr(whole, name)), 3) for name in names}


def _line(call: str, team: str, clock: str, figures: Figures) -> str:
    return (
        f"{call:<15} {team:<13} {clock:<15} precision {figures.precision:.2f}  found {figures.recall:.2f}"
        f"  open {figures.median_open:g} (most {figures.most_open})  a minute {figures.cards_a_minute:.1f}"
        f"  contradictions {figures.contradictions}"
    )


@ended_in_order()
def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    rows = asyncio.run(run())
    figures = report(rows)
    if options.json:
        calls = [{**row, "judged": asdict(row["judged"])} for row in rows]
        options.json.write_text(json.dumps({"all": figures, "calls": calls}, indent=2) + "\n", encoding="utf-8")
    reached = all(figures[name] >= GOALS[name] for name in ("precision", "recall"))
    return 0 if reached and figures["median_open"] <= GOALS["median_open"] and not figures["contradictions"] else 1


if __name__ == "__main__":
    sys.exit(main())
