"""Several people have the caller's number: the agent says whose call it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sotto.call.contact import Contact
from sotto.call.events import PersonChosen
from sotto.call.filing import FiledCall, FilingState
from sotto.core.clock import Clock
from sotto.core.errors import Rejected, Retryable
from sotto.filing.outbox import FilingRows, RowChanged

ATTEMPTS = 5


class UnknownPerson(Rejected):
    """Nobody of this id was among those to choose from, or nothing is to be chosen."""


class FilingKeepsChanging(Retryable):
    """Others change the row all the time."""


@dataclass(frozen=True, slots=True)
class ChoicePorts:
    """``filed(tenant, contact_id)``: as it was shown to the agent."""

    rows: FilingRows
    filed: Callable[[str, str], tuple[FiledCall, ...]]
    clock: Clock


def choose_person(contact: Contact, system: str, person: str, agent: str, ports: ChoicePorts) -> None:
    """``person``: one of those offered, or empty for nobody of them. The call is filed anew by the event. Raises
    UnknownPerson and Retryable."""
    offered = next((each for each in ports.filed(contact.tenant, contact.contact_id) if each.system == system), None)
    if offered is None or person not in {"", *(each.id for each in offered.persons)} or not offered.persons:
        raise UnknownPerson("person: nobody of these is to be chosen any more; reload the panel")
    for _ in range(ATTEMPTS):
        row = ports.rows.row(contact.tenant, contact.contact_id, system)
        if row is None or row.state is FilingState.ERASED:
            raise UnknownPerson("system: the call is not filed there")
        if row.chosen_by and row.person == person:
            return
        now_ms = int(ports.clock.now_ms())
        chosen = replace(
            row, person=person, chosen_by=agent, state=FilingState.PENDING, attempts=0, waits_since_ms=now_ms,
            due_at_ms=max(now_ms, row.leased_until_ms),
        )  # fmt: skip
        event = PersonChosen.of(row.tenant, row.contact_id, system, row.version + 1, now_ms)
        try:
            ports.rows.replace(chosen, event=event)
        except RowChanged:
            continue
        return
    raise FilingKeepsChanging("the filing changed at each of our attempts")
