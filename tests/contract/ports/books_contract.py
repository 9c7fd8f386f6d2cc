"""What every store of tenants' books must do, as a class of tests to inherit. A subclass gives ``books``, a fixture."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import pytest

from sotto.aws.keys import BadKey
from sotto.contacts.follow import Teams
from sotto.contacts.start import TenantDirectory
from sotto.knowledge.answers import ArticleReader
from sotto.tenants.adapters.published_books import InstanceTaken, NothingPublished
from sotto.tenants.articles import Article, fingerprints
from sotto.tenants.book import BookReader, TenantBook
from tests.fakes.books import any_book

INSTANCE = "arn:aws:connect:us-east-1:111122223333:instance/11111111"
OTHER = "arn:aws:connect:us-east-1:111122223333:instance/22222222"
FEES = Article("fees", "Fees", "A fee.\n\nNo fee for students.")


class Books(BookReader, ArticleReader, TenantDirectory, Teams, Protocol):
    def publish(self, book: TenantBook, articles: Iterable[Article] = ()) -> None: ...


def with_articles(book: TenantBook, *articles: Article) -> TenantBook:
    return book.model_copy(update={"articles": dict(fingerprints(articles))}).sealed()


class BooksContract:
    def test_a_tenant_that_has_published_nothing_is_refused_with_what_to_do(self, books: Books) -> None:
        for reach in (
            lambda: books.current("bank"),
            lambda: books.article("bank", "fees"),
            lambda: books.team_of("bank", "emma"),
        ):
            with pytest.raises(NothingPublished, match="run 'sotto tenants push'"):
                reach()

    def test_the_book_published_last_is_the_current_one_and_is_one_tenants(self, books: Books) -> None:
        for title in ("one", "two"):
            books.publish(any_book("bank", title=title))
        books.publish(any_book("garage"))
        assert books.current("bank") == any_book("bank", title="two")
        assert books.current("garage") == any_book("garage")

    def test_an_article_is_read_as_the_current_book_names_it(self, books: Books) -> None:
        books.publish(with_articles(any_book(), FEES), [FEES])
        assert books.article("bank", "fees") == FEES
        assert books.article("bank", "cards") is None
        changed = Article("fees", "Fees", "No fee.")
        books.publish(with_articles(any_book(), changed), [changed])
        assert books.article("bank", "fees") == changed
        books.publish(any_book())
        assert books.article("bank", "fees") is None

    def test_nobody_reads_another_tenants_article(self, books: Books) -> None:
        books.publish(with_articles(any_book(), FEES), [FEES])
        books.publish(any_book("garage"))
        assert books.article("garage", "fees") is None

    def test_an_instance_is_whose_book_names_it_by_its_arn_or_its_id(self, books: Books) -> None:
        assert books.tenant_of(INSTANCE) is None
        books.publish(any_book("bank", INSTANCE))
        books.publish(any_book("garage", "22222222"))
        assert [books.tenant_of(each) for each in (INSTANCE, "11111111", OTHER)] == ["bank", "bank", "garage"]

    def test_an_instance_that_a_book_drops_is_free_for_another(self, books: Books) -> None:
        books.publish(any_book("bank", INSTANCE, OTHER))
        books.publish(any_book("bank", OTHER))
        assert books.tenant_of(INSTANCE) is None
        books.publish(any_book("garage", INSTANCE))
        assert books.tenant_of(INSTANCE) == "garage"

    def test_a_book_that_names_anothers_instance_is_not_published(self, books: Books) -> None:
        books.publish(any_book("bank", INSTANCE))
        with pytest.raises(InstanceTaken):
            books.publish(any_book("thief", OTHER, INSTANCE))
        assert books.tenant_of(INSTANCE) == "bank" and books.tenant_of(OTHER) is None
        with pytest.raises(NothingPublished):
            books.current("thief")

    def test_an_agents_team_is_the_one_that_lists_him(self, books: Books) -> None:
        books.publish(any_book(teams={"service": {"agents": ["emma"]}, "retention": {"agents": ["liam"]}}))
        assert [books.team_of("bank", agent) for agent in ("emma", "liam", "noah")] == ["service", "retention", None]

    @pytest.mark.parametrize("tenant", ["bank#c1", "", "Bank"])
    def test_a_tenant_that_could_reach_another_key_is_refused(self, books: Books, tenant: str) -> None:
        with pytest.raises(BadKey):
            books.current(tenant)
