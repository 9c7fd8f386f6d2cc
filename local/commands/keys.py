"""``sotto keys``: API keys of a tenant, by whoever may administer the stack that the environment names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from local.aws.keys import keys_environment
from local.commands.terminal_text import show_line
from local.commands.utc import minute
from local.deployed import sdk_errors_translated
from local.records import records_environment
from local.tenants import identity as signed_in
from sotto.api.caller import Caller
from sotto.api.keys.key import ApiKey
from sotto.api.keys.use_cases import (
    LONGEST_OVERLAP_HOURS,
    OVERLAP_HOURS,
    KeyRequest,
    NewKey,
    create_key,
    list_keys,
    revoke_key,
    roll_key,
)
from sotto.api.roles import Role
from sotto.core.settings import AwsRegion
from sotto.wiring.sotto import Sotto

tenant_argument = click.argument("tenant", metavar="TENANT")
key_argument = click.argument("key_id", metavar="KEY")


@contextmanager
def _stack(tenant: str) -> Iterator[tuple[Sotto, Caller]]:
    sotto = Sotto.of(records_environment() | keys_environment() | os.environ)
    with sdk_errors_translated(sotto.settings.of(AwsRegion).region):
        yield sotto, Caller(tenant, signed_in(sotto.client("sts")), Role.ADMIN)


@click.group()
def keys() -> None:
    """Create, list, roll and revoke API keys (docs/api.md).

    In the stack that the environment names: AWS_REGION and credentials; AWS_ENDPOINT_URL for an embedded one."""


@keys.command()
@tenant_argument
@click.option("--app", required=True, help="The integration whose key it is; it has two live ones at most.")
@click.option("--role", type=click.Choice([role.value for role in Role if role is not Role.AGENT]), required=True)
@click.option("--scope", "scopes", multiple=True, required=True, help="Such as contacts:read; several are possible.")
@click.option("--team", "teams", multiple=True, help="For a role that reaches teams.")
@click.option("--days", type=int, help="After how many it expires.")
def create(tenant: str, app: str, role: str, scopes: tuple[str, ...], teams: tuple[str, ...], days: int | None) -> None:
    """Create a key and print it: this once, and never again."""
    with _stack(tenant) as (sotto, caller):
        asked = KeyRequest(app, Role(role), frozenset(scopes), frozenset(teams), days)
        _show_new(create_key(caller, asked, sotto.key_ports))


@keys.command("list")
@tenant_argument
def list_(tenant: str) -> None:
    """List all keys, those that are over too."""
    with _stack(tenant) as (sotto, caller):
        now_ms = sotto.clock.now_ms()
        for each in list_keys(caller, sotto.key_ports):
            show_line(f"{each.id}  {each.app}  {each.role}  {_standing(each, now_ms)}  {' '.join(sorted(each.scopes))}")


@keys.command()
@tenant_argument
@key_argument
@click.option("--overlap-hours", type=click.IntRange(0, LONGEST_OVERLAP_HOURS), default=OVERLAP_HOURS)
def roll(tenant: str, key_id: str, overlap_hours: int) -> None:
    """Create another key in place of one, which goes on for a while."""
    with _stack(tenant) as (sotto, caller):
        _show_new(roll_key(caller, key_id, overlap_hours, sotto.key_ports))


@keys.command()
@tenant_argument
@key_argument
def revoke(tenant: str, key_id: str) -> None:
    """End a key now."""
    with _stack(tenant) as (sotto, caller):
        revoked = revoke_key(caller, key_id, sotto.key_ports)
    show_line(f"{revoked.id} is revoked")


def _show_new(made: NewKey) -> None:
    show_line(f"key {made.key.id} of {made.key.app}: it is shown this once", err=True)
    click.echo(made.text)


def _standing(key: ApiKey, now_ms: float) -> str:
    if key.revoked_at_ms is not None:
        return f"revoked {minute(key.revoked_at_ms)}"
    if not key.is_live(now_ms):
        return "expired"
    used = "never used" if key.last_used_at_ms is None else f"last used {minute(key.last_used_at_ms)}"
    return used if key.expires_at_ms is None else f"{used}, until {minute(key.expires_at_ms)}"
