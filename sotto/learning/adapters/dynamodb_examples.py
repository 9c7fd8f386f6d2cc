"""Examples in the partitions of their contacts, and a row without words for each in the tenant's list of its state.

The list's row is named by the example (``beside``), so that it goes when the contact's words go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from sotto.aws import keys
from sotto.aws.retention import Retention
from sotto.aws.table import ConditionFailed, Table, Write
from sotto.core.subject_data import DataKind
from sotto.core.validation import silent
from sotto.learning.example import Example, ExampleState
from sotto.learning.ports import ExampleChanged
from sotto.learning.review.votes import Reviewer

_example = silent(Example)


class DynamoExamples:
    """An ExampleStore."""

    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def put(self, example: Example) -> Example:
        pk = keys.of_contact(example.tenant, example.contact_id)
        sk = keys.of_example(example.utterance_id)
        listed = _listed(example)
        expires_at = self._retention.expires_at(example.tenant, DataKind.EXAMPLES)
        known = self._table.get(pk, sk)
        item = {
            "pk": pk,
            "sk": sk,
            "version": example.version,
            "body": _example.dump_json(example).decode(),
            "expires_at": int(known["expires_at"]) if known else expires_at,
            keys.BESIDE: list(listed),
        }
        row = {"pk": listed[0], "sk": listed[1], "expires_at": item["expires_at"]}
        condition: Write = (item, "attribute_not_exists(pk)", {})
        if example.version > 1:
            condition = (item, "version = :before", {"before": example.version - 1})
        before = tuple(known[keys.BESIDE]) if known else listed
        try:
            self._table.put_all([condition, (row, None, {})], [before] if before != listed else [])
        except ConditionFailed as error:
            standing = self.example(example.tenant, example.contact_id, example.utterance_id)
            if example.version == 1 and standing is not None:
                return standing
            raise ExampleChanged("the example was changed by somebody else") from error
        return example

    def example(self, tenant: str, contact_id: str, utterance_id: str) -> Example | None:
        item = self._table.get(keys.of_contact(tenant, contact_id), keys.of_example(utterance_id))
        return _example.validate_json(item["body"]) if item is not None else None

    def examples(self, tenant: str, state: ExampleState, limit: int) -> Sequence[Example]:
        return list(self._found(tenant, state, limit))

    def _found(self, tenant: str, state: ExampleState, limit: int) -> Iterator[Example]:
        for row in self._table.between(keys.of_examples(tenant, state.value), " ", "~", limit):
            _, _, contact_id, utterance_id = row["sk"].split("#")
            found = self.example(tenant, contact_id, utterance_id)
            if found is not None and found.state is state:
                yield found

    def of_contact(self, tenant: str, contact_id: str) -> Sequence[Example]:
        found = self._table.between(keys.of_contact(tenant, contact_id), keys.EXAMPLE, keys.EXAMPLE + "~")
        return [_example.validate_json(item["body"]) for item in found]

    def remove(self, example: Example) -> None:
        pk, sk = keys.of_contact(example.tenant, example.contact_id), keys.of_example(example.utterance_id)
        self._table.put_all([], [(pk, sk), _listed(example)])


def _listed(example: Example) -> tuple[str, str]:
    order = f"{9 - example.source.worth}#{example.at_ms:013d}"
    place = f"{keys.contact_part(example.contact_id)}#{keys.utterance_part(example.utterance_id)}"
    return keys.of_examples(example.tenant, example.state.value), f"{order}#{place}"


class DynamoReviewers:
    """A ReviewerStore. An item for each gold question that somebody answered."""

    def __init__(self, table: Table, retention: Retention) -> None:
        self._table = table
        self._retention = retention

    def reviewer(self, tenant: str, name: str) -> Reviewer:
        first = keys.of_gold_answer(name, "")
        found = self._table.between(keys.of_reviewers(tenant), first, first + "~")
        return Reviewer(name, {item["sk"].rpartition("#")[2]: bool(item["is_right"]) for item in found})

    def reviewers(self, tenant: str) -> Sequence[Reviewer]:
        gold: dict[str, dict[str, bool]] = {}
        for item in self._table.between(keys.of_reviewers(tenant), " ", "~"):
            name, _, example_id = item["sk"].rpartition("#")
            gold.setdefault(name, {})[example_id] = bool(item["is_right"])
        return [Reviewer(name, answers) for name, answers in sorted(gold.items())]

    def answered_gold(self, tenant: str, name: str, example_id: str, is_right: bool, at_ms: int) -> Reviewer:
        item = {
            "pk": keys.of_reviewers(tenant),
            "sk": keys.of_gold_answer(name, example_id),
            "is_right": is_right,
            "at_ms": at_ms,
            "expires_at": self._retention.expires_at(tenant, DataKind.EXAMPLES),
        }
        with suppress(ConditionFailed):  # the first answer stands
            self._table.put(item, "attribute_not_exists(pk)")
        return self.reviewer(tenant, name)
