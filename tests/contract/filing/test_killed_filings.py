"""Contract tests: whoever files a call may be killed before and after each request and each write, and what one has
begun the next one ends: one record, whatever happened. Each system answers by HTTP or AWS's API."""

from __future__ import annotations

import pytest

from sotto.call.filing import FilingState
from sotto.filing.erase import erase_filed
from sotto.filing.file_conversation import file_again, file_conversation
from sotto.filing.sweep import sweep
from tests.contract.filing.desks import KINDS, Desk, desk_of
from tests.contract.filing.office import CONTACT_ID, PHONE, TENANT, Killed, Office

MOST_STEPS = 60


def swept(office: Office, rounds: int = 4) -> None:
    for _ in range(rounds):
        office.clock.pass_ms(200_000)
        sweep([TENANT], office.ports, until_ms=office.clock.monotonic_ms() + 60_000)


def killed_at(office: Office, desk: Desk, step: int) -> bool:
    """Whether there was such a step: the process dies at it, and another one begins with nothing in memory."""
    office.killer.at, office.killer.steps = step, 0
    office.rows.step = office.killer.step
    office.crm = desk.anew(office.killer)
    try:
        file_conversation(TENANT, CONTACT_ID, office.ports)
    except Killed:
        return True
    finally:
        office.killer.at = 0
        office.crm = desk.anew(None)
    return False


@pytest.mark.parametrize("kind", KINDS)
def test_a_kill_at_any_step_leaves_one_record_in_the_end(kind: str) -> None:
    kills = 0
    for step in range(1, MOST_STEPS):
        with desk_of(kind) as desk:
            person = desk.add_person("Ada Love", phone=PHONE)
            desk.clock.pass_ms(300_000)
            office = Office(desk)
            if not killed_at(office, desk, step):
                break
            kills += 1
            file_conversation(TENANT, CONTACT_ID, office.ports)  # as the state machine tries again, at once
            swept(office)
            assert len(desk.calls()) == 1, f"step {step}"
            assert "The card is blocked." in desk.calls()[0]
            assert (office.row.state, office.row.due_at_ms) == (FilingState.FILED, 0), f"step {step}"
            assert desk.person_of(office.row.record) == person
    assert 14 <= kills < MOST_STEPS - 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_kill_while_a_change_is_filed_leaves_one_record_with_the_change(kind: str) -> None:
    with desk_of(kind) as desk:
        office = Office(desk, phone=None)
        file_conversation(TENANT, CONTACT_ID, office.ports)
        swept(office, 1)
        kills = 0
        for step in range(1, MOST_STEPS):
            text = f"The card is on its way, {step}."
            office.summarise(text)
            was_killed = killed_at(office, desk, step)
            kills += was_killed
            swept(office, 2)
            file_again(TENANT, CONTACT_ID, office.ports)
            (filed,) = desk.calls()
            assert text in filed
            if not was_killed:
                break
        assert kills >= 8


@pytest.mark.parametrize("kind", KINDS)
def test_replayed_orders_and_events_ask_nothing_more(kind: str) -> None:
    with desk_of(kind) as desk:
        desk.add_person("Ada Love", phone=PHONE)
        desk.clock.pass_ms(300_000)
        office = Office(desk)
        file_conversation(TENANT, CONTACT_ID, office.ports)
        asked = desk.asked()
        for _ in range(3):
            file_conversation(TENANT, CONTACT_ID, office.ports)
            file_again(TENANT, CONTACT_ID, office.ports)
            swept(office, 1)
        assert desk.asked() == asked
        assert len(desk.calls()) == 1
        assert len(office.rows.events) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_system_that_is_down_for_a_day_loses_nothing(kind: str) -> None:
    with desk_of(kind) as desk:
        office = Office(desk, phone=None)
        desk.be_down(True)
        (row,) = file_conversation(TENANT, CONTACT_ID, office.ports)
        assert row.state is FilingState.PENDING
        before = desk.asked()
        for _ in range(24 * 12):
            office.clock.pass_ms(300_000)
            sweep([TENANT], office.ports, until_ms=office.clock.monotonic_ms() + 60_000)
        assert desk.asked() - before < 60  # it is not asked at every sweep
        desk.be_down(False)
        office.clock.pass_ms(3_600_000)
        sweep([TENANT], office.ports, until_ms=office.clock.monotonic_ms() + 60_000)
        assert office.row.state is FilingState.FILED
        assert len(desk.calls()) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_an_erasure_leaves_nothing_there_and_nothing_comes_back(kind: str) -> None:
    with desk_of(kind) as desk:
        office = Office(desk, phone=None)
        file_conversation(TENANT, CONTACT_ID, office.ports)
        office.clock.pass_ms(300_000)
        assert [each.problem for each in erase_filed(TENANT, CONTACT_ID, office.erasing)] == [""]
        office.summarise("It came back.")
        file_again(TENANT, CONTACT_ID, office.ports)
        swept(office)
        assert desk.calls() == []
        assert office.row.state is FilingState.ERASED
        assert [each.entries for each in erase_filed(TENANT, CONTACT_ID, office.erasing)] == [0]
