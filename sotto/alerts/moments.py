"""A moment of a call under way, as soon as the bus brings it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sotto.alerts.alert import NoticedMoment
from sotto.alerts.evaluate import RaisePorts, apply_moment, matches
from sotto.alerts.rule import Kind
from sotto.call.annotation import Annotation
from sotto.call.contact import ContactReader
from sotto.call.events import Event


class AnnotationReader(Protocol):
    def annotation(self, tenant: str, contact_id: str, annotation_id: str) -> Annotation | None:
        """Raises Retryable."""
        ...


@dataclass(frozen=True, slots=True)
class MomentPorts:
    raising: RaisePorts
    annotations: AnnotationReader
    contacts: ContactReader


def alert_on_moment(event: Event, ports: MomentPorts) -> int:
    """How many alerts it raised: none of a call that is erased, and none a second time. Raises Retryable."""
    rules = [each for each in ports.raising.rules.rules(event.tenant) if each.is_on and each.kind is Kind.MOMENT]
    moment = _moment(event, ports) if rules else None
    if moment is None:
        return 0
    now_ms = int(ports.raising.clock.now_ms())
    return sum(apply_moment(rule, moment, now_ms, ports.raising) for rule in rules if matches(rule, moment))


def _moment(event: Event, ports: MomentPorts) -> NoticedMoment | None:
    contact = ports.contacts.contact(event.tenant, event.contact_id)
    if contact is None or contact.erased or contact.imported:  # nobody can do anything on a call that is long over
        return None
    found = ports.annotations.annotation(event.tenant, event.contact_id, event.record)
    if found is None:
        return None
    return NoticedMoment(
        found.contact_id, found.id, found.name, found.severity, found.at_ms, event.occurred_at_ms,
        contact.team, contact.queue, found.utterance_id,
    )  # fmt: skip
