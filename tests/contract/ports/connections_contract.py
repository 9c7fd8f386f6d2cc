"""What every table of the WebSocket channel's subscribers must do, as a class of tests to inherit. A subclass gives
``connections`` (a fixture)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sotto.aws.keys import BadKey
from sotto.realtime.connections import ANYONE, ConnectionTable, Subscriber, Topic
from tests.contract.ports.bad_ids import for_each_bad_id

CALL = Topic("bank", contact_id="c1")
ANN = Topic("bank", agent="ann")
CONNECTION = "L0SM9cOFvHcCIhw="


def any_subscriber(topic: Topic = CALL, connection: str = CONNECTION, id: str = "s1") -> Subscriber:
    return Subscriber(topic, connection, id, 1_763_000_000, None if topic is ANN else ANYONE)


class ConnectionsContract:
    def test_a_subscriber_is_found_by_its_topic_and_by_its_connection(self, connections: ConnectionTable) -> None:
        connections.add(any_subscriber())
        assert connections.listeners(CALL) == connections.of_connection("bank", CONNECTION) == [any_subscriber()]

    def test_one_connection_subscribes_to_several_things(self, connections: ConnectionTable) -> None:
        both = [any_subscriber(), any_subscriber(ANN, id="s2")]
        for each in both:
            connections.add(each)
        assert list(connections.of_connection("bank", CONNECTION)) == both
        assert connections.listeners(ANN) == [both[1]]

    def test_subscribers_come_by_connection_and_id(self, connections: ConnectionTable) -> None:
        in_order = [any_subscriber(connection="a"), any_subscriber(connection="b"), any_subscriber(id="s2")]
        for each in reversed(in_order):
            connections.add(each)
        expected = sorted(in_order, key=lambda each: (each.connection_id, each.id))
        assert list(connections.listeners(CALL)) == expected

    def test_the_same_subscriber_again_takes_the_place_of_the_first(self, connections: ConnectionTable) -> None:
        later = replace(any_subscriber(), expires_at=1_763_000_900)
        for each in (any_subscriber(), later):
            connections.add(each)
        assert connections.listeners(CALL) == connections.of_connection("bank", CONNECTION) == [later]

    def test_neither_another_contact_nor_another_tenant_is_touched(self, connections: ConnectionTable) -> None:
        connections.add(any_subscriber())
        for other in (Topic("garage", contact_id="c1"), Topic("bank", contact_id="c10"), Topic("bank", agent="c1")):
            assert list(connections.listeners(other)) == []
        assert list(connections.of_connection("garage", CONNECTION)) == []

    def test_what_is_removed_is_gone_from_both_places_and_twice_is_as_good_as_once(
        self, connections: ConnectionTable
    ) -> None:
        other = any_subscriber(connection="another")
        for each in (any_subscriber(), other):
            connections.add(each)
        for _ in range(2):
            connections.remove(any_subscriber())
        assert connections.listeners(CALL) == [other]
        assert list(connections.of_connection("bank", CONNECTION)) == []

    @for_each_bad_id
    def test_an_id_that_could_reach_another_key_is_refused(
        self, connections: ConnectionTable, tenant: str, contact_id: str
    ) -> None:
        for topic in (Topic(tenant, contact_id=contact_id), Topic(tenant, agent=contact_id)):
            with pytest.raises(BadKey):
                connections.listeners(topic)
            with pytest.raises(BadKey):
                connections.add(any_subscriber(topic))
        with pytest.raises(BadKey):
            connections.of_connection(tenant, contact_id)
