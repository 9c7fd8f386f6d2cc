"""Facts in S3, written and read as the tenant. The bucket keeps versions; here none outlives its replacement."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from sotto.analytics.adapters.places import place_of
from sotto.core.errors import Retryable

_NOT_THERE = ("NoSuchKey", "404", "AccessDenied", "403")
"""S3 says of an object that is not there that access to it is denied, where the role may not list."""


class FilesUnavailable(Retryable):
    """S3 throttled us or could not be reached."""


class S3Files:
    """FactFiles."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, tenant: str, fact: str, day: str, file: Path) -> None:
        key = place_of(tenant, fact, day)
        with _translated():
            self._client.put_object(Bucket=self._bucket, Key=key, Body=file.read_bytes())
            self._delete_versions(key, keep_latest=True)

    def remove(self, tenant: str, fact: str, day: str) -> None:
        with _translated():
            self._delete_versions(place_of(tenant, fact, day), keep_latest=False)

    def get(self, tenant: str, fact: str, day: str, file: Path) -> bool:
        key = place_of(tenant, fact, day)
        try:
            with _translated():
                found = self._client.get_object(Bucket=self._bucket, Key=key)
                with file.open("wb") as copy:
                    for piece in found["Body"].iter_chunks(1 << 20):
                        copy.write(piece)
        except ClientError as error:
            if error.response["Error"]["Code"] in _NOT_THERE:
                return False
            raise
        return True

    def _delete_versions(self, key: str, *, keep_latest: bool) -> None:
        """By their ids: a delete without one only puts a marker on top. What there is of markers goes as well."""
        for each in list(self._versions(key)):
            if each["Key"] == key and not (keep_latest and each["IsLatest"]):
                self._client.delete_object(Bucket=self._bucket, Key=key, VersionId=each["VersionId"])

    def _versions(self, key: str) -> Iterator[dict[str, Any]]:
        after: dict[str, str] = {}
        while True:
            page = self._client.list_object_versions(Bucket=self._bucket, Prefix=key, **after)
            yield from (*page.get("Versions", []), *page.get("DeleteMarkers", []))
            if not page.get("IsTruncated"):
                return
            after = {"KeyMarker": page["NextKeyMarker"], "VersionIdMarker": page["NextVersionIdMarker"]}


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] in (*_NOT_THERE, "NoSuchBucket"):
            raise
        raise FilesUnavailable(error.response["Error"]["Code"]) from error
    except BotoCoreError as error:
        raise FilesUnavailable(type(error).__name__) from error
