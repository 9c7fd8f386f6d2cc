"""Contract tests: what is filed when people, cases, declarations and consents are not as one would like. The systems
answer by HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from local.simulation.consents import ConsentsInMemory
from sotto.after_call.filed import STEP, FiledOnPanel
from sotto.after_call.workflow.records import WorkPorts
from sotto.call.after_call_work import AfterCallWork, StepOutcome
from sotto.call.contact import Speaker
from sotto.call.envelope import NotAnEvent
from sotto.call.events import ConsentWithdrawn, CrmFiled, PersonChosen, TranscriptCompleted
from sotto.call.filing import FiledCall, FilingState
from sotto.consent.rules import ConsentRecord
from sotto.core.errors import Retryable
from sotto.filing.choose_person import ChoicePorts, UnknownPerson, choose_person
from sotto.filing.crm import OutcomeKind
from sotto.filing.erase import FiledEraser, NotErasedYet, erase_filed
from sotto.filing.file_conversation import LOOK_AGAIN_MS, file_again, file_conversation
from sotto.filing.outbox import GIVE_UP_MS, LEASE_MS, DueRow
from sotto.filing.outcomes import poll_outcomes
from sotto.filing.settle import settle
from sotto.filing.sweep import sweep
from sotto.realtime.panel_publisher import PanelPublisher
from sotto.tenants.filing import WhenSeveral
from tests.contract.filing.desks import HttpDesk, desk_of
from tests.contract.filing.office import CONTACT_ID, PHONE, TENANT, Office
from tests.fakes.call_records import WorkInMemory
from tests.fakes.channel import ChannelInMemory


@pytest.fixture
def desk() -> Iterator[HttpDesk]:
    with desk_of("salesforce") as found:
        assert isinstance(found, HttpDesk)
        yield found


def filed(office: Office) -> FiledCall:
    return office.panel.shown[office.system.name]


def swept(office: Office, after_ms: float = LOOK_AGAIN_MS) -> None:
    office.clock.pass_ms(after_ms)
    sweep([TENANT], office.ports, until_ms=office.clock.monotonic_ms() + 60_000)


def choose(office: Office, person: str) -> None:
    def shown(tenant: str, contact_id: str) -> tuple[FiledCall, ...]:
        return tuple(office.panel.shown.values())

    choose_person(office.contact, office.system.name, person, "emma", ChoicePorts(office.rows, shown, office.clock))
    event = office.rows.events[-1]
    assert isinstance(event, PersonChosen)
    settle(event, office.ports, office.erasing)


def test_a_call_is_filed_with_summary_ending_duration_and_link(desk: Any) -> None:
    office = Office(desk)
    office.choose("Card blocked")
    person = desk.add_person("Ada Love", phone="(513) 555-7611")
    (row,) = file_conversation(TENANT, CONTACT_ID, office.ports)
    (task,) = desk.vendor.tasks.values()
    assert (task["Subject"], task["CallDisposition"]) == ("Call: Card blocked", "Card blocked")
    assert (task["CallDurationInSeconds"], task["CallType"], task["WhoId"]) == (90, "Inbound", person)
    assert task["Description"] == (
        "Reason:\n- The card is blocked.\n\nDisposition: Card blocked\nQueue: Cards\n"
        "Made by Sotto, not reviewed by a person"
    )
    assert (row.state, filed(office).state) == (FilingState.FILED, FilingState.FILED)
    assert filed(office).address.endswith(f"/lightning/r/Task/{row.record}/view")
    assert office.rows.events == [CrmFiled.of(TENANT, CONTACT_ID, "salesforce", row.version, office.clock.now_ms())]


def test_an_ending_that_nobody_confirmed_is_said_to_be_suggested_and_fills_no_field(desk: Any) -> None:
    office = Office(desk)
    office.choose("Card blocked")
    work = office.work.kept[TENANT, CONTACT_ID]
    assert work.disposition is not None
    office.work.kept[TENANT, CONTACT_ID] = replace(work, disposition=replace(work.disposition, choice=None))
    file_conversation(TENANT, CONTACT_ID, office.ports)
    (task,) = desk.vendor.tasks.values()
    assert task["CallDisposition"] == ""


def test_of_several_people_the_agent_chooses_and_till_then_the_call_is_nobodys(desk: Any) -> None:
    ada, grace = (desk.add_person(name, phone=PHONE) for name in ("Ada Love", "Grace Hop"))
    office = Office(desk)
    (row,) = file_conversation(TENANT, CONTACT_ID, office.ports)
    assert (row.state, desk.person_of(row.record)) == (FilingState.AMBIGUOUS, "")
    assert [each.id for each in filed(office).persons] == [ada, grace]
    office.summarise("The card is on its way.")
    file_again(TENANT, CONTACT_ID, office.ports)
    assert "on its way" in desk.calls()[0]
    assert [each.id for each in filed(office).persons] == [ada, grace]  # they stay to be chosen from
    choose(office, grace)
    assert (office.row.state, desk.person_of(office.row.record)) == (FilingState.FILED, grace)
    assert len(desk.calls()) == 1


def test_a_call_may_be_held_until_the_agent_chooses(desk: Any) -> None:
    for number in range(40):
        desk.add_person(f"Person {number}", phone=PHONE)
    office = Office(desk)
    office.declare(office.system.model_copy(update={"several": WhenSeveral.HOLD}))
    file_conversation(TENANT, CONTACT_ID, office.ports)
    for _ in range(3):
        swept(office, 86_400_000)
        file_again(TENANT, CONTACT_ID, office.ports)
    assert desk.calls() == []
    assert (len(filed(office).persons), filed(office).has_more) == (10, True)
    choose(office, "")
    assert (office.row.state, desk.person_of(office.row.record)) == (FilingState.FILED, "")


def test_only_who_was_offered_can_be_chosen(desk: Any) -> None:
    for name in ("Ada Love", "Grace Hop"):
        desk.add_person(name, phone=PHONE)
    office = Office(desk)
    file_conversation(TENANT, CONTACT_ID, office.ports)
    with pytest.raises(UnknownPerson):
        choose(office, "003-of-somebody-else")


def test_who_was_not_found_is_looked_for_once_more_when_searches_have_caught_up() -> None:
    with desk_of("hubspot") as desk:
        person = desk.add_person("Ada Love", phone=PHONE)  # a second ago
        office = Office(desk)
        (row,) = file_conversation(TENANT, CONTACT_ID, office.ports)
        assert desk.person_of(row.record) == ""
        swept(office)
        assert desk.person_of(row.record) == person
        asked = desk.asked()
        swept(office)
        swept(office)
        assert desk.asked() == asked


def test_a_case_that_a_flow_named_has_the_call_and_one_that_is_gone_costs_nothing(desk: Any) -> None:
    case = desk.add_case()
    office = Office(desk, phone=None, crm_case=case)
    file_conversation(TENANT, CONTACT_ID, office.ports)
    assert "The card is blocked." in desk.said_of(case)[0]
    desk.lose_case(case)
    office.summarise("The card is on its way.")
    file_again(TENANT, CONTACT_ID, office.ports)
    assert office.row.state is FilingState.FILED
    assert "on its way" in desk.calls()[0]


def test_a_system_that_refuses_is_shown_as_failed_and_files_once_it_is_put_right(desk: Any) -> None:
    office = Office(desk, phone=None)
    desk.revoke()
    file_conversation(TENANT, CONTACT_ID, office.ports)
    assert filed(office).state is FilingState.FAILED
    swept(office, 3_700_000)
    assert desk.calls() == []
    desk.rotate()
    office.crm = desk.anew(None)
    swept(office, 3_700_000)
    assert (office.row.state, len(desk.calls())) == (FilingState.FILED, 1)


def test_after_a_week_nobody_asks_any_more_and_a_new_version_does(desk: Any) -> None:
    office = Office(desk, phone=None)
    desk.be_down(True)
    file_conversation(TENANT, CONTACT_ID, office.ports)
    swept(office, GIVE_UP_MS + 1)
    assert (office.row.state, office.row.due_at_ms) == (FilingState.FAILED, 0)
    desk.be_down(False)
    swept(office)
    assert desk.calls() == []
    office.summarise("The card is on its way.")
    file_again(TENANT, CONTACT_ID, office.ports)
    assert office.row.state is FilingState.FILED


def test_a_sweep_asks_a_system_that_is_down_once(desk: Any) -> None:
    office = Office(desk, phone=None)
    desk.be_down(True)
    for number in range(5):
        contact = replace(office.contact, contact_id=f"c{number}")
        office.contacts.put(contact)
        made = office.summaries.summaries[TENANT, CONTACT_ID]
        office.summaries.summaries[TENANT, contact.contact_id] = replace(made, contact_id=contact.contact_id)
        file_conversation(TENANT, contact.contact_id, office.ports)
    before = desk.asked()
    office.clock.pass_ms(120_000)
    swept(office, 0)
    assert desk.asked() - before == 1
    desk.be_down(False)
    swept(office, 3_600_000)
    assert len(desk.calls()) == 5


def test_what_consent_forbids_is_not_filed_and_what_was_filed_goes(desk: Any) -> None:
    office = Office(desk, phone=None)
    file_conversation(TENANT, CONTACT_ID, office.ports)
    now_ms = int(office.clock.now_ms())
    refused = ConsentRecord(TENANT, CONTACT_ID, now_ms, False, "refused", True, Speaker.CUSTOMER, 1_000.0)
    office.consents.record(refused)
    office.summarise("It came back.")
    file_again(TENANT, CONTACT_ID, office.ports)
    assert "came back" not in desk.calls()[0]
    withdrawn = ConsentWithdrawn.of(TENANT, CONTACT_ID, decided_at_ms=1)
    office.held = True
    settle(withdrawn, office.ports, office.erasing)
    assert len(desk.calls()) == 1  # a legal hold keeps it
    office.held = False
    settle(withdrawn, office.ports, office.erasing)
    assert desk.calls() == []


def test_an_erasure_waits_for_whoever_files_in_this_moment(desk: Any) -> None:
    office = Office(desk, phone=None)
    (row,) = file_conversation(TENANT, CONTACT_ID, office.ports)
    office.rows.replace(row.leased(int(office.clock.now_ms())))  # another process has begun
    eraser = FiledEraser(office.erasing)
    with pytest.raises(NotErasedYet):
        eraser.erase(TENANT, CONTACT_ID)
    assert office.row.state is FilingState.ERASED
    assert eraser.left(TENANT, CONTACT_ID) == 1
    office.clock.pass_ms(LEASE_MS)
    assert eraser.erase(TENANT, CONTACT_ID) == {"records of systems": 1}
    assert (desk.calls(), eraser.left(TENANT, CONTACT_ID)) == ([], 0)


def test_an_erasure_that_a_system_refuses_stays_open(desk: Any) -> None:
    office = Office(desk, phone=None)
    file_conversation(TENANT, CONTACT_ID, office.ports)
    desk.revoke()
    office.crm = desk.anew(None)
    (found,) = erase_filed(TENANT, CONTACT_ID, office.erasing)
    assert found.problem == "CrmRefused"
    assert FiledEraser(office.erasing).left(TENANT, CONTACT_ID) == 1


def test_a_system_that_is_down_keeps_an_erasure_open(desk: Any) -> None:
    office = Office(desk, phone=None)
    file_conversation(TENANT, CONTACT_ID, office.ports)
    desk.be_down(True)
    with pytest.raises(NotErasedYet):
        erase_filed(TENANT, CONTACT_ID, office.erasing)
    desk.be_down(False)
    assert [each.entries for each in erase_filed(TENANT, CONTACT_ID, office.erasing)] == [1]


def test_a_tenant_in_trouble_keeps_no_other_from_being_filed(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office(desk, phone=None)
    desk.be_down(True)
    file_conversation(TENANT, CONTACT_ID, office.ports)
    desk.be_down(False)
    office.clock.pass_ms(LOOK_AGAIN_MS)
    due = office.rows.due

    def read(tenant: str, now_ms: int, limit: int) -> Sequence[DueRow]:
        if tenant == "another":
            raise Retryable("throttled")
        return due(tenant, now_ms, limit)

    monkeypatch.setattr(office.rows, "due", read)
    with pytest.raises(Retryable):
        sweep(["another", TENANT], office.ports, until_ms=office.clock.monotonic_ms() + 60_000)
    assert filed(office).state is FilingState.FILED


def test_what_became_of_a_call_is_stored_once_and_reopened_only_after_closed(desk: Any) -> None:
    office = Office(desk, phone=None)
    poll_outcomes([TENANT], office.polling, until_ms=office.clock.monotonic_ms() + 60_000)
    case = desk.vendor.add_case(Sotto_Id__c=f"sotto-{CONTACT_ID}")
    desk.vendor.add_case(Sotto_Id__c="sotto-of-nobody", IsClosed=True)

    def polled(after_ms: float = 2_000) -> list[OutcomeKind]:
        office.clock.pass_ms(after_ms)
        poll_outcomes([TENANT], office.polling, until_ms=office.clock.monotonic_ms() + 60_000)
        return [each.kind for each in office.outcomes.kept]

    def turn(is_closed: bool) -> None:
        desk.vendor.cases[case] |= {"IsClosed": is_closed, "SystemModstamp": desk.vendor._stamp()}

    assert polled() == []  # it is open, and was never closed
    turn(True)
    assert polled() == polled() == [OutcomeKind.CASE_CLOSED]
    turn(False)
    assert polled() == polled() == [OutcomeKind.CASE_CLOSED, OutcomeKind.CASE_REOPENED]
    desk.be_down(True)
    turn(True)
    assert len(polled()) == 2
    desk.be_down(False)
    assert polled()[-1] is OutcomeKind.CASE_CLOSED
    assert len(office.outcomes.events) == 3


def test_events_of_other_kinds_are_refused(desk: Any) -> None:
    office = Office(desk)
    with pytest.raises(NotAnEvent):
        settle(TranscriptCompleted.of(TENANT, CONTACT_ID, last_seq=1, at_ms=1), office.ports, office.erasing)


def test_a_tenant_without_systems_files_nothing(desk: Any) -> None:
    office = Office(desk)
    office.declare()
    assert file_conversation(TENANT, CONTACT_ID, office.ports) == []
    assert file_conversation(TENANT, "nobody", office.ports) == ()


def test_a_step_that_was_pending_is_done_when_the_sweep_has_filed_it() -> None:
    with desk_of("servicenow") as desk:
        office = Office(desk)
        records = WorkInMemory()
        pending = AfterCallWork(TENANT, CONTACT_ID, version=1).with_step(STEP, StepOutcome.PENDING, 1)
        records.kept[TENANT, CONTACT_ID] = pending
        channel = PanelPublisher(ChannelInMemory(), lambda what: None)
        panel = FiledOnPanel(WorkPorts(ConsentsInMemory(), records, channel, office.clock))
        panel.show(office.contact, FiledCall("crm", "ServiceNow", FilingState.PENDING))
        assert records.kept[TENANT, CONTACT_ID].outcome_of(STEP) is StepOutcome.PENDING
        panel.show(office.contact, FiledCall("crm", "ServiceNow", FilingState.FILED))
        assert records.kept[TENANT, CONTACT_ID].outcome_of(STEP) is StepOutcome.DONE
