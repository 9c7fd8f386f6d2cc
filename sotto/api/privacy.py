"""What a privacy officer may ask for, by a verified token and the table of sotto.api.roles.

An officer reads no call that is not theirs: an export is handed out whole, and in the audit log. Whoever may not is
answered alike, whether the person is known or not.
"""

from __future__ import annotations

from dataclasses import dataclass

from sotto.api.caller import Caller, Unauthorised
from sotto.api.roles import Action, Reach
from sotto.erasure.ask import AskPorts, ask_erasure
from sotto.erasure.export import ExportPorts, ExportRequest, ask_export, export_subject, read_export
from sotto.erasure.find import FindPorts, contacts_of_subject
from sotto.erasure.hold import Hold, HoldPorts, place_hold, release_hold
from sotto.erasure.identity import Identity
from sotto.erasure.request import Certificate, ErasureRequest, NoSuchRequest


@dataclass(frozen=True, slots=True)
class PrivacyPorts:
    find: FindPorts
    ask: AskPorts
    holds: HoldPorts
    export: ExportPorts


def erase(caller: Caller, asked: Identity, ports: PrivacyPorts) -> ErasureRequest:
    """Raises Unauthorised, NobodyKnown and Retryable."""
    return ask_erasure(*_officer(caller, asked), who=caller.agent, ports=ports.ask)


def hand_over(caller: Caller, asked: Identity, ports: PrivacyPorts) -> dict[str, object]:
    """Raises Unauthorised, NobodyKnown and Retryable."""
    return export_subject(*_officer(caller, asked), who=caller.agent, ports=ports.export)


def ask_to_hand_over(caller: Caller, asked: Identity, ports: PrivacyPorts) -> ExportRequest:
    """Raises Unauthorised, NobodyKnown and Retryable."""
    return ask_export(*_officer(caller, asked), who=caller.agent, ports=ports.export)


def hand_over_page(
    caller: Caller, export_id: str, after: str, limit: int, ports: PrivacyPorts
) -> tuple[ExportRequest, list[dict[str, object]]]:
    """Raises Unauthorised, NoSuchRequest and Retryable."""
    _may(caller)
    return read_export(caller.tenant, export_id, after=after, limit=limit, who=caller.agent, ports=ports.export)


def hold(caller: Caller, asked: Identity, matter: str, ports: PrivacyPorts) -> list[Hold]:
    """Raises Unauthorised, NobodyKnown, BadMatter and Retryable."""
    contacts = contacts_of_subject(*_officer(caller, asked), ports.find)
    return place_hold(caller.tenant, contacts, matter=matter, who=caller.agent, ports=ports.holds)


def release(caller: Caller, asked: Identity, ports: PrivacyPorts) -> ErasureRequest | None:
    """Raises Unauthorised, NobodyKnown and Retryable."""
    contacts = contacts_of_subject(*_officer(caller, asked), ports.find)
    return release_hold(caller.tenant, contacts, who=caller.agent, ports=ports.holds)


def certificate(caller: Caller, request_id: str, ports: PrivacyPorts) -> Certificate:
    """Raises Unauthorised, NoSuchRequest and Retryable."""
    _may(caller)
    found = ports.ask.requests.certificate(caller.tenant, request_id)
    if found is None:
        raise NoSuchRequest("request: there is no certificate of it; it is not finished, or not this tenant's")
    return found


def _officer(caller: Caller, asked: Identity) -> tuple[str, Identity]:
    _may(caller)
    return caller.tenant, asked


def _may(caller: Caller) -> None:
    if Reach.ANY not in caller.reach(Action.HANDLE_DATA):
        raise Unauthorised("role: only privacy officers may do this")
