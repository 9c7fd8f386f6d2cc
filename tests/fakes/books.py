"""Tenants' published books in memory, with the rules of the stored ones."""

from __future__ import annotations

from collections.abc import Iterable

from sotto.aws import keys
from sotto.tenants.adapters.published_books import InstanceTaken, NothingPublished
from sotto.tenants.articles import Article, fingerprints
from sotto.tenants.book import TenantBook, TenantSettings


class BooksInMemory:
    """A BookReader and an ArticleReader, which knows whose Connect instances and whose agents are."""

    def __init__(self, *books: TenantBook) -> None:
        self._books: dict[str, TenantBook] = {}
        self._kept: dict[tuple[str, str], TenantBook] = {}
        self._articles: dict[tuple[str, str], Article] = {}
        for book in books:
            self.publish(book)

    def publish(self, book: TenantBook, articles: Iterable[Article] = ()) -> None:
        for instance in book.settings.instances:
            if self.tenant_of(instance) not in (None, book.tenant):
                raise InstanceTaken(f"{_id(instance)} is another tenant's")
        for article in articles:
            self._articles[book.tenant, book.articles[article.id]] = article
        self._books[keys.of_book(book.tenant)] = self._kept[book.tenant, book.version] = book

    def kept(self, tenant: str, version: str) -> TenantBook | None:
        return self._kept.get((tenant, version))

    def publish_articles(self, tenant: str, *articles: Article) -> None:
        """The tenant's book again, with these articles and no others."""
        book = self._books.get(keys.of_book(tenant)) or any_book(tenant)
        self.publish(book.model_copy(update={"articles": dict(fingerprints(articles))}).sealed(), articles)

    def current(self, tenant: str) -> TenantBook:
        book = self._books.get(keys.of_book(tenant))
        if book is None:
            raise NothingPublished(f"tenant {tenant} has published nothing: run 'sotto tenants push'")
        return book

    def article(self, tenant: str, article: str) -> Article | None:
        content = self.current(tenant).articles.get(article)
        return self._articles[tenant, content] if content is not None else None

    def tenant_of(self, instance_arn: str) -> str | None:
        owners = (
            book.tenant for book in self._books.values() if _id(instance_arn) in map(_id, book.settings.instances)
        )
        return next(owners, None)

    def team_of(self, tenant: str, agent: str) -> str | None:
        return self.current(tenant).settings.team_of(agent)


def any_book(tenant: str = "bank", *instances: str, **settings: object) -> TenantBook:
    """With an empty playbook and no policies."""
    described = TenantSettings.model_validate({"title": tenant, "instances": instances, **settings})
    return TenantBook(tenant=tenant, settings=described).sealed()


def _id(arn_or_id: str) -> str:
    return arn_or_id.rsplit("/", 1)[-1]
