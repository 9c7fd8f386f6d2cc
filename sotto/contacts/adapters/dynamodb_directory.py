"""The directory in DynamoDB: a row for each user, found by id, and one that finds it by username."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sotto.aws import keys
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, StorageUnavailable, Table, Write
from sotto.contacts.directory import DirectoryAgent, InstanceState, Kind, Named, Progress, resource_id
from sotto.core.clock import Clock
from sotto.core.validation import silent

LIFE_S = 60 * 86_400
"""Of a row that nobody writes again: a tenant that is here no more is forgotten."""
_IS_NEWER = "attribute_not_exists(as_of_ms) OR as_of_ms < :at"
_MOST_WRITES = 100
"""Of a transaction."""
_IDS_IN_A_ROW = 8_000
"""Of 36 characters: an item may have 400 KB."""
_agent, _named, _state = silent(DirectoryAgent), silent(Named), silent(InstanceState)


class DynamoDirectory:
    """``retention``: how long the names of those who have left are kept."""

    def __init__(self, table: Table, retention: Retention, clock: Clock) -> None:
        self._table = table
        self._retention = retention
        self._clock = clock

    def queue_name(self, tenant: str, queue_arn: str) -> str | None:
        row = self._row(tenant, keys.of_directory_name(Kind.QUEUE, resource_id(queue_arn)))
        return _named.validate_json(row["body"]).name if row else None

    def agent(self, tenant: str, agent_id: str) -> DirectoryAgent | None:
        row = self._row(tenant, keys.of_directory_agent(resource_id(agent_id)))
        return _agent.validate_json(row["body"]) if row else None

    def agent_called(self, tenant: str, username: str) -> DirectoryAgent | None:
        row = self._row(tenant, keys.of_username(username))
        return self.agent(tenant, row["agent"]) if row else None

    def agents_of(self, tenant: str, instance: str) -> Iterator[DirectoryAgent]:
        for row in self._rows(tenant, "agent#"):
            if row["instance"] == instance:
                yield _agent.validate_json(row["body"])

    def put_agents(self, tenant: str, instance: str, agents: Sequence[DirectoryAgent]) -> None:
        """A username finds who works under it: those who have left are found by it until somebody else has it."""
        rows = []
        for each in agents:
            row = self._agent_row(tenant, instance, each)
            if each.left_at_ms is not None:
                rows.append(row | {"expires_at": self._retention.expires_at(tenant)})
                continue
            rows.append(row)
            rows.append(self._item(tenant, keys.of_username(each.username), {"agent": each.id}))
        self._put(rows)

    def _agent_row(self, tenant: str, instance: str, agent: DirectoryAgent) -> dict[str, Any]:
        body = {"instance": instance, "body": _agent.dump_json(agent).decode(), "as_of_ms": int(self._clock.now_ms())}
        return self._item(tenant, keys.of_directory_agent(agent.id), body)

    def put_agent_as_of(self, tenant: str, instance: str, agent: DirectoryAgent, at_ms: int) -> bool:
        """What synchronising wrote is as of when it was written."""
        row = self._agent_row(tenant, instance, agent) | {"as_of_ms": at_ms}
        pointer = self._item(tenant, keys.of_username(agent.username), {"agent": agent.id})
        try:
            self._table.put_all([(row, _IS_NEWER, {"at": at_ms}), (pointer, None, {})])
        except ConditionFailed as error:
            if not error.which:
                raise StorageUnavailable("somebody else writes the agent in the same moment") from error
            return False
        return True

    def named(self, tenant: str, instance: str, kind: Kind) -> Mapping[str, Named]:
        rows = (row for row in self._rows(tenant, f"{kind}#") if row["instance"] == instance)
        found = (_named.validate_json(row["body"]) for row in rows)
        return {each.id: each for each in found}

    def put_named(
        self, tenant: str, instance: str, kind: Kind, changed: Sequence[Named], gone: Sequence[str] = ()
    ) -> None:
        self._put(
            [
                self._item(
                    tenant,
                    keys.of_directory_name(kind, each.id),
                    {"instance": instance, "body": _named.dump_json(each).decode()},
                )
                for each in changed
            ]
        )
        for id in gone:
            self._table.delete(keys.of_directory(tenant), keys.of_directory_name(kind, id))

    def states(self, tenant: str) -> Sequence[InstanceState]:
        return [_state.validate_json(row["body"]) for row in self._rows(tenant, "state#")]

    def put_state(self, tenant: str, state: InstanceState) -> None:
        body = {"body": _state.dump_json(state).decode()}
        self._table.put(self._item(tenant, keys.of_directory_state(state.instance), body))

    def progress(self, tenant: str, instance: str) -> Progress | None:
        rows = self._progress_rows(tenant, instance)
        if not rows or "parts" not in rows[0] or len(rows) - 1 != int(rows[0]["parts"]):
            return None  # one that was written halfway is none
        first, *others = rows
        seen = frozenset(id for row in others for id in row["seen"].split())
        return Progress(int(first["began_at_ms"]), first.get("token"), seen)

    def put_progress(self, tenant: str, instance: str, progress: Progress | None) -> None:
        for row in self._progress_rows(tenant, instance):
            self._table.delete(row["pk"], row["sk"])
        if progress is None:
            return
        ids = sorted(progress.seen)
        parts = [" ".join(ids[at : at + _IDS_IN_A_ROW]) for at in range(0, len(ids), _IDS_IN_A_ROW)]
        for number, seen in enumerate(parts, start=1):
            self._table.put(self._item(tenant, keys.of_directory_progress(instance, number), {"seen": seen}))
        first = {"began_at_ms": progress.began_at_ms, "token": progress.token, "parts": len(parts)}
        self._table.put(self._item(tenant, keys.of_directory_progress(instance), first))

    def _progress_rows(self, tenant: str, instance: str) -> list[dict[str, Any]]:
        first, last = keys.of_directory_progress(instance), keys.of_directory_progress(instance, 9_999)
        return list(self._table.between(keys.of_directory(tenant), first, last))

    def _row(self, tenant: str, sk: str) -> dict[str, Any] | None:
        return self._table.get(keys.of_directory(tenant), sk)

    def _rows(self, tenant: str, begin: str) -> Iterator[dict[str, Any]]:
        return self._table.between(keys.of_directory(tenant), begin, f"{begin}~")

    def _item(self, tenant: str, sk: str, content: Mapping[str, Any]) -> dict[str, Any]:
        lives = {"expires_at": int(self._clock.now_ms() / 1000) + LIFE_S}
        return {"pk": keys.of_directory(tenant), "sk": sk, **lives, **content}

    def _put(self, rows: Sequence[dict[str, Any]]) -> None:
        """Each row once: a transaction names no item twice."""
        writes: list[Write] = [(row, None, {}) for row in {row["sk"]: row for row in rows}.values()]
        for at in range(0, len(writes), _MOST_WRITES):
            try:
                self._table.put_all(writes[at : at + _MOST_WRITES])
            except ConditionFailed as error:
                raise StorageUnavailable("somebody else writes the directory in the same moment") from error
