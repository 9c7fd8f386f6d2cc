"""Unit: the summary of a call, under a turned clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import permutations
from typing import Any

import pytest

from local.simulation.consents import ConsentsInMemory
from sotto.after_call.extract import extracted
from sotto.after_call.stored_call import Call
from sotto.after_call.summarise import SummaryPorts, summarise_call
from sotto.call.annotation import Annotation, AnnotationKind, ChecklistItem
from sotto.call.contact import Speaker
from sotto.call.events import ConversationEnded, Event, TranscriptCompleted
from sotto.call.feedback import FeedbackAction, FeedbackEntry
from sotto.call.summary import CallSummary, Origin, SummaryLine, SummaryPart
from sotto.consent.rules import ConsentDecision, ConsentRecord, record_of
from sotto.generation.chain import GenerationChain, Provider
from sotto.generation.generator import CutOff
from sotto.generation.nodes import GenerativeNodes
from sotto.guidance.conversation import ConversationState
from sotto.guidance.deliver import Conversation
from sotto.realtime.channel import MessageKind
from sotto.realtime.panel_publisher import PanelPublisher
from sotto.transcription.lease.lease import Lease
from tests.fakes.call_records import FeedbackInMemory, SummariesInMemory
from tests.fakes.channel import ChannelInMemory
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.conversations import ConversationsInMemory
from tests.fakes.generating import KeptAccount, ScriptedGenerator, wrote
from tests.fakes.turned_clock import TurnedClock
from tests.unit.after_call.any_call import CONTACT_ID, TENANT, any_contact, noted, said

ENDED = ConversationEnded(TENANT, CONTACT_ID, "contact", 2, 1_790_000_000_000)
COMPLETED = TranscriptCompleted.of(TENANT, CONTACT_ID, last_seq=4, at_ms=1_790_000_001_000)
TURNS = (
    ("agent", "Harbour Bank, this is Maria."),
    ("customer", "Hello."),
    ("customer", "I want to close my account over the monthly fees."),
    ("agent", "I have waived the monthly fee for you."),
)
WRITTEN = wrote("The customer wanted to close the account [3]. The agent waived the monthly fee [4].", 3, 4)


UNMARKED = wrote("The customer wanted to close the account over monthly fees.", 3)


class Conversations(ConversationsInMemory):
    """Guidance on everything that was said is done after ``behind`` more looks."""

    behind: int = 0

    def conversation(self, tenant: str, contact_id: str) -> Conversation | None:
        is_behind, self.behind = self.behind > 0, self.behind - 1
        last = max((each.seq for each in self.all_utterances), default=0)
        state = ConversationState(tenant, contact_id, done_seq=1 if is_behind else last)
        return Conversation(state, tuple(self.checklist(tenant, contact_id)))


@dataclass
class Desk:
    """Where the summary is made, with everything around it in memory."""

    generator: ScriptedGenerator | None = None
    clock: TurnedClock = field(default_factory=TurnedClock)
    contacts: ContactsInMemory = field(default_factory=lambda: ContactsInMemory(any_contact()))
    lease: Lease | None = None
    calls: Conversations = field(default_factory=Conversations)
    feedback: FeedbackInMemory = field(default_factory=FeedbackInMemory)
    consents: ConsentsInMemory = field(default_factory=ConsentsInMemory)
    summaries: SummariesInMemory = field(default_factory=SummariesInMemory)
    channel: ChannelInMemory = field(default_factory=ChannelInMemory)
    publish_failed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.calls.all_utterances = said(*TURNS)
        providers = [Provider("bedrock", self.generator)] if self.generator else []
        self.chain = GenerationChain(providers, self.clock, KeptAccount())

    @property
    def stored(self) -> CallSummary | None:
        return self.summaries.summary(TENANT, CONTACT_ID)

    def current(self, tenant: str, contact_id: str) -> Lease | None:
        return self.lease

    def summarise(self, event: Event = COMPLETED) -> CallSummary | None:
        ports = SummaryPorts(
            contacts=self.contacts,
            leases=self,
            consents=self.consents,
            calls=self.calls,
            feedback=self.feedback,
            writer=GenerativeNodes(self.chain, self.clock),
            summaries=self.summaries,
            panel=PanelPublisher(self.channel, self.publish_failed.append),
            clock=self.clock,
            wait=self.clock.pass_ms,
        )
        return summarise_call(event, ports)


@pytest.fixture
def desk() -> Iterator[Any]:
    made: list[Desk] = []

    def make(text: str = "", error: Exception | None = None) -> Desk:
        clock = TurnedClock()
        writes = ScriptedGenerator(clock, text, error=error) if text or error else None
        made.append(Desk(writes, clock))
        return made[-1]

    yield make
    for each in made:
        each.chain.close()


def lease_until(ms: float) -> Lease:
    return Lease(TENANT, CONTACT_ID, "worker", 1, int(ms))


def test_without_a_provider_it_is_quoted_and_says_so(desk: Any) -> None:
    at = desk()
    made = at.summarise()
    assert made.origin is Origin.QUOTED and made.model == "" and made.version == 1 and made.through_seq == 4
    assert made.lines == (
        SummaryLine(SummaryPart.REASON, "I want to close my account over the monthly fees.", ("u3",)),
        SummaryLine(SummaryPart.OUTCOME, "I have waived the monthly fee for you.", ("u4",)),
    )
    assert [(each.kind, each.seq, each.at_ms) for each in at.channel.messages] == [(MessageKind.SUMMARY, 1, 19_000)]


def test_a_models_summary_has_a_line_for_each_sentence_with_what_it_rests_on(desk: Any) -> None:
    at = desk(WRITTEN)
    at.calls.all_items[(TENANT, CONTACT_ID)] = [ChecklistItem("duties", "recap", "Sum up", "missed")]
    made = at.summarise()
    assert made.origin is Origin.MODEL and made.model == "a-model"
    assert made.lines == (
        SummaryLine(SummaryPart.OVERVIEW, "The customer wanted to close the account.", ("u3",)),
        SummaryLine(SummaryPart.OVERVIEW, "The agent waived the monthly fee.", ("u4",)),
        SummaryLine(SummaryPart.MISSED, "Sum up"),
        SummaryLine(SummaryPart.OUTCOME, "I have waived the monthly fee for you.", ("u4",)),
    )


def test_lines_that_a_model_has_labelled_are_parts_of_the_summary_and_how_it_ended_comes_last(desk: Any) -> None:
    text = (
        "Outcome: The agent waived the monthly fee [4].\n"
        "Reason: The customer wanted to close the account over the monthly fees [3]."
    )
    made = desk(wrote(text, 3, 4)).summarise()
    assert [(line.part, line.rests_on) for line in made.lines] == [
        (SummaryPart.REASON, ("u3",)),
        (SummaryPart.OUTCOME, ("u4",)),
    ]
    assert made.lines[0].text == "The customer wanted to close the account over the monthly fees."


@pytest.mark.parametrize(
    "wrong",
    [
        "The customer waived the monthly fee [4].",
        "The customer does not want to close the account over the monthly fees [3].",
    ],
    ids=["the other speaker", "a not that nobody spoke"],
)
def test_a_sentence_that_contradicts_what_it_cites_is_left_out(desk: Any, wrong: str) -> None:
    made = desk(wrote(f"{wrong} The agent waived the monthly fee [4].", 3, 4)).summarise()
    assert made.origin is Origin.MODEL
    assert [line.text for line in made.lines if line.part is SummaryPart.OVERVIEW] == [
        "The agent waived the monthly fee."
    ]
    assert desk(wrote(wrong, 3, 4)).summarise().origin is Origin.QUOTED


def test_a_sentence_without_a_mark_of_its_own_rests_on_what_the_text_cites(desk: Any) -> None:
    made = desk(UNMARKED).summarise()
    (written,) = (line for line in made.lines if line.part is SummaryPart.OVERVIEW)
    assert written.rests_on == ("u3",)


def test_what_a_model_makes_up_is_left_out_and_nothing_left_is_quoted(desk: Any) -> None:
    at = desk(wrote("The agent promised a refund of 900 dollars [4]. See evil.com [3].", 3, 4))
    assert at.summarise().origin is Origin.QUOTED


def test_a_provider_that_fails_leaves_the_quoted_one(desk: Any) -> None:
    assert desk(error=CutOff("broke")).summarise().origin is Origin.QUOTED


def test_while_a_worker_still_transcribes_no_model_is_paid_and_the_rest_follows(desk: Any) -> None:
    at = desk(WRITTEN)
    at.lease = lease_until(at.clock.now_ms() + 10_000)
    assert at.summarise().origin is Origin.QUOTED and not at.generator.asked
    at.lease = replace(at.lease, is_released=True)
    made = at.summarise()
    assert (made.origin, made.version) == (Origin.MODEL, 2)
    assert at.summarise() is None and len(at.generator.asked) == 1


def test_a_worker_that_died_holds_nothing_up(desk: Any) -> None:
    at = desk(WRITTEN)
    at.lease = lease_until(at.clock.now_ms() - 1)
    assert at.summarise().origin is Origin.MODEL


def test_the_same_again_is_neither_stored_nor_published_twice(desk: Any) -> None:
    at = desk()
    at.summarise()
    assert at.summarise() is None and len(at.channel.messages) == 1


def test_guidance_on_the_last_words_is_waited_for_and_not_for_ever(desk: Any) -> None:
    at = desk()
    at.calls.behind = 2
    began = at.clock.now_ms()
    assert at.summarise() is not None and at.clock.now_ms() - began == 2_000
    late = desk()
    late.calls.behind = 99
    began = late.clock.now_ms()
    assert late.summarise() is not None and late.clock.now_ms() - began == 5_000


def test_a_channel_that_is_down_loses_no_summary(desk: Any) -> None:
    at = desk()
    at.channel.go_down()
    assert at.summarise() == at.stored and at.publish_failed == ["summary"]


def test_there_is_none_of_a_call_that_is_empty_or_unknown(desk: Any) -> None:
    silent, unknown = desk(), desk()
    silent.calls.all_utterances = []
    unknown.contacts = ContactsInMemory()
    assert silent.summarise() is None and unknown.summarise() is None
    assert not silent.channel.messages and not unknown.channel.messages


def test_quoted_lines_name_moments_once_what_was_done_and_what_is_open() -> None:
    leave = {"title": "May leave"}
    offer = noted(AnnotationKind.ACTION, "offer", "u3", title="Offer to waive the fee")
    shown = noted(AnnotationKind.ACTION, "slow_down", "u1", title="You speak fast")
    greet = noted(AnnotationKind.ACTION, "greet", "u1", title="Say your name")
    call = Call(
        said(*TURNS),
        [
            noted(AnnotationKind.MOMENT, "cancel_risk", "u3", **leave),
            noted(AnnotationKind.MOMENT, "cancel_risk", "u2", seq=2, **leave),
            noted(AnnotationKind.MOMENT, "sentiment_negative", "u3"),
            offer,
            shown,
            greet,
            noted(AnnotationKind.ACTION, "greet", "u4", seq=9, title="Say your name", withdraws=greet.id),
        ],
        [ChecklistItem("d", "recap", "Sum up", "open"), ChecklistItem("d", "greeting", "Greet", "done", "u1")],
        followed={offer.id},
    )
    written = [(line.part, line.text, line.rests_on) for line in extracted(call)]
    assert written[1:4] == [
        (SummaryPart.MOMENT, "May leave", ("u2", "u3")),
        (SummaryPart.DONE, "Offer to waive the fee", ("u3",)),
        (SummaryPart.DONE, "Say your name", ("u4",)),
    ]
    assert written[-2] == (SummaryPart.OPEN, "Sum up", ()) and "You speak fast" not in str(written)
    assert written[-1][0] is SummaryPart.OUTCOME


def moment(name: str, seq: int, severity: str = "info", **show: Any) -> Annotation:
    return replace(noted(AnnotationKind.MOMENT, name, "u3", seq=seq, title=name, **show), severity=severity)


def test_of_many_moments_the_gravest_are_kept_in_the_order_of_the_call_and_how_it_ended_always() -> None:
    light = [moment(f"light {number}", number) for number in range(1, 7)]
    later = [moment("stays", 7, outcome=True), moment("grave", 8, "high"), moment("medium", 9, "medium")]
    amount = moment("amount", 10, "high", fact=True)  # nothing that happened
    lines = extracted(Call(said(*TURNS), [*light, *later, amount]))
    assert [line.text for line in lines if line.part is SummaryPart.MOMENT] == [
        *[f"light {number}" for number in range(1, 5)],
        "grave",
        "medium",
        "stays",
    ]
    assert lines[-1].part is SummaryPart.OUTCOME


def test_what_was_done_has_words_of_its_own_and_an_article_is_not_done() -> None:
    cited = [{"article": "fees", "title": "Fees", "quote": "One fee."}]
    offer = noted(AnnotationKind.ACTION, "offer", "u3", title="Offer it", done_text="Offered it", citations=cited)
    article = noted(AnnotationKind.ACTION, "answer", "u3", seq=2, title="How to close an account", citations=cited)
    call = Call(said(*TURNS), [offer, article], followed={offer.id, article.id})
    assert [line.text for line in extracted(call) if line.part is SummaryPart.DONE] == ["Offered it"]


@pytest.mark.parametrize(("because", "done"), [("done", ["Offer"]), ("replaced", []), (None, ["Offer"])])
def test_a_card_that_another_one_replaced_was_not_done(because: str | None, done: list[str]) -> None:
    offer = noted(AnnotationKind.ACTION, "offer", "u3", title="Offer")
    reason = {"because": because} if because else {}
    gone = noted(AnnotationKind.ACTION, "offer", "u4", seq=9, title="Offer", withdraws=offer.id, **reason)
    lines = extracted(Call(said(*TURNS), [offer, gone]))
    assert [line.text for line in lines if line.part is SummaryPart.DONE] == done


def test_what_was_missed_is_not_left_open() -> None:
    items = [ChecklistItem("d", name, name.capitalize(), name) for name in ("open", "missed", "done")]
    lines = extracted(Call(said(*TURNS), checklist=items))
    assert [(line.part, line.text) for line in lines if not line.rests_on] == [
        (SummaryPart.OPEN, "Open"),
        (SummaryPart.MISSED, "Missed"),
    ]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Great. Please call me before you do any other work.", "Please call me before you do any other work."),
        ("Text me when the car is ready, and do not fix anything else.",) * 2,
        ("Bitte schicken Sie mir den Vertrag mit der Post.",) * 2,
        ("Yes, please.", None),
        ("Can you please refund that fee to my account?", None),
        ("Could you hold on a moment please, somebody is at the door.", None),
        ("I do not like the monthly fee at all.", None),
    ],
)
def test_what_the_customer_asked_for_is_in_the_summary(text: str, asked: str | None) -> None:
    lines = extracted(Call(said(*TURNS, ("customer", text))))
    assert [line.text for line in lines if line.part is SummaryPart.REQUEST] == ([asked] if asked else [])


def test_only_acknowledged_suggestions_count_as_done(desk: Any) -> None:
    at = desk()
    at.calls.all_annotations = [
        noted(AnnotationKind.ACTION, name, "u3", seq=seq, title=name)
        for seq, name in enumerate(("followed", "dismissed"), 1)
    ]
    for each, response in zip(
        at.calls.all_annotations, (FeedbackAction.ACKNOWLEDGED, FeedbackAction.DISMISSED), strict=True
    ):
        at.feedback.record(FeedbackEntry(TENANT, CONTACT_ID, each.id, "ann", response, 1.0))
    assert [line.text for line in at.summarise().lines if line.part is SummaryPart.DONE] == ["followed"]


@pytest.mark.parametrize("order", list(permutations([ENDED, COMPLETED, ENDED, COMPLETED])))
def test_events_that_come_twice_and_in_any_order_make_one_summary(desk: Any, order: tuple[Event, ...]) -> None:
    at = desk(WRITTEN)
    made = [at.summarise(event) for event in order]
    assert [each is not None for each in made] == [True, False, False, False]
    assert at.stored.origin is Origin.MODEL and at.stored.version == 1 and len(at.channel.messages) == 1


@pytest.mark.parametrize("order", [(ENDED, COMPLETED), (COMPLETED, ENDED)])
def test_what_comes_while_a_worker_still_holds_the_lease_is_replaced_by_what_comes_after_it(
    desk: Any, order: tuple[Event, Event]
) -> None:
    at = desk(WRITTEN)
    at.lease = lease_until(at.clock.now_ms() + 10_000)
    first = at.summarise(order[0])
    at.lease = None
    second = at.summarise(order[1])
    assert (first.origin, second.origin, second.version) == (Origin.QUOTED, Origin.MODEL, 2)


def test_of_a_call_that_may_not_stay_nothing_is_summarised(desk: Any) -> None:
    at = desk(WRITTEN)
    refused = ConsentDecision(False, "customer_refused", drop_kept=True)
    at.consents.record(
        record_of(refused, tenant=TENANT, contact_id=CONTACT_ID, decided_at_ms=5, speaker=Speaker.CUSTOMER)
    )
    assert at.summarise() is None and at.stored is None and at.channel.messages == []


def test_a_refusal_while_a_model_writes_keeps_its_summary_out_of_the_table(desk: Any) -> None:
    at = desk(WRITTEN)
    refused = ConsentDecision(False, "customer_refused", drop_kept=True)
    record = record_of(refused, tenant=TENANT, contact_id=CONTACT_ID, decided_at_ms=5, speaker=Speaker.CUSTOMER)
    looks: list[None] = []

    def latest(tenant: str, contact_id: str) -> ConsentRecord | None:
        looks.append(None)
        return record if len(looks) > 1 else None

    at.consents.latest = latest
    assert at.summarise() is None and at.stored is None and len(looks) == 2
