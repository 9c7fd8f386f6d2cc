"""Unit: how a machine fills in a form, and what it must never count."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotto.call.annotation import Annotation, AnnotationKind, Evidence
from sotto.call.utterance import Utterance
from sotto.guidance.conversation import ConversationState
from sotto.scorecards.answers import Answer, How, Span, Standing
from sotto.scorecards.judge.call_facts import THE_AGENT, CallFacts, Noticed, facts_of
from sotto.scorecards.judge.judge import JudgeModel, ModelAnswer, ModelQuestion, NoModel, judged
from sotto.tenants.playbook import Playbook
from sotto.tenants.scorecards.form import (
    AutomaticAnswer,
    Compared,
    Enablement,
    NumberRange,
    Question,
    QuestionType,
    Window,
)
from tests.unit.scorecards.any_form import (
    AGENT,
    CUSTOMER,
    any_call,
    any_form,
    any_playbook,
    any_question,
    by_phrases,
    happened,
    spoken,
)

RECORDED = "this call is recorded"
EARLY = Window(after="agent_connected", within_ms=30_000)
GREETING = (AGENT, 0, "Harbour Bank, good morning")


@dataclass
class ScriptedModel:
    """A JudgeModel that answers as it was told to, and keeps what it was asked."""

    answers: ModelAnswer | None
    asked: list[ModelQuestion] = field(default_factory=list)

    def answer(self, asked: ModelQuestion) -> ModelAnswer | None:
        self.asked.append(asked)
        return self.answers


def answer(
    automatic: AutomaticAnswer, call: CallFacts, playbook: Playbook | None = None, model: JudgeModel | None = None
) -> Answer:
    form = any_form(any_question("q", answer=automatic))
    return judged(form, playbook or Playbook(), call, tenant="bank", model=model or NoModel())[0]


def disclosed(**changes: Any) -> AutomaticAnswer:
    return by_phrases(RECORDED, **{"window": EARLY} | changes)


def test_what_was_spoken_in_time_is_a_yes_that_shows_where() -> None:
    found = answer(disclosed(), any_call(GREETING, (AGENT, 5, "Please note, this call is recorded.")))
    assert (found.standing, found.value, found.how) == (Standing.ANSWERED, "yes", How.RULES)
    assert found.utterances == ("u2",) and found.span == Span(0, 7_000)


def test_a_no_shows_the_time_in_which_it_would_have_had_to_happen_and_what_was_spoken_then() -> None:
    found = answer(disclosed(), any_call(GREETING, (CUSTOMER, 10, "Hello"), (AGENT, 60, "All done")))
    assert (found.value, found.how) == ("no", How.RULES)
    assert found.span == Span(0, 30_000) and found.utterances == ("u1", "u2")


def test_the_wrong_speaker_never_counts() -> None:
    assert answer(disclosed(), any_call(GREETING, (CUSTOMER, 5, RECORDED), (AGENT, 40, "Yes"))).value == "no"


def test_nor_does_what_comes_too_late() -> None:
    assert answer(disclosed(), any_call(GREETING, (AGENT, 31, RECORDED))).value == "no"


@pytest.mark.parametrize(
    "text",
    [
        "I will not say that this call is recorded",
        "I never told you this call is recorded",
        "I don’t think this call is recorded",
    ],
)
def test_nor_what_is_denied(text: str) -> None:
    assert answer(disclosed(), any_call(GREETING, (AGENT, 5, text), (AGENT, 40, "Bye"))).value == "no"


@pytest.mark.parametrize(
    "text", ["It is not my decision, but this call is recorded", "Don’t worry. This call is recorded"]
)
def test_a_denial_in_another_clause_denies_nothing(text: str) -> None:
    assert answer(disclosed(), any_call(GREETING, (AGENT, 5, text))).value == "yes"


def test_wording_that_denies_in_itself_is_not_denied_by_it() -> None:
    never = by_phrases("never ask for your pin")
    assert answer(never, any_call((AGENT, 0, "We will never ask for your pin"))).value == "yes"


def test_in_german_a_denial_may_follow() -> None:
    number = by_phrases("Kundennummer")
    call = any_call((AGENT, 0, "Die Kundennummer brauche ich nicht"), language="de-DE")
    assert answer(number, call).value == "no"
    assert answer(number, replace(call, utterances=spoken((AGENT, 0, "Ihre Kundennummer bitte")))).value == "yes"


def test_facts_of_the_playbook_come_first() -> None:
    call = any_call(GREETING, (AGENT, 5, RECORDED), moments={"disclosed": (happened(5, "u2"),)})
    found = answer(disclosed(moments=("disclosed",)), call, any_playbook(disclosed=(RECORDED,)))
    assert (found.how, found.utterances, found.confidence) == (How.PLAYBOOK, ("u2",), 0.9)


def test_a_moment_that_the_wrong_speaker_met_first_does_not_hide_the_right_one() -> None:
    """A playbook notes what happens once; the words are looked through again."""
    call = any_call(
        GREETING, (CUSTOMER, 3, RECORDED), (AGENT, 5, RECORDED), moments={"disclosed": (happened(3, "u2"),)}
    )
    found = answer(AutomaticAnswer(moments=("disclosed",), window=EARLY), call, any_playbook(disclosed=(RECORDED,)))
    assert (found.value, found.how, found.utterances) == ("yes", How.RULES, ("u3",))


def test_an_item_that_was_ticked_late_is_a_no() -> None:
    call = any_call(GREETING, (AGENT, 50, "Everything is being taped"), items={"conduct/disclose": "u2"})
    assert answer(AutomaticAnswer(items=("conduct/disclose",), window=EARLY), call).value == "no"
    in_time = any_call(GREETING, (AGENT, 5, "Everything is being taped"), items={"conduct/disclose": "u2"})
    found = answer(AutomaticAnswer(items=("conduct/disclose",), window=EARLY), in_time)
    assert (found.value, found.how) == ("yes", How.PLAYBOOK)


def test_an_action_that_was_withdrawn_because_it_was_done_shows_it() -> None:
    call = any_call(GREETING, (AGENT, 5, "Everything is being taped"), actions={"disclose": ("u2",)})
    assert answer(AutomaticAnswer(actions=("disclose",)), call).utterances == ("u2",)


def test_other_words_count_by_the_tenants_own_model_unless_denied() -> None:
    noticed = {"taping": (Noticed("u2", 0.8),)}
    by_meaning = AutomaticAnswer(behaviours=("taping",), window=EARLY)
    assert answer(by_meaning, any_call(GREETING, (AGENT, 5, "We tape this"), behaviours=noticed)).confidence == 0.8
    denied = any_call(GREETING, (AGENT, 5, "We do not tape this"), (AGENT, 40, "Bye"), behaviours=noticed)
    assert answer(by_meaning, denied).value == "no"
    weak = any_call(
        GREETING, (AGENT, 5, "We tape this"), (AGENT, 40, "x"), behaviours={"taping": (Noticed("u2", 0.4),)}
    )
    assert answer(by_meaning, weak).value == "no"


def test_a_no_is_surer_when_other_words_were_looked_for_too() -> None:
    call = any_call(GREETING, (AGENT, 40, "Bye"))
    by_words, by_meaning = answer(disclosed(), call), answer(disclosed(behaviours=("taping",)), call)
    assert by_words.confidence < by_meaning.confidence
    assert answer(disclosed(least_confidence=0.8), call).standing is Standing.OPEN


def test_what_must_come_after_a_moment_counts_after_each_of_its_times() -> None:
    after = by_phrases("so sorry", window=Window(after="upset", within_ms=20_000), needed_when=("upset",))
    moments = {"upset": (happened(10, "u1"), happened(60, "u3"))}
    call = any_call(
        (CUSTOMER, 10, "Bad"), (AGENT, 50, "Well"), (CUSTOMER, 60, "Bad"), (AGENT, 65, "So sorry"), moments=moments
    )
    assert answer(after, call).utterances == ("u4",)
    before = any_call(
        (AGENT, 5, "So sorry"), (CUSTOMER, 10, "Bad"), (AGENT, 50, "Bye"), moments={"upset": (happened(10, "u2"),)}
    )
    assert answer(after, before).value == "no"


def test_what_must_come_before_a_moment_counts_before_it_and_its_grace() -> None:
    before = by_phrases("to sum up", window=Window(before="closing", grace_ms=10_000))
    moments = {"closing": (happened(60, "u2"),)}
    turns = ((AGENT, 0, "Hello"), (CUSTOMER, 60, "That is all"))
    assert answer(before, any_call(*turns, (AGENT, 65, "To sum up"), moments=moments)).value == "yes"
    assert answer(before, any_call(*turns, (AGENT, 75, "To sum up"), moments=moments)).value == "no"


def test_what_was_not_needed_does_not_apply() -> None:
    found = answer(disclosed(needed_when=("upset",)), any_call(GREETING))
    assert (found.standing, found.span) == (Standing.NOT_APPLICABLE, Span(0, 2_000))


def test_a_suspicion_does_not_make_a_question_apply() -> None:
    suspected = any_call(GREETING, (CUSTOMER, 3, "Well"), moments={"upset": (happened(3, "u2", 0.75),)})
    assert answer(disclosed(needed_when=("upset",)), suspected).standing is Standing.NOT_APPLICABLE
    assert answer(disclosed(needed_when=("upset",), needed_at_least=0.7), suspected).value == "no"


def test_a_time_after_a_moment_begins_where_the_moment_is_sure() -> None:
    after = by_phrases("so sorry", window=Window(after="upset", within_ms=20_000), needed_when=("upset",))
    moments = {"upset": (happened(10, "u1", 0.5), happened(60, "u3"))}
    turns = ((CUSTOMER, 10, "Well"), (AGENT, 15, "So sorry"), (CUSTOMER, 60, "Bad"), (AGENT, 65, "Indeed"))
    assert answer(after, any_call(*turns, moments=moments)).value == "no"


def test_nothing_is_a_no_without_anything_to_show_for_it() -> None:
    assert answer(disclosed(), any_call()).standing is Standing.OPEN
    ended = any_call((AGENT, 0, "Hi"), (CUSTOMER, 1, "Wrong number"))
    late = by_phrases("to sum up", window=Window(after="wrong", within_ms=20_000))
    found = answer(late, replace(ended, moments={"wrong": (happened(1, "u2"),)}))
    assert found.standing is Standing.OPEN  # the agent had no time to speak


def test_of_a_transcript_with_gaps_a_yes_stands_and_a_no_does_not() -> None:
    assert answer(disclosed(), any_call(GREETING, (AGENT, 40, "Bye"), is_whole=False)).standing is Standing.OPEN
    assert answer(disclosed(), any_call(GREETING, (AGENT, 4, RECORDED), is_whole=False)).value == "yes"


def test_a_model_is_asked_last_and_sees_only_the_time_that_counts() -> None:
    model = ScriptedModel(ModelAnswer(True, ("u2",), 0.8, "judge/1", "m"))
    call = any_call(GREETING, (AGENT, 5, "Everything here is being taped"), (CUSTOMER, 60, "Right"))
    found = answer(disclosed(model=True), call, model=model)
    assert (found.value, found.how, found.utterances) == ("yes", How.MODEL, ("u2",))
    assert (found.prompt, found.model) == ("judge/1", "m")
    assert [each.id for each in model.asked[0].spoken] == ["u1", "u2"]
    unasked = ScriptedModel(None)
    assert answer(disclosed(model=True), any_call(GREETING, (AGENT, 5, RECORDED)), model=unasked).value == "yes"
    assert unasked.asked == []


def test_a_models_yes_must_show_the_right_speaker() -> None:
    model = ScriptedModel(ModelAnswer(True, ("u2",), 0.8))
    found = answer(
        disclosed(model=True), any_call(GREETING, (CUSTOMER, 5, "You tape this"), (AGENT, 40, "Bye")), model=model
    )
    assert found.value == "no" and found.utterances
    assert (found.how, found.model, found.prompt) == (How.RULES, "", ""), "the model has said yes"


def test_a_models_yes_that_shows_nothing_valid_is_no_no_of_the_model() -> None:
    model = ScriptedModel(ModelAnswer(True, ("u2",), 0.8))
    asked_alone = AutomaticAnswer(model=True)
    found = answer(asked_alone, any_call(GREETING, (CUSTOMER, 5, "You tape this"), (AGENT, 40, "Bye")), model=model)
    assert (found.standing, found.how, found.value) == (Standing.OPEN, How.NOBODY, "")
    assert "agent" in found.reason


def test_a_model_that_cannot_say_leaves_it_open_and_without_one_the_rules_stand() -> None:
    call = any_call(GREETING, (AGENT, 40, "Bye"))
    assert (
        answer(disclosed(model=True), call, model=ScriptedModel(ModelAnswer(None, (), 0.8))).standing is Standing.OPEN
    )
    assert answer(disclosed(model=True), call, model=ScriptedModel(None)).how is How.RULES
    assert answer(disclosed(model=True), call, model=ScriptedModel(ModelAnswer(False, (), 0.8))).utterances


def test_what_no_machine_answers_is_open_and_what_is_not_asked_says_so() -> None:
    only_if = Enablement(condition=Compared(question="q", options=("yes",)))
    form = any_form(
        any_question("later", enablement=only_if, answer=by_phrases("hello")),
        any_question("q", answer=disclosed()),
        any_question("person"),
    )
    found = judged(form, Playbook(), any_call(GREETING, (AGENT, 40, "Bye")), tenant="bank", model=NoModel())
    assert [each.standing for each in found] == [Standing.NOT_ASKED, Standing.ANSWERED, Standing.OPEN]


def test_numbers_are_how_often_a_moment_happened() -> None:
    ranges = (NumberRange(least=0, most=5, score=10),)
    counted = Question(
        ref="q",
        title="q",
        type=QuestionType.NUMERIC,
        least=0,
        most=5,
        ranges=ranges,
        answer=AutomaticAnswer(count="over"),
    )
    call = any_call(
        GREETING, (AGENT, 5, "x"), (AGENT, 20, "y"), moments={"over": (happened(5, "u2"), happened(8, "u2"))}
    )
    found = judged(any_form(counted), Playbook(), call, tenant="bank", model=NoModel())[0]
    assert (found.value, found.utterances) == ("2", ("u2",))
    none = judged(any_form(counted), Playbook(), any_call(GREETING), tenant="bank", model=NoModel())[0]
    assert (none.value, none.utterances) == ("0", ("u1",))


def test_the_judge_does_not_see_who_the_agent_is() -> None:
    turns = spoken((AGENT, 0, "Good morning, Emma Stone speaking, emma here"), (CUSTOMER, 3, "Hi Emma, I am Emmanuel"))
    call = facts_of(turns, None, (), {}, Playbook(), language="en-US", agent_names=["emma.stone", "Emma Stone"])
    assert call.utterances[0].text == f"Good morning, {THE_AGENT} {THE_AGENT} speaking, {THE_AGENT} here"
    assert call.utterances[1].text == f"Hi {THE_AGENT}, I am Emmanuel"


def test_each_time_of_a_moment_is_known_when_annotations_have_more_than_the_state() -> None:
    turns = spoken(*((AGENT, 5 * n, "x") for n in range(12)))
    noted = [
        Annotation(
            "bank",
            "c1",
            f"a{n}",
            n,
            AnnotationKind.MOMENT,
            "over",
            each.end_ms,
            each.id,
            0.9,
            evidence=(Evidence(each.id),),
        )
        for n, each in enumerate(turns, 1)
    ]
    state = ConversationState("bank", "c1", moments={"over": tuple(happened(5 * n, f"u{n + 1}") for n in range(8))})
    call = facts_of(turns, state, noted, {}, Playbook(), language="en-US")
    assert len(call.moments["over"]) == 12 and call.moments["over"][1].since_ms == 5_000


SECONDS = st.integers(0, 120)
TEXTS = st.sampled_from([RECORDED, "hello", "this call is not recorded, this call is recorded", "no", "I do not know"])
TURNS = st.lists(st.tuples(st.sampled_from([AGENT, CUSTOMER]), SECONDS, TEXTS), max_size=8)


@given(TURNS, st.sampled_from([AGENT, CUSTOMER]), st.integers(1, 60), st.booleans())
def test_whatever_is_spoken_a_yes_is_the_right_speakers_in_time_and_a_no_shows_something(
    turns: list[Any], speaker: Any, within_s: int, model_says: bool
) -> None:
    call = any_call(*sorted(turns, key=lambda turn: turn[1]))
    model = ScriptedModel(ModelAnswer(model_says, tuple(each.id for each in call.utterances), 0.8))
    window = Window(after="call_start", within_ms=within_s * 1000)
    found = answer(disclosed(speaker=speaker, window=window, model=True), call, model=model)
    if found.standing is Standing.ANSWERED:
        shown = [_of(call, id) for id in found.utterances]
        assert shown and found.span is not None and all(shown)
        if found.value == "yes":
            right = [each for each in shown if each.speaker is speaker and each.start_ms <= within_s * 1000]
            assert right


def _of(call: CallFacts, id: str) -> Utterance:
    found = call.utterance(id)
    assert found is not None
    return found


def test_a_question_for_a_model_alone_is_open_where_no_model_answers() -> None:
    only_a_model = AutomaticAnswer(model=True)
    found = answer(only_a_model, any_call(GREETING, (AGENT, 40, "Bye")))
    assert (found.standing, found.value) == (Standing.OPEN, "")


def test_a_count_of_a_transcript_with_gaps_is_open() -> None:
    counted = Question(
        ref="q", title="q", type=QuestionType.NUMERIC, least=0, most=10, answer=AutomaticAnswer(count="over")
    )
    call = replace(any_call(GREETING), is_whole=False)
    (found,) = judged(any_form(counted), Playbook(), call, tenant="bank", model=NoModel())
    assert found.standing is Standing.OPEN
