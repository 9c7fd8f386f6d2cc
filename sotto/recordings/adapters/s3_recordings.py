"""Recordings in S3: Connect's own, read and never copied, and the redacted ones in our bucket.

Both are reached as the tenant whose they are; Connect's only with a session that says that it reads recordings, which
the tenant's role gives to one function alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from typing import Any, NoReturn

from botocore.exceptions import BotoCoreError, ClientError

from sotto.aws import keys
from sotto.core.errors import Rejected, Retryable
from sotto.recordings.ports import NoSuchRecording, SourceRefused
from sotto.recordings.record import Published, Source

PART_BYTES = 8 * 1024 * 1024
"""S3 takes no part of less than 5 MB but the last, and 10,000 of them."""
_STREAMED = 256 * 1024
_GONE = frozenset({"NoSuchKey", "NoSuchVersion", "NoSuchBucket", "404", "NotFound", "MethodNotAllowed", "405"})
_REFUSED = frozenset(
    {
        "AccessDenied",
        "403",
        "Forbidden",
        "AllAccessDisabled",
        "InvalidObjectState",
        "KMS.DisabledException",
        "KMS.NotFoundException",
        "KMS.KMSInvalidStateException",
        "KMS.AccessDeniedException",
    }
)
"""Of a key of somebody else's S3 says AccessDenied; of one that is disabled or to be deleted, what KMS says."""
ClientOf = Callable[[str], Any]
"""boto3's S3 client that acts as a tenant."""


class RecordingsUnavailable(Retryable):
    """S3 throttled us, could not be reached, or lost the connection."""


class NoKeyForTenant(Rejected):
    """The deployment names no key for this tenant's recordings."""


class S3Sources:
    """SourceFiles in Connect's buckets."""

    def __init__(self, client_of: ClientOf) -> None:
        self._client_of = client_of

    def open(self, tenant: str, source: Source) -> S3Source:
        client = self._client_of(tenant)
        try:
            found = client.head_object(Bucket=source.bucket, Key=source.key)
        except (ClientError, BotoCoreError) as error:
            _reject(error)
        return S3Source(client, source, found)

    def delete(self, tenant: str, source: Source, version: str | None) -> bool:
        which = {"VersionId": version} if version is not None else {}
        try:
            self._client_of(tenant).delete_object(Bucket=source.bucket, Key=source.key, **which)
        except (ClientError, BotoCoreError) as error:
            if _code(error) in _GONE:
                return True
            if _code(error) in _REFUSED:
                return False
            raise RecordingsUnavailable(_code(error)) from error
        return True


class S3Source:
    """A SourceFile: the version that was current when it was opened. Where the bucket keeps none, an object that is put
    over it meanwhile is refused, not mixed in."""

    def __init__(self, client: Any, source: Source, found: Mapping[str, Any]) -> None:
        self._client = client
        self._source = source
        self._etag = found["ETag"]
        self.size = int(found["ContentLength"])
        self.version: str | None = found.get("VersionId")

    def read(self, offset: int, size: int) -> bytes:
        return b"".join(self.stream(offset, size))

    def stream(self, offset: int, size: int) -> Iterator[bytes]:
        """Goes on where a connection was lost, as long as each brings something."""
        end = offset + size
        while offset < end:
            got = 0
            for chunk in self._got(offset, end):
                got += len(chunk)
                yield chunk
            if not got:
                raise RecordingsUnavailable("the connection to S3 was lost")
            offset += got

    def _got(self, offset: int, end: int) -> Iterator[bytes]:
        which = {"VersionId": self.version} if self.version is not None else {}
        try:
            answer = self._client.get_object(
                Bucket=self._source.bucket,
                Key=self._source.key,
                Range=f"bytes={offset}-{end - 1}",
                IfMatch=self._etag,
                **which,
            )
        except (ClientError, BotoCoreError) as error:
            _reject(error)
        with closing(answer["Body"]) as body, suppress(BotoCoreError):  # cut off: the rest is asked for again
            while chunk := body.read(_STREAMED):
                yield chunk


class S3Redacted:
    """RedactedFiles under ``<tenant>/recordings/<contact>/``. ``key_ids``: tenant -> ARN of the KMS key that its
    objects are under; the bucket takes no others."""

    def __init__(self, client_of: ClientOf, bucket: str, key_ids: Mapping[str, str]) -> None:
        self._client_of = client_of
        self._bucket = bucket
        self._key_ids = key_ids

    def begin(self, tenant: str, contact_id: str, recording: str) -> S3Upload:
        if tenant not in self._key_ids:
            raise NoKeyForTenant("SOTTO_RECORDING_KEYS: names no key for the tenant; deploy its cell again")
        key = f"{prefix_of(tenant, contact_id)}{recording}.wav"
        return S3Upload(self._client_of(tenant), self._bucket, key, self._key_ids[tenant])

    def delete(self, tenant: str, published: Published) -> None:
        with _translated():
            self._client_of(tenant).delete_object(
                Bucket=self._bucket, Key=published.key, VersionId=published.object_version
            )

    def erase(self, tenant: str, contact_id: str) -> int:
        client, found = self._client_of(tenant), list(self._listed(tenant, prefix_of(tenant, contact_id)))
        with _translated():
            for each in found:
                client.delete_object(Bucket=self._bucket, Key=each["Key"], VersionId=each["VersionId"])
        return len(found)

    def versions(self, tenant: str, contact_id: str) -> int:
        return sum(1 for _ in self._listed(tenant, prefix_of(tenant, contact_id)))

    def erase_before(self, tenant: str, written_before_ms: int, held: frozenset[str]) -> int:
        client, erased = self._client_of(tenant), 0
        for each in self._listed(tenant, f"{keys.of_tenant(tenant)}/recordings/"):
            is_over = each["LastModified"].timestamp() * 1000 < written_before_ms
            if is_over and each["Key"].split("/")[2] not in held:
                with _translated():
                    client.delete_object(Bucket=self._bucket, Key=each["Key"], VersionId=each["VersionId"])
                erased += 1
        return erased

    def _listed(self, tenant: str, prefix: str) -> Iterator[dict[str, Any]]:
        """Versions and delete markers."""
        with _translated():
            pages = self._client_of(tenant).get_paginator("list_object_versions")
            for page in pages.paginate(Bucket=self._bucket, Prefix=prefix):
                yield from (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))

    def url(self, tenant: str, published: Published, *, expires_s: int) -> str:
        with _translated():
            signed: str = self._client_of(tenant).generate_presigned_url(
                "get_object",
                Params={"Bucket": self._bucket, "Key": published.key, "VersionId": published.object_version},
                ExpiresIn=expires_s,
            )
        return signed


class S3Upload:
    """An Upload in parts, which are no object until the last request puts them together. What is left of one whose
    process died goes by the bucket's rule for such parts, after a day."""

    def __init__(self, client: Any, bucket: str, key: str, key_arn: str) -> None:
        self._client = client
        self._at = {"Bucket": bucket, "Key": key}
        self._pending = bytearray()
        self._parts: list[dict[str, Any]] = []
        with _translated():
            begun = client.create_multipart_upload(
                **self._at, ContentType="audio/wav", ServerSideEncryption="aws:kms", SSEKMSKeyId=key_arn
            )
        self._upload: str | None = begun["UploadId"]

    def write(self, audio: bytes) -> None:
        self._pending += audio
        while len(self._pending) >= PART_BYTES:
            self._send(bytes(self._pending[:PART_BYTES]))
            del self._pending[:PART_BYTES]

    def publish(self) -> tuple[str, str]:
        if self._pending:
            self._send(bytes(self._pending))
        with _translated():
            done = self._client.complete_multipart_upload(
                **self._at, UploadId=self._upload, MultipartUpload={"Parts": self._parts}
            )
        self._upload = None
        return self._at["Key"], str(done.get("VersionId") or "null")

    def abandon(self) -> None:
        if self._upload is not None:
            with suppress(ClientError, BotoCoreError):
                self._client.abort_multipart_upload(**self._at, UploadId=self._upload)
        self._upload = None

    def _send(self, part: bytes) -> None:
        number = len(self._parts) + 1
        with _translated():
            sent = self._client.upload_part(**self._at, UploadId=self._upload, PartNumber=number, Body=part)
        self._parts.append({"PartNumber": number, "ETag": sent["ETag"]})


def prefix_of(tenant: str, contact_id: str) -> str:
    """What a contact's recordings are under, and nobody else's. Raises BadKey."""
    keys.of_contact(tenant, contact_id)
    if "/" in contact_id:
        raise keys.BadKey("contact_id: must not contain '/'")
    return f"{tenant}/recordings/{contact_id}/"


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise RecordingsUnavailable(_code(error)) from error


def _reject(error: ClientError | BotoCoreError) -> NoReturn:
    code = _code(error)
    if code in _GONE:
        raise NoSuchRecording("the object is not there") from error
    if code in _REFUSED:
        raise SourceRefused("the object, or the key that it is under, may not be read") from error
    if code in ("PreconditionFailed", "412"):
        raise RecordingsUnavailable("the object was replaced while it was read") from error
    raise RecordingsUnavailable(code) from error


def _code(error: BaseException | None) -> str:
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", ""))
    return type(error).__name__
