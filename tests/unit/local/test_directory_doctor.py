"""Unit: what sotto doctor says of directories."""

from __future__ import annotations

from dataclasses import replace

import pytest

from local.commands.directory_doctor import DAY_MS, HOUR_MS, MINUTE_MS, findings
from sotto.contacts.directory import Condition, InstanceState

NOW_MS = 1_790_000_000_000
FINE = InstanceState("i-1", Condition.FINE, NOW_MS - 7 * MINUTE_MS, NOW_MS, users=50_000)


@pytest.mark.parametrize(
    ("state", "is_fine", "says"),
    [
        (FINE, True, "instance i-1: fine; 50,000 users; synchronised 7 min ago"),
        (replace(FINE, synchronised_at_ms=NOW_MS - 5 * HOUR_MS), True, "synchronised 5 h ago"),
        (replace(FINE, synchronised_at_ms=NOW_MS - 3 * DAY_MS), False, "3 d ago; older than a day"),
        (replace(FINE, condition=Condition.BEHIND), False, "behind; 50,000 users; synchronised 7 min ago; Connect thr"),
        (
            InstanceState("i-1", Condition.FORBIDDEN, first_attempt_at_ms=NOW_MS, refused=("SearchUsers",)),
            False,
            "forbidden; never synchronised; let the role of synchronise_directory call SearchUsers on the instance",
        ),
        (InstanceState("i-1", Condition.UNKNOWN, first_attempt_at_ms=NOW_MS), False, "correct the deployment file"),
    ],
)
def test_each_condition_says_what_to_do(state: InstanceState, is_fine: bool, says: str) -> None:
    (found,) = findings("bank", [state], NOW_MS)
    assert found.is_fine is is_fine
    assert says in found.says


def test_a_tenant_without_a_directory_is_something_to_look_at() -> None:
    (found,) = findings("bank", [], NOW_MS)
    assert not found.is_fine
    assert "has not run" in found.says
