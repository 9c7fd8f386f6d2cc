"""The systems of record that tenants declare, emulated on this machine: their addresses lead here, and their secrets
are in the embedded Secrets Manager. Known there are the customers of the sample calls."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from local.aws.connect_cases import ConnectCasesApi
from local.call_script import SCRIPT, script_beside
from local.crm.dynamics import LocalDynamics
from local.crm.host import LocalCrm
from local.crm.hubspot import LocalHubSpot
from local.crm.salesforce import LocalSalesforce
from local.crm.servicenow import LocalServiceNow
from local.crm.zendesk import LocalZendesk
from sotto.core.clock import Clock
from sotto.filing.call_log import key_of
from sotto.tenants.book import TenantBook
from sotto.tenants.filing import FilingSystem

UNKNOWN = "Customer"


class FilingSystems:
    """``with`` it serves. ``calls``: a folder of sample calls. ``clock``: of those who file; their tokens say until
    when they hold. All tenants share one system of each kind."""

    def __init__(self, calls: Path, cases: ConnectCasesApi, clock: Clock | None = None) -> None:
        self._calls, self.cases, self._clock = calls, cases, clock
        self._open = ExitStack()
        self._instead: dict[str, str] = {}
        self._people: set[tuple[str, str]] = set()

    def __enter__(self) -> Self:
        self._open.enter_context(self.host)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    @cached_property
    def host(self) -> LocalCrm:
        return LocalCrm(self._vendors, self._clock)

    def _vendors(self, host: LocalCrm) -> list[Any]:
        return [
            LocalSalesforce(host, self._key.public_key().public_bytes(_PEM, _PUBLIC)),
            LocalHubSpot(host),
            LocalZendesk(host),
            LocalDynamics(host),
            LocalServiceNow(host),
        ]

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def prepare(self, book: TenantBook, secrets: Any) -> Mapping[str, str]:
        """As whoever sets the systems up for a tenant. ``secrets``: boto3's ``secretsmanager``. What addresses lead to,
        of all tenants so far."""
        for system in book.filing.systems:
            if system.kind == "connect_cases":
                continue
            self._instead |= dict.fromkeys(system.places, self.host.url)
            self._share(system, secrets)
            for name, number in self._customers(book.tenant):
                if (system.kind, number) not in self._people:
                    self._people.add((system.kind, number))
                    self._know(system.kind, name, number)
        return self._instead

    def caller(self, tenant: str) -> str | None:
        """A number of the tenant's customers, whom its systems know; None: it has none."""
        return next((number for _, number in self._customers(tenant)), None)

    def records(self, contact_id: str, kind: str) -> list[str]:
        """Ids of what the system of this kind has of a call; of all but ``connect_cases``."""
        found: list[str] = self._vendor(kind).records_of(key_of(contact_id))
        return found

    def _share(self, system: FilingSystem, secrets: Any) -> None:
        vendor = self._vendor(system.kind)
        match vendor:
            case LocalSalesforce():
                shared = self._key.private_bytes(_PEM, _PRIVATE, serialization.NoEncryption()).decode()
                vendor.login = system.options["login"]
            case LocalDynamics():
                shared, vendor.scope = vendor.secret, system.address
            case LocalServiceNow():
                shared = vendor.secret
            case _:
                shared = vendor.token
        try:
            secrets.create_secret(Name=system.secret, SecretString=shared)
        except secrets.exceptions.ResourceExistsException:
            secrets.put_secret_value(SecretId=system.secret, SecretString=shared)

    def _vendor(self, kind: str) -> Any:
        place = ("salesforce", "hubspot", "zendesk", "dynamics", "servicenow").index(kind)
        return self.host.vendors[place]

    def _customers(self, tenant: str) -> list[tuple[str, str]]:
        found = []
        for script in sorted(self._calls.glob(f"*/{SCRIPT}")):
            caller = script_beside(script)
            if caller.tenant == tenant and caller.customer is not None:
                profile: Mapping[str, Any] = next(iter(caller.customer.profiles), {})
                names = (str(profile.get(each) or "") for each in ("FirstName", "LastName"))
                found.append((" ".join(filter(None, names)) or UNKNOWN, caller.customer.number))
        return found

    def _know(self, kind: str, name: str, number: str) -> None:
        vendor, (first, _, last) = self._vendor(kind), name.partition(" ")
        match vendor:
            case LocalSalesforce():
                vendor.add_contact(Name=name, Phone=number)
            case LocalHubSpot():
                vendor.add("contacts", firstname=first, lastname=last, phone=number)
            case LocalZendesk():
                vendor.add_user(name=name, phone=number)
            case LocalDynamics():
                vendor.add("contacts", fullname=name, telephone1=number)
            case _:
                vendor.add_person(name=name, phone=number)


_PEM, _PRIVATE = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
_PUBLIC = serialization.PublicFormat.SubjectPublicKeyInfo
