"""What everybody who answers requests about figures must do, as a class of tests to inherit. A subclass gives
``figures``: a FigureService over the ``history`` below."""

from __future__ import annotations

from typing import Any

from sotto.api.analytics.service import FigureService

TENANT, LAST_DAY = "bank", "2026-11-30"
NOON_MS = 1_796_040_000_000
SUPERVISOR = {"tenant": TENANT, "agent": "ada", "role": "supervisor", "teams": ["service"]}
EMMA = {"tenant": TENANT, "agent": "emma", "role": "agent"}
FORM = {"metric": "conversations", "period": {"first": "2026-11-17", "last": LAST_DAY}, "dimensions": ["team"]}


def data(figures: FigureService, claims: dict[str, Any] = SUPERVISOR, **asked: Any) -> dict[str, Any]:
    answer = figures.ask({"claims": claims, **asked})
    assert "error" not in answer, answer
    found: dict[str, Any] = answer["data"]
    return found


def error(figures: FigureService, claims: dict[str, Any] = SUPERVISOR, **asked: Any) -> str:
    found: str = figures.ask({"claims": claims, **asked})["error"]["type"]
    return found


class FiguresContract:
    def test_a_form_is_answered_with_what_the_caller_may_see(self, figures: FigureService) -> None:
        found = data(figures, ask="figure", form=FORM)
        assert [each["key"] for each in found["figures"]] == [["service"]]
        assert found["total"]["value"] > 0 and found["synthetic"] and found["metric"]["unit"] == "count"
        assert found["form"]["dimensions"] == ["team"] and found["form"]["filters"] == []

    def test_a_question_becomes_a_form_and_the_next_one_follows_it(self, figures: FigureService) -> None:
        first = data(figures, ask="question", question="AHT last week")["figure"]
        assert first["form"]["metric"] == "average_handle_time"
        assert first["form"]["period"] == {"first": "2026-11-23", "last": "2026-11-29"}
        then = data(figures, ask="question", question="and by agent?", before=first["form"])["figure"]
        assert then["form"] == first["form"] | {"dimensions": ["agent"]}
        assert {each["key"][0] for each in then["figures"]} <= {"emma", "noah", "olivia"}

    def test_what_no_metric_answers_is_refused_with_what_can_be_asked(self, figures: FigureService) -> None:
        found = data(figures, ask="question", question="what will churn be next month")
        assert found["figure"] is None and found["refused"]["reason"] == "future" and found["refused"]["ask"]

    def test_conversations_behind_a_figure_come_page_by_page_each_once(self, figures: FigureService) -> None:
        asked = {"ask": "conversations", "form": FORM, "first": 7}
        rows, after = [], None
        while True:
            page = data(figures, **asked, after=after)
            rows += page["conversations"]
            if (after := page["cursor"]) is None:
                break
        assert len(rows) == data(figures, ask="figure", form=FORM)["total"]["value"]
        assert len({each["conversationId"] for each in rows}) == len(rows)
        assert [each["latestMs"] for each in rows] == sorted((each["latestMs"] for each in rows), reverse=True)
        assert all(each["synthetic"] for each in rows)

    def test_names_that_filters_may_use_are_those_of_what_the_caller_may_see(self, figures: FigureService) -> None:
        def names(claims: dict[str, Any]) -> dict[str, list[str]]:
            found = data(figures, claims, ask="metrics")
            assert {"name", "title", "note", "unit", "dimensions"} <= found["metrics"][0].keys()
            return {each["dimension"]: each["values"] for each in found["values"]}

        assert names(SUPERVISOR)["team"] == ["service"] and "liam" not in names(SUPERVISOR)["agent"]
        assert names(EMMA)["agent"] == ["emma"]
        assert "liam" in names({**SUPERVISOR, "role": "analyst"})["agent"]

    def test_bad_input_is_refused_and_never_repeated(self, figures: FigureService) -> None:
        injected = {**FORM, "dimensions": ["team) from x; drop table y --"]}
        assert error(figures, ask="figure", form=injected) == "BadRequest"
        assert error(figures, ask="figure", form={"metric": "conversations"}) == "BadRequest"
        assert error(figures, ask="conversations", form=FORM, after="aaaa") == "BadRequest"
        assert error(figures, ask="question", question="x", before={"metric": 1}) == "BadRequest"
        nobodys = {**SUPERVISOR, "teams": []}
        assert error(figures, nobodys, ask="figure", form=FORM) == "Unauthorized"
