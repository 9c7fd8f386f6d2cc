"""What tenants published: books in S3, a pointer to the current one and the owners of Connect instances in DynamoDB."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from sotto.aws import keys
from sotto.aws.table import ConditionFailed, Removal, Table, Write
from sotto.core.clock import Clock
from sotto.core.errors import Rejected, Retryable
from sotto.core.subject_data import DataKind
from sotto.tenants.acknowledged import Acknowledgement
from sotto.tenants.adapters.dynamodb_acknowledgements import acknowledgement_write
from sotto.tenants.adapters.dynamodb_playbook_versions import version_from, version_write
from sotto.tenants.articles import ARTICLE, Article
from sotto.tenants.book import BOOK, TenantBook
from sotto.tenants.playbook_version import PlaybookVersion

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LOOK_AGAIN_MS = 30_000
"""A newly published version reaches calls in progress within this time."""

SECONDS_PER_DAY = 86_400
DAYS_WITHOUT_A_BOOK = 30

TRIES = 8
"""Of a publish that meets another of the same tenant; each but one of those at once is done after a try."""
_FREE_OR_OURS = "attribute_not_exists(pk) OR tenant = :tenant"


class NothingPublished(Rejected):
    """The tenant has not published anything: run ``sotto tenants push``."""


class InstanceTaken(Rejected):
    """A Connect instance that the book names is another tenant's; the message says whose, and how it becomes free."""


class BookUnavailable(Retryable):
    """S3 throttled us or could not be reached."""


class PublishedMeanwhile(Retryable):
    """The same tenant was published by somebody else again and again while we tried."""


@dataclass(frozen=True, slots=True)
class SeenBook:
    """What was current when somebody looked. ``book``: None also where only the pointer is left of it."""

    version: str | None = None
    book: TenantBook | None = None


class PublishedBooks:
    def __init__(self, table: Table, s3: S3Client, bucket: str, clock: Clock) -> None:
        self._table = table
        self._s3 = s3
        self._bucket = bucket
        self._clock = clock
        self._current: dict[str, tuple[float, TenantBook]] = {}
        self._owners: dict[str, tuple[float, str | None]] = {}

    def publish(
        self,
        book: TenantBook,
        articles: Iterable[Article] = (),
        acknowledgement: Acknowledgement | None = None,
        seen: SeenBook | None = None,
        playbook: PlaybookVersion | None = None,
    ) -> None:
        """Store a book and the articles that it names, claim its instances, and make it the tenant's current one, with
        the audit entry of what it keeps in clear. ``playbook``: as it was written, where it is another than before.

        Instances that the tenant's book named before and names no more are free afterwards. ``seen``: only while that
        is what is current. All or nothing: raises InstanceTaken, PublishedMeanwhile, BookUnavailable and
        StorageUnavailable with the former book still current.
        """
        self.refuse_taken(book)
        for article in articles:
            place = self._article_key(book.tenant, book.articles[article.id])
            content = ARTICLE.dump_json(article)
            self._s3.put_object(Bucket=self._bucket, Key=place, Body=content, ContentType="application/json")
        key = object_of(book.tenant, book.version)
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=BOOK.dump_json(book), ContentType="application/json")
        entries = [acknowledgement_write(acknowledgement)] if acknowledgement else []
        self._make_current(book, [*entries, *([version_write(playbook)] if playbook else [])], seen)
        self.forget(book.tenant)
        self._owners.clear()

    def latest_playbook(self, tenant: str) -> PlaybookVersion | None:
        """The one that is live; None where a release published it that wrote none down. Raises BookUnavailable."""
        first, last = keys.of_playbook_version("0"), keys.of_playbook_version("9")
        latest = self._table.between(keys.of_book(tenant), first, last, 1, backwards=True)
        return next((version_from(tenant, item) for item in latest), None)

    def keep_playbook(self, version: PlaybookVersion) -> None:
        """Of what is current."""
        self._table.put_all([version_write(version)])

    def forget(self, tenant: str) -> None:
        """The next look at what is current looks."""
        self._current.pop(tenant, None)

    def refuse_taken(self, book: TenantBook) -> None:
        """Before minutes of training; what counts is what ``publish`` finds. Raises InstanceTaken."""
        for arn in book.settings.instances:
            owner = self._owner(arn)
            if owner not in (None, book.tenant):
                raise InstanceTaken(
                    f"tenant.yaml: instances: {_instance_id(arn)} is {owner}'s and cannot be {book.tenant}'s too; "
                    f"take it out of one of the two books, and publish {owner} without it first where it is to move"
                )

    def seen(self, tenant: str) -> SeenBook:
        """What is current now, however lately it was asked. Raises BookUnavailable."""
        pointer = self._table.get(self._pointer(tenant), "current")
        version = str(pointer["version"]) if pointer else None
        return SeenBook(version, self.kept(tenant, version) if version else None)

    def _make_current(self, book: TenantBook, entries: Sequence[Write], seen: SeenBook | None) -> None:
        """Two tenants may reach for one instance at once, or two people publish one tenant: one transaction claims,
        releases, points and audits, on condition that nobody did so since we looked."""
        for _ in range(TRIES):
            try:
                writes, releases = self._changes(book, seen)
                self._table.put_all([*writes, *entries], removals=releases)
                return
            except ConditionFailed:
                self.refuse_taken(book)
        raise PublishedMeanwhile(f"tenant {book.tenant} was published by others {TRIES} times meanwhile: try again")

    def _changes(self, book: TenantBook, seen: SeenBook | None) -> tuple[list[Write], list[Removal]]:
        pointer = self._table.get(self._pointer(book.tenant), "current")
        before = str(pointer["version"]) if pointer else None
        if seen is not None and before != seen.version:
            raise PublishedMeanwhile(
                f"tenant {book.tenant} was published by somebody else meanwhile ({before} instead of {seen.version}): "
                "nothing of your book was published; see what is there now, and push again"
            )
        unchanged = ("version = :before", {"before": before}) if before else ("attribute_not_exists(pk)", {})
        named = {_instance_id(arn) for arn in book.settings.instances}
        current = {
            "pk": self._pointer(book.tenant), "sk": "current", "version": book.version, "instances": sorted(named)
        }  # fmt: skip
        ours = {"tenant": book.tenant}
        claims: list[Write] = [(_claim(each) | ours, _FREE_OR_OURS, ours) for each in sorted(named)]
        releases: list[Removal] = [
            (f"instance#{each}", "tenant", "tenant = :tenant", ours)
            for each in sorted(self._instances_of(book.tenant, pointer or {}) - named)
            if self._owner(each) == book.tenant  # an older release let the last one who published have it
        ]
        return [*claims, (current, *unchanged)], releases

    def _instances_of(self, tenant: str, pointer: Mapping[str, Any]) -> set[str]:
        """That the tenant named last. Pointers of older releases do not say; their books do, unless they are lost."""
        if "instances" in pointer or not pointer:
            return set(pointer.get("instances", ()))
        book = self.kept(tenant, str(pointer["version"]))
        return {_instance_id(arn) for arn in book.settings.instances} if book else set()

    def _owner(self, instance: str) -> str | None:
        item = self._table.get(f"instance#{_instance_id(instance)}", "tenant")
        return str(item["tenant"]) if item else None

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
            known = (now_ms, self._owner(instance_arn))
            self._owners[instance_arn] = known
        return known[1]

    def team_of(self, tenant: str, agent: str) -> str | None:
        return self.current(tenant).settings.team_of(agent)

    def kept(self, tenant: str, version: str) -> TenantBook | None:
        """One that was published, unless it is lost. Raises BookUnavailable."""
        try:
            return self._fetched(tenant, version)
        except BookUnavailable as error:
            if isinstance(error.__cause__, self._s3.exceptions.NoSuchKey):
                return None
            raise

    def _fetched(self, tenant: str, version: str) -> TenantBook:
        try:
            answer = self._s3.get_object(Bucket=self._bucket, Key=object_of(tenant, version))
            return BOOK.validate_json(answer["Body"].read())
        except (ClientError, BotoCoreError) as error:
            raise BookUnavailable(f"book {version} of tenant {tenant}: {type(error).__name__}") from error

    @staticmethod
    def _pointer(tenant: str) -> str:
        return f"{keys.of_tenant(tenant)}#book"

    @staticmethod
    def _article_key(tenant: str, content: str) -> str:
        return f"{keys.of_tenant(tenant)}/books/articles/{content}.json"


class BookRetention:
    """A tenant's records are kept as long as its book says. ``days_of``: of a tenant and a kind."""

    def __init__(
        self,
        days_of: Callable[[str, DataKind | None], int],
        clock: Clock,
        otherwise: int = DAYS_WITHOUT_A_BOOK,
    ) -> None:
        self._days_of = days_of
        self._clock = clock
        self._otherwise = otherwise

    def expires_at(self, tenant: str, kind: DataKind | None = None) -> int:
        try:
            days = self._days_of(tenant, kind)
        except NothingPublished:
            days = self._otherwise
        return int(self._clock.now_ms() / 1000) + days * SECONDS_PER_DAY


def object_of(tenant: str, version: str) -> str:
    """The key of a book."""
    return f"{keys.of_tenant(tenant)}/books/{version}.json"


def _claim(instance: str) -> dict[str, str]:
    return {"pk": f"instance#{instance}", "sk": "tenant"}


def _instance_id(arn_or_id: str) -> str:
    """Instance ids are unique by themselves; tenants write whichever they have at hand."""
    return arn_or_id.rsplit("/", 1)[-1]
