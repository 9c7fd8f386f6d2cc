"""What Lambda calls: a handler with the Sotto of its process, traced and measured.

A handler is one sentence over ``sotto``; around it, its trace is joined to the contact's, its metrics are written, and
what it fails with quotes no call.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import partial, update_wrapper
from typing import Any

from sotto.aws.snap_start import before_snapshot
from sotto.aws.xray import TraceHeader
from sotto.core.built import Builds, built
from sotto.core.errors import SottoError
from sotto.core.function_spec import FunctionSpec
from sotto.core.settings import Settings, Tracing
from sotto.wiring.sotto import Sotto
from sotto.wiring.unquoted import unquoted


class HandlerFailed(SottoError):
    """Something failed that nobody foresaw. Lambda writes an exception's message to the log, and Step Functions to its
    history: such a message may hold whatever the code was looking at, so this one says only what failed, and where."""


Handler = Callable[[Any, Any], Any]
Handle = Callable[[Any, Any, Sotto], Any]
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


class EntryPoint(Builds):
    """``handle(event, context, sotto)`` as Lambda wants it, with the Sotto of this process's environment, made when the
    first event comes: to import a handler touches neither network nor environment."""

    def __init__(self, spec: FunctionSpec, handle: Handle, ready: Callable[[Sotto], object] | None = None) -> None:
        super().__init__()
        self.spec = spec
        self.handle = handle
        self._ready = ready
        update_wrapper(self, handle)
        if ready is not None and spec.snap_start:
            before_snapshot(self.prepare)

    def __call__(self, event: Any, context: Any) -> Any:
        return self._of_process(event, context)

    def prepare(self) -> None:
        """Build what the first event would have to wait for, and ask nobody for anything: for a snapshot. Raises
        MissingSetting."""
        if self._ready is not None:
            self._ready(self._sotto_of_process)

    def started(self, environment: Mapping[str, str], **given: Any) -> Handler:
        """Before the first event is handled: raises MissingSetting with all that the function should have been told.
        ``given``: to its Sotto, instead of building it."""
        return self.within(self._sotto(environment, **given))

    def within(self, sotto: Sotto) -> Handler:

        def observed(event: Any, context: Any) -> Any:
            try:
                with _traced(event, sotto):
                    return self.handle(event, context, sotto)
            except SottoError as error:
                # Its message is ours and quotes nothing; what it was raised from may.
                error.__cause__ = error.__context__ = None
                raise
            except Exception as error:
                raise HandlerFailed(unquoted(error)).with_traceback(error.__traceback__) from None
            finally:
                with suppress(Exception):  # or it would hide what became of the invocation
                    sotto.metrics.flush()

        return observed

    def _sotto(self, environment: Mapping[str, str], **given: Any) -> Sotto:
        settings = Settings(environment)
        self.spec.check(settings)
        return Sotto(settings, **given)

    @built
    def _sotto_of_process(self) -> Sotto:
        return self._sotto(os.environ)

    @built
    def _of_process(self) -> Handler:
        return self.within(self._sotto_of_process)


def entry_point(
    spec: FunctionSpec, *, ready: Callable[[Sotto], object] | None = None
) -> Callable[[Handle], EntryPoint]:
    """``ready``: what ``handle`` will use of its Sotto, built before a snapshot is taken."""
    return partial(EntryPoint, spec, ready=ready)


def _traced(event: Any, sotto: Sotto) -> AbstractContextManager[None]:
    """Where AWS X-Ray is on."""
    header, contact_id = TraceHeader.parsed(sotto.settings.of(Tracing).header), contact_of(event)
    if header is None or contact_id is None or sotto.tracer is None:
        return nullcontext()
    return sotto.tracer.subsegment("handler", header, {CONTACT: trace_key(contact_id)})


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
