"""Unit: the forms of a call, filled in after it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from local.options import TENANTS
from sotto.call.annotation import ChecklistItem
from sotto.call.contact import Channel, Contact
from sotto.consent.rules import ConsentRecord
from sotto.guidance.conversation import ConversationState
from sotto.guidance.deliver import Conversation
from sotto.scorecards.answers import How, Standing
from sotto.scorecards.evaluate_conversation import EvaluatePorts, evaluate_conversation
from sotto.scorecards.evaluation import Evaluation, EvaluationChanged, Kind
from sotto.scorecards.judge.judge import NoModel
from sotto.wiring.publishing import book_from
from tests.fakes.books import BooksInMemory
from tests.fakes.clock import ClockByHand
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.conversations import ConversationsInMemory
from tests.fakes.evaluations import EvaluationsInMemory
from tests.unit.scorecards.any_form import AGENT, CUSTOMER, happened, spoken

BANK = "harbour_bank"
TURNS = (
    (AGENT, 0, "Harbour Bank, my name is Emma, this call is recorded."),
    (CUSTOMER, 6, "I want to know my balance."),
    (AGENT, 10, "What is your date of birth?"),
    (CUSTOMER, 40, "That is all, thank you."),
)


@dataclass
class NoConsent:
    """Nobody was asked, until somebody refuses after ``refused_after`` questions."""

    refused_after: int | None = None
    asked: int = 0

    def latest(self, tenant: str, contact_id: str) -> ConsentRecord | None:
        self.asked += 1
        if self.refused_after is None or self.asked <= self.refused_after:
            return None
        record: Any = ConsentRecord(tenant, contact_id, 1, False, "refused", speaker=CUSTOMER, drop_kept=True)
        return record


@dataclass
class BusyEvaluations(EvaluationsInMemory):
    """Somebody else stores a version just before each of the next ones."""

    others: list[Evaluation] = field(default_factory=list)

    def append(self, evaluation: Evaluation, **how: Any) -> Evaluation:
        if self.others:
            super().append(self.others.pop(0), after=how["after"])
        return super().append(evaluation, **how)


def any_ports(turns: Any = TURNS, **changes: Any) -> EvaluatePorts:
    contact = Contact(BANK, "c1", "arn:i", "arn:s", 0, agent="emma", agent_name="Emma Stone")
    utterances = [replace(each, tenant=BANK) for each in spoken(*turns)]
    state = ConversationState(BANK, "c1", agent_connected_ms=0, moments={"call_closing": (happened(40, "u4"),)})
    greeted = ChecklistItem("conduct", "greet", "Greet", "done", "u1")
    calls = ConversationsInMemory(all_utterances=utterances, states={f"{BANK}#c1": Conversation(state, (greeted,), 1)})
    given: dict[str, Any] = {
        "contacts": ContactsInMemory(contact),
        "books": BooksInMemory(book_from(TENANTS / BANK)),
        "calls": calls,
        "consents": NoConsent(),
        "evaluations": EvaluationsInMemory(),
        "model": NoModel(),
        "clock": ClockByHand(1_790_000_000_000),
    }
    return EvaluatePorts(**given | changes)


def test_every_form_is_filled_in_from_what_is_stored() -> None:
    ports = any_ports()
    (made,) = evaluate_conversation(BANK, "c1", ports)
    found = made.by_question
    assert (made.version, made.kind, made.through_seq) == (1, Kind.MACHINE, 4)
    assert (found["greet"].value, found["greet"].how) == ("yes", How.PLAYBOOK)
    assert (found["disclose"].value, found["identify"].value) == ("yes", "yes")
    assert found["recap"].value == "no" and found["recap"].utterances
    assert found["empathy"].standing is Standing.NOT_APPLICABLE
    assert made.total.percentage is not None and made.determined == 1.0


def test_asked_again_it_makes_no_second_version_until_more_was_said() -> None:
    ports = any_ports()
    first = evaluate_conversation(BANK, "c1", ports)
    assert evaluate_conversation(BANK, "c1", ports) == first
    ports.calls.all_utterances.append(replace(spoken((AGENT, 44, "Bye"))[0], tenant=BANK, id="u5", seq=5))  # type: ignore[attr-defined]
    assert evaluate_conversation(BANK, "c1", ports)[0].version == 2


def test_a_form_that_was_changed_is_filled_in_anew() -> None:
    ports = any_ports()
    evaluate_conversation(BANK, "c1", ports)
    book = book_from(TENANTS / BANK)
    changed = book.scorecards[0].model_copy(update={"title": "Another"})
    ports.books.publish(book.model_copy(update={"scorecards": (changed,)}))  # type: ignore[attr-defined]
    assert evaluate_conversation(BANK, "c1", ports)[0].version == 2


def test_a_form_of_another_language_is_not_for_this_call() -> None:
    contact = Contact(BANK, "c1", "arn:i", "arn:s", 0, agent="emma", attributes={"language": "de"})
    assert evaluate_conversation(BANK, "c1", any_ports(contacts=ContactsInMemory(contact))) == ()


def test_a_chat_is_filled_in_by_the_form_for_chats_in_the_order_of_its_messages() -> None:
    chat = Contact(BANK, "c1", "arn:i", "", 0, agent="emma", channel=Channel.CHAT)
    late_first = [(speaker, at, text) for speaker, at, text in reversed(TURNS)]
    (made,) = evaluate_conversation(BANK, "c1", any_ports(turns=late_first, contacts=ContactsInMemory(chat)))
    assert made.form == "every_chat" and "disclose" not in made.by_question
    assert made.by_question["greet"].value == "yes"


@pytest.mark.parametrize(
    "ports",
    [
        any_ports(turns=()),
        any_ports(contacts=ContactsInMemory()),
        any_ports(contacts=ContactsInMemory(Contact(BANK, "c1", "i", "s", 0, erased=True))),
        any_ports(consents=NoConsent(refused_after=0)),
        any_ports(consents=NoConsent(refused_after=1)),
    ],
    ids=["nothing spoken", "no contact", "erased", "refused", "refused while it was judged"],
)
def test_nothing_is_stored_of_a_call_of_which_nothing_may_be_kept(ports: EvaluatePorts) -> None:
    assert evaluate_conversation(BANK, "c1", ports) == ()
    assert ports.evaluations.versions(BANK, "c1", "every_call") == []


def test_somebody_elses_version_in_between_is_no_loss() -> None:
    (other,) = evaluate_conversation(BANK, "c1", any_ports())
    review = replace(other, kind=Kind.REVIEW, by="sue")
    ports = any_ports(evaluations=BusyEvaluations(others=[review]))
    assert evaluate_conversation(BANK, "c1", ports)[0].version == 2
    endless = any_ports(evaluations=BusyEvaluations(others=[review] * 9))
    with pytest.raises(EvaluationChanged):
        evaluate_conversation(BANK, "c1", endless)


def test_of_a_contact_whose_language_nobody_transcribes_no_answer_is_no() -> None:
    contact = Contact(BANK, "c1", "i", "s", 0, agent="emma", unavailable=("transcript",))
    (made,) = evaluate_conversation(BANK, "c1", any_ports(contacts=ContactsInMemory(contact)))
    assert not any(each.value == "no" for each in made.answers)
