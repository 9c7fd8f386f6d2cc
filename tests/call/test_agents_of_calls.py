"""Call: Connect names agents by UUIDs; everything else here has names."""

from __future__ import annotations

from uuid import UUID

import pytest

from sotto.contacts.directory import Condition
from tests.call.conftest import Played, Stack

pytestmark = pytest.mark.call

Calls = dict[tuple[str, str], Played]


def test_an_instances_directory_was_synchronised_before_the_first_call(stack: Stack) -> None:
    for tenant, book in stack.sotto.books.items():
        (state,) = stack.sotto.root.directory_store.states(tenant)
        agents = [agent for team in book.settings.teams.values() for agent in team.agents]
        assert (state.condition, state.users) == (Condition.FINE, len(agents))
        for agent in agents:
            known = stack.sotto.root.directory.agent_called(tenant, agent)
            assert known is not None
            assert str(UUID(known.id)) == known.id
            assert known.title != agent


def test_a_contact_has_its_agent_by_username_and_where_the_agent_was(sample_calls: Calls, stack: Stack) -> None:
    for played in sample_calls.values():
        tenant = played.of("contact")[0]["tenant"]
        settings = stack.sotto.books[tenant].settings
        contact = stack.sotto.root.contacts.contact(tenant, played.contact_id)
        assert contact is not None
        assert contact.team == played.team == settings.team_of(contact.agent)
        assert contact.agent in settings.teams[played.team].agents
        assert contact.groups == (settings.title, settings.teams[played.team].title)
        assert contact.routing_profile == "Basic Routing Profile"
