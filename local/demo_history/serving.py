"""The demo's made-up past, brought into the running stack behind the calls: nothing waits for it."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from local import parent_process
from local.commands.terminal_text import show_line
from local.demo_history.alerting import write_rules
from local.demo_history.make_days import LISTED
from local.demo_history.plan import MOST_RECORDS, TENANT, filed_conversations, folder_of
from local.demo_history.records import MadeUp, made_up
from local.embedded import EmbeddedSotto
from sotto.after_call.workflow.records import WorkChanged
from sotto.analytics.adapters.places import place_of
from sotto.analytics.facts.of_conversation import ConversationFacts
from sotto.call.contact import Contact
from sotto.contacts.start import ContactChanged
from sotto.core.clock import Clock
from sotto.transcription.lease.lease import Checkpoint, Takeover
from sotto.wiring.sotto import Sotto

PACE_S = 0.02
"""Between two things that are put: the calls have the processors."""
OWNER = "demo-history"
ATTEMPTS = 4


@contextmanager
def days_made(state: Path, today: date) -> Iterator[subprocess.Popen[bytes]]:
    """While the stack starts; the process ends with the block."""
    command = parent_process.command("local.demo_history.make_days", str(folder_of(state, today)), today.isoformat())
    with subprocess.Popen(command, pass_fds=parent_process.inherited()) as making:
        try:
            yield making
        finally:
            making.terminate()


class DemoHistory:
    """``shown``: called once it is there, with how many conversations it has."""

    def __init__(
        self,
        sotto: EmbeddedSotto,
        making: subprocess.Popen[bytes],
        state: Path,
        today: date,
        shown: Callable[[int], None],
    ) -> None:
        self._sotto = sotto
        self._making = making
        self._folder = folder_of(state, today)
        self._today = today
        self._shown = shown
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._bring, name="demo-history")

    def __enter__(self) -> DemoHistory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _bring(self) -> None:
        """The latest first: whoever opens a screen looks at these days."""
        root, clock = self._sotto.root, self._sotto.clock
        latest = filed_conversations(self._today, clock.now_ms())
        instance = next(iter(self._sotto.books[TENANT].settings.instances))
        found = (made_up(TENANT, instance, each) for each in latest)
        records = [each for each in found if each is not None][:MOST_RECORDS]
        known = {each.contact.contact_id for each in records}
        for facts in latest:
            if facts.conversation not in known and self._goes_on():
                _file(facts, root)
        if self._goes_on():
            self._sotto.invoke("write_facts", {})
        adopted = self._adopt_days(root)
        if self._goes_on():
            self._sotto.invoke("evaluate_alerts", {})
        for made in records:
            if self._goes_on():
                root.contacts.record(made.waiting)
                finish(made, root, clock)
        if self._goes_on():
            self._shown(adopted + len(latest))

    def _adopt_days(self, root: Sotto) -> int:
        """How many conversations they hold."""
        while self._making.poll() is None and self._goes_on():
            pass
        listed = self._folder / LISTED
        if not listed.exists():
            return 0  # its process has said why
        count = 0
        for day in sorted(json.loads(listed.read_text()), key=lambda each: str(each["day"]), reverse=True):
            for fact in day["rows"]:
                if not self._goes_on():
                    return count
                root.fact_files.put(TENANT, fact, day["day"], self._folder / place_of(TENANT, fact, day["day"]))
            numbers = {"conversations": day["conversations"], "rows": day["rows"]}
            root.filed_facts.adopt(TENANT, day["day"], token=OWNER, **numbers)
            count += int(day["conversations"])
        return count

    def _goes_on(self) -> bool:
        """After a moment."""
        return not self._stopping.wait(PACE_S)


@contextmanager
def made_up_past(sotto: EmbeddedSotto, making: subprocess.Popen[bytes], state: Path, today: date) -> Iterator[None]:
    """Behind what the block does. Nothing where the demo has no such tenant."""
    if TENANT not in sotto.books:
        yield
        return

    def shown(count: int) -> None:
        show_line(f"{count:,} made-up conversations of {TENANT} are there to be listed, found and counted (synthetic).")

    write_rules(sotto)
    with DemoHistory(sotto, making, state, today, shown):
        yield


def _file(facts: ConversationFacts, root: Sotto) -> None:
    root.filed_facts.file(TENANT, facts, after=root.filed_facts.filed(TENANT, facts.conversation))


def finish(made: MadeUp, root: Sotto, clock: Clock) -> None:
    """As a worker and the work after the call store it: whoever learns of events makes lists, index and facts of it."""
    contact = made.contact
    if not _ended(contact, root):
        return
    lease = root.leases.take(contact.tenant, contact.contact_id, Takeover(OWNER, 1), now_ms=clock.now_ms())
    for utterance in made.utterances if lease is not None else ():
        assert lease is not None
        lease = root.leases.commit(lease, utterance, Checkpoint(utterances=utterance.seq))
    with suppress(WorkChanged):  # whoever swept it has begun the work after it
        root.after_call_work.replace(made.work, expected_version=0)
    root.summaries.store(made.summary)


def _ended(contact: Contact, root: Sotto) -> bool:
    """Whoever sweeps contacts that wait too long may have changed it meanwhile."""
    for _ in range(ATTEMPTS):
        now = root.contacts.contact(contact.tenant, contact.contact_id)
        if now is None:
            return False
        with suppress(ContactChanged):
            root.contacts.replace(replace(contact, version=now.version + 1), expected_version=now.version)
            return True
    return False


def today_of(clock: Clock) -> date:
    return datetime.fromtimestamp(clock.now_ms() / 1000, UTC).date()
