"""What transcription needs from its surroundings, and what it gives to them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

from sotto.call.agent_presence import AgentPresence
from sotto.call.contact import Contact, Speaker
from sotto.call.live import CallTime as CallTime
from sotto.call.utterance import Utterance
from sotto.consent.decisions import ConsentPorts
from sotto.core.clock import Clock
from sotto.media.isolation import Ownership
from sotto.media.stereo import StereoChunk
from sotto.media.timeline import Resumption
from sotto.recognition.recogniser import ResumableRecogniser
from sotto.redaction.redactor import Redactor
from sotto.redaction.withheld import Alarm, no_alarm
from sotto.transcription.lease.lease import Leases
from sotto.transcription.observer import NoObserver, WorkerObserver

Stamps = dict[str, float]
"""Stage name to Unix epoch ms at which the stage was done."""


class AudioStream(Protocol):
    """The chunks of one contact, and whose words they turned out to be: streams are reused, and audio is fed to the
    recogniser before its ContactId is known."""

    def __aiter__(self) -> AsyncIterator[StereoChunk]: ...

    def known_owner(self, start_ms: float, end_ms: float, speaker: Speaker | None = None) -> Ownership:
        """Whose words these are (call time), as far as it is known; ``speaker``: on whose channel, where each has a
        stream of its own."""
        ...

    async def owner_of(self, start_ms: float, end_ms: float, speaker: Speaker | None = None) -> Ownership:
        """The same, once it is known."""
        ...

    def resumption_at(self, sample: int) -> Resumption:
        """What a successor needs to go on from this sample with exactly the same audio."""
        ...

    def contact_ended(self, until_ms: float = float("inf")) -> None:
        """The contact is over: read what is still on its way, but nothing that begins at ``until_ms``; then end."""
        ...


class ReadPosition(Protocol):
    """Where in a contact's audio a source of results is. ``sent_until_ms``: call time up to which audio went to the
    recogniser; ``fragment``: the one of Kinesis Video Streams that held the last of it, empty where there are none."""

    @property
    def sent_until_ms(self) -> int: ...

    @property
    def fragment(self) -> str: ...

    @property
    def needed_from_ms(self) -> float:
        """Call time of the oldest audio whose results have not been taken yet."""
        ...

    def resumption_at(self, sample: int) -> Resumption:
        """What a successor needs to go on from this sample with exactly the same audio."""
        ...


class AudioSource(Protocol):
    """Where the call's audio comes from."""

    def open(self, contact: Contact, resumption: Resumption) -> AbstractAsyncContextManager[AudioStream]:
        """Chunks from the resumption's sample on, until the contact's audio ends."""
        ...


class TranscriptSink(Protocol):
    """Where a transcript goes. Calls may block: they are made from threads. None raises. An utterance is published at
    least once: twice when a worker is lost after publishing it."""

    def publish(self, utterance: Utterance) -> None:
        """Show an interim or a committed utterance to the agent."""
        ...

    def ask_guidance(self, utterance: Utterance, stamps: Stamps) -> None:
        """Have the inference graph run on a committed utterance, or on an interim that adds enough."""
        ...

    def tick(self, contact: Contact, time: CallTime) -> None:
        """Say how far the call is, for rules about what was not said."""
        ...


class Outbox(Protocol):
    """What is committed and has yet to be published, and the interims between."""

    @property
    def published_seq(self) -> int:
        """The number of the last utterance that has gone everywhere."""
        ...

    def resume(self, published_seq: int) -> None:
        """A worker before this one has published everything up to this number."""
        ...

    def committed(self, utterance: Utterance, stamps: Stamps) -> None: ...

    def interim(self, utterance: Utterance) -> None: ...

    def ask_early(self, utterance: Utterance, stamps: Stamps) -> None:
        """Guidance on an interim, for models that are worth running before the speaker has finished."""
        ...

    def tick(self, contact: Contact, time: CallTime) -> None: ...


class CardWatch(Protocol):
    """Learns what kind of private data is due next. Called in the audio path: each call is quick, and none raises."""

    def final(self, expected: str | None, found: Collection[str], call_ms: float) -> None:
        """After each final: what may follow, and the kinds that were in it."""
        ...

    def passed(self, call_ms: float) -> None:
        """The call has come so far."""
        ...

    def refused(self) -> None:
        """A speaker does not want to be recorded."""
        ...


class NoCardWatch:
    """A CardWatch that looks away."""

    def final(self, expected: str | None, found: Collection[str], call_ms: float) -> None: ...

    def passed(self, call_ms: float) -> None: ...

    def refused(self) -> None: ...


@dataclass(frozen=True, slots=True)
class SessionPorts:
    """What a transcript session needs, whatever its source. ``redaction_alarm`` of a tenant is called when a text is
    withheld because its handling failed. ``card_watch`` of a contact; the flag says that another worker was there."""

    redactor: Callable[[Contact], Redactor]
    consent: ConsentPorts
    leases: Leases
    clock: Clock
    redaction_alarm: Callable[[str], Alarm] = lambda tenant: no_alarm
    observer: WorkerObserver = NoObserver()
    card_watch: Callable[[Contact, bool], CardWatch] = lambda contact, follows: NoCardWatch()


@dataclass(frozen=True, slots=True)
class KnownByNow:
    """What Connect has told of a contact. ``ended_ms``: call time of its end, infinite where that is not known; None
    while it goes on."""

    ended_ms: float | None = None
    presence: AgentPresence = field(default_factory=AgentPresence)


@dataclass(frozen=True, slots=True)
class TranscriptionPorts:
    """``known_by_now`` may block, and raises Retryable. ``listens_to_menus``: what is played to the customer is
    transcribed, too. ``infers_holds``: from music, where Connect tells of none. ``words``, ``names``: as in Session.
    ``not_recognised`` is called for a contact in whose language nothing can be transcribed."""

    source: AudioSource
    recogniser: ResumableRecogniser
    session: SessionPorts
    sink: TranscriptSink
    known_by_now: Callable[[Contact], KnownByNow] = lambda contact: KnownByNow()
    listens_to_menus: bool = False
    infers_holds: bool = False
    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    not_recognised: Callable[[Contact], None] = lambda contact: None


@dataclass(frozen=True, slots=True)
class WorkerAssignment:
    """A worker's order. ``worker`` is the same for every retry of it. At ``until_ms`` (monotonic) it calls
    ``start_successor``, which may raise Retryable, and stops when that one is level."""

    worker: str
    generation: int = 1
    until_ms: float = float("inf")
    start_successor: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class WorkerOutcome:
    """How a worker's run ended: ``finished``, ``superseded``, ``not-needed``, ``refused`` by a speaker, or
    ``language-not-recognised``: then another one is started when the contact turns out to be in a known one."""

    how: str
    generation: int
    utterances: int = 0
    overlap_ms: int = 0
