"""Unit: definitions are read with every mistake at its place, and what cannot be done is refused before it runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from sotto.workflows.definition import Each, Human
from sotto.workflows.reading import WorkflowsMistaken, read_definitions, shipped

GOOD = """version: 1
workflow: look_again
title: {en: Look again, de: Noch einmal ansehen}
steps:
  - id: promises
    use: find_promises
    with: {by: agent}
  - id: look
    human:
      title: Look
      choices: {good: Good, bad: Bad}
      within: 2d
      otherwise: unanswered
      allows: {note: [bad]}
  - id: what
    branch:
      - {if: $look.choice == bad, go: note}
      - {go: end}
  - id: note
    use: note_in_crm
    with: {subject: promise_broken, reason: $look.reason}
"""


def mistakes(tmp_path: Path, text: str) -> str:
    file = tmp_path / "w.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(WorkflowsMistaken) as found:
        read_definitions([file])
    return str(found.value)


def test_those_that_are_shipped_are_whole_in_both_languages() -> None:
    for each in shipped().values():
        assert each.title.keys() == each.about.keys() == {"en", "de"}
        people = [step for step in each.every() if isinstance(step, Human)]
        assert people and all(choice.title.keys() == {"en", "de"} for step in people for choice in step.choices)
        assert each.outward == {"note_in_crm"} and each.starts_on == ("summary.ready",)


def test_a_good_one_is_read(tmp_path: Path) -> None:
    file = tmp_path / "w.yaml"
    file.write_text(GOOD, encoding="utf-8")
    (read,) = read_definitions([file]).values()
    assert [each.id for each in read.steps] == ["promises", "look", "what", "note"]
    look = read.human("look")
    assert look is not None and look.within_ms == 172_800_000 and look.title == {"en": "Look", "de": "Look"}
    assert read_definitions([file])["look_again"].digest == read.digest


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("go: note}", "go: promises}", 17, "that would be a cycle"),
        ("go: note}", "go: nowhere}", 17, "there is no step 'nowhere'"),
        ("go: end}", "go: next}", 17, "there is no step 'next'"),
        ("use: find_promises", "use: call_customer", 6, "unknown tool 'call_customer'"),
        ("use: find_promises", "workflow: look_again", 5, "a step is one of use"),
        ("with: {by: agent}", "with: {by: everybody}", 6, "find_promises: wrong or missing: by"),
        ("with: {by: agent}", "with: {to: x@y.example}", 6, "takes no 'to'"),
        ("reason: $look.reason", "reason: $later.reason", 21, "'$later' is no step before this one"),
        ("reason: $look.reason", "reason: $look.because", 21, "has no 'because'; known: by, choice"),
        ("$look.choice == bad", "look.choice is bad", 15, "is no condition"),
        ("within: 2d", "within: 400d", 12, "out of range"),
        ("allows: {note: [bad]}", "allows: {note: [ugly]}", 14, "unknown choice 'ugly'"),
        ("allows: {note: [bad]}", "allows: {promises: [bad]}", 10, "is no step that acts outside"),
        ("otherwise: unanswered", "otherwise: good", 13, "is no choice of theirs"),
        ("id: look\n", "id: promises\n", 8, "names are unique"),
        ("version: 1", "version: 2", 1, "this release reads"),
        ("subject: promise_broken, ", "", 20, "note_in_crm: wrong or missing: subject"),
    ],
)
def test_every_mistake_has_its_line_and_its_fix(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    assert old in GOOD
    found = mistakes(tmp_path, GOOD.replace(old, new, 1))
    assert any(each.startswith(f"w.yaml:{line}:") and says in each for each in found.splitlines()), found


def test_a_wait_of_a_year_is_refused_because_nothing_is_kept_so_long(tmp_path: Path) -> None:
    found = mistakes(tmp_path, GOOD + "  - id: a_year\n    wait: 365d\n")
    assert "365d is out of range; nothing waits longer than 180d" in found


def test_what_a_workflow_causes_itself_does_not_start_one(tmp_path: Path) -> None:
    for event in ("workflow.ended", "crm.filed", "call.noted"):
        assert "would start itself over and over" in mistakes(tmp_path, GOOD + f"starts_on: [{event}]\n")
    assert "unknown event 'lunch'" in mistakes(tmp_path, GOOD + "starts_on: [lunch]\n")


def test_what_only_looks_may_not_act(tmp_path: Path) -> None:
    only_if = "only_if: {use: note_in_crm, with: {subject: promise_kept}, is: $found.count > 0}\n"
    assert "acts outside" in mistakes(tmp_path, GOOD + only_if)
    agents = "agents: {reader: {prompt: What?, tools: [note_in_crm]}}\n"
    assert "acts outside" in mistakes(tmp_path, GOOD + agents)


def test_a_map_holds_no_map_and_its_items_end_by_themselves(tmp_path: Path) -> None:
    inner = "  - id: each\n    map: $promises.items\n    as: one\n    steps:\n"
    maps = "      - id: again\n        map: $one.items\n        as: two\n        steps: []\n"
    assert "a map within a map is not possible" in mistakes(tmp_path, GOOD + inner + maps)
    file = tmp_path / "good.yaml"
    file.write_text(GOOD + inner + "      - {id: go, branch: [{go: next}]}\n", encoding="utf-8")
    (read,) = read_definitions([file]).values()
    assert isinstance(read.steps[-1], Each) and read.steps[-1].most == 20


@pytest.mark.parametrize(
    "text", ["", "steps: 7", "- a", "version: 1\nworkflow: x\ntitle: x\nsteps: {}", "\x00", "a: [b"]
)
def test_whatever_is_no_definition_is_refused_and_nothing_breaks(tmp_path: Path, text: str) -> None:
    assert mistakes(tmp_path, text)
