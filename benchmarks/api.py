"""What the REST API's own code takes: reads at 50 requests a second, and the cold import of its function.

    python -m benchmarks.api [--seconds 20] [--json FILE]

Reads go through the handler as API Gateway's events do, over the real adapters, with DynamoDB's emulation in this
process; what the emulation took is subtracted, so what is left is our own code with boto3's. Cold import: a new
interpreter that imports the handler, the median of five. Both are processor time: what others do on the machine does
not count, and what AWS takes to answer is not in it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber

from benchmarks.quiet_logs import without_logs

READS: tuple[tuple[str, str, str, Any], ...] = (
    ("GET", "/v1/contacts/c1", "", None),
    ("GET", "/v1/contacts/c1/transcript", "limit=100", None),
    ("GET", "/v1/contacts/c1/annotations", "", None),
    ("GET", "/v1/contacts/c1/summary", "", None),
    ("GET", "/v1/conversations", "limit=20", None),
    ("GET", "/v1/conversations/c1", "", None),
    ("GET", "/v1/book", "", None),
    ("POST", "/v1/search", "", {"text": "leave"}),
)
A_SECOND = 50
IMPORTS = 5


class Elsewhere:
    """Adds up the time that is spent in the emulation, which is not ours."""

    def __init__(self) -> None:
        self.spent_s = 0.0

    def __enter__(self) -> Elsewhere:
        own: Callable[..., Any] = BotocoreStubber.__call__

        def timed(stubber: Any, *given: Any, **named: Any) -> Any:
            began = time.thread_time()
            try:
                return own(stubber, *given, **named)
            finally:
                self.spent_s += time.thread_time() - began

        self._own = own
        BotocoreStubber.__call__ = timed
        return self

    def __exit__(self, *_: object) -> None:
        BotocoreStubber.__call__ = self._own


def reads(seconds: float) -> dict[str, Any]:
    """Milliseconds of our own code, and how late the last request began."""
    from tests.contract.rest_bank import RestBank

    with without_logs(), mock_aws(), Elsewhere() as elsewhere:
        bank = RestBank()
        for method, path, query, body in READS:
            bank.ask(method, path, query=query, body=body)
        ours: list[float] = []
        began = time.perf_counter()
        late_s = 0.0
        for number in range(int(seconds * A_SECOND)):
            due = began + number / A_SECOND
            late_s = max(late_s, time.perf_counter() - due)
            time.sleep(max(0.0, due - time.perf_counter()))
            bank.clock.advance(1_000 // A_SECOND)
            method, path, query, body = READS[number % len(READS)]
            spent, at = elsewhere.spent_s, time.thread_time()
            answered = bank.ask(method, path, query=query, body=body)
            assert answered.status == 200, answered.text
            ours.append((time.thread_time() - at - (elsewhere.spent_s - spent)) * 1_000)
    ours.sort()
    return {
        "requests": len(ours),
        "p50_ms": round(ours[len(ours) // 2], 1),
        "p95_ms": round(ours[int(len(ours) * 0.95)], 1),
        "p99_ms": round(ours[int(len(ours) * 0.99)], 1),
        "latest_start_ms": round(late_s * 1_000, 1),
    }


def cold_import_s() -> float:
    script = "import time; t = time.process_time(); import functions.serve_api.handler; print(time.process_time() - t)"
    taken = [
        float(subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout)
        for _ in range(IMPORTS)
    ]
    return round(statistics.median(taken), 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    read = reads(asked.seconds)
    found = {"cold_import_s": cold_import_s(), "reads": read}
    print(f"cold import of serve_api, processor time: {found['cold_import_s']} s")
    print(f"{read['requests']} reads at {A_SECOND} a second, processor time of our own code: p50 {read['p50_ms']} ms, "
          f"p95 {read['p95_ms']} ms, p99 {read['p99_ms']} ms")  # fmt: skip
    if asked.json:
        asked.json.write_text(json.dumps(found))


if __name__ == "__main__":
    main()
