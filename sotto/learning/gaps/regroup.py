"""Gaps grouped anew. What people have said about a group stands: it is not grouped anew, and gaps that are like it join
it. An open group that has most of its members again keeps its id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sotto.call.contact import ContactReader
from sotto.consent.kept import Consents
from sotto.core.clock import Clock
from sotto.learning.collect import consent_to_learn
from sotto.learning.gaps.gap import Gap, GapGroup, GapKind, group_id
from sotto.learning.gaps.ports import GapStore, Grouped, Groups
from sotto.tenants.book import BookReader

MOST = 10_000
"""Gaps that are grouped at a time: the latest."""


@dataclass(frozen=True, slots=True)
class RegroupPorts:
    gaps: GapStore
    groups: Groups
    books: BookReader
    contacts: ContactReader
    consents: Consents
    clock: Clock


@dataclass(frozen=True, slots=True)
class Regrouped:
    """``found``: gaps that there are; ``grouped``: those that were looked at, fewer where there are more than ``MOST``.
    ``open``: groups that wait for a person; ``joined``: gaps that went to groups that people have decided on.
    ``left_out``: why others are in no group, counted."""

    found: int
    grouped: int
    open: int
    joined: int
    left_out: Mapping[str, int]


def regroup(tenant: str, kind: GapKind, ports: RegroupPorts) -> Regrouped:
    """The same gaps again change nothing. Raises CannotTrain and Retryable; what is done is stored."""
    every = ports.gaps.gaps(tenant, kind, MOST + 1)
    gaps = _standing(tenant, every[:MOST], ports)
    known = ports.gaps.groups(tenant, kind)
    staying = {each.id: each for each in known if each.stays}
    moved = [replace(each, group=_home(each.group, staying)) for each in gaps]
    decided = [each for each in moved if each.group in staying]
    loose = [each for each in moved if each.group not in staying]
    found = ports.groups.group(tenant, kind, loose, [each for each in staying.values() if not each.into])
    now = {(each.contact_id, each.id): each.group for each in decided}
    for id, places in found.joined.items():
        now |= {(loose[place].contact_id, loose[place].id): id for place in places}
    ids = _ids(found.groups, loose, [each for each in known if not each.stays])
    for id, group in zip(ids, found.groups, strict=True):
        now |= {(loose[place].contact_id, loose[place].id): id for place in group.members}
    _save(tenant, kind, zip(ids, found.groups, strict=True), loose, known, ports)
    _renew(staying.values(), gaps, now, ports)
    for gap in gaps:
        home = now.get((gap.contact_id, gap.id), "")
        if home != gap.group:
            ports.gaps.put(replace(gap, group=home, version=gap.version + 1))
    for each in known:
        if not each.stays and each.id not in ids:
            ports.gaps.remove_group(each)
    joined = sum(len(places) for places in found.joined.values())
    return Regrouped(len(every), len(gaps), len(ids), joined, found.left_out)


def _standing(tenant: str, gaps: Sequence[Gap], ports: RegroupPorts) -> list[Gap]:
    """Each contact's consent is asked for anew; where it does not stand any more, what was collected is deleted."""
    settings = ports.books.current(tenant).settings.learning
    stands: dict[str, bool] = {}
    for each in gaps:
        if each.contact_id not in stands:
            contact = ports.contacts.contact(tenant, each.contact_id)
            stands[each.contact_id] = contact is not None and bool(consent_to_learn(contact, settings, ports.consents))
        if not stands[each.contact_id]:
            ports.gaps.remove(each)
    return [each for each in gaps if stands[each.contact_id]]


def _home(group: str, staying: Mapping[str, GapGroup]) -> str:
    """Through groups that were merged into others; a ring of them ends where it began."""
    seen: set[str] = set()
    while group in staying and staying[group].into and group not in seen:
        seen.add(group)
        group = staying[group].into
    return group


def _ids(groups: Sequence[Grouped], gaps: Sequence[Gap], before: Sequence[GapGroup]) -> list[str]:
    """An old id goes to the new group that has most of its members; each goes once."""
    old = {each.id for each in before}
    shared = [
        (count, id, place)
        for place, group in enumerate(groups)
        for id, count in Counter(gaps[member].group for member in group.members).items()
        if id in old and 2 * count >= len(group.members)
    ]
    given: dict[int, str] = {}
    for _, id, place in sorted(shared, key=lambda each: (-each[0], each[1], each[2])):
        if place not in given and id not in given.values():
            given[place] = id
    return [
        given.get(place) or group_id((gaps[member].contact_id, gaps[member].id) for member in group.members)
        for place, group in enumerate(groups)
    ]


def _save(
    tenant: str,
    kind: GapKind,
    groups: Iterable[tuple[str, Grouped]],
    gaps: Sequence[Gap],
    known: Sequence[GapGroup],
    ports: RegroupPorts,
) -> None:
    now_ms, before = int(ports.clock.now_ms()), {each.id: each for each in known}
    for id, group in groups:
        calls = len({gaps[member].contact_id for member in group.members})
        old = before.get(id)
        made = GapGroup(
            tenant, id, kind, group.phrases, len(group.members), calls, group.centre, now_ms, group.nearest, group.near
        )
        if old is not None:
            made = replace(made, version=old.version + 1, made_at_ms=old.made_at_ms)
            if replace(made, version=old.version) == old:
                continue
        ports.gaps.save_group(made)


def _renew(
    staying: Iterable[GapGroup], gaps: Sequence[Gap], now: Mapping[tuple[str, str], str], ports: RegroupPorts
) -> None:
    """What people decided is kept for as long as it is grouped by, and says how much of it there is now."""
    members: dict[str, list[str]] = {}
    for each in gaps:
        members.setdefault(now.get((each.contact_id, each.id), ""), []).append(each.contact_id)
    for group in staying:
        of = members.get(group.id, [])
        ports.gaps.save_group(replace(group, members=len(of), calls=len(set(of)), version=group.version + 1))
