"""Where packages come from: a folder of this machine, or S3."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from model_containers.shard.protocol.errors import ModelNotFound
from sotto.core.errors import Retryable
from sotto.models.package import BadPackage

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class NotReachable(Retryable):
    """The storage did not answer; the package may well be there."""


class PackageNotFound(ModelNotFound, BadPackage):
    """No package has that address."""


class PackageSource(Protocol):
    def fetch(self, url: str, target: Path) -> None:
        """Write the package at ``url`` to ``target``: a file for an archive, else a directory.

        Raises PackageNotFound, NotReachable, BadPackage, OSError when the disk is full. Called from several threads.
        """
        ...


class LocalPackages:
    """SageMaker unpacks artefacts onto this machine before it names them; so does the embedded stack."""

    def fetch(self, url: str, target: Path) -> None:
        source = Path(url.removeprefix("file://"))
        if not source.exists():
            raise PackageNotFound(f"there is no package at {url}: check the address or publish it")
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True)
        else:
            _linked_or_copied(source, target)


def _linked_or_copied(source: Path, target: Path) -> None:
    """An archive is unpacked and let go, so a second name for it does; another file system or owner wants a copy."""
    try:
        target.hardlink_to(source.resolve())
    except OSError:
        shutil.copyfile(source, target)


class S3Packages:
    """Objects are checked against the checksum that S3 keeps, and later against those on the package's card."""

    def __init__(self, client: S3Client, *, largest_bytes: int = 2 * 1024**3) -> None:
        self._client = client
        self._largest_bytes = largest_bytes

    def fetch(self, url: str, target: Path) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        bucket, key = _address(url)
        try:
            answer = self._client.get_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
            self._save(url, answer, target)
        except ClientError as error:
            raise _translated(url, error.response) from error
        except BotoCoreError as error:
            raise NotReachable(f"{url} was not read to its end: {type(error).__name__}") from error

    def _save(self, url: str, answer: Any, target: Path) -> None:
        if answer["ContentLength"] > self._largest_bytes:
            raise BadPackage(f"{url} has {answer['ContentLength']} bytes, more than {self._largest_bytes}")
        with target.open("wb") as file:
            for chunk in answer["Body"].iter_chunks(1024 * 1024):
                file.write(chunk)


class Sources:
    """By the address: ``s3://…`` or a path."""

    def __init__(self, local: PackageSource, s3: Callable[[], PackageSource]) -> None:
        self._local = local
        self._s3 = s3

    def fetch(self, url: str, target: Path) -> None:
        (self._s3() if url.startswith("s3://") else self._local).fetch(url, target)


@cache
def s3_when_needed() -> PackageSource:
    """Most shards of a laptop never see S3, and importing boto3 takes a while."""
    import boto3

    return S3Packages(boto3.client("s3"))


def _address(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.netloc or not parts.path.strip("/"):
        raise BadPackage(f"{url} is not an address of the form s3://bucket/key")
    return parts.netloc, parts.path.lstrip("/")


def _translated(url: str, answer: Any) -> Exception:
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
    code = answer.get("Error", {}).get("Code", "")
    if status in (403, 404):  # without s3:ListBucket a missing object is answered 403
        return PackageNotFound(
            f"there is no package at {url}, or this shard may not read it ({code}): publish it or grant it"
        )
    return NotReachable(f"S3 did not give {url} ({code})")
