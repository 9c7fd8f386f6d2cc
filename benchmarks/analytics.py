"""How long shipped metrics take over a million synthetic conversations, by day, team and agent, on local files; and,
apart, how long it takes to fetch the files of so many days from S3's emulation.

    python -m benchmarks.analytics [--conversations 1000000] [--drawn 20000] [--days 90]

So many are drawn by the processes of ``sotto history make``; each is then there under many ids, with another start and
another customer, so that files are smaller than real ones. Times are of a query with a new database each, after one
that nobody measures has filled the page cache.
"""

from __future__ import annotations

import argparse
import json
import logging
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import boto3
import duckdb
from moto.server import ThreadedMotoServer

from sotto.analytics.adapters.duckdb_database import DuckDbDatabase
from sotto.analytics.adapters.duckdb_parquet import DuckDbParquet
from sotto.analytics.adapters.folder_files import FolderFiles
from sotto.analytics.adapters.places import place_of
from sotto.analytics.adapters.readers import LyingFacts
from sotto.analytics.adapters.s3_files import S3Files
from sotto.analytics.definition.read import shipped
from sotto.analytics.facts.tables import TABLES
from sotto.analytics.history.make import Asked
from sotto.analytics.history.plan import bank
from sotto.analytics.history.write import write_history
from sotto.analytics.query.compile import figures
from sotto.analytics.query.form import Form, Period

GOAL_S = 1.0
LAST = "2026-11-30"
TENANT = "bank"


def make(folder: Path, conversations: int, drawn: int, days: int) -> int:
    """How many conversations there are."""
    few = folder / "few"
    list(write_history(TENANT, bank(), Asked(drawn, days, LAST), FolderFiles(few), DuckDbParquet()))
    times = max(1, round(conversations / drawn))
    count = 0
    for fact in TABLES:
        for file in sorted((few / TENANT / fact).rglob("*.parquet")):
            place = folder / "many" / file.relative_to(few)
            place.parent.mkdir(parents=True, exist_ok=True)
            more = ", customer || '-' || copy AS customer" if fact == "conversation" else ""
            duckdb.sql(
                f"COPY (SELECT * REPLACE (conversation || '-' || copy AS conversation, "
                f"started_ms + copy * 977 AS started_ms{more}) FROM read_parquet('{file}', hive_partitioning=false), "
                f"range({times}) AS copies(copy)) TO '{place}' (FORMAT parquet, COMPRESSION zstd)"
            )
            if fact == "conversation":
                (rows,) = duckdb.connect().execute(f"SELECT count(*) FROM '{place}'").fetchall()
                count += int(rows[0])
    return count


def measured(folder: Path, days: int, repeats: int) -> dict[str, float]:
    """Seconds in the median, by metric."""
    facts, database, catalogue = LyingFacts(folder), DuckDbDatabase(memory_mb=2_048), shipped()
    last = Period(LAST, LAST)
    period = Period(last.moved(1 - days).first, LAST)
    found = {}
    for name, metric in catalogue.metrics.items():
        form = Form(name, period, ("day", "team", "agent")).checked(metric)
        files = facts.files(TENANT, metric.fact, period.and_after(metric.days_after).each_day()).files
        sql, times = figures(form, metric), []
        database.rows(sql, metric.fact, files)
        for _ in range(repeats):
            begun = time.perf_counter()
            database.rows(sql, metric.fact, files)
            times.append(time.perf_counter() - begun)
        found[name] = statistics.median(times)
    return found


def fetched(folder: Path, days: Sequence[int]) -> dict[int, tuple[float, float]]:
    """Days -> seconds to fetch the files of conversations one after the other, and their megabytes."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        client = boto3.client(
            "s3", "us-east-1", endpoint_url=f"http://{host}:{port}", aws_access_key_id="x", aws_secret_access_key="x"
        )
        client.create_bucket(Bucket="facts")
        files, there = S3Files(client, "facts"), Period(LAST, LAST).moved(1 - max(days)).and_after(max(days) - 1)
        for day in there.each_day():
            place = folder / place_of(TENANT, "conversation", day)
            client.put_object(Bucket="facts", Key=place_of(TENANT, "conversation", day), Body=place.read_bytes())
        found = {}
        with tempfile.TemporaryDirectory() as copies:
            for number in days:
                begun, size = time.perf_counter(), 0
                for day in there.each_day()[-number:]:
                    copy = Path(copies) / day
                    files.get(TENANT, "conversation", day, copy)
                    size += copy.stat().st_size
                found[number] = (time.perf_counter() - begun, size / 1e6)
        return found
    finally:
        server.stop()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--conversations", type=int, default=1_000_000)
    parser.add_argument("--drawn", type=int, default=20_000)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="sotto-analytics-") as name:
        folder = Path(name)
        count = make(folder, asked.conversations, asked.drawn, asked.days)
        many = folder / "many"
        size = sum(file.stat().st_size for file in many.rglob("*.parquet")) / 1e6
        print(f"{count:,} conversations in {asked.days} days: {size:,.0f} MB of Parquet")
        seconds = measured(many, asked.days, asked.repeats)
        for metric, each in sorted(seconds.items(), key=lambda one: -one[1]):
            print(f"  {metric:<28} {each * 1000:6.0f} ms")
        s3 = fetched(many, [days for days in (1, 7, 30, asked.days) if days <= asked.days])
        for days, (each, megabytes) in s3.items():
            print(f"  fetched from S3's emulation, {days} days: {each * 1000:.0f} ms, {megabytes:.1f} MB")
    slowest = max(seconds.values())
    late = sum(each > GOAL_S for each in seconds.values())
    print(f"slowest {slowest:.2f} s, {late} of {len(seconds)} over {GOAL_S:.0f} s")
    if asked.json is not None:
        asked.json.write_text(json.dumps({"conversations": count, "seconds": seconds}), encoding="utf-8")
    if late:
        raise SystemExit("goal missed")


if __name__ == "__main__":
    main()
