"""From a tenant's search policies to the models and playbook sets of one conversation.

Every policy that matches counts. They are merged from the least to the most specific (``When.specificity``; equal
ones in the order of the file): models and playbook sets add up, a model that two policies configure is taken whole
from the more specific one, and ``leave_out`` removes what less specific policies brought. A model that does not
understand the contact's language is not asked.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from sotto.call.contact import Contact
from sotto.graph.compiled_policies import FOREVER_MS, CompiledPolicies, PlannedNode, Runner
from sotto.graph.node import LONGEST_DEADLINE_MS, Node
from sotto.tenants.book import Hours, NodeRule, Policy, TenantBook, When
from sotto.tenants.hours import state_at


class Ranked(NamedTuple):
    """A policy as compiling meets it; what can be known beforehand is known here. Sorts least specific first."""

    specificity: tuple[int, ...]
    place: int
    policy: Policy
    timetable: int
    for_everybody: bool


class PolicyIndex:
    """Finds the few policies that can match: each stands under its agents, else its queues, routing profiles, groups
    or teams."""

    def __init__(self, book: TenantBook) -> None:
        self.book = book
        self._by_key: dict[tuple[str, str], list[Ranked]] = defaultdict(list)
        numbers: dict[tuple[Hours, ...], int] = {}
        for place, policy in enumerate(book.policies):
            when = policy.when
            number = numbers.setdefault(when.hours, len(numbers))
            everybody = when.model_copy(update={"hours": ()}) == When()
            for key in _keys(when):
                self._by_key[key].append(Ranked(when.specificity, place, policy, number, everybody))
        self.timetables = tuple(numbers)
        """The different hours of the book. Many policies share theirs, so compiling looks at each once."""

    def candidates(self, contact: Contact) -> list[Ranked]:
        """Least specific first."""
        keys = (
            ("agent", _username(contact.agent)),
            ("queue", contact.queue),
            ("routing profile", contact.routing_profile),
            *(("group", name) for name in contact.groups),
            ("team", contact.team),
            ("all", ""),
        )
        found = [entry for kind, name in keys if name is not None for entry in self._by_key.get((kind, name), ())]
        return sorted({entry.place: entry for entry in found}.values(), key=lambda ranked: ranked[:2])


def _keys(when: When) -> Iterable[tuple[str, str]]:
    if when.agents:
        return [("agent", name.casefold()) for name in when.agents]
    if when.queues:
        return [("queue", name) for name in when.queues]
    if when.routing_profiles:
        return [("routing profile", name) for name in when.routing_profiles]
    if when.groups:
        return [("group", name) for name in when.groups]
    return [("team", name) for name in when.teams] or [("all", "")]


def compile_policies(book: TenantBook | PolicyIndex, contact: Contact, *, at_ms: float) -> CompiledPolicies:
    """The policies of this contact at this instant (Unix epoch, ms). Pass an index to use a book more than once."""
    index = book if isinstance(book, PolicyIndex) else PolicyIndex(book)
    candidates = index.candidates(contact)
    fitting = [one for one in candidates if one.for_everybody or _matches(one.policy.when, contact)]
    states = {number: state_at(index.timetables[number], at_ms) for number in {one.timetable for one in fitting}}
    ordered = [one.policy for one in fitting if states[one.timetable][0]]
    changes = [until_ms for _, until_ms in states.values() if until_ms is not None]
    models = index.book.models
    nodes = tuple(
        each for each in _merged_nodes(ordered)
        if each.node.model not in models or models[each.node.model].understands(contact.language)
    )  # fmt: skip
    return CompiledPolicies(
        tenant=contact.tenant,
        contact_id=contact.contact_id,
        contact_version=contact.version,
        book_version=index.book.version,
        policies=tuple(policy.name for policy in ordered),
        nodes=nodes,
        playbooks=merged_playbooks(ordered),
        valid_until_ms=min(changes, default=FOREVER_MS),
        runner=_runner(index.book, ordered, nodes),
        language=contact.language,
        channel=contact.channel,
    )


def _runner(book: TenantBook, policies: Iterable[Policy], nodes: Iterable[PlannedNode]) -> Runner:
    """DIRECT where the tenant leaves it to us, no policy is audited, and at least something is quick or free of models:
    a graph that is slow throughout would only be handed over."""
    if any(policy.audited for policy in policies):
        return Runner.STEP_FUNCTIONS
    planned = [each.node for each in nodes]
    if planned and all(node.is_slow or node.is_written for node in planned):
        return Runner.STEP_FUNCTIONS
    return book.settings.guidance.runner


def _matches(when: When, contact: Contact) -> bool:
    customer = contact.customer.values if contact.customer else {}
    return (
        (not when.teams or contact.team in when.teams)
        and (not when.agents or _username(contact.agent) in {name.casefold() for name in when.agents})
        and (not when.queues or contact.queue in when.queues)
        and (not when.routing_profiles or contact.routing_profile in when.routing_profiles)
        and (not when.groups or not set(when.groups).isdisjoint(contact.groups))
        and when.is_for_language(contact.language)
        and (not when.channels or contact.channel in when.channels)
        and all(_accepts(contact.attributes.get(name), values) for name, values in when.attributes.items())
        and all(_accepts(customer.get(name), values) for name, values in when.customer.items())
    )


def _username(agent: str | None) -> str | None:
    """Connect tells no two apart by case."""
    return agent.casefold() if agent is not None else None


def _accepts(value: str | None, accepted: tuple[str, ...]) -> bool:
    return value is not None and (not accepted or value in accepted)


def _merged_nodes(policies: list[Policy]) -> Iterator[PlannedNode]:
    chosen: dict[str, tuple[NodeRule, str]] = {}
    for policy in policies:
        for left_out in policy.leave_out_models:
            chosen = {name: entry for name, entry in chosen.items() if entry[0].model != left_out}
        chosen.update((rule.id, (rule, policy.name)) for rule in policy.run)
    for rule, name in chosen.values():
        yield PlannedNode(_node(rule, name), rule.speakers, rule.on_interims)


def _node(rule: NodeRule, policy: str) -> Node:
    return Node(
        id=rule.id,
        task=rule.task,
        model=rule.model,
        after=rule.after,
        only_if=rule.only_if,
        deadline_ms=min(rule.deadline_ms, LONGEST_DEADLINE_MS),
        policy=policy,
        even_without=rule.even_without,
        context=rule.context,
    )


def merged_playbooks(policies: list[Policy]) -> tuple[str, ...]:
    active: dict[str, None] = {}
    for policy in policies:
        for name in policy.leave_out_playbooks:
            active.pop(name, None)
        active.update(dict.fromkeys(policy.playbooks))
    return tuple(active)


Instant = Callable[[Contact, float], float]


def by_the_clock(contact: Contact, at_ms: float) -> float:
    return at_ms


class PolicyCache:
    """Compiled policies of the conversations in progress, and an index per book version; bounded, oldest out.

    ``instant``: at which instant a contact is, for policies with hours, when the clock says ``at_ms``. A call that is
    played again has a day of its own.
    """

    def __init__(self, *, conversations: int = 2_000, books: int = 64, instant: Instant = by_the_clock) -> None:
        self._instant = instant
        self._compiled: OrderedDict[tuple[str, str, int, str], CompiledPolicies] = OrderedDict()
        self._indexes: OrderedDict[tuple[str, str], PolicyIndex] = OrderedDict()
        self._conversations, self._books = conversations, books

    def compiled(self, book: TenantBook, contact: Contact, *, at_ms: float) -> CompiledPolicies:
        """Compiled again when the contact's version, the book or the hour changes."""
        key = (contact.tenant, contact.contact_id, contact.version, book.version)
        known = self._compiled.get(key)
        instant_ms = self._instant(contact, at_ms)
        if known is None or instant_ms >= known.valid_until_ms:
            known = compile_policies(self._index(book), contact, at_ms=instant_ms)
        self._compiled[key] = known
        self._compiled.move_to_end(key)
        while len(self._compiled) > self._conversations:
            self._compiled.popitem(last=False)
        return known

    def _index(self, book: TenantBook) -> PolicyIndex:
        key = (book.tenant, book.version)
        if key not in self._indexes:
            self._indexes[key] = PolicyIndex(book)
        self._indexes.move_to_end(key)
        while len(self._indexes) > self._books:
            self._indexes.popitem(last=False)
        return self._indexes[key]
