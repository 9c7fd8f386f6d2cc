"""What a tenant wants hidden, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sotto.errors import Rejected


class Kind(StrEnum):
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


class Action(StrEnum):
    OFF = "off"
    MASK = "mask"
    """``****``: hides the kind and the length too."""
    CATEGORY = "category"
    """``[card number]``: the agent and the models still know what was said."""
    REMOVE = "remove"


class RedactionRulesWrong(Rejected):
    """A tenant's redaction rules name a kind or an action that does not exist."""


TENANT_DECIDES = frozenset({Kind.NAME, Kind.ADDRESS, Kind.POSTCODE})


def _safe_actions() -> Mapping[Kind, Action]:
    return {kind: Action.OFF if kind in TENANT_DECIDES else Action.CATEGORY for kind in Kind}


@dataclass(frozen=True, slots=True)
class RedactionRules:
    """One tenant's rules. Kinds not named keep the safe default: hidden, except names, addresses and postcodes.

    ``regions`` are the countries (ISO 3166) whose telephone numbers are recognised without a country code.
    """

    actions: Mapping[Kind, Action] = field(default_factory=_safe_actions)
    regions: tuple[str, ...] = ("US", "GB")

    @classmethod
    def of(cls, actions: Mapping[str, str] | None = None, regions: tuple[str, ...] = ("US", "GB")) -> RedactionRules:
        """The safe default with a tenant's own ``{kind: action}`` over it. Raises RedactionRulesWrong."""
        chosen = dict(_safe_actions())
        for kind, action in (actions or {}).items():
            chosen[_member(Kind, kind, "kind")] = _member(Action, action, f"redaction.{kind}")
        return cls(chosen, regions)

    @classmethod
    def everything(cls, action: Action = Action.CATEGORY) -> RedactionRules:
        return cls(dict.fromkeys(Kind, action))

    def action_for(self, kind: Kind) -> Action:
        return self.actions.get(kind, Action.CATEGORY)

    def replacement(self, kind: Kind) -> str:
        match self.action_for(kind):
            case Action.MASK:
                return "****"
            case Action.REMOVE:
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
