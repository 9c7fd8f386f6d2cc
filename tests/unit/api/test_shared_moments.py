"""Unit: what a coach shares of a call with its agent, who sees it, and what became of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.api.coaching.use_cases import MOST_OF_A_CALL
from sotto.api.panel.answers import Answer, answered
from sotto.api.roles import TABLE, Action, Reach, Role
from sotto.call.shared_moment import LONGEST_ANSWER, LONGEST_COMMENT, LONGEST_SPAN_MS
from sotto.contacts.directory import DirectoryAgent
from sotto.core.audit import AuditAction
from sotto.realtime.channel import AssignmentState, ChannelUnavailable
from tests.contract.ports.shared_moments_contract import any_moment
from tests.contract.test_delivery_to_the_panel import any_annotation, any_contact, any_utterance
from tests.fakes.channel import ChannelInMemory
from tests.fakes.clock import ClockByHand
from tests.fakes.desk import Desk

NOW = 1_790_000_000_000
CLEO = DirectoryAgent("5f7b2a52-1a0c-4b5e-9c83-0d9d5a3d7f11", "cleo", "Cleo", "Park")
SPAN = {"contactId": "c1", "fromMs": 2_000, "untilMs": 3_950}


@pytest.fixture
def desk() -> Desk:
    """ann, of retention, had c1; bob, of service, c2; a third call is another tenant's."""
    desk = Desk(ClockByHand(NOW))
    desk.channel = ChannelInMemory()
    desk.directory.put_agents("bank", "one", [CLEO])
    desk.conversations.all_contacts = [
        any_contact(),
        any_contact("c2", agent="bob", team="service"),
        any_contact("g1", tenant="garage"),
    ]
    for contact_id, tenant in (("c1", "bank"), ("c2", "bank"), ("g1", "garage")):
        words = [any_utterance(seq, contact_id=contact_id, tenant=tenant) for seq in range(1, 6)]
        desk.conversations.all_utterances += words
    desk.conversations.all_annotations = [any_annotation(1)]
    return desk


def ask(
    desk: Desk, field: str, who: str = "cleo", role: str = "coach", team: str = "retention", **given: Any
) -> Answer:
    claims = {"tenant": "bank", "agent": who, "role": role, "teams": [team]}
    return answered(field, given, claims, desk.ports(), lambda name, error: None)


def shared(desk: Desk, comment: str = "Well put.", **changed: Any) -> Any:
    answer = ask(desk, "Mutation.shareMoment", **{**SPAN, "comment": comment, **changed})
    return answer.get("data") or answer["error"]


def mine(desk: Desk, who: str = "ann") -> list[Any]:
    found: list[Any] = ask(desk, "Query.mySharedMoments", who=who, role="agent")["data"]
    return found


def acknowledged(desk: Desk, moment: Any, answer: str | None = None, who: str = "ann") -> Any:
    given = {"contactId": moment["contactId"], "shareId": moment["id"], "answer": answer}
    found = ask(desk, "Mutation.acknowledgeShare", who=who, role="agent", **given)
    return found.get("data") or found["error"]


def test_what_is_shared_comes_to_the_agent_with_its_words_and_comes_back_acknowledged(desk: Desk) -> None:
    moment = shared(desk, annotationId="a1")
    assert (moment["sharerName"], moment["agent"], moment["moment"]) == ("Cleo Park", "ann", "offer_fee_refund")
    assert [(each.agent, each.state) for each in desk.channel.assignments] == [("ann", AssignmentState.SHARED)]  # type: ignore[attr-defined]
    (seen,) = mine(desk)
    assert seen == moment and [each["text"] for each in seen["utterances"]] == ["sentence 2", "sentence 3"]
    done = acknowledged(desk, seen, "  I'll do that  again. ")
    assert (done["acknowledgedAtMs"], done["answer"]) == (NOW, "I'll do that again.")
    (listed,) = ask(desk, "Query.sharedMoments")["data"]["moments"]
    assert (listed["answer"], listed["acknowledgedAtMs"], listed["utterances"]) == ("I'll do that again.", NOW, [])
    assert ask(desk, "Query.sharedMoments", onlyWaiting=True)["data"] == {"moments": [], "cursor": None}
    (of_call,) = ask(desk, "Query.sharedMomentsOf", contactId="c1")["data"]
    assert of_call["answer"] == "I'll do that again." and len(of_call["utterances"]) == 2
    trail = [(each.who, each.action, each.record) for each in desk.audit.all if "share" in each.action]
    assert trail == [
        ("cleo", AuditAction.MOMENT_SHARED, "contact/c1"),
        ("ann", AuditAction.SHARE_ACKNOWLEDGED, "contact/c1"),
    ]


def test_sharing_and_acknowledging_again_change_nothing_and_an_answer_is_given_once(desk: Desk) -> None:
    moment = shared(desk)
    desk.clock = ClockByHand(NOW + 5_000)
    assert shared(desk) == moment and len(mine(desk)) == 1
    first = acknowledged(desk, moment)
    desk.clock = ClockByHand(NOW + 5_000)
    assert acknowledged(desk, moment) == first
    answered_late = acknowledged(desk, moment, "Thanks.")
    assert answered_late["acknowledgedAtMs"] == first["acknowledgedAtMs"]
    assert acknowledged(desk, moment, "Thanks.") == answered_late
    assert acknowledged(desk, moment) == answered_late
    refused = acknowledged(desk, moment, "Something else.")
    assert refused["type"] == "BadRequest" and "answered already" in refused["message"]
    assert mine(desk)[0]["answer"] == "Thanks."
    assert sum(each.action is AuditAction.MOMENT_SHARED for each in desk.audit.all) == 1


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(list(Role)), st.sampled_from(["retention", "service"]), st.sampled_from(["cleo", "ann", "bob"]))
def test_who_reaches_the_team_shares_and_sees_it_and_nobody_else_does(role: Role, team: str, who: str) -> None:
    desk = Desk(ClockByHand(NOW))
    desk.conversations.all_contacts = [any_contact(), any_contact("g1", tenant="garage")]
    desk.conversations.all_utterances = [any_utterance(seq) for seq in (1, 2, 3)]
    desk.shared.add(any_moment(1, agent="ann", team="retention", first_seq=1, last_seq=2))
    desk.shared.add(any_moment(2, contact_id="g1", tenant="garage", agent="ann", team="retention"))
    reach = TABLE[Action.SHARE_MOMENT][role]
    reached = who != "ann" and (Reach.ANY in reach or (Reach.TEAM in reach and team == "retention"))
    given: dict[str, Any] = {"who": who, "role": role.value, "team": team}
    answer = ask(desk, "Mutation.shareMoment", **given, **SPAN, comment="Look.")
    assert ("data" in answer) is reached
    assert "data" not in ask(desk, "Mutation.shareMoment", **given, **{**SPAN, "contactId": "g1"}, comment="Look.")
    listed = ask(desk, "Query.sharedMoments", **given)
    assert ("data" in listed) is bool(reach)
    assert len(listed.get("data", {"moments": []})["moments"]) == (2 if reached else 0)
    assert [each["id"] for each in ask(desk, "Query.mySharedMoments", **given)["data"]][-1:] == (
        [any_moment(1).id] if who == "ann" else []
    )


def test_an_agent_sees_and_acknowledges_what_is_theirs_alone(desk: Desk) -> None:
    moment = shared(desk)
    assert mine(desk, "bob") == []
    assert acknowledged(desk, moment, who="bob")["type"] == "NotFound"
    assert acknowledged(desk, {**moment, "id": "share-" + "0" * 32})["type"] == "NotFound"
    assert acknowledged(desk, {**moment, "id": "x#y"})["type"] == "BadRequest"
    assert (
        ask(desk, "Query.sharedMomentsOf", who="bob", role="agent", contactId="c1")["error"]["type"] == "Unauthorized"
    )
    assert ask(desk, "Query.sharedMomentsOf", who="ann", role="agent", contactId="c1")["data"] == [moment]
    assert ask(desk, "Query.sharedMoments", who="ann", role="agent")["error"]["type"] == "Unauthorized"


def test_what_is_private_is_taken_out_of_comment_and_answer_before_either_is_kept(desk: Desk) -> None:
    moment = shared(desk, "Their card is 4111 1111 1111 1111, see?")
    acknowledged(desk, moment, "It was 4111 1111 1111 1111.")
    (kept,) = desk.shared.kept.values()
    assert "4111" not in kept.comment + kept.answer and kept.comment.startswith("Their card is")
    assert kept.answer.startswith("It was")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"comment": "x" * (LONGEST_COMMENT + 1)}, "comment: String should have at most 1000"),
        ({"comment": "x" * 10_000}, "comment: String should have at most 1000"),
        ({"comment": "   "}, "comment: String should have at least 1"),
        ({"untilMs": 2_000}, "untilMs: must be after fromMs"),
        ({"untilMs": 2_000 + LONGEST_SPAN_MS + 1}, "untilMs: at most 10 minutes"),
        ({"fromMs": 90_000, "untilMs": 95_000}, "fromMs: nothing was said in that time"),
        ({"fromMs": -1}, "fromMs:"),
        ({"annotationId": "nope"}, "annotationId: this call has no such moment"),
    ],
)
def test_what_cannot_be_shared_is_refused_with_the_field_and_nothing_is_kept(
    desk: Desk, changed: dict[str, Any], said: str
) -> None:
    refused = shared(desk, **changed)
    assert refused["type"] in ("BadRequest", "NotFound") and said in refused["message"]
    assert desk.shared.kept == {} and desk.audit.all == [] and mine(desk) == []


def test_an_answer_is_bounded(desk: Desk) -> None:
    refused = acknowledged(desk, shared(desk), "x" * (LONGEST_ANSWER + 1))
    assert refused["type"] == "BadRequest" and mine(desk)[0]["acknowledgedAtMs"] is None


def test_of_an_erased_call_nothing_is_shared_or_seen_any_more(desk: Desk) -> None:
    moment = shared(desk)
    desk.conversations.all_contacts[0] = replace(desk.conversations.all_contacts[0], erased=True)
    refused = shared(desk, "Once more.")
    assert refused["type"] == "BadRequest" and "erased" in refused["message"]
    assert mine(desk) == [] and acknowledged(desk, moment)["type"] == "NotFound"


def test_with_an_agent_who_left_or_a_call_without_one_nothing_is_shared(desk: Desk) -> None:
    ann = DirectoryAgent("6a7b2a52-1a0c-4b5e-9c83-0d9d5a3d7f12", "ann")
    for known in (ann, replace(ann, left_at_ms=NOW - 1)):
        desk.directory.put_agents("bank", "one", [known])
    assert "has left" in shared(desk)["message"]
    desk.conversations.all_contacts[0] = replace(desk.conversations.all_contacts[0], agent=None)
    assert "no agent had this call" in shared(desk)["message"]


def test_whose_call_it_no_longer_is_keeps_the_comment_and_sees_no_words(desk: Desk) -> None:
    shared(desk)
    desk.conversations.all_contacts[0] = replace(desk.conversations.all_contacts[0], agent="bob")
    (seen,) = mine(desk)
    assert seen["comment"] == "Well put." and seen["utterances"] == []


def test_what_no_channel_carried_is_there_when_the_panel_asks(desk: Desk) -> None:
    desk.channel = ChannelInMemory(failure=ChannelUnavailable("down"))
    moment = shared(desk)
    assert mine(desk) == [moment] and desk.unpublished == ["assignment"]


def test_a_call_has_so_many_and_no_more(desk: Desk) -> None:
    for n in range(MOST_OF_A_CALL):
        desk.shared.add(any_moment(n))
    assert "at most 50" in shared(desk)["message"]


def test_lists_go_on_page_by_page_past_what_is_not_the_callers(desk: Desk) -> None:
    for n in range(7):
        desk.shared.add(any_moment(n, team="retention" if n % 2 else "service"))
    first = ask(desk, "Query.sharedMoments", first=2)["data"]
    rest = ask(desk, "Query.sharedMoments", first=2, after=first["cursor"])["data"]
    assert [each["sharedAtMs"] - NOW for each in first["moments"] + rest["moments"]] == [5, 3, 1]
    assert rest["cursor"] is None
    assert ask(desk, "Query.sharedMoments", after="x")["error"]["type"] == "BadRequest"
