"""What must hold of stores of webhooks (Endpoints, Deliveries) and of SecretKeys: classes of tests to inherit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sotto.aws.keys import BadKey
from sotto.webhooks.delivery import Deliveries, Delivery, DeliveryChanged, State
from sotto.webhooks.endpoint import Algorithm, Endpoint, EndpointChanged, Endpoints, Secret, SecretKeys

NOW = 1_790_000_000_000
ENDPOINT = Endpoint(
    "bank", "e1", "https://crm.example.com/hook", frozenset({"summary.ready"}),
    (Secret(Algorithm.HMAC, "d3JhcHBlZA==", NOW),), "ann", NOW, version=1,
)  # fmt: skip
DELIVERY = Delivery("bank", "e1", "msg_1", "c1", "summary.ready", '{"a":1}', NOW, NOW)


class EndpointsContract:
    def test_an_endpoint_is_what_was_saved(self, endpoints: Endpoints) -> None:
        endpoints.save(ENDPOINT)
        assert endpoints.endpoint("bank", "e1") == ENDPOINT and endpoints.endpoints("bank") == [ENDPOINT]
        assert endpoints.endpoints("garage") == [] and endpoints.endpoint("garage", "e1") is None

    def test_of_two_who_change_one_the_second_is_refused(self, endpoints: Endpoints) -> None:
        endpoints.save(ENDPOINT)
        endpoints.save(ENDPOINT.changed(disabled="gone"))
        for late in (ENDPOINT, ENDPOINT.changed(is_ordered=True), replace(ENDPOINT, version=9)):
            with pytest.raises(EndpointChanged):
                endpoints.save(late)
        found = endpoints.endpoint("bank", "e1")
        assert found is not None and found.disabled == "gone"

    def test_what_was_removed_is_gone(self, endpoints: Endpoints) -> None:
        endpoints.save(ENDPOINT)
        endpoints.remove("bank", "e1")
        endpoints.remove("bank", "e1")
        assert endpoints.endpoint("bank", "e1") is None
        with pytest.raises(EndpointChanged):
            endpoints.save(ENDPOINT.changed(disabled="x"))

    def test_a_name_that_could_reach_another_key_is_refused(self, endpoints: Endpoints) -> None:
        with pytest.raises(BadKey):
            endpoints.endpoint("bank", "a#b")
        with pytest.raises(BadKey):
            endpoints.endpoints("bank#x")


class DeliveriesContract:
    def test_the_same_one_is_added_once(self, deliveries: Deliveries) -> None:
        assert deliveries.add(DELIVERY) and not deliveries.add(DELIVERY)
        assert list(deliveries.due("bank", NOW, limit=9)) == [DELIVERY]
        assert list(deliveries.due("garage", NOW, limit=9)) == []

    def test_what_is_due_later_is_not_due_now_and_the_most_overdue_comes_first(self, deliveries: Deliveries) -> None:
        for number, due in ((1, NOW + 5), (2, NOW - 5), (3, NOW)):
            deliveries.add(replace(DELIVERY, id=f"msg_{number}", due_at_ms=due))
        assert [each.id for each in deliveries.due("bank", NOW, limit=9)] == ["msg_2", "msg_3"]
        assert [each.id for each in deliveries.due("bank", NOW, limit=1)] == ["msg_2"]
        assert len(deliveries.due("bank", NOW + 5, limit=9)) == 3

    def test_a_change_moves_its_due_date(self, deliveries: Deliveries) -> None:
        deliveries.add(DELIVERY)
        later = DELIVERY.changed(due_at_ms=NOW + 60_000, attempts=1)
        deliveries.save(later)
        assert list(deliveries.due("bank", NOW, limit=9)) == []
        assert list(deliveries.due("bank", NOW + 60_000, limit=9)) == [later]
        deliveries.save(later.changed(state=State.DELIVERED, due_at_ms=None))
        assert list(deliveries.due("bank", NOW + 90_000, limit=9)) == []

    def test_of_two_at_one_the_second_is_refused(self, deliveries: Deliveries) -> None:
        deliveries.add(DELIVERY)
        deliveries.save(DELIVERY.changed(due_at_ms=NOW + 1))
        with pytest.raises(DeliveryChanged):
            deliveries.save(DELIVERY.changed(due_at_ms=NOW + 2))
        with pytest.raises(DeliveryChanged):
            deliveries.save(replace(DELIVERY, id="msg_unknown", version=2))

    def test_the_first_of_a_contact_is_the_earliest_that_is_pending(self, deliveries: Deliveries) -> None:
        second = replace(DELIVERY, id="msg_2", occurred_at_ms=NOW + 1)
        other = replace(DELIVERY, id="msg_3", contact_id="c2", occurred_at_ms=NOW + 1)
        for each in (second, DELIVERY, other):
            deliveries.add(each)
        assert deliveries.is_first(DELIVERY) and deliveries.is_first(other) and not deliveries.is_first(second)
        deliveries.save(DELIVERY.changed(state=State.GIVEN_UP, due_at_ms=None))
        assert deliveries.is_first(second)

    def test_a_window_holds_what_happened_in_it(self, deliveries: Deliveries) -> None:
        for number in range(4):
            deliveries.add(replace(DELIVERY, id=f"msg_{number}", occurred_at_ms=NOW + number))
        found = deliveries.between("bank", "e1", NOW + 1, NOW + 3)
        assert [each.id for each in found] == ["msg_1", "msg_2"]
        assert not list(deliveries.between("bank", "e2", NOW, NOW + 9))
        assert not list(deliveries.between("garage", "e1", NOW, NOW + 9))

    def test_a_name_that_could_reach_another_key_is_refused(self, deliveries: Deliveries) -> None:
        for wrong in (replace(DELIVERY, tenant="b#x"), replace(DELIVERY, endpoint_id="a#b")):
            with pytest.raises(BadKey):
                deliveries.add(wrong)


class SecretKeysContract:
    def test_a_key_opens_as_it_was_made_and_each_is_another(self, secret_keys: SecretKeys) -> None:
        made = [secret_keys.make("bank") for _ in range(2)]
        assert [secret_keys.open("bank", wrapped) for _, wrapped in made] == [key for key, _ in made]
        assert len({key for key, _ in made}) == 2 and all(len(key) == 32 for key, _ in made)
