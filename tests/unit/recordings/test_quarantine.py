"""Unit: what cannot be proven is not published. Of each only the fact and the times are kept; Connect's stays."""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sotto.call.after_call_work import StepOutcome
from sotto.call.utterance import PrivateSpan
from sotto.consent.rules import ConsentRecord
from sotto.recordings.adapters.s3_recordings import RecordingsUnavailable, S3Source
from sotto.recordings.record import RecordingState, Why
from tests.unit.recordings.conftest import CONNECTS, Desk
from tests.unit.recordings.recorded_call import (
    CARD,
    STARTED_MS,
    TALK,
    AudibleWords,
    chunked_wav,
    contact,
    samples,
    spoken,
    utterances,
    wav,
)


def not_published(desk: Desk, state: RecordingState, why: Why) -> None:
    assert (desk.recording.state, desk.recording.why) == (state, why)
    assert desk.recording.published is None
    assert desk.objects() == []
    assert desk.store.events == []
    assert len(desk.objects(CONNECTS)) == 1  # nothing is lost


def quarantined(desk: Desk, why: Why) -> None:
    assert desk.redact() is StepOutcome.FAILED
    not_published(desk, RecordingState.QUARANTINED, why)


class StillAudible(AudibleWords):
    """However often it is beeped, a card is recognised in it."""

    def finals(self, contact: Any, windows: Any) -> list[Any]:
        (found,) = super().finals(contact, windows)
        at_ms = 300.0 + 2 * self.passes * 6_000
        return [[*found, *(replace(each, start_ms=at_ms, end_ms=at_ms + 2_000, words=()) for each in self.card)]]

    @property
    def card(self) -> list[Any]:
        return [
            replace(self.said[CARD].result, text="four one one one one one one one one one one one one one one one")
        ]


def test_what_is_still_found_after_all_rounds_is_quarantined_with_its_times_alone(desk: Desk) -> None:
    desk.retranscriber = StillAudible(desk.said, desk.audio)
    desk.record()
    quarantined(desk, Why.FINDINGS)
    assert desk.recording.found and all(each.until_ms > each.from_ms for each in desk.recording.found)
    assert "four" not in repr(desk.recording)


def test_an_empty_re_transcript_proves_nothing(desk: Desk) -> None:
    desk.retranscriber = replace(desk.retranscriber, deaf=True)
    desk.record()
    quarantined(desk, Why.EMPTY)


def test_nor_does_one_that_broke_off(desk: Desk) -> None:
    kept = {word for _, text in TALK[:1] for word in text.split()}
    others = frozenset(word for _, text in TALK for word in text.split()) - kept
    desk.retranscriber = replace(desk.retranscriber, misses=others)
    desk.record()
    quarantined(desk, Why.OTHER_WORDS)


def test_the_recording_of_another_call_is_not_ours_to_publish(desk: Desk) -> None:
    other = spoken(((TALK[0][0], "the weather is lovely and the garden wants watering every single evening"),) * 6)
    desk.rerecorded(other)
    desk.record()
    quarantined(desk, Why.OTHER_WORDS)


def test_one_that_runs_farther_apart_than_anybody_looks_is_not_beeped_anywhere(desk: Desk) -> None:
    desk.rerecorded(desk.said, offset_ms=-30_000.0)
    desk.retranscriber = replace(desk.retranscriber, offset_ms=-30_000.0, misses=frozenset({"one", "four"}))
    desk.record()
    assert desk.redact() is StepOutcome.FAILED
    assert desk.recording.state is RecordingState.QUARANTINED


def test_private_time_behind_its_end_says_that_it_is_not_the_whole_call(desk: Desk) -> None:
    desk.rerecorded(desk.said, lasts_ms=desk.said[CARD].words[0].start_ms - 500)
    desk.record()
    quarantined(desk, Why.TOO_SHORT)


def test_a_span_outside_the_file_never_leaves_it_as_it_was_and_calls_that_success(desk: Desk) -> None:
    behind = desk.kept[-1].end_ms + 60_000.0
    desk.kept[-1] = replace(desk.kept[-1], private=(PrivateSpan("card_number", behind, behind + 900, 0, 5),))
    desk.record()
    quarantined(desk, Why.TOO_SHORT)


def test_without_a_transcript_nobody_knows_what_is_private(desk: Desk) -> None:
    desk.kept = []
    desk.record()
    quarantined(desk, Why.NO_TRANSCRIPT)


def test_nor_in_a_language_that_nobody_transcribes(desk: Desk) -> None:
    desk.contacts.put(contact(unavailable=("transcript",)))
    desk.record()
    quarantined(desk, Why.NO_TRANSCRIPT)


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"<Error><Code>SlowDown</Code></Error>",
        wav(samples(spoken()))[:-40_001],  # cut off
        wav(samples(spoken()))[:20],
        chunked_wav(b"\0" * 1_001),  # ends within a frame
        chunked_wav(),
        wav(samples(spoken())).replace(struct.pack("<I", 8_000), struct.pack("<I", 16_000)),
        wav(samples(spoken())).replace(b"fmt \x10\0\0\0\x01\0", b"fmt \x10\0\0\0\x07\0"),  # mu-law
    ],
)
def test_what_is_no_recording_as_connect_writes_them_says_so(desk: Desk, broken: bytes) -> None:
    desk.record(broken)
    assert desk.redact() is StepOutcome.FAILED
    not_published(desk, RecordingState.FAILED, Why.NOT_A_RECORDING)


def test_one_that_is_too_long_for_us_is_not_begun(desk: Desk) -> None:
    desk.retranscriber = replace(desk.retranscriber, longest=1_000.0)
    desk.record()
    assert desk.redact() is StepOutcome.FAILED
    not_published(desk, RecordingState.FAILED, Why.TOO_LONG)


def answers(client: Any, operation: str, code: str, times: int = 99) -> list[str]:
    """What S3 answers ``operation`` from now on, so often."""
    left = [code] * times

    def refuse(**_: Any) -> Any:
        if left:
            raise ClientError({"Error": {"Code": left.pop()}}, operation)

    client.meta.events.register(f"before-call.s3.{operation}", refuse)
    return left


@pytest.mark.parametrize("code", ["AccessDenied", "KMS.DisabledException", "KMS.NotFoundException"])
def test_a_key_that_is_not_ours_to_use_is_named_and_tried_again_when_somebody_asks(desk: Desk, code: str) -> None:
    desk.record()
    left = answers(desk.s3, "GetObject", code)
    assert desk.redact() is StepOutcome.FAILED
    assert (desk.recording.state, desk.recording.why) == (RecordingState.FAILED, Why.REFUSED)
    left.clear()  # the key's policy is put right
    assert desk.redact() is StepOutcome.DONE


def test_a_throttled_bucket_leaves_the_recording_to_the_next_attempt(desk: Desk) -> None:
    desk.record()
    left = answers(desk.s3, "GetObject", "SlowDown")
    with pytest.raises(RecordingsUnavailable):
        desk.redact()
    assert desk.recording.claimed_until_ms == 0
    assert desk.objects() == []
    left.clear()
    assert desk.redact() is StepOutcome.DONE


@pytest.mark.parametrize("operation", ["UploadPart", "CompleteMultipartUpload"])
def test_an_upload_that_fails_leaves_nothing(desk: Desk, operation: str) -> None:
    desk.record()
    answers(desk.s3, operation, "InternalError", 1)
    with pytest.raises(RecordingsUnavailable):
        desk.redact()
    assert desk.objects() == []
    assert desk.redact() is StepOutcome.DONE


def test_a_refused_deletion_leaves_the_redacted_one_and_says_nothing_else(desk: Desk) -> None:
    from tests.fakes.books import any_book

    desk.books.publish(any_book("bank", recordings={"delete_original": True}))
    desk.record()
    answers(desk.s3, "DeleteObject", "AccessDenied")
    assert desk.redact() is StepOutcome.DONE
    assert desk.recording.source_deleted_at_ms is None


def test_a_source_that_is_replaced_meanwhile_is_not_mixed_in(desk: Desk) -> None:
    """In a bucket that keeps no versions."""
    desk.record()
    found = desk.s3.head_object(Bucket=CONNECTS, Key=desk.recording.source.key)  # type: ignore[union-attr]
    file = S3Source(desk.s3, desk.recording.source, {**found, "VersionId": None})  # type: ignore[arg-type]
    desk.s3.put_object(Bucket=CONNECTS, Key=desk.recording.source.key, Body=b"else")  # type: ignore[union-attr]
    with pytest.raises(RecordingsUnavailable):
        file.read(0, 4)


def test_what_is_withdrawn_while_it_is_proven_is_not_published(desk: Desk) -> None:
    desk.record()
    refused = ConsentRecord("bank", "c1", STARTED_MS, False, "customer_refused", True)

    class Withdrawn(AudibleWords):
        def finals(self, contact: Any, windows: Any) -> list[Any]:
            desk.consent = refused
            return super().finals(contact, windows)

    desk.retranscriber = Withdrawn(desk.said, desk.audio)
    assert desk.redact() is StepOutcome.PENDING
    assert desk.objects() == []
    assert desk.redact() is StepOutcome.PENDING  # it stays claimed, then there is nothing to do
    desk.clock.advance(16 * 60_000)
    assert desk.redact() is StepOutcome.NOTHING


def test_an_erasure_that_comes_between_the_proof_and_the_record_takes_the_file_along(desk: Desk) -> None:
    desk.record()

    class Erased(AudibleWords):
        def finals(self, contact: Any, windows: Any) -> list[Any]:
            desk.store.stored.clear()
            return super().finals(contact, windows)

    desk.retranscriber = Erased(desk.said, desk.audio)
    assert desk.redact() is StepOutcome.PENDING
    assert desk.objects() == []


def test_what_was_spoken_before_consent_is_beeped(desk: Desk) -> None:
    agreed_ms = desk.said[1].words[0].start_ms
    desk.consent = ConsentRecord("bank", "c1", STARTED_MS, True, "customer_consented", False, call_time_ms=agreed_ms)
    desk.kept = utterances(desk.said)[1:]  # what was withheld then is no utterance
    desk.record()
    assert desk.redact() is StepOutcome.DONE
    assert desk.recording.beeped[0].from_ms == 0
    assert desk.recording.beeped[0].until_ms >= agreed_ms


def test_of_who_refused_nothing_is_made(desk: Desk) -> None:
    desk.consent = ConsentRecord("bank", "c1", STARTED_MS, False, "customer_refused", False)
    desk.record()
    assert desk.redact() is StepOutcome.NOTHING
    assert desk.objects() == []
