"""One review, settled once when its time is over."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.after_call_checks import Seen
from sotto.call.events import ReviewSettled
from sotto.call.review import ReviewState


def problems(seen: Seen) -> Iterator[str]:
    review = seen.sotto.reviews.review(seen.tenant, seen.contact_id)
    settled = seen.numbers(ReviewSettled)
    if review is None:
        yield "lost: no review waits"
    elif review.is_waiting and settled:
        yield "double: a review that waits was announced as settled"
    elif not review.is_waiting and (review.state, settled) != (ReviewState.ACCEPTED, [review.version]):
        yield f"{'double' if len(settled) > 1 else 'lost'}: review settled {len(settled)} times"
