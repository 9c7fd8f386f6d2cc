"""Why a worker's run ended."""

from __future__ import annotations

from collections.abc import Iterator

from sotto.consent.gate import RecordingRefused
from sotto.transcription.lease.lease import LeaseLost


def cause_of(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Of everything that its tasks raised: being killed, else being superseded, else the first error."""
    errors = list(_leaves(group))
    killed = (error for error in errors if not isinstance(error, Exception))
    superseded = (error for error in errors if isinstance(error, LeaseLost))
    return next(killed, None) or next(superseded, None) or errors[0]


def withdrawal_in(group: BaseExceptionGroup[BaseException]) -> RecordingRefused | None:
    """The refusal among what ended a run; other errors of the same moment do not matter any more."""
    return next((error for error in _leaves(group) if isinstance(error, RecordingRefused)), None)


def _leaves(group: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _leaves(error)
        else:
            yield error
