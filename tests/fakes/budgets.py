"""Counters of budgets, of one process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sotto.generation.budget.counted import Lease, NotHeld, Standing, Used
from sotto.generation.generator import Usage

Month = tuple[str, str]


class CountersInMemory:
    """A BudgetCounters. ``fails``: what holding and settling raise."""

    def __init__(self) -> None:
        self.leases: dict[str, Lease] = {}
        self.fails: Exception | None = None
        self._scopes: dict[tuple[Month, str], Standing] = {}
        self._used: dict[tuple[Month, str, str, str, str], Used] = {}

    def hold(self, lease: Lease, limits: Mapping[str, int]) -> None:
        self._fail()
        for scope in lease.scopes:
            if self._of(lease, scope).held + lease.micros > limits[scope]:
                raise NotHeld(scope)
        for scope in lease.scopes:
            self._add(lease, scope, held=lease.micros)
        self.leases[lease.id] = lease

    def settle(self, lease: Lease, micros: int, usage: Usage, day: str, limits: Mapping[str, int]) -> None:
        self._fail()
        self._use(lease, micros, usage, day)
        booked = 0
        if self.leases.pop(lease.id, None) is not None:
            booked = min(micros, lease.micros)
            for scope in lease.scopes:
                self._add(lease, scope, held=booked - lease.micros, spent=booked)
        over = micros - booked
        for scope in lease.scopes if over else ():
            fits = self._of(lease, scope).held + over <= limits.get(scope, 0)
            self._add(lease, scope, **({"held": over, "spent": over} if fits else {"late": over}))

    def give_back(self, tenant: str, month: str, now_ms: int) -> int:
        own = [each for each in self.leases.values() if (each.use.tenant, each.month) == (tenant, month)]
        expired = [each for each in own if each.expires_at_ms <= now_ms]
        for lease in expired:
            del self.leases[lease.id]
            for scope in lease.scopes:
                self._add(lease, scope, held=-lease.micros)
        return len(expired)

    def standing(self, tenant: str, month: str) -> Mapping[str, Standing]:
        return {scope: each for (of, scope), each in self._scopes.items() if of == (tenant, month)}

    def alarm(self, tenant: str, month: str, scope: str, percent: int) -> bool:
        known = self._scopes.get(((tenant, month), scope), Standing())
        if known.alarmed >= percent:
            return False
        self._scopes[(tenant, month), scope] = replace(known, alarmed=percent)
        return True

    def used(self, tenant: str, month: str) -> Sequence[Used]:
        return [each for key, each in sorted(self._used.items()) if key[0] == (tenant, month)]

    def _use(self, lease: Lease, micros: int, usage: Usage, day: str) -> None:
        use = lease.use
        key = ((use.tenant, day[:7]), day, use.feature, use.model, use.agent)
        known = self._used.get(key) or Used(day, use.feature, use.model, use.agent, 0, Usage(), 0)
        tokens = Usage(
            known.usage.prompt_tokens + usage.prompt_tokens, known.usage.completion_tokens + usage.completion_tokens
        )
        self._used[key] = replace(known, calls=known.calls + 1, usage=tokens, micros=known.micros + micros)

    def _of(self, lease: Lease, scope: str) -> Standing:
        return self._scopes.get(((lease.use.tenant, lease.month), scope), Standing())

    def _add(self, lease: Lease, scope: str, *, held: int = 0, spent: int = 0, late: int = 0) -> None:
        known = self._of(lease, scope)
        changed = replace(known, held=known.held + held, spent=known.spent + spent, late=known.late + late)
        self._scopes[(lease.use.tenant, lease.month), scope] = changed

    def _fail(self) -> None:
        if self.fails:
            raise self.fails
