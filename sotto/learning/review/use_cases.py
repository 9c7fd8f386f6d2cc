"""Reviewers at work: what they are shown next, and what their answer does. Who is a reviewer, the API asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sotto.core.audit import AuditAction, AuditEntry, AuditLog, contact_record
from sotto.core.clock import Clock
from sotto.core.errors import Rejected
from sotto.learning.example import NONE_OF_THESE, Example, ExampleState, Vote
from sotto.learning.gaps.ports import NewIntents
from sotto.learning.ports import ExampleStore, ReviewerStore
from sotto.learning.review.votes import Reviewer, decided, gold_question, is_gold_turn, queue_for, with_vote
from sotto.tenants.book import BookReader

MOST_OPEN = 500
MOST_DECIDED = 5_000
MOST_AT_A_VOTE = 1_000
"""Reconsidered while a reviewer waits; the next training run reconsiders the rest."""
MOST_KNOWN = 200
"""Accepted examples of which gold questions are made."""
MOST_AT_ONCE = 50


class NoSuchExample(Rejected):
    """There is no such example, or no longer: it is erased, or its time is over."""


class UnknownLabel(Rejected):
    """The tenant's models know no such label."""


@dataclass(frozen=True, slots=True)
class ExampleReviewPorts:
    examples: ExampleStore
    reviewers: ReviewerStore
    books: BookReader
    audit: AuditLog
    clock: Clock
    new_intents: NewIntents


def labels_of(tenant: str, books: BookReader, new_intents: NewIntents) -> tuple[str, ...]:
    """Those of the tenant's models, as its book has them, and those that people accepted since. Raises Retryable."""
    models = books.current(tenant).models.values()
    known = dict.fromkeys(label for model in models if model.task == "intent" for label in model.labels)
    return (*dict.fromkeys((*known, *new_intents.names(tenant))), NONE_OF_THESE)


def next_examples(tenant: str, who: str, limit: int, ports: ExampleReviewPorts) -> list[Example]:
    """What a reviewer looks at next; among them, now and then, one whose answer is known. That a call's words were read
    is in the audit log before they are shown. Raises Retryable."""
    reviewer = ports.reviewers.reviewer(tenant, who)
    waiting = ports.examples.examples(tenant, ExampleState.OPEN, MOST_OPEN)
    shown = queue_for(who, waiting, min(limit, MOST_AT_ONCE))
    known = ports.examples.examples(tenant, ExampleState.ACCEPTED, MOST_KNOWN)
    answered = len(reviewer.gold) + sum(any(vote.reviewer == who for vote in each.votes) for each in known)
    shown = list(_with_gold(shown, reviewer, known, answered, labels_of(tenant, ports.books, ports.new_intents)))[
        : max(limit, 1)
    ]
    now_ms = int(ports.clock.now_ms())
    for contact_id in dict.fromkeys(each.contact_id for each in shown):
        ports.audit.append(AuditEntry(tenant, who, AuditAction.LOOKED_INTO, contact_record(contact_id), now_ms))
    return shown


def vote(tenant: str, who: str, contact_id: str, utterance_id: str, label: str, ports: ExampleReviewPorts) -> Example:
    """``label``: what it is; empty where it is an example of nothing. Answers with the example as the reviewer may see
    it: a gold question looks like any other. Raises NoSuchExample, UnknownLabel, NotAllowed and Retryable."""
    if label and label not in labels_of(tenant, ports.books, ports.new_intents):
        raise UnknownLabel("label: the tenant's models know no such label")
    known = ports.examples.example(tenant, contact_id, utterance_id)
    if known is None:
        raise NoSuchExample("example: there is none, or no longer")
    now_ms = int(ports.clock.now_ms())
    if known.state is ExampleState.ACCEPTED and all(each.reviewer != who for each in known.votes):
        return _gold_answered(known, who, label, now_ms, ports)
    needed = ports.books.current(tenant).settings.learning.reviewers
    changed = with_vote(known, Vote(who, label, now_ms), needed=needed, distrusted=distrusted(tenant, ports.reviewers))
    record = f"{contact_record(contact_id)}/example"
    ports.audit.append(AuditEntry(tenant, who, AuditAction.EXAMPLE_JUDGED, record, now_ms))
    return ports.examples.put(replace(changed, version=known.version + 1))


def withdraw_vote(tenant: str, who: str, contact_id: str, utterance_id: str, ports: ExampleReviewPorts) -> Example:
    """The reviewer pressed the wrong key: as if they had not answered. Of a gold question the first answer stands, and
    this looks like any other. Raises NoSuchExample and Retryable."""
    known = ports.examples.example(tenant, contact_id, utterance_id)
    if known is None:
        raise NoSuchExample("example: there is none, or no longer")
    if all(each.reviewer != who for each in known.votes):
        return replace(known, state=ExampleState.OPEN, label="", votes=())
    others = replace(known, votes=tuple(each for each in known.votes if each.reviewer != who))
    needed = ports.books.current(tenant).settings.learning.reviewers
    now = decided(others, needed=needed, distrusted=distrusted(tenant, ports.reviewers))
    record = f"{contact_record(contact_id)}/example"
    ports.audit.append(AuditEntry(tenant, who, AuditAction.EXAMPLE_JUDGED, record, int(ports.clock.now_ms())))
    return ports.examples.put(replace(now, version=known.version + 1))


@dataclass(frozen=True, slots=True)
class Reviewing:
    """``waiting``: for this reviewer, as far as was looked. ``needed``: how many people must agree. ``compared``: of
    the latest decided examples, on how many the reviewer and others answered; ``agreed``: on how many of them the
    reviewer had what was decided. Gold questions are in neither."""

    waiting: int
    needed: int
    compared: int
    agreed: int


def reviewing(tenant: str, who: str, ports: ExampleReviewPorts) -> Reviewing:
    """How a reviewer stands. Raises Retryable."""
    waiting = queue_for(who, ports.examples.examples(tenant, ExampleState.OPEN, MOST_OPEN), MOST_OPEN)
    compared = agreed = 0
    for state in (ExampleState.ACCEPTED, ExampleState.REJECTED):
        for each in ports.examples.examples(tenant, state, MOST_KNOWN):
            mine = next((vote for vote in each.votes if vote.reviewer == who), None)
            if mine is not None and len(each.votes) > 1:
                compared += 1
                agreed += mine.label == each.label
    needed = ports.books.current(tenant).settings.learning.reviewers
    return Reviewing(len(waiting), needed, compared, agreed)


def _gold_answered(known: Example, who: str, label: str, now_ms: int, ports: ExampleReviewPorts) -> Example:
    """Nothing of the example changes. Who loses trust by it is no longer counted, where they were counted before."""
    before = ports.reviewers.reviewer(known.tenant, who)
    after = ports.reviewers.answered_gold(known.tenant, who, known.id, label == known.label, now_ms)
    if before.is_trusted and not after.is_trusted:
        reconsider(known.tenant, ports, MOST_AT_A_VOTE)
    return replace(known, state=ExampleState.OPEN, label="", votes=(Vote(who, label, now_ms),))


def reconsider(tenant: str, ports: ExampleReviewPorts, most: int = MOST_DECIDED) -> int:
    """Settle every example anew by the votes of those who are trusted; how many changed. What is no longer agreed on
    waits again. Raises Retryable."""
    needed, out = ports.books.current(tenant).settings.learning.reviewers, distrusted(tenant, ports.reviewers)
    changed = 0
    for state in (ExampleState.ACCEPTED, ExampleState.REJECTED):
        for each in ports.examples.examples(tenant, state, most):
            now = decided(each, needed=needed, distrusted=out)
            if (now.state, now.label) != (each.state, each.label):
                ports.examples.put(replace(now, version=each.version + 1))
                changed += 1
    return changed


def distrusted(tenant: str, reviewers: ReviewerStore) -> frozenset[str]:
    return frozenset(each.name for each in reviewers.reviewers(tenant) if not each.is_trusted)


def standing(tenant: str, ports: ExampleReviewPorts) -> dict[str, int]:
    """How many examples there are of each state."""
    return {state.value: len(ports.examples.examples(tenant, state, MOST_DECIDED)) for state in ExampleState}


def _with_gold(
    shown: Sequence[Example], reviewer: Reviewer, known: Sequence[Example], answered: int, labels: Sequence[str]
) -> Iterator[Example]:
    """Each question at its turn, none of them twice."""
    for place, each in enumerate(shown):
        if is_gold_turn(reviewer.name, answered + place):
            question = gold_question(reviewer, known, labels)
            if question is not None:
                reviewer = reviewer.with_gold(question.id, True)
                yield question
        yield each
