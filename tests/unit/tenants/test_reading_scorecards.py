"""Unit: scorecards/*.yaml, and every mistake in it with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.options import TENANTS
from sotto.call.contact import Channel
from sotto.tenants.reading.parsing import parse_yaml
from sotto.tenants.reading.places import Mistakes
from sotto.tenants.reading.scorecards import FormReader
from sotto.tenants.scorecards.checks import Names
from sotto.tenants.scorecards.form import Form, Question, QuestionType, ScoringMode
from sotto.wiring.publishing import book_from

NAMES = Names({"upset", "closing"}, {"conduct/greet"}, {"say_it"}, {"greeting"})
FORM = """version: 1
title: Every call
sections:
  opening:
    title: Opening
    questions:
      greet:
        title: Was there a greeting?
        answer: {items: [conduct/greet], phrases: [good morning]}
"""


def read(text: str) -> tuple[Form | None, list[str]]:
    mistakes = Mistakes()
    root = parse_yaml(text, "bank/scorecards/every_call.yaml", mistakes)
    form = FormReader(root, NAMES).read("every_call") if root is not None else None
    return form, [str(each) for each in mistakes.in_order()]


def form(body: str, head: str = "") -> tuple[Form | None, list[str]]:
    lines = "\n".join(f"      {line}" for line in body.splitlines())
    return read(f"version: 1\ntitle: T\n{head}sections:\n  s:\n    title: S\n    questions:\n{lines}\n")


def test_a_form_is_read_with_yes_and_no_where_nothing_else_is_written() -> None:
    found, mistakes = read(FORM)
    assert mistakes == [] and found is not None
    question = found.questions[0]
    assert [(each.ref, each.score) for each in question.options] == [("yes", 10), ("no", 0)]
    assert question.answer is not None and question.answer.items == ("conduct/greet",)
    assert question.answer.window is None and found.mode is ScoringMode.QUESTION


def test_what_a_form_can_say() -> None:
    found, mistakes = form(
        """a:
  title: A
  weight: 60
  not_applicable: yes
  options:
    good: {text: Good, score: 10}
    bad: {text: Bad, score: 2, fails: s}
  answer:
    moments: [upset]
    speaker: customer
    after: upset
    within: 30s
    needed_when: [upset]
    present: good
    absent: bad
    model: yes
b:
  title: B
  weight: 40
  numbers: {from: 0, to: 9, ranges: [{from: 0, to: 4, score: 10}, {from: 5, to: 9, score: 0}]}
  answer: {count: upset}
c: {title: C, text: yes, unless: {a: [good]}}
d:
  title: D
  scored: no
  only_if: [{a: [bad], b: {above: 4}}, {b: {is: 0}}]"""
    )
    assert mistakes == [] and found is not None
    a, b, c, d = found.questions
    assert a.options[1].automatic_fail and a.options[1].fails_section == "s"
    assert a.answer is not None and a.answer.window is not None and a.answer.window.within_ms == 30_000
    assert b.type is QuestionType.NUMERIC and c.type is QuestionType.TEXT
    assert c.enablement is not None and c.enablement.disables and d.enablement is not None


def test_a_version_is_made_of_the_content() -> None:
    one, _ = read(FORM)
    other, _ = read(FORM.replace("greeting?", "greeting!"))
    assert one is not None and other is not None
    assert one.version != other.version and read(FORM)[0] == one


@pytest.mark.parametrize(
    ("body", "line", "says"),
    [
        ("a: {title: A, weight: 0}\nb: {title: B}", 7, "a weight of 0 counts nothing"),
        ("a: {title: A, weight: 50}\nb: {title: B, weight: 20}", 7, "the weights add up to 70"),
        ("a: {title: A, weight: 100}\nb: {title: B}", 8, "nothing is left for this one"),
        ("a: {title: A, only_if: {b: [yes]}}\nb: {title: B, only_if: {a: [yes]}}", 7, "a -> b -> a"),
        ("a: {title: A}\nb: {title: B, only_if: {a: [maybe]}}", 8, "'maybe' is none of the options of 'a'"),
        ("a: {title: A}\nb: {title: B, only_if: {x: [yes]}}", 8, "there is no question 'x'"),
        ("a: {title: A, options: {yes: {text: Y, score: 10}}}", 7, "nobody can answer this: it has fewer than two"),
        ("a: {title: A, numbers: {from: 5, to: 1}}", 7, "no number is from 5 to 1"),
        (
            "a: {title: A, numbers: {from: 0, to: 9, ranges: [{from: 0, to: 3, score: 1}]}}",
            7,
            "no range holds the numbers from 4 to 9",
        ),
        ("a: {title: A, answer: {items: [conduct/gret]}}", 7, "did you mean 'conduct/greet'?"),
        ("a: {title: A, answer: {moments: [upset], needed_when: [upset]}}", 7, "when it is not needed"),
        ("a: {title: A, answer: {speaker: agent}}", 7, "nothing can answer this"),
        ("a: {title: A, answer: {moments: [upset], after: closing, before: closing}}", 7, "after and before the same"),
        ("a: {title: A, answer: {moments: [upset], after: never}}", 7, "no moment 'never'"),
        ("a: {title: A, answer: {moments: [upset], present: maybe}}", 7, "'present' is 'maybe'"),
        ("a: {title: A, text: yes, options: {yes: {text: Y}}}", 7, "one kind of answer"),
        ("a: {title: A, options: {yes: {text: Y}, no: {text: N}}}", 7, "an answer has no score"),
        ("a: {title: A, options: {yes: {text: Y, score: 10, fails: x}, no: {text: N, score: 0}}}", 7, "section 'x'"),
        ("a b: {title: A}", 7, "'a b' is no reference"),
        ("s: {title: A}", 7, "'s' names two items of the form"),
        ("a: {title: A, wieght: 5}", 7, "did you mean 'weight'?"),
    ],
)
def test_a_mistake_has_its_line_and_says_what_to_do(body: str, line: int, says: str) -> None:
    found, mistakes = form(body)
    assert found is None
    assert any(each.startswith(f"bank/scorecards/every_call.yaml:{line}:") and says in each for each in mistakes), (
        mistakes
    )


def test_a_question_that_no_answers_lead_to_is_a_mistake() -> None:
    body = """a: {title: A}
b: {title: B, only_if: {a: [yes]}}
c: {title: C, only_if: {b: [yes], a: [no]}}"""
    found, mistakes = form(body)
    assert found is None and any(
        ":9:" in each and "no answers to the other questions lead" in each for each in mistakes
    )


@pytest.mark.parametrize("head", ["scoring: points\n", "scoring: section\n", "scoring: none\n"])
def test_how_a_form_is_scored_decides_what_has_a_weight(head: str) -> None:
    _, mistakes = form("a: {title: A, weight: 100}", head)
    assert bool(mistakes) is (head != "scoring: none\n")


def test_the_shipped_forms_can_be_answered_by_their_playbooks() -> None:
    for tenant in ("harbour_bank", "torque_garage", "nordlicht_energie"):
        one, *others = book_from(TENANTS / tenant).scorecards
        assert {each.channel for each in others} <= {Channel.CHAT}
        automatic = [each for each in one.questions if each.answer is not None]
        assert len(automatic) >= 5, tenant
        assert all(isinstance(each, Question) for each in automatic)


def test_a_tenants_folder_names_the_form_by_its_file(tmp_path: Path) -> None:
    assert {each.name for each in book_from(TENANTS / "harbour_bank").scorecards} == {"every_call", "every_chat"}
