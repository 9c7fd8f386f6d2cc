"""What everything that asks a Connect instance about contacts must do, as a class of tests to inherit. A subclass gives
``instance`` and ``refuse``, which makes the instance refuse from now on (fixtures)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from local.aws.connect_directory.instance import user_id
from sotto.call.contact import Contact
from sotto.contacts.instance import InstanceContacts

STARTED_MS = 1_790_000_000_000
INSTANCE = "arn:aws:connect:us-east-1:111122223333:instance/11111111-2222-3333-4444-555555555555"
LIAM = user_id(INSTANCE.rpartition("/")[2], "liam")
"""Connect names agents by ids."""
FIRST = Contact("bank", "c1", INSTANCE, "stream", STARTED_MS)
TRANSFERRED = replace(FIRST, contact_id="c2", initial_contact_id="c1", previous_contact_id="c1")
UNKNOWN = replace(FIRST, contact_id="c9")


class InstanceContactsContract:
    """Of c1, which liam had from the queue of cards and which has ended, and of c2, to which it was transferred."""

    def test_attributes_are_those_of_the_whole_conversation(self, instance: InstanceContacts) -> None:
        assert instance.attributes(FIRST) == {"segment": "premier"}
        assert instance.attributes(TRANSFERRED) == {"segment": "premier"}

    def test_what_is_known_of_a_contact_is_said_as_an_event_says_it(self, instance: InstanceContacts) -> None:
        found = instance.described(FIRST)
        assert found is not None and found.ends
        assert (found.contact_id, found.agent, found.connected_at_ms) == ("c1", LIAM, STARTED_MS + 2_000)
        assert found.queue_arn is not None and found.queue_arn.startswith(f"{INSTANCE}/queue/")
        assert (found.enqueued_at_ms, found.disconnected_at_ms) == (STARTED_MS + 1_000, STARTED_MS + 9_000)

    def test_the_customers_number_is_said_and_a_withheld_one_is_none(self, instance: InstanceContacts) -> None:
        assert instance.caller(FIRST) == "+12025550188"
        assert instance.caller(TRANSFERRED) is None
        assert instance.caller(UNKNOWN) is None

    def test_a_contact_that_goes_on_has_no_end(self, instance: InstanceContacts) -> None:
        found = instance.described(TRANSFERRED)
        assert found is not None and not found.ends
        assert (found.agent, found.queue_arn, found.connected_at_ms) == (None, None, None)
        assert (found.initial_contact_id, found.previous_contact_id) == ("c1", "c1")

    def test_an_unknown_contact_is_none(self, instance: InstanceContacts) -> None:
        assert instance.described(UNKNOWN) is None
        assert instance.attributes(UNKNOWN) is None

    def test_an_instance_that_refuses_says_nothing(
        self, instance: InstanceContacts, refuse: Callable[[], object]
    ) -> None:
        refuse()
        assert instance.described(FIRST) is None
        assert instance.attributes(FIRST) is None
        assert instance.caller(FIRST) is None
