"""How long it takes from the commit of an utterance until a search finds it.

``sotto bench search-fresh``: utterances are committed as the audio worker commits them, into the embedded AWS, from
which the stream, the pipe, the bus and ``index_conversations`` carry them; the index is S3 Vectors as it is emulated.
The encoder is in this process: what the shard takes for a text is measured elsewhere (``sotto bench encoder``). Pipes,
buses and cold starts of AWS are not in it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from functions.index_conversations.handler import handler
from functions.specs import everything
from local.aws.resources import create
from local.aws.stack import EmbeddedAws
from local.options import REPOSITORY
from local.records import records_environment
from model_containers.shard.base_encoder.minilm import MiniLmEncoder
from sotto.aws import keys
from sotto.aws.outbox import outbox_write
from sotto.aws.table import Table
from sotto.call.contact import Contact, Speaker
from sotto.call.events import UtteranceCommitted
from sotto.call.outcome import CallOutcome
from sotto.call.utterance import Utterance
from sotto.core.resources import CONTACTS, resources_of
from sotto.core.validation import silent
from sotto.search.adapters.s3_vectors import S3VectorsIndex
from sotto.search.index import Asked
from sotto.search.index_call import IndexPorts
from sotto.search.query import parsed
from sotto.wiring.sotto import Sotto

GOAL_MS = 2_000
CONTACT = Contact("bank", "c1", "i", "s", 1_790_000_000_000, agent="emma", team="service", language="en-US")
_utterance = silent(Utterance)


class Encoder:
    """A TextVectors."""

    def __init__(self) -> None:
        self._encoder = MiniLmEncoder(threads=1, pieces=False)

    def vectors(self, tenant: str, texts: Sequence[str]) -> list[list[float]]:
        return [each.whole.tolist() for each in self._encoder.encode(texts)]


class Records:
    """Contacts, words and outcomes of one call."""

    def __init__(self) -> None:
        self.said: dict[int, Utterance] = {}

    def contact(self, tenant: str, contact_id: str) -> Contact | None:
        return CONTACT

    def utterances(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> list[Utterance]:
        return [self.said[seq] for seq in sorted(self.said) if seq > after_seq][:limit]

    def annotations(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> list[object]:
        return []

    def outcome(self, contact: Contact) -> CallOutcome:
        return CallOutcome()


def measured(count: int, pause_s: float) -> list[float]:
    records, encoder = Records(), Encoder()
    encoder.vectors("bank", ["The first pass allocates what the others use."])
    spec = next(each for each in everything().functions if each.name == "index_conversations")
    with EmbeddedAws() as aws:
        index = S3VectorsIndex(lambda tenant: aws.engineer("s3vectors"), records_environment()["SOTTO_SEARCH_BUCKET"])
        ports = IndexPorts(records, records, records, encoder, index)  # type: ignore[arg-type]
        environment = aws.environment() | records_environment()
        sotto = Sotto.of(environment, session=aws.session, indexing_ports=ports)
        create(resources_of([spec]), aws.functions, aws.engineer, REPOSITORY, lambda _: handler.within(sotto))
        table, times = Table(aws.engineer("dynamodb"), CONTACTS.name), []
        for seq in range(1, count + 1):
            times.append(_until_found(seq, records, table, index))
            time.sleep(pause_s)
    return times


def _until_found(seq: int, records: Records, table: Table, index: S3VectorsIndex) -> float:
    text = f"this is utterance number w{seq}w of a call about a card"
    said = Utterance("bank", "c1", f"u{seq}", seq, Speaker.CUSTOMER, seq * 1_000, seq * 1_000 + 900, text)
    body = _utterance.dump_json(said).decode()
    item = {"pk": keys.of_contact("bank", "c1"), "sk": keys.of_utterance(seq), "body": body}
    records.said[seq] = said
    event = UtteranceCommitted.of(said, at_ms=time.time() * 1000)
    started = time.perf_counter()
    table.put_all([(item, None, {}), outbox_write(event)])
    asked = Asked(parsed(f"w{seq}w").said, None)
    while not index.candidates("bank", asked).found:
        if time.perf_counter() - started > 60:
            raise SystemExit("sotto: an utterance was not found within a minute")
        time.sleep(0.01)
    return (time.perf_counter() - started) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--utterances", type=int, default=60)
    parser.add_argument("--pause-s", type=float, default=0.3)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    times = measured(asked.utterances, asked.pause_s)[1:]  # the first one makes index and clients
    p50, p95 = (float(np.percentile(times, each)) for each in (50, 95))
    print(f"commit to findable, {len(times)} utterances: p50 {p50:.0f} ms, p95 {p95:.0f} ms (goal {GOAL_MS:,})")
    if asked.json:
        asked.json.write_text(json.dumps({"p50_ms": p50, "p95_ms": p95}) + "\n")
    sys.exit(0 if p95 <= GOAL_MS else 1)


if __name__ == "__main__":
    main()
