"""Brings the directory level with an instance: writes what changed, and finds out who is gone.

Connect lists 500 users a page and answers two requests a second; 50,000 users take two minutes. Whoever runs out of
time notes how far he came, and the next one goes on from there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sotto.contacts.directory import Condition, DirectoryAgent, DirectoryStore, InstanceState, Kind, Named, Progress
from sotto.contacts.listing import (
    InstanceListing,
    InstanceUnknown,
    ListedUser,
    ListingForbidden,
    ListingUnavailable,
    PageLost,
)
from sotto.core.clock import Clock

RENEW_AFTER_MS = 30 * 86_400_000
"""Rows live for sixty days; each is written again in time, changed or not."""
LONGEST_RUN_MS = 900_000
"""Of a Lambda function: who is busy for longer has been ended."""
GIVEN_UP_AFTER_MS = 3_600_000
"""A listing that is not through by then begins again: who was seen first may have left since."""


class Departures(Protocol):
    def left(self, tenant: str, agents: Sequence[DirectoryAgent]) -> None:
        """Close what they have open. Best effort, and once more after a run that came to no end: what they ask is
        refused without it."""
        ...


@dataclass(frozen=True, slots=True)
class SynchronisePorts:
    listing: InstanceListing
    store: DirectoryStore
    departures: Departures
    clock: Clock


@dataclass(frozen=True, slots=True)
class Synchronised:
    """``unfinished``: there was not time enough; go on."""

    state: InstanceState
    changed: int = 0
    left: int = 0
    unfinished: bool = False


def state_of(store: DirectoryStore, tenant: str, instance: str) -> InstanceState:
    known = (each for each in store.states(tenant) if each.instance == instance)
    return next(known, InstanceState(instance, Condition.BEHIND))


def synchronise(
    tenant: str, instance: str, ports: SynchronisePorts, *, budget_ms: float, goes_on: bool = False
) -> Synchronised | None:
    """Synchronise one instance for about ``budget_ms``. None: somebody else is at it, and we do not ``go_on`` for him.

    What Connect forbids is left as it was, and the state says so; the rest is done. Raises StorageUnavailable.
    """
    state = state_of(ports.store, tenant, instance)
    now_ms = int(ports.clock.now_ms())
    if state.busy_until_ms > now_ms and not goes_on:
        return None
    first_at_ms = state.first_attempt_at_ms or now_ms
    state = replace(
        state, first_attempt_at_ms=first_at_ms, attempted_at_ms=now_ms, busy_until_ms=now_ms + LONGEST_RUN_MS
    )
    ports.store.put_state(tenant, state)
    run = _Run(tenant, state, ports, until_ms=ports.clock.monotonic_ms() + budget_ms)
    done: Synchronised | None = None
    try:
        done = run.done()
    finally:
        after = done.state if done else state
        # Who goes on keeps others away.
        busy_until_ms = state.busy_until_ms if done and done.unfinished else 0
        ports.store.put_state(tenant, replace(after, busy_until_ms=busy_until_ms))
    return done


class _Run:
    def __init__(self, tenant: str, state: InstanceState, ports: SynchronisePorts, until_ms: float) -> None:
        self._tenant, self._state, self._ports = tenant, state, ports
        self._instance = state.instance
        self._until_ms = until_ms
        self._refused: list[str] = []
        self._changed = self._left = 0
        self._renews = ports.clock.now_ms() - state.renewed_at_ms > RENEW_AFTER_MS

    def done(self) -> Synchronised:
        try:
            self._name(Kind.QUEUE)
            profiles, groups = self._name(Kind.ROUTING_PROFILE), self._name(Kind.GROUP)
            finished = self._users(profiles, groups)
        except InstanceUnknown:
            return self._ended(Condition.UNKNOWN)
        except PageLost:
            self._forget_progress()
            return self._ended(Condition.BEHIND)
        except ListingUnavailable:
            return self._ended(Condition.BEHIND)
        if not finished:
            return self._ended(Condition.BEHIND, unfinished=True)
        return self._ended(Condition.FORBIDDEN if self._refused else Condition.FINE)

    def _ended(self, condition: Condition, *, unfinished: bool = False) -> Synchronised:
        state = replace(self._state, condition=condition, refused=tuple(self._refused))
        if condition is Condition.FINE:
            now_ms = int(self._ports.clock.now_ms())
            renewed_at_ms = now_ms if self._renews else state.renewed_at_ms
            state = replace(state, synchronised_at_ms=now_ms, renewed_at_ms=renewed_at_ms, users=self._working)
        return Synchronised(state, self._changed, self._left, unfinished)

    def _name(self, kind: Kind) -> Mapping[str, Named]:
        """What has a name, by id; as it was where Connect does not say."""
        store = self._ports.store
        known = store.named(self._tenant, self._instance, kind)
        try:
            listed = {each.id: each for each in self._ports.listing.named(self._instance, kind)}
        except ListingForbidden as error:
            self._refused.append(error.operation)
            return known
        changed = [each for id, each in listed.items() if self._renews or known.get(id) != each]
        gone = [id for id in known if id not in listed]
        if changed or gone:
            store.put_named(self._tenant, self._instance, kind, changed, gone)
        return listed

    _working = 0

    def _users(self, profiles: Mapping[str, Named], groups: Mapping[str, Named]) -> bool:
        """Whether it came to an end."""
        known = {each.id: each for each in self._ports.store.agents_of(self._tenant, self._instance)}
        progress = self._progress()
        seen = set(progress.seen)
        try:
            while progress.token is not None:
                if self._out_of_time():
                    return self._pause(replace(progress, seen=frozenset(seen)))
                token = progress.token
                page = self._ports.listing.users(self._instance, token or None)
                self._put(known, [_agent(each, profiles, groups) for each in page.users])
                seen.update(each.id for each in page.users)
                progress = replace(progress, token=page.token)
            for id in [id for id, each in known.items() if each.left_at_ms is None and id not in seen]:
                if self._out_of_time():
                    return self._pause(replace(progress, seen=frozenset(seen)))
                self._look_for(known[id], known, profiles, groups)
                seen.add(id)
        except ListingUnavailable:
            self._pause(replace(progress, seen=frozenset(seen)))
            raise
        except ListingForbidden as error:
            self._refused.append(error.operation)
        self._forget_progress()
        self._working = sum(each.left_at_ms is None for each in known.values())
        since_ms = self._state.synchronised_at_ms
        gone = [each for each in known.values() if each.left_at_ms is not None and each.left_at_ms > since_ms]
        if gone:
            self._ports.departures.left(self._tenant, gone)
        return True

    def _look_for(
        self,
        missing: DirectoryAgent,
        known: dict[str, DirectoryAgent],
        profiles: Mapping[str, Named],
        groups: Mapping[str, Named],
    ) -> None:
        """Who was on no page is asked for before he counts as gone: pages are of an index, which may lag."""
        user = self._ports.listing.user(self._instance, missing.id)
        if user is not None:
            self._put(known, [_agent(user, profiles, groups)])
            return
        gone = replace(missing, left_at_ms=int(self._ports.clock.now_ms()))
        self._put(known, [gone])
        self._left += 1

    def _put(self, known: dict[str, DirectoryAgent], agents: list[DirectoryAgent]) -> None:
        changed = [each for each in agents if known.get(each.id) != each]
        written = agents if self._renews else changed
        if written:
            self._ports.store.put_agents(self._tenant, self._instance, written)
        known.update((each.id, each) for each in changed)
        self._changed += len(changed)

    def _progress(self) -> Progress:
        """An empty token is that of the first page."""
        found = self._ports.store.progress(self._tenant, self._instance)
        now_ms = int(self._ports.clock.now_ms())
        if found is None or now_ms - found.began_at_ms > GIVEN_UP_AFTER_MS:
            return Progress(now_ms, "")
        return found

    def _pause(self, progress: Progress) -> bool:
        self._ports.store.put_progress(self._tenant, self._instance, progress)
        return False

    def _forget_progress(self) -> None:
        self._ports.store.put_progress(self._tenant, self._instance, None)

    def _out_of_time(self) -> bool:
        return self._ports.clock.monotonic_ms() >= self._until_ms


def _agent(user: ListedUser, profiles: Mapping[str, Named], groups: Mapping[str, Named]) -> DirectoryAgent:
    group = groups.get(user.group_id or "")
    profile = profiles.get(user.routing_profile_id or "")
    return DirectoryAgent(
        id=user.id,
        username=user.username,
        first_name=user.first_name,
        last_name=user.last_name,
        groups=group.path if group else (),
        routing_profile=profile.name if profile else None,
    )
