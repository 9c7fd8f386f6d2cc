"""Counters of budgets in DynamoDB: a lease and all that it is held of change together, or nothing does.

    <tenant>#budget#2026-11    scope#<feature>|<model>|<agent>     spent, held, late, alarmed
                               lease#<expires, 13 digits>#<id>     what is held, and of which scopes
                               used#<day>#<feature>|<model>|<agent>  calls, tokens, micros

``held`` is what was spent and what leases reserve, because a condition compares an attribute with a number and adds
none up: a lease fits while held <= limit - its micros.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import random
from typing import Any

from sotto.aws import keys
from sotto.aws.table import Change, ConditionFailed, Removal, Table
from sotto.core.validation import silent
from sotto.generation.budget.counted import BudgetsContended, Lease, NotHeld, Standing, Used
from sotto.generation.generator import Usage

_lease = silent(Lease)
ATTEMPTS = 12
PAUSE_MS = 25.0
KEPT_S = 400 * 86_400
"""A year of months, and some."""
AT_ONCE = 25


class DynamoBudgets:
    """A BudgetCounters. ``pause(ms)`` waits before a transaction that met another one is tried again."""

    def __init__(self, table: Table, pause: Callable[[float], None], *, jitter: Callable[[], float] = random) -> None:
        self._table = table
        self._pause = pause
        self._jitter = jitter

    def hold(self, lease: Lease, limits: Mapping[str, int]) -> None:
        item = {
            **_place(lease),
            "body": _lease.dump_json(lease).decode(),
            "expires_at": lease.expires_at_ms // 1000 + KEPT_S,
        }
        changes = [self._held(lease, scope, limits[scope]) for scope in lease.scopes]
        try:
            self._together(lambda: self._table.change_all(changes, [(item, "attribute_not_exists(pk)", {})]))
        except ConditionFailed as error:
            raise NotHeld(lease.scopes[min(error.which)] if error.which else lease.scopes[0]) from None

    def settle(self, lease: Lease, micros: int, usage: Usage, day: str, limits: Mapping[str, int]) -> None:
        used = self._used(lease, micros, usage, day)
        if not lease.scopes:
            self._together(lambda: self._table.change_all([used]))
            return
        place = _place(lease)
        own: Removal = (place["pk"], place["sk"], "attribute_exists(pk)", {})
        booked = min(micros, lease.micros)
        back = [_add(lease, scope, held=booked - lease.micros, spent=booked) for scope in lease.scopes]
        try:
            self._together(lambda: self._table.change_all([*back, used], removals=[own]))
            over = micros - booked
        except ConditionFailed:  # given back meanwhile
            self._together(lambda: self._table.change_all([used]))
            over = micros
        for scope in lease.scopes if over else ():
            self._book(lease, scope, over, limits.get(scope, 0))

    def give_back(self, tenant: str, month: str, now_ms: int) -> int:
        pk, found = keys.of_budget(tenant, month), 0
        expired = list(self._table.between(pk, "lease#", f"lease#{now_ms:013d}~", AT_ONCE))
        for item in expired:
            lease = _lease.validate_json(item["body"])
            found += self._given_back(lease, (item["pk"], item["sk"], "attribute_exists(pk)", {}))
        return found

    def _given_back(self, lease: Lease, own: Removal) -> bool:
        """Not where it was settled, or another gave it back."""
        back = [_add(lease, scope, held=-lease.micros) for scope in lease.scopes]
        try:
            self._together(lambda: self._table.change_all(back, removals=[own]))
        except ConditionFailed:
            return False
        return True

    def standing(self, tenant: str, month: str) -> Mapping[str, Standing]:
        found = self._table.between(keys.of_budget(tenant, month), "scope#", "scope#~")
        names = ("spent", "held", "late", "alarmed")
        return {
            item["sk"].removeprefix("scope#"): Standing(**{each: int(item.get(each, 0)) for each in names})
            for item in found
        }

    def alarm(self, tenant: str, month: str, scope: str, percent: int) -> bool:
        condition = "attribute_not_exists(alarmed) OR alarmed < :percent"
        try:
            self._table.update(
                keys.of_budget(tenant, month), f"scope#{scope}", "SET alarmed = :percent", condition, percent=percent
            )
        except ConditionFailed:
            return False
        return True

    def used(self, tenant: str, month: str) -> Sequence[Used]:
        found = []
        for item in self._table.between(keys.of_budget(tenant, month), "used#", "used#~"):
            _, day, about = item["sk"].split("#", 2)
            feature, model, agent = about.split("|")
            usage = Usage(int(item["prompt_tokens"]), int(item["completion_tokens"]))
            found.append(Used(day, feature, model, agent, int(item["calls"]), usage, int(item["micros"])))
        return found

    def _held(self, lease: Lease, scope: str, limit: int) -> Change:
        expression, values = _adding(held=lease.micros)
        most = limit - lease.micros
        condition = "attribute_not_exists(held) OR held <= :most" if most >= 0 else "held < :most AND held > :most"
        values |= {"most": most, "expires_at": lease.expires_at_ms // 1000 + KEPT_S}
        pk = keys.of_budget(lease.use.tenant, lease.month)
        return (pk, f"scope#{scope}", f"{expression} SET expires_at = :expires_at", condition, values)

    def _book(self, lease: Lease, scope: str, micros: int, limit: int) -> None:
        """Beyond what was held: as far as it fits."""
        pk, sk, expression, _, values = _add(lease, scope, held=micros, spent=micros)
        try:
            self._together(
                lambda: self._table.change_all(
                    [(pk, sk, expression, "held <= :most", values | {"most": limit - micros})]
                )
            )
        except ConditionFailed:
            self._together(lambda: self._table.change_all([_add(lease, scope, late=micros)]))

    def _used(self, lease: Lease, micros: int, usage: Usage, day: str) -> Change:
        use = lease.use
        expression, values = _adding(
            calls=1, prompt_tokens=usage.prompt_tokens, completion_tokens=usage.completion_tokens, micros=micros
        )
        sk = f"used#{day}#{use.feature}|{use.model}|{use.agent}"
        values |= {"expires_at": lease.expires_at_ms // 1000 + KEPT_S}
        return (keys.of_budget(use.tenant, day[:7]), sk, f"{expression} SET expires_at = :expires_at", None, values)

    def _together(self, write: Callable[[], None]) -> None:
        """Raises ConditionFailed where a condition did not hold, and BudgetsContended."""
        for attempt in range(ATTEMPTS):
            try:
                write()
                return
            except ConditionFailed as error:
                if not error.conflict:
                    raise
                self._pause(PAUSE_MS * (attempt + 1) * self._jitter())
        raise BudgetsContended("counters of budgets change too often; try again")


def _place(lease: Lease) -> dict[str, Any]:
    sk = f"lease#{lease.expires_at_ms:013d}#{lease.id}"
    return {"pk": keys.of_budget(lease.use.tenant, lease.month), "sk": sk}


def _add(lease: Lease, scope: str, **by: int) -> Change:
    expression, values = _adding(**by)
    return (keys.of_budget(lease.use.tenant, lease.month), f"scope#{scope}", expression, None, values)


def _adding(**by: int) -> tuple[str, dict[str, Any]]:
    return "ADD " + ", ".join(f"{name} :{name}" for name in by), dict(by)
