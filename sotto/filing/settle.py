"""What an event asks of a call that is filed, or is to be."""

from __future__ import annotations

from sotto.call.envelope import NotAnEvent
from sotto.call.events import CallNoted, ConsentWithdrawn, DispositionChosen, Event, PersonChosen, SummaryReady
from sotto.consent.rules import is_withdrawal
from sotto.filing.erase import EraseFiledPorts, erase_filed
from sotto.filing.file_conversation import FilingPorts, file_again

_CHANGES = (SummaryReady, DispositionChosen, PersonChosen, CallNoted)


def settle(event: Event, filing: FilingPorts, erasing: EraseFiledPorts) -> None:
    """What changed is filed; where consent was withdrawn and nothing may stay, the systems lose it as well, unless a
    hold keeps it. Raises NotAnEvent and Retryable."""
    if isinstance(event, _CHANGES):
        file_again(event.tenant, event.contact_id, filing)
    elif isinstance(event, ConsentWithdrawn):
        latest = filing.consents.latest(event.tenant, event.contact_id)
        is_held = erasing.holds.is_held(event.tenant, event.contact_id)
        if latest is not None and is_withdrawal(latest) and latest.drop_kept and not is_held:
            erase_filed(event.tenant, event.contact_id, erasing)
    else:
        raise NotAnEvent(f"type: {event.TYPE} changes nothing that is filed")
