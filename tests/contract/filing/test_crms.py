"""Contract tests: six systems of record, each against a server that behaves as it is documented."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import pytest

from sotto.filing.crm import CrmUnavailable, OutcomeKind, WhoCalled
from tests.contract.filing.crm_contract import CALL, PHONE, CrmContract
from tests.contract.filing.desks import (
    ConnectDesk,
    Desk,
    DynamicsDesk,
    HttpDesk,
    HubSpotDesk,
    SalesforceDesk,
    ServiceNowDesk,
    ZendeskDesk,
)


class HttpContract(CrmContract):
    def test_a_page_instead_of_an_answer_is_no_answer(self, desk: HttpDesk) -> None:
        desk.host.is_serviced = True
        with pytest.raises(CrmUnavailable):
            desk.crm.log_call(CALL)
        desk.host.is_serviced = False
        desk.crm.log_call(CALL)
        assert len(desk.calls()) == 1

    def test_half_an_answer_is_no_answer(self, desk: HttpDesk) -> None:
        desk.crm.log_call(CALL)
        desk.host.cut_next = 1
        with pytest.raises(CrmUnavailable):
            desk.crm.log_call(replace(CALL, text="other"))
        desk.crm.log_call(replace(CALL, text="other"))
        assert len(desk.calls()) == 1

    def test_a_token_that_ended_is_fetched_again(self, desk: HttpDesk) -> None:
        desk.crm.log_call(CALL)
        desk.vendor.end_tokens()
        desk.crm.log_call(replace(CALL, key="sotto-c2"))
        assert len(desk.calls()) == 2


class TestSalesforce(HttpContract):
    kind = "salesforce"
    tier: ClassVar[str] = "Tier__c"

    def test_outcomes_are_what_names_our_calls(self, desk: SalesforceDesk) -> None:
        cursor = desk.crm.outcomes("").cursor
        desk.clock.pass_ms(5_000)
        ours = desk.vendor.add_case(Sotto_Id__c="sotto-c1", IsClosed=True)
        desk.vendor.add_case(IsClosed=True)
        page = desk.crm.outcomes(cursor)
        assert [(each.kind, each.subject) for each in page.outcomes] == [(OutcomeKind.CASE_CLOSED, ours)]
        assert not page.has_more


class TestHubSpot(HttpContract):
    kind = "hubspot"

    def test_a_person_of_this_second_is_not_found_yet(self, desk: Desk) -> None:
        desk.add_person("Ada Love", phone=PHONE)
        assert desk.crm.find_person(WhoCalled(phone=PHONE)).persons == ()
        desk.clock.pass_ms(desk.settles_ms)
        assert len(desk.crm.find_person(WhoCalled(phone=PHONE)).persons) == 1

    def test_outcomes_of_tickets_and_deals(self, desk: HubSpotDesk) -> None:
        cursor = desk.crm.outcomes("").cursor
        desk.clock.pass_ms(5_000)
        ticket = desk.vendor.add("tickets", sotto_id="sotto-c1", hs_ticket_is_closed="true")
        deal = desk.vendor.add("deals", sotto_id="sotto-c1", hs_is_closed="true", hs_is_closed_won="false")
        desk.clock.pass_ms(40_000)
        page = desk.crm.outcomes(cursor)
        found = {(each.kind, each.subject) for each in page.outcomes}
        assert found == {(OutcomeKind.CASE_CLOSED, ticket), (OutcomeKind.DEAL_LOST, deal)}
        assert {each.subject for each in desk.crm.outcomes(page.cursor).outcomes} == {ticket, deal}  # within the lag


class TestZendesk(HttpContract):
    kind = "zendesk"

    def test_a_closed_ticket_is_followed_up_once(self, desk: ZendeskDesk) -> None:
        record = desk.crm.log_call(CALL).record
        desk.vendor.set_status(record, "closed")
        assert desk.crm.log_call(CALL).record == record  # it holds that already
        changed = replace(CALL, text="Summary:\n- The card is on its way.", number=2)
        follow_up = desk.crm.log_call(changed).record
        desk.clock.pass_ms(86_400_000)
        assert desk.crm.log_call(changed).record == follow_up != record
        assert desk.vendor.tickets[int(follow_up)]["via_followup_source_id"] == int(record)

    def test_a_closed_case_is_followed_up(self, desk: ZendeskDesk) -> None:
        case = desk.add_case()
        desk.vendor.set_status(case, "closed")
        call = replace(CALL, case=case)
        assert desk.crm.log_call(call).record == desk.crm.log_call(call).record != case
        assert len(desk.calls()) == 1

    def test_a_ticket_in_a_merge_is_asked_again(self, desk: ZendeskDesk) -> None:
        desk.crm.log_call(CALL)
        desk.vendor.merging = 1
        with pytest.raises(CrmUnavailable):
            desk.crm.log_call(replace(CALL, text="other"))

    def test_no_comment_is_public(self, desk: ZendeskDesk) -> None:
        record = desk.crm.log_call(CALL).record
        case = desk.add_case()
        desk.crm.log_call(replace(CALL, key="sotto-c2", case=case))
        comments = [*desk.vendor.comments(record), *desk.vendor.comments(case)]
        assert len(comments) == 2
        assert not any(each["public"] for each in comments)

    def test_a_mark_on_a_later_page_of_audits_is_seen(self, desk: ZendeskDesk) -> None:
        desk.vendor.audits_each = 2
        case = desk.add_case()
        for number in range(5):
            desk.crm.log_call(replace(CALL, key=f"sotto-{number}", case=case))
        desk.crm.log_call(replace(CALL, key="sotto-4", case=case))
        assert len(desk.said_of(case)) == 5

    def test_satisfaction_is_an_outcome(self, desk: ZendeskDesk) -> None:
        record = desk.crm.log_call(CALL).record
        cursor = desk.crm.outcomes("").cursor
        desk.clock.pass_ms(5_000)
        desk.vendor.set_status(record, "solved", satisfaction_rating={"score": "bad_with_comment"})
        kinds = [each.kind for each in desk.crm.outcomes(cursor).outcomes]
        assert kinds == [OutcomeKind.CASE_CLOSED, OutcomeKind.DISSATISFIED]


class TestDynamics(HttpContract):
    kind = "dynamics"

    def test_outcomes_of_cases(self, desk: DynamicsDesk) -> None:
        cursor = desk.crm.outcomes("").cursor
        desk.clock.pass_ms(5_000)
        ours = desk.vendor.add("incidents", sotto_id="sotto-c1", statecode=1)
        won = desk.vendor.add("opportunities", sotto_id="sotto-c1", statecode=1)
        desk.vendor.add("incidents", statecode=1)
        found = {(each.kind, each.subject) for each in desk.crm.outcomes(cursor).outcomes}
        assert found == {(OutcomeKind.CASE_CLOSED, ours), (OutcomeKind.DEAL_WON, won)}


class TestServiceNow(HttpContract):
    kind = "servicenow"

    def test_outcomes_of_our_records(self, desk: ServiceNowDesk) -> None:
        record = desk.crm.log_call(CALL).record
        cursor = desk.crm.outcomes("").cursor
        desk.clock.pass_ms(5_000)
        desk.vendor.set_active(record, "false")
        assert [each.kind for each in desk.crm.outcomes(cursor).outcomes] == [OutcomeKind.CASE_CLOSED]


class TestConnectCases(CrmContract):
    kind = "connect_cases"
    written: ClassVar[str] = PHONE
    """Profiles are found by E.164 alone."""
    tier: ClassVar[str] = "Attributes.tier"

    def test_a_case_in_a_merge_is_asked_again(self, desk: ConnectDesk) -> None:
        case = desk.crm.log_call(CALL).record
        desk.clock.pass_ms(desk.settles_ms)
        desk.cases.merging.add(case)
        with pytest.raises(CrmUnavailable):
            desk.crm.log_call(replace(CALL, text="other"))
        desk.cases.merging.clear()
        assert desk.crm.log_call(replace(CALL, text="other")).record == case

    def test_outcomes_of_our_cases(self, desk: ConnectDesk) -> None:
        case = desk.crm.log_call(CALL).record
        cursor = desk.crm.outcomes("").cursor
        desk.clock.pass_ms(desk.settles_ms)
        desk.cases.set(case, status="closed")
        desk.cases.set(desk.add_case(), status="closed")
        desk.clock.pass_ms(desk.settles_ms)
        found = [(each.kind, each.subject) for each in desk.crm.outcomes(cursor).outcomes]
        assert found == [(OutcomeKind.CASE_CLOSED, case)]
