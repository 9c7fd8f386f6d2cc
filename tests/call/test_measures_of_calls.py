"""Call: what Connect measured of a contact is taken in beside the call, however its records come."""

from __future__ import annotations

import pytest

from local.aws.connect.exports import AFTER_CONTACT_WORK_S
from tests.call.conftest import Played, Stack

pytestmark = pytest.mark.call

Calls = dict[tuple[str, str], Played]


def test_every_call_has_its_facts_with_the_work_after_it(sample_calls: Calls, stack: Stack) -> None:
    stack.run(stack.sotto.idle(""))
    for played in sample_calls.values():
        start = played.of("contact")[0]
        facts = stack.sotto.root.facts.facts(start["tenant"], played.contact_id)
        assert facts is not None
        assert facts.conversation_id == played.contact_id
        assert abs(facts.talk_ms - start["duration_ms"]) <= 1_000
        assert facts.after_contact_work_ms == AFTER_CONTACT_WORK_S * 1_000
        assert (facts.was_queued, facts.was_answered, facts.holds) == (True, True, 0)
        assert facts.disconnect_reason == "CUSTOMER_DISCONNECT"
        assert start["agent"] not in repr(facts)
