"""What every function does around its one sentence: its trace is joined to the contact's, its metrics are written, and
what it fails with quotes no call.
"""

from __future__ import annotations

import hashlib
import os
import traceback
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import wraps
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from sotto.aws.xray import TraceHeader, XRayDaemon
from sotto.core.errors import SottoError
from sotto.core.once import once
from sotto.wiring.process import clock, metrics


class HandlerFailed(SottoError):
    """Something failed that nobody foresaw. Lambda writes an exception's message to the log, and Step Functions to its
    history: such a message may hold whatever the code was looking at, so this one says only what failed, and where."""


Handler = Callable[[Any, Any], Any]
CONTACT = "contact"
"""The annotation by which a contact's traces are found."""
_PLACES = (
    ("contact_id",),
    ("utterance", "contact_id"),
    ("Details", "ContactData", "ContactId"),
    ("detail", "contactId"),
    ("detail", "contact_id"),
    ("arguments", "contactId"),
)


def observed(handler: Handler) -> Handler:
    """Traced where AWS X-Ray is on. Metrics are written whatever becomes of the invocation."""

    @wraps(handler)
    def around(event: Any, context: Any) -> Any:
        try:
            with _traced(event):
                return handler(event, context)
        except SottoError as error:
            # Its message is ours and quotes nothing; what it was raised from may.
            error.__cause__ = error.__context__ = None
            raise
        except Exception as error:
            raise HandlerFailed(_unquoted(error)).with_traceback(error.__traceback__) from None
        finally:
            with suppress(Exception):  # or it would hide what became of the invocation
                metrics().flush()

    return around


def _unquoted(error: Exception) -> str:
    """Which error it is and where it arose, without its message: "invalid literal for int(): 'my card is ...'"."""
    named = type(error).__name__
    if isinstance(error, ClientError):
        named = f"{named} {error.response.get('Error', {}).get('Code', '')} at {error.operation_name}"
    frames = traceback.extract_tb(error.__traceback__)
    return f"{named} in {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else named


def _traced(event: Any) -> AbstractContextManager[None]:
    header = TraceHeader.parsed(os.environ.get("_X_AMZN_TRACE_ID", ""))  # another one with each invocation
    contact_id = contact_of(event)
    to = daemon()
    if header is None or contact_id is None or to is None:
        return nullcontext()
    return to.subsegment("handler", header, {CONTACT: trace_key(contact_id)})


@once
def daemon() -> XRayDaemon | None:
    """None where nobody traces."""
    address = os.environ.get("AWS_XRAY_DAEMON_ADDRESS")
    return XRayDaemon(address, clock()) if address else None


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
