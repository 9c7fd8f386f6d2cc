"""Unit: agents are known by username, and their teams by what the tenant published and the directory knows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sotto.call.contact import Contact, ContactStatus
from sotto.contacts.directory import DirectoryAgent
from sotto.contacts.follow import FollowPorts, follow_contact
from sotto.contacts.teams import DirectoryTeams
from sotto.sources.connect.contact_event import ContactEvent
from tests.fakes.books import BooksInMemory, any_book
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.directory import DirectoryInMemory

INSTANCE = "arn:aws:connect:us-east-1:111122223333:instance/11111111-2222-3333-4444-555555555555"
EMMA, NOAH, LIAM, OLIVIA = (f"0000000{number}-2222-3333-4444-555555555555" for number in range(1, 5))
TEAMS = {
    "service": {"agents": ["emma@bank.example"]},
    "retention": {"groups": ["Retention"]},
    "bank": {"groups": ["Bank"]},
    "loans": {"routing_profiles": ["Loans"]},
}
CONTACT = Contact("bank", "c1", INSTANCE, "stream", 1_790_000_000_000)


class Quiet:
    def contact_changed(self, contact: Contact, *, previous_agent: str | None) -> None: ...

    def agent_joined(self, contact: Contact, call_time_ms: int) -> None: ...

    def revive_abandoned(self, contact: Contact) -> None: ...

    def in_another_language(self, contact: Contact) -> None: ...

    def attributes(self, contact: Contact) -> None: ...

    def described(self, contact: Contact) -> None: ...

    def refusal(self, contact: Contact, *, caller: str | None) -> None: ...

    def start(self, tenant: str, contact_id: str, generation: int, *, revivals: int = 0) -> None: ...


class Bank:
    def __init__(self) -> None:
        self.directory = DirectoryInMemory()
        self.directory.put_agents(
            "bank",
            "one",
            [
                DirectoryAgent(EMMA, "Emma@bank.example", groups=("Bank", "Retention"), routing_profile="Loans"),
                DirectoryAgent(NOAH, "noah", groups=("Bank", "Retention"), routing_profile="Loans"),
                DirectoryAgent(LIAM, "liam", groups=("Bank", "Cards"), routing_profile="Loans"),
                DirectoryAgent(OLIVIA, "olivia", routing_profile="Loans"),
            ],
        )
        books = BooksInMemory(any_book("bank", INSTANCE, teams=TEAMS))
        self.contacts = ContactsInMemory(CONTACT)
        quiet = Quiet()
        teams = DirectoryTeams(books, self.directory)
        self.ports = FollowPorts(
            books, self.contacts, teams, quiet, quiet, quiet, quiet, quiet, quiet, directory=self.directory
        )

    def answered_by(self, agent: str, at_ms: float = 1_790_000_001_000) -> Contact:
        event = ContactEvent("CONNECTED_TO_AGENT", "c1", INSTANCE, agent=agent, connected_at_ms=at_ms)
        follow_contact(event, self.ports)
        contact = self.contacts.contact("bank", "c1")
        assert contact is not None
        return contact


@pytest.fixture
def bank() -> Bank:
    return Bank()


@pytest.mark.parametrize(
    ("agent", "username", "team"),
    [
        (EMMA, "Emma@bank.example", "service"),  # who is listed by name is there, whatever the groups
        (NOAH, "noah", "retention"),  # the deepest group counts
        (LIAM, "liam", "bank"),
        (OLIVIA, "olivia", "loans"),
    ],
)
def test_an_agent_is_known_by_username_and_has_the_team_of_the_nearest_place(
    bank: Bank, agent: str, username: str, team: str
) -> None:
    contact = bank.answered_by(agent)
    assert (contact.agent, contact.team) == (username, team)


def test_a_contact_keeps_where_its_agent_was(bank: Bank) -> None:
    assert bank.answered_by(NOAH).groups == ("Bank", "Retention")
    moved = DirectoryAgent(NOAH, "noah", groups=("Bank", "Cards"), routing_profile="Cards")
    bank.directory.put_agents("bank", "one", [moved])
    follow_contact(ContactEvent("RESUMED", "c1", INSTANCE, agent=NOAH), bank.ports)
    contact = bank.contacts.contact("bank", "c1")
    assert contact is not None
    assert (contact.team, contact.groups, contact.routing_profile) == ("retention", ("Bank", "Retention"), "Loans")


def test_after_a_transfer_the_place_is_the_next_agents(bank: Bank) -> None:
    bank.answered_by(NOAH)
    contact = bank.answered_by(OLIVIA, 1_790_000_002_000)
    assert (contact.agent, contact.team, contact.groups) == ("olivia", "loans", ())


def test_somebody_whom_the_directory_does_not_know_has_no_team_and_the_call_goes_on(bank: Bank) -> None:
    stranger = "99999999-2222-3333-4444-555555555555"
    contact = bank.answered_by(stranger)
    assert (contact.agent, contact.team, contact.status) == (stranger, None, ContactStatus.CONNECTED)


def test_the_same_event_again_changes_nothing(bank: Bank) -> None:
    first = bank.answered_by(NOAH)
    assert bank.answered_by(NOAH) == first == replace(first, version=1)


@pytest.mark.parametrize("id", [NOAH, NOAH.replace("0", "f")])
def test_an_agent_whom_the_directory_learns_in_mid_call_is_known_by_the_next_event(bank: Bank, id: str) -> None:
    """Whichever of id and username comes first in the alphabet."""
    noah = bank.directory.agent("bank", NOAH)
    assert noah is not None
    bank.directory = DirectoryInMemory()
    bank.ports = replace(bank.ports, directory=bank.directory, teams=DirectoryTeams(bank.ports.tenants, bank.directory))  # type: ignore[arg-type]
    assert bank.answered_by(id).agent == id
    bank.directory.put_agents("bank", "one", [replace(noah, id=id)])
    contact = bank.answered_by(id)
    assert (contact.agent, contact.team, contact.groups) == ("noah", "retention", ("Bank", "Retention"))
