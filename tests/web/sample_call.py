"""A call as its guidance reaches the panel, told step by step: stored first, then published, as the functions do."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any, Protocol

from sotto.after_call.extract import extracted
from sotto.after_call.stored_call import stored_call
from sotto.aws import keys
from sotto.call.after_call_work import AfterCallWork, Disposition, StepOutcome, StepProgress
from sotto.call.annotation import Annotation, AnnotationKind, Checklist, ChecklistItem, Evidence
from sotto.call.contact import Contact, ContactStatus, Speaker
from sotto.call.filing import FiledCall
from sotto.call.summary import CallSummary, Origin, SummaryLine
from sotto.call.utterance import PrivateSpan, Utterance
from sotto.guidance.conversation import ConversationState, Occurrence
from sotto.guidance.deliver import Conversation
from sotto.knowledge.answers import KnowledgeAnswer
from sotto.realtime.channel import (
    AgentAssignment,
    AssignmentState,
    Health,
    PanelChannel,
    after_call_message,
    annotation_message,
    checklist_message,
    contact_message,
    health_message,
    summary_message,
    utterance_message,
)
from sotto.tenants.articles import Article
from tests.fakes.call_records import FeedbackInMemory
from tests.fakes.conversations import ConversationsInMemory
from tests.fakes.desk import Desk, KnowledgeInMemory


class Serving(Protocol):
    desk: Desk
    conversations: ConversationsInMemory
    feedback: FeedbackInMemory
    knowledge: KnowledgeInMemory

    @property
    def channel(self) -> PanelChannel: ...


CHECKLIST = {
    "greeting": "Greet and say your name",
    "recording_disclosure": "Say that the call is recorded",
    "identity_check": "Check who is calling",
    "recap": "Sum up what was agreed",
    "offer_help_further": "Ask whether anything else is open",
}

STAGES = {"redact": 3.1, "store": 11.7, "dispatch": 14.2, "plan": 4.4, "infer": 28.9, "guide": 4.3}


class SampleCall:
    def __init__(self, serving: Serving, contact_id: str = "7c1f0a9e-call", agent: str = "maria") -> None:
        self._serving = serving
        self.contact = Contact(
            tenant="harbour_bank",
            contact_id=contact_id,
            instance_arn="arn:aws:connect:eu-west-2:111122223333:instance/harbour",
            stream_arn="arn:aws:kinesisvideo:eu-west-2:111122223333:stream/calls/1",
            media_started_at_ms=int(time.time() * 1000),
            queue="Retention",
            agent=agent,
            team="retention",
            status=ContactStatus.CONNECTED,
            version=1,
        )
        self.now_ms = 0
        self._tasks = {name: ChecklistItem("conduct", name, title, "open") for name, title in CHECKLIST.items()}
        self._checklist_version = 0

    @property
    def key(self) -> tuple[str, str]:
        return (self.contact.tenant, self.contact.contact_id)

    def begin(self) -> None:
        self._serving.conversations.all_contacts.append(self.contact)
        self._serving.channel.assign(
            [AgentAssignment(self.contact.agent or "", AssignmentState.ASSIGNED, self.contact)]
        )
        self._publish_checklist()

    def end(self) -> None:
        contacts = self._serving.conversations.all_contacts
        ended = replace(self.contact, status=ContactStatus.ENDED)
        contacts[contacts.index(self.contact)] = ended
        self.contact = ended
        self._serving.channel.publish([contact_message(ended, at_ms=self.now_ms)])

    def sum_up(self, *written: SummaryLine) -> None:
        """As summarise_call does: out of what is stored, or in a model's words."""
        desk = self._serving.desk
        known = desk.summaries.summary(*self.key)
        lines = written or extracted(stored_call(self.contact, desk.conversations, desk.feedback))
        summary = CallSummary(
            *self.key,
            lines=lines,
            origin=Origin.MODEL if written else Origin.QUOTED,
            model="house-writer-8b" if written else "",
            through_seq=len(desk.conversations.all_utterances),
            made_at_ms=int(time.time() * 1000),
            made_at_call_ms=self.now_ms,
            version=1 + (known.version if known else 0),
        )
        desk.summaries.summaries[self.key] = summary
        self._serving.channel.publish([summary_message(summary)])

    def works(self, steps: dict[str, StepOutcome], disposition: Disposition | None = None) -> None:
        """As track_after_call and suggest_disposition do."""
        records = self._serving.desk.after_call
        known = records.work(*self.key) or AfterCallWork(*self.key)
        progress = tuple(StepProgress(step, outcome, 1) for step, outcome in steps.items())
        work = replace(known, steps=progress, disposition=disposition, version=known.version + 1)
        records.replace(work, expected_version=known.version)
        self._serving.channel.publish([after_call_message(work, at_ms=self.now_ms)])

    def files(self, *filed: FiledCall) -> None:
        """As file_conversation does."""
        records = self._serving.desk.after_call
        known = records.work(*self.key) or AfterCallWork(*self.key)
        work = replace(known, filed=filed, version=known.version + 1)
        records.replace(work, expected_version=known.version)
        self._serving.channel.publish([after_call_message(work, at_ms=self.now_ms)])

    def publishes(self, article: Article) -> None:
        self._serving.desk.books.publish_articles(self.contact.tenant, article)

    def transfer(self, agent: str) -> None:
        """To another agent; the one who had it is told and hears nothing more."""
        contacts, before = self._serving.conversations.all_contacts, self.contact
        self.contact = replace(before, agent=agent, version=before.version + 1)
        contacts[contacts.index(before)] = self.contact
        released = AgentAssignment(before.agent or "", AssignmentState.RELEASED, self.contact)
        self._serving.channel.assign([released, AgentAssignment(agent, AssignmentState.ASSIGNED, self.contact)])

    def murmur(self, speaker: str, text: str, *, start_ms: int) -> None:
        """An interim."""
        self._serving.channel.publish([utterance_message(self._utterance(speaker, text, start_ms), at_ms=self.now_ms)])

    def say(self, speaker: str, text: str, *, start_ms: int, publish: bool = True, private: str = "") -> Utterance:
        utterances = self._serving.conversations.all_utterances
        seq = 1 + sum(each.contact_id == self.contact.contact_id for each in utterances)
        said = replace(self._utterance(speaker, text, start_ms, private), seq=seq, is_final=True)
        self.now_ms = max(self.now_ms, said.end_ms)
        utterances.append(said)
        if publish:
            self._serving.channel.publish([utterance_message(said, at_ms=self.now_ms)])
        return said

    def note(
        self, kind: AnnotationKind, name: str, on: Utterance, *, publish: bool = True, words: str = "", **given: Any
    ) -> str:
        """A moment or an action that rests on ``words`` of an utterance."""
        annotations = self._serving.conversations.all_annotations
        seq = 1 + sum(each.contact_id == self.contact.contact_id for each in annotations)
        start = on.text.find(words) if words else -1
        evidence = Evidence(on.id, start, start + len(words)) if start >= 0 else Evidence(on.id)
        noted = Annotation(
            *self.key,
            id=f"{name}-{seq}",
            seq=seq,
            kind=kind,
            name=name,
            at_ms=self.now_ms,
            utterance_id=on.id,
            confidence=given.pop("confidence", 0.91),
            severity=given.pop("severity", "info"),
            stages_ms=given.pop("stages_ms", STAGES | {"decided_at_ms": time.time() * 1000}),
            show=given,
            evidence=(evidence,),
            model="intent",
            policy="retention-calls@7",
            playbook="harbour_bank@12",
            latency_ms=66.6,
        )
        annotations.append(noted)
        self._remember()
        if publish:
            self._serving.channel.publish([annotation_message(noted, at_ms=self.now_ms)])
        return noted.id

    def tick(self, name: str, state: str = "done") -> None:
        self._tasks[name] = replace(self._tasks[name], state=state)
        self._publish_checklist()

    def health(self, health: Health) -> None:
        self._serving.channel.publish([health_message(*self.key, health, at_ms=self.now_ms)])

    def knows(self, *answers: KnowledgeAnswer) -> None:
        self._serving.knowledge.answers[:] = answers

    def _publish_checklist(self) -> None:
        items = tuple(self._tasks.values())
        self._remember()
        self._checklist_version += 1
        message = checklist_message(Checklist(*self.key, items, self._checklist_version, self.now_ms))
        self._serving.channel.publish([message])

    def _remember(self) -> None:
        """As guidance stores what it knows."""
        conversations = self._serving.conversations
        mine = conversations.annotations(*self.key, 0, len(conversations.all_annotations))
        moments: dict[str, tuple[Occurrence, ...]] = {}
        for each in mine:
            if each.kind is AnnotationKind.MOMENT:
                moments[each.name] = (*moments.get(each.name, ()), Occurrence(each.at_ms, each.at_ms))
        items = tuple(self._tasks.values())
        conversations.all_items[self.key] = list(items)
        state = Conversation(ConversationState(*self.key, moments=moments), items)
        conversations.states[keys.of_contact(*self.key)] = state

    def _utterance(self, speaker: str, text: str, start_ms: int, private: str = "") -> Utterance:
        end_ms = start_ms + 55 * len(text)
        start = text.find(private) if private else -1
        spans = (PrivateSpan("card_number", start_ms, end_ms, start, start + len(private)),) if start >= 0 else ()
        return Utterance(
            *self.key,
            id=f"{speaker}-{start_ms}",
            seq=0,
            speaker=Speaker(speaker),
            start_ms=start_ms,
            end_ms=end_ms,
            text=text,
            is_final=False,
            private=spans,
        )


FEES = Article(
    "fees-monthly",
    "Monthly account fee",
    "The Harbour Everyday account costs 12 dollars a month. It is charged on the last business day.\n\n"
    "# When it is waived\n"
    "The fee of 12 dollars is waived in any month with a minimum balance of 1,500 dollars\n"
    "or at least one direct deposit of 500 dollars or more. Students never pay it.\n\n"
    "# How to change it\n"
    "- In the account settings, under Pricing.\n"
    "- <b>Never</b> promise a waiver for longer than a year.\n\n"
    + "\n\n".join(f"Note {number}: the fees of earlier years are kept for reference only." for number in range(1, 30)),
)


def play_cancellation(call: SampleCall) -> None:
    """A customer wants to leave the bank over its fees; the agent is about to answer."""
    call.say("agent", "Thank you for calling Harbour Bank, this is Maria, this call is recorded.", start_ms=900)
    call.tick("greeting")
    call.tick("recording_disclosure")
    call.say("customer", "Hi Maria. I've had enough of the monthly fees, to be honest.", start_ms=6_000)
    hello = call.say("customer", "That is the third time this year that I see twelve dollars gone.", start_ms=9_800)
    call.note(AnnotationKind.MOMENT, "sentiment_negative", hello)
    call.say(
        "agent", "I am sorry to hear that. Could you give me your card number, so that I find you?", start_ms=14_000
    )
    call.say("customer", "It is [CARD NUMBER].", start_ms=19_400, private="[CARD NUMBER]")
    call.tick("identity_check")
    call.say("agent", "Thank you, I can see your account now.", start_ms=22_500)
    leave = call.say("customer", "I want to close my account and move everything to another bank.", start_ms=25_500)
    call.note(AnnotationKind.MOMENT, "cancel_risk", leave, words="close my account", severity="high", title="May leave")
    call.note(AnnotationKind.MOMENT, "sentiment_negative", leave)
    call.note(
        AnnotationKind.ACTION,
        "fee_answer",
        leave,
        severity="low",
        title="When the monthly fee is waived",
        text="No fee with a balance of 1,500 dollars or a monthly deposit of 500 dollars.",
        citations=[
            {
                "article": "fees-monthly",
                "title": "Monthly account fee",
                "quote": "The fee of 12 dollars is waived in any month with a minimum balance of 1,500 dollars "
                "or at least one direct deposit of 500 dollars or more.",
            }
        ],
    )
    call.note(
        AnnotationKind.ACTION, "slow_down", leave, title="You speak fast", text="A little slower is easier to follow."
    )
    call.note(
        AnnotationKind.ACTION,
        "retention_offer",
        leave,
        severity="high",
        title="Offer to waive the fee for a year",
        text="In your team you may decide this yourself.",
        reply="I understand. What if I take the monthly fee off your account for the next twelve months?",
        expires_ms=90_000,
    )
    call.murmur("customer", "unless you can do something about", start_ms=32_000)
