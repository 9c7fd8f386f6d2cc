"""Contract: the erasure of a person, on moto's DynamoDB and KMS: who is found, what goes, and what proves it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from moto import mock_aws

from functions.run_erasure.handler import handler
from sotto.aws.data_keys import ContactErased
from sotto.call.contact import Speaker
from sotto.call.events import ConversationStarted
from sotto.call.summary import CallSummary, Origin, SummaryLine, SummaryPart
from sotto.call.utterance import Utterance
from sotto.consent.kept import may_keep
from sotto.core.audit import AuditAction
from sotto.core.errors import Retryable
from sotto.core.subject_data import ErasureStep
from sotto.erasure.adapters.kms_signer import is_genuine
from sotto.erasure.ask import ask_erasure, replay_suppressed
from sotto.erasure.expire import expire
from sotto.erasure.hold import place_hold, release_hold
from sotto.erasure.identity import IdentityKind, identity
from sotto.erasure.index import index_contact
from sotto.erasure.request import NobodyKnown, Progress
from sotto.erasure.run import QUIET_MS, run_request
from sotto.transcription.lease.lease import LeaseLost, Takeover
from tests.contract.erasable_bank import (
    BANK,
    CALL,
    CALLER,
    CANARY,
    CLERK,
    ELSE,
    GARAGE,
    LEG,
    NOW_MS,
    OTHER,
    ErasableBank,
)


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


def test_words_are_stored_so_that_nobody_can_read_them_without_the_contacts_key(bank: ErasableBank) -> None:
    stored = bank.everything()
    assert stored.count(f"{CANARY} {CALL}") == 1, "the contact's attributes alone, which the erasure empties"
    assert CALLER not in stored and CALLER.lstrip("+") not in stored
    read = bank.another_process()
    (utterance,) = read.conversations.utterances(BANK, CALL, 0, 10)
    assert utterance.text == f"{CANARY} {CALL}"


def test_a_person_asked_for_by_number_is_gone_with_all_legs_and_nobody_else_is(bank: ErasableBank) -> None:
    request = bank.ask("0015135557611")
    assert request.contacts == 2
    bank.run_to_the_end()
    stored = bank.everything()
    assert f"{CANARY} {CALL}" not in stored and f"{CANARY} {LEG}" not in stored
    kept = ("contact", "lease", "consent#", "event#", "erasure#")
    assert bank.stored(CALL) and not [sk for sk in bank.stored(CALL) if not sk.startswith(kept)]
    assert bank.another_process().conversations.utterances(BANK, OTHER, 0, 10)
    certificate = bank.sotto.erasure_requests.certificate(BANK, request.id)
    assert certificate is not None and certificate.remaining == 0 and certificate.contacts == 2
    assert certificate.counts["data keys"] == 2 and certificate.counts["identity entries"] == 2
    assert certificate.counts["items"] >= 8


def test_every_version_of_a_recording_goes_and_nobody_elses(bank: ErasableBank) -> None:
    for contact_id in (CALL, OTHER, f"{CALL}0"):
        bank.put_recordings(contact_id)
    request = bank.ask()
    bank.run_to_the_end()
    assert bank.objects() == [
        key for of in (f"{CALL}0", OTHER) for key in (*2 * [_recording(of, 1)], *2 * [_recording(of, 2)])
    ]
    certificate = bank.sotto.erasure_requests.certificate(BANK, request.id)
    assert certificate is not None and certificate.counts["object versions"] == 4


def test_recordings_that_are_over_go_and_held_ones_stay(bank: ErasableBank) -> None:
    for contact_id in (CALL, OTHER):
        bank.put_recordings(contact_id)
    place_hold(BANK, [OTHER], matter="2026/9", who=CLERK, ports=bank.sotto.hold_ports)
    bank.clock.advance(-bank.clock.now_ms() + _written_ms(bank))
    assert expire(BANK, bank.sotto.expire_ports) == 0
    bank.clock.advance(91 * 86_400_000)
    assert expire(BANK, bank.sotto.expire_ports) == 4
    assert {key.split("/")[2] for key in bank.objects()} == {OTHER}


def _recording(contact_id: str, number: int) -> str:
    return f"{BANK}/recordings/{contact_id}/r{number}.wav"


def _written_ms(bank: ErasableBank) -> float:
    """S3 dates objects by its own clock."""
    return float(bank.s3.list_object_versions(Bucket="sotto-audio")["Versions"][0]["LastModified"].timestamp() * 1000)


def test_a_certificate_says_no_identity_and_is_genuine_until_somebody_changes_it(bank: ErasableBank) -> None:
    request = bank.ask()
    bank.run_to_the_end()
    certificate = bank.sotto.erasure_requests.certificate(BANK, request.id)
    assert certificate is not None
    public = bank.sotto.certificate_signer.public_key()
    assert is_genuine(certificate, public)
    assert not is_genuine(replace(certificate, contacts=3), public)
    assert not is_genuine(replace(certificate, signature=""), public)
    for private in (CALLER, "5135557611", CALL + '"', CANARY):
        assert private not in repr(certificate)


def test_no_certificate_before_no_process_can_know_a_key_any_more(bank: ErasableBank) -> None:
    request = bank.ask()
    bank.run()
    bank.clock.advance(QUIET_MS - 1)
    bank.run()
    assert bank.sotto.erasure_requests.certificate(BANK, request.id) is None
    bank.clock.advance(1)
    bank.run()
    assert bank.sotto.erasure_requests.certificate(BANK, request.id) is not None


def test_whoever_transcribes_the_call_loses_it_and_nothing_written_meanwhile_stays(bank: ErasableBank) -> None:
    bank.record("live", caller="+4915112345678")
    worker = bank.another_process()
    lease = worker.leases.take(BANK, "live", Takeover("w", 1), now_ms=NOW_MS)
    assert lease is not None
    first = Utterance(BANK, "live", "u1", 1, Speaker.CUSTOMER, 1, 2, "before")
    lease = worker.leases.commit(lease, first, lease.checkpoint)
    bank.ask("+4915112345678")
    bank.run()
    with pytest.raises(LeaseLost):
        worker.leases.commit(lease, replace(first, id="u2", seq=2, text="after"), lease.checkpoint)
    contact = bank.sotto.contacts.contact(BANK, "live")
    assert contact is not None and not may_keep(contact, bank.sotto.consents), "steps of the workflow ask, and stop"
    # Another process remembers the key, and writes for as long as it does; the second round takes that too.
    worker.summaries.store(_summary("live", f"{CANARY} late"))
    bank.clock.advance(QUIET_MS)
    with pytest.raises(ContactErased):
        worker.summaries.store(_summary("live", f"{CANARY} too late"))
    bank.run()
    assert not [sk for sk in bank.stored("live") if sk.startswith(("summary", "utterance"))]


def test_asked_twice_at_once_and_again_afterwards_each_ends_with_a_certificate(bank: ErasableBank) -> None:
    first, second = bank.ask(), bank.ask(CALL, IdentityKind.CONTACT)
    bank.run_to_the_end()
    third = bank.ask(CALL, IdentityKind.CONTACT)
    bank.run_to_the_end()
    kept = [bank.sotto.erasure_requests.certificate(BANK, each.id) for each in (first, second, third)]
    assert [each is not None and each.remaining == 0 for each in kept] == [True] * 3
    assert kept[2] is not None and kept[2].counts.get("items", 0) == 0


def test_an_erasure_goes_on_where_it_was_interrupted(bank: ErasableBank) -> None:
    request = bank.ask()
    broken = _Failing(times=4)  # in each of two runs, for both contacts
    ports = replace(bank.sotto.run_erasure_ports, erasers=(*bank.sotto.run_erasure_ports.erasers, broken))
    for _ in range(2):
        with pytest.raises(Retryable):
            run_request(BANK, request.id, ports)
    for _ in range(2):
        run_request(BANK, request.id, ports)
        bank.clock.advance(QUIET_MS)
    run_request(BANK, request.id, ports)
    certificate = bank.sotto.erasure_requests.certificate(BANK, request.id)
    assert certificate is not None and certificate.counts["data keys"] == 2


def test_what_an_eraser_still_finds_is_not_certified(bank: ErasableBank) -> None:
    request = bank.ask()
    stubborn = _Failing(times=0, left=1)
    ports = replace(bank.sotto.run_erasure_ports, erasers=(*bank.sotto.run_erasure_ports.erasers, stubborn))
    for _ in range(4):
        run_request(BANK, request.id, ports)
        bank.clock.advance(QUIET_MS)
    assert bank.sotto.erasure_requests.certificate(BANK, request.id) is None
    stubborn.remaining = 0
    assert run_request(BANK, request.id, ports).certified


def test_a_hold_keeps_everything_until_it_is_released_and_then_the_erasure_is_done(bank: ErasableBank) -> None:
    place_hold(BANK, [CALL, LEG], matter="2026/441", who=CLERK, ports=bank.sotto.hold_ports)
    request = bank.ask()
    bank.run_to_the_end()
    assert [each.progress for each in bank.sotto.erasure_requests.contacts(BANK, request.id)] == [Progress.HELD] * 2
    assert bank.another_process().conversations.utterances(BANK, CALL, 0, 10)
    bank.clock.advance(400 * 86_400_000)  # all would be over
    assert bank.another_process().conversations.utterances(BANK, CALL, 0, 10)
    assert not bank.another_process().conversations.utterances(BANK, OTHER, 0, 10)
    release_hold(BANK, [CALL, LEG], who=CLERK, ports=bank.sotto.hold_ports)
    bank.run_to_the_end()
    assert bank.sotto.erasure_requests.certificate(BANK, request.id) is not None
    assert f"{CANARY} {CALL}" not in bank.everything()


def test_of_somebody_nobody_knows_and_of_another_tenants_customer_the_answer_is_the_same(bank: ErasableBank) -> None:
    bank.record("g1", tenant=GARAGE, caller="+15550001111")
    messages = set()
    for kind, written in (
        (IdentityKind.PHONE, "+15559998888"),
        (IdentityKind.PHONE, "+15550001111"),
        (IdentityKind.CUSTOMER_ID, "nobody"),
    ):
        with pytest.raises(NobodyKnown) as raised:
            bank.ask(written, kind)
        messages.add(str(raised.value).partition(":")[2])
        assert written not in str(raised.value)
    with pytest.raises(NobodyKnown):
        bank.ask("g1", IdentityKind.CONTACT)
    assert len(messages) == 1
    assert not bank.sotto.erasure_requests.open_requests(BANK, limit=10)


def test_what_a_restore_brings_back_is_unreadable_and_goes_when_the_list_is_replayed(bank: ErasableBank) -> None:
    contacts, keys_before = bank.backup("sotto-contacts"), bank.backup("sotto-data-keys")
    bank.ask()
    bank.run_to_the_end()
    bank.put_back(contacts, "sotto-contacts")
    assert bank.another_process().conversations.utterances(BANK, CALL, 0, 10) == [], "its key is destroyed"
    bank.put_back(keys_before, "sotto-data-keys")  # restored within the day in which that is possible
    assert bank.another_process().conversations.utterances(BANK, CALL, 0, 10)
    again = replay_suppressed(BANK, bank.sotto.ask_ports)
    assert again is not None and again.contacts == 2
    bank.run_to_the_end()
    assert f"{CANARY} {CALL}" not in bank.everything()
    assert bank.another_process().conversations.utterances(BANK, CALL, 0, 10) == []
    assert bank.another_process().conversations.utterances(BANK, OTHER, 0, 10)


def test_the_function_takes_each_tenants_requests_as_far_as_it_can(bank: ErasableBank) -> None:
    request = bank.ask()
    environment = bank.environment | {"SOTTO_CONNECT_INSTANCES": '{"i": "harbour_bank", "g": "torque_garage"}'}
    function = handler.started(environment, session=bank.session, clock=bank.clock)
    function({}, None)
    bank.clock.advance(QUIET_MS)
    function({}, None)
    assert bank.sotto.erasure_requests.certificate(BANK, request.id) is not None
    actions = [each.action for each in bank.sotto.audit_log.entries(BANK, NOW_MS, NOW_MS + 86_400_000)]
    assert actions.count(AuditAction.ERASED) == 2 and AuditAction.ERASURE_ASKED in actions


def test_a_contact_is_found_by_number_and_by_the_attribute_that_the_tenant_names(bank: ErasableBank) -> None:
    contact = bank.record("new", caller="+441632960000")
    bank.instance.values["new"] = {"customer_id": "C-77", "email": "no address"}
    assert index_contact(ConversationStarted.of(contact), bank.sotto.index_ports) == 2
    for kind, written in ((IdentityKind.CUSTOMER_ID, "C-77"), (IdentityKind.PHONE, "0044 1632 960000")):
        assert bank.sotto.identity_index.contacts(BANK, identity(kind, written)) == ["new"]
    assert bank.sotto.identity_index.contacts(GARAGE, identity(IdentityKind.PHONE, "+441632960000")) == []
    assert "C-77" not in bank.everything().replace("attributes", "") and "1632960000" not in bank.everything()


def _summary(contact_id: str, text: str) -> CallSummary:
    return CallSummary(BANK, contact_id, (SummaryLine(SummaryPart.OVERVIEW, text),), Origin.QUOTED, "", 9, NOW_MS, 2)


class _Failing:
    """An eraser that fails so often, and then finds so much left."""

    name = "failing"
    step = ErasureStep.CRM

    def __init__(self, times: int, left: int = 0) -> None:
        self._times = times
        self.remaining = left

    def erase(self, tenant: str, contact_id: str) -> dict[str, int]:
        if self._times:
            self._times -= 1
            raise Retryable("the CRM is down")
        return {"crm records": 0}

    def left(self, tenant: str, contact_id: str) -> int:
        return self.remaining


def test_asking_as_a_tenant_without_contacts_is_refused_before_anything_is_stored(bank: ErasableBank) -> None:
    with pytest.raises(NobodyKnown):
        ask_erasure(GARAGE, identity(IdentityKind.PHONE, CALLER), who=CLERK, ports=bank.sotto.ask_ports)
