"""Evaluations in memory, with the rules of the stored ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sotto.aws import keys
from sotto.call.events import Event
from sotto.scorecards.evaluation import (
    Acknowledgement,
    Appeal,
    Evaluation,
    EvaluationChanged,
    GoldAnswer,
    Kind,
    NotAllowed,
    Rating,
    lodged,
    ratings_of,
    ready,
)

Key = tuple[str, str, str]


@dataclass
class EvaluationsInMemory:
    """An Evaluations."""

    stored: dict[Key, list[Evaluation]] = field(default_factory=dict)
    appeals: dict[Key, dict[int, Appeal]] = field(default_factory=dict)
    seen: dict[Key, dict[int, Acknowledgement]] = field(default_factory=dict)
    gold_of: dict[Key, tuple[GoldAnswer, ...]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def versions(self, tenant: str, contact_id: str, form: str) -> Sequence[Evaluation]:
        return list(self.stored.get(_key(tenant, contact_id, form), []))

    def append(
        self, evaluation: Evaluation, *, after: int, gold: Sequence[GoldAnswer] = (), decides: Appeal | None = None
    ) -> Evaluation:
        key = _key(evaluation.tenant, evaluation.contact_id, evaluation.form)
        known = self.stored.setdefault(key, [])
        if len(known) != after:
            raise EvaluationChanged("another version was stored meanwhile; read it and try again")
        if decides is not None and self.appeals[key][decides.version].decided_version:
            raise EvaluationChanged("another version was stored meanwhile; read it and try again")
        stored = replace(evaluation, version=after + 1)
        known.append(stored)
        if stored.kind is not Kind.CALIBRATION:
            self.events.append(ready(stored))
        if gold:
            self.gold_of[key] = tuple(gold)
        if decides is not None:
            self.appeals[key][decides.version] = replace(decides, decided_version=stored.version)
        return stored

    def appeal(self, tenant: str, contact_id: str, form: str) -> Appeal | None:
        found = self.appeals.get(_key(tenant, contact_id, form), {})
        return found[max(found)] if found else None

    def lodge(self, appeal: Appeal) -> None:
        found = self.appeals.setdefault(_key(appeal.tenant, appeal.contact_id, appeal.form), {})
        if appeal.version in found:
            raise NotAllowed("appeal: there is one against this version already")
        found[appeal.version] = appeal
        self.events.append(lodged(appeal))

    def acknowledge(self, seen: Acknowledgement) -> None:
        key = _key(seen.tenant, seen.contact_id, seen.form)
        self.seen.setdefault(key, {}).setdefault(seen.version, seen)

    def acknowledged(self, tenant: str, contact_id: str, form: str) -> Acknowledgement | None:
        found = self.seen.get(_key(tenant, contact_id, form), {})
        return found[max(found)] if found else None

    def gold(self, tenant: str, contact_id: str, form: str) -> Sequence[GoldAnswer]:
        return sorted(self.gold_of.get(_key(tenant, contact_id, form), ()), key=lambda each: each.question)

    def ratings(self, tenant: str, form: str, *, limit: int) -> Sequence[Rating]:
        keys.of_ratings(tenant, form)
        ours = [one for (t, _, f), known in self.stored.items() if (t, f) == (tenant, form) for one in known]
        ours.sort(key=lambda one: keys.of_rated(one.at_ms, one.contact_id, one.version), reverse=True)
        return [rating for one in ours[:limit] for rating in ratings_of(one)]


def _key(tenant: str, contact_id: str, form: str) -> Key:
    keys.of_contact(tenant, contact_id), keys.of_gold(form)
    return tenant, contact_id, form
