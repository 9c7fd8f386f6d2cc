"""What a function computes before its first answer, and will not again: imports, and what is built at first use.

    python -m benchmarks.first_use [--runs 5] [--json FILE]

Processor time of a new process each time, so that others on the machine count little. Lambda runs the imports in the
initialisation, with a whole core; what is built at first use runs in the first event, with the function's share of one.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from statistics import median

from local.records import records_environment

BUILT = {
    "orchestrate_utterance": "orchestrate_ports",
    "route_inference": "routes",
    "deliver_annotations": "deliver_ports",
    "transcribe_call": "worker_ports",
}
"""What each function's handler asks its Sotto for."""
ENVIRONMENT = {
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "SOTTO_GRAPHQL_URL": "http://localhost/graphql",
    "SOTTO_GUIDE_UTTERANCE_ARN": "arn:aws:states:us-east-1:111122223333:stateMachine:none",
}


def one(name: str) -> tuple[float, float]:
    """Milliseconds of processor time: imports, and first use. In this process, which must be new."""
    begun = time.process_time()
    import_module(f"functions.{name}.handler")
    imported = time.process_time()
    from sotto.wiring.sotto import Sotto

    ports = getattr(Sotto.of(os.environ), BUILT[name])
    if callable(ports):
        ports(name)
    return (imported - begun) * 1000, (time.process_time() - imported) * 1000


def measured(name: str, runs: int) -> dict[str, float]:
    """Medians of new processes."""
    code = f"import json; from benchmarks.first_use import one; print(json.dumps(one({name!r})))"
    environment = {**os.environ, **records_environment(), **ENVIRONMENT}
    found = []
    for _ in range(runs):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
        found.append(json.loads(done.stdout))
    imports, first = zip(*found, strict=True)
    return {"imports_ms": round(median(imports)), "first_use_ms": round(median(first))}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args(arguments)
    found = {name: measured(name, asked.runs) for name in BUILT}
    for name, each in found.items():
        print(f"{name:<24} imports {each['imports_ms']:>5.0f} ms, first use {each['first_use_ms']:>5.0f} ms")
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
