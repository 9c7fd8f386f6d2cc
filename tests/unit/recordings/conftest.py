"""A bucket of Connect's, one of ours, and everything that redaction of a recording asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from sotto.call.after_call_work import StepOrder, StepOutcome
from sotto.call.contact import Contact
from sotto.call.utterance import Utterance
from sotto.consent.rules import ConsentRecord
from sotto.core.metrics.recorder import Recorder
from sotto.recordings.adapters.s3_recordings import S3Redacted, S3Sources
from sotto.recordings.ports import RedactPorts
from sotto.recordings.record import Recording, Source
from sotto.recordings.redact import redact_recordings
from tests.fakes.books import BooksInMemory, any_book
from tests.fakes.clock import ClockByHand
from tests.fakes.contacts import ContactsInMemory
from tests.fakes.recordings import RecordingsInMemory
from tests.unit.recordings.recorded_call import (
    STARTED_MS,
    AudibleWords,
    contact,
    redactor,
    samples,
    spoken,
    utterances,
    wav,
)

CONNECTS, OURS = "connect-recordings", "sotto-audio"
KEY = "connect/bank/CallRecordings/2026/11/30/c1_20261130T10:00_UTC.wav"
KEY_ARN = "arn:aws:kms:us-east-1:123456789012:key/bank"


class Desk:
    """Recordings of one contact, and what becomes of them."""

    def __init__(self, s3: Any) -> None:
        self.s3 = s3
        self.said = spoken()
        self.kept: list[Utterance] = utterances(self.said)
        self.clock = ClockByHand(STARTED_MS + 600_000.0)
        self.contacts = ContactsInMemory(contact())
        self.store = RecordingsInMemory()
        self.consent: ConsentRecord | None = None
        self.lease: Any = None
        self.at_connect: list[Source] = []
        self.metrics_lines: list[str] = []
        self.audio = samples(self.said)
        self.retranscriber = AudibleWords(self.said, self.audio)
        self.books = BooksInMemory(any_book("bank"))

    @property
    def ports(self) -> RedactPorts:
        desk = self

        class Known:
            def current(self, tenant: str, contact_id: str) -> Any:
                return desk.lease

            def latest(self, tenant: str, contact_id: str) -> ConsentRecord | None:
                return desk.consent

            def utterances(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> list[Utterance]:
                return [each for each in desk.kept if each.seq > after_seq][:limit]

            def recordings(self, contact: Contact) -> list[Source]:
                return desk.at_connect

        known = Known()
        return RedactPorts(
            contacts=self.contacts,
            leases=known,
            consents=known,
            books=self.books,
            transcript=known,
            store=self.store,
            instance=known,
            sources=S3Sources(lambda tenant: self.s3),
            redacted=S3Redacted(lambda tenant: self.s3, OURS, {"bank": KEY_ARN}),
            retranscriber=self.retranscriber,
            redactor=lambda contact: redactor(),
            metrics=Recorder(self.clock, self.metrics_lines.append, cell="test"),
            clock=self.clock,
        )

    def record(self, file: bytes | None = None, *, started_at_ms: int | None = STARTED_MS) -> None:
        """Connect puts it, and it is known."""
        self.s3.put_object(Bucket=CONNECTS, Key=KEY, Body=wav(self.audio) if file is None else file)
        self.known(started_at_ms=started_at_ms)

    def known(self, *, started_at_ms: int | None = STARTED_MS) -> None:
        source = Source(CONNECTS, KEY, started_at_ms)
        self.store.store(Recording.available("bank", "c1", source, int(self.clock.now_ms())))

    def redact(self) -> StepOutcome:
        return redact_recordings(StepOrder("bank", "c1"), self.ports)

    @property
    def recording(self) -> Recording:
        (found,) = self.store.recordings("bank", "c1")
        return found

    def published(self) -> bytes:
        assert self.recording.published is not None
        at = self.recording.published
        answer = self.s3.get_object(Bucket=OURS, Key=at.key, VersionId=at.object_version)
        content: bytes = answer["Body"].read()
        return content

    def objects(self, bucket: str = OURS) -> list[str]:
        """All versions, and what is left of uploads."""
        found = self.s3.list_object_versions(Bucket=bucket)
        versions = [each["VersionId"] for each in (*found.get("Versions", ()), *found.get("DeleteMarkers", ()))]
        return versions + [
            each["UploadId"] for each in self.s3.list_multipart_uploads(Bucket=bucket).get("Uploads", ())
        ]

    def rerecorded(self, said: Any, **how: Any) -> None:
        self.audio = samples(said, **how)
        self.retranscriber = replace(self.retranscriber, said=said, recorded=self.audio)


@pytest.fixture(scope="session")
def account() -> boto3.Session:
    """Reads what S3 is but once."""
    return boto3.Session("testing", "testing", region_name="us-east-1")


@pytest.fixture
def desk(account: boto3.Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        s3 = account.client("s3")
        for bucket in (CONNECTS, OURS):
            s3.create_bucket(Bucket=bucket)
            s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        yield Desk(s3)
