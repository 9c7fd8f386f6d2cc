"""Who calls, as the tenant's systems of record know them: in time for the first words, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass

from sotto.core.clock import Clock
from sotto.core.errors import SottoError
from sotto.filing.crm import Crm, WhoCalled
from sotto.tenants.book import BookReader
from sotto.tenants.filing import FilingSystem


@dataclass(frozen=True, slots=True)
class CrmContext:
    """A CrmSource of sotto.contacts. ``crm_of`` gives systems whose requests end soon; ``beside``: where they are
    asked, so that one that hangs holds up nobody."""

    books: BookReader
    crm_of: Callable[[str, FilingSystem], Crm]
    clock: Clock
    beside: Executor

    def values(self, tenant: str, phone: str, *, until_ms: float) -> Mapping[str, str]:
        """Nothing of a system that is late, down, or knows more than one person of that number."""
        systems = [each for each in self.books.current(tenant).filing.systems if each.context]
        asked = [self.beside.submit(self._of, tenant, system, phone, until_ms) for system in systems]
        found: dict[str, str] = {}
        for each in asked:
            try:
                found |= each.result(max(0.0, until_ms - self.clock.monotonic_ms()) / 1000)
            except TimeoutError:
                each.cancel()
        return found

    def _of(self, tenant: str, system: FilingSystem, phone: str, until_ms: float) -> Mapping[str, str]:
        fields = {each.field: name for name, each in system.context.items()}
        try:
            crm = self.crm_of(tenant, system)
            persons = crm.find_person(WhoCalled(phone))
            if len(persons.persons) != 1 or persons.has_more or self.clock.monotonic_ms() >= until_ms:
                return {}
            has = crm.context(persons.persons[0].id, tuple(fields))
        except SottoError:
            return {}
        return {fields[field]: value for field, value in has.items() if field in fields}
