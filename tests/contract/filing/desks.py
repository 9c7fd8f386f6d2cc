"""The six systems, each with what people do at it, as the contract asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import boto3
import urllib3
from botocore.config import Config
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from starlette.applications import Starlette

from local.aws.connect_cases import DOMAIN, TEMPLATE, ConnectCasesApi
from local.aws.customer_profiles import CustomerProfilesApi
from local.aws.web_server import WebServer
from local.crm import dynamics, salesforce, servicenow, zendesk
from local.crm.host import LocalCrm
from local.crm.hubspot import LocalHubSpot
from sotto.filing.adapters.connect_cases import ConnectCasesCrm
from sotto.filing.adapters.connection import Connection
from sotto.filing.adapters.dynamics import DynamicsCrm
from sotto.filing.adapters.http import Timeouts
from sotto.filing.adapters.hubspot import HubSpotCrm
from sotto.filing.adapters.salesforce import SalesforceCrm
from sotto.filing.adapters.servicenow import ServiceNowCrm
from sotto.filing.adapters.zendesk import ZendeskCrm
from sotto.filing.crm import Crm
from sotto.tenants.filing import FilingSystem, WhenSeveral
from tests.fakes.rotated_key import RotatedKey
from tests.fakes.turned_clock import TurnedClock

KINDS = ("salesforce", "hubspot", "zendesk", "dynamics", "servicenow", "connect_cases")


class Killer(Protocol):
    def step(self) -> None:
        """May end the process."""
        ...


class KillingPool(urllib3.PoolManager):
    def __init__(self, killer: Killer) -> None:
        super().__init__()
        self._killer = killer

    def request(self, *args: Any, **how: Any) -> Any:
        self._killer.step()
        answered = super().request(*args, **how)
        self._killer.step()
        return answered


class Desk(Protocol):
    """A system, as people see and change it."""

    crm: Crm
    declared: FilingSystem
    clock: TurnedClock
    settles_ms: float
    """After this, what was written is found by searches."""
    waits_ms: float | None
    """As the system says it when it is busy; None where it says nothing."""

    def add_person(self, name: str, phone: str = "", email: str = "", tier: str = "") -> str: ...

    def add_case(self) -> str: ...

    def calls(self) -> list[str]:
        """The text of each record of a call that the system holds now."""
        ...

    def person_of(self, record: str) -> str: ...

    def said_of(self, case: str) -> list[str]:
        """What calls say of a case."""
        ...

    def lose(self, record: str) -> None:
        """Somebody deletes it there."""
        ...

    def lose_case(self, case: str) -> None: ...

    def be_busy(self, times: int) -> None: ...

    def be_down(self, is_down: bool) -> None: ...

    def lose_answers(self, times: int) -> None:
        """So many writes are done, and nobody is told."""
        ...

    def collide(self, times: int) -> None:
        """So many writes meet somebody else's."""
        ...

    def rotate(self) -> None:
        """The secret is another one, there and in Secrets Manager."""
        ...

    def revoke(self) -> None:
        """The secret is another one there alone."""
        ...

    def asked(self) -> int: ...

    def anew(self, killer: Killer | None) -> Crm:
        """As another process has it, with nothing in memory. ``killer``: is asked before and after each request."""
        ...


@cache
def key_pair(number: int) -> tuple[str, bytes]:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return pem.decode(), public


def declared(kind: str, address: str, **more: Any) -> FilingSystem:
    options = {
        "salesforce": {
            "client_id": salesforce.CLIENT, "user": salesforce.USER, "login": "https://login.salesforce.com",
            "version": "67.0", "external_id": "Sotto_Id__c",
        },
        "hubspot": {"unique_property": "sotto_id", "portal": "42"},
        "zendesk": {"user": zendesk.AGENT},
        "dynamics": {
            "directory": dynamics.DIRECTORY, "client_id": dynamics.CLIENT, "key": "sotto_id",
            "login": "https://login.microsoftonline.com",
        },
        "servicenow": {
            "client_id": servicenow.CLIENT, "table": "incident",
            "person_table": "sys_user", "person_field": "caller_id",
        },
        "connect_cases": {
            "domain": DOMAIN, "template": TEMPLATE, "profiles_domain": "bank", "disposition_field": "how_it_ended",
        },
    }[kind]  # fmt: skip
    return FilingSystem(
        name=kind, kind=kind, title=kind, address=address, options=options, several=WhenSeveral.WITHOUT_PERSON,
        erases_persons=True, case_attribute="crm_case", email_attribute="email", outcomes=True, **more,
    )  # fmt: skip


@dataclass
class HttpDesk:
    """What five of them share. ``vendor``: the emulation."""

    host: LocalCrm
    crm: Crm
    declared: FilingSystem
    clock: TurnedClock
    key: RotatedKey
    vendor: Any
    connected: Callable[[Killer | None], Crm]
    settles_ms: float = 0.0
    waits_ms: float | None = 7_000.0

    def be_busy(self, times: int) -> None:
        self.host.busy.extend(["7"] * times)

    def be_down(self, is_down: bool) -> None:
        self.host.is_down = is_down

    def lose_answers(self, times: int) -> None:
        self.host.lost_answers = times

    def asked(self) -> int:
        return self.host.served

    def anew(self, killer: Killer | None) -> Crm:
        return self.connected(killer)

    def rotate(self) -> None:
        self.revoke()
        self.key.replace(self._secret())

    def revoke(self) -> None:
        self.vendor.end_tokens()
        self._set_secret(f"{self._secret()}-2")

    def _secret(self) -> str:
        return str(self.vendor.token if hasattr(self.vendor, "token") else self.vendor.secret)

    def _set_secret(self, secret: str) -> None:
        setattr(self.vendor, "token" if hasattr(self.vendor, "token") else "secret", secret)


class SalesforceDesk(HttpDesk):
    def add_person(self, name: str, phone: str = "", email: str = "", tier: str = "") -> str:
        id = self.vendor.add_contact(Name=name, MobilePhone=phone, Email=email, Tier__c=tier)
        return str(id)

    def add_case(self) -> str:
        return str(self.vendor.add_case())

    def calls(self) -> list[str]:
        return [str(each["Description"]) for each in self.vendor.tasks.values()]

    def person_of(self, record: str) -> str:
        return self.vendor.tasks[record]["WhoId"] or ""

    def said_of(self, case: str) -> list[str]:
        text = self.vendor.cases[case].get("Sotto_Summary__c")
        return [text] if text else []

    def lose(self, record: str) -> None:
        del self.vendor.tasks[record]

    def lose_case(self, case: str) -> None:
        del self.vendor.cases[case]

    def collide(self, times: int) -> None:
        self.vendor.locked = times

    def revoke(self) -> None:
        self.vendor.end_tokens()
        self.vendor.public_key = key_pair(2)[1]

    def rotate(self) -> None:
        self.revoke()
        self.key.replace(key_pair(2)[0])


class HubSpotDesk(HttpDesk):
    def add_person(self, name: str, phone: str = "", email: str = "", tier: str = "") -> str:
        first, _, last = name.partition(" ")
        has = {"firstname": first, "lastname": last, "phone": phone, "email": email.lower(), "tier": tier}
        return str(self.vendor.add("contacts", **has))

    def add_case(self) -> str:
        return str(self.vendor.add("tickets"))

    def calls(self) -> list[str]:
        return [str(each["hs_call_body"]) for each in self.vendor.objects["calls"].values()]

    def person_of(self, record: str) -> str:
        return next(iter(self.vendor.associations.get((record, "contacts"), ())), "")

    def said_of(self, case: str) -> list[str]:
        text = self.vendor.objects["tickets"][case].get("sotto_summary")
        return [text] if text else []

    def lose(self, record: str) -> None:
        del self.vendor.objects["calls"][record]

    def lose_case(self, case: str) -> None:
        del self.vendor.objects["tickets"][case]

    def collide(self, times: int) -> None:
        self.host.busy.extend(["7"] * times)  # HubSpot knows no other collision of upserts


class ZendeskDesk(HttpDesk):
    def add_person(self, name: str, phone: str = "", email: str = "", tier: str = "") -> str:
        return str(self.vendor.add_user(name=name, phone=phone, email=email, user_fields={"tier": tier}))

    def add_case(self) -> str:
        return str(self.vendor.add_ticket(subject="Lost card", requester_id=1))

    def calls(self) -> list[str]:
        """The latest comment of ours on each ticket that we made."""
        ours = [id for id, each in self.vendor.tickets.items() if each["external_id"]]
        return [str(self.vendor.comments(str(id))[-1]["body"]) for id in ours]

    def person_of(self, record: str) -> str:
        return str(self.vendor.tickets[int(record)].get("requester_id") or "")

    def said_of(self, case: str) -> list[str]:
        return [str(each["body"]) for each in self.vendor.comments(case)]

    def lose(self, record: str) -> None:
        del self.vendor.tickets[int(record)]

    def lose_case(self, case: str) -> None:
        self.lose(case)

    def collide(self, times: int) -> None:
        self.host.busy.extend(["7"] * times)


class DynamicsDesk(HttpDesk):
    def add_person(self, name: str, phone: str = "", email: str = "", tier: str = "") -> str:
        return str(self.vendor.add("contacts", fullname=name, mobilephone=phone, emailaddress1=email, tier=tier))

    def add_case(self) -> str:
        return str(self.vendor.add("incidents"))

    def calls(self) -> list[str]:
        return [str(each["description"]) for each in self.vendor.tables["phonecalls"].values()]

    def person_of(self, record: str) -> str:
        return self.vendor.tables["phonecalls"][record].get("regarding") or ""

    def said_of(self, case: str) -> list[str]:
        text = self.vendor.tables["incidents"][case].get("sotto_summary")
        return [text] if text else []

    def lose(self, record: str) -> None:
        del self.vendor.tables["phonecalls"][record]

    def lose_case(self, case: str) -> None:
        del self.vendor.tables["incidents"][case]

    def collide(self, times: int) -> None:
        self.vendor.colliding = times


class ServiceNowDesk(HttpDesk):
    def add_person(self, name: str, phone: str = "", email: str = "", tier: str = "") -> str:
        return str(self.vendor.add_person(name=name, mobile_phone=phone, email=email, tier=tier))

    def add_case(self) -> str:
        return str(self.vendor.add_task(short_description="Lost card"))

    def calls(self) -> list[str]:
        return [str(each["description"]) for each in self.vendor.tasks.values() if each.get("correlation_id")]

    def person_of(self, record: str) -> str:
        return str(self.vendor.tasks[record].get("caller_id") or "")

    def said_of(self, case: str) -> list[str]:
        return [str(each["value"]) for each in self.vendor.journal.values() if each["element_id"] == case]

    def lose(self, record: str) -> None:
        del self.vendor.tasks[record]

    def lose_case(self, case: str) -> None:
        self.lose(case)

    def collide(self, times: int) -> None:
        self.host.busy.extend(["7"] * times)


@dataclass
class ConnectDesk:
    cases: ConnectCasesApi
    profiles: CustomerProfilesApi
    crm: Crm
    declared: FilingSystem
    clock: TurnedClock
    connected: Callable[[Killer | None], Crm]
    settles_ms: float = 10_000.0
    waits_ms: float | None = None
    _count: int = 0

    def add_person(self, name: str, phone: str = "", email: str = "", tier: str = "") -> str:
        self._count += 1
        first, _, last = name.partition(" ")
        id = f"p{self._count}"
        profile = {"ProfileId": id, "FirstName": first, "LastName": last, "PhoneNumber": phone, "EmailAddress": email}
        self.profiles.add("bank", [{**profile, "Attributes": {"tier": tier}}])
        return id

    def add_case(self) -> str:
        return self.cases.add(title="Lost card")

    def calls(self) -> list[str]:
        ours = [id for id, each in self.cases.cases.items() if each["tags"]]
        return [self.cases.comments(id)[0] for id in ours if self.cases.comments(id)]

    def person_of(self, record: str) -> str:
        return str(self.cases.cases[record]["fields"].get("customer_id", "")).rpartition("/")[2]

    def said_of(self, case: str) -> list[str]:
        return self.cases.comments(case)

    def lose(self, record: str) -> None:
        del self.cases.cases[record]
        self.cases._tokens.clear()

    def lose_case(self, case: str) -> None:
        self.lose(case)

    def be_busy(self, times: int) -> None:
        self.cases.throttled = times

    def be_down(self, is_down: bool) -> None:
        self.cases.is_down = is_down

    def lose_answers(self, times: int) -> None:
        self.cases.lost_answers = times

    def collide(self, times: int) -> None:
        self.cases.throttled = times

    def rotate(self) -> None:
        """Its rights are the function's role."""

    def revoke(self) -> None:
        self.cases.forbidden = True

    def asked(self) -> int:
        return self.cases.asked

    def anew(self, killer: Killer | None) -> Crm:
        return self.connected(killer)


_DESKS: dict[str, tuple[type[HttpDesk], Callable[..., Crm], float]] = {
    "salesforce": (SalesforceDesk, SalesforceCrm, 0.0),
    "hubspot": (HubSpotDesk, HubSpotCrm, 30_000.0),
    "zendesk": (ZendeskDesk, ZendeskCrm, 60_000.0),
    "dynamics": (DynamicsDesk, DynamicsCrm, 0.0),
    "servicenow": (ServiceNowDesk, ServiceNowCrm, 0.0),
}


@contextmanager
def desk_of(kind: str) -> Iterator[Desk]:
    clock = TurnedClock()
    with ExitStack() as stack:
        yield _connect_desk(clock, stack) if kind == "connect_cases" else _http_desk(kind, clock, stack)


def _http_desk(kind: str, clock: TurnedClock, stack: ExitStack) -> HttpDesk:
    made, adapter, settles_ms = _DESKS[kind]
    private, public = key_pair(1)

    def vendors(host: LocalCrm) -> list[Any]:
        match kind:
            case "salesforce":
                return [salesforce.LocalSalesforce(host, public)]
            case "hubspot":
                return [LocalHubSpot(host)]
            case "zendesk":
                return [zendesk.LocalZendesk(host)]
            case "dynamics":
                return [dynamics.LocalDynamics(host)]
            case _:
                return [servicenow.LocalServiceNow(host)]

    host = stack.enter_context(LocalCrm(vendors, clock))
    vendor = host.vendors[0]
    address = f"https://{kind}.example"
    if isinstance(vendor, dynamics.LocalDynamics):
        vendor.scope = address
    secret = private if kind == "salesforce" else getattr(vendor, "token", None) or getattr(vendor, "secret", "")
    key = RotatedKey(secret)
    asks = {
        address: host.url,
        "https://login.salesforce.com": host.url,
        "https://login.microsoftonline.com": host.url,
    }
    system = declared(kind, address)

    def connected(killer: Killer | None) -> Crm:
        pool = KillingPool(killer) if killer is not None else None
        connection = Connection(clock=clock, key=key, timeouts=Timeouts(2.0, 5.0), instead=asks, pool=pool)
        return adapter(system, connection)

    desk = made(host, connected(None), system, clock, key, vendor, connected, settles_ms)
    if kind in ("salesforce",):
        desk.waits_ms = None
    return desk


def _connect_desk(clock: TurnedClock, stack: ExitStack) -> ConnectDesk:
    cases, profiles = ConnectCasesApi(clock=clock), CustomerProfilesApi(clock=clock, burst=10_000)
    profiles.add("bank", ())
    app = Starlette(routes=[*cases.routes, *profiles.routes])
    server = stack.enter_context(WebServer(app, name="cases"))
    system = declared("connect_cases", "")

    def connected(killer: Killer | None) -> Crm:
        clients = [_client(service, server.url) for service in ("connectcases", "customer-profiles")]
        for client in clients if killer is not None else ():
            client.meta.events.register("before-send", lambda **_: killer.step())  # type: ignore[union-attr]
            client.meta.events.register("after-call", lambda **_: killer.step())  # type: ignore[union-attr]
        return ConnectCasesCrm(system, clients[0], clients[1], clock)

    return ConnectDesk(cases, profiles, connected(None), system, clock, connected)


@cache
def _session() -> boto3.Session:
    """Reading the service's model takes longest."""
    return boto3.Session(aws_access_key_id="k", aws_secret_access_key="s", region_name="us-east-1")


def _client(service: str, url: str) -> Any:
    config = Config(retries={"total_max_attempts": 1}, inject_host_prefix=False)
    return _session().client(service, endpoint_url=url, config=config)  # type: ignore[call-overload]
