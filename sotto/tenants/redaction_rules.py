"""What a tenant wants hidden, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sotto.core.errors import Rejected


class PrivateKind(StrEnum):
    """What a private piece of talk is."""

    CARD_NUMBER = "card_number"
    CARD_EXPIRY = "card_expiry"
    SECURITY_CODE = "security_code"
    PIN = "pin"
    """Of a card or for the telephone bank; passcodes too."""
    ONE_TIME_CODE = "one_time_code"
    """A verification code that was sent or shown for one use."""
    PASSWORD = "password"
    SECURITY_ANSWER = "security_answer"
    """What proves who somebody is, in words: a maiden name, a memorable word, a first pet."""
    CARD_ENDING = "card_ending"
    """The last four digits, said as such ("ending in 4242"). Card rules allow showing them; a tenant may too."""
    SOCIAL_SECURITY = "social_security"
    ACCOUNT_NUMBER = "account_number"
    """Bank account, routing number, sort code, IBAN, member and policy numbers."""
    IDENTITY_DOCUMENT = "identity_document"
    """Passport and driving licence."""
    PHONE = "phone"
    EMAIL = "email"
    DATE_OF_BIRTH = "date_of_birth"
    NETWORK_ADDRESS = "network_address"
    """IP addresses and URLs."""
    NUMBER = "number"
    """Digits read out one after another that nothing explains: possibly part of a number completed later."""
    NAME = "name"
    ADDRESS = "address"
    POSTCODE = "postcode"


class RedactionAction(StrEnum):
    OFF = "off"
    MASK = "mask"
    """``****``: hides the kind and the length too."""
    CATEGORY = "category"
    """``[card number]``: the agent and the models still know what was said."""
    REMOVE = "remove"


class RedactionRulesWrong(Rejected):
    """A tenant's redaction rules name a kind or an action that does not exist."""


TENANT_DECIDES = frozenset({PrivateKind.NAME, PrivateKind.ADDRESS, PrivateKind.POSTCODE})


def _safe_actions() -> Mapping[PrivateKind, RedactionAction]:
    return {kind: RedactionAction.OFF if kind in TENANT_DECIDES else RedactionAction.CATEGORY for kind in PrivateKind}


@dataclass(frozen=True, slots=True)
class RedactionRules:
    """One tenant's rules. Kinds not named keep the safe default: hidden, except names, addresses and postcodes.

    ``regions`` are the countries (ISO 3166) whose telephone numbers are recognised without a country code.
    """

    actions: Mapping[PrivateKind, RedactionAction] = field(default_factory=_safe_actions)
    regions: tuple[str, ...] = ("US", "GB")

    @classmethod
    def of(cls, actions: Mapping[str, str] | None = None, regions: tuple[str, ...] = ("US", "GB")) -> RedactionRules:
        """The safe default with a tenant's own ``{kind: action}`` over it. Raises RedactionRulesWrong."""
        chosen = dict(_safe_actions())
        for kind, action in (actions or {}).items():
            chosen[_member(PrivateKind, kind, "kind")] = _member(RedactionAction, action, f"redaction.{kind}")
        return cls(chosen, regions)

    @classmethod
    def everything(cls, action: RedactionAction = RedactionAction.CATEGORY) -> RedactionRules:
        return cls(dict.fromkeys(PrivateKind, action))

    def action_for(self, kind: PrivateKind) -> RedactionAction:
        return self.actions.get(kind, RedactionAction.CATEGORY)

    def replacement(self, kind: PrivateKind) -> str:
        match self.action_for(kind):
            case RedactionAction.MASK:
                return "****"
            case RedactionAction.REMOVE:
                return ""
            case _:
                return f"[{kind.replace('_', ' ')}]"


def _member(members: Any, value: object, where: str) -> Any:
    # YAML 1.1 reads a bare ``off`` as false.
    name = "off" if value is False else str(value)
    try:
        return members(name)
    except ValueError as error:
        choices = ", ".join(sorted(members))
        raise RedactionRulesWrong(f"{where}: {name!r} is not known; use one of {choices}") from error
