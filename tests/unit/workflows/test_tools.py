"""Unit: tools of workflows read what is stored of their conversation, and note once; agents quote without a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from sotto.api.workflows.agents import RecallingAgents
from sotto.api.workflows.tools import ConversationTools
from sotto.call.annotation import Annotation, AnnotationKind, Evidence
from sotto.call.contact import Contact, Speaker
from sotto.call.filing import FilingState
from sotto.call.summary import CallSummary, Origin, SummaryLine, SummaryPart
from sotto.call.utterance import Utterance
from sotto.core.validation import silent
from sotto.filing.outbox import FilingRow
from sotto.generation.chain import TextOutcome
from sotto.generation.citations import Checked, NotUsable
from sotto.knowledge.passages import Passage
from sotto.tenants.filing import Filing, FilingSystem
from sotto.workflows.definition import NamedAgent
from sotto.workflows.tools import TOOLS, BadArguments, ToolOrder, checked
from tests.fakes.books import BooksInMemory, any_book
from tests.fakes.call_records import SummariesInMemory
from tests.fakes.conversations import ConversationsInMemory
from tests.fakes.filings import CallNotesInMemory, FilingRowsInMemory

NOW_MS = int(datetime(2026, 11, 30, 9, tzinfo=UTC).timestamp() * 1000)
CONTACT = Contact("bank", "c1", "i", "s", NOW_MS, agent="emma", team="service")
SAID = ("I want to make a complaint. It is a disgrace.", "I am sorry, I will call you back on Friday.")
AGENT = NamedAgent("reader", "What does the customer complain about?", ("read_summary",))


class Office:
    def __init__(self, language: str = "en-US") -> None:
        self.contact = replace(CONTACT, language=language)
        self.calls, self.summaries = ConversationsInMemory(), SummariesInMemory()
        self.rows, self.notes, self.books = FilingRowsInMemory(), CallNotesInMemory(), BooksInMemory()
        for seq, text in enumerate(SAID, 1):
            speaker = Speaker.CUSTOMER if seq == 1 else Speaker.AGENT
            self.calls.all_utterances.append(Utterance("bank", "c1", f"u{seq}", seq, speaker, seq, seq + 1, text))
        lines = (
            SummaryLine(SummaryPart.PROMISE, "No day was named.", ("u2",), Speaker.AGENT),
            SummaryLine(SummaryPart.PROMISE, "I will call you back.", ("u2",), Speaker.AGENT, "2026-12-01"),
            SummaryLine(SummaryPart.PROMISE, "I will pay.", ("u1",), Speaker.CUSTOMER),
            SummaryLine(SummaryPart.SENTIMENT, "negative"),
        )
        self.summaries.store(CallSummary("bank", "c1", lines, Origin.QUOTED, "", 2, NOW_MS, 1))
        filing = Filing(systems=(FilingSystem(name="crm", kind="hubspot", title="CRM"),))
        self.books.publish(any_book("bank").model_copy(update={"filing": filing}).sealed())
        self.tools = ConversationTools(self.calls, self.summaries, self.rows, self.notes, self.books)

    def call(self, tool: str, key: str = "wf/a", **arguments: Any) -> Any:
        return self.tools.call(tool, checked(TOOLS[tool], arguments), ToolOrder(self.contact, key, NOW_MS))


def test_promises_come_by_their_day_and_those_without_one_in_two_days() -> None:
    found = Office().call("find_promises")
    assert [each["text"] for each in found["items"]] == ["I will call you back.", "No day was named."]
    days = [datetime.fromtimestamp(each["due_at_ms"] / 1000, UTC).isoformat() for each in found["items"]]
    assert days == ["2026-12-01T17:00:00+00:00", "2026-12-02T17:00:00+00:00"]
    assert Office().call("find_promises", by="anyone")["count"] == 3


def test_words_are_found_in_sentences_of_whom_is_asked_about_and_stay_words() -> None:
    found = Office().call("find_spoken", words=["complaint", "disgrace"])
    assert [each["text"] for each in found["items"]] == ["I want to make a complaint.", "It is a disgrace."]
    assert Office().call("find_spoken", words=["complain"])["count"] == 0
    assert Office().call("find_spoken", words=["call you"], by="agent")["count"] == 1
    assert Office().call("find_spoken", words=[".*"], by="anyone")["count"] == 0


def test_moments_are_those_that_are_grave_enough() -> None:
    office = Office()
    for seq, (name, severity) in enumerate((("risk", "high"), ("smile", "low"), ("risk", "high")), 1):
        kind, show, words = AnnotationKind.MOMENT, {"title": name}, (Evidence("u1"),)
        office.calls.all_annotations.append(
            Annotation("bank", "c1", f"a{seq}", seq, kind, name, 1, "u1", 0.9, severity, show, words)
        )
    assert [each["title"] for each in office.call("find_moments")["items"]] == ["risk"]
    assert office.call("find_moments", severity="low")["count"] == 2
    assert office.call("find_moments", severity="low", names=["smile"])["count"] == 1


def test_the_summary_and_where_the_call_is_filed_are_read() -> None:
    office = Office()
    assert office.call("read_summary")["mood"] == "negative" and office.call("read_summary")["is_there"]
    office.rows.replace(FilingRow("bank", "c1", "crm", FilingState.FILED))
    assert office.call("read_filing")["items"] == [{"system": "crm", "state": "filed"}]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en-US", "The customer was contacted, they stay: A fee (spoke to them)"),
        ("de-DE", "Mit dem Kunden wurde gesprochen, bleibt: A fee (spoke to them)"),
    ],
)
def test_a_note_is_worded_in_the_calls_language_and_added_once(language: str, text: str) -> None:
    office = Office(language)
    for _ in range(3):
        given = {"subject": "customer_contacted", "outcome": "stays", "about": "A fee", "reason": "spoke to them"}
        assert office.call("note_in_crm", **given) == {"systems": ["crm"]}
    assert [each.text for each in office.notes.notes("bank", "c1")] == [text]
    office.call("note_in_crm", key="wf/b", subject="promise_kept", about="", reason="")
    assert len(office.notes.notes("bank", "c1")) == len(office.notes.events) == 2


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("note_in_crm", {"subject": "sell_everything"}),
        ("note_in_crm", {"subject": "promise_kept", "to": "x@y.example"}),
        ("find_promises", {"by": ["agent"]}),
        ("find_spoken", {"words": []}),
        ("read_summary", {"contact_id": "c2"}),
    ],
)
def test_what_a_tool_does_not_take_is_refused_without_quoting_it(tool: str, given: dict[str, Any]) -> None:
    with pytest.raises(BadArguments) as refused:
        checked(TOOLS[tool], given)
    assert not any(value in str(refused.value) for value in given.values() if isinstance(value, str))


class Writer:
    """An AgentWriter that says ``text``, or nothing."""

    def __init__(self, text: str | None) -> None:
        self.text, self.asked = text, list[Any]()

    def recall(
        self, tenant: str, question: str, passages: Sequence[Passage], *, timeout_ms: float, agent: str = ""
    ) -> tuple[Checked, TextOutcome]:
        self.asked.append((question, agent, [each.text for each in passages]))
        if self.text == "":
            raise NotUsable("a budget of this month is spent")
        made = Checked(self.text, tuple(passages[:1])) if self.text else None
        return made or Checked("quoted", ()), TextOutcome(made, "shard")


def test_an_agent_writes_within_its_budget_and_is_asked_with_what_its_tools_found() -> None:
    office, writer = Office(), Writer("They complain about a fee.")
    agents = RecallingAgents(office.calls, NoFeedback(), writer)
    found = {"read_summary": office.call("read_summary")}
    answer = agents.answer(AGENT, office.contact, found, by_model=True)
    assert (answer.text, answer.origin, answer.rests_on) == ("They complain about a fee.", "model", ("u1",))
    ((question, agent, texts),) = writer.asked
    assert (question, agent) == (AGENT.prompt, "reader") and "I will call you back." in texts and SAID[0] in texts


@pytest.mark.parametrize("text", [None, ""])
def test_without_a_model_or_a_budget_what_was_said_is_quoted(text: str | None) -> None:
    office, writer = Office(), Writer(text)
    agents = RecallingAgents(office.calls, NoFeedback(), writer)
    quoted = agents.answer(AGENT, office.contact, {}, by_model=True)
    assert quoted.origin == "quoted" and "complaint" in quoted.text and quoted.rests_on
    assert agents.answer(AGENT, office.contact, {}, by_model=False).origin == "quoted" and len(writer.asked) == 1
    office.calls.all_utterances.clear()
    assert agents.answer(AGENT, office.contact, {}, by_model=True).origin == "none"


class NoFeedback:
    def feedback(self, tenant: str, contact_id: str) -> Sequence[Any]:
        return ()


def test_every_tool_says_what_it_takes_and_gives() -> None:
    office = Office()
    for spec in TOOLS.values():
        silent(spec.arguments).json_schema()
        if not spec.outward and spec.name != "find_spoken":
            assert set(office.call(spec.name)) == set(spec.gives)
