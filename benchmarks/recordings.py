"""What is still audible in a redacted recording: ``python -m benchmarks.recordings [--minutes 10] [--json FILE]``.

The sample calls (synthesised speech, 8 kHz stereo) are transcribed by the embedded recogniser (Whisper tiny.en),
redacted as they stream, proven and published by the code of ``redact_recording``, whose proof uses the same recogniser.
The truth is what was spoken, word by word with its times: what the redactor finds in *that* are the planted private
items, whatever the recogniser made of them. An item counts as leaked where a word of it is audible, by the clock, for
more than half of its length; and the published file is recognised once more, cut elsewhere, and scanned. "Deaf" are the
same calls with every second private span taken out of the transcript, as if the live path had missed it.

Then one call of ten minutes is timed.
"""

from __future__ import annotations

import argparse
import json
import time
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks.recognised_calls import CALLS
from local.options import TENANTS
from sotto.call.after_call_work import StepOrder
from sotto.call.contact import Contact, ContactStatus, Speaker
from sotto.call.transcript_result import TranscriptResult, Word
from sotto.call.utterance import PrivateSpan, Utterance
from sotto.core.clock import SystemClock
from sotto.core.metrics.recorder import Recorder
from sotto.media.stereo import SAMPLE_RATE_HZ
from sotto.media.wav import read_call
from sotto.recognition.adapters.whisper.recogniser import WhisperRecogniser
from sotto.recordings.beeps import tone
from sotto.recordings.ports import RedactPorts, Window
from sotto.recordings.record import Published, Recording, RecordingChanged, Source
from sotto.recordings.redact import redact_recordings
from sotto.recordings.retranscribe import Pace, TenantsRetranscriber
from sotto.recordings.wav import header
from sotto.redaction.languages import redactor_for
from sotto.tenants.book import TenantBook
from sotto.tenants.redaction_rules import RedactionRules
from sotto.wiring.publishing import book_from

NAMES = ("bank_card", "bank_cancel", "garage_brakes")
TENANT_OF = {"bank": "harbour_bank", "garage": "torque_garage"}
STARTED_MS = 1_790_000_000_000
FRAMES_A_MS = SAMPLE_RATE_HZ // 1000
GOAL_S = 60.0


@dataclass
class Files:
    """Connect's bucket and ours, in memory: a source, and what was published."""

    wav: bytes
    published: bytes = b""
    version: str | None = "v1"
    pending: bytearray = field(default_factory=bytearray)

    @property
    def size(self) -> int:
        return len(self.wav)

    def open(self, tenant: str, source: Source) -> Files:
        return self

    def read(self, offset: int, size: int) -> bytes:
        return self.wav[offset : offset + size]

    def stream(self, offset: int, size: int) -> Iterator[bytes]:
        for at in range(offset, offset + size, 262_144):
            yield self.wav[at : min(at + 262_144, offset + size)]

    def begin(self, tenant: str, contact_id: str, recording: str) -> Files:
        self.pending = bytearray()
        return self

    def write(self, audio: bytes) -> None:
        self.pending += audio

    def publish(self) -> tuple[str, str]:
        self.published = bytes(self.pending)
        return "k", "v1"

    def abandon(self) -> None:
        self.pending = bytearray()

    def delete(self, tenant: str, *which: object) -> Any:
        return True

    def erase(self, tenant: str, contact_id: str) -> int:
        return 0

    def url(self, tenant: str, published: Published, *, expires_s: int) -> str:
        return ""


@dataclass
class Known:
    """All that is stored of the call."""

    contact_is: Contact
    book: TenantBook
    kept: list[Utterance]
    stored: Recording | None = None

    def contact(self, tenant: str, contact_id: str) -> Contact | None:
        return self.contact_is

    def current(self, *_: str) -> Any:
        return self.book if len(_) == 1 else None

    def latest(self, tenant: str, contact_id: str) -> None:
        return None

    def utterances(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> list[Utterance]:
        return self.kept

    def recordings(self, tenant: str, contact_id: str) -> list[Recording]:
        return [self.stored] if self.stored else []

    def store(self, recording: Recording, *, event: object = None) -> None:
        if recording.version != (self.stored.version if self.stored else 0) + 1:
            raise RecordingChanged
        self.stored = recording


class NothingKnown:
    """An instance that knows of no recordings but those that are stored."""

    def recordings(self, contact: Contact) -> None:
        return None


class Bench:
    def __init__(self) -> None:
        self.clock = SystemClock()
        self.whisper = WhisperRecogniser()
        self.books = {tenant: book_from(TENANTS / tenant) for tenant in TENANT_OF.values()}
        self.again = TenantsRetranscriber(
            lambda tenant: [self.whisper],
            lambda tenant: (self.books[tenant].speech_words, ()),
            lambda provider: Pace(at_once=2),
            self.clock,
        )

    def rules(self, tenant: str) -> RedactionRules:
        return RedactionRules.of(self.books[tenant].settings.redaction_in_effect)

    def contact(self, tenant: str) -> Contact:
        return Contact(tenant, "c1", "arn:i", "arn:s", STARTED_MS, status=ContactStatus.ENDED)

    def recognised(self, tenant: str, audio: bytes, *, cuts: int = 1) -> list[TranscriptResult]:
        frames = len(audio) // 4
        edges = [frames * at // cuts for at in range(cuts + 1)]
        windows = [
            Window(first / FRAMES_A_MS, lambda first=first, end=end: [audio[4 * first : 4 * end]])  # type: ignore[misc]
            for first, end in zip(edges, edges[1:], strict=False)
        ]
        found = [final for finals in self.again.finals(self.contact(tenant), windows) for final in finals]
        return sorted(found, key=lambda final: final.end_ms)

    def stored(self, tenant: str, finals: Sequence[TranscriptResult]) -> list[Utterance]:
        """As the live path keeps them."""
        by, kept = redactor_for(self.contact(tenant), self.rules(tenant)), list[Utterance]()
        for seq, final in enumerate(finals, 1):
            done = by.redact(final)
            at = done.result
            kept.append(
                Utterance(
                    tenant,
                    "c1",
                    f"u{seq}",
                    seq,
                    at.speaker,
                    int(at.start_ms),
                    int(at.end_ms),
                    at.text,
                    private=done.spans,
                )  # fmt: skip
            )
        return kept

    def redacted(self, tenant: str, audio: bytes, kept: list[Utterance]) -> tuple[Recording, bytes, float]:
        """What became of it, the published frames, and how long it took."""
        files, known = Files(header(2, len(audio) // 4) + audio), Known(self.contact(tenant), self.books[tenant], kept)
        known.store(Recording.available(tenant, "c1", Source("b", "k", STARTED_MS), STARTED_MS))
        ports = RedactPorts(
            contacts=known, leases=known, consents=known, books=known, transcript=known, store=known,
            instance=NothingKnown(), sources=files, redacted=files, retranscriber=self.again,
            redactor=lambda contact: redactor_for(contact, self.rules(tenant)),
            metrics=Recorder(self.clock, lambda line: None, cell="benchmark"), clock=self.clock,
        )  # fmt: skip
        began = time.monotonic()
        redact_recordings(StepOrder(tenant, "c1"), ports)
        assert known.stored is not None
        return known.stored, files.published[44:], time.monotonic() - began


def truth(call: Path) -> list[TranscriptResult]:
    turns = [json.loads(line) for line in (call / "call.transcript.jsonl").read_text().splitlines()]
    return [
        TranscriptResult(
            Speaker(turn["speaker"]), str(at), turn["start_ms"], turn["end_ms"], turn["text"],
            tuple(Word(each["text"], each["start_ms"], each["end_ms"]) for each in turn["words"]), is_final=True,
        )
        for at, turn in enumerate(turns)
    ]  # fmt: skip


def planted(bench: Bench, tenant: str, spoken: Sequence[TranscriptResult]) -> list[tuple[str, list[Word], int]]:
    """Kind, words and channel of each private item that was spoken."""
    by, found = redactor_for(bench.contact(tenant), bench.rules(tenant)), []
    for turn in spoken:
        for span in by.redact(turn).spans:
            words = [word for word in turn.words if word.end_ms > span.start_ms and word.start_ms < span.end_ms]
            found.append((span.kind, words, 0 if turn.speaker is Speaker.CUSTOMER else 1))
    return found


def audible(words: Sequence[Word], channel: int, published: bytes) -> bool:
    """Whether more than half of any word stands there without the tone."""
    audio = array("h", published)
    for word in words:
        first, end = int(word.start_ms * FRAMES_A_MS), int(word.end_ms * FRAMES_A_MS)
        standing = audio[2 * first + channel : 2 * end + channel : 2]
        toned = sum(one == other for one, other in zip(standing, tone(first, len(standing)), strict=True))
        if toned < len(standing) / 2:
            return True
    return False


def every_second_out(kept: Sequence[Utterance]) -> list[Utterance]:
    at, found = 0, []
    for each in kept:
        left: list[PrivateSpan] = []
        for span in each.private:
            at += 1
            left += [span] if at % 2 else []
        found.append(replace(each, private=tuple(left)))
    return found


def leaks(bench: Bench, names: Sequence[str]) -> list[dict[str, Any]]:
    rows = []
    for name in names:
        tenant, audio = TENANT_OF[name.partition("_")[0]], read_call(CALLS / name / "call.wav")
        items = planted(bench, tenant, truth(CALLS / name))
        kept = bench.stored(tenant, bench.recognised(tenant, audio))
        for how, stored in (("as transcribed", kept), ("deaf", every_second_out(kept))):
            recording, published, took_s = bench.redacted(tenant, audio, stored)
            left = [kind for kind, words, channel in items if published and audible(words, channel, published)]
            again = bench.stored(tenant, bench.recognised(tenant, published, cuts=3)) if published else []
            found = [span.kind for each in again for span in each.private if not _in_tone(span, each, published)]
            row = {
                "call": name, "how": how, "state": recording.state.value, "why": recording.why,
                "planted": len(items), "audible": len(left), "audible_kinds": sorted(left),
                "recognised_again": found,
                "beeped_s": round(sum(each.until_ms - each.from_ms for each in recording.beeped) / 1000, 1),
                "call_s": round(len(audio) / 4 / SAMPLE_RATE_HZ), "took_s": round(took_s, 1),
            }  # fmt: skip
            rows.append(row)
            print(
                f"{name:<14}{how:<16}{row['state']} {row['why']}: of {row['planted']} private items {row['audible']} "
                f"audible {', '.join(left)}; {len(found)} recognised again {', '.join(found)}; "
                f"{row['beeped_s']} of {row['call_s']} s beeped; {row['took_s']} s",
                flush=True,
            )
    return rows


def _in_tone(span: PrivateSpan, utterance: Utterance, published: bytes) -> bool:
    """What a recogniser makes of the tone is no leak."""
    channel = 0 if utterance.speaker is Speaker.CUSTOMER else 1
    return not audible([Word("", span.start_ms, span.end_ms)], channel, published)


def timed(bench: Bench, minutes: float) -> dict[str, Any]:
    """The sample call over and over, until it is so long."""
    tenant, one = "harbour_bank", read_call(CALLS / "bank_card" / "call.wav")
    once = bench.stored(tenant, bench.recognised(tenant, one))
    length = int(minutes * 60_000) * FRAMES_A_MS * 4
    audio, kept, at = b"", list[Utterance](), 0
    while len(audio) < length:
        shift = len(audio) // 4 // FRAMES_A_MS
        kept += [_later(each, shift, at + each.seq) for each in once]
        at, audio = len(kept), audio + one
    kept = [each for each in kept if each.end_ms < minutes * 60_000]
    audio = audio[: (kept[-1].end_ms + 200) * FRAMES_A_MS * 4]  # whoever speaks then is in no transcript
    before_s = bench.whisper.cpu_seconds()
    recording, published, took_s = bench.redacted(tenant, audio, kept)
    worked_s = bench.whisper.cpu_seconds() - before_s
    print(
        f"{minutes:g} minutes, stereo: {recording.state.value} {recording.why} in {took_s:.1f} s (goal {GOAL_S:g}); "
        f"{worked_s:.0f} s of processor time to recognise it, in two processes"
    )
    assert not published or len(published) == len(audio)
    return {
        "minutes": minutes,
        "state": recording.state.value,
        "why": recording.why,
        "took_s": round(took_s, 1),
        "cpu_s": worked_s,
    }


def _later(each: Utterance, by_ms: int, seq: int) -> Utterance:
    spans = tuple(replace(span, start_ms=span.start_ms + by_ms, end_ms=span.end_ms + by_ms) for span in each.private)
    return replace(
        each, id=f"u{seq}", seq=seq, start_ms=each.start_ms + by_ms, end_ms=each.end_ms + by_ms, private=spans
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--calls", nargs="*", choices=NAMES, default=NAMES)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    bench = Bench()
    try:
        print("transcribed, proven and recognised again by the embedded recogniser (Whisper tiny.en)")
        rows = leaks(bench, asked.calls)
        long = timed(bench, asked.minutes)
    finally:
        bench.whisper.close()
    published = [row for row in rows if row["state"] == "redacted"]
    planted_items = sum(row["planted"] for row in published)
    left = sum(row["audible"] for row in published)
    print(f"leak rate of what is published: {left} of {planted_items} planted items audible; "
          f"{len(rows) - len(published)} of {len(rows)} recordings quarantined")  # fmt: skip
    if asked.json:
        result = {"calls": rows, "long": long, "planted": planted_items, "audible": left}
        asked.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    if left or long["took_s"] > GOAL_S or long["state"] != "redacted":
        raise SystemExit("a goal was missed")


if __name__ == "__main__":
    main()
