"""A directory in memory, with the rules of the stored one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sotto.contacts.directory import DirectoryAgent, InstanceState, Kind, Named, Progress, resource_id


class DirectoryInMemory:
    """``written``: how many agents were, each time counted."""

    def __init__(self) -> None:
        self.written = 0
        self._agents: dict[str, dict[str, tuple[str, DirectoryAgent]]] = defaultdict(dict)
        self._as_of: dict[tuple[str, str], int] = {}
        self._usernames: dict[tuple[str, str], str] = {}
        self._named: dict[tuple[str, Kind], dict[str, tuple[str, Named]]] = defaultdict(dict)
        self._states: dict[tuple[str, str], InstanceState] = {}
        self._progress: dict[tuple[str, str], Progress] = {}

    def queue_name(self, tenant: str, queue_arn: str) -> str | None:
        found = self._named[tenant, Kind.QUEUE].get(resource_id(queue_arn))
        return found[1].name if found else None

    def agent(self, tenant: str, agent_id: str) -> DirectoryAgent | None:
        found = self._agents[tenant].get(resource_id(agent_id))
        return found[1] if found else None

    def agent_called(self, tenant: str, username: str) -> DirectoryAgent | None:
        id = self._usernames.get((tenant, username.casefold()))
        return self.agent(tenant, id) if id else None

    def agents_of(self, tenant: str, instance: str) -> Iterator[DirectoryAgent]:
        return (agent for of, agent in list(self._agents[tenant].values()) if of == instance)

    def put_agents(self, tenant: str, instance: str, agents: Sequence[DirectoryAgent]) -> None:
        self.written += len(agents)
        for each in agents:
            self._agents[tenant][each.id] = (instance, each)
            if each.left_at_ms is None:
                self._usernames[tenant, each.username.casefold()] = each.id

    def put_agent_as_of(self, tenant: str, instance: str, agent: DirectoryAgent, at_ms: int) -> bool:
        if self._as_of.get((tenant, agent.id), -1) >= at_ms:
            return False
        self.put_agents(tenant, instance, [agent])
        self._as_of[tenant, agent.id] = at_ms
        return True

    def named(self, tenant: str, instance: str, kind: Kind) -> Mapping[str, Named]:
        return {id: each for id, (of, each) in self._named[tenant, kind].items() if of == instance}

    def put_named(
        self, tenant: str, instance: str, kind: Kind, changed: Sequence[Named], gone: Sequence[str] = ()
    ) -> None:
        self._named[tenant, kind].update((each.id, (instance, each)) for each in changed)
        for id in gone:
            self._named[tenant, kind].pop(id, None)

    def states(self, tenant: str) -> Sequence[InstanceState]:
        return [state for (whose, _), state in self._states.items() if whose == tenant]

    def put_state(self, tenant: str, state: InstanceState) -> None:
        self._states[tenant, state.instance] = state

    def progress(self, tenant: str, instance: str) -> Progress | None:
        return self._progress.get((tenant, instance))

    def put_progress(self, tenant: str, instance: str, progress: Progress | None) -> None:
        if progress is None:
            self._progress.pop((tenant, instance), None)
        else:
            self._progress[tenant, instance] = progress
