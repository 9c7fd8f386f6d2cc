"""``sotto import``: conversations of the past, into a running demo, or through a stack of their own."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import boto3
import click
from botocore.config import Config

from local.aws.stack import ENGINEERS_KEY, REGION, SECRET_KEY
from local.commands.call import TENANTS_FOLDER, TENANTS_HELP
from local.commands.terminal_text import show_line
from local.embedded import EmbeddedSotto, embedded_sotto
from local.import_places import BUCKET, prefix_of
from local.interruption import run_interruptibly
from local.options import TENANTS, Options
from local.past_calls import PastCalls, past_calls
from local.start_checks import check_machine
from sotto.call.contact import IMPORTED
from sotto.core.errors import Rejected, Retryable
from sotto.imports.run import Progress, RunState
from sotto.imports.start import progress, start_import

WITHIN_S = 20
LOOK_S = 1.0
PAST = click.Path(path_type=Path)
PORT = click.option(
    "--port", type=click.IntRange(1, 65535), default=8787, show_default=True, help="Of the running demo."
)
TENANT = click.option("--tenant", help="Whose conversations; else those of the demo's first agent.")
OVER = frozenset({RunState.DONE.value, RunState.FAILED.value})


class NoStack(Retryable):
    """Nothing answers where the demo would."""


class ImportRefused(Rejected):
    """As the API refused it."""


class SomeFailed(Rejected):
    """Not all was imported; what failed was said."""


@click.group()
def imports() -> None:
    """Conversations of the past.

    \b
    sotto import run FOLDER             through an embedded stack that ends with it
    sotto import start manifest.jsonl   into a running demo (sotto demo)
    sotto import status [ID]            how far it is
    """


@imports.command()
@click.argument("past", type=PAST)
@TENANT
@PORT
def start(past: Path, tenant: str | None, port: int) -> None:
    """Import PAST (a manifest, a vCon, a recording, or a folder of them) into a running demo, and show how far it is.

    Ctrl-C leaves the import running.
    """
    calls = past_calls(past)
    demo = _Demo(port, tenant)
    demo.put(calls)
    found = demo.asked("imports", {"object": calls.start})
    try:
        _watched(found, lambda: demo.asked(f"imports/{found['id']}"))
    except KeyboardInterrupt:
        show_line(f"It goes on. Come back with: sotto import status {found['id']}{demo.named}")


@imports.command()
@click.argument("import_id", required=False)
@TENANT
@PORT
def status(import_id: str | None, tenant: str | None, port: int) -> None:
    """How far an import is, and which of its lines are wrong; without an id, which imports there are."""
    demo = _Demo(port, tenant)
    if import_id is None:
        found = demo.asked("imports")["data"]
        for each in found:
            show_line(f"{each['id']}  {each['state']:8} {each['form']} of {each['source']}")
        if not found:
            show_line("There are none. Begin with: sotto import start manifest.jsonl")
        return
    now = demo.asked(f"imports/{import_id}")
    show_line(progress_line(now))
    for line in mistake_lines(now):
        show_line(line)


@imports.command()
@click.argument("past", type=PAST)
@click.option("--tenant", help="Whose conversations; else the first tenant's.")
@click.option("--tenants", "folder", type=TENANTS_FOLDER, default=TENANTS, help=TENANTS_HELP)
def run(past: Path, tenant: str | None, folder: Path) -> None:
    """Import PAST through a stack that ends with it, and show what came of each conversation."""
    calls, options = past_calls(past), Options(tenants=folder, progress=show_line)
    check_machine(options)
    failed: list[int] = []

    async def imported() -> None:
        async with embedded_sotto(options) as sotto:
            whose = tenant or next(iter(sotto.books))
            done = await import_into(sotto, whose, calls, lambda now: show_line(progress_line(now)))
            for line in (*mistake_lines(done), *conversation_lines(sotto, whose)):
                show_line(line)
            failed.append(int(done["failed"]))

    run_interruptibly(imported())
    if any(failed):
        raise SomeFailed(f"{failed[0]} of the conversations could not be imported; their lines are named above")


async def import_into(
    sotto: EmbeddedSotto, tenant: str, calls: PastCalls, shown: Callable[[Mapping[str, Any]], None] = lambda now: None
) -> Mapping[str, Any]:
    """The status as the REST API has it, once all is over, the work after the conversations included."""
    s3 = sotto.engineer("s3")
    for place, content in _contents(calls):
        s3.put_object(Bucket=BUCKET, Key=prefix_of(tenant) + place, Body=content)
    ports = sotto.root.import_start_ports
    order = await asyncio.to_thread(start_import, tenant, None, calls.start, "engineer", ports)
    before: Mapping[str, Any] = {}
    while True:
        now = status_of(await asyncio.to_thread(progress, tenant, order.id, ports.imports, ports.clock))
        if now != before:
            shown(now)
        before = now
        if now["state"] in OVER:
            break
        await asyncio.sleep(LOOK_S)
    await sotto.idle("")
    return now


def status_of(found: Progress) -> dict[str, Any]:
    return {
        "state": found.run.state.value,
        "reason": None if found.run.reason is None else found.run.reason.value,
        "items": found.items,
        **{state.value: count for state, count in found.counts.items()},
        "seconds": found.seconds,
        "left_ms": found.left_ms,
        "lines": [{"line": each.line, "reason": each.reason.value, "field": each.field} for each in found.mistakes],
        "lines_left": found.mistakes_left,
    }


def progress_line(now: Mapping[str, Any]) -> str:
    if now["state"] == RunState.FAILED.value:
        return f"failed: {now['reason']}"
    if now["state"] == RunState.READING.value:
        return f"reading the manifest, {now['items']} lines so far"
    over = now["items"] - now["waiting"]
    words = [f"{over} of {now['items']} conversations", f"{now['seconds'] / 3_600:.2f} h"]
    words += [f"{now[state]} {state}" for state in ("known", "skipped", "failed") if now[state]]
    if now["left_ms"]:
        words.append(f"about {_time(now['left_ms'])} left")
    return ", ".join(words)


def mistake_lines(now: Mapping[str, Any]) -> Iterator[str]:
    for each in now["lines"]:
        place = f"line {each['line']}" if each["line"] else "the object"
        about = f" ({each['field']})" if each["field"] else ""
        yield f"  {place}: {each['reason']}{about}"
    if now["lines_left"]:
        yield f"  and {now['lines_left']} more"


def conversation_lines(sotto: EmbeddedSotto, tenant: str) -> Iterator[str]:
    """What history has of those that were imported, with summary and scores."""

    for run in sotto.root.imports.runs(tenant, before="", limit=1):
        for page in sotto.root.imports.pages(tenant, run.id):
            for item in page.items:
                if not item.contact_id.startswith(IMPORTED):
                    continue
                row = sotto.root.history.row(tenant, item.contact_id)
                summary = sotto.root.summaries.summary(tenant, item.contact_id)
                leg = row.legs[0] if row is not None else None
                scores = [f"{each.form} {each.percentage:.0f}" for each in leg.scores if each.percentage] if leg else []
                first = summary.lines[0].text if summary is not None and summary.lines else "no summary"
                shown = [f"{item.seconds:.0f} s", *scores, *(leg.moments[:3] if leg else ())]
                yield f"  {item.contact_id}: {first} ({', '.join(shown)})"


def _contents(calls: PastCalls) -> Iterator[tuple[str, bytes]]:
    """What is to be started last: whoever looks there finds all that it names."""
    for place in sorted(calls.files, key=lambda each: each == calls.start):
        content = calls.files[place]
        yield place, content if isinstance(content, bytes) else content.read_bytes()


def _watched(found: Mapping[str, Any], look: Callable[[], Mapping[str, Any]]) -> None:
    now = found
    while True:
        show_line(progress_line(now))
        if now["state"] in OVER:
            break
        before = now
        while now == before:
            time.sleep(LOOK_S)
            now = look()
    for line in mistake_lines(now):
        show_line(line)


class _Demo:
    """A running one, as an administrator of the tenant."""

    def __init__(self, port: int, tenant: str | None) -> None:
        self._place = f"http://127.0.0.1:{port}"
        self._tenant = tenant or str(_answer(f"{self._place}/config.json")["tenant"])
        who = urlencode({"tenant": self._tenant, "agent": "admin", "role": "admin"})
        self._token = str(_answer(f"{self._place}/token?{who}")["token"])
        self.named = f" --port {port}" if port != 8787 else ""
        self.named += f" --tenant {tenant}" if tenant else ""

    def put(self, calls: PastCalls) -> None:
        """Where the demo's customer keeps such things."""
        archive = _answer(f"{self._place}/demo/archive.json")
        session = boto3.Session(aws_access_key_id=ENGINEERS_KEY, aws_secret_access_key=SECRET_KEY, region_name=REGION)
        s3 = session.client("s3", endpoint_url=archive["url"], config=Config(s3={"addressing_style": "path"}))
        try:
            for place, content in _contents(calls):
                s3.put_object(Bucket=archive["bucket"], Key=prefix_of(self._tenant) + place, Body=content)
        finally:
            s3.close()

    def asked(self, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return _answer(f"{self._place}/v1/{quote(path)}", body, self._token)


def _answer(url: str, body: Mapping[str, Any] | None = None, token: str | None = None) -> dict[str, Any]:
    headers = {"content-type": "application/json"} if body is not None else {}
    headers |= {"authorization": f"Bearer {token}"} if token is not None else {}
    request = urllib.request.Request(url, json.dumps(body).encode() if body is not None else None, headers)
    try:
        with urllib.request.urlopen(request, timeout=WITHIN_S) as answer:
            found: dict[str, Any] = json.loads(answer.read())
            return found
    except urllib.error.HTTPError as refused:
        with refused:
            problem = json.loads(refused.read() or b"{}")
        raise ImportRefused(str(problem.get("detail", f"the demo answered {refused.code}"))) from None
    except (urllib.error.URLError, OSError) as error:
        raise NoStack(
            f"nothing answers at {url.split('/', 3)[2]}: start one with sotto demo, or name --port"
        ) from error


def _time(ms: int) -> str:
    seconds = round(ms / 1000)
    if seconds < 60:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 3_600 else f"{seconds / 3_600:.1f} h"
