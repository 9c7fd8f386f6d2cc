"""How many requests each client has made, and what became of its writes, in DynamoDB."""

from __future__ import annotations

import base64
import json
from typing import Any

from sotto.api.rest.http import Response
from sotto.api.rest.ports import Standing, Write
from sotto.aws import keys
from sotto.aws.table import ConditionFailed, Table


class DynamoRequests:
    """A Requests: one item for each client and window, which expires by itself."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def count(self, tenant: str, who: str, window: int, expires_at_s: int) -> int:
        return self._table.count(keys.of_api_limit(tenant, who), keys.of_api_window(window), expires_at=expires_at_s)


class DynamoWrites:
    """A Writes."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def begin(self, write: Write, now_ms: int, *, until_ms: int, lost_after_ms: int) -> Standing | Response:
        begun = _place(write) | {
            "digest": write.digest,
            "began_at_ms": now_ms,
            "until_ms": until_ms,
            "expires_at": until_ms // 1000 + 1,
        }
        free = (
            "attribute_not_exists(pk) OR until_ms <= :now"
            " OR (attribute_not_exists(answer) AND digest = :digest AND began_at_ms <= :lost)"
        )
        try:
            self._table.put(begun, free, now=now_ms, lost=now_ms - lost_after_ms, digest=write.digest)
        except ConditionFailed:
            return self._standing(write)
        return Standing.FIRST

    def finish(self, write: Write, answer: Response) -> None:
        kept, place = _written(answer), _place(write)
        self._table.update(place["pk"], place["sk"], "SET answer = :answer", "attribute_exists(pk)", answer=kept)

    def give_up(self, write: Write) -> None:
        place = _place(write)
        self._table.delete(place["pk"], place["sk"])

    def _standing(self, write: Write) -> Standing | Response:
        place = _place(write)
        found = self._table.get(place["pk"], place["sk"])
        if found is None or (found["digest"] == write.digest and "answer" not in found):
            return Standing.UNDER_WAY
        return _read(found["answer"]) if found["digest"] == write.digest else Standing.OTHER


def _place(write: Write) -> dict[str, Any]:
    return {"pk": keys.of_api_write(write.tenant, write.who), "sk": keys.of_api_token(write.token)}


def _written(answer: Response) -> str:
    body = base64.b64encode(answer.body).decode()
    return json.dumps({"status": answer.status, "headers": dict(answer.headers), "body": body})


def _read(kept: str) -> Response:
    found = json.loads(kept)
    return Response(found["status"], base64.b64decode(found["body"]), found["headers"])
