"""Whether anybody reads a call that is not theirs to read: random callers ask every way into calls, of a world whose
search index answers with more than it was asked for, and whose cursors are passed on.

``python -m benchmarks.search.cross_reads``: 10,000 runs. A read of another tenant's call, or of one that the table of
roles (sotto.api.roles) does not reach, is a failure.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sotto.api.caller import Caller, Unauthorised
from sotto.api.panel.ports import AgentPorts
from sotto.api.panel.request_models import BadRequest
from sotto.api.panel.requests import serve
from sotto.api.roles import Action, Role
from sotto.call.contact import Contact, ContactStatus, Speaker
from sotto.call.outcome import CallOutcome
from sotto.call.utterance import Utterance
from sotto.history.keep import KeepPorts, keep
from sotto.search.adapters.embedded import EmbeddedIndex
from sotto.search.index import Asked, Candidates, SearchIndex
from sotto.search.index_call import IndexPorts, index_call
from sotto.search.passage import PassageFilter
from tests.fakes.clock import ClockByHand
from tests.fakes.desk import Desk

NOW_MS = 1_790_000_000_000
TENANTS = ("bank", "garage")
AGENTS = ("emma", "noah", "sue", "tom")
TEAMS = ("service", "retention", "sales")
WORDS = ("card", "refund", "gearbox", "invoice", "address", "cancel")


Answers = Callable[[str, Mapping[str, Any], Caller, AgentPorts], Any]


class LeakyIndex:
    """A SearchIndex that ignores every filter: what it answers must be judged by who asked it."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index

    def candidates(self, tenant: str, asked: Asked) -> Candidates:
        return self._index.candidates(tenant, replace(asked, filter=PassageFilter()))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._index, name)


class OldIndex(LeakyIndex):
    """One that knows calls as they were before agents changed: it says of every passage that the caller may see it."""

    def candidates(self, tenant: str, asked: Asked) -> Candidates:
        found = super().candidates(tenant, asked)
        seen_by = asked.filter.seen_by
        if seen_by is None:
            return found
        claimed = [replace(each, passage=replace(each.passage, agent=seen_by.agent)) for each in found.found]
        return Candidates(tuple(claimed), found.may_miss)


@dataclass
class World:
    ports: AgentPorts
    contacts: Mapping[tuple[str, str], Contact]
    cursors: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """``shown``: calls that answers were about; ``wrong``: what should not have been shown, in words."""

    runs: int
    shown: int
    refused: int
    wrong: tuple[str, ...]


def world(folder: Path, seed: int) -> World:
    chance = random.Random(seed)
    desk = Desk(ClockByHand(NOW_MS))
    desk.search_index = EmbeddedIndex(folder)
    contacts = list(_contacts(chance))
    desk.conversations.all_contacts += contacts
    for contact in contacts:
        desk.conversations.all_utterances += _utterances(contact, chance)
    outcomes = _NoOutcomes()
    for contact in contacts:
        keep(contact.tenant, contact.contact_id, KeepPorts(desk.conversations, outcomes, desk.history))
        ports = IndexPorts(desk.conversations, desk.conversations, outcomes, desk.text_vectors, desk.search_index)
        index_call(contact.tenant, contact.contact_id, ports)
    return World(desk.ports(), {(each.tenant, each.contact_id): each for each in contacts})


def run(runs: int, seed: int = 3, answer_to: Answers = serve) -> Outcome:
    """``answer_to``: who answers; a test puts somebody wrong there."""
    chance = random.Random(seed)
    shown, refused, wrong = 0, 0, list[str]()
    with tempfile.TemporaryDirectory(prefix="sotto-reads-") as folder:
        there = world(Path(folder), seed)
        honest = there.ports.search
        indexes = (honest.index, LeakyIndex(honest.index), OldIndex(honest.index))
        for _ in range(runs):
            there.ports = replace(there.ports, search=replace(honest, index=chance.choice(indexes)))
            caller = _caller(chance)
            name, arguments, action = _request(chance, there)
            try:
                answer = answer_to(name, arguments, caller, there.ports)
            except (Unauthorised, BadRequest):
                refused += 1
                continue
            if isinstance(answer, dict) and (cursor := answer.get("cursor")):
                there.cursors.append(cursor)
            for contact_id in _calls_in(answer, arguments):
                shown += 1
                contact = there.contacts.get((caller.tenant, contact_id))
                if contact is None or not caller.may(action, contact):
                    wrong.append(f"{name}: {caller.role} {caller.agent} of {caller.tenant} saw {contact_id}")
        honest.index.drop("bank")
        honest.index.drop("garage")
    return Outcome(runs, shown, refused, tuple(wrong))


class _NoOutcomes:
    def outcome(self, contact: Contact) -> CallOutcome:
        return CallOutcome()


def _contacts(chance: random.Random) -> Iterator[Contact]:
    """Of both tenants the same names. The ids of contacts differ, so that an answer says whose it is."""
    for tenant in TENANTS:
        for number in range(24):
            yield Contact(
                tenant,
                f"{tenant}-c{number}",
                "i",
                "s",
                NOW_MS - (number + 1) * 3_600_000,
                agent=chance.choice((*AGENTS, None)),
                team=chance.choice((*TEAMS, None)),
                queue=chance.choice(("Loans", "Sales")),
                status=ContactStatus.ENDED,
                ended_at_ms=NOW_MS - (number + 1) * 3_600_000 + 60_000,
                initial_contact_id=f"{tenant}-c{number - 1}" if number % 5 == 4 else "",
            )


def _utterances(contact: Contact, chance: random.Random) -> list[Utterance]:
    return [
        Utterance(
            contact.tenant,
            contact.contact_id,
            f"u{seq}",
            seq,
            chance.choice((Speaker.CUSTOMER, Speaker.AGENT)),
            seq * 1_000,
            seq * 1_000 + 900,
            f"about the {chance.choice(WORDS)} and the {chance.choice(WORDS)} of {contact.contact_id}",
        )
        for seq in range(1, 6)
    ]


def _caller(chance: random.Random) -> Caller:
    teams = frozenset(chance.sample(TEAMS, chance.randrange(3)))
    return Caller(chance.choice(TENANTS), chance.choice((*AGENTS, "zoe")), chance.choice(list(Role)), teams)


def _request(chance: random.Random, there: World) -> tuple[str, dict[str, Any], Action]:
    contact_id = chance.choice(list(there.contacts))[1]
    narrowed = {
        "agents": chance.choice((None, [chance.choice(AGENTS)])),
        "teams": chance.choice((None, [chance.choice(TEAMS)])),
        "queues": chance.choice((None, ["Loans"])),
    }
    chosen = {name: value for name, value in narrowed.items() if value}
    text = chance.choice((chance.choice(WORDS), f'"the {chance.choice(WORDS)}"', "card BEFORE refund", "card -refund"))
    match chance.randrange(6):
        case 0 | 1:
            return "Query.search", {"text": text, "filter": chosen, "first": 100}, Action.SEARCH
        case 2 | 3:
            after = chance.choice(there.cursors) if there.cursors and chance.random() < 0.5 else None
            sort = chance.choice(("STARTED", "DURATION"))
            asked = {"filter": chosen, "first": chance.choice((1, 5, 50)), "after": after, "sort": sort}
            return "Query.conversations", asked, Action.LIST_HISTORY
        case 4:
            return "Query.utterances", {"contactId": contact_id}, Action.READ_CALL
        case _:
            return "Query.contact", {"contactId": contact_id}, Action.READ_CALL


def _calls_in(answer: Any, arguments: Mapping[str, Any]) -> set[str]:
    """Ids of contacts that are in an answer, in a field or in its words."""
    if answer is None:
        return set()
    found = set(_fields(answer, "contactId"))
    if not found and answer and "contactId" in arguments:
        found = {str(arguments["contactId"])}
    spoken = {text.rpartition(" ")[2] for text in _fields(answer, "text")}
    return found | spoken


def _fields(part: Any, name: str) -> Iterator[str]:
    if isinstance(part, Mapping):
        if isinstance(value := part.get(name), str):
            yield value
        for each in part.values():
            yield from _fields(each, name)
    elif isinstance(part, Sequence) and not isinstance(part, str):
        for each in part:
            yield from _fields(each, name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    found = run(asked.runs, asked.seed)
    print(f"{found.runs:,} requests: {found.shown:,} calls shown, {found.refused:,} requests refused")
    print(f"calls shown that the caller may not see: {len(found.wrong)} (goal 0)")
    for line in found.wrong[:10]:
        print(f"  {line}")
    if asked.json:
        result = {"runs": found.runs, "shown": found.shown, "refused": found.refused, "wrong": len(found.wrong)}
        asked.json.write_text(json.dumps(result) + "\n")
    sys.exit(1 if found.wrong else 0)


if __name__ == "__main__":
    main()
