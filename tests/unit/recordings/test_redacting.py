"""Unit: a recording is redacted, proven and published, or it is not published at all."""

from __future__ import annotations

import base64
from array import array
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from sotto.call.after_call_work import StepOutcome
from sotto.call.contact import Channel, Contact
from sotto.call.transcript_result import TranscriptResult
from sotto.recordings.beeps import WIDE_PADDING_MS, tone
from sotto.recordings.ports import Window
from sotto.recordings.record import RecordingState, Why
from tests.fakes.books import any_book
from tests.unit.recordings.conftest import CONNECTS, Desk
from tests.unit.recordings.recorded_call import (
    CARD,
    RATE,
    STARTED_MS,
    TALK,
    AudibleWords,
    chunked_wav,
    contact,
    frames_of,
    mono,
    samples,
    spoken,
    utterances,
    wav,
)


def card_frames(desk: Desk) -> tuple[int, int]:
    spans = [span for each in desk.kept for span in each.private]
    first = min(span.start_ms for span in spans) - WIDE_PADDING_MS
    last = max(span.end_ms for span in spans) + WIDE_PADDING_MS
    return int(first * RATE), int(last * RATE)


def test_the_card_is_a_tone_on_both_channels_and_the_rest_is_as_it_was(desk: Desk) -> None:
    desk.record()
    assert desk.redact() is StepOutcome.DONE
    before, after = desk.audio, frames_of(desk.published())
    first, end = card_frames(desk)
    assert len(after) == len(before)
    assert after[: 2 * first] == before[: 2 * first]
    assert after[2 * end :] == before[2 * end :]
    for channel in (0, 1):
        assert after[2 * first + channel : 2 * end + channel : 2] == tone(first, end - first)
    assert max(tone(0, 8)) > 6_000  # somebody hears it
    assert [each.name for each in desk.store.events] == [f"recording.redacted#{desk.recording.id}#3"]
    assert desk.recording.beeped[0].from_ms == first // RATE
    assert desk.recording.published is not None and desk.recording.published.begins_ms == 0
    assert [len(base64.b64decode(each)) > 50 for each in desk.recording.published.peaks] == [True, True]


def test_the_other_channel_keeps_what_is_no_card(desk: Desk) -> None:
    desk.said = spoken(((TALK[0]), (TALK[1][0], "you can reach me at emma at example dot com thank you so much")))
    desk.kept = utterances(desk.said)
    assert [span.kind for each in desk.kept for span in each.private] == ["email"]
    desk.rerecorded(desk.said)
    hum = desk.audio[:]
    hum[1::2] = tone(3, len(hum) // 2)
    desk.audio = hum
    desk.retranscriber = replace(desk.retranscriber, recorded=hum)
    desk.record()
    assert desk.redact() is StepOutcome.DONE
    after = frames_of(desk.published())
    assert after[1::2] == hum[1::2]
    assert after[0::2] != hum[0::2]


def test_the_original_stays_unless_the_tenant_says_otherwise(desk: Desk) -> None:
    desk.record()
    desk.redact()
    assert len(desk.objects(CONNECTS)) == 1


def test_the_original_version_is_deleted_for_good_where_the_policy_says_so_and_no_other(desk: Desk) -> None:
    desk.books.publish(any_book("bank", recordings={"delete_original": True}))
    desk.record()
    (known,) = desk.objects(CONNECTS)
    assert desk.redact() is StepOutcome.DONE
    assert desk.objects(CONNECTS) == []
    assert desk.recording.source_version == known
    assert desk.recording.source_deleted_at_ms is not None
    assert desk.redact() is StepOutcome.DONE  # again changes nothing


def test_once_is_enough(desk: Desk) -> None:
    desk.record()
    assert (desk.redact(), desk.redact()) == (StepOutcome.DONE, StepOutcome.DONE)
    assert desk.retranscriber.passes == 1
    assert len(desk.objects()) == 1


def test_who_is_late_finds_that_another_works_on_it(desk: Desk) -> None:
    desk.record()
    claimed = desk.recording.changed(claimed_until_ms=int(desk.clock.now_ms()) + 1)
    desk.store.store(claimed)
    assert desk.redact() is StepOutcome.PENDING
    desk.clock.advance(2)  # who has it is gone
    assert desk.redact() is StepOutcome.DONE


def test_a_recording_of_which_nothing_is_known_is_awaited(desk: Desk) -> None:
    assert desk.redact() is StepOutcome.PENDING
    desk.s3.put_object(Bucket=CONNECTS, Key="k.wav", Body=wav(desk.audio))
    from sotto.recordings.record import Source

    desk.at_connect = [Source(CONNECTS, "k.wav", STARTED_MS)]  # Connect is asked: its record may have been lost
    assert desk.redact() is StepOutcome.DONE


def test_of_a_chat_there_is_none_and_nobody_waits_for_one(desk: Desk) -> None:
    desk.contacts.put(replace(contact(), channel=Channel.CHAT, stream_arn=""))
    assert desk.redact() is StepOutcome.NOTHING


def test_a_late_one_is_awaited_and_one_that_never_comes_is_missing(desk: Desk) -> None:
    desk.known()
    assert desk.redact() is StepOutcome.PENDING
    assert desk.recording.claimed_until_ms == 0
    desk.clock.advance(3_600_000 * 2)
    assert desk.redact() is StepOutcome.FAILED
    assert (desk.recording.state, desk.recording.why) == (RecordingState.FAILED, Why.MISSING)
    desk.s3.put_object(Bucket=CONNECTS, Key=desk.recording.source.key, Body=wav(desk.audio))  # type: ignore[union-attr]
    assert desk.redact() is StepOutcome.DONE  # nothing is lost


def test_while_a_worker_still_writes_what_is_private_is_not_known(desk: Desk) -> None:
    desk.record()
    desk.contacts.put(contact(status="connected"))
    assert desk.redact() is StepOutcome.PENDING


def test_a_recording_that_begins_with_the_agent_is_laid_over_the_call(desk: Desk) -> None:
    offset_ms = 1_500.0
    desk.rerecorded(desk.said, offset_ms=offset_ms)
    desk.retranscriber = replace(desk.retranscriber, offset_ms=offset_ms)
    desk.record(started_at_ms=STARTED_MS + int(offset_ms))
    assert desk.redact() is StepOutcome.DONE
    first, _ = card_frames(desk)
    assert desk.recording.beeped[0].from_ms == first // RATE - offset_ms
    assert desk.recording.published is not None and desk.recording.published.begins_ms == offset_ms


def test_one_that_runs_behind_is_shifted_by_what_was_recognised(desk: Desk) -> None:
    """Connect's times may be whole seconds."""
    desk.rerecorded(desk.said, offset_ms=-900.0)  # everything is 900 ms later in the file than it should be
    desk.retranscriber = replace(desk.retranscriber, offset_ms=-900.0)
    desk.record()
    assert desk.redact() is StepOutcome.DONE
    first, _ = card_frames(desk)
    assert desk.recording.beeped[0].from_ms == first // RATE + 900
    assert desk.retranscriber.passes == 2


def test_what_the_live_recogniser_missed_is_found_and_beeped_too(desk: Desk) -> None:
    """The transcript knows nothing of the card; the recording does."""
    desk.kept[CARD] = replace(desk.kept[CARD], text="yes it is", private=())
    desk.record()
    assert desk.redact() is StepOutcome.DONE
    assert desk.retranscriber.passes == 2
    words = [word for word in desk.said[CARD].words if word.text in ("four", "one")]
    after = frames_of(desk.published())
    for word in words:
        first, end = int(word.start_ms * RATE), int(word.end_ms * RATE)
        assert after[2 * first : 2 * end : 2] == tone(first, end - first)


def test_mono_has_everybody_on_its_one_channel(desk: Desk) -> None:
    audio = mono(desk.audio)
    desk.retranscriber = AudibleWords(desk.said, audio, channels=1)
    desk.record(wav(audio, 1))
    assert desk.redact() is StepOutcome.DONE
    after = frames_of(desk.published())
    first, end = card_frames(desk)
    assert after[first:end] == tone(first, end - first)
    assert desk.recording.published is not None and desk.recording.published.channels == 1


def test_several_data_chunks_are_one_recording_and_text_in_it_stays_behind(desk: Desk) -> None:
    audio = desk.audio.tobytes()
    desk.record(chunked_wav(audio[:40_000], audio[40_000:40_004], audio[40_004:], extra=b"4111 1111 1111 1111 "))
    assert desk.redact() is StepOutcome.DONE
    published = desk.published()
    assert b"4111" not in published
    assert len(frames_of(published)) == len(desk.audio)


def test_what_connect_did_not_record_is_not_missed_in_the_re_transcript(desk: Desk) -> None:
    """While a card was due its recording was suspended, and is silent: sooner and later than the card itself."""
    first = int(desk.said[CARD - 1].words[-5].start_ms * RATE)
    end = int(desk.said[CARD + 1].words[2].end_ms * RATE)
    desk.audio[2 * first : 2 * end] = array("h", bytes(4 * (end - first)))
    desk.record()
    assert desk.redact() is StepOutcome.DONE


def test_calls_of_many_parts_are_whole(desk: Desk) -> None:
    said = spoken(TALK * 12)
    desk.said, desk.kept = said, utterances(said)
    desk.rerecorded(said)
    desk.record()
    assert desk.redact() is StepOutcome.DONE
    assert len(frames_of(desk.published())) == len(desk.audio)
    assert samples(said) == desk.audio


class WindowByWindow(AudibleWords):
    """Of each window its own words; ``asked``: how many windows each pass had."""

    asked: ClassVar[list[int]] = []

    def finals(self, contact: Contact, windows: Sequence[Window]) -> list[list[TranscriptResult]]:
        self.asked.append(len(windows))
        return [self._of(contact, window) for window in windows]

    def _of(self, contact: Contact, window: Window) -> list[TranscriptResult]:
        ends_ms = window.from_ms + sum(map(len, window.blocks())) / 4 / RATE
        inside = [each for each in self.said if window.from_ms <= each.words[0].start_ms < ends_ms]
        recorded = self.recorded[2 * int(window.from_ms * RATE) :]
        only = AudibleWords(inside, recorded, offset_ms=window.from_ms)
        (found,) = only.finals(contact, [window])
        return found


def test_of_a_long_call_only_the_part_with_another_tone_is_recognised_again(desk: Desk) -> None:
    """Six times the same talk, in one of which the transcript misses the card."""
    said = spoken(TALK * 6)
    desk.said, desk.kept = said, utterances(said)
    desk.rerecorded(said)
    missed = 2 * len(TALK) + CARD
    desk.kept[missed] = replace(desk.kept[missed], text="yes it is", private=())
    desk.retranscriber = WindowByWindow(said, desk.audio)
    desk.retranscriber.asked.clear()
    desk.record()
    assert desk.redact() is StepOutcome.DONE
    first, again = desk.retranscriber.asked
    assert (first, again) == (2, 1)
    after = frames_of(desk.published())
    for card in range(CARD, len(said), len(TALK)):
        word = next(word for word in said[card].words if word.text == "four")
        begin, end = int(word.start_ms * RATE), int(word.end_ms * RATE)
        assert after[2 * begin : 2 * end : 2] == tone(begin, end - begin)
