"""Unit: API keys, from their creation to their end, and the door that they open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.api.caller import Caller, Unauthorised
from sotto.api.keys.authorise import DoorPorts, ScopeMissing, Unidentified, Uses, identified
from sotto.api.keys.key import KeyRefused, WrittenKey, new_key, written_key
from sotto.api.keys.use_cases import (
    DAY_MS,
    HOUR_MS,
    BadKeyRequest,
    KeyPorts,
    KeyRequest,
    NewKey,
    NoSuchKey,
    create_key,
    list_keys,
    revoke_key,
    roll_key,
)
from sotto.api.roles import Role
from sotto.api.tokens import TokenRefused
from sotto.core.audit import AuditAction
from tests.fakes.api_keys import KeysInMemory
from tests.fakes.audit_log import AuditLogInMemory
from tests.fakes.directory import DirectoryInMemory
from tests.fakes.turned_clock import TurnedClock

SCOPES = frozenset({"contacts:read", "search:read", "keys:write"})
ADMIN = Caller("bank", "ann", Role.ADMIN)
CRM = KeyRequest("crm", Role.ANALYST, frozenset({"contacts:read"}))


class OneToken:
    """Tokens of which one is good."""

    def claims(self, token: str) -> Mapping[str, Any]:
        if token != "good":
            raise TokenRefused("token: it is not signed by the issuer")
        return {"tenant": "bank", "agent": "emma", "role": "supervisor", "teams": ["service"]}


class House:
    def __init__(self) -> None:
        self.clock = TurnedClock()
        self.store = KeysInMemory()
        self.audit = AuditLogInMemory()
        self.ports = KeyPorts(self.store, self.audit, self.clock, SCOPES)
        self.tenants = frozenset({"bank", "garage"})

    def door(self) -> DoorPorts:
        """Of a new process."""
        return DoorPorts(self.store, OneToken(), self.tenants, DirectoryInMemory(), self.clock, Uses())

    def create(self, asked: KeyRequest = CRM, caller: Caller = ADMIN) -> NewKey:
        return create_key(caller, asked, self.ports)


@pytest.fixture
def house() -> House:
    return House()


def test_a_new_key_opens_the_door_as_what_it_was_made_for(house: House) -> None:
    made = house.create()
    principal = identified(f"Bearer {made.text}", house.door())
    assert principal.caller == Caller("bank", f"key:{made.key.id}", Role.ANALYST)
    principal.require("contacts:read")
    with pytest.raises(ScopeMissing, match="search:read"):
        principal.require("search:read")


def test_the_key_itself_is_kept_nowhere(house: House) -> None:
    made = house.create()
    secret = written_key(made.text).secret
    kept = repr(house.store.keys("bank")) + repr(house.audit.all) + repr(made) + repr(written_key(made.text))
    assert secret not in kept


def test_who_made_and_who_revoked_a_key_is_in_the_audit_log(house: House) -> None:
    made = house.create()
    revoke_key(ADMIN, made.key.id, house.ports)
    done = [(each.who, each.action, each.record) for each in house.audit.all]
    record = f"key/{made.key.id}"
    assert done == [("ann", AuditAction.KEY_CREATED, record), ("ann", AuditAction.KEY_REVOKED, record)]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_nobody_but_an_admin_manages_keys(house: House, role: Role) -> None:
    somebody = Caller("bank", "sue", role)
    made = house.create()
    for use in (
        lambda: house.create(caller=somebody),
        lambda: list_keys(somebody, house.ports),
        lambda: revoke_key(somebody, made.key.id, house.ports),
        lambda: roll_key(somebody, made.key.id, 1, house.ports),
    ):
        with pytest.raises(Unauthorised):
            use()


def test_an_admin_sees_and_revokes_no_key_of_another_tenant(house: House) -> None:
    made = house.create()
    other = Caller("garage", "gus", Role.ADMIN)
    assert list_keys(other, house.ports) == []
    with pytest.raises(NoSuchKey):
        revoke_key(other, made.key.id, house.ports)
    identified(f"Bearer {made.text}", house.door())


def test_an_app_has_two_live_keys_and_no_third(house: House) -> None:
    first = house.create()
    second = roll_key(ADMIN, first.key.id, 24, house.ports)
    for each in (first, second):
        identified(f"Bearer {each.text}", house.door())
    with pytest.raises(BadKeyRequest, match="2 live keys"):
        house.create()
    with pytest.raises(BadKeyRequest, match="2 live keys"):
        roll_key(ADMIN, second.key.id, 24, house.ports)


def test_a_rolled_key_ends_when_it_was_scheduled_to(house: House) -> None:
    first = house.create()
    second = roll_key(ADMIN, first.key.id, 24, house.ports)
    house.clock.pass_ms(24 * HOUR_MS - 1)
    identified(f"Bearer {first.text}", house.door())
    house.clock.pass_ms(1)
    with pytest.raises(KeyRefused):
        identified(f"Bearer {first.text}", house.door())
    identified(f"Bearer {second.text}", house.door())
    house.create()  # there is room again


def test_a_key_expires(house: House) -> None:
    made = house.create(KeyRequest("crm", Role.ANALYST, frozenset({"contacts:read"}), expires_in_days=1))
    house.clock.pass_ms(DAY_MS)
    with pytest.raises(KeyRefused):
        identified(f"Bearer {made.text}", house.door())
    with pytest.raises(BadKeyRequest, match="no longer live"):
        roll_key(ADMIN, made.key.id, 1, house.ports)


def test_a_revoked_key_opens_nothing_from_the_next_request_on(house: House) -> None:
    made, door = house.create(), house.door()
    identified(f"Bearer {made.text}", door)
    revoke_key(ADMIN, made.key.id, house.ports)
    with pytest.raises(KeyRefused):
        identified(f"Bearer {made.text}", door)


def test_a_key_of_a_tenant_that_is_not_served_here_opens_nothing(house: House) -> None:
    made = house.create()
    house.tenants = frozenset({"garage"})
    with pytest.raises(KeyRefused):
        identified(f"Bearer {made.text}", house.door())


def test_a_key_with_another_tenants_name_written_in_opens_nothing(house: House) -> None:
    made = written_key(house.create().text)
    forged = type(made)("garage", made.id, made.secret)
    with pytest.raises(KeyRefused):
        identified(f"Bearer {forged.text}", house.door())


@given(
    st.text(max_size=250) | st.text("sotto_live_bank0123456789abcdefZ#\x00é", max_size=250).map("sotto_live_".__add__)
)
def test_nothing_but_a_key_is_a_key(text: str) -> None:
    with pytest.raises(KeyRefused):
        written_key(text)


@given(st.data())
def test_a_key_with_any_character_changed_is_refused_before_anything_is_asked(data: st.DataObject) -> None:
    text = WrittenKey("harbour_bank", "a1b2c3d4e5f6", "Z9" * 20).text
    at = data.draw(st.integers(len("sotto_live_"), len(text) - 1))
    other = data.draw(st.sampled_from([each for each in "abcXYZ019_" if each != text[at]]))
    with pytest.raises(KeyRefused):
        written_key(text[:at] + other + text[at + 1 :])


def test_keys_of_tenants_with_any_name_are_read_as_they_were_written() -> None:
    for tenant in ("a", "harbour_bank", "a_b_c", "0" * 64, "x-y_z-1"):
        made = new_key(tenant)
        assert written_key(made.text) == made


@pytest.mark.parametrize("header", [None, "", "Basic abc", "Bearer", "token"])
def test_without_a_bearer_nobody_is_known(house: House, header: str | None) -> None:
    with pytest.raises(Unidentified):
        identified(header, house.door())


def test_a_person_comes_through_the_same_door_with_every_scope(house: House) -> None:
    principal = identified("bearer good", house.door())
    assert principal.caller.role is Role.SUPERVISOR and principal.key_id is None
    principal.require("keys:write")
    with pytest.raises(TokenRefused):
        identified("Bearer bad", house.door())


def test_the_use_of_a_key_is_written_once_an_hour_and_a_process(house: House) -> None:
    made, doors = house.create(), [house.door(), house.door()]
    for _ in range(50):
        for door in doors:
            identified(f"Bearer {made.text}", door)
    assert house.store.uses == 1
    house.clock.pass_ms(HOUR_MS)
    for door in doors:
        identified(f"Bearer {made.text}", door)
    assert house.store.uses == 2


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (KeyRequest("CRM", Role.ANALYST, SCOPES), "app"),
        (KeyRequest("", Role.ANALYST, SCOPES), "app"),
        (KeyRequest("crm", Role.AGENT, SCOPES), "role"),
        (KeyRequest("crm", Role.ANALYST, frozenset()), "scopes"),
        (KeyRequest("crm", Role.ANALYST, frozenset({"everything"})), "scopes"),
        (KeyRequest("crm", Role.ANALYST, SCOPES, expires_in_days=0), "expires_in_days"),
        (KeyRequest("crm", Role.ANALYST, SCOPES, expires_in_days=10_000), "expires_in_days"),
    ],
)
def test_what_makes_no_key_is_refused_by_the_name_of_its_field(house: House, asked: KeyRequest, field: str) -> None:
    with pytest.raises(BadKeyRequest, match=f"^{field}:"):
        house.create(asked)
    assert not house.store.keys("bank") and not house.audit.all
