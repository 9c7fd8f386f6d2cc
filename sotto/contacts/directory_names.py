"""What a tenant may name in its book: what its Connect instances had when they were last listed."""

from __future__ import annotations

from collections.abc import Iterable

from sotto.contacts.directory import Condition, DirectoryStore, Kind
from sotto.tenants.reading.publish_checks import DirectoryNames


def names_of(store: DirectoryStore, tenant: str, instances: Iterable[str], now_ms: float) -> DirectoryNames | None:
    """``instances``: ids or ARNs of all that the tenant has. None unless each was listed to the end within a day: a
    name that is not there might be one that nobody has listed. Raises StorageUnavailable."""
    wanted = {each.rpartition("/")[2] for each in instances}
    listed = {
        state.instance
        for state in store.states(tenant)
        if state.condition is Condition.FINE and not state.is_old(now_ms)
    }
    if not wanted or not wanted <= listed:
        return None

    def named(kind: Kind) -> frozenset[str]:
        return frozenset(each.name for id in wanted for each in store.named(tenant, id, kind).values())

    agents = (each for id in wanted for each in store.agents_of(tenant, id) if each.left_at_ms is None)
    return DirectoryNames(
        usernames=frozenset(each.username for each in agents),
        groups=named(Kind.GROUP),
        routing_profiles=named(Kind.ROUTING_PROFILE),
        queues=named(Kind.QUEUE),
    )
