"""What an hour of a call costs to listen to: our own part, beside the recogniser's.

    python -m benchmarks.cost [--price NAME=DOLLARS]... [--json FILE]

Measures the worker's processor time and memory here, and multiplies with prices: US East, in US dollars, without free
tiers and discounts. Prices are inputs, not findings. Those below were written down in November 2026; Lambda's were
found alike in several public places then, the others not, so look them up and give your own with ``--price``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.audio_load import measured, whole_worker
from sotto.transcription.lease.handover import RENEW_EVERY_MS
from sotto.transcription.session import CONTEXT_MS

NOTED = "2026-11-21"


@dataclass(frozen=True, slots=True)
class ListPrice:
    """``dollars`` for one ``unit``; ``source`` is where to look it up."""

    dollars: float
    unit: str
    source: str
    is_confirmed: bool = False


PRICES = {
    "lambda-x86": ListPrice(0.0000166667, "GB-second", "aws.amazon.com/lambda/pricing", is_confirmed=True),
    "lambda-arm": ListPrice(0.0000133334, "GB-second", "aws.amazon.com/lambda/pricing", is_confirmed=True),
    "dynamodb-writes": ListPrice(0.625, "million write units", "aws.amazon.com/dynamodb/pricing/on-demand"),
    "dynamodb-reads": ListPrice(0.125, "million read units", "aws.amazon.com/dynamodb/pricing/on-demand"),
    "kvs-out": ListPrice(0.0085, "GB consumed", "aws.amazon.com/kinesis/video-streams/pricing"),
    "transcribe": ListPrice(0.024, "minute, first tier", "aws.amazon.com/transcribe/pricing"),
    "deepgram": ListPrice(0.0077, "minute and channel, Nova-3 streaming", "deepgram.com/pricing"),
}
LAMBDA_MB_A_CORE = 1_769  # docs.aws.amazon.com/lambda: at 1,769 MB a function has one vCPU
SIZES_MB = (256, 512, 1024)
WORKER_S = 840
"""A worker hands over a minute before Lambda's 15; it reads the overlap again."""
UTTERANCES_AN_HOUR = 600
STREAM_GB_AN_HOUR = 0.119
"""Two tracks of 16-bit PCM at 8 kHz, and Matroska around them."""
ONE_CALL = """
import resource, sys
from pathlib import Path
import boto3
import sotto.wiring.transcription
from sotto.media.adapters import kinesis_video
from sotto.aws import lambda_functions
from sotto.contacts.adapters import dynamodb_contacts
from sotto.realtime.adapters import appsync
from sotto.tenants.adapters import published_books
from sotto.transcription.adapters import dynamodb_leases
for service in ("dynamodb", "lambda", "s3", "kinesisvideo", "kinesis-video-media"):
    boto3.client(service, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
from benchmarks.handover import minute, played
played(minute())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


class UnknownPrice(ValueError):
    """``--price`` was given something else than NAME=DOLLARS."""


def prices_with(given: Sequence[str]) -> dict[str, float]:
    """The prices noted here, with those that are ``given`` in their place. Raises UnknownPrice."""
    prices = {name: price.dollars for name, price in PRICES.items()}
    for text in given:
        name, _, dollars = text.partition("=")
        try:
            if name not in prices:
                raise ValueError
            prices[name] = float(dollars)
        except ValueError:
            raise UnknownPrice(f"--price {text!r}: give NAME=DOLLARS, with one of {', '.join(PRICES)}") from None
    return prices


def run(prices: Mapping[str, float], calls: int = 50, seconds: int = 10) -> dict[str, Any]:
    import asyncio

    load = asyncio.run(measured(whole_worker, calls, seconds))
    memory_mb = _worker_memory_mb()
    overlap = 1 + (CONTEXT_MS / 1000 + 10) / WORKER_S
    shared = {
        "DynamoDB: lease every 5 s, utterances": _writes() * prices["dynamodb-writes"] / 1e6
        + 3600_000 / RENEW_EVERY_MS * prices["dynamodb-reads"] / 1e6,
        "Kinesis Video Streams, read": STREAM_GB_AN_HOUR * prices["kvs-out"] * overlap,
    }
    lambdas = {
        f"Lambda, {size} MB, {kind}": size / 1024 * 3600 * prices[f"lambda-{kind}"] * overlap
        for size in SIZES_MB
        for kind in ("x86", "arm")
    }
    recognisers = {
        "Amazon Transcribe, streaming, first tier": 60 * prices["transcribe"],
        "Deepgram Nova-3, streaming, two channels": 2 * 60 * prices["deepgram"],
    }
    return {
        "prices": dict(prices),
        "worker_memory_mb": memory_mb,
        "worker_share_of_a_core": round(1 / load["calls_a_core"], 4),
        "share_of_a_core_at_mb": {size: round(size / LAMBDA_MB_A_CORE, 3) for size in SIZES_MB},
        "ours_dollars_an_hour": {name: round(each, 4) for name, each in (lambdas | shared).items()},
        "recogniser_dollars_an_hour": {name: round(each * overlap, 3) for name, each in recognisers.items()},
    }


def _writes() -> float:
    """Write units an hour: every write is transactional, which counts twice; an utterance comes with its lease and
    its event."""
    return 2 * 3600_000 / RENEW_EVERY_MS + 6 * UTTERANCES_AN_HOUR


def _worker_memory_mb() -> int:
    done = subprocess.run([sys.executable, "-c", ONE_CALL], capture_output=True, text=True, check=True)
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return round(int(done.stdout) / unit)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--price", action="append", default=[], metavar="NAME=DOLLARS", help=", ".join(PRICES))
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    try:
        prices = prices_with(asked.price)
    except UnknownPrice as error:
        parser.error(str(error))
    results = run(prices)
    for name, price in PRICES.items():
        given = prices[name] != price.dollars
        origin = "given" if given else f"noted {NOTED}, {'confirmed' if price.is_confirmed else 'not confirmed'}"
        print(f"price of {name:16} {prices[name]:.10g} $ a {price.unit} ({origin}; {price.source})")
    print(f"one worker: {results['worker_memory_mb']} MB, {results['worker_share_of_a_core']} of a core")
    for name, dollars in (results["ours_dollars_an_hour"] | results["recogniser_dollars_an_hour"]).items():
        print(f"{name:45} {dollars:8.4f} $ a call-hour")
    if asked.json:
        asked.json.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
