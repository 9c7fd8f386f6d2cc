"""Unit: questions become forms, or are refused with what can be asked. Without the encoder: phrases alone."""

from __future__ import annotations

from datetime import date

import pytest

from benchmarks.analyst import TODAY, VALUES, wanted
from sotto.analytics.analyst.find_metric import NoMeaning, lexicon_of
from sotto.analytics.analyst.periods import dated
from sotto.analytics.analyst.understand import LONGEST_QUESTION, REASONS, Analyst, Refused, Understood
from sotto.analytics.definition.read import shipped
from sotto.analytics.query.form import Compare, Filter, Form, Period

CATALOGUE = shipped()
ANALYST = Analyst(CATALOGUE, lexicon_of(CATALOGUE), NoMeaning())


def form(question: str, before: Form | None = None) -> Form:
    found = ANALYST.understand(question, today=TODAY, values=VALUES, before=before)
    assert isinstance(found, Understood), found
    return found.form


def refusal(question: str, before: Form | None = None) -> str:
    found = ANALYST.understand(question, today=TODAY, values=VALUES, before=before)
    assert isinstance(found, Refused), found
    assert found.ask, "says what can be asked instead"
    return found.reason


@pytest.mark.parametrize(
    ("question", "written"),
    [
        (
            "AHT by team last week?",
            {"metric": "average_handle_time", "period": "2026-11-23..2026-11-29", "by": ["team"]},
        ),
        (
            "busiest hour",
            {"metric": "conversations", "period": "2026-11-01..2026-11-30", "by": ["hour"], "highest": True},
        ),
        (
            "transfer rate without the cards queue in October against a year ago",
            {
                "metric": "transfer_rate",
                "period": "2026-10-01..2026-10-31",
                "filters": {"queue": ["!cards"]},
                "compare": "year",
            },
        ),
    ],
)
def test_a_question_becomes_the_form_that_it_means(question: str, written: dict[str, object]) -> None:
    assert form(question) == wanted(written)


def test_what_follows_keeps_what_it_does_not_change() -> None:
    first = form("AHT by team last week")
    second = form("only emma", first)
    assert second.filters == (Filter("agent", ("emma",)),) and second.period == first.period
    third = form("and last month, compared with the previous month", second)
    assert third.period == Period("2026-10-01", "2026-10-31") and third.compare is Compare.PREVIOUS
    assert third.metric == "average_handle_time" and third.filters == second.filters
    assert form("how many calls?", third).metric == "conversations", "a question of its own begins anew"
    assert form("how many calls?", third).filters == ()


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("what will AHT be tomorrow", "future"),
        ("select * from conversation", "sql"),
        ("AHT'; drop table conversation; --", "sql"),
        ("what is our NPS", "not measured"),
        ("why is AHT high", "why"),
        ("delete the calls of emma", "change"),
        ("how high is the tower", "unknown"),
        ("and by team", "unknown"),
        ("", "empty"),
        ("a" * (LONGEST_QUESTION + 1), "long"),
        ("AHT by checklist item", "dimension"),
    ],
)
def test_what_no_metric_answers_is_refused_with_its_reason(question: str, reason: str) -> None:
    assert refusal(question) == reason and reason in REASONS


def test_a_filter_takes_only_values_that_there_are() -> None:
    assert form("AHT in the loans queue").filters == (Filter("queue", ("loans",)),)
    hostile = {"agent": ("o'brien); drop table x",)}
    found = ANALYST.understand("AHT of o'brien); drop table x", today=TODAY, values=hostile)
    assert isinstance(found, Refused) or found.form.filters == (Filter("agent", hostile["agent"]),)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("today", "2026-11-30", "2026-11-30"),
        ("the past two weeks", "2026-11-17", "2026-11-30"),
        ("last quarter", "2026-07-01", "2026-09-30"),
        ("this year", "2026-01-01", "2026-11-30"),
        ("on friday", "2026-11-27", "2026-11-27"),
        ("on monday", "2026-11-23", "2026-11-23"),
        ("since 16 november", "2026-11-16", "2026-11-30"),
        ("in december", "2025-12-01", "2025-12-31"),
        ("on 2026-11-03", "2026-11-03", "2026-11-03"),
        ("february 2024", "2024-02-01", "2024-02-29"),
    ],
)
def test_periods_as_people_name_them(text: str, first: str, last: str) -> None:
    assert dated(f"aht {text}", TODAY).period == Period(first, last)


def test_a_date_that_is_none_is_no_period() -> None:
    assert dated("aht on 31 february", date(2026, 11, 30)).period in (None, Period("2026-02-01", "2026-02-28"))


def test_a_metric_of_a_tenants_is_found_by_its_title_and_synonyms() -> None:
    from dataclasses import replace

    from sotto.analytics.definition.metric import Catalogue

    mine = replace(CATALOGUE.metric("conversations"), name="zebra_rate", title="Zebra rate", synonyms=("stripes",))
    catalogue = Catalogue({**CATALOGUE.metrics, "zebra_rate": mine})
    analyst = Analyst(catalogue, lexicon_of(catalogue), NoMeaning())
    for question in ("zebra rate by team", "stripes by team"):
        found = analyst.understand(question, today=TODAY, values=VALUES)
        assert isinstance(found, Understood) and found.metric.name == "zebra_rate"
