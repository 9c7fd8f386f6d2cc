"""Memory of a shard over many requests: ``python -m benchmarks.shard_endurance [--requests 100000] [--json FILE]``.

The real server, asked over HTTP by 32 callers: new texts, repeated ones, bodies with mistakes, unknown models and
adapters, deadlines that cannot be met, models loaded and unloaded, adapters fetched by the container itself. Every few
thousand requests the resident memory of the supervisor and of its model process is read (/proc: Linux alone). What is
resident at first grows until caches are full; so the slope is that of the second half. It may be at most 1 MB in 10,000
requests.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from benchmarks.encoder_latency import started_shard
from local.interruption import ended_in_order
from model_containers.trainer.packages import build_packages

CALLERS, LOOKS = 32, 50
LOST = 0
"""In place of a status: the connection broke."""
MOST_GROWTH_MB = 1.0
WORDS = "card fee account closed lost transfer loan branch late charge why when help please money rate".split()
MIX = {
    "new text": 50, "repeated text": 24, "mistake": 8, "unknown model": 5, "unknown adapter": 4, "too late": 4,
    "fetched adapter": 4, "load and unload": 1,
}  # fmt: skip
EXPECTED = {
    "new text": {200}, "repeated text": {200}, "mistake": {400}, "unknown model": {404}, "unknown adapter": {404},
    "too late": {408}, "fetched adapter": {200}, "load and unload": {200},
}  # fmt: skip


@dataclass
class Endurance:
    client: httpx.AsyncClient
    packages: Sequence[Path]
    pids: tuple[int, int]
    total: int
    tenant: str
    sent: int = 0
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    looks: list[dict[str, float]] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(0))

    async def run(self) -> None:
        began = time.perf_counter()
        await asyncio.gather(*(self._caller(number, began) for number in range(CALLERS)))

    async def _caller(self, number: int, began: float) -> None:
        while self.sent < self.total:
            if self.sent % (self.total // LOOKS) == 0:
                self._look(time.perf_counter() - began)
            self.sent += 1
            kind = self.chance.choices(list(MIX), list(MIX.values()))[0]
            try:
                answers = await self._ask(kind, number)
            except httpx.TransportError:
                answers = [LOST]
            for status in answers:
                self.statuses[kind, status] += 1

    async def _ask(self, kind: str, caller: int) -> list[int]:
        package = self.chance.choice(self.packages)
        path, headers = f"/models/{package.parent.name}/invoke", {}
        words = " ".join(self.chance.choices(WORDS, k=self.chance.randrange(2, 9)))
        body: Any = {"tenant": self.tenant, "text": f"{words} {self.sent}"}
        match kind:
            case "load and unload":
                name = f"passing-{caller}"
                load = await self.client.post("/models", json={"model_name": name, "url": str(package)})
                return [load.status_code, (await self.client.delete(f"/models/{name}")).status_code]
            case "repeated text":
                body |= {"text": f"I lost my card number {self.chance.randrange(100)}"}
            case "mistake":
                body = self.chance.choice([{}, {"text": ""}, [], {"text": 3}, {"text": "x" * 30_000}])
            case "unknown model":
                path = f"/models/nothing-{self.sent}/invoke"
            case "unknown adapter":
                path, headers = "/invocations", _attributes(f"adapter=nobody/nothing/{self.sent}")
            case "fetched adapter":
                path, headers = "/invocations", _attributes(f"adapter={fetchable(package)}")
            case "too late":
                path, headers = f"/models/{self._embedding().parent.name}/invoke", _attributes("deadline_ms=0")
        return [(await self.client.post(path, json=body, headers=headers)).status_code]

    def _embedding(self) -> Path:
        return next(package for package in self.packages if package.parent.name == "intent")

    def _look(self, after_s: float) -> None:
        supervisor, model = (resident_mb(pid) for pid in self.pids)
        look = {"requests": self.sent, "s": round(after_s, 1), "supervisor_mb": supervisor, "model_mb": model}
        self.looks.append(look)
        print(f"{self.sent:>8} {after_s:>8.0f} s {supervisor:>9.1f} MB {model:>9.1f} MB", file=sys.stderr, flush=True)


def _attributes(content: str) -> dict[str, str]:
    return {"X-Amzn-SageMaker-Custom-Attributes": content}


def fetchable(package: Path) -> str:
    """The container fetches ``tenant/model/version``; all lie under the tenant ``bench``."""
    return f"bench/{package.parent.name}/1"


def resident_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return round(int(line.split()[1]) / 1024, 1)
    raise ProcessLookupError(pid)


def child_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


def slope(looks: Sequence[dict[str, float]], name: str) -> float:
    """MB in 10,000 requests over the second half."""
    half = looks[len(looks) // 2 :]
    line = np.polyfit([look["requests"] for look in half], [look[name] for look in half], 1)
    return round(float(line[0]) * 10_000, 3)


async def measured(packages: Sequence[Path], root: Path, total: int, tenant: str) -> dict[str, Any]:
    for package in packages:
        target = root / (fetchable(package) + ".tar.gz")
        target.parent.mkdir(parents=True)
        shutil.copyfile(package, target)
    async with started_shard(packages, 1, "--adapters", str(root)) as (client, _, pid):
        endurance = Endurance(client, packages, (pid, child_of(pid)), total, tenant)
        await endurance.run()
        same = child_of(pid) == endurance.pids[1]
    statuses = {f"{kind}: {status}": count for (kind, status), count in sorted(endurance.statuses.items())}
    wrong = {name: count for name, count in statuses.items() if not _as_expected(name)}
    growth = {name: slope(endurance.looks, name) for name in ("supervisor_mb", "model_mb")}
    return {
        "requests": total,
        "answers": statuses,
        "unexpected": wrong,
        "growth in the second half, MB in 10,000 requests": growth,
        "model process never restarted": same,
        "over time": endurance.looks,
        "kept": same and not wrong and max(growth.values()) <= MOST_GROWTH_MB,
    }


def _as_expected(answer: str) -> bool:
    kind, _, status = answer.rpartition(": ")
    return int(status) in EXPECTED[kind]


@ended_in_order()
def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tenant", type=Path, default=Path("tenants/harbour_bank"))
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as out:
        packages = build_packages(
            options.tenant, Path(out) / "made", lambda what, _: print(what, file=sys.stderr), at_once=True
        )
        tenant = options.tenant.resolve().name
        figures = asyncio.run(measured(packages, Path(out) / "models", options.requests, tenant))
    print(json.dumps({name: value for name, value in figures.items() if name != "over time"}, indent=2))
    if options.json:
        options.json.write_text(json.dumps({**figures, "load": os.getloadavg()}, indent=2))
    return 0 if figures["kept"] else 1


if __name__ == "__main__":
    sys.exit(main())
