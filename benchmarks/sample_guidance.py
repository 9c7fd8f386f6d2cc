"""How much of the guidance that each sample call must give is found: ``python -m benchmarks.sample_guidance``.

With the true transcript everything must be found (exit code 1 otherwise); with the embedded recogniser the share shows
what its mistakes cost. Every call is played through the whole embedded stack under each team of its expectations.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from local.call_script import script_beside
from local.commands.call import caller_for, tenant_of
from local.embedded import EmbeddedSotto, embedded_sotto
from local.interruption import ended_in_order
from local.options import REPOSITORY, Options
from local.played_call import CallPlan, played
from sotto.media.wav import read_call

CALLS = REPOSITORY / "events" / "calls"
SPEED = {"transcript": 2.0, "embedded": 1.0}


async def run(recogniser: str) -> list[dict[str, Any]]:
    """One row for each call and team: how many of its expected moments and actions came, and which did not."""
    async with embedded_sotto(Options(recogniser=recogniser, speed=SPEED[recogniser])) as sotto:
        return [
            await _row(sotto, call, team, expected, recogniser)
            for call in sorted(path.parent for path in CALLS.glob("*/expected.yaml"))
            for team, expected in YAML(typ="safe").load(call / "expected.yaml").items()
        ]


async def _row(
    sotto: EmbeddedSotto, call: Path, team: str, expected: dict[str, Any], recogniser: str
) -> dict[str, Any]:
    script = script_beside(call / "call.wav")
    book = tenant_of(script, sotto.books, None)
    contact_id = str(uuid.uuid4())
    if recogniser == "transcript":
        sotto.transcript(contact_id, call / "call.transcript.jsonl")
    caller = caller_for(book, book.settings.teams[team].agents[0], script)
    shown = []
    async for event in played(
        CallPlan(read_call(call / "call.wav"), caller, book.tenant, SPEED[recogniser], starts=script.starts),
        sotto,
        contact_id,
    ):
        if event["type"] == "annotation":
            shown.append((event["kind"], event["name"], event["call_ms"]))
    wanted = [(kind, one) for kind in ("moment", "action") for one in expected[f"{kind}s"]]
    missed = [one["name"] for kind, one in wanted if not _came(kind, one, shown)]
    return {
        "call": call.name,
        "team": team,
        "expected": len(wanted),
        "found": len(wanted) - len(missed),
        "missed": missed,
    }


def _came(kind: str, one: dict[str, Any], shown: Sequence[tuple[str, str, int]]) -> bool:
    return any(
        (kind, one["name"]) == (shown_kind, name) and one["after_ms"] <= at_ms <= one["before_ms"]
        for shown_kind, name, at_ms in shown
    )


@ended_in_order()
def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recogniser", nargs="+", default=["transcript", "embedded"], choices=list(SPEED))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    results = {}
    for recogniser in options.recogniser:
        results[recogniser] = asyncio.run(run(recogniser))
        found, wanted = (sum(row[what] for row in results[recogniser]) for what in ("found", "expected"))
        print(f"{recogniser}: {found} of {wanted} expected moments and actions ({found / wanted:.0%})")
        for row in results[recogniser]:
            missed = f"  missed: {', '.join(row['missed'])}" if row["missed"] else ""
            print(f"  {row['call']:<15} {row['team']:<13} {row['found']:>2} of {row['expected']}{missed}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    return 1 if any(row["missed"] for row in results.get("transcript", [])) else 0


if __name__ == "__main__":
    sys.exit(main())
