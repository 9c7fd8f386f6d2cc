"""``sotto erasure``: a person's data, as the person may ask for it: gone, or handed over; and what must not go."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from local.aws.keys import keys_environment
from local.commands.terminal_text import show_line
from local.commands.utc import minute
from local.deployed import sdk_errors_translated
from local.records import records_environment
from local.tenants import identity as signed_in
from sotto.core.errors import Rejected
from sotto.core.settings import AwsRegion
from sotto.core.validation import silent
from sotto.erasure.adapters.kms_signer import is_genuine
from sotto.erasure.ask import ask_erasure, replay_suppressed
from sotto.erasure.export import export_subject
from sotto.erasure.find import contacts_of_subject
from sotto.erasure.hold import place_hold, release_hold
from sotto.erasure.identity import Identity, IdentityKind, identity
from sotto.erasure.request import Certificate, NoSuchRequest
from sotto.wiring.sotto import Sotto

_CERTIFICATE = silent(Certificate)


class NotOnePerson(Rejected):
    """By what the person is known was not said, or said twice."""


class NotGenuine(Rejected):
    """What was given is no certificate that this deployment has signed."""


tenant_argument = click.argument("tenant", metavar="TENANT")


def _of_a_person(command: Any) -> Any:
    """Options by which a person is named. A value of - is read from standard input, so that no shell remembers it."""
    for kind in reversed(IdentityKind):
        name = f"--{kind.value.replace('_', '-')}"
        command = click.option(name, kind.value, help="Or - to read it from standard input.")(command)
    return command


def _person(named: dict[str, str | None]) -> Identity:
    given = {kind: value for kind, value in named.items() if value is not None}
    if len(given) != 1:
        raise NotOnePerson("say by what the person is known: one of --contact, --phone, --email and --customer-id")
    ((kind, value),) = given.items()
    return identity(IdentityKind(kind), sys.stdin.readline() if value == "-" else value)


@contextmanager
def _stack() -> Iterator[tuple[Sotto, str]]:
    """The stack that the environment names, and who asks. Names are those of a deployment named sotto, unless the
    environment says otherwise."""
    sotto = Sotto.of(records_environment() | keys_environment() | os.environ)
    with sdk_errors_translated(sotto.settings.of(AwsRegion).region):
        yield sotto, signed_in(sotto.client("sts"))


@click.group()
def erasure() -> None:
    """Erase, hold and hand over what is kept of a person.

    To the stack that the environment names: AWS_REGION and credentials; AWS_ENDPOINT_URL for an embedded one."""


@erasure.command()
@tenant_argument
@_of_a_person
def ask(tenant: str, **named: str | None) -> None:
    """Ask for all contacts of a person to be erased, with every leg of their conversations."""
    person = _person(named)
    with _stack() as (sotto, who):
        request = ask_erasure(tenant, person, who=who, ports=sotto.ask_ports)
    show_line(f"request {request.id}: {request.contacts} contacts; sotto erasure status {tenant} {request.id}")


@erasure.command()
@tenant_argument
@click.argument("request_id", metavar="REQUEST")
def status(tenant: str, request_id: str) -> None:
    """How far a request is."""
    with _stack() as (sotto, _):
        request = sotto.erasure_requests.request(tenant, request_id)
        if request is None:
            raise NoSuchRequest("REQUEST: this tenant has none of this id")
        contacts = sotto.erasure_requests.contacts(tenant, request_id)
    show_line(f"asked {minute(request.asked_at_ms)}, {request.contacts} contacts")
    for each in contacts:
        deleted = ", ".join(f"{count} {kind}" for kind, count in sorted(each.counts.items()) if count)
        show_line(f"  {each.contact_id}  {each.progress.value}  {deleted or 'nothing deleted yet'}")
    if request.finished_at_ms is not None:
        show_line(f"finished {minute(request.finished_at_ms)}; sotto erasure certificate {tenant} {request_id}")


@erasure.command()
@tenant_argument
@click.argument("request_id", metavar="REQUEST")
def certificate(tenant: str, request_id: str) -> None:
    """Print the signed certificate of a request that is finished."""
    with _stack() as (sotto, _):
        found = sotto.erasure_requests.certificate(tenant, request_id)
    if found is None:
        raise NoSuchRequest("REQUEST: there is no certificate of it; it is not finished, or not this tenant's")
    click.echo(json.dumps(asdict(found), indent=2, sort_keys=True))


@erasure.command()
@click.argument("file", metavar="FILE.json", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(file: Path) -> None:
    """Check a certificate by the public half of the key that signs."""
    try:
        found = _CERTIFICATE.validate_json(file.read_bytes())
    except ValidationError:
        raise NotGenuine(f"{file}: not a certificate; write what 'sotto erasure certificate' printed") from None
    with _stack() as (sotto, _):
        if not is_genuine(found, sotto.certificate_signer.public_key()):
            raise NotGenuine(f"{file}: this deployment has not signed it, or it was changed since")
    show_line(f"genuine: {found.contacts} contacts, {sum(found.counts.values())} deleted, {found.remaining} remaining")


@erasure.command()
@tenant_argument
@click.option("--matter", required=True, help="Reference of the case.")
@_of_a_person
def hold(tenant: str, matter: str, **named: str | None) -> None:
    """Keep what there is of a person, whatever asks for it to go."""
    person = _person(named)
    with _stack() as (sotto, who):
        contacts = _contacts(tenant, person, sotto)
        place_hold(tenant, contacts, matter=matter, who=who, ports=sotto.hold_ports)
    show_line(f"held: {len(contacts)} contacts")


@erasure.command()
@tenant_argument
@_of_a_person
def release(tenant: str, **named: str | None) -> None:
    """Release the holds of a person's contacts: what is due goes then."""
    person = _person(named)
    with _stack() as (sotto, who):
        contacts = _contacts(tenant, person, sotto)
        request = release_hold(tenant, contacts, who=who, ports=sotto.hold_ports)
    show_line(f"released: {len(contacts)} contacts" + (f"; request {request.id} is due" if request else ""))


@erasure.command()
@tenant_argument
def replay(tenant: str) -> None:
    """After a restore: erase again all that was erased before."""
    with _stack() as (sotto, _):
        request = replay_suppressed(tenant, sotto.ask_ports)
    show_line(f"request {request.id}: {request.contacts} contacts" if request else "nothing was ever erased")


@erasure.command()
@tenant_argument
@_of_a_person
def export(tenant: str, **named: str | None) -> None:
    """Print all that is kept of a person, and who looked at it, as JSON."""
    person = _person(named)
    with _stack() as (sotto, who):
        click.echo(json.dumps(export_subject(tenant, person, who=who, ports=sotto.export_ports), indent=2))


def _contacts(tenant: str, person: Identity, sotto: Sotto) -> Sequence[str]:
    return contacts_of_subject(tenant, person, sotto.find_ports)
