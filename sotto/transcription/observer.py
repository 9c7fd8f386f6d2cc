"""What transcription lets others see of its work. It does the same whether somebody observes it or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from sotto.call.contact import Contact
from sotto.call.utterance import Utterance
from sotto.media.stereo import StereoChunk

if TYPE_CHECKING:
    from sotto.transcription.ports import WorkerOutcome


class WorkerObserver(Protocol):
    """Called in the worker's own tasks: each call is quick, and none raises."""

    def began(self, contact: Contact) -> None: ...

    def chunk_read(self, contact: Contact, chunk: StereoChunk, stream: Any) -> None:
        """``stream`` is the source's own: its counters, if it has some, are of interest."""
        ...

    def stream_ended(self, contact: Contact, stream: Any) -> None: ...

    def committed(self, utterance: Utterance, *, recognised_in_ms: float | None) -> None:
        """``recognised_in_ms``: from the last word until its final was in hand, where that is known."""
        ...

    def successor_ordered(self, contact: Contact) -> None: ...

    def successor_failed(self, contact: Contact) -> None: ...

    def ended(self, contact: Contact, outcome: WorkerOutcome) -> None: ...


class NoObserver:
    """A WorkerObserver that looks away."""

    def began(self, contact: Contact) -> None: ...

    def chunk_read(self, contact: Contact, chunk: StereoChunk, stream: Any) -> None: ...

    def stream_ended(self, contact: Contact, stream: Any) -> None: ...

    def committed(self, utterance: Utterance, *, recognised_in_ms: float | None) -> None: ...

    def successor_ordered(self, contact: Contact) -> None: ...

    def successor_failed(self, contact: Contact) -> None: ...

    def ended(self, contact: Contact, outcome: WorkerOutcome) -> None: ...
