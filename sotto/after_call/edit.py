"""An agent corrects a summary: a new version with who and when, beside what was there before. What they changed is
feedback on whoever wrote it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sotto.after_call.summarise import Summaries, SummaryChanged
from sotto.call.contact import Contact
from sotto.call.summary import CallSummary, Origin, SummaryLine, SummaryPart
from sotto.consent.kept import Consents, may_keep
from sotto.core.clock import Clock
from sotto.core.errors import Rejected
from sotto.realtime.channel import summary_message
from sotto.realtime.panel_publisher import PanelPublisher


class NotEditable(Rejected):
    """There is no such summary any more, or none of that version."""


@dataclass(frozen=True, slots=True)
class EditedLine:
    """``from_line``: the place, from 0, of the line that it was, whose evidence it keeps; None for a new one."""

    part: SummaryPart
    text: str
    from_line: int | None = None


@dataclass(frozen=True, slots=True)
class EditPorts:
    """``redact(tenant, text)``: what somebody typed, without what the tenant hides."""

    consents: Consents
    summaries: Summaries
    redact: Callable[[str, str], str]
    panel: PanelPublisher
    clock: Clock


def edit_summary(
    contact: Contact, version: int, lines: Sequence[EditedLine], agent: str, ports: EditPorts
) -> CallSummary:
    """As it is stored. Raises NotEditable and StorageUnavailable."""
    known = ports.summaries.summary(contact.tenant, contact.contact_id)
    if known is None or known.version != version or not may_keep(contact, ports.consents):
        raise NotEditable("version: the summary has changed meanwhile; look at it again")
    made = tuple(_line(each, known, ports) for each in lines)
    edited = replace(known, lines=made, origin=Origin.EDITED, edited_by=agent, made_at_ms=int(ports.clock.now_ms()))
    try:
        stored = ports.summaries.edit(edited, before=known)
    except SummaryChanged:
        raise NotEditable("version: the summary has changed meanwhile; look at it again") from None
    ports.panel.publish([summary_message(stored)], what="summary")
    return stored


def _line(edited: EditedLine, known: CallSummary, ports: EditPorts) -> SummaryLine:
    text = ports.redact(known.tenant, edited.text)
    before = edited.from_line
    if before is None or before >= len(known.lines):
        return SummaryLine(edited.part, text)
    return replace(known.lines[before], part=edited.part, text=text)
