"""Where a tenant's calls are filed: systems of record, as filing.yaml declares them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from sotto.tenants.customer_fields import CustomerTreatment

SECRETS = "sotto/filing/{tenant}/"
"""What the names of a tenant's secrets begin with: so much of Secrets Manager its sessions may read."""


class WhenSeveral(StrEnum):
    """Where a number is several people's. ``WITHOUT_PERSON``: the call is filed as nobody's until the agent says whose
    it was. ``HOLD``: it is not filed before."""

    WITHOUT_PERSON = "without_person"
    HOLD = "hold"


class ContextField(BaseModel):
    """A field of the person's, by the system's own name; shown as fields of customer profiles are."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    field: str
    title: str
    treat: CustomerTreatment = CustomerTreatment.SHOW


class FilingSystem(BaseModel):
    """``kind`` names the module that reads the declaration (sotto.tenants.reading.systems) and the adapter that asks
    the system (sotto.filing.adapters); ``options`` are that kind's own. ``address``: ``https://host``, empty where the
    system is in the tenant's own AWS account. ``places``: all that is asked, as residency takes it. ``secret``: its
    name in Secrets Manager. ``case_attribute``, ``email_attribute``: contact attributes in which a flow says which case
    the call is about, and the caller's e-mail address. ``outcomes``: it is asked what became of calls.
    ``erases_persons``: the erasure of a person takes the person out of the system, too."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: str
    kind: str
    title: str
    address: str = ""
    places: tuple[str, ...] = ()
    secret: str = ""
    several: WhenSeveral = WhenSeveral.WITHOUT_PERSON
    case_attribute: str = ""
    email_attribute: str = ""
    outcomes: bool = False
    erases_persons: bool = False
    context: Mapping[str, ContextField] = {}
    options: Mapping[str, str] = {}


class Filing(BaseModel):
    """``link``: where a call can be looked at, with ``{contact_id}``; empty for nowhere."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    systems: tuple[FilingSystem, ...] = ()
    link: str = ""

    @property
    def context(self) -> Mapping[str, ContextField]:
        """What is read of who calls, by the tenant's names for it."""
        return {name: each for system in self.systems for name, each in system.context.items()}

    def system(self, name: str) -> FilingSystem | None:
        return next((each for each in self.systems if each.name == name), None)
