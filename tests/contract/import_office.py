"""The embedded AWS with what imports conversations of the past, for tests of what an import leaves behind."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from functions.specs import everything
from local.aws import step_functions
from local.aws.keys import create_keys
from local.aws.lambda_sandbox import Handler, load
from local.aws.resources import create
from local.aws.stack import EmbeddedAws
from local.function_host import FunctionHost
from local.import_places import BUCKET, create_import_places, prefix_of
from local.options import REPOSITORY
from local.records import records_environment
from sotto.aws import keys
from sotto.aws.table import Table
from sotto.call.contact import Contact, Speaker
from sotto.call.transcript_result import TranscriptResult
from sotto.core.clock import SystemClock
from sotto.core.function_spec import FunctionSpec
from sotto.core.resources import ARTIFACTS, IMPORT_CONVERSATIONS, Resources, resources_of
from sotto.graph.node import NodeCall, NodeResult, NodeStatus
from sotto.imports.audio.windows import AudioWindow
from sotto.imports.run import ImportRun, Progress, RunState
from sotto.imports.start import progress, start_import
from sotto.recordings.ports import Window
from sotto.recordings.retranscribe import TenantsRetranscriber
from sotto.tenants.adapters.published_books import PublishedBooks
from sotto.wiring.entry_point import EntryPoint
from sotto.wiring.publishing import book_from
from sotto.wiring.sotto import Sotto

BANK = "harbour_bank"
GARAGE = "torque_garage"
WITHIN_S = 240.0
NAMES = ("open_import", "import_conversations", "start_import")


class QuietModels:
    """A NodeRouter whose models have found nothing."""

    def route_all(self, calls: Sequence[NodeCall]) -> list[NodeResult]:
        return [NodeResult(each.node.id, each.node.task, NodeStatus.OK) for each in calls]


class ScriptedRecognisers:
    """RecordingRecognisers: a sentence every ten seconds. ``dies_at_ms``: once, of the window that begins there or
    later. ``instead``: who recognises in earnest."""

    def __init__(self) -> None:
        self.dies_at_ms: float | None = None
        self.asked: list[float] = []
        self.instead: TenantsRetranscriber | None = None

    def at_once(self, tenant: str) -> int:
        return 1

    def finals(self, contact: Contact, windows: Sequence[AudioWindow]) -> list[list[TranscriptResult]]:
        (window,) = windows
        if self.instead is not None:
            return self.instead.finals(contact, [Window(window.from_ms, lambda: iter((window.pcm,)))])
        if self.dies_at_ms is not None and window.from_ms >= self.dies_at_ms:
            self.dies_at_ms = None
            raise MemoryError("killed")
        self.asked.append(window.from_ms)
        return [list(self._spoken(window))]

    def _spoken(self, window: AudioWindow) -> Iterator[TranscriptResult]:
        """A sentence every ten seconds of the recording, wherever it is cut."""
        for at_s in range(0, 600, 10):
            at_ms = at_s * 1_000.0
            if window.from_ms <= at_ms and at_ms + 2_000 <= window.end_sample / 8:
                text = f"sentence {at_s // 10} of this call"
                yield TranscriptResult(Speaker.CUSTOMER, f"at-{at_s}", at_ms, at_ms + 2_000, text, (), True, 1.0, True)


class _Watched:
    """A table that tells before it writes."""

    def __init__(self, table: Any, before_write: Callable[[], None]) -> None:
        self._table = table
        self._before_write = before_write

    def __getattr__(self, name: str) -> Any:
        if name in ("put", "put_all", "change_all", "update"):
            self._before_write()
        return getattr(self._table, name)


class ImportOffice:
    """``on_write``: called before each write of import_conversations to the table of contacts; what it raises ends the
    invocation."""

    def __init__(self, aws: EmbeddedAws, **given: Any) -> None:
        self.aws = aws
        self.on_write: Callable[[], None] = lambda: None
        specs = tuple(each for each in everything().functions if each.name in NAMES)
        needed = resources_of(specs)
        machine = next(each for each in everything().state_machines if each.name == IMPORT_CONVERSATIONS.name)
        resources = Resources(
            tables=everything().tables,
            buckets=(ARTIFACTS,),
            functions=specs,
            state_machines=(machine,),
            rules=needed.rules,
        )
        environment = aws.environment() | records_environment()
        self._host = FunctionHost(environment, aws.session, **{"router": QuietModels(), **given})
        arns = create(resources, aws.functions, aws.engineer, REPOSITORY, self._load)
        tenants = (BANK, GARAGE)
        self._host.deploy(
            {
                "SOTTO_IMPORT_CONVERSATIONS_ARN": arns[IMPORT_CONVERSATIONS.name],
                **create_keys(tenants, aws.engineer("kms")),
                **create_import_places(tenants, aws.engineer("s3")),
            }
        )
        books = PublishedBooks(
            Table(aws.engineer("dynamodb"), records_environment()["SOTTO_TENANTS_TABLE"]),
            aws.engineer("s3"),
            ARTIFACTS,
            SystemClock(),
        )
        for tenant in tenants:
            books.publish(book_from(REPOSITORY / "tenants" / tenant))
        self.sotto: Sotto = self._host.sotto()

    def _load(self, spec: FunctionSpec) -> Handler:
        if spec.name != "import_conversations":
            return self._host.load(spec)
        entry = load(spec.handler)
        assert isinstance(entry, EntryPoint)
        known = {name: value for name, value in self._host.environment.items() if name in spec.variables}
        sotto = self._host.sotto()
        table = _Watched(sotto.contact_table[0], lambda: self.on_write())
        return entry.started(known, **self._host.given, contact_table=(table, sotto.contact_table[1]))

    def put(self, name: str, content: bytes | str, tenant: str = BANK) -> None:
        body = content.encode() if isinstance(content, str) else content
        self.aws.engineer("s3").put_object(Bucket=BUCKET, Key=prefix_of(tenant) + name, Body=body)

    def put_lines(self, name: str, *lines: Any, tenant: str = BANK) -> None:
        written = (each if isinstance(each, str) else json.dumps(each) for each in lines)
        self.put(name, "\n".join(written) + "\n", tenant)

    def start(self, name: str, tenant: str = BANK) -> ImportRun:
        return start_import(tenant, None, name, "somebody", self.sotto.import_start_ports)

    def imported(self, name: str, tenant: str = BANK) -> Progress:
        """Started, and over."""
        return self.over(self.start(name, tenant))

    def over(self, run: ImportRun) -> Progress:
        until = time.monotonic() + WITHIN_S
        while time.monotonic() < until:
            now = self.progress(run)
            if now.run.state in (RunState.DONE, RunState.FAILED) and not step_functions.running():
                return now
            time.sleep(0.05)
        raise TimeoutError("the import is not over")

    def begun(self, name: str, tenant: str = BANK) -> ImportRun:
        """The import that an object has begun by being put there."""
        until = time.monotonic() + WITHIN_S
        while time.monotonic() < until:
            for run in self.runs(tenant):
                if run.key == prefix_of(tenant) + name:
                    return run
            time.sleep(0.05)
        raise TimeoutError("no import has begun")

    def progress(self, run: ImportRun) -> Progress:
        return progress(run.tenant, run.id, self.sotto.imports, self.sotto.clock)

    def runs(self, tenant: str = BANK) -> Sequence[ImportRun]:
        return self.sotto.imports.runs(tenant, before="", limit=50)

    def texts(self, contact_id: str, tenant: str = BANK) -> list[str]:
        return [each.text for each in self.sotto.conversations.utterances(tenant, contact_id, 0, 100)]

    def events(self, contact_id: str, tenant: str = BANK) -> list[str]:
        # As they lie there: an event of the past has expired when it is written, and is carried all the same.
        found = self.sotto.contact_table[0].stored(keys.of_contact(tenant, contact_id))
        return [item["type"] for item in found if item["sk"].startswith(keys.EVENT)]


@contextmanager
def import_office(**given: Any) -> Iterator[ImportOffice]:
    with EmbeddedAws(tenants=lambda: (BANK, GARAGE)) as aws:
        yield ImportOffice(aws, **given)
