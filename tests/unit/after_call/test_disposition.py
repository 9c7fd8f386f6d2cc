"""Unit: how a call ended is suggested, chosen and written, with everything around it in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import permutations

import pytest

from local.simulation.consents import ConsentsInMemory
from sotto.after_call.disposition.choose import UnknownCode, choose_disposition
from sotto.after_call.disposition.file import FilePorts, file_disposition
from sotto.after_call.disposition.suggest import SuggestPorts, suggest_disposition
from sotto.after_call.workflow.records import WorkPorts
from sotto.call.after_call_work import Disposition, StepOrder, Written
from sotto.call.annotation import AnnotationKind
from sotto.call.contact import Contact, Speaker
from sotto.call.events import DispositionChosen, DispositionSuggested
from sotto.call.utterance import Utterance
from sotto.consent.rules import ConsentDecision, record_of
from sotto.core.errors import Retryable
from sotto.realtime.panel_publisher import PanelPublisher
from sotto.tenants.book import TenantBook
from sotto.tenants.dispositions import DispositionCode, Dispositions
from tests.fakes.books import BooksInMemory, any_book
from tests.fakes.call_records import FeedbackInMemory, WorkInMemory
from tests.fakes.channel import ChannelInMemory
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.conversations import ConversationsInMemory
from tests.fakes.dispositions import DispositionsInMemory
from tests.fakes.turned_clock import TurnedClock
from tests.unit.after_call.any_call import CONTACT_ID, TENANT, any_contact, noted, said

ORDER = StepOrder(TENANT, CONTACT_ID)
CODES = (
    DispositionCode(code="closed", title="Account closed", moments=("may_leave",), without=("stays",)),
    DispositionCode(code="saved", title="Customer stays", moments=("may_leave", "stays"), has_phrases=True),
    DispositionCode(code="refunded", title="Fee refunded", has_phrases=True),
)
TURNS = (
    ("agent", "Harbour Bank, this is Maria."),
    ("customer", "I want to close my account over the monthly fees."),
    ("agent", "I have refunded the fee to your account."),
    ("customer", "All right, then I will stay."),
)


@dataclass
class ModelInMemory:
    """A CodeModel that knows some utterances."""

    known: dict[str, tuple[str, float]] = field(default_factory=dict)
    asked: list[Sequence[Utterance]] = field(default_factory=list)

    def scores(self, contact: Contact, utterances: Sequence[Utterance]) -> Mapping[str, Mapping[str, float]]:
        self.asked.append(utterances)
        return {each.id: dict([self.known[each.id]]) for each in utterances if each.id in self.known}


def book_of(*codes: DispositionCode, languages: tuple[str, ...] = ("en",)) -> TenantBook:
    return any_book(TENANT).model_copy(update={"dispositions": Dispositions(codes=codes, languages=languages)}).sealed()


class Office:
    def __init__(self, book: TenantBook | None = None) -> None:
        self.clock = TurnedClock()
        self.contact = any_contact()
        self.contacts = ContactsInMemory(self.contact)
        self.book = book or book_of(*CODES)
        self.calls = ConversationsInMemory()
        self.calls.all_utterances = said(*TURNS)
        self.model = ModelInMemory()
        self.consents = ConsentsInMemory()
        self.records = WorkInMemory()
        self.channel = ChannelInMemory()
        self.target = DispositionsInMemory()

    @property
    def work(self) -> WorkPorts:
        return WorkPorts(self.consents, self.records, PanelPublisher(self.channel, lambda what: None), self.clock)

    def happened(self, *moments: str) -> None:
        self.calls.all_annotations = [
            noted(AnnotationKind.MOMENT, name, f"u{seq + 1}", seq=seq, title=name)
            for seq, name in enumerate(moments, 1)
        ]

    def suggest(self) -> Disposition | None:
        ports = SuggestPorts(
            self.contacts, BooksInMemory(self.book), self.calls, FeedbackInMemory(), self.model, self.work
        )
        return suggest_disposition(ORDER, ports)

    def choose(self, code: str, agent: str = "ann") -> None:
        choose_disposition(self.contact, code, agent, self.book, self.work)

    def file(self, chosen: DispositionChosen) -> Written | None:
        return file_disposition(chosen, FilePorts(self.contacts, self.target, self.work))

    def chosen_events(self) -> list[DispositionChosen]:
        return [each for each in self.records.events if isinstance(each, DispositionChosen)]

    @property
    def kept(self) -> Disposition:
        work = self.records.work(TENANT, CONTACT_ID)
        assert work is not None and work.disposition is not None
        return work.disposition


def test_moments_of_the_playbook_speak_for_a_code_and_rest_on_their_evidence() -> None:
    at = Office()
    at.happened("may_leave")
    made = at.suggest()
    assert made is not None and made.suggested == "closed"
    assert [(each.code, each.confidence, each.rests_on) for each in made.ranked] == [
        ("closed", 0.7, ("u2",)),
        ("saved", 0.0, ()),
        ("refunded", 0.0, ()),
    ]


def test_a_code_that_asks_for_more_moments_is_the_likelier_one_and_without_excludes() -> None:
    at = Office()
    at.happened("may_leave", "stays")
    made = at.suggest()
    assert made is not None and [each.code for each in made.ranked] == ["saved", "closed", "refunded"]
    assert made.ranked[0].confidence == 0.8 and made.ranked[1].confidence == 0.0


def test_phrases_and_moments_together_are_surer_than_either() -> None:
    at = Office()
    at.happened("may_leave", "stays")
    at.model.known = {"u4": ("saved", 0.9)}
    made = at.suggest()
    assert made is not None
    assert made.ranked[0].confidence == pytest.approx(0.98) and made.ranked[0].rests_on == ("u2", "u3", "u4")


def test_what_is_unlikely_is_listed_and_not_suggested() -> None:
    at = Office()
    at.model.known = {"u3": ("refunded", 0.3)}
    made = at.suggest()
    assert made is not None and made.suggested == "" and made.ranked[0].code == "refunded"
    assert at.records.events == []


@pytest.mark.parametrize(
    "book",
    [book_of(*CODES, languages=("de",)), book_of(CODES[0])],
    ids=["of another language", "without phrases"],
)
def test_a_model_that_would_not_understand_is_not_asked(book: TenantBook) -> None:
    at = Office(book)
    at.happened("may_leave")
    assert at.suggest() is not None and at.model.asked == []


def test_there_is_none_without_codes_words_or_a_contact() -> None:
    without_codes, silent, unknown = Office(book_of()), Office(), Office()
    silent.calls.all_utterances = []
    unknown.contacts = ContactsInMemory()
    assert [each.suggest() for each in (without_codes, silent, unknown)] == [None, None, None]


def test_of_a_call_that_may_not_stay_nothing_is_suggested_or_chosen() -> None:
    at = Office()
    refused = ConsentDecision(False, "customer_refused", drop_kept=True)
    at.consents.record(
        record_of(refused, tenant=TENANT, contact_id=CONTACT_ID, decided_at_ms=5, speaker=Speaker.CUSTOMER)
    )
    at.happened("may_leave")
    assert at.suggest() is None
    at.choose("closed")
    assert at.records.kept == {} and at.records.events == [] and at.channel.messages == []


def test_the_step_again_changes_nothing_and_a_choice_outlives_it() -> None:
    at = Office()
    at.happened("may_leave")
    at.suggest()
    at.suggest()
    assert [type(each) for each in at.records.events] == [DispositionSuggested]
    at.choose("refunded")
    at.model.known = {"u3": ("refunded", 0.9)}
    at.suggest()
    assert at.kept.choice is not None and at.kept.choice.code == "refunded"


def test_an_agent_chooses_once_and_may_choose_anew() -> None:
    at = Office()
    for code in ("saved", "saved", "closed"):
        at.choose(code)
    assert [each.record for each in at.chosen_events()] == ["saved", "closed"]
    assert at.kept.choice is not None and (at.kept.choice.agent, at.kept.choice.title) == ("ann", "Account closed")
    assert len({each.id for each in at.records.events}) == 2


def test_a_code_that_the_tenant_does_not_have_is_refused() -> None:
    at = Office()
    with pytest.raises(UnknownCode, match="the tenant has no such code"):
        at.choose("made_up")
    assert at.records.kept == {}


def test_what_was_chosen_is_written_once_for_each_event_and_noted() -> None:
    at = Office()
    at.choose("saved")
    (chosen,) = at.chosen_events()
    assert [at.file(chosen), at.file(chosen)] == [Written.DONE, Written.DONE]
    assert at.target.codes == {CONTACT_ID: "saved"}
    assert at.kept.choice is not None and at.kept.choice.written is Written.DONE


@pytest.mark.parametrize("order", list(permutations([0, 1, 0])))
def test_of_two_choices_the_later_one_stays_in_whichever_order_their_events_come(order: tuple[int, ...]) -> None:
    at = Office()
    at.choose("saved")
    at.choose("closed")
    events = at.chosen_events()
    for number in order:
        at.file(events[number])
    assert at.target.codes == {CONTACT_ID: "closed"}


def test_a_connect_that_does_not_take_it_is_noted_and_one_that_fails_is_asked_again() -> None:
    at = Office()
    at.choose("saved")
    (chosen,) = at.chosen_events()
    at.target.refuses = True
    assert at.file(chosen) is Written.REFUSED
    assert at.kept.choice is not None and at.kept.choice.written is Written.REFUSED
    at.target.failure = Retryable("busy")
    with pytest.raises(Retryable):
        at.file(chosen)


def test_after_an_erasure_there_is_nothing_to_write() -> None:
    at = Office()
    at.choose("saved")
    (chosen,) = at.chosen_events()
    at.records.kept.clear()
    assert at.file(replace(chosen)) is None and at.target.codes == {}
