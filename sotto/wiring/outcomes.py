"""What was made of a call, from where each subject keeps its part of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sotto.call.after_call_work import AfterCallWork
from sotto.call.contact import Contact
from sotto.call.outcome import CallOutcome, FormScore
from sotto.call.summary import CallSummary
from sotto.guidance.deliver import Conversation
from sotto.scorecards.evaluation import Appeal, Evaluation, Kind, standing
from sotto.tenants.book import BookReader


class _Summaries(Protocol):
    def summary(self, tenant: str, contact_id: str) -> CallSummary | None: ...


class _Work(Protocol):
    def work(self, tenant: str, contact_id: str) -> AfterCallWork | None: ...


class _Conversations(Protocol):
    def conversation(self, tenant: str, contact_id: str) -> Conversation | None: ...


class _Evaluations(Protocol):
    def versions(self, tenant: str, contact_id: str, form: str) -> Sequence[Evaluation]: ...

    def appeal(self, tenant: str, contact_id: str, form: str) -> Appeal | None: ...


@dataclass(frozen=True, slots=True)
class StoredOutcomes:
    """An OutcomeReader."""

    summaries: _Summaries
    work: _Work
    conversations: _Conversations
    books: BookReader
    evaluations: _Evaluations

    def outcome(self, contact: Contact) -> CallOutcome:
        about = (contact.tenant, contact.contact_id)
        summary, work = self.summaries.summary(*about), self.work.work(*about)
        conversation = self.conversations.conversation(*about)
        code, is_chosen = _disposition(work)
        return CallOutcome(
            summary=tuple(line.text for line in summary.lines) if summary else (),
            disposition=code,
            is_chosen=is_chosen,
            scores=tuple(self._scores(contact)),
            moments=tuple(sorted(name for name, each in conversation.state.moments.items() if each))
            if conversation
            else (),
        )

    def _scores(self, contact: Contact) -> list[FormScore]:
        """By the forms that the tenant has now."""
        found = []
        for form in self.books.current(contact.tenant).scorecards:
            stands = standing(self.evaluations.versions(contact.tenant, contact.contact_id, form.name))
            if stands is not None:
                appeal = self.evaluations.appeal(contact.tenant, contact.contact_id, form.name)
                found.append(
                    FormScore(
                        form.name,
                        stands.total.percentage,
                        by_person=stands.kind is not Kind.MACHINE,
                        has_failed=stands.total.automatic_fail,
                        determined=stands.determined,
                        appealed=appeal is not None and not appeal.decided_version,
                    )
                )
        return found


def _disposition(work: AfterCallWork | None) -> tuple[str, bool]:
    if work is None or work.disposition is None:
        return "", False
    choice = work.disposition.choice
    return (choice.code, True) if choice is not None else (work.disposition.suggested, False)
