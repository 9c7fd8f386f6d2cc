"""What tenants published: books in S3, a pointer to the current one and the owners of Connect instances in DynamoDB."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from sotto.clock import Clock
from sotto.errors import Rejected, Retryable
from sotto.policy.articles import ARTICLE, Article
from sotto.policy.book import BOOK, TenantBook
from sotto.storage import keys
from sotto.storage.adapters.dynamodb import Table

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LOOK_AGAIN_MS = 30_000
"""A newly published version reaches calls in progress within this time."""

SECONDS_PER_DAY = 86_400
DAYS_WITHOUT_A_BOOK = 30


class NothingPublished(Rejected):
    """The tenant has not published anything: run ``sotto tenants push``."""


class BookUnavailable(Retryable):
    """S3 throttled us or could not be reached."""


class PublishedBooks:
    def __init__(self, table: Table, s3: S3Client, bucket: str, clock: Clock) -> None:
        self._table = table
        self._s3 = s3
        self._bucket = bucket
        self._clock = clock
        self._current: dict[str, tuple[float, TenantBook]] = {}
        self._owners: dict[str, tuple[float, str | None]] = {}

    def publish(self, book: TenantBook, articles: Iterable[Article] = ()) -> None:
        """Store a book and the articles that it names, claim its instances, and make it the tenant's current one."""
        for article in articles:
            place = self._article_key(book.tenant, book.articles[article.id])
            content = ARTICLE.dump_json(article)
            self._s3.put_object(Bucket=self._bucket, Key=place, Body=content, ContentType="application/json")
        key = self._key(book.tenant, book.version)
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=BOOK.dump_json(book), ContentType="application/json")
        for arn in book.settings.instances:
            self._table.put({"pk": f"instance#{_instance_id(arn)}", "sk": "tenant", "tenant": book.tenant})
        self._table.put({"pk": self._pointer(book.tenant), "sk": "current", "version": book.version})
        self._current.pop(book.tenant, None)
        self._owners.clear()

    def current(self, tenant: str) -> TenantBook:
        """Raises NothingPublished and BookUnavailable."""
        now_ms = self._clock.monotonic_ms()
        known = self._current.get(tenant)
        if known is not None and now_ms - known[0] < LOOK_AGAIN_MS:
            return known[1]
        pointer = self._table.get(self._pointer(tenant), "current")
        if pointer is None:
            raise NothingPublished(f"tenant {tenant} has published nothing: run 'sotto tenants push'")
        version = str(pointer["version"])
        book = known[1] if known and known[1].version == version else self._fetched(tenant, version)
        self._current[tenant] = (now_ms, book)
        return book

    def article(self, tenant: str, article: str) -> Article | None:
        """As it is published now. Raises NothingPublished and BookUnavailable."""
        content = self.current(tenant).articles.get(article)
        if content is None:
            return None
        try:
            answer = self._s3.get_object(Bucket=self._bucket, Key=self._article_key(tenant, content))
            return ARTICLE.validate_json(answer["Body"].read())
        except (ClientError, BotoCoreError) as error:
            raise BookUnavailable(f"article of tenant {tenant}: {type(error).__name__}") from error

    def tenant_of(self, instance_arn: str) -> str | None:
        """The owner of a Connect instance; None when nobody claimed it."""
        now_ms = self._clock.monotonic_ms()
        known = self._owners.get(instance_arn)
        if known is None or now_ms - known[0] >= LOOK_AGAIN_MS:
            item = self._table.get(f"instance#{_instance_id(instance_arn)}", "tenant")
            known = (now_ms, str(item["tenant"]) if item else None)
            self._owners[instance_arn] = known
        return known[1]

    def team_of(self, tenant: str, agent: str) -> str | None:
        return self.current(tenant).settings.team_of(agent)

    def _fetched(self, tenant: str, version: str) -> TenantBook:
        try:
            answer = self._s3.get_object(Bucket=self._bucket, Key=self._key(tenant, version))
            return BOOK.validate_json(answer["Body"].read())
        except (ClientError, BotoCoreError) as error:
            raise BookUnavailable(f"book {version} of tenant {tenant}: {type(error).__name__}") from error

    @staticmethod
    def _pointer(tenant: str) -> str:
        return f"{keys.of_tenant(tenant)}#book"

    @staticmethod
    def _article_key(tenant: str, content: str) -> str:
        return f"{keys.of_tenant(tenant)}/books/articles/{content}.json"

    @staticmethod
    def _key(tenant: str, version: str) -> str:
        return f"{keys.of_tenant(tenant)}/books/{version}.json"


class BookRetention:
    """A tenant's records are kept as long as its book says."""

    def __init__(self, days_of: Callable[[str], int], clock: Clock) -> None:
        self._days_of = days_of
        self._clock = clock

    def expires_at(self, tenant: str) -> int:
        try:
            days = self._days_of(tenant)
        except NothingPublished:
            days = DAYS_WITHOUT_A_BOOK
        return int(self._clock.now_ms() / 1000) + days * SECONDS_PER_DAY


def _instance_id(arn_or_id: str) -> str:
    """Instance ids are unique by themselves; tenants write whichever they have at hand."""
    return arn_or_id.rsplit("/", 1)[-1]
