"""Contract: the embedded PutMedia refuses what Kinesis Video Streams refuses, by the errors of its documentation."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError

from local.aws.appsync.authorisation import IamCaller
from local.aws.kinesis_video.put_media import Buffering, MediaError, Upload, Uploaded, UploadRefused
from local.aws.kinesis_video.server import KinesisVideo
from local.aws.web_server import WebServer
from media_gateway.kinesis.put_media import PATH, signed_headers
from sotto.media.mkv.writing import cluster, header, tags_of

KEY, SECRET, REGION, STREAM = "AKIAPUTMEDIATESTS000", "a-secret-of-no-account", "us-east-1", "a-stream"
TRACKS = {1: ("AUDIO_FROM_CUSTOMER", "A_AAC"), 2: ("AUDIO_TO_CUSTOMER", "A_AAC")}
HEAD = header(bytes(16), TRACKS, title="t", app="a")
PCM = bytes(1_600)


def fragment(time_ms: int, *, tracks: tuple[int, ...] = (1, 2), at_ms: int = 0) -> bytes:
    return cluster(time_ms, [(track, at_ms, PCM) for track in tracks])


def uploaded(data: bytes) -> list[Buffering | Uploaded]:
    upload = Upload()
    return [each for at in range(len(data)) for each in upload.feed(data[at : at + 1])] + upload.finish()


def test_fragments_come_out_as_they_were_sent_with_the_tags_behind_them() -> None:
    first, one, second, other = uploaded(HEAD + tags_of(a="1") + fragment(1_000) + tags_of(b="2") + fragment(1_100))
    assert (first, second) == (Buffering(1_000), Buffering(1_100))
    assert isinstance(one, Uploaded) and isinstance(other, Uploaded)
    assert one.tags == {"a": "1", "b": "2"} and other.tags == {}
    assert one.blocks == [(1, 1_000, PCM), (2, 1_000, PCM)]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (fragment(1_000) + fragment(1_000), MediaError.FRAGMENT_TIMECODE_LESSER_THAN_PREVIOUS),
        (fragment(1_000, at_ms=100) + fragment(1_050), MediaError.FRAGMENT_TIMECODE_LESSER_THAN_PREVIOUS),
        (fragment(1_000, tracks=(1,)) + fragment(1_100), MediaError.FRAMES_MISSING_FOR_TRACK),
        (fragment(1_000, tracks=(1, 2, 3)), MediaError.TRACK_NUMBER_MISMATCH),
        (fragment(1_000, at_ms=10_001), MediaError.MAX_FRAGMENT_DURATION_REACHED),
        (fragment(1_000) + HEAD, MediaError.INVALID_MKV_DATA),
        (tags_of(**{f"tag-{number}": "x" for number in range(11)}), MediaError.FRAGMENT_METADATA_LIMIT_REACHED),
        (b"\x00" * 64, MediaError.INVALID_MKV_DATA),
    ],
)
def test_what_kinesis_video_streams_refuses_is_refused(data: bytes, error: MediaError) -> None:
    with pytest.raises(UploadRefused) as refused:
        uploaded(HEAD + data + fragment(9_000_000))
    assert refused.value.error is error


def test_more_than_three_tracks_are_refused() -> None:
    four = {number: (f"track-{number}", "A_AAC") for number in range(1, 5)}
    with pytest.raises(UploadRefused) as refused:
        uploaded(header(bytes(16), four, title="t", app="a"))
    assert refused.value.error is MediaError.MORE_THAN_ALLOWED_TRACKS_FOUND


@pytest.fixture
def url() -> Iterator[str]:
    media = KinesisVideo(speed=0, caller=IamCaller(KEY, SECRET, REGION))
    media.create_stream(f"arn:aws:kinesisvideo:us-east-1:111122223333:stream/{STREAM}/1")
    with WebServer(media.app, name="kvs") as server:
        yield server.url


def put(url: str, **changed: str) -> tuple[int, str]:
    """Of a request whose body never comes: status and error."""
    credentials = boto3.Session(aws_access_key_id=KEY, aws_secret_access_key=SECRET).get_credentials()
    assert credentials is not None
    headers: dict[str, Any] = dict(signed_headers(url, STREAM, credentials.get_frozen_credentials(), REGION))
    connection = HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        connection.putrequest("POST", PATH, skip_host=True, skip_accept_encoding=True)
        for name, value in {**headers, **changed}.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.headers.get("x-amzn-ErrorType", "")
    finally:
        connection.close()


def test_who_does_not_sign_is_refused(url: str) -> None:
    assert put(url, Authorization="AWS4-HMAC-SHA256 nothing") == (403, "AccessDeniedException")
    assert put(url, **{"x-amzn-stream-name": "another"}) == (403, "AccessDeniedException")


def test_a_stream_is_made_once_and_is_active_a_moment_later(url: str) -> None:
    session = boto3.Session(aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name=REGION)
    client = session.client("kinesisvideo", endpoint_url=url)
    client.create_stream(StreamName="new", DataRetentionInHours=1)
    with pytest.raises(ClientError) as refused:
        client.create_stream(StreamName="new", DataRetentionInHours=1)
    assert refused.value.response["Error"]["Code"] == "ResourceInUseException"
    names = [each["StreamName"] for each in client.list_streams()["StreamInfoList"]]
    assert sorted(names) == [STREAM, "new"]
    client.delete_stream(StreamARN=client.describe_stream(StreamName="new")["StreamInfo"]["StreamARN"])
    assert [each["StreamName"] for each in client.list_streams()["StreamInfoList"]] == [STREAM]
    client.close()
