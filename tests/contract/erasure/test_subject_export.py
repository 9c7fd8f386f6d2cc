"""Contract: what a person gets who asks for a copy, on moto's DynamoDB and KMS."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from moto import mock_aws

from sotto.api.caller import Caller, Unauthorised
from sotto.api.privacy import ask_to_hand_over, certificate, erase, hand_over, hand_over_page, hold, release
from sotto.api.roles import Role
from sotto.core.audit import AuditAction, AuditEntry, contact_record
from sotto.erasure.export import KEPT_MS
from sotto.erasure.identity import Identity, IdentityKind, identity
from sotto.erasure.request import NobodyKnown, NoSuchRequest
from tests.contract.erasable_bank import BANK, CALL, CALLER, CANARY, ELSE, GARAGE, LEG, NOW_MS, OTHER, ErasableBank

OFFICER = Caller(BANK, "petra", Role.PRIVACY_OFFICER)
PERSON = identity(IdentityKind.PHONE, CALLER)


@pytest.fixture
def bank() -> Iterator[ErasableBank]:
    with mock_aws():
        made = ErasableBank()
        made.record(CALL)
        made.record(LEG, of=CALL)
        made.record(OTHER, caller=ELSE)
        for each in (CALL, LEG, OTHER):
            made.talk(each)
        yield made


def test_an_export_has_all_that_is_kept_and_who_looked_at_it(bank: ErasableBank) -> None:
    looked = AuditEntry(BANK, "sofia", AuditAction.LOOKED_INTO, contact_record(CALL), NOW_MS - 1_000)
    bank.sotto.audit_log.append(looked)
    found = json.loads(json.dumps(hand_over(OFFICER, PERSON, bank.sotto.privacy_ports)))
    first, second = found["contacts"]
    assert (first["contact_id"], second["contact_id"]) == (CALL, LEG)
    parts = {name: json.dumps(part).count(f"{CANARY} {CALL}") for name, part in first["records"].items()}
    assert parts == {"contact": 1, "notes_of_supervisors": 1, "questions": 1, "summaries": 1, "transcript": 1}
    assert [(each["who"], each["action"]) for each in first["accesses"]] == [
        ("sofia", "looked_into"),
        ("petra", "subject_exported"),
    ]
    assert f"{CANARY} {OTHER}" not in json.dumps(found)


def test_an_export_is_in_the_audit_log(bank: ErasableBank) -> None:
    hand_over(OFFICER, PERSON, bank.sotto.privacy_ports)
    entries = bank.sotto.audit_log.entries(BANK, NOW_MS, NOW_MS + 1)
    kept = [(each.who, each.record) for each in entries if each.action is AuditAction.SUBJECT_EXPORTED]
    assert kept == [("petra", "contact/c1"), ("petra", "contact/c2")]


def test_what_is_erased_is_in_no_export(bank: ErasableBank) -> None:
    erase(OFFICER, PERSON, bank.sotto.privacy_ports)
    bank.run_to_the_end()
    by_id = identity(IdentityKind.CONTACT, CALL)
    assert CANARY not in json.dumps(hand_over(OFFICER, by_id, bank.sotto.privacy_ports))


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR])
@pytest.mark.parametrize("known", [CALLER, "+15550000000"])
def test_nobody_but_an_officer_learns_anything(bank: ErasableBank, role: Role, known: str) -> None:
    caller, ports = Caller(BANK, "emma", role, frozenset({"service"})), bank.sotto.privacy_ports
    asked = identity(IdentityKind.PHONE, known)
    for use_case in (erase, hand_over, release):
        with pytest.raises(Unauthorised):
            use_case(caller, asked, ports)
    with pytest.raises(Unauthorised):
        hold(caller, asked, "2026/1", ports)
    with pytest.raises(Unauthorised):
        certificate(caller, "any", ports)
    assert list(bank.sotto.audit_log.entries(BANK, NOW_MS, NOW_MS + 1)) == []


def test_an_officer_of_another_tenant_knows_nobody_here(bank: ErasableBank) -> None:
    other, ports = Caller(GARAGE, "gustav", Role.PRIVACY_OFFICER), bank.sotto.privacy_ports
    for asked in (PERSON, Identity(IdentityKind.CONTACT, CALL)):
        with pytest.raises(NobodyKnown):
            hand_over(other, asked, ports)
    request = erase(OFFICER, PERSON, ports)
    bank.run_to_the_end()
    assert certificate(OFFICER, request.id, ports).remaining == 0
    with pytest.raises(NoSuchRequest):
        certificate(other, request.id, ports)


def test_an_export_is_read_a_few_contacts_at_a_time_as_they_are_then(bank: ErasableBank) -> None:
    ports = bank.sotto.privacy_ports
    asked = ask_to_hand_over(OFFICER, PERSON, ports)
    assert asked.contacts == (CALL, LEG)
    _, first = hand_over_page(OFFICER, asked.id, "", 1, ports)
    _, second = hand_over_page(OFFICER, asked.id, str(first[0]["contact_id"]), 1, ports)
    whole = json.loads(json.dumps(hand_over(OFFICER, PERSON, ports)))["contacts"]
    pages = json.loads(json.dumps([*first, *second]))
    assert [each["records"] for each in pages] == [each["records"] for each in whole]
    assert hand_over_page(OFFICER, asked.id, LEG, 5, ports)[1] == []


def test_what_is_erased_after_it_was_asked_for_is_on_no_page_of_it(bank: ErasableBank) -> None:
    asked = ask_to_hand_over(OFFICER, PERSON, bank.sotto.privacy_ports)
    erase(OFFICER, PERSON, bank.sotto.privacy_ports)
    bank.run_to_the_end()
    _, page = hand_over_page(OFFICER, asked.id, "", 20, bank.sotto.privacy_ports)
    assert CANARY not in json.dumps(page)


def test_an_export_is_gone_after_a_week_and_never_another_tenants(bank: ErasableBank) -> None:
    ports = bank.sotto.privacy_ports
    asked = ask_to_hand_over(OFFICER, PERSON, ports)
    others = Caller(GARAGE, "petra", Role.PRIVACY_OFFICER)
    for caller in (others, Caller(BANK, "ann", Role.ADMIN)):
        with pytest.raises((NoSuchRequest, Unauthorised)):
            hand_over_page(caller, asked.id, "", 5, ports)
    bank.clock.advance(KEPT_MS)
    with pytest.raises(NoSuchRequest):
        hand_over_page(OFFICER, asked.id, "", 5, ports)
