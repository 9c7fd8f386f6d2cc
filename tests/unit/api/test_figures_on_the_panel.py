"""Unit: figures as the panels' API serves them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sotto.api.caller import Caller, Unauthorised
from sotto.api.panel.request_models import BadRequest
from sotto.api.panel.requests import serve
from sotto.api.roles import Role
from sotto.call.contact import Contact
from sotto.core.audit import AuditAction
from tests.fakes.clock import ClockByHand
from tests.fakes.desk import Desk
from tests.fakes.figures import make_history

NOON_MS = 1_796_040_000_000
FORM: dict[str, Any] = {
    "metric": "conversations",
    "period": {"first": "2026-11-30", "last": "2026-11-30"},
    "dimensions": None,
    "filters": None,
    "compare": "WEEK",
    "highest": None,
    "limit": None,
}
ADA = Caller("bank", "ada", Role.SUPERVISOR, frozenset({"service"}))


def a_contact(contact_id: str, team: str) -> Contact:
    return Contact("bank", contact_id, "arn:i", "arn:s", 0, agent="emma", team=team)


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("facts")
    make_history(folder, "bank", "2026-11-30", conversations=60, days=8)
    return folder


@pytest.fixture
def desk(facts: Path) -> Desk:
    return Desk(ClockByHand(NOON_MS), facts=facts)


def test_a_form_as_graphql_writes_it_is_answered_in_the_schemas_words(desk: Desk) -> None:
    found = serve("Query.figure", {"form": FORM}, ADA, desk.ports())
    assert found["form"]["compare"] == "WEEK" and found["total"]["value"] > 0 and found["total"]["before"] > 0
    assert [(each.who, each.action, each.record) for each in desk.audit.all] == [
        ("ada", AuditAction.FIGURE_READ, "metric/conversations")
    ]


def test_a_conversation_behind_a_figure_can_be_opened_where_it_is_kept_and_the_callers_to_see(desk: Desk) -> None:
    def rows() -> dict[str, bool]:
        found = serve("Query.conversationsBehind", {"form": FORM, "first": 100}, ADA, desk.ports())
        return {each["conversationId"]: each["isReadable"] for each in found["conversations"]}

    first, second = list(rows())[:2]
    desk.conversations.all_contacts.append(a_contact(first, "service"))
    desk.conversations.all_contacts.append(a_contact(second, "retention"))
    assert {name for name, is_readable in rows().items() if is_readable} == {first}


def test_a_question_is_redacted_on_its_way(desk: Desk) -> None:
    found = serve("Query.askFigures", {"question": "conversations today by team", "before": None}, ADA, desk.ports())
    assert found["refused"] is None and found["figure"]["form"]["dimensions"] == ["team"]


def test_what_is_wrong_is_named_and_who_supervises_nobody_sees_nothing(desk: Desk) -> None:
    with pytest.raises(BadRequest, match="conversations knows"):
        serve("Query.figure", {"form": {**FORM, "dimensions": ["severity"]}}, ADA, desk.ports())
    with pytest.raises(Unauthorised):
        serve("Query.metrics", {}, Caller("bank", "ada", Role.SUPERVISOR), desk.ports())
