"""What a played call asks of AWS a minute: the inputs of the tables in docs/cost.md and docs/quotas.md, counted.

    python -m benchmarks.call_budget [--call FILE] [--seconds 60] [--tenants FOLDER] [--json FILE]

One call in real time through the embedded stack with the transcript recogniser. Rounds and requests are counted as the
functions make them, messages as AppSync's emulation takes them, DynamoDB's units by its rules from what is sent (every
write in a transaction counts twice, each begun kilobyte once; a consistent read one unit), metrics in bytes as written.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import boto3

from benchmarks.latency import CALLS, latencies_of
from local.embedded import embedded_sotto
from local.interruption import ended_in_order
from local.options import TENANTS, Options
from local.spans import SpanKind, Spans
from local.watched_call import percentiles

_PUBLISHING = "/graphql"


class Units(Spans):
    """Spans, and what DynamoDB would charge for. ``units``: by ``writes`` and ``reads``."""

    def __init__(self) -> None:
        super().__init__()
        self.units = Counter[str]()

    def watch_clients(self, session: boto3.Session) -> None:
        super().watch_clients(session)
        session.events.register("before-call.dynamodb.*", self._charge)

    def _charge(self, model: Any, params: dict[str, Any], **_: Any) -> None:
        asked = json.loads(params["body"])
        match model.name:
            case "TransactWriteItems":
                self.units["writes"] += sum(2 * write_units(each) for each in asked["TransactItems"])
            case "PutItem" | "UpdateItem" | "DeleteItem":
                self.units["writes"] += write_units(asked)
            case "GetItem" | "Query":
                self.units["reads"] += 1 if asked.get("ConsistentRead") else 0.5  # type: ignore[assignment]


def write_units(asked: Mapping[str, Any]) -> int:
    """Of one write: of its item, begun kilobytes; of a deletion or a condition, at least one."""
    (written,) = asked.values() if len(asked) == 1 else (asked,)
    return max(1, math.ceil(sum(size_of(part) for part in _attributes(written)) / 1024))


def _attributes(written: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [written[part] for part in ("Item", "ExpressionAttributeValues") if part in written]


def size_of(attributes: Mapping[str, Any]) -> int:
    """Bytes, as DynamoDB counts an item: names and values in UTF-8, three for a map or list and one for each member."""
    return sum(len(name.encode()) + _size_of_value(value) for name, value in attributes.items())


def _size_of_value(value: Mapping[str, Any]) -> int:
    ((kind, held),) = value.items()
    match kind:
        case "M":
            return 3 + len(held) + size_of(held)
        case "L":
            return 3 + len(held) + sum(_size_of_value(each) for each in held)
        case "N":
            return len(held) // 2 + 2
        case "B":
            return len(held) * 3 // 4
        case "S":
            return len(held.encode())
        case _:
            return 1


async def counted(call: Path, seconds: float, tenants: Path = TENANTS) -> dict[str, Any]:
    units = Units()
    options = Options(recogniser="transcript", spans=units, tenants=tenants)
    async with embedded_sotto(options) as sotto:
        units.recorded.clear()
        units.units.clear()
        metrics = options.metrics_file.stat().st_size
        latencies = await latencies_of(call, 0.0, sotto, seconds=seconds)
        metrics = options.metrics_file.stat().st_size - metrics
    return _a_minute(units, latencies, metrics, seconds / 60)


def _a_minute(units: Units, latencies: Sequence[dict[str, float]], metrics: int, minutes: float) -> dict[str, Any]:
    spans = list(units.recorded)
    functions = Counter(each.name for each in spans if each.kind is SpanKind.FUNCTION)
    rounds = functions["orchestrate_utterance"]
    asked = sum(1 for each in spans if each.name == "sagemaker-runtime InvokeEndpoint")
    answered = functions["serve_agent"]
    messages = sum(1 for each in spans if each.kind is SpanKind.SERVED and each.name == _PUBLISHING) - answered
    computed = {
        name: percentiles(
            [each.cpu_ms for each in spans if each.name == name and each.kind is SpanKind.FUNCTION], (50,)
        )
        for name in ("orchestrate_utterance", "route_inference", "deliver_annotations")
    }
    return {
        "rounds": round(rounds / minutes, 1),
        "requests_a_round": round(asked / max(1, rounds), 2),
        "ticks": round(functions["deliver_annotations"] / minutes, 1),
        "messages": round(messages / minutes, 1),
        "write_units": round(units.units["writes"] / minutes),
        "read_units": round(units.units["reads"] / minutes),
        "metrics_kb": round(metrics / 1000 / minutes, 1),
        "processor_ms": {name: each["p50"] for name, each in computed.items()},
        "annotations": len(latencies),
        "load": round(os.getloadavg()[0], 1),
    }


@ended_in_order()
def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--call", type=Path, default=CALLS[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--tenants", type=Path, default=TENANTS, help="such as a copy with another guidance.runner")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args(arguments)
    found = asyncio.run(counted(asked.call, asked.seconds, asked.tenants))
    for name, value in found.items():
        print(f"{name:<18} {value}")
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
