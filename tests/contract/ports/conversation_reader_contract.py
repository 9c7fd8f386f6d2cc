"""What everything that the panel reads conversations from must do, as a class of tests to inherit.

A subclass gives ``reader`` and ``place``, which makes that there is such a contact (fixtures). What it reads of one
conversation is its store's: ConversationsContract.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sotto.api.panel.conversations import ConversationReader
from sotto.aws.keys import BadKey
from sotto.call.contact import Contact, ContactStatus
from tests.contract.ports.bad_ids import for_each_bad_id

Place = Callable[[Contact], None]
ENDED = ContactStatus.ENDED


def any_call(contact_id: str = "c1", **changed: Any) -> Contact:
    live = Contact("bank", contact_id, "arn", "stream", 1, agent="emma", team="retention", version=1)
    return replace(live, **{"status": ContactStatus.CONNECTED, **changed})


class ConversationReaderContract:
    def test_a_contact_is_found_by_its_tenant_and_id(self, reader: ConversationReader, place: Place) -> None:
        place(any_call())
        assert reader.contact("bank", "c1") == any_call()
        assert reader.contact("bank", "c2") is reader.contact("garage", "c1") is None

    def test_an_agents_contacts_are_those_that_have_not_ended(self, reader: ConversationReader, place: Place) -> None:
        for each in (any_call("c3"), any_call("c1"), any_call("c2", status=ENDED), any_call("c4", agent="liam")):
            place(each)
        place(any_call("c5", tenant="garage"))
        assert list(reader.contacts_of("bank", "emma")) == [any_call("c1"), any_call("c3")]
        assert list(reader.contacts_of("garage", "liam")) == []

    def test_of_those_that_have_not_ended_none_is_missing_however_many_have(
        self, reader: ConversationReader, place: Place
    ) -> None:
        for number in range(30):
            place(any_call(f"c{number:02d}", status=ENDED))
        place(any_call("now"))
        assert list(reader.contacts_of("bank", "emma")) == [any_call("now")]

    def test_a_teams_live_contacts_are_those_that_an_agent_is_talking_to(
        self, reader: ConversationReader, place: Place
    ) -> None:
        shown = [any_call("c3"), any_call("c1", team="service"), any_call("c2", team="service")]
        for each in (*reversed(shown), any_call("c4", status=ENDED), any_call("c5", status=ContactStatus.STARTED)):
            place(each)
        place(any_call("c6", team="sales"))
        place(any_call("c7", tenant="garage"))
        assert list(reader.live_contacts("bank", {"service", "retention"})) == shown, "by team, then by id"
        assert list(reader.live_contacts("bank", set())) == []

    def test_a_group_that_can_be_no_team_has_no_contacts(self, reader: ConversationReader, place: Place) -> None:
        place(any_call())
        assert list(reader.live_contacts("bank", {"retention#c1", "", "retention"})) == [any_call()]

    def test_of_a_team_there_are_at_most_a_hundred(self, reader: ConversationReader, place: Place) -> None:
        for number in range(101):
            place(any_call(f"c{number:03d}"))
        assert len(reader.live_contacts("bank", {"retention"})) == 100

    @for_each_bad_id
    def test_an_id_that_could_reach_another_key_is_refused(
        self, reader: ConversationReader, tenant: str, contact_id: str
    ) -> None:
        with pytest.raises(BadKey):
            reader.contact(tenant, contact_id)
        with pytest.raises(BadKey):
            reader.utterances(tenant, contact_id, 0, 10)
