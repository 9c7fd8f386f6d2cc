"""Unit: moments from one or several utterances, from silence, overlap, time, order and absence."""

from __future__ import annotations

from pathlib import Path

import pytest

from sotto.call.annotation import Evidence
from sotto.call.contact import Channel
from sotto.call.live import AgentJoined
from sotto.call.utterance import PrivateSpan
from sotto.guidance.evaluate import evaluate
from sotto.guidance.wording import spans
from tests.unit.guidance.calls import found, moment, play, rules_for, says, tick, times


@pytest.mark.parametrize(
    ("phrase", "text", "matches"),
    [
        ("close my account", "I want to CLOSE my account.", ["CLOSE my account"]),
        ("close my account", "enclose my account", []),
        ("close my account", "close my accounts", []),
        ("close/cancel my account", "cancel, my account", ["cancel, my account"]),
        ("close (my/the) account", "Close account", ["Close account"]),
        ("rate ... percent", "The rate starts at six percent, and one percent", ["rate starts at six percent"]),
        ("rate ... percent", "rate a b c d e f percent", []),
        ("rate ... percent", "rate percent", ["rate percent"]),
        ("don't want", "I dont want it, I don’t want it", ["dont want", "don’t want"]),
        ("twenty four", "twenty-four", ["twenty-four"]),
        ("twenty four hours", "within 24 hours", ["24 hours"]),
        ("form 1099", "a form ten ninety nine, or form 1 0 9 9", ["form ten ninety nine", "form 1 0 9 9"]),
        ("6 ... percent", "six and a half percent, and 6.5%", ["six and a half percent", "6.5%"]),
        ("two hundred dollars", "for $200, for 200 dollars", ["$200", "200 dollars"]),
        ("twenty", "in 2026 or 120", []),
        ("hold", "withhold hold's 'hold'", ["hold"]),
        ("(please) hold", "please hold", ["please hold"]),
    ],
)
def test_phrases_are_found_as_whole_words(phrase: str, text: str, matches: list[str]) -> None:
    assert [text[start:end] for start, end in spans((phrase,), text)] == matches


def test_a_phrase_gives_a_moment_with_the_words_as_evidence(tmp_path: Path) -> None:
    rules = rules_for(tmp_path, moment('{phrases: ["my account"], speaker: customer}', "    severity: high\n"))
    _, (one,) = play(rules, says("I close my account", 5), says("my account is fine", 90, by="agent"))
    assert one.evidence == (Evidence("customer-3000", 8, 18),)
    assert (one.seq, one.severity, one.policy, one.utterance_id) == (1, "high", "p@1", "customer-3000")


def test_a_model_output_counts_from_its_threshold_and_names_model_and_adapter(tmp_path: Path) -> None:
    rules = rules_for(tmp_path, moment("{intent: buy, at_least: 0.7}"))
    unsure = says("a", 5, results=[found("intent", "buy", 0.69)])
    _, annotations = play(rules, unsure, says("b", 9, results=[found("intent", "buy", 0.7)]))
    assert [(one.at_ms, one.confidence, one.model, one.adapter) for one in annotations] == [
        (9000, 0.7, "intent/1", "mine")
    ]


@pytest.mark.parametrize(
    ("condition", "task", "label"),
    [("{sentiment: negative}", "sentiment", "negative"), ("{behaviour: greeting}", "behaviours", "greeting"),
     ("{entity: money}", "entities", "money")],
)  # fmt: skip
def test_every_task_can_give_a_moment(tmp_path: Path, condition: str, task: str, label: str) -> None:
    _, annotations = play(rules_for(tmp_path, moment(condition)), says("a", 5, results=[found(task, label)]))
    assert times(annotations) == [5000]


def test_a_fact_is_noted_each_time_with_its_words_and_is_no_open_moment(tmp_path: Path) -> None:
    rules = rules_for(tmp_path, moment("{entity: money}", "    title: Amount\n    fact: true\n"))
    state, annotations = play(
        rules,
        says("my twelve dollars", 5, results=[found("entities", "money")]),
        says("or thirty dollars", 9, by="agent", results=[found("entities", "money")]),
    )
    assert [(one.show, one.evidence) for one in annotations] == [
        ({"title": "Amount", "fact": True}, (Evidence("customer-3000", 3, 8),)),
        ({"title": "Amount", "fact": True}, (Evidence("agent-7000", 3, 8),)),
    ]
    assert all(one.is_fact for one in annotations)
    repeated = says("my twelve dollars", 5, results=[found("entities", "money")])
    assert evaluate(state, repeated, rules).annotations == ()


def test_what_redaction_found_gives_a_moment(tmp_path: Path) -> None:
    private = (PrivateSpan("card_number", 3000, 5000, 3, 15),)
    rules = rules_for(tmp_path, moment("{private: card_number}"))
    _, (one,) = play(rules, says("is [card number]", 5, private=private))
    assert one.evidence == (Evidence("customer-3000", 3, 15),)


def test_a_failed_model_gives_nothing(tmp_path: Path) -> None:
    from dataclasses import replace

    from sotto.graph.node import NodeStatus

    broken = replace(found("intent", "buy"), status=NodeStatus.FAILED)
    assert play(rules_for(tmp_path, moment("{intent: buy}")), says("a", 5, results=[broken]))[1] == []


def test_of_an_interim_only_the_model_results_count(tmp_path: Path) -> None:
    rules = rules_for(tmp_path, moment("[{intent: buy}, {phrases: [want it]}]"))
    state, annotations = play(rules, says("I want it", 5, final=False))
    assert annotations == [] and state.turns == () and state.spoken_until_ms == 5000
    assert times(play(rules, says("I want", 5, final=False, results=[found("intent", "buy")]))[1]) == [5000]


def test_all_parts_within_a_time_in_any_order(tmp_path: Path) -> None:
    condition = "{all: [{phrases: [apple]}, {phrases: [pear]}], within: 10s}"
    rules = rules_for(tmp_path, moment(condition))
    assert times(play(rules, says("pear", 10), says("apple", 19))[1]) == [19000]
    assert times(play(rules, says("pear", 10), says("apple", 21))[1]) == []


def test_all_parts_in_one_utterance_may_come_from_different_waves(tmp_path: Path) -> None:
    rules = rules_for(tmp_path, moment("{all: [{intent: buy}, {sentiment: negative}], within: utterance}"))
    first, second = [found("intent", "buy")], [found("sentiment", "negative")]
    assert times(play(rules, says("a", 5, results=first), says("a", 5, results=second))[1]) == [5000]
    assert times(play(rules, says("a", 5, results=first), says("b", 9, results=second))[1]) == []


def test_all_with_not_looks_back_only(tmp_path: Path) -> None:
    rules = rules_for(tmp_path, moment("{all: [{phrases: [apple]}, {not: {phrases: [pear]}}]}"))
    assert times(play(rules, says("apple", 5), says("pear", 9))[1]) == [5000]
    assert times(play(rules, says("pear", 5), says("apple", 9))[1]) == []


def test_a_sequence_needs_its_order(tmp_path: Path) -> None:
    rules = rules_for(tmp_path, moment("{sequence: {first: {phrases: [apple]}, then: {phrases: [pear]}, within: 10s}}"))
    assert times(play(rules, says("apple", 5), says("pear", 9))[1]) == [9000]
    assert times(play(rules, says("pear", 5), says("apple", 9))[1]) == []
    assert times(play(rules, says("apple", 5), says("pear", 16))[1]) == []


def test_counting_needs_as_many_within_the_time(tmp_path: Path) -> None:
    rules = rules_for(tmp_path, moment("{count: {of: {phrases: [apple]}, times: 3, within: 20s}}"))
    apples = [says("apple", at) for at in (5, 20, 30, 39)]
    _, annotations = play(rules, *apples)
    assert times(annotations) == [39000]
    assert len(annotations[0].evidence) == 3


def test_silence_is_noticed_by_the_tick_and_once(tmp_path: Path) -> None:
    rules = rules_for(tmp_path, moment("{silence: {longer_than: 10s}}"))
    ticks = [tick(at) for at in (9, 12, 14, 16, 18)]
    assert times(play(rules, says("hello", 5), *ticks)[1]) == [15000]


def test_speech_that_has_no_final_yet_is_no_silence(tmp_path: Path) -> None:
    rules = rules_for(tmp_path, moment("{silence: {longer_than: 10s}}"))
    assert times(play(rules, says("hello", 5), tick(16, spoken_until_ms=15_500))[1]) == []


def test_one_sides_silence_is_not_judged_while_somebody_speaks(tmp_path: Path) -> None:
    rules = rules_for(tmp_path, moment("{silence: {longer_than: 10s, speaker: agent}}"))
    start = says("well", 5, by="agent")
    assert times(play(rules, start, tick(16, spoken_until_ms=15_500))[1]) == []
    assert times(play(rules, start, tick(16, spoken_until_ms=5_000))[1]) == [15000]


def test_a_hold_is_a_silence_after_its_notice_and_other_silence_is_distinguished_from_it(tmp_path: Path) -> None:
    rules = rules_for(
        tmp_path,
        "moments:",
        "  held: {when: {phrases: [please hold], speaker: agent}}",
        "  long_hold: {when: {silence: {longer_than: 10s, speaker: agent, after: held}}}",
        "  dead_air: {when: {silence: {longer_than: 10s, unless_after: held}}}",
    )
    held = [says("please hold", 5, by="agent"), says("yes", 7), tick(18)]
    _, annotations = play(rules, *held)
    assert times(annotations, "long_hold") == [15000] and times(annotations, "dead_air") == []
    _, annotations = play(rules, *held, says("thank you", 20, by="agent"), tick(31))
    assert times(annotations, "dead_air") == [30000]


def test_talking_over_is_the_later_speakers(tmp_path: Path) -> None:
    rules = rules_for(tmp_path, moment("{talk_over: {longer_than: 500ms, by: agent}}"))
    assert times(play(rules, says("a", 5), says("b", 6.4, by="agent"))[1]) == [4900]
    assert times(play(rules, says("a", 5), says("b", 6.6, by="agent"))[1]) == []
    assert times(play(rules, says("a", 5, by="agent"), says("b", 6.4))[1]) == []


def test_a_long_turn_may_be_made_of_several_utterances(tmp_path: Path) -> None:
    rules = rules_for(tmp_path, moment("{turn_longer_than: 20s, speaker: agent}"))
    first, second = says("a", 12, by="agent", lasts_s=11), says("b", 23, by="agent", lasts_s=10)
    assert times(play(rules, first, second)[1]) == [21000]
    assert times(play(rules, first, says("x", 13, lasts_s=0.5), second)[1]) == []


def test_a_long_call_is_noticed_once(tmp_path: Path) -> None:
    rules = rules_for(tmp_path, moment("{call_longer_than: 1m}", "    once: true\n"))
    assert times(play(rules, tick(59), tick(61), tick(130))[1]) == [60000]


ABSENT = "{not_said: {what: {behaviour: greeting}, within: 10s, after: %s}}"


def test_absence_is_judged_after_its_time_and_a_little_patience(tmp_path: Path) -> None:
    rules = rules_for(tmp_path, moment(ABSENT % "call_start"))
    assert times(play(rules, tick(12.9))[1]) == []
    assert times(play(rules, tick(12.9), tick(13))[1]) == [10000]
    greeting = says("hello", 11, by="agent", results=[found("behaviours", "greeting")])
    assert times(play(rules, greeting, tick(60))[1]) == [], "it began in time"


def test_absence_waits_for_utterances_that_are_still_being_considered(tmp_path: Path) -> None:
    rules = rules_for(tmp_path, moment(ABSENT % "call_start"))
    greeting = says("hello", 9, by="agent", seq=1, results=[found("behaviours", "greeting")])
    assert times(play(rules, tick(20, last_seq=1), greeting, tick(22, last_seq=1))[1]) == []
    assert times(play(rules, tick(20, last_seq=1), tick(25, last_seq=1))[1]) == [10000], "but not for ever"


def test_absence_counts_from_the_agents_joining_or_first_words(tmp_path: Path) -> None:
    rules = rules_for(tmp_path, moment(ABSENT % "agent_connected"))
    assert times(play(rules, tick(60))[1]) == []
    assert times(play(rules, AgentJoined("bank", "c1", 30_000), tick(60))[1]) == [40000]
    assert times(play(rules, says("well", 32, by="agent"), tick(60))[1]) == [40000]


def test_absence_after_a_moment_counts_each_time(tmp_path: Path) -> None:
    rules = rules_for(
        tmp_path,
        "moments:",
        "  quoted: {when: {phrases: [percent]}, again_after: 5s}",
        "  m: {when: {not_said: {what: {phrases: [may change]}, within: 10s, after: quoted}}, again_after: 5s}",
    )
    _, annotations = play(rules, says("six percent", 10), says("may change", 15), says("five percent", 40), tick(60))
    assert times(annotations) == [50000]


def test_a_moment_comes_again_only_after_its_time(tmp_path: Path) -> None:
    rules = rules_for(tmp_path, moment("{phrases: [apple]}", "    again_after: 30s\n"))
    assert times(play(rules, *(says("apple", at) for at in (5, 20, 36, 70)))[1]) == [5000, 36000, 70000]


def test_a_quiet_moment_is_seen_by_other_rules_alone(tmp_path: Path) -> None:
    rules = rules_for(
        tmp_path,
        "moments:",
        "  hidden: {quiet: true, when: {phrases: [apple]}}",
        "  m: {when: {all: [hidden, {phrases: [pear]}]}}",
    )
    _, annotations = play(rules, says("apple", 5), says("pear", 9))
    assert [one.name for one in annotations] == ["m"]


def test_what_happened_long_ago_raises_nothing_any_more(tmp_path: Path) -> None:
    rules = rules_for(tmp_path, moment("{phrases: [apple]}"))
    assert times(play(rules, says("well", 200), says("apple", 5))[1]) == []


def test_a_wait_counts_from_the_first_message_without_an_answer_and_from_the_agents_coming(tmp_path: Path) -> None:
    rules = rules_for(tmp_path, moment("{no_answer: {longer_than: 60s, from: agent}}", "    again_after: 1s\n"))
    asks = [says("hello?", 100), says("anybody?", 150)]
    assert times(play(rules, AgentJoined("t", "c", 5_000), *asks, tick(170))[1]) == [160_000]
    assert times(play(rules, AgentJoined("t", "c", 5_000), *asks, says("here", 155, by="agent"), tick(400))[1]) == []
    assert times(play(rules, *asks, tick(400))[1]) == []  # nobody has the contact: nobody is to blame
    assert times(play(rules, *asks, AgentJoined("t", "c", 200_000), tick(270))[1]) == [260_000]


def test_a_wait_that_is_over_is_noticed_whatever_order_its_messages_come_in(tmp_path: Path) -> None:
    rules = rules_for(tmp_path, moment("{no_answer: {longer_than: 60s, from: agent}}"))
    asked, answered = says("hello?", 10), says("hi", 95, by="agent")
    joined = AgentJoined("t", "c", 0)
    assert times(play(rules, joined, asked, answered)[1]) == times(play(rules, joined, answered, asked)[1]) == [70_000]
    assert times(play(rules, joined, answered, says("thanks", 100))[1]) == []


CHANNELS = """moments:
  silent: {channel: voice, when: {silence: {longer_than: 10s}}}
  thanked: {channel: chat, when: {phrases: [thank you]}}
  greeted: {when: {phrases: [hello]}}
actions:
  speak: {when: silent, show: {title: Say something}}
  write: {channel: chat, when: greeted, show: {title: Write back}}
checklists:
  all:
    items:
      disclose: {channel: voice, title: Say it, done_when: greeted}
      greet: {title: Greet, done_when: greeted}
"""


@pytest.mark.parametrize(
    ("channel", "noticed", "listed"),
    [
        (Channel.VOICE, {"greeted", "silent", "speak"}, ["disclose", "greet"]),
        (Channel.CHAT, {"greeted", "thanked", "write"}, ["greet"]),
    ],
)
def test_what_is_for_one_channel_counts_in_its_contacts_alone(
    tmp_path: Path, channel: Channel, noticed: set[str], listed: list[str]
) -> None:
    rules = rules_for(tmp_path, CHANNELS, channel=channel)
    _, annotations = play(rules, says("hello, thank you", 5), tick(20))
    assert {each.name for each in annotations} == noticed
    assert {each.channel for each in annotations} == {channel}
    assert [item.name for checklist in rules.checklists for item in checklist.items] == listed
