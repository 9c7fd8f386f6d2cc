"""Items of a scan with their bodies as they were written: so that whoever looks for words looks at words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from boto3.dynamodb.types import Binary

from sotto.aws.data_keys import DataKeys
from sotto.aws.sealed_table import MARK, unseal


def opened(items: Sequence[dict[str, Any]], keys: DataKeys | None) -> Iterator[dict[str, Any]]:
    """``items`` as boto3's client gives them, without wrapped keys, which are no words. What nobody can open any more
    is as it lies there."""
    for each in items:
        item = {name: value for name, value in each.items() if name != "wrapped"}
        sealed = item.get("body", {}).get("B", b"")
        pk = item.get("pk", {}).get("S", "")
        key = keys.for_reading(pk) if keys is not None and sealed.startswith(MARK) else None
        if key is None:
            yield item
            continue
        body = unseal(key, pk, item["sk"]["S"], sealed)
        yield item | {"body": {"B": bytes(body.value)} if isinstance(body, Binary) else {"S": body}}
