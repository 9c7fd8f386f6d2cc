"""What every function does around its one sentence: its trace is joined to the contact's, its metrics are written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import cache, wraps
from typing import TYPE_CHECKING, Any

from sotto.wiring.process import metrics

if TYPE_CHECKING:
    from aws_lambda_powertools import Tracer

Handler = Callable[[Any, Any], Any]
CONTACT = "contact"
"""The annotation by which a contact's traces are found."""
_PLACES = (
    ("contact_id",),
    ("utterance", "contact_id"),
    ("Details", "ContactData", "ContactId"),
    ("detail", "contactId"),
    ("arguments", "contactId"),
)


def observed(handler: Handler) -> Handler:
    """Traced while AWS X-Ray is on. Metrics are written whatever becomes of the invocation."""

    @wraps(handler)
    def around(event: Any, context: Any) -> Any:
        try:
            with _traced(event):
                return handler(event, context)
        finally:
            with suppress(Exception):  # or it would hide what became of the invocation
                metrics().flush()

    return around


@contextmanager
def _traced(event: Any) -> Iterator[None]:
    with ExitStack() as trace:
        with suppress(Exception):  # a trace is never worth a call
            trace.enter_context(tracer().provider.in_subsegment("## handler"))
            if contact_id := contact_of(event):
                tracer().put_annotation(CONTACT, trace_key(contact_id))
        yield


@cache
def tracer() -> Tracer:
    """Patches nothing: botocore passes the trace on by itself."""
    from aws_lambda_powertools import Tracer

    return Tracer(auto_patch=False)


def contact_of(event: Any) -> str | None:
    """The contact that an event is about, wherever its kind of event has it."""
    for place in _PLACES:
        found = event
        for key in place:
            found = found.get(key) if isinstance(found, Mapping) else None
        if isinstance(found, str) and found:
            return found
    return None


def trace_key(contact_id: str) -> str:
    """Opaque: traces alone lead nobody to a contact, a contact's id leads to its traces."""
    return hashlib.sha256(contact_id.encode()).hexdigest()[:16]
