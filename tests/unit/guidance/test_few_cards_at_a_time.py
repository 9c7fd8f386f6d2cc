"""Unit: cards wait for each other, give way to each other, and are dropped when they are moot."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sotto.call.annotation import AnnotationKind
from sotto.graph.node import NodeResult, NodeStatus
from sotto.guidance.call_events import CallEvent
from sotto.guidance.conversation import ConversationState, state_from_json
from sotto.guidance.evaluate import evaluate
from sotto.guidance.rules import Rules
from sotto.tenants.guidance_settings import GuidanceSettings
from sotto.tenants.playbook import AnswerRule
from tests.unit.guidance.calls import found, play, rules_for, says, tick

PLAYBOOK = """\
moments:
  upset: {when: {phrases: [angry]}}
  leaving: {when: {phrases: [leave]}, severity: high}
  on_hold: {when: {silence: {longer_than: 40s}}}
actions:
  calm: {when: upset, severity: info, show: {title: Show understanding}}
  identify:
    when: {phrases: [angry]}
    withdraw_when: {phrases: [your name], speaker: agent}
    severity: medium
    show: {title: Ask for the name}
  keep: {when: leaving, severity: high, show: {title: Make an offer}}
  go_back: {when: on_hold, withdraw_when: {speaks: agent}, show: {title: Go back}}
  maybe: {when: {intent: buy, at_least: 0.3}, severity: low, show: {title: Offer it}}
  urgent: {when: {intent: complain, at_least: 0.3}, severity: high, show: {title: Say sorry}}
  answer: {answer: {model: knowledge, at_least: 0.4}, show: {title: "{article}"}}
"""


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    return rules_for(tmp_path, PLAYBOOK, guidance=GuidanceSettings())


def shown(rules: Rules, *events: CallEvent) -> list[str]:
    """What comes and, with a minus and its reason, what goes."""
    return [
        f"-{one.name} {one.show['because']}" if "withdraws" in one.show else one.name
        for one in play(rules, *events)[1]
        if one.kind is AnnotationKind.ACTION
    ]


def article(name: str, confidence: float = 0.9, title: str = "") -> NodeResult:
    answer = {"text": "It is.", "article": name, "title": title or name, "start": 0, "end": 6, "confidence": confidence}
    return NodeResult("knowledge", "knowledge", NodeStatus.OK, {"answers": [answer]})


def test_of_two_cards_the_graver_comes_first_and_the_other_when_eight_seconds_have_passed(rules: Rules) -> None:
    angry = says("I am angry", 5)
    assert shown(rules, angry, tick(12)) == ["identify"]
    assert shown(rules, angry, tick(13)) == ["identify", "calm"]


def test_a_grave_card_does_not_wait_and_the_others_wait_for_it(rules: Rules) -> None:
    events = says("I am angry", 5), says("I leave", 7)
    assert shown(rules, *events) == ["identify", "keep"]
    assert shown(rules, *events, tick(14)) == ["identify", "keep"]
    assert shown(rules, *events, tick(15)) == ["identify", "keep", "calm"]


def test_a_card_that_was_followed_while_it_waits_never_comes(rules: Rules) -> None:
    events = says("I leave, I am angry", 5), says("your name please", 9, by="agent"), tick(14), tick(23)
    assert shown(rules, *events) == ["keep", "calm"]


def test_a_card_that_has_waited_too_long_is_dropped(tmp_path: Path) -> None:
    rules = rules_for(tmp_path, PLAYBOOK, guidance=GuidanceSettings(pause_ms=30_000, patience_ms=20_000))
    assert shown(rules, says("I am angry", 5), tick(36), tick(44)) == ["identify"]


def test_a_tenant_may_have_everything_at_once(tmp_path: Path) -> None:
    rules = rules_for(tmp_path, PLAYBOOK, guidance=GuidanceSettings(pause_ms=0))
    assert shown(rules, says("I am angry", 5)) == ["identify", "calm"]


def test_an_answer_waits_until_the_customer_goes_on(rules: Rules) -> None:
    asked = says("I leave, or what is it", 5, results=[article("fees")])
    assert shown(rules, asked, tick(13)) == ["keep", "answer"]
    assert shown(rules, asked, says("never mind", 11), tick(14)) == ["keep"]


def test_there_is_one_answer_at_a_time(rules: Rules) -> None:
    events = says("what is it", 5, results=[article("fees")]), says("and this", 20, results=[article("cards")])
    assert shown(rules, *events) == ["answer", "-answer replaced", "answer"]
    _, annotations = play(rules, *events)
    assert annotations[1].show == {"title": "fees", "withdraws": annotations[0].id, "because": "replaced"}


def test_what_is_written_from_the_article_that_stands_there_takes_its_place_at_once(rules: Rules) -> None:
    found = next(action for action in rules.actions if action.name == "answer")
    written = found.model_copy(update={"name": "written", "answer": AnswerRule(model="writer")})
    both = replace(rules, actions=(*rules.actions, written))
    text = NodeResult("writer", "answer", NodeStatus.OK, article("fees").output)
    waves = [says("what is it", 5, results=results) for results in ([article("fees")], [article("fees"), text])]
    assert shown(both, *waves) == ["answer", "-answer replaced", "written"]


def test_a_hint_on_silence_goes_when_the_agent_speaks(rules: Rules) -> None:
    events = says("hm", 2), tick(43)
    assert shown(rules, *events, says("I am back", 48, by="agent")) == ["go_back", "-go_back done"]
    assert shown(rules, *events, says("hello", 48)) == ["go_back"]


def test_what_is_light_must_be_surer_than_what_is_grave(rules: Rules) -> None:
    assert shown(rules, says("x", 5, results=[found("intent", "buy", 0.49)])) == []
    assert shown(rules, says("x", 5, results=[found("intent", "buy", 0.56)])) == ["maybe"]
    assert shown(rules, says("x", 5, results=[found("intent", "complain", 0.42)])) == ["urgent"]
    assert shown(rules, says("x", 5, results=[article("students", 0.42)])) == []


def test_a_card_that_nothing_takes_back_has_a_life(rules: Rules) -> None:
    _, annotations = play(rules, says("I leave", 5))
    assert annotations[-1].show["expires_ms"] == 60_000
    assert play(rules, says("I leave", 5), tick(66))[0].open_actions == ()


def test_its_life_begins_when_it_is_shown(rules: Rules) -> None:
    state, _ = play(rules, says("I am angry", 5), tick(15))
    assert [one.expires_at_ms for one in state.open_actions if one.name == "calm"] == [75_000]


OPPOSED = """\
actions:
  transfer: {when: {phrases: [leave]}, once: true, severity: high, show: {title: Transfer}}
  call_back: {when: {phrases: [leave]}, instead_of: transfer, severity: high, show: {title: Call back}}
  closed_now: {when: {phrases: [closed]}, instead_of: transfer, severity: high, show: {title: Closed}}
"""


def test_of_two_cards_that_deny_each_other_the_one_that_says_so_comes(tmp_path: Path) -> None:
    assert shown(rules_for(tmp_path, OPPOSED), says("I leave", 5)) == ["call_back"]


def test_a_card_that_stands_there_gives_way_to_one_that_denies_it(tmp_path: Path) -> None:
    rules = rules_for(
        tmp_path, OPPOSED.replace("when: {phrases: [leave]}, instead_of", "when: {phrases: [x]}, instead_of")
    )
    events = says("I leave", 5), says("it is closed", 60)
    assert shown(rules, *events) == ["transfer", "-transfer replaced", "closed_now"]


def test_an_action_and_the_article_of_its_name_are_one_card(tmp_path: Path) -> None:
    rules = rules_for(
        tmp_path,
        "actions:\n  loaner: {when: {phrases: [loaner]}, show: {title: Loaner car}}\n"
        '  answer: {answer: {model: knowledge}, show: {title: "{article}"}}\n',
    )
    asked = says("a loaner", 5, results=[article("loaner-cars", title="Loaner cars")])
    assert shown(rules, asked) == ["loaner"]
    assert shown(rules, says("a car", 5, results=asked.results)) == ["answer"]
    later = says("a car", 5, results=asked.results), says("a loaner", 60)
    assert shown(rules, *later) == ["answer", "-answer replaced", "loaner"]


def test_an_article_does_not_give_way_to_an_action_that_may_not_come(tmp_path: Path) -> None:
    rules = rules_for(
        tmp_path,
        "actions:\n  loaner: {when: {phrases: [loaner]}, unless: {phrases: [no car]}, show: {title: Loaner car}}\n"
        '  answer: {answer: {model: knowledge}, show: {title: "{article}"}}\n',
    )
    asked = says("a loaner", 9, results=[article("loaner-cars", title="Loaner cars")])
    assert shown(rules, says("there is no car", 5), asked) == ["answer"]


def test_a_conversation_that_was_stored_before_cards_waited_goes_on(rules: Rules) -> None:
    stored = '{"tenant":"t","contact_id":"c","now_ms":4000,"open_actions":[{"id":"1","name":"calm","at_ms":3000}]}'
    considered = evaluate(state_from_json(stored), says("I leave", 6), rules)
    assert considered.state.last_card_ms == 6_000 and ConversationState("t", "c").waiting == ()
