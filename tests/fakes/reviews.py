"""Reviews and the tasks that wait for them, in memory."""

from __future__ import annotations

from dataclasses import dataclass, field

from sotto.after_call.review.reviews import ReviewChanged
from sotto.aws import keys
from sotto.call.events import Event
from sotto.call.review import Review, ReviewState


@dataclass
class ReviewsInMemory:
    """A Reviews."""

    stored: dict[str, Review] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def review(self, tenant: str, contact_id: str) -> Review | None:
        return self.stored.get(keys.of_contact(tenant, contact_id))

    def replace(self, review: Review, *, expected_version: int, event: Event | None = None) -> None:
        known = self.review(review.tenant, review.contact_id)
        if (known.version if known else 0) != expected_version:
            raise ReviewChanged
        self.stored[keys.of_contact(review.tenant, review.contact_id)] = review
        self.events += [event] if event is not None else []


@dataclass
class TasksInMemory:
    """A ReviewTasks over tokens that the test opens."""

    open: set[str] = field(default_factory=set)
    answered: dict[str, ReviewState] = field(default_factory=dict)
    beats: list[str] = field(default_factory=list)

    def complete(self, token: str, outcome: ReviewState) -> bool:
        if token not in self.open:
            return False
        self.open.discard(token)
        self.answered[token] = outcome
        return True

    def beat(self, token: str) -> bool:
        self.beats += [token] if token in self.open else []
        return token in self.open
