"""What moto does at length and a live call has no time for. Each shortcut keeps what AWS documents; the same tests run
with and without: tests/contract/test_moto_shortcuts.py.

- A Map starts one worker per item, not one per unit of MaxConcurrency (40 threads for four nodes).
- What never changes is looked up once: the list of moto's modules (a directory listing for every request) and the
  operations of a service.
- JSON values are copied by ``marshal``, ten times as fast as ``copy.deepcopy``.
- An execution takes a shallow snapshot of its state machine: what can change later is replaced, never altered.
- A DynamoDB transaction that fails puts back the items it names. moto copies whole tables before and puts those back,
  which takes longer with every item, and undoes what others wrote meanwhile. Reads and writes happen one at a time, so
  that a condition and its write are one step.
- A DynamoDB query sorts and reads the items of its key. moto sorts and reads the whole table first, so that each call
  makes all later ones slower.
- Versions of S3's objects are listed as they are. moto copies the content of everything in the bucket first, parts of
  uploads included: hours of audio for one page of names.
- A DynamoDB value is answered as it is. moto looks up each of its ten possible types, by paths, in a dictionary of one.
"""

from __future__ import annotations

import base64
import copy
import inspect
import marshal
import threading
from collections.abc import Callable, Sequence
from functools import cache, wraps
from importlib import import_module
from types import SimpleNamespace
from typing import Any

_installed = threading.Lock()
_data = threading.RLock()
_done = False


def install() -> None:
    """Hook moto (once in a process)."""
    global _done
    with _installed:
        if not _done:
            _hook_map_workers()
            _hook_copies()
            _hook_state_machine_snapshot()
            _hook_transactions()
            _hook_queries()
            _hook_values()
            _hook_versions()
            _hook_streams()
            _hook_lookups()
            _done = True


def json_copy(value: Any, memo: dict[int, Any] | None = None) -> Any:
    """``copy.deepcopy`` for what is mostly plain JSON data."""
    try:
        return marshal.loads(marshal.dumps(value))
    except ValueError:  # something in it is no plain data, such as a date
        return copy.deepcopy(value, memo)


def _hook_map_workers() -> None:
    from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration import (
        inline_iteration_component as inline,
    )

    component = inline.InlineIterationComponent
    evaluate = component._eval_body

    def with_no_more_workers_than_items(self: Any, env: Any) -> None:
        asked = env.stack[-1]
        if asked.max_concurrency:  # 0 is documented as no limit
            asked.max_concurrency = min(asked.max_concurrency, len(asked.input_items))
        evaluate(self, env)

    component._eval_body = with_no_more_workers_than_items


_COPYING = (
    "component.state.exec.execute_state",
    "component.state.exec.state_map.iteration.job",
    "component.state.exec.state_map.state_map",
    "component.state.exec.state_parallel.state_parallel",
    "component.state.exec.state_task.service.state_task_service",
    "eval.states",
)


def _hook_copies() -> None:
    quick = SimpleNamespace(deepcopy=json_copy, copy=copy.copy)
    for name in _COPYING:
        module = import_module(f"moto.stepfunctions.parser.asl.{name}")
        if hasattr(module, "copy"):
            module.copy = quick  # type: ignore[attr-defined]


def _hook_state_machine_snapshot() -> None:
    from moto.stepfunctions.parser import models

    def snapshot(value: Any, memo: dict[int, Any] | None = None) -> Any:
        return copy.copy(value) if isinstance(value, models.StateMachine) else copy.deepcopy(value, memo)

    models.copy = SimpleNamespace(deepcopy=snapshot, copy=copy.copy)


def _hook_versions() -> None:
    """A listing writes nothing but which version is the latest, the same for whoever lists."""
    from moto.s3 import models

    models.copy = SimpleNamespace(deepcopy=lambda versions: versions, copy=copy.copy)


def _hook_transactions() -> None:
    from moto.dynamodb import models
    from moto.dynamodb.models.table import Table

    backend = models.DynamoDBBackend
    transact_by_moto = backend.transact_write_items

    def transact(self: Any, transact_items: list[dict[str, Any]]) -> None:
        undo = [_undo_of(self, next(iter(item.values()))) for item in transact_items]
        try:
            transact_by_moto(self, transact_items)
        except BaseException:
            for put_back in reversed(undo):
                put_back()
            raise

    def uncopied_tables(value: Any, memo: dict[int, Any] | None = None) -> Any:
        return value if isinstance(value, Table) else copy.deepcopy(value, memo)

    backend.transact_write_items = transact
    models.copy = SimpleNamespace(deepcopy=uncopied_tables, copy=copy.copy)
    for name in ("get_item", "query", "put_item", "update_item", "delete_item", "transact_write_items"):
        setattr(backend, name, _one_at_a_time(getattr(backend, name)))


def _hook_queries() -> None:
    from moto.dynamodb.models.table import Table

    query_by_moto, all_items_by_moto = Table.query, Table.all_items
    parameters, asked = inspect.signature(query_by_moto), threading.local()

    @wraps(query_by_moto)
    def query(self: Any, *args: Any, **how: Any) -> Any:
        given = parameters.bind(self, *args, **how).arguments
        of_index = given.get("index_name") and _of_index(given.get("hash_key_conditions") or ())
        asked.of = of_index or _of_key(given["hash_key"])
        try:
            return query_by_moto(self, *args, **how)
        finally:
            asked.of = None

    def all_items(self: Any) -> Any:
        of = getattr(asked, "of", None)
        return all_items_by_moto(self) if of is None else of(self)

    Table.query, Table.all_items = query, all_items


def _of_key(hash_key: Any) -> Callable[[Any], list[Any]]:
    def items(table: Any) -> list[Any]:
        found = table.items.get(hash_key)
        if found is None:
            return []
        return list(found.values()) if table.range_key_attr else [found]

    return items


def _of_index(conditions: Sequence[tuple[str, Any]]) -> Callable[[Any], list[Any]]:
    """In the order of the table's keys, as moto reads them: what an index does not order stays so."""

    def items(table: Any) -> list[Any]:
        every = (one for held in table.items.values() for one in (held.values() if table.range_key_attr else (held,)))
        found = [one for one in every if all(_has(one, name, value) for name, value in conditions)]
        return sorted(found, key=lambda one: (one.hash_key, one.range_key) if one.range_key else one.hash_key)

    return items


def _has(item: Any, name: str, value: Any) -> bool:
    held = item.attrs.get(name)
    return held is not None and bool(held == value)


def _hook_values() -> None:
    from moto.core.serialize import BaseJSONSerializer

    by_moto = BaseJSONSerializer._serialize_type_structure

    def structure(self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if shape.name == "AttributeValue" and key and type(value) is dict and len(value) == 1:
            serialized[key] = _wire(value)
        else:
            by_moto(self, serialized, value, shape, key)

    BaseJSONSerializer._serialize_type_structure = structure


def _wire(value: dict[str, Any]) -> dict[str, Any]:
    ((kind, held),) = value.items()
    match kind:
        case "M":
            return {"M": {name: _wire(inner) for name, inner in held.items()}}
        case "L":
            return {"L": [_wire(inner) for inner in held]}
        case "B":
            return {"B": _base64(held)}
        case "BS":
            return {"BS": [_base64(inner) for inner in held]}
        case _:
            return value


def _base64(value: str | bytes) -> str:
    return base64.b64encode(value if isinstance(value, bytes) else value.encode()).decode()


def _hook_streams() -> None:
    """A transaction that fails must not be seen on the stream before it is undone."""
    from moto.dynamodbstreams.models import DynamoDBStreamsBackend

    DynamoDBStreamsBackend.get_records = _one_at_a_time(DynamoDBStreamsBackend.get_records)


def _one_at_a_time(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def alone(*args: Any, **kwargs: Any) -> Any:
        with _data:
            return method(*args, **kwargs)

    return alone


def _undo_of(backend: Any, operation: dict[str, Any]) -> Callable[[], None]:
    """What puts the item of one operation back as it is now, and the table's stream with it."""
    table = backend.tables.get(operation.get("TableName"))
    values = operation.get("Item") or operation.get("Key") or {}
    if table is None or any(name not in values for name in (table.hash_key_attr, table.range_key_attr) if name):
        return lambda: None  # moto refuses it before it writes
    from moto.dynamodb.models.dynamo_type import DynamoType

    hash_key = DynamoType(values[table.hash_key_attr])
    range_key = DynamoType(values[table.range_key_attr]) if table.range_key_attr in values else None
    held = copy.deepcopy(table.get_item(hash_key, range_key))
    shard = table.stream_shard
    before = len(shard.items) if shard is not None else 0

    def put_back() -> None:
        items, key = (table.items, hash_key) if range_key is None else (table.items[hash_key], range_key)
        if held is None:
            items.pop(key, None)
        else:
            items[key] = held
        if shard is not None:
            del shard.items[before:]

    return put_back


def _hook_lookups() -> None:
    from moto import backends
    from moto.core import responses, utils

    modules = tuple(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: iter(modules)
    named = cache(utils.method_names_from_class)
    for module in (responses, utils):
        module.method_names_from_class = named
