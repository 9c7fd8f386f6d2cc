"""Which of a book's policies, and so which sets of its playbook, can count for one conversation at one time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from sotto.tenants.book import Hours, Policy, TenantBook, When
from sotto.tenants.compile import merged_playbooks

DAY_MINUTES = 1_440
WEEK_MINUTES = 7 * DAY_MINUTES


def active_together(book: TenantBook, one: str, other: str) -> bool:
    """Whether some conversation gets both sets, although policies leave sets out."""
    always = [policy for policy in book.policies if policy.when == When()]
    pairs = product(_bringing(book, one), _bringing(book, other))
    return any(
        can_both_count(first.when, second.when) and {one, other} <= set(_merged(book, [*always, first, second]))
        for first, second in pairs
    )


def _bringing(book: TenantBook, name: str) -> list[Policy]:
    return [policy for policy in book.policies if name in policy.playbooks]


def _merged(book: TenantBook, policies: Sequence[Policy]) -> tuple[str, ...]:
    """As compiling merges them: the less specific first, equal ones in the order of the file."""
    names = {policy.name for policy in policies}
    chosen = [policy for policy in book.policies if policy.name in names]
    return merged_playbooks(sorted(chosen, key=lambda policy: policy.when.specificity))


def can_both_count(one: When, other: When) -> bool:
    """Teams of named agents are not looked up: an agent moves, and a warning too many is read and done with. Groups are
    not compared: an agent is in one of each level."""
    kinds = ("teams", "agents", "queues", "routing_profiles", "channels")
    return (
        all(_share(getattr(one, kind), getattr(other, kind)) for kind in kinds)
        and (not one.languages or any(map(other.is_for_language, one.languages)))
        and all(
            _share(one.attributes[name], other.attributes[name]) for name in {*one.attributes} & {*other.attributes}
        )
        and all(_share(one.customer[name], other.customer[name]) for name in {*one.customer} & {*other.customer})
        and _at_one_time(one.hours, other.hours)
    )


def _share(one: Sequence[str], other: Sequence[str]) -> bool:
    """Empty accepts everything."""
    return not one or not other or bool(set(one) & set(other))


def _at_one_time(one: Sequence[Hours], other: Sequence[Hours]) -> bool:
    """Across time zones they may, sooner or later."""
    if not one or not other:
        return True
    return any(
        first.zone != second.zone or any(a < d and c < b for (a, b), (c, d) in product(_weekly(first), _weekly(second)))
        for first, second in product(one, other)
    )


def _weekly(hours: Hours) -> Iterator[tuple[int, int]]:
    """Minutes of the week, from Monday; what passes Sunday's midnight goes on with the week's first minutes."""
    length = (hours.to_minute - hours.from_minute) % DAY_MINUTES or DAY_MINUTES
    for day in hours.days:
        begins = day * DAY_MINUTES + hours.from_minute
        yield begins, min(begins + length, WEEK_MINUTES)
        if begins + length > WEEK_MINUTES:
            yield 0, begins + length - WEEK_MINUTES
