"""Contract tests: what a panel may see and hear. AppSync and API Gateway are emulated, the rest of the delivery path is
real, and both channels pass the same tests."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from gql import Client, gql
from gql.transport.appsync_auth import AppSyncJWTAuthentication
from gql.transport.appsync_websockets import AppSyncWebsocketsTransport

from sotto.api.panel.questions import MOST_A_MINUTE
from sotto.call.after_call_work import AfterCallWork
from sotto.call.annotation import Annotation, AnnotationKind, Checklist, ChecklistItem, Evidence
from sotto.call.contact import Contact, ContactStatus, Speaker
from sotto.call.filing import FiledCall, FilingState, PersonOption
from sotto.call.summary import CallSummary, Origin, SummaryLine, SummaryPart
from sotto.call.utterance import PrivateSpan, Utterance
from sotto.contacts.directory import DirectoryAgent
from sotto.filing.outbox import FilingRow
from sotto.realtime.channel import (
    AgentAssignment,
    AssignmentState,
    Health,
    HealthState,
    annotation_message,
    checklist_message,
    contact_message,
    guidance_message,
    health_message,
    summary_message,
    utterance_message,
)
from sotto.realtime.departures import PanelDepartures
from sotto.realtime.panel_publisher import PanelPublisher
from sotto.tenants.articles import Article
from sotto.tenants.dispositions import DispositionCode, Dispositions
from tests.contract.delivery_stack import Stack, served
from tests.contract.websocket_stack import WebSocketStack
from tests.fakes.books import BooksInMemory, any_book
from tests.fakes.contacts import ContactsInMemory

FOLLOW = """subscription Follow($id: ID!) {
  onContactMessage(contactId: $id) {
    kind seq
    utterance { id text speaker isFinal private { kind startChar } }
    annotation { id title severity stagesMs citations { quote } evidence { utteranceId startChar } }
    before { id stagesMs } checklistSeq
    checklist { name state }
    contact { agent status mediaStartedAtMs }
    health { state reason }
    summary { lines { part text utteranceIds } origin model version }
  }
}"""


def any_contact(contact_id: str = "c1", tenant: str = "bank", agent: str = "ann", team: str = "retention") -> Contact:
    return Contact(
        tenant=tenant,
        contact_id=contact_id,
        instance_arn="arn:aws:connect:eu-west-2:1:instance/i",
        stream_arn="arn:aws:kinesisvideo:eu-west-2:1:stream/s",
        media_started_at_ms=1_763_000_000_000,
        agent=agent,
        team=team,
    )


def any_utterance(seq: int = 1, *, contact_id: str = "c1", tenant: str = "bank", **changes: Any) -> Utterance:
    given: dict[str, Any] = {
        "tenant": tenant,
        "contact_id": contact_id,
        "id": f"customer-{seq}",
        "seq": seq,
        "speaker": Speaker.CUSTOMER,
        "start_ms": seq * 1000,
        "end_ms": seq * 1000 + 900,
        "text": f"sentence {seq}",
    }
    return Utterance(**given | changes)


def any_annotation(seq: int = 1, **changes: Any) -> Annotation:
    given: dict[str, Any] = {
        "tenant": "bank",
        "contact_id": "c1",
        "id": f"a{seq}",
        "seq": seq,
        "kind": AnnotationKind.ACTION,
        "name": "offer_fee_refund",
        "at_ms": 4000,
        "utterance_id": "customer-1",
        "confidence": 0.91,
        "severity": "high",
        "show": {
            "title": "Offer the refund",
            "text": "Fees up to 20 may be refunded.",
            "citations": [{"article": "k1", "title": "Fees", "quote": "may be refunded"}],
        },
        "evidence": (Evidence("customer-1", 0, 8),),
        "stages_ms": {"route": 12.5},
    }
    return Annotation(**given | changes)


def any_summary(**changes: Any) -> CallSummary:
    lines = (SummaryLine(SummaryPart.OVERVIEW, "They want to leave.", ("customer-1",)),)
    made = CallSummary("bank", "c1", lines, Origin.MODEL, "small-writer", 1, 1_763_000_060_000, 1_900)
    return replace(made, **changes)


@pytest.fixture(params=[Stack, WebSocketStack], ids=["appsync", "websocket"])
async def stack(request: pytest.FixtureRequest) -> AsyncIterator[Stack]:
    """Everything here holds for both channels."""
    async with served(request.param()) as stack:
        stack.conversations.all_contacts = [
            any_contact(),
            any_contact("c2", agent="bob", team="service"),
            any_contact("g1", tenant="garage", agent="ann"),
        ]
        yield stack


async def test_an_assigned_agent_receives_every_kind_of_message_with_the_fields_that_were_asked_for(
    stack: Stack,
) -> None:
    channel = stack.channel()
    private = (PrivateSpan("card_number", 1000, 1400, 0, 4),)
    messages = [
        utterance_message(any_utterance(0, is_final=False), at_ms=900),
        utterance_message(any_utterance(1, private=private), at_ms=1900),
        annotation_message(any_annotation(), at_ms=4000),
        checklist_message(Checklist("bank", "c1", (ChecklistItem("duties", "greeting", "Greet", "done"),), 3, 5)),
        contact_message(any_contact(), at_ms=6),
        health_message("bank", "c1", Health(HealthState.DELAYED, "recogniser", "throttled"), at_ms=7),
        summary_message(any_summary(version=2)),
    ]
    async with stack.panel(stack.issuer.issue(agent="ann", tenant="bank")) as panel:
        assert (await panel.start("s1", FOLLOW, id="c1"))["type"] == "start_ack"
        await asyncio.to_thread(channel.publish, messages)
        received = [(await panel.next("data"))["payload"]["data"]["onContactMessage"] for _ in messages]
    assert [each["kind"] for each in received] == [
        "INTERIM", "UTTERANCE", "ANNOTATION", "CHECKLIST", "CONTACT", "HEALTH", "SUMMARY",
    ]  # fmt: skip
    assert received[0]["utterance"]["isFinal"] is False
    assert received[1]["utterance"] == {
        "id": "customer-1",
        "text": "sentence 1",
        "speaker": "CUSTOMER",
        "isFinal": True,
        "private": [{"kind": "card_number", "startChar": 0}],
    }
    assert json.loads(received[2]["annotation"].pop("stagesMs")) == {"route": 12.5}
    assert received[6]["summary"] == {
        "lines": [{"part": "OVERVIEW", "text": "They want to leave.", "utteranceIds": ["customer-1"]}],
        "origin": "MODEL",
        "model": "small-writer",
        "version": 2,
    }
    assert received[2]["annotation"] == {
        "id": "a1",
        "title": "Offer the refund",
        "severity": "HIGH",
        "citations": [{"quote": "may be refunded"}],
        "evidence": [{"utteranceId": "customer-1", "startChar": 0}],
    }
    assert received[3]["checklist"] == [{"name": "greeting", "state": "DONE"}] and received[3]["seq"] == 3
    assert received[4]["contact"] == {"agent": "ann", "status": "STARTED", "mediaStartedAtMs": 1_763_000_000_000.0}
    assert received[5]["health"] == {"state": "DELAYED", "reason": "throttled"}


async def test_what_a_round_led_to_arrives_as_one_message(stack: Stack) -> None:
    first, last = any_annotation(), replace(any_annotation(), id="a2", seq=2)
    checklist = Checklist("bank", "c1", (ChecklistItem("duties", "greeting", "Greet", "done"),), 3, 5)
    async with stack.panel(stack.issuer.issue(agent="ann", tenant="bank")) as panel:
        await panel.start("s1", FOLLOW, id="c1")
        await asyncio.to_thread(stack.channel().publish, [guidance_message((first, last), checklist)])
        received = (await panel.next("data"))["payload"]["data"]["onContactMessage"]
    assert (received["annotation"]["id"], received["seq"]) == ("a2", 2)
    assert received["before"] == [{"id": "a1", "stagesMs": json.dumps({"route": 12.5})}]
    assert (received["checklist"], received["checklistSeq"]) == ([{"name": "greeting", "state": "DONE"}], 3)


@pytest.mark.parametrize("stack", [Stack], indirect=True)
async def test_the_public_gql_client_follows_a_contact(stack: Stack) -> None:
    auth = AppSyncJWTAuthentication(stack.host, stack.issuer.issue(agent="ann", tenant="bank"))
    transport = AppSyncWebsocketsTransport(f"ws://{stack.host}/graphql", auth=auth)
    request = gql(FOLLOW)
    request.variable_values = {"id": "c1"}
    async with Client(transport=transport) as session:
        received = session.subscribe(request)
        first = asyncio.ensure_future(anext(received))
        # gql tells nobody that start_ack came, so publish until it hears.
        while not first.done():
            await asyncio.to_thread(stack.channel().publish, [utterance_message(any_utterance(), at_ms=1)])
        assert (await first)["onContactMessage"]["utterance"]["text"] == "sentence 1"
        await received.aclose()


async def test_a_late_panel_subscribes_and_then_fills_the_gap(stack: Stack) -> None:
    stack.conversations.all_utterances = [any_utterance(seq) for seq in (1, 2, 3)]
    token = stack.issuer.issue(agent="ann", tenant="bank")
    await asyncio.to_thread(stack.channel().publish, [utterance_message(any_utterance(3), at_ms=1)])
    async with stack.panel(token) as panel:
        await panel.start("s1", FOLLOW, id="c1")
        await asyncio.to_thread(stack.channel().publish, [utterance_message(any_utterance(4), at_ms=1)])
        live = await panel.next("data")
    query = "query($id: ID!, $after: Int) { utterances(contactId: $id, afterSeq: $after, limit: 2) { seq } }"
    first = (await stack.ask(token, query, id="c1", after=0)).json()
    rest = (await stack.ask(token, query, id="c1", after=2)).json()
    assert live["payload"]["data"]["onContactMessage"]["seq"] == 4, "what was published before is not replayed"
    assert first == {"data": {"utterances": [{"seq": 1}, {"seq": 2}]}}
    assert rest == {"data": {"utterances": [{"seq": 3}]}}


async def test_two_panels_at_once_receive_the_same(stack: Stack) -> None:
    agent = stack.issuer.issue(agent="ann", tenant="bank")
    supervisor = stack.issuer.issue(agent="sue", tenant="bank", role="supervisor", teams=["retention"])
    async with stack.panel(agent) as one, stack.panel(supervisor) as two:
        await one.start("s1", FOLLOW, id="c1")
        await two.start("x", FOLLOW, id="c1")
        await asyncio.to_thread(stack.channel().publish, [utterance_message(any_utterance(), at_ms=1)])
        assert (await one.next("data"))["payload"] == (await two.next("data"))["payload"]


@pytest.mark.parametrize(
    ("claims", "contact_id"),
    [
        ({"agent": "ann", "tenant": "bank"}, "c2"),
        ({"agent": "ann", "tenant": "bank"}, "g1"),
        ({"agent": "ann", "tenant": "bank"}, "no-such-contact"),
        ({"agent": "ann", "tenant": "garage"}, "c1"),
        ({"agent": "sue", "tenant": "bank", "role": "supervisor", "teams": ["sales"]}, "c1"),
        ({"agent": "sue", "tenant": "garage", "role": "supervisor", "teams": ["retention"]}, "c1"),
        ({"agent": "ann", "tenant": "bank", "teams": ["service"]}, "c2"),
    ],
)
async def test_anyone_elses_contact_is_refused_like_one_that_does_not_exist(
    stack: Stack, claims: dict[str, Any], contact_id: str
) -> None:
    token = stack.issuer.issue(**claims)
    async with stack.panel(token) as panel:
        refused = await panel.start("s1", FOLLOW, id=contact_id)
    query = "query($id: ID!) { contact(contactId: $id) { agent } utterances(contactId: $id) { id } }"
    asked = (await stack.ask(token, query, id=contact_id)).json()
    assert refused["type"] == "error"
    assert refused["payload"]["errors"][0]["errorType"] == "Unauthorized"
    assert asked["errors"][0]["errorType"] == "Unauthorized"
    assert asked["errors"][0]["message"] == "contactId: there is no such contact among yours"
    contact = (await stack.ask(token, "query($id: ID!) { contact(contactId: $id) { agent } }", id=contact_id)).json()
    assert contact == {"data": {"contact": None}}


async def test_a_message_of_another_tenant_with_the_same_contact_id_is_not_delivered(stack: Stack) -> None:
    async with stack.panel(stack.issuer.issue(agent="ann", tenant="bank")) as panel:
        await panel.start("s1", FOLLOW, id="c1")
        foreign = utterance_message(any_utterance(8, tenant="garage"), at_ms=1)
        ours = utterance_message(any_utterance(9), at_ms=1)
        await asyncio.to_thread(stack.channel().publish, [foreign, ours])
        assert (await panel.next("data"))["payload"]["data"]["onContactMessage"]["seq"] == 9


async def test_an_agent_is_notified_of_a_new_assignment_and_nobody_else_may_subscribe(stack: Stack) -> None:
    query = "subscription($a: ID!) { onAssignment(agent: $a) { state contact { contactId version } } }"
    assignments = [
        AgentAssignment("bob", AssignmentState.ASSIGNED, any_contact("c2", agent="bob")),
        AgentAssignment("ann", AssignmentState.ASSIGNED, any_contact()),
    ]
    async with stack.panel(stack.issuer.issue(agent="ann", tenant="bank")) as panel:
        assert (await panel.start("s0", query, a="bob"))["payload"]["errors"][0]["errorType"] == "Unauthorized"
        await panel.start("s1", query, a="ann")
        await asyncio.to_thread(stack.channel().assign, assignments)
        assignment = (await panel.next("data"))["payload"]["data"]["onAssignment"]
    assert assignment == {"state": "ASSIGNED", "contact": {"contactId": "c1", "version": 0}}


async def test_an_agent_who_is_released_from_a_contact_receives_no_more_of_it(stack: Stack) -> None:
    channel = stack.channel()
    supervisor = stack.issuer.issue(agent="sue", tenant="bank", role="supervisor", teams=["retention"])
    async with stack.panel(stack.issuer.issue(agent="ann", tenant="bank")) as panel, stack.panel(supervisor) as other:
        await panel.start("s1", FOLLOW, id="c1")
        await other.start("s1", FOLLOW, id="c1")
        moved = any_contact(agent="bob")
        stack.conversations.all_contacts[0] = moved
        assignments = [
            AgentAssignment("bob", AssignmentState.ASSIGNED, moved),
            AgentAssignment("ann", AssignmentState.RELEASED, moved),
        ]
        await asyncio.to_thread(channel.assign, assignments)
        assert await panel.next("data", "complete") == {"id": "s1", "type": "complete"}
        assert (await panel.start("s1", FOLLOW, id="c1"))["type"] == "error"
        assert (await other.next("data", "complete"))["type"] == "complete", "its new team may not be the supervisor's"
        assert (await other.start("s1", FOLLOW, id="c1"))["type"] == "start_ack"
        await asyncio.to_thread(channel.publish, [utterance_message(any_utterance(), at_ms=1)])
        assert (await other.next("data"))["id"] == "s1"


EMMAS_ID = "0000000a-2222-3333-4444-555555555555"
INSTANCE = "arn:aws:connect:us-east-1:111122223333:instance/11111111-2222-3333-4444-555555555555"


@pytest.mark.parametrize("claim", ["ann", "Ann", EMMAS_ID, f"{INSTANCE}/agent/{EMMAS_ID}"])
async def test_a_token_may_name_the_agent_as_connect_does(stack: Stack, claim: str) -> None:
    stack.desk.directory.put_agents("bank", "one", [DirectoryAgent(EMMAS_ID, "ann", "Ann", "Baker")])
    query = "subscription($a: ID!) { onAssignment(agent: $a) { state agent } }"
    token = stack.issuer.issue(agent=claim, tenant="bank")
    async with stack.panel(token) as panel:
        await panel.start("s1", FOLLOW, id="c1")
        await panel.start("s2", query, a=f"{INSTANCE}/agent/{EMMAS_ID}")
        await asyncio.to_thread(stack.channel().publish, [utterance_message(any_utterance(), at_ms=1)])
        assert (await panel.next("data"))["id"] == "s1"
        assigned = AgentAssignment("ann", AssignmentState.ASSIGNED, any_contact())
        await asyncio.to_thread(stack.channel().assign, [assigned])
        assert (await panel.next("data"))["payload"]["data"]["onAssignment"] == {"state": "ASSIGNED", "agent": "ann"}


async def test_who_has_left_loses_what_is_open_and_is_admitted_no_more(stack: Stack) -> None:
    """An agent and a supervisor leave; another supervisor stays."""
    ann, sue = DirectoryAgent("u-1", "ann"), DirectoryAgent("u-2", "sue")
    stack.desk.directory.put_agents("bank", "one", [ann, sue, DirectoryAgent("u-3", "eve")])
    live = [replace(any_contact(), status=ContactStatus.CONNECTED)]
    stack.conversations.all_contacts = list(live)
    agent = stack.issuer.issue(agent="ann", tenant="bank")
    supervisors = [
        stack.issuer.issue(agent=name, tenant="bank", role="supervisor", teams=["retention"]) for name in ("sue", "eve")
    ]
    panels = [stack.panel(token) for token in (agent, *supervisors)]
    async with panels[0] as anns, panels[1] as sues, panels[2] as eves:
        for panel in (anns, sues, eves):
            assert (await panel.start("s1", FOLLOW, id="c1"))["type"] == "start_ack"
        gone = [replace(each, left_at_ms=1) for each in (ann, sue)]
        stack.desk.directory.put_agents("bank", "one", gone)
        books = BooksInMemory(any_book("bank", teams={"retention": {"agents": ["ann"]}}))
        publisher = PanelPublisher(stack.channel(), lambda what: pytest.fail(what))
        departures = PanelDepartures(ContactsInMemory(*live), books, publisher, lambda: None)
        await asyncio.to_thread(departures.left, "bank", gone)
        for panel in (anns, sues, eves):
            assert (await panel.next("data", "complete"))["type"] == "complete"
        assert (await anns.start("s1", FOLLOW, id="c1"))["payload"]["errors"][0]["errorType"] == "Unauthorized"
        assert (await sues.start("s1", FOLLOW, id="c1"))["payload"]["errors"][0]["errorType"] == "Unauthorized"
        assert (await eves.start("s1", FOLLOW, id="c1"))["type"] == "start_ack"
        await asyncio.to_thread(stack.channel().publish, [utterance_message(any_utterance(), at_ms=1)])
        assert (await eves.next("data"))["id"] == "s1"
    refused = (await stack.ask(agent, "{ myContacts { contactId } }")).json()
    assert refused["errors"][0]["errorType"] == "Unauthorized"


async def test_supervisors_see_agents_by_name(stack: Stack) -> None:
    stack.conversations.all_contacts = [replace(any_contact(), status=ContactStatus.CONNECTED)]
    supervisor = stack.issuer.issue(agent="sue", tenant="bank", role="supervisor", teams=["retention"])
    query = "{ liveContacts { agent agentName } }"
    shown = (await stack.ask(supervisor, query)).json()["data"]["liveContacts"]
    assert shown == [{"agent": "ann", "agentName": None}]
    stack.desk.directory.put_agents("bank", "one", [DirectoryAgent("u-1", "ann", "Ann", "Baker")])
    shown = (await stack.ask(supervisor, query)).json()["data"]["liveContacts"]
    assert shown == [{"agent": "ann", "agentName": "Ann Baker"}]


LIVE = "{ liveContacts { contactId agent team startedAtMs riskCount riskMoments { name title atMs } } }"


async def test_a_supervisor_is_shown_the_calls_of_their_teams_and_what_was_grave_in_them(stack: Stack) -> None:
    live = [any_contact(), any_contact("c2", agent="bob", team="service"), any_contact("g1", tenant="garage")]
    stack.conversations.all_contacts = [replace(each, status=ContactStatus.CONNECTED) for each in live]
    grave = {"kind": AnnotationKind.MOMENT, "name": "cancel_risk", "show": {}}
    stack.conversations.all_annotations = [any_annotation(seq, at_ms=seq, **grave) for seq in range(1, 6)]
    supervisor = stack.issuer.issue(agent="sue", tenant="bank", role="supervisor", teams=["retention"])
    [shown] = (await stack.ask(supervisor, LIVE)).json()["data"]["liveContacts"]
    assert shown == {
        "contactId": "c1",
        "agent": "ann",
        "team": "retention",
        "startedAtMs": 1_763_000_000_000.0,
        "riskCount": 5,
        "riskMoments": [{"name": "cancel_risk", "title": "cancel risk", "atMs": seq} for seq in (5, 4, 3)],
    }
    assert stack.follows.all_follows == [], "a glance at the list is no look into a call"


async def test_an_agent_may_not_list_live_calls_whatever_teams_the_token_names(stack: Stack) -> None:
    agent = stack.issuer.issue(agent="ann", tenant="bank", teams=["retention"])
    refused = (await stack.ask(agent, LIVE)).json()
    assert refused["errors"][0]["errorType"] == "Unauthorized"
    assert not (refused.get("data") or {}).get("liveContacts")


@pytest.mark.parametrize(
    "query",
    [
        '{ utterances(contactId: "c1", afterSeq: 7) { id } }',
        '{ annotations(contactId: "c1", afterSeq: 7) { id } }',
        '{ checklist(contactId: "c1") { name } }',
        '{ feedback(contactId: "c1") { reason } }',
        '{ searchKnowledge(contactId: "c1", question: "fees") { text } }',
        '{ askKnowledge(contactId: "c1", question: "fees") { sentences { text } } }',
        '{ askAboutCall(contactId: "c1", question: "fees") { text } }',
        '{ article(contactId: "c1", article: "k1") { text } }',
        '{ summary(contactId: "c1") { version } }',
    ],
)
async def test_every_way_to_read_someone_elses_call_leaves_an_entry_and_reading_on_no_second(
    stack: Stack, query: str
) -> None:
    supervisor = stack.issuer.issue(agent="sue", tenant="bank", role="supervisor", teams=["retention"])
    await stack.ask(supervisor, query)
    await stack.ask(supervisor, query)
    assert [each[:3] for each in stack.follows.all_follows] == [("bank", "c1", "sue")]


async def test_each_following_of_a_call_leaves_an_entry_and_the_agents_own_none(stack: Stack) -> None:
    agent = stack.issuer.issue(agent="ann", tenant="bank")
    supervisor = stack.issuer.issue(agent="sue", tenant="bank", role="supervisor", teams=["retention"])
    async with stack.panel(agent) as own, stack.panel(supervisor) as other:
        await own.start("s1", FOLLOW, id="c1")
        await stack.ask(agent, '{ utterances(contactId: "c1") { id } }')
        await other.start("s1", FOLLOW, id="c1")
        await other.start("s2", FOLLOW, id="c1")
        assert (await other.start("s3", FOLLOW, id="c2"))["type"] == "error"
    assert [each[:3] for each in stack.follows.all_follows] == [("bank", "c1", "sue")] * 2


async def test_feedback_survives_a_reload_and_is_the_assigned_agents_alone(stack: Stack) -> None:
    stack.conversations.all_annotations = [any_annotation()]
    agent = stack.issuer.issue(agent="ann", tenant="bank")
    supervisor = stack.issuer.issue(agent="sue", tenant="bank", role="supervisor", teams=["retention"])
    rate = """mutation($id: ID!) {
      rate(contactId: "c1", annotationId: $id, rating: DOWN, reason: "too late") { rating }
    }"""
    assert (await stack.ask(agent, rate, id="a1")).json() == {"data": {"rate": {"rating": "DOWN"}}}
    await stack.ask(agent, 'mutation { acknowledge(contactId: "c1", annotationId: "a1") { annotationId } }')
    unknown = (await stack.ask(agent, rate, id="a2")).json()
    refused = (await stack.ask(supervisor, rate, id="a1")).json()
    reload = '{ feedback(contactId: "c1") { rating reason acknowledgedAtMs dismissedAtMs } }'
    kept = (await stack.ask(agent, reload)).json()["data"]["feedback"]
    assert unknown["errors"][0]["errorType"] == "NotFound"
    assert refused["errors"][0]["errorType"] == "Unauthorized"
    assert [(each["rating"], each["reason"], each["dismissedAtMs"]) for each in kept] == [("DOWN", "too late", None)]
    assert kept[0]["acknowledgedAtMs"] > 0


ASK = """
    query($q: String!) { askAboutCall(contactId: "c1", question: $q) { question text origin utterances { id text } } }
"""
SEARCH = 'query($q: String!) { searchKnowledge(contactId: "c1", question: $q) { text } }'


async def test_a_question_about_the_call_is_answered_out_of_it_and_of_no_other(stack: Stack) -> None:
    stack.conversations.all_utterances = [
        any_utterance(1, text="The monthly fee is too high."),
        any_utterance(2, contact_id="c2", text="The monthly fee is fine."),
    ]
    answer = (await stack.ask(stack.issuer.issue(agent="ann", tenant="bank"), ASK, q="monthly fee")).json()
    assert answer["data"]["askAboutCall"] == {
        "question": "monthly fee",
        "text": "",
        "origin": "QUOTED",
        "utterances": [{"id": "customer-1", "text": "The monthly fee is too high."}],
    }


async def test_what_an_agent_types_is_asked_and_kept_without_what_is_private(stack: Stack) -> None:
    stack.conversations.all_annotations = [any_annotation()]
    agent = stack.issuer.issue(agent="ann", tenant="bank")
    typed = "is 4111 1111 1111 1111 covered"
    answer = (await stack.ask(agent, ASK, q=typed)).json()["data"]["askAboutCall"]
    await stack.ask(agent, SEARCH, q=typed)
    rate = """mutation($r: String) {
      rate(contactId: "c1", annotationId: "a1", rating: DOWN, reason: $r) { reason }
    }"""
    rated = (await stack.ask(agent, rate, r=typed)).json()["data"]["rate"]
    masked = "is [card number] covered"
    assert (answer["question"], rated["reason"], stack.knowledge.questions) == (masked, masked, [masked])
    assert [(each.subject, each.question, each.found) for each in stack.desk.questions.asked] == [
        ("call", masked, 0),
        ("knowledge", masked, 0),
    ]


async def test_questions_are_bounded_in_length_and_in_number(stack: Stack) -> None:
    agent = stack.issuer.issue(agent="ann", tenant="bank")
    long = (await stack.ask(agent, ASK, q="fee " * 200)).json()
    assert long["errors"][0]["errorType"] == "BadRequest"
    for _ in range(MOST_A_MINUTE):
        assert "errors" not in (await stack.ask(agent, ASK, q="fee")).json()
    assert (await stack.ask(agent, ASK, q="fee")).json()["errors"][0]["errorType"] == "TooManyQuestions"
    assert "errors" not in (await stack.ask(agent, SEARCH, q="fee")).json()


async def test_an_article_is_read_whole_and_only_the_tenants_own(stack: Stack) -> None:
    stack.desk.books.publish_articles("bank", Article("fees", "Fees", "A fee.\n\nNo fee for students."))
    stack.desk.books.publish_articles("garage", Article("brakes", "Brakes", "Hold on."))
    agent = stack.issuer.issue(agent="ann", tenant="bank")
    read = 'query($a: ID!) { article(contactId: "c1", article: $a) { title text } }'
    own = (await stack.ask(agent, read, a="fees")).json()["data"]["article"]
    foreign = (await stack.ask(agent, read, a="brakes")).json()
    assert own == {"title": "Fees", "text": "A fee.\n\nNo fee for students."}
    assert foreign == {"data": {"article": None}}


async def test_the_summary_is_there_after_the_call_for_those_who_may_read_it(stack: Stack) -> None:
    read = '{ summary(contactId: "c1") { lines { text } version } }'
    agent = stack.issuer.issue(agent="ann", tenant="bank")
    assert (await stack.ask(agent, read)).json() == {"data": {"summary": None}}
    stack.desk.summaries.summaries[("bank", "c1")] = any_summary(version=1)
    stack.conversations.all_contacts[0] = replace(any_contact(), status=ContactStatus.ENDED)
    kept = (await stack.ask(agent, read)).json()["data"]["summary"]
    assert kept == {"lines": [{"text": "They want to leave."}], "version": 1}
    for other in (
        stack.issuer.issue(agent="bob", tenant="bank"),
        stack.issuer.issue(agent="ann", tenant="garage"),
        stack.issuer.issue(agent="sue", tenant="bank", role="supervisor", teams=["service"]),
    ):
        for query in (read, '{ askAboutCall(contactId: "c1", question: "x") { text } }'):
            assert (await stack.ask(other, query)).json()["errors"][0]["errorType"] == "Unauthorized"


EDIT = """mutation($v: Int!, $l: [EditedLineInput!]!) { editSummary(contactId: "c1", version: $v, lines: $l) {
  version origin editedBy lines { part text utteranceIds } } }"""


async def test_an_agent_corrects_the_summary_of_their_call_and_nobody_elses(stack: Stack) -> None:
    stack.desk.summaries.summaries[("bank", "c1")] = any_summary(version=1)
    agent = stack.issuer.issue(agent="ann", tenant="bank")
    lines = [{"part": "OVERVIEW", "text": "They stay.", "from": 0}, {"part": "FACT", "text": "12 a month."}]
    stored = (await stack.ask(agent, EDIT, v=1, l=lines)).json()["data"]["editSummary"]
    kept_evidence = list(any_summary().lines[0].rests_on)
    assert stored == {
        "version": 2,
        "origin": "EDITED",
        "editedBy": "ann",
        "lines": [
            {"part": "OVERVIEW", "text": "They stay.", "utteranceIds": kept_evidence},
            {"part": "FACT", "text": "12 a month.", "utteranceIds": []},
        ],
    }
    again = (await stack.ask(agent, EDIT, v=1, l=lines)).json()["errors"][0]
    assert again["errorType"] == "BadRequest" and again["message"].startswith("version:")
    for wrong in ([], [{"part": "FACT", "text": "x" * 501}], [{"part": "FACT", "text": " "}]):
        assert (await stack.ask(agent, EDIT, v=2, l=wrong)).json()["errors"][0]["errorType"] == "BadRequest"
    for other in (
        stack.issuer.issue(agent="bob", tenant="bank"),
        stack.issuer.issue(agent="ann", tenant="garage"),
        stack.issuer.issue(agent="sue", tenant="bank", role="supervisor", teams=["retention"]),
    ):
        assert (await stack.ask(other, EDIT, v=2, l=lines)).json()["errors"][0]["errorType"] == "Unauthorized"


CHOOSE = """mutation($c: ID!) { chooseDisposition(contactId: "c1", code: $c) {
  version disposition { suggested choice { code title agent written } } } }"""


async def test_how_the_call_ended_is_chosen_by_its_agent_out_of_the_tenants_codes(stack: Stack) -> None:
    code = DispositionCode(code="saved", title="Customer stays")
    book = stack.desk.books.current("bank").model_copy(update={"dispositions": Dispositions(codes=(code,))})
    stack.desk.books.publish(book.sealed())
    agent = stack.issuer.issue(agent="ann", tenant="bank")
    read = '{ afterCall(contactId: "c1") { steps { step } disposition { choice { code } } version } }'
    assert (await stack.ask(agent, read)).json() == {"data": {"afterCall": None}}
    chosen = (await stack.ask(agent, CHOOSE, c="saved")).json()["data"]["chooseDisposition"]
    choice = {"code": "saved", "title": "Customer stays", "agent": "ann", "written": "PENDING"}
    assert chosen == {"version": 1, "disposition": {"suggested": None, "choice": choice}}
    kept = (await stack.ask(agent, read)).json()["data"]["afterCall"]
    assert kept == {"steps": [], "disposition": {"choice": {"code": "saved"}}, "version": 1}
    refused = (await stack.ask(agent, CHOOSE, c="made_up")).json()["errors"][0]
    assert refused["errorType"] == "BadRequest" and "made_up" not in refused["message"]
    for other in (
        stack.issuer.issue(agent="bob", tenant="bank"),
        stack.issuer.issue(agent="ann", tenant="garage"),
        stack.issuer.issue(agent="sue", tenant="bank", role="supervisor", teams=["retention"]),
    ):
        assert (await stack.ask(other, CHOOSE, c="saved")).json()["errors"][0]["errorType"] == "Unauthorized"


WHOSE = """mutation($p: ID!) { choosePerson(contactId: "c1", system: "crm", person: $p) { filed { system person } } }"""


async def test_whose_call_it_was_is_chosen_by_its_agent_among_those_offered(stack: Stack) -> None:
    agent = stack.issuer.issue(agent="ann", tenant="bank")
    offered = FiledCall("crm", "Salesforce", FilingState.AMBIGUOUS, persons=(PersonOption("003A", "A. L."),))
    stack.desk.after_call.kept["bank", "c1"] = AfterCallWork("bank", "c1", filed=(offered,), version=1)
    stack.desk.filings.replace(FilingRow("bank", "c1", "crm", state=FilingState.AMBIGUOUS))
    assert "errors" not in (await stack.ask(agent, WHOSE, p="003A")).json()
    row = stack.desk.filings.row("bank", "c1", "crm")
    assert row is not None and (row.person, row.chosen_by, row.state) == ("003A", "ann", FilingState.PENDING)
    assert [each.TYPE for each in stack.desk.filings.events] == ["person.chosen"]
    refused = (await stack.ask(agent, WHOSE, p="003B")).json()["errors"][0]
    assert refused["errorType"] == "BadRequest" and "003B" not in refused["message"]
    for other in (
        stack.issuer.issue(agent="bob", tenant="bank"),
        stack.issuer.issue(agent="sue", tenant="bank", role="supervisor", teams=["retention"]),
    ):
        assert (await stack.ask(other, WHOSE, p="")).json()["errors"][0]["errorType"] == "Unauthorized"


async def test_a_wrong_argument_is_named_without_its_value(stack: Stack) -> None:
    token = stack.issuer.issue(agent="ann", tenant="bank")
    answer = (await stack.ask(token, '{ utterances(contactId: "c1", limit: 5000) { id } }')).json()
    assert answer["errors"][0]["errorType"] == "BadRequest"
    assert answer["errors"][0]["message"].startswith("limit:")
    assert "5000" not in answer["errors"][0]["message"]


async def test_a_failing_function_says_nothing_of_the_call(stack: Stack) -> None:
    stack.fails = True
    token = stack.issuer.issue(agent="ann", tenant="bank")
    response = await stack.ask(token, '{ contact(contactId: "c1") { agent } }')
    assert "text of a call" not in response.text
    assert response.json()["errors"][0]["errorType"] == "Unavailable"
