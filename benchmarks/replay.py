"""How many past conversations a second a draft of a playbook is replayed over: ``sotto bench replay``.

The bank's sample calls (events/calls/bank_*), guided once by what is live and kept in an emulated table as the live
path keeps them, are replayed in pages of 20 by what is live and by a draft with a changed phrase.
Times are processor time of one core, so that they bear what else the machine does. ``read_and_played`` holds the
emulated DynamoDB's, which is not AWS's; ``played`` is our own code alone. No model is asked.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

import boto3
from moto import mock_aws

from local.options import REPOSITORY, TENANTS
from sotto.aws.table import Table
from sotto.call.annotation import Annotation
from sotto.call.contact import Contact, ContactStatus, Speaker
from sotto.call.live import CallTime
from sotto.call.utterance import Utterance
from sotto.contacts.adapters.dynamodb_contacts import DynamoContacts
from sotto.core.clock import SystemClock
from sotto.core.subject_data import DataKind
from sotto.guidance.adapters.dynamodb_conversations import DynamoConversations
from sotto.guidance.call_events import CallEvent, UtteranceResults
from sotto.guidance.conversation import ConversationState
from sotto.guidance.deliver import Conversation, rules_for
from sotto.guidance.evaluate import evaluate
from sotto.playbooks.replay.run import PastCalls, ReplayedContact, replay_contacts
from sotto.tenants.book import TenantBook
from sotto.tenants.compile import compile_policies
from sotto.tenants.playbook import Phrases, walk
from sotto.wiring.publishing import book_from

PAGE = 20
TICK_MS = 2_000


class KeptForEver:
    def expires_at(self, tenant: str, kind: DataKind | None = None) -> int:
        return 4_000_000_000


class ReadOnce:
    """What was read, so that playing it can be timed alone."""

    def __init__(self, past: PastCalls) -> None:
        self._past = past
        self._known: dict[tuple[str, str, str], object] = {}

    def _once(self, what: str, tenant: str, contact_id: str, read: object) -> object:
        key = (what, tenant, contact_id)
        if key not in self._known:
            self._known[key] = read() if callable(read) else read
        return self._known[key]

    def contact(self, tenant: str, contact_id: str) -> Contact | None:
        return self._once("contact", tenant, contact_id, lambda: self._past.contacts.contact(tenant, contact_id))  # type: ignore[return-value]

    def utterances(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Utterance]:
        read = self._past.calls.utterances
        return self._once("words", tenant, contact_id, lambda: read(tenant, contact_id, after_seq, limit))  # type: ignore[return-value]

    def annotations(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Annotation]:
        read = self._past.calls.annotations
        return self._once("noted", tenant, contact_id, lambda: read(tenant, contact_id, after_seq, limit))  # type: ignore[return-value]

    def conversation(self, tenant: str, contact_id: str) -> Conversation | None:
        return self._once("state", tenant, contact_id, lambda: self._past.calls.conversation(tenant, contact_id))  # type: ignore[return-value]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--conversations", type=int, default=500)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args(arguments)
    live = book_from(TENANTS / "harbour_bank")
    draft = with_another_phrase(live)
    with mock_aws():
        past = stored(live, asked.conversations)
        ids = [f"call-{number}" for number in range(asked.conversations)]
        read_s, pages = timed(ids, live, draft, past)
        known = ReadOnce(past)
        again = PastCalls(known, known, past.book_of)
        timed(ids, live, draft, again)
        played_s, found = timed(ids, live, draft, again)
    calls = [each for page in found for each in page]
    times = sorted(played_s)
    content = json.dumps(
        {
            "conversations": len(ids),
            "read_and_played_a_second": round(len(ids) / sum(read_s), 1),
            "played_a_second": round(len(ids) / sum(played_s), 1),
            "page_of_20_played_ms": {"p50": round(1000 * median(times)), "most": round(1000 * times[-1])},
            "stored_moments": sum(each.compared.noted for each in calls),
            "found_again": sum(each.compared.found_again for each in calls),
            "changed": sum(one.side != "both" for each in calls for one in each.compared.fired),
            "pages": len(pages),
        }
    )
    if asked.json:
        asked.json.write_text(content + "\n")
    sys.stdout.write(content + "\n")
    return 0


def timed(
    ids: Sequence[str], live: TenantBook, draft: TenantBook, past: PastCalls
) -> tuple[list[float], list[list[ReplayedContact]]]:
    """Seconds of processor time, and the answer, of each page."""
    seconds, pages = [], []
    for begins in range(0, len(ids), PAGE):
        began = time.process_time()
        pages.append(replay_contacts(live.tenant, ids[begins : begins + PAGE], live, draft, past))
        seconds.append(time.process_time() - began)
    return seconds, pages


def with_another_phrase(live: TenantBook) -> TenantBook:
    """The first moment of the book that looks for words looks for others."""
    content = live.playbook.model_dump()
    for one, written in zip(live.playbook.sets, content["sets"], strict=True):
        for place, moment in enumerate(one.moments):
            if any(isinstance(part, Phrases) for part in walk(moment.when)):
                written["moments"][place]["when"] = Phrases(phrases=("account", "card")).model_dump()
                return live.model_copy(update={"playbook": type(live.playbook).model_validate(content)}).sealed()
    raise AssertionError("the bank's playbook looks for no words")


def stored(live: TenantBook, conversations: int) -> PastCalls:
    """As the live path leaves them: words, annotations, the playbook's state."""
    client = boto3.client("dynamodb", region_name="us-east-1")
    keys = ("pk", "sk")
    client.create_table(
        TableName="contacts",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in keys],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    )
    table, clock, kept = Table(client, "contacts"), SystemClock(), KeptForEver()
    contacts, calls = DynamoContacts(table, kept), DynamoConversations(table, kept, clock)
    scripts = sorted((REPOSITORY / "events" / "calls").glob("bank_*/call.transcript.jsonl"))
    began_ms = int(clock.now_ms()) - 86_400_000
    for number in range(conversations):
        contact = Contact(
            live.tenant, f"call-{number}", "arn", "stream", began_ms + number * 1000, agent="emma",
            team=("service", "retention")[number % 2], status=ContactStatus.ENDED,
        )  # fmt: skip
        contacts.record(contact)
        _converse(live, contact, scripts[number % len(scripts)], table, calls)
    return PastCalls(contacts, calls, lambda tenant, version: live if version == live.version else None)


def _converse(live: TenantBook, contact: Contact, script: Path, table: Table, calls: DynamoConversations) -> None:
    rules = rules_for(live, compile_policies(live, contact, at_ms=contact.media_started_at_ms))
    state, annotations = ConversationState(contact.tenant, contact.contact_id), list[Annotation]()
    for event in _events(contact, script):
        considered = evaluate(state, event, rules)
        state, annotations = considered.state, [*annotations, *considered.annotations]
        if isinstance(event, UtteranceResults):
            table.put(_words(event.utterance))
    for begins in range(0, max(len(annotations), 1), 40):
        version = begins // 40
        kept = Conversation(replace(state), (), version + 1)
        calls.save(
            contact.tenant, contact.contact_id, kept, annotations[begins : begins + 40], expected_version=version
        )


def _words(utterance: Utterance) -> dict[str, str]:
    from pydantic import TypeAdapter

    from sotto.aws import keys

    body = TypeAdapter(Utterance).dump_json(utterance).decode()
    place = keys.of_contact(utterance.tenant, utterance.contact_id)
    return {"pk": place, "sk": keys.of_utterance(utterance.seq), "body": body}


def _events(contact: Contact, script: Path) -> Iterator[CallEvent]:
    lines = sorted(map(json.loads, script.read_text().splitlines()), key=lambda line: float(line["end_ms"]))
    now_ms = 0
    for seq, line in enumerate(lines, start=1):
        start_ms, end_ms, speaker = round(line["start_ms"]), round(line["end_ms"]), Speaker(line["speaker"])
        for tick_ms in range(now_ms + TICK_MS, start_ms, TICK_MS):
            yield CallTime(tick_ms, 0, seq - 1)
        now_ms = max(now_ms, end_ms)
        said = f"{speaker}-{start_ms}"
        yield UtteranceResults(
            Utterance(contact.tenant, contact.contact_id, said, seq, speaker, start_ms, end_ms, line["text"])
        )
    yield CallTime(now_ms + 10 * TICK_MS, 0, len(lines))


if __name__ == "__main__":
    raise SystemExit(main())
