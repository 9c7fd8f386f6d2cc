"""Unit: what conversations with a customer say together."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.call.contact import Speaker
from sotto.call.summary import SummaryPart
from sotto.insights.gather import MOST_INSIGHTS, gathered
from sotto.insights.insight import DAY_MS, Act, Insight, InsightKind
from sotto.insights.matters import same_matter
from sotto.insights.past_call import PastCall
from tests.unit.insights.past import NOW_MS, call, line, moment


def found(kind: InsightKind, *calls: PastCall) -> list[Insight]:
    return [each for each in gathered(calls, NOW_MS) if each.kind is kind]


def promise(text: str, due: str = "", owner: Speaker | None = Speaker.AGENT) -> PastCall:
    return call("c1", 3, text, lines=[line(SummaryPart.PROMISE, text, "u1", owner=owner, due=due)])


def test_a_promise_of_ours_whose_day_is_over_matters_most_and_asks_for_a_call() -> None:
    (late,) = found(InsightKind.PROMISE, promise("I will send the form tomorrow.", "2026-09-19"))
    (soon,) = found(InsightKind.PROMISE, promise("I will send the form next week.", "2026-09-25"))
    (theirs,) = found(InsightKind.PROMISE, promise("I will send the form.", "", Speaker.CUSTOMER))
    assert [each.act for each in (late, soon, theirs)] == [Act.CALL_BACK, Act.KEEP_PROMISE, Act.AWAIT]
    assert late.impact > soon.impact > theirs.impact
    assert late.stands.contact_id == "c1" and late.stands.utterance_ids == ("u1",)


def test_what_is_over_is_not_shown() -> None:
    old = call("c1", 200, "I want my card back.", lines=[line(SummaryPart.REASON, "I want my card back.", "u1")])
    assert gathered([old], NOW_MS) == ()


def test_a_line_that_nothing_kept_shows_is_left_out() -> None:
    shown = call("c1", 1, "Hello.", lines=[line(SummaryPart.REASON, "I want my card back.", "gone")])
    assert gathered([shown], NOW_MS) == ()


def test_of_a_preference_that_changed_the_newest_stands_and_shows_the_older_one() -> None:
    before = call("c1", 40, "Please call me in the evening, on my mobile phone.")
    after = call("c2", 2, "Please don't call me any more, e-mail me instead.")
    (now,) = found(InsightKind.PREFERENCE, before, after)
    assert (now.stands.contact_id, [each.contact_id for each in now.earlier]) == ("c2", ["c1"])
    assert found(InsightKind.PREFERENCE, after, before) == [now], "whatever the order in which they are read"


def test_the_same_need_again_within_a_month_is_a_risk_that_cites_both() -> None:
    texts = ("The heating in my flat does not work.", "The heating in the flat still does not work.")
    calls = [
        call(f"c{days}", days, text, lines=[line(SummaryPart.REASON, text, "u1")])
        for days, text in zip((20, 4), texts, strict=True)
    ]
    (risk,) = found(InsightKind.RISK, *calls)
    assert risk.act is Act.FIND_CAUSE and (risk.stands.contact_id, risk.earlier[0].contact_id) == ("c4", "c20")
    far = call("c90", 45, texts[0], lines=[line(SummaryPart.REASON, texts[0], "u1")])
    assert not found(InsightKind.RISK, far, calls[1])


def test_moments_are_risks_by_their_severity_and_outcomes_are_none() -> None:
    noticed = [
        moment("cancellation_risk", "high"), moment("price_complaint", "medium"), moment("small_talk", "info"),
        moment("offer_accepted", "high", outcome=True), moment("amount_named", "high", fact=True),
    ]  # fmt: skip
    risks = found(InsightKind.RISK, call("c1", 1, "I want to leave.", moments=noticed))
    assert [(each.stands.text, each.impact) for each in risks] == [("Cancellation risk", 9), ("Price complaint", 6)]


def test_opportunities_are_the_customers_words_and_leaving_is_none() -> None:
    words = (
        "Do you also offer travel insurance?", "We're thinking about closing the account.", "A: Do you also offer it?",
    )  # fmt: skip
    assert [each.stands.utterance_ids for each in found(InsightKind.OPPORTUNITY, call("c1", 1, *words))] == [("u1",)]


def test_a_request_for_how_to_be_reached_is_a_preference_and_no_need() -> None:
    text = "Please only text me about this."
    calls = call("c1", 1, text, lines=[line(SummaryPart.REQUEST, text, "u1")])
    assert not found(InsightKind.NEED, calls) and found(InsightKind.PREFERENCE, calls)


def test_values_do_not_make_another_matter_and_other_words_do() -> None:
    assert same_matter("I will send the contract on Monday.", "I will send the contract by Friday.")
    assert not same_matter("I will send the contract on Monday.", "I will block the card on Monday.")
    assert not same_matter("Yes.", "No.")


TEXTS = st.lists(st.sampled_from(
    ["I prefer e-mail.", "Please call me at noon.", "Do you also offer loans?", "Fine.", "", "…", "I want to leave."]
), max_size=6)  # fmt: skip
CALLS = st.lists(st.tuples(st.integers(0, 400), TEXTS), max_size=6)


@settings(max_examples=150, deadline=None)
@given(CALLS)
def test_every_sentence_cites_words_that_are_there_and_none_is_shown_after_its_time(
    drawn: list[tuple[int, list[str]]],
) -> None:
    calls = [
        call(f"c{at}", days, *texts, lines=[line(SummaryPart.REASON, text, f"u{n}") for n, text in enumerate(texts, 1)])
        for at, (days, texts) in enumerate(drawn)
    ]
    there = {(each.contact.contact_id, one.id) for each in calls for one in each.utterances}
    insights = gathered(calls, NOW_MS)
    assert len(insights) <= MOST_INSIGHTS and len({each.id for each in insights}) == len(insights)
    for each in insights:
        assert each.expires_at_ms > NOW_MS and 1 <= each.impact <= 10 and 0 <= each.confidence <= 1
        for one in (each.stands, *each.earlier):
            assert one.utterance_ids and all((one.contact_id, id) in there for id in one.utterance_ids)
        assert all(each.stands.at_ms >= one.at_ms > each.stands.at_ms - 401 * DAY_MS for one in each.earlier)
