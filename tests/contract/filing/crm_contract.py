"""What every Crm must do, as a class of tests to inherit. A subclass says which ``kind`` it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

import pytest

from sotto.filing.crm import (
    MOST_PERSONS,
    CallLog,
    CaseMissing,
    Crm,
    CrmRefused,
    CrmUnavailable,
    Direction,
    WhatToErase,
    WhoCalled,
)
from tests.contract.filing.desks import Desk, desk_of

PHONE = "+15135557611"
ARN = "arn:aws:connect:us-east-1:444455556666:instance/i/contact/c1"
CALL = CallLog(
    key="sotto-c1",
    contact_arn=ARN,
    started_at_ms=1_790_000_000_000,
    duration_s=95,
    direction=Direction.INBOUND,
    subject="Call: Card blocked",
    text="Summary:\n- The card is blocked. It's done.",
    disposition="Card blocked",
    agent="emma",
    queue="Cards",
)


class CrmContract:
    kind: ClassVar[str]

    @pytest.fixture
    def desk(self) -> Iterator[Desk]:
        with desk_of(self.kind) as found:
            yield found

    @pytest.fixture
    def crm(self, desk: Desk) -> Crm:
        return desk.crm

    def test_a_person_is_found_by_a_number_however_it_is_written_down(self, crm: Crm, desk: Desk) -> None:
        id = desk.add_person("Ada Love", phone=self.written)
        desk.add_person("Grace Hop", phone="+15135550000")
        desk.clock.pass_ms(120_000)
        (found,) = crm.find_person(WhoCalled(phone=PHONE)).persons
        assert (found.id, found.name) == (id, "Ada Love")

    written: ClassVar[str] = "(513) 555-7611"

    def test_a_person_is_found_by_e_mail_and_not_twice(self, crm: Crm, desk: Desk) -> None:
        id = desk.add_person("Ada Love", phone=self.written, email="ada@example.com")
        desk.clock.pass_ms(120_000)
        found = crm.find_person(WhoCalled(phone=PHONE, email="ada@example.com"))
        assert [each.id for each in found.persons] == [id]
        assert crm.find_person(WhoCalled(email="nobody@example.com")).persons == ()

    def test_forty_people_of_one_number_are_so_many_and_more(self, crm: Crm, desk: Desk) -> None:
        for number in range(40):
            desk.add_person(f"Person {number}", phone=self.written)
        desk.clock.pass_ms(120_000)
        found = crm.find_person(WhoCalled(phone=PHONE))
        assert len(found.persons) == MOST_PERSONS
        assert found.has_more

    def test_a_quote_in_what_is_searched_for_finds_nobody_and_breaks_nothing(self, crm: Crm, desk: Desk) -> None:
        desk.add_person("Ada Love", phone=self.written)
        desk.clock.pass_ms(120_000)
        assert crm.find_person(WhoCalled(email="x' or '1' eq '1^ORactive=true@example.com")).persons == ()

    def test_a_call_is_one_record_however_often_it_is_logged(self, crm: Crm, desk: Desk) -> None:
        person = desk.add_person("Ada Love", phone=self.written)
        call = replace(CALL, person=person)
        first = crm.log_call(call)
        again = crm.log_call(call)
        assert first.record == again.record
        (text,) = desk.calls()
        assert "The card is blocked. It's done." in text
        assert desk.person_of(first.record) == person

    def test_a_new_version_is_in_the_same_record(self, crm: Crm, desk: Desk) -> None:
        first = crm.log_call(CALL)
        desk.clock.pass_ms(120_000)
        changed = crm.log_call(replace(CALL, text="Summary:\n- The card is on its way.", number=2))
        assert changed.record == first.record
        (text,) = desk.calls()
        assert "on its way" in text

    def test_whose_call_it_is_may_be_known_later_and_change(self, crm: Crm, desk: Desk) -> None:
        one, other = desk.add_person("Ada Love"), desk.add_person("Grace Hop")
        record = crm.log_call(CALL).record
        assert crm.log_call(replace(CALL, person=one)).record == record
        assert desk.person_of(record) == one
        assert crm.log_call(replace(CALL, person=other)).record == record
        assert desk.person_of(record) == other
        assert len(desk.calls()) == 1

    def test_an_answer_that_is_lost_makes_no_second_record(self, crm: Crm, desk: Desk) -> None:
        desk.lose_answers(1)
        with pytest.raises(CrmUnavailable):
            crm.log_call(CALL)
        crm.log_call(CALL)
        assert len(desk.calls()) == 1

    def test_an_answer_that_is_lost_a_day_ago_makes_no_second_record(self, crm: Crm, desk: Desk) -> None:
        desk.lose_answers(1)
        with pytest.raises(CrmUnavailable):
            crm.log_call(CALL)
        desk.clock.pass_ms(86_400_000)
        crm.log_call(CALL)
        assert len(desk.calls()) == 1

    def test_a_record_that_was_lost_there_is_made_anew(self, crm: Crm, desk: Desk) -> None:
        lost = crm.log_call(CALL).record
        desk.lose(lost)
        assert desk.calls() == []
        crm.log_call(CALL)
        assert len(desk.calls()) == 1

    def test_a_case_says_what_the_call_says_once(self, crm: Crm, desk: Desk) -> None:
        call = replace(CALL, case=desk.add_case())
        for _ in range(2):
            crm.log_call(call)
            crm.update_case(call)
        said = desk.said_of(call.case)
        assert sum("The card is blocked" in each for each in said) == 1

    def test_a_case_that_is_gone_is_said_to_be(self, crm: Crm, desk: Desk) -> None:
        call = replace(CALL, case=desk.add_case())
        desk.lose_case(call.case)
        with pytest.raises(CaseMissing):
            crm.log_call(call)
            crm.update_case(call)

    def test_a_busy_system_says_when_it_wants_to_be_asked(self, crm: Crm, desk: Desk) -> None:
        crm.log_call(CALL)
        desk.be_busy(1)
        with pytest.raises(CrmUnavailable) as caught:
            crm.log_call(replace(CALL, key="sotto-c2"))
        assert caught.value.after_ms == desk.waits_ms
        crm.log_call(replace(CALL, key="sotto-c2"))
        assert len(desk.calls()) == 2

    def test_a_collision_is_a_reason_to_ask_again(self, crm: Crm, desk: Desk) -> None:
        crm.log_call(CALL)
        desk.collide(1)
        with pytest.raises(CrmUnavailable):
            crm.log_call(replace(CALL, text="other"))
        crm.log_call(replace(CALL, text="other"))
        assert len(desk.calls()) == 1

    def test_a_system_that_is_down_is_unavailable_and_takes_it_later(self, crm: Crm, desk: Desk) -> None:
        desk.be_down(True)
        with pytest.raises(CrmUnavailable):
            crm.log_call(CALL)
        desk.be_down(False)
        crm.log_call(CALL)
        assert len(desk.calls()) == 1

    def test_a_rotated_secret_is_read_again(self, crm: Crm, desk: Desk) -> None:
        crm.log_call(CALL)
        desk.rotate()
        crm.log_call(replace(CALL, key="sotto-c2"))
        assert len(desk.calls()) == 2

    def test_a_revoked_secret_is_refused_without_a_word_of_what_was_asked(self, crm: Crm, desk: Desk) -> None:
        crm.log_call(CALL)
        desk.revoke()
        with pytest.raises(CrmRefused) as caught:
            crm.log_call(replace(CALL, key="sotto-c2", text="Zephyrine"))
        assert "Zephyrine" not in str(caught.value)

    def test_context_is_of_the_fields_that_are_asked_for(self, crm: Crm, desk: Desk) -> None:
        id = desk.add_person("Ada Love", phone=self.written, tier="gold")
        field = self.tier
        assert crm.context(id, (field,)) == {field: "gold"}
        assert crm.context(desk.add_person("Grace Hop"), (field,)) == {}

    tier: ClassVar[str] = "tier"

    def test_erasure_takes_call_and_person_and_bears_repetition(self, crm: Crm, desk: Desk) -> None:
        person = desk.add_person("Ada Love", phone=self.written)
        record = crm.log_call(replace(CALL, person=person)).record
        crm.log_call(replace(CALL, key="sotto-c2"))
        desk.clock.pass_ms(120_000)
        what = WhatToErase(CALL.key, record, person)
        assert crm.erase(what) == 2
        assert len(desk.calls()) == 1
        assert crm.erase(what) == 0
        assert crm.find_person(WhoCalled(phone=PHONE)).persons == ()

    def test_a_call_that_was_written_and_never_noted_is_erased_by_its_key(self, crm: Crm, desk: Desk) -> None:
        crm.log_call(CALL)
        desk.clock.pass_ms(120_000)
        assert crm.erase(WhatToErase(CALL.key)) == 1
        assert desk.calls() == []
