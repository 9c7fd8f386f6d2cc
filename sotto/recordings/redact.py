"""A finished recording is redacted, proven and published: the step ``redact_recording`` of the work after a call.

Only what is proven is ever written: the audio is beeped and recognised as it streams from Connect's bucket, and when
nothing private is left in it, it streams once more into an upload that becomes an object as its last act. In between
there is no file, neither here nor in a bucket.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from sotto.call.after_call_work import StepOrder, StepOutcome
from sotto.call.contact import Contact, ContactStatus
from sotto.call.events import RecordingRedacted
from sotto.call.transcript_result import TranscriptResult
from sotto.call.utterance import Utterance
from sotto.consent.rules import ConsentRecord
from sotto.core.metrics.measure import RECORDINGS
from sotto.media.stereo import SAMPLE_RATE_HZ
from sotto.recognition.recogniser import LanguageNotRecognised
from sotto.recordings.beeps import Beeps, PrivateTime, private_times
from sotto.recordings.blocks import Digest, PartRead, RedactedAudio
from sotto.recordings.intake import note_sources
from sotto.recordings.peaks import Peaks
from sotto.recordings.ports import NoSuchRecording, RedactPorts, SourceFile, SourceRefused
from sotto.recordings.proof import SEARCHED_MS, Proof, prove, windows_of
from sotto.recordings.record import Beeped, Published, Recording, RecordingChanged, RecordingState, Why
from sotto.recordings.wav import Layout, NotARecording, header, layout_of
from sotto.transcription.lease.lease import nobody_writes

CLAIM_MS = 15 * 60_000
"""Lambda's own limit: whoever claimed it is gone by then."""
MISSING_AFTER_MS = 75 * 60_000
"""A recording that is late this long is missing. Until then the state machine asks again."""
MOST_UTTERANCES = 20_000
SLACK_MS = 2_000
ROUNDS = 3
"""One to shift what runs apart, one to beep what was found, one to prove it."""
NOT_TRANSCRIBED = "transcript"
"""Among ``Contact.unavailable``: no recogniser knows its language."""
_ASKED_AGAIN = frozenset({Why.MISSING, Why.REFUSED})


class BytesDiffer(Exception):
    """What was written is not what was recognised: the source has changed under us. The upload is abandoned."""


@dataclass(slots=True)
class _Attempt:
    """``shift_ms``: by how much the recording runs behind what Connect says. ``extra``: found by a round before."""

    shift_ms: float = 0.0
    extra: list[PrivateTime] = field(default_factory=list)


def redact_recordings(order: StepOrder, ports: RedactPorts) -> StepOutcome:
    """PENDING while the recording or the transcript is still to come, or another works on it. FAILED where a recording
    is not published: its record says why. Raises Retryable."""
    contact = ports.contacts.contact(order.tenant, order.contact_id)
    if contact is None or contact.erased or not contact.is_recorded:
        return StepOutcome.NOTHING
    known = ports.store.recordings(contact.tenant, contact.contact_id)
    if not known:
        note_sources(contact, ports.instance.recordings(contact) or (), ports.store, ports.clock)
        known = ports.store.recordings(contact.tenant, contact.contact_id)
    sources = [each for each in known if each.source is not None]
    if not sources:
        return StepOutcome.NOTHING if known else StepOutcome.PENDING
    if not _is_whole(contact, ports):
        return StepOutcome.PENDING
    outcomes = {_outcome_of(contact, each, ports) for each in sources}
    return next((each for each in (StepOutcome.PENDING, StepOutcome.FAILED, StepOutcome.DONE) if each in outcomes),
                StepOutcome.NOTHING)  # fmt: skip


def _is_whole(contact: Contact, ports: RedactPorts) -> bool:
    """The call is over, and no worker writes of it any more: what is private is known."""
    lease = ports.leases.current(contact.tenant, contact.contact_id)
    return contact.status is ContactStatus.ENDED and nobody_writes(lease, ports.clock.now_ms())


def _outcome_of(contact: Contact, recording: Recording, ports: RedactPorts) -> StepOutcome:
    if recording.has_outcome and recording.why not in _ASKED_AGAIN:
        if recording.state is RecordingState.REDACTED:
            _delete_source(recording, ports)
        return StepOutcome.DONE if recording.state is RecordingState.REDACTED else StepOutcome.FAILED
    now_ms = int(ports.clock.now_ms())
    if recording.claimed_until_ms > now_ms:
        return StepOutcome.PENDING
    consent = ports.consents.latest(contact.tenant, contact.contact_id)
    if consent is not None and not consent.allowed:
        return StepOutcome.NOTHING
    try:
        claimed = recording.changed(claimed_until_ms=now_ms + CLAIM_MS, state=RecordingState.AVAILABLE, why="")
        ports.store.store(claimed)
        done = _worked_on(contact, claimed, consent, ports)
    except RecordingChanged:
        return StepOutcome.PENDING
    if done is None:
        return StepOutcome.PENDING
    ports.metrics.add(RECORDINGS, tenant=contact.tenant, outcome=done.why or done.state.value)
    return StepOutcome.DONE if done.state is RecordingState.REDACTED else StepOutcome.FAILED


def _worked_on(
    contact: Contact, recording: Recording, consent: ConsentRecord | None, ports: RedactPorts
) -> Recording | None:
    """None where it is still to come. Raises RecordingChanged, and Retryable: then nobody has it any more."""
    assert recording.source is not None
    try:
        file = ports.sources.open(contact.tenant, recording.source)
        layout = layout_of(file.read, file.size)
    except NoSuchRecording:
        if ports.clock.now_ms() - recording.known_at_ms < MISSING_AFTER_MS:
            _release(recording, ports)
            return None
        return _ended(recording, RecordingState.FAILED, Why.MISSING, ports)
    except SourceRefused:
        return _ended(recording, RecordingState.FAILED, Why.REFUSED, ports)
    except NotARecording:
        return _ended(recording, RecordingState.FAILED, Why.NOT_A_RECORDING, ports)
    except Exception:
        _release(recording, ports)
        raise
    if layout.duration_ms > ports.retranscriber.longest_ms(contact.tenant):
        return _ended(recording, RecordingState.FAILED, Why.TOO_LONG, ports)
    try:
        return _redacted(contact, recording, consent, file, layout, ports)
    except RecordingChanged:
        raise
    except Exception:
        _release(recording, ports)
        raise


def _redacted(
    contact: Contact,
    recording: Recording,
    consent: ConsentRecord | None,
    file: SourceFile,
    layout: Layout,
    ports: RedactPorts,
) -> Recording:
    utterances = ports.transcript.utterances(contact.tenant, contact.contact_id, 0, MOST_UTTERANCES)
    if not utterances or NOT_TRANSCRIBED in contact.unavailable:
        return _ended(recording, RecordingState.QUARANTINED, Why.NO_TRANSCRIPT, ports)
    attempt, why = _Attempt(), Why.MISALIGNED
    beeps, proof = Beeps((), frames=layout.frames, channels=layout.channels), Proof(None)
    recognised: dict[object, PartRead] = {}
    for _ in range(ROUNDS):
        offset_ms = _offset_ms(contact, recording) - attempt.shift_ms
        if _is_too_short(utterances, offset_ms, layout.duration_ms):
            return _ended(recording, RecordingState.QUARANTINED, Why.TOO_SHORT, ports, beeps, proof)
        times = [*private_times(utterances, offset_ms=offset_ms), *attempt.extra, *_unconsented(consent, offset_ms)]
        beeps = Beeps(times, frames=layout.frames, channels=layout.channels)
        audio = RedactedAudio(file, layout, beeps)
        parts = _parts(utterances, offset_ms, layout)
        reads = [PartRead(audio, part, offset_ms) for part in parts]
        reads = [recognised.setdefault(each.key, each) for each in reads]  # a tone more changes one part, not all
        try:
            finals = _finals(contact, reads, ports)
        except LanguageNotRecognised:
            return _ended(recording, RecordingState.QUARANTINED, Why.NO_TRANSCRIPT, ports)
        quiet = [span for each in reads for span in each.quiet.spans]
        proof = prove(finals, utterances, beeps, ports.redactor(contact), offset_ms=offset_ms, quiet=quiet)
        if proof.why is None:
            return _published(contact, recording, audio, reads, ports, offset_ms)
        why = proof.why
        if why is Why.MISALIGNED and not attempt.shift_ms and abs(proof.apart_ms) < SEARCHED_MS:
            attempt.shift_ms = proof.apart_ms
        elif why is Why.FINDINGS:
            attempt.extra += proof.found
        else:
            break
    return _ended(recording, RecordingState.QUARANTINED, why, ports, beeps, proof)


def _finals(contact: Contact, reads: Sequence[PartRead], ports: RedactPorts) -> list[TranscriptResult]:
    """By their end, in call time, of all parts; those are recognised that were not yet."""
    new = [each for each in reads if each.finals is None]
    for each, finals in zip(new, ports.retranscriber.finals(contact, [each.window for each in new]), strict=True):
        each.finals = finals
    found = [final for each in reads for final in each.finals or ()]
    return sorted(found, key=lambda final: (final.end_ms, final.start_ms))


def _offset_ms(contact: Contact, recording: Recording) -> float:
    """Call time at which the recording begins: as Connect says, else when the agent came."""
    assert recording.source is not None
    began_ms = recording.source.started_at_ms or contact.connected_at_ms or contact.media_started_at_ms
    return began_ms - contact.media_started_at_ms


def _unconsented(consent: ConsentRecord | None, offset_ms: float) -> list[PrivateTime]:
    """Before somebody consented nothing may be kept."""
    from_ms = consent.call_time_ms if consent is not None else None
    return [PrivateTime(float("-1e12"), from_ms - offset_ms)] if from_ms else []


def _is_too_short(utterances: Sequence[Utterance], offset_ms: float, duration_ms: float) -> bool:
    spoken_ms = max(each.start_ms for each in utterances) - offset_ms
    private_ms = max((span.end_ms for each in utterances for span in each.private), default=0.0) - offset_ms
    return max(spoken_ms, private_ms) > duration_ms + SLACK_MS


def _parts(utterances: Sequence[Utterance], offset_ms: float, layout: Layout) -> list[tuple[int, int]]:
    """In frames, gapless from the first to the last."""
    windows = windows_of(utterances, offset_ms=offset_ms, duration_ms=layout.frames * 1000 / SAMPLE_RATE_HZ)
    edges = [*(round(begins * SAMPLE_RATE_HZ / 1000) for begins, _ in windows), layout.frames]
    return [(first, end) for first, end in pairwise(edges) if end > first]


def _published(
    contact: Contact,
    recording: Recording,
    audio: RedactedAudio,
    reads: Sequence[PartRead],
    ports: RedactPorts,
    offset_ms: float,
) -> Recording:
    """Raises RecordingChanged: then nothing of it stays, because somebody erased the contact, or was quicker."""
    upload = ports.redacted.begin(contact.tenant, contact.contact_id, recording.id)
    layout = audio.layout
    peaks = Peaks(layout.channels, layout.frames)
    try:
        upload.write(header(layout.channels, layout.frames))
        for recognised in reads:
            written = Digest()
            for block in audio.blocks(*recognised.part):
                written.add(block.samples)
                peaks.add(block)
                upload.write(block.samples.tobytes())
            if written.value != recognised.digest.value:
                raise BytesDiffer("what would be written is not what was recognised")
        if not _may_keep(contact, ports):
            raise RecordingChanged("nothing of the contact may be kept any more")
        key, version = upload.publish()
    except BaseException:
        upload.abandon()
        raise
    published = Published(
        key, version, layout.duration_ms, layout.channels, begins_ms=round(offset_ms), peaks=peaks.encoded()
    )
    done = recording.changed(
        state=RecordingState.REDACTED,
        claimed_until_ms=0,
        beeped=audio.beeps.all(),
        published=published,
        source_version=audio.file.version,
    )
    event = RecordingRedacted.of(
        contact.tenant,
        contact.contact_id,
        recording=done.id,
        version=done.version,
        at_ms=ports.clock.now_ms(),
    )
    try:
        ports.store.store(done, event=event)
    except RecordingChanged:
        ports.redacted.delete(contact.tenant, published)
        raise
    return _delete_source(done, ports)


def _may_keep(contact: Contact, ports: RedactPorts) -> bool:
    consent = ports.consents.latest(contact.tenant, contact.contact_id)
    now = ports.contacts.contact(contact.tenant, contact.contact_id)
    return (consent is None or consent.allowed) and now is not None and not now.erased


def _delete_source(recording: Recording, ports: RedactPorts) -> Recording:
    """The unredacted version, where the tenant's policy says so; tried again whenever the step runs again."""
    policy = ports.books.current(recording.tenant).settings.recordings
    if not policy.delete_original or recording.source is None or recording.source_deleted_at_ms is not None:
        return recording
    if not ports.sources.delete(recording.tenant, recording.source, recording.source_version):
        return recording
    deleted = recording.changed(source_deleted_at_ms=int(ports.clock.now_ms()))
    ports.store.store(deleted)
    return deleted


def _ended(
    recording: Recording,
    state: RecordingState,
    why: Why,
    ports: RedactPorts,
    beeps: Beeps | None = None,
    proof: Proof | None = None,
) -> Recording:
    """Not published. Of the audio nothing is kept, only where in it something was."""
    found = tuple(Beeped(max(0, int(each.from_ms)), int(each.until_ms)) for each in (proof.found if proof else ()))
    done = recording.changed(
        state=state, why=why.value, claimed_until_ms=0, beeped=beeps.all() if beeps else (), found=found
    )
    ports.store.store(done)
    return done


def _release(recording: Recording, ports: RedactPorts) -> None:
    ports.store.store(recording.changed(claimed_until_ms=0))
