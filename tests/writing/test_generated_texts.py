"""Call: replies, answers and summaries that are written while a call goes on, through the whole embedded stack."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest

from sotto.call.annotation import Annotation
from sotto.core.content_words import plain
from sotto.generation.templates import template
from tests.call.conftest import Stack
from tests.fakes.quoting_host import QuotingHost
from tests.writing.conftest import AGENT, BUSY, CUT, KEY, MODEL, TENANT, WRITTEN, PlayedPart

pytestmark = pytest.mark.call

Calls = dict[str, PlayedPart]
NAMES = ("written_answer", "suggested_reply")
SUMMARY = "query S($id: ID!) { summary(contactId: $id) { origin model lines { part text utteranceIds } } }"


def kept(stack: Stack, result: PlayedPart) -> dict[str, list[Annotation]]:
    """The cards as the audit trail has them, by name; not that one was taken back."""
    every = stack.sotto.root.conversations.annotations(TENANT, result.contact_id, 0, 500)
    cards = [each for each in every if "withdraws" not in each.show]
    return {name: [each for each in cards if each.name == name] for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_what_the_host_writes_reaches_the_panel_with_the_passage_that_it_quotes(calls: Calls, name: str) -> None:
    shown = [action for action in calls[WRITTEN].actions(name) if action["model"] == MODEL]
    assert shown
    for action in shown:
        assert action["citations"]
        quoted = plain(" ".join(citation["quote"] for citation in action["citations"]))
        assert plain(action["text"]) in quoted
        assert "[1]" not in action["text"]


@pytest.mark.parametrize("name", NAMES)
def test_the_audit_trail_says_why_our_own_shard_did_not_serve(calls: Calls, name: str, stack: Stack) -> None:
    """Its weights are random: what it writes fails the checks, or never ends."""
    served = [each for each in kept(stack, calls[WRITTEN])[name] if each.model == MODEL]
    assert served
    assert all(each.route.startswith("openai ") and "; shard: " in each.route for each in served)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("call", "failure"), [(BUSY, "GeneratorBusy: the host is asked too often (429)"), (CUT, "CutOff")]
)
def test_when_the_host_fails_too_the_passage_is_quoted_as_it_stands(
    calls: Calls, call: str, failure: str, name: str, stack: Stack
) -> None:
    found = kept(stack, calls[call])[name]
    assert found
    for each in found:
        assert each.route.startswith("extractive; shard: ") and failure in each.route
        assert each.model == "extractive"
        (citation,) = each.show["citations"]
        assert plain(citation["quote"]).startswith(plain(each.show["text"].rstrip("…")))


def test_the_summary_after_the_call_is_written_by_the_same_chain(calls: Calls, stack: Stack) -> None:
    found = asked(stack, SUMMARY, id=calls[WRITTEN].contact_id)["data"]["summary"]
    assert (found["origin"], found["model"]) == ("MODEL", MODEL)
    utterances = {event["id"]: event["text"] for event in calls[WRITTEN].events if event["type"] == "utterance"}
    written = next(line for line in found["lines"] if line["part"] == "OVERVIEW")
    (source,) = written["utteranceIds"]
    quoted = plain(written["text"].partition('"')[2]).rstrip('"')
    assert quoted and plain(utterances[source]).startswith(quoted)


def asked(stack: Stack, query: str, **variables: Any) -> dict[str, Any]:
    found: dict[str, Any] = httpx.post(
        stack.sotto.agents.graphql_url,
        json={"query": query, "variables": variables},
        headers={"Authorization": stack.sotto.token(TENANT, AGENT)},
    ).json()
    return found


def test_tokens_and_cost_are_counted_for_the_tenant_that_has_texts_written(calls: Calls, stack: Stack) -> None:
    lines = [json.loads(line) for line in stack.options.metrics_file.read_text().splitlines()]
    spent = [line for line in lines if "GenerationCostUsd" in line]
    assert {line["tenant"] for line in spent if line["task"] != "summary"} == {TENANT}
    assert {line["provider"] for line in spent} == {"shard", "openai"}
    assert {line["task"] for line in spent} == {"answer", "reply", "summary"}
    host = [line for line in spent if line["provider"] == "openai"]
    prompts, completions = (total(host, name) for name in ("PromptTokens", "CompletionTokens"))
    assert prompts > 0 and completions > 0
    assert total(host, "GenerationCostUsd") == pytest.approx((prompts * 0.2 + completions * 0.4) / 1_000_000)


def total(lines: list[dict[str, Any]], metric: str) -> float:
    values = [line[metric] for line in lines if metric in line]
    return sum(sum(value) if isinstance(value, list) else value for value in values)


def test_the_host_is_asked_with_the_key_from_the_secret(calls: Calls, host: QuotingHost) -> None:
    assert host.asked
    for request in host.asked:
        assert request.headers["authorization"] == f"Bearer {KEY}"
        assert request.body["stream"] is True and request.body["model"] == MODEL


def test_what_was_said_before_is_part_of_what_the_host_is_asked(calls: Calls, host: QuotingHost) -> None:
    asked = ["\n".join(message["content"] for message in request.body["messages"]) for request in host.asked]
    texts = {each["text"] for each in calls[WRITTEN].events if each["type"] == "utterance"}
    live = [prompt for prompt in asked if "<spoken " in prompt]
    turns = [turn for prompt in live for turn in re.findall(r'<turn by="(?:customer|agent)">(.*?)</turn>', prompt)]
    assert turns and {plain(turn) for turn in turns} <= {plain(text) for text in texts}
    assert any("<noticed>" in prompt for prompt in live)


def test_a_written_card_says_which_prompt_it_answers(calls: Calls, stack: Stack) -> None:
    for name, prompt in (("written_answer", "answer"), ("suggested_reply", "reply")):
        written = [each for each in kept(stack, calls[WRITTEN])[name] if each.model == MODEL]
        assert written and all(f" {template(prompt).id}; " in each.route for each in written)


def test_a_tenant_whose_policies_ask_for_no_text_has_none(stack: Stack) -> None:
    assert {"reply", "answer"} <= set(stack.sotto.books[TENANT].models)
    assert not {"reply", "answer"} & set(stack.sotto.books["torque_garage"].models)
