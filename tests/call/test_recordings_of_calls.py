"""Call: every call ends with a redacted recording, and with no other copy of what was spoken."""

from __future__ import annotations

from array import array

import pytest

from local.aws.connect.recordings import BUCKET
from sotto.call.utterance import Utterance
from sotto.core.resources import RECORDINGS
from sotto.media.stereo import SAMPLE_RATE_HZ
from sotto.recordings.beeps import tone
from sotto.recordings.record import Recording, RecordingState
from tests.call.conftest import Played, Stack

pytestmark = pytest.mark.call

Calls = dict[tuple[str, str], Played]


def recording_of(played: Played, stack: Stack) -> Recording:
    stack.run(stack.sotto.idle(""))
    (found,) = stack.sotto.root.recordings.recordings(played.of("contact")[0]["tenant"], played.contact_id)
    return found


def utterances_of(played: Played, stack: Stack) -> list[Utterance]:
    tenant = played.of("contact")[0]["tenant"]
    return list(stack.sotto.root.conversations.utterances(tenant, played.contact_id, 0, 2_000))


def frames_of(recording: Recording, stack: Stack) -> array[int]:
    assert recording.published is not None
    at = recording.published
    found = stack.sotto.engineer("s3").get_object(Bucket=RECORDINGS, Key=at.key, VersionId=at.object_version)
    return array("h", found["Body"].read()[44:])


def test_each_is_redacted_and_the_panel_says_so(sample_calls: Calls, stack: Stack) -> None:
    for played in sample_calls.values():
        recording = recording_of(played, stack)
        assert recording.state is RecordingState.REDACTED, (played.name, recording.why)
        work = stack.sotto.root.after_call_work.work(recording.tenant, played.contact_id)
        assert work is not None and work.outcome_of("redact_recording") == "done"


def test_where_something_private_was_spoken_there_is_a_tone(sample_calls: Calls, stack: Stack) -> None:
    played = sample_calls["bank_card", "service"]
    recording, frames = recording_of(played, stack), SAMPLE_RATE_HZ // 1000
    audio = frames_of(recording, stack)
    private = [span for each in utterances_of(played, stack) for span in each.private]
    assert {"card_number", "card_expiry", "security_code"} <= {span.kind for span in private}
    for span in (each for each in private if each.kind in ("card_number", "card_expiry", "security_code")):
        first, end = int(span.start_ms) * frames, int(span.end_ms) * frames
        for channel in (0, 1):
            assert audio[2 * first + channel : 2 * end + channel : 2] == tone(first, end - first), span.kind


def test_connect_recorded_nothing_while_the_card_was_due_and_recorded_again(sample_calls: Calls, stack: Stack) -> None:
    played = sample_calls["bank_card", "service"]
    stack.run(stack.sotto.idle(""))
    recordings = stack.sotto.connect.recordings
    assert recordings is not None
    suspended = recordings.suspended_ms(played.contact_id)
    assert suspended and all(until_ms < played.of("contact")[0]["duration_ms"] for _, until_ms in suspended)
    assert not [each for each in sample_calls if each[0] == "garage_tires" and recordings.suspended_ms("-".join(each))]


def test_our_buckets_hold_what_is_published_and_connects_what_it_recorded(sample_calls: Calls, stack: Stack) -> None:
    """Every version, and what is left of uploads."""
    published = {recording_of(each, stack).published for each in sample_calls.values()}
    s3 = stack.sotto.engineer("s3")
    found = s3.list_object_versions(Bucket=RECORDINGS)
    ours = {(each["Key"], each["VersionId"]) for each in found.get("Versions", ())}
    assert {(each.key, each.object_version) for each in published if each is not None} <= ours
    contacts = {each.contact_id for each in sample_calls.values()}
    kept = [each for each in ours if each[0].split("/")[2] in contacts]
    assert len(kept) == len(sample_calls), "none twice"
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=RECORDINGS)
    theirs = [each["Key"] for each in s3.list_object_versions(Bucket=BUCKET)["Versions"]]
    assert all(sum(f"/{contact_id}_" in key for key in theirs) == 1 for contact_id in contacts)
