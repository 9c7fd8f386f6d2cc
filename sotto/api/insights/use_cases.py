"""Insights of a customer, and questions about them, for those who may read the conversations they rest on.

Nothing of them is kept but that they were made: they are read from the conversations each time, by whoever asks, and of
those alone that the caller may see. Whose words are shown is in the audit log before they leave.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sotto.api.caller import Caller, Unauthorised
from sotto.api.insights.customer import (
    Customer,
    NobodyKnown,
    call_of,
    contacts_of,
    customer_again,
    customer_of,
    others_of,
    past_call,
    seen_by,
)
from sotto.api.insights.ports import InsightPorts
from sotto.api.insights.recall import Answer, CallOf, Place, answers
from sotto.api.panel.ports import note_look
from sotto.api.panel.request_models import BadRequest
from sotto.api.roles import Action, Reach
from sotto.call.contact import Contact
from sotto.core.errors import Degraded, Retryable
from sotto.erasure.identity import Identity
from sotto.insights.gather import gathered
from sotto.insights.insight import Insight, InsightKind
from sotto.insights.store import CustomerInsights, InsightsChanged
from sotto.search.index import Asked
from sotto.search.passage import Kind, PassageFilter
from sotto.search.query import BadQuery, parsed

ATTEMPTS = 4
MOST_MEANT = 30


@dataclass(frozen=True, slots=True)
class InsightsOfCustomer:
    """``conversations``: how many were looked at of those that the caller may see."""

    customer_id: str
    insights: tuple[Insight, ...]
    conversations: int
    made_at_ms: int


@dataclass(frozen=True, slots=True)
class CustomerAnswer:
    """``question``: without what is private. ``answers`` empty: it is not in these conversations."""

    question: str
    answers: tuple[Answer, ...]
    conversations: int


def generate(caller: Caller, asked: Identity, ports: InsightPorts) -> InsightsOfCustomer:
    """Make them, and note for whom. Raises NobodyKnown and Retryable."""
    customer = customer_of(caller.tenant, asked, ports)
    every = contacts_of(customer, ports)
    seen = seen_by(caller, every)
    _note(customer, every, ports)
    return _shown(caller, customer, seen, ports)


def preview(caller: Caller, asked: Identity, ports: InsightPorts) -> InsightsOfCustomer:
    """The same, and nothing is noted but who looked. Raises NobodyKnown and Retryable."""
    customer = customer_of(caller.tenant, asked, ports)
    return _shown(caller, customer, seen_by(caller, contacts_of(customer, ports)), ports)


def of_customer(caller: Caller, customer_id: str, ports: InsightPorts) -> InsightsOfCustomer:
    """As they are now. Raises NobodyKnown and Retryable."""
    customer = _known(caller, customer_id, ports)
    return _shown(caller, customer, seen_by(caller, contacts_of(customer, ports)), ports)


def customers(caller: Caller, after: str, limit: int, ports: InsightPorts) -> Sequence[CustomerInsights]:
    """For whom they were made, by rising id. Raises Unauthorised and Retryable."""
    if Reach.ANY not in caller.reach(Action.LIST_INSIGHTS):
        raise Unauthorised("role: this role lists no customers")
    return ports.store.customers(caller.tenant, after, limit)


def ask(caller: Caller, customer_id: str, question: str, ports: InsightPorts) -> CustomerAnswer:
    """Raises NobodyKnown, BadRequest and Retryable."""
    asked = ports.panel.redact(caller.tenant, question).strip()
    if not asked:
        raise BadRequest("question: without what is private nothing is left of it; ask in other words")
    seen = seen_by(caller, contacts_of(_known(caller, customer_id, ports), ports))
    calls = [CallOf(each, call_of(each, ports)) for each in seen]
    found = answers(asked, calls, _meant(caller.tenant, asked, seen, ports))
    cited = (one.contact.contact_id for each in found for one in (each.stands, *each.earlier))
    _look(caller, cited, seen, ports)
    return CustomerAnswer(asked, found, len({each.conversation_id for each in seen}))


def _known(caller: Caller, customer_id: str, ports: InsightPorts) -> Customer:
    made = ports.store.customer(caller.tenant, customer_id)
    if made is None:
        raise NobodyKnown
    return customer_again(made)


def _shown(caller: Caller, customer: Customer, seen: list[Contact], ports: InsightPorts) -> InsightsOfCustomer:
    now_ms = int(ports.panel.clock.now_ms())
    found = gathered([past_call(each, ports) for each in seen], now_ms)
    _look(caller, (one.contact_id for each in found for one in (each.stands, *each.earlier)), seen, ports)
    return InsightsOfCustomer(customer.id, found, len({each.conversation_id for each in seen}), now_ms)


def _look(caller: Caller, contact_ids: Iterator[str], seen: list[Contact], ports: InsightPorts) -> None:
    for each in others_of(caller, contact_ids, seen):
        note_look(each, caller, ports.panel)


def _note(customer: Customer, every: list[Contact], ports: InsightPorts) -> None:
    """Counted over all of them: what a list shows is no matter of who made it. Raises InsightsChanged."""
    now_ms = int(ports.panel.clock.now_ms())
    found = gathered([past_call(each, ports) for each in every], now_ms)
    counts = {kind: n for kind in InsightKind if (n := sum(1 for each in found if each.kind is kind))}
    highest = max((each.impact for each in found), default=0)
    contacts = tuple(each.contact_id for each in every)
    for _ in range(ATTEMPTS):
        before = ports.store.customer(customer.tenant, customer.id)
        version = before.version + 1 if before is not None else 1
        made = CustomerInsights(
            customer.tenant, customer.id, customer.known_by, customer.contact_id, contacts, counts, highest, now_ms,
            version,
        )  # fmt: skip
        try:
            ports.store.replace(made, before=before)
            return
        except InsightsChanged:
            continue
    raise InsightsChanged("the insights of this customer change all the time; try again")


def _meant(tenant: str, question: str, seen: list[Contact], ports: InsightPorts) -> Mapping[Place, float]:
    """Of the search index; nothing where it, or the encoder, does not answer now: words alone are searched then."""
    search = ports.panel.search
    try:
        wording = parsed(question.replace('"', " ")).wording
        (vector,) = search.vectors.vectors(tenant, [question])
        wanted = PassageFilter(kinds=frozenset({Kind.UTTERANCE}), contacts=frozenset(each.contact_id for each in seen))
        found = search.index.candidates(tenant, Asked(wording, vector, wanted, most=MOST_MEANT)).found
    except (Retryable, Degraded, BadQuery):
        return {}
    return {
        (each.passage.contact_id, each.passage.utterance_id): each.likeness
        for each in found
        if each.likeness is not None and wanted.takes(each.passage)
    }
