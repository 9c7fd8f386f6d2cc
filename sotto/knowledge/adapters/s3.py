"""Objects under a prefix of a bucket. The listing has each one's ETag, so only what changed is fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from sotto.knowledge.adapters.connection import Connection
from sotto.knowledge.knowledge_source import (
    Changes,
    Content,
    DocumentGone,
    DocumentSkipped,
    ListedDocument,
    SourceRefused,
    SourceUnavailable,
)
from sotto.knowledge.retries import AskAgain, Retries
from sotto.tenants.reading.documents import LARGEST_BYTES
from sotto.tenants.reading.sources.s3 import S3Prefix

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CONFIG = Config(retries={"total_max_attempts": 1}, connect_timeout=10, read_timeout=30)
"""The SDK's own attempts wait unseen."""
KEYS_EACH = 1_000
MOST_LISTINGS = 50
_BUSY = (
    "SlowDown",
    "ServiceUnavailable",
    "InternalError",
    "RequestTimeout",
    "Throttling",
    "ThrottlingException",
    "503",
)
_ARCHIVED = "InvalidObjectState"
Answer = TypeVar("Answer")


class S3Documents:
    """``client``: of the declared region, made with CONFIG. ``most_bytes``: of a document."""

    def __init__(
        self,
        declared: S3Prefix,
        client: S3Client,
        retries: Retries,
        *,
        keys_each: int = KEYS_EACH,
        most_bytes: int = LARGEST_BYTES,
    ) -> None:
        self._declared, self._client, self._retries = declared, client, retries
        self._keys_each, self._most_bytes = keys_each, most_bytes

    def changes(self, cursor: str) -> Changes:
        """Raises SourceRefused for a bucket in another region, too: residency was checked by the declared one."""
        head = self._asked(lambda: self._client.head_bucket(Bucket=self._declared.bucket))
        region = head.get("BucketRegion") or self._declared.region
        if region != self._declared.region:
            raise SourceRefused(f"the bucket is in {region}, and the declaration says {self._declared.region}")
        return Changes(documents=tuple(self._objects()), is_whole=True)

    def _objects(self) -> Iterator[ListedDocument]:
        token: dict[str, str] = {}
        for _ in range(MOST_LISTINGS):
            page = self._asked(
                lambda: self._client.list_objects_v2(
                    Bucket=self._declared.bucket,
                    Prefix=self._declared.prefix,
                    MaxKeys=self._keys_each,
                    **token,  # type: ignore[arg-type]  # noqa: B023 (asked before the next one is known)
                )
            )
            yield from (self._listed(each) for each in page.get("Contents", ()) if not each["Key"].endswith("/"))
            if not page.get("IsTruncated"):
                return
            token = {"ContinuationToken": page["NextContinuationToken"]}
        raise SourceRefused(f"there are more than {MOST_LISTINGS * self._keys_each:,} objects; name a longer prefix")

    def _listed(self, found: Any) -> ListedDocument:
        key = str(found["Key"])
        return ListedDocument(
            id=key,
            version=str(found["ETag"]),
            address=f"s3://{self._declared.bucket}/{key}",
            name=key.rpartition("/")[2],
            date=found["LastModified"].date().isoformat(),
            size=int(found["Size"]),
        )

    def read(self, document: ListedDocument, validator: str = "") -> Content | None:
        return self._asked(lambda: self._content(document))

    def _content(self, document: ListedDocument) -> Content:
        try:
            found = self._client.get_object(Bucket=self._declared.bucket, Key=document.id)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == "NoSuchKey":
                raise DocumentGone(document.id) from error
            if code in (_ARCHIVED, "AccessDenied"):
                why = "it is archived" if code == _ARCHIVED else "the credentials may not read it"
                raise DocumentSkipped(f"{why} ({code})") from error
            raise
        with closing(found["Body"]) as body:
            data = body.read(self._most_bytes + 1)
        if len(data) > self._most_bytes:
            raise DocumentSkipped(f"it has more than {self._most_bytes // 1024**2} MB; split it")
        if len(data) != found["ContentLength"]:
            raise AskAgain("an object came to an end too early")
        return Content(data, str(found.get("ContentType") or ""))

    def _asked(self, once: Callable[[], Answer]) -> Answer:
        def translated() -> Answer:
            try:
                return once()
            except ClientError as error:
                raise _meaning(error, self._declared.bucket) from error
            except ResponseParserError as error:  # no BotoCoreError
                raise AskAgain("S3 answers with half of something") from error
            except BotoCoreError as error:
                if type(error).__name__ in ("NoCredentialsError", "PartialCredentialsError"):
                    raise SourceRefused("no AWS credentials: log in, or set AWS_ACCESS_KEY_ID") from error
                raise AskAgain(f"S3 cannot be read ({type(error).__name__})") from error

        return self._retries.ask(translated)


def _meaning(error: ClientError, bucket: str) -> Exception:
    code = str(error.response["Error"]["Code"])
    status = error.response["ResponseMetadata"].get("HTTPStatusCode", 0)
    if code in _BUSY or status >= 500 or status == 429:
        return AskAgain(f"S3 answers {code}")
    if code in ("NoSuchBucket", "404"):
        return SourceRefused(f"there is no bucket {bucket}")
    if code in ("301", "PermanentRedirect", "AuthorizationHeaderMalformed", "400"):
        return SourceRefused(f"the bucket {bucket} is in another region; correct the declaration")
    if code in ("AccessDenied", "403", "ExpiredToken", "InvalidAccessKeyId", "SignatureDoesNotMatch"):
        return SourceRefused(f"the credentials may not list {bucket} ({code})")
    return SourceUnavailable(f"S3 answers {code}")


def source(declared: S3Prefix, connection: Connection) -> S3Documents:
    client = connection.session().client("s3", region_name=declared.region, config=CONFIG)
    return S3Documents(declared, client, connection.retries)
