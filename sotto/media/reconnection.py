"""Where the next connection to a contact's media begins, and when there is no use in another one."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from sotto.media.media_source import MediaCause, MediaRefused, MediaStart, MediaUnavailable, StartKind
from sotto.media.mkv.ebml import CutShort, MalformedMedia
from sotto.media.timeline import SampleTimeline

log = logging.getLogger(__name__)

MediaFailure = MediaUnavailable | MediaRefused | MalformedMedia


@dataclass(frozen=True, slots=True)
class ReopeningRules:
    """``start_margin_ms``: a start by time lies so much earlier than what is wanted, because the first fragment may be
    stamped earlier. A failed connection is retried ``retries`` times in a row, first after ``backoff_ms``, then after
    twice as long each time, at most ``max_backoff_ms``.

    Bytes that were malformed ``readings`` times at one place are stored like that: their fragment is left out, but not
    more than ``most_skipped`` in a row, about half a minute, because then something else is wrong. One that cannot be
    named is passed by time, ``skip_ms`` (a little more than a fragment) at a go.
    """

    start_margin_ms: int = 1_000
    retries: int = 8
    backoff_ms: int = 100
    max_backoff_ms: int = 3_000
    readings: int = 2
    most_skipped: int = 30
    skip_ms: int = 1_200


class Reopening:
    """``start`` is where the next connection begins; ``failures`` counts those since the last whole fragment.

    ``skipped`` counts the fragments that were left out because their bytes are malformed wherever they are read from.
    What was received of them stays; the rest of their time becomes silence, like any gap.
    """

    def __init__(self, timeline: SampleTimeline, rules: ReopeningRules, *, by_server: bool = False) -> None:
        """``by_server``: begin by the time at which the service took the media, whatever the producer's clock says."""
        self._timeline = timeline
        self._rules = rules
        self.start = self._by_time()
        if by_server:
            self.start = replace(self.start, kind=StartKind.SERVER_TIMESTAMP)
        self.failures = 0
        self.skipped = 0
        self._malformed = 0
        self._skips = 0

    def fragment_completed(self, continuation_token: str) -> None:
        """A fragment was read to its end for the first time."""
        self.failures = self._malformed = self._skips = 0
        if continuation_token:
            self.start = MediaStart.continuing(continuation_token)

    def ended_in_order(self) -> None:
        """The service closed the connection, as it does after 45 minutes or at the end of the stream."""
        self.failures = 0

    def place_is_gone(self) -> None:
        """The fragment to start from does not exist: begin again where the audio sent so far ends, or behind what was
        left out."""
        self.start = self._past() if self._skips else self._by_time()

    def survive(self, failure: MediaFailure, fragment: str) -> None:
        """After a connection that failed inside this fragment ("" where its number was not read). Raises ``failure``
        when another connection would not help."""
        self.failures += 1
        log.warning("media connection failed", extra={**_problem(failure), "failures": self.failures})
        if isinstance(failure, MalformedMedia):
            self._malformed += 1
            # A connection may always be cut; only bytes that all came and were wrong will be wrong again.
            patience = self._rules.retries if isinstance(failure, CutShort) else self._rules.readings - 1
            if self._malformed > patience:
                self._skip(failure, fragment)
        elif isinstance(failure, MediaRefused):
            if self.start.kind not in (StartKind.CONTINUATION_TOKEN, StartKind.AFTER_FRAGMENT):
                raise failure
            self.place_is_gone()
        elif self.failures > self._rules.retries:
            raise failure

    def wait_ms(self, empty_connections: int) -> int:
        """How long to wait before the next connection."""
        times = max(0, max(self.failures, empty_connections) - 1)
        return min(self._rules.max_backoff_ms, self._rules.backoff_ms << times)

    def _skip(self, failure: MalformedMedia, fragment: str) -> None:
        if self._skips >= self._rules.most_skipped:
            raise failure
        self._skips += 1
        self.skipped += 1
        after = MediaStart.after_fragment(fragment)
        self.start = after if fragment and after != self.start else self._past()
        log.warning("malformed fragment left out", extra={"fragment": fragment, "skipped": self.skipped})

    def _past(self) -> MediaStart:
        return MediaStart.at(self._timeline.reads_from_ms + self._skips * self._rules.skip_ms)

    def _by_time(self) -> MediaStart:
        return MediaStart.at(self._timeline.reads_from_ms - self._rules.start_margin_ms)


def _problem(failure: MediaFailure) -> dict[str, object]:
    """For the log. Messages of services name streams, and a stream's name holds its contact's id: they stay out."""
    cause = MediaCause() if isinstance(failure, MalformedMedia) else failure.cause
    problem: dict[str, object] = {"problem": type(failure).__name__}
    if isinstance(failure, MalformedMedia):
        problem["detail"] = str(failure)  # a rule of the format, and a number of bytes
    if cause.error:
        problem["error"] = cause.error
    if cause.code:
        problem["code"] = cause.code
    if cause.status is not None:
        problem["status"] = cause.status
    return problem
