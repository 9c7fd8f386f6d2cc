"""What is imported, in the customer's own bucket: read as the tenant, a piece at a time, and never copied."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any, BinaryIO, NoReturn, cast

from botocore.exceptions import BotoCoreError, ClientError

from sotto.core.errors import Retryable
from sotto.imports.item import ItemMistaken, Reason
from sotto.imports.source import ImportSource

PIECE_BYTES = 1024 * 1024
_STREAMED = 256 * 1024
_GONE = frozenset({"NoSuchKey", "NoSuchVersion", "NoSuchBucket", "404", "NotFound"})
_REFUSED = frozenset({"AccessDenied", "403", "Forbidden", "AllAccessDisabled", "InvalidObjectState"})
_CHANGED = frozenset({"PreconditionFailed", "412"})


class ObjectsUnavailable(Retryable):
    """S3 throttled us, could not be reached, or lost the connection."""


class S3Objects:
    """Objects. ``client_of``: boto3's S3 client that acts as a tenant."""

    def __init__(self, client_of: Callable[[str], Any]) -> None:
        self._client_of = client_of

    def open(self, source: ImportSource, key: str, version: str | None = None) -> S3Object:
        client = self._client_of(source.tenant)
        place = {"Bucket": source.bucket, "Key": key}
        try:
            found = client.head_object(**place, **({"IfMatch": version} if version is not None else {}))
        except (ClientError, BotoCoreError) as error:
            _reject(error)
        return S3Object(client, place, found["ETag"], int(found["ContentLength"]), found["LastModified"])


class S3Object:
    """A StoredObject."""

    def __init__(self, client: Any, place: dict[str, str], version: str, size: int, put_at: Any) -> None:
        self._client = client
        self._place = place
        self.version = version
        self.size = size
        self.put_at_ms = round(put_at.timestamp() * 1000)

    def stream(self, offset: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Goes on where a connection was lost, as long as each brings something."""
        last = self.size if end is None else min(end, self.size)
        while offset < last:
            got = 0
            for chunk in self._got(offset, last):
                got += len(chunk)
                yield chunk
            if not got:
                raise ObjectsUnavailable("the connection to S3 was lost")
            offset += got

    @contextmanager
    def file(self) -> Iterator[BinaryIO]:
        with io.BufferedReader(_Pieces(self), PIECE_BYTES) as file:
            yield cast(BinaryIO, file)

    def _got(self, offset: int, end: int) -> Iterator[bytes]:
        try:
            answer = self._client.get_object(**self._place, Range=f"bytes={offset}-{end - 1}", IfMatch=self.version)
        except (ClientError, BotoCoreError) as error:
            _reject(error)
        with closing(answer["Body"]) as body, suppress(BotoCoreError):  # cut off: the rest is asked for again
            while chunk := body.read(_STREAMED):
                yield chunk


class _Pieces(io.RawIOBase):
    """An object as a file: each read is a request of its own, so that nothing is left open."""

    def __init__(self, of: S3Object) -> None:
        self._of = of
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._of.size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, into: Any) -> int:
        content = b"".join(self._of.stream(self._at, self._at + len(into)))
        into[: len(content)] = content
        self._at += len(content)
        return len(content)


def _reject(error: ClientError | BotoCoreError) -> NoReturn:
    code = error.response.get("Error", {}).get("Code", "") if isinstance(error, ClientError) else ""
    if code in _GONE:
        raise ItemMistaken(Reason.MISSING) from error
    if code in _CHANGED:
        raise ItemMistaken(Reason.CHANGED) from error
    if code in _REFUSED or code.startswith("KMS."):
        raise ItemMistaken(Reason.NO_ACCESS) from error
    raise ObjectsUnavailable(code or type(error).__name__) from error
