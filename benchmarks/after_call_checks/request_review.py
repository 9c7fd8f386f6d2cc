"""One review, closed once when its time is over."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.after_call_checks import Seen
from sotto.call.events import ReviewClosed
from sotto.call.review import ReviewState


def problems(seen: Seen) -> Iterator[str]:
    review = seen.sotto.reviews.review(seen.tenant, seen.contact_id)
    closed = seen.numbers(ReviewClosed)
    if review is None:
        yield "lost: no review waits"
    elif review.is_waiting and closed:
        yield "double: a review that waits was announced as closed"
    elif not review.is_waiting and (review.state, closed) != (ReviewState.ACCEPTED, [review.version]):
        yield f"{'double' if len(closed) > 1 else 'lost'}: review closed {len(closed)} times"
