"""A conversation's words, out of its recording or its text, through the session that every source of results has:
consent, redaction, segmentation, commit. Nothing waits for time to pass, and a run that ends early goes on where it
was."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from sotto.call.contact import Contact, Speaker
from sotto.call.live import CallTime
from sotto.call.transcript_result import TranscriptResult
from sotto.call.utterance import Utterance
from sotto.core.errors import Retryable
from sotto.imports.audio.audio_file import RecordingRecognisers
from sotto.imports.audio.windows import AudioWindow, windows_of
from sotto.imports.item import ItemMistaken, Reason, Spoken
from sotto.media.stereo import SAMPLE_RATE_HZ
from sotto.media.timeline import Resumption
from sotto.recognition.recogniser import LanguageNotRecognised
from sotto.transcription.lease.lease import Lease, Takeover
from sotto.transcription.messages.session import MessageSession
from sotto.transcription.ports import SessionPorts, Stamps, WorkerAssignment
from sotto.transcription.session import TranscriptSession, open_session

ORDER = WorkerAssignment("import", generation=1)
"""Every run of an import is a repetition of the same order: the later one may go on, and the earlier one is fenced."""
RENEWED_EVERY = 200
"""Turns of a text."""


class OutOfTime(Retryable):
    """The function's time is nearly over; the next run goes on from the checkpoint."""


@dataclass(frozen=True, slots=True)
class TranscribePorts:
    session: SessionPorts
    recognisers: RecordingRecognisers


class KeptBack:
    """An Outbox that shows nothing and asks nobody: guidance is given once all words are there."""

    def __init__(self) -> None:
        self.published_seq = 0

    def resume(self, published_seq: int) -> None:
        self.published_seq = published_seq

    def committed(self, utterance: Utterance, stamps: Stamps) -> None:
        self.published_seq = max(self.published_seq, utterance.seq)

    def interim(self, utterance: Utterance) -> None: ...

    def ask_early(self, utterance: Utterance, stamps: Stamps) -> None: ...

    def tick(self, contact: Contact, time: CallTime) -> None: ...


@dataclass(slots=True)
class RecordingPosition:
    """A ReadPosition: windows up to ``recognised`` (samples) have been taken."""

    recognised: int
    fragment: str = field(default="", init=False)

    @property
    def sent_until_ms(self) -> int:
        return self.recognised * 1000 // SAMPLE_RATE_HZ

    @property
    def needed_from_ms(self) -> float:
        return self.recognised * 1000 / SAMPLE_RATE_HZ

    def resumption_at(self, sample: int) -> Resumption:
        return Resumption(from_sample=sample)


@dataclass(slots=True)
class Transcript:
    """A session that holds the contact's lease. ``ended_ms``: call time of the end of what was read so far."""

    session: TranscriptSession
    ended_ms: int = 0

    def finish(self) -> None:
        """Everything was read: commit what is still open."""
        asyncio.run(self.session.finish())

    def release(self) -> None:
        """The transcript is complete, which is an event. Raises LeaseLost and Retryable."""
        asyncio.run(self.session.lease.release())


def open_transcript(contact: Contact, ports: SessionPorts) -> Transcript:
    """Raises ItemMistaken where somebody has refused, or another is at it, and Retryable."""

    async def opened() -> TranscriptSession | None:
        kind = MessageSession if contact.is_written else None
        return await open_session(contact, ORDER, ports, KeptBack(), kind)

    session = asyncio.run(opened())
    if session is None:
        raise ItemMistaken(Reason.REFUSED)
    taken = Takeover(ORDER.worker, ORDER.generation)
    lease = ports.leases.take(contact.tenant, contact.contact_id, taken, now_ms=ports.clock.now_ms())
    if lease is None:
        raise ItemMistaken(Reason.ANOTHER_LIVES)
    asyncio.run(_begun(session, lease))
    return Transcript(session, session.lease.checkpoint.received_ms)


async def _begun(session: TranscriptSession, lease: Lease) -> None:
    session.lease.adopt(lease)
    session.begin_with(lease.checkpoint)
    await session.resume()


def read_recording(
    transcript: Transcript, blocks: Iterable[bytes], ports: TranscribePorts, *, goes_on: Callable[[], bool]
) -> None:
    """``blocks``: from the beginning, as of an AudioFile. ``goes_on``: whether there is time for another batch of
    windows. Raises OutOfTime, ItemMistaken, LeaseLost, RecordingRefused and Retryable."""
    session = transcript.session
    first = session.resumed.from_sample
    session.position = position = RecordingPosition(first)
    windows = windows_of(blocks, from_sample=first)
    while batch := list(islice(windows, ports.recognisers.at_once(session.contact.tenant))):
        if not goes_on():
            raise OutOfTime("the function's time is over; the next run goes on")
        results = _recognised(session.contact, batch, ports.recognisers)
        position.recognised = batch[-1].end_sample
        transcript.ended_ms = position.sent_until_ms
        asyncio.run(_taken(session, results, transcript.ended_ms))


def _recognised(
    contact: Contact, batch: Sequence[AudioWindow], recognisers: RecordingRecognisers
) -> list[TranscriptResult]:
    """In the order in which they were spoken."""
    try:
        found = recognisers.finals(contact, batch)
    except LanguageNotRecognised:
        raise ItemMistaken(Reason.LANGUAGE_UNKNOWN) from None
    return sorted((each for window in found for each in window), key=lambda each: (each.end_ms, each.start_ms))


async def _taken(session: TranscriptSession, results: Sequence[TranscriptResult], until_ms: int) -> None:
    for result in results:
        await session.accept(result)
    await session.close_paused(until_ms)
    await session.lease.renew()  # with the place that was come to


def read_text(transcript: Transcript, spoken: Sequence[Spoken]) -> None:
    """Raises LeaseLost, RecordingRefused and Retryable."""
    session = transcript.session
    asyncio.run(_read(session, list(_results(spoken, is_written=session.contact.is_written))))
    transcript.ended_ms = max((each.end_ms for each in spoken), default=0)


async def _read(session: TranscriptSession, results: Sequence[TranscriptResult]) -> None:
    for number, result in enumerate(results, 1):
        await session.accept(result)
        if number % RENEWED_EVERY == 0:
            await session.lease.renew()


def _results(spoken: Sequence[Spoken], *, is_written: bool) -> Iterator[TranscriptResult]:
    """By time. A speaker's turns that overlap follow each other: what was committed is told by its time."""
    until: dict[Speaker, int] = {}
    for number, turn in enumerate(sorted(spoken, key=lambda each: (each.start_ms, each.end_ms)), 1):
        if not turn.text.strip():
            continue
        start_ms = turn.start_ms if is_written else max(turn.start_ms, until.get(turn.speaker, 0))
        end_ms = start_ms + 1 if is_written else max(turn.end_ms, start_ms + 1)
        until[turn.speaker] = end_ms
        name = turn.id or f"{turn.speaker.value}-{number}"
        yield TranscriptResult(turn.speaker, name, start_ms, end_ms, turn.text, (), True, 1.0, True)
