"""Contract: redacted recordings in S3, as the adapter keeps, opens and erases them. Runs against moto."""

from __future__ import annotations

import os
import urllib.parse
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from sotto.aws.keys import BadKey
from sotto.recordings.adapters.s3_recordings import PART_BYTES, NoKeyForTenant, S3Redacted, prefix_of
from sotto.recordings.record import Published
from sotto.wiring.sotto import Sotto

BUCKET, KEY = "sotto-audio", "arn:aws:kms:us-east-1:123456789012:key/bank"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        session = boto3.Session("testing", "testing", region_name="us-east-1")
        client = Sotto.of({"AWS_REGION": "us-east-1", "POWERTOOLS_LOG_LEVEL": "ERROR"}, session=session).client("s3")
        client.create_bucket(Bucket=BUCKET)
        client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        yield client


@pytest.fixture
def kept(s3: Any) -> S3Redacted:
    return S3Redacted(lambda tenant: s3, BUCKET, {"bank": KEY})


def put(kept: S3Redacted, contact_id: str, audio: bytes = b"RIFF") -> Published:
    upload = kept.begin("bank", contact_id, "r1")
    upload.write(audio)
    return Published(*upload.publish(), 1_000, 2)


def test_it_is_there_whole_under_the_tenants_key_once_it_is_published(kept: S3Redacted, s3: Any) -> None:
    audio = os.urandom(2 * PART_BYTES + 1)
    upload = kept.begin("bank", "c1", "r1")
    for at in range(0, len(audio), 999_983):
        upload.write(audio[at : at + 999_983])
    assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET)
    key, version = upload.publish()
    found = s3.get_object(Bucket=BUCKET, Key=key, VersionId=version)
    assert found["Body"].read() == audio
    assert (found["ServerSideEncryption"], found["SSEKMSKeyId"]) == ("aws:kms", KEY)
    assert key.startswith("bank/recordings/c1/")


def test_what_is_abandoned_leaves_nothing(kept: S3Redacted, s3: Any) -> None:
    upload = kept.begin("bank", "c1", "r1")
    upload.write(bytes(PART_BYTES + 1))
    upload.abandon()
    upload.abandon()
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=BUCKET)


def test_erasing_takes_all_versions_of_that_contact_alone_and_twice_is_as_good_as_once(
    kept: S3Redacted, s3: Any
) -> None:
    first, _, other = put(kept, "c1"), put(kept, "c1"), put(kept, "c10")
    s3.delete_object(Bucket=BUCKET, Key=first.key)  # a marker over both
    assert kept.versions("bank", "c1") == 3
    assert (kept.erase("bank", "c1"), kept.erase("bank", "c1")) == (3, 0)
    versions = s3.list_object_versions(Bucket=BUCKET)
    assert [each["Key"] for each in versions["Versions"]] == [other.key] and "DeleteMarkers" not in versions
    assert kept.versions("bank", "c1") == 0


def test_a_tenant_without_a_key_and_an_id_that_would_be_another_folder_are_refused(kept: S3Redacted) -> None:
    with pytest.raises(NoKeyForTenant):
        kept.begin("garage", "c1", "r1")
    for odd in ("../c2", "c1/c2", "", "a#b"):
        with pytest.raises(BadKey):
            prefix_of("bank", odd)


def test_a_link_names_one_version_and_for_how_long(kept: S3Redacted) -> None:
    published = put(kept, "c1")
    url = kept.url("bank", published, expires_s=300)
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)
    assert published.key in url and query["versionId"] == [published.object_version]
    assert query["X-Amz-Expires"] == ["300"]
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"], "S3 opens nothing under a KMS key by an older signature"
