"""Unit: what a book would change of the one that is published."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from sotto.tenants.book import BOOK, TenantBook
from sotto.tenants.book_changes import book_changes
from sotto.wiring.publishing import book_from
from tests.unit.tenants.tenant_files import PLAYBOOK, POLICIES, TENANT, write_tenant

Changed = Callable[..., TenantBook]


@pytest.fixture
def book(tmp_path: Path) -> Changed:
    places = (tmp_path / str(number) for number in count())

    def written(**changed: str) -> TenantBook:
        place = next(places)
        place.mkdir()
        return book_from(write_tenant(place, **changed))

    return written


def stored(book: TenantBook) -> TenantBook:
    return BOOK.validate_json(BOOK.dump_json(book))


def test_a_book_that_was_read_back_is_unchanged(book: Changed) -> None:
    assert not book_changes(stored(book()), book())


def test_a_book_that_another_release_sealed_is_unchanged(book: Changed) -> None:
    assert not book_changes(book().model_copy(update={"version": "an-older-name"}), book())


def test_the_parts_that_changed_are_named(book: Changed) -> None:
    settings = book(tenant=TENANT + "retention_days: 7\nhouse_rules: [Be brief.]\n")
    assert book_changes(book(), settings).parts == ("settings.retention_days", "settings.house_rules")
    playbook = book(playbook=PLAYBOOK.replace("Offer it", "Offer this"))
    assert book_changes(book(), playbook).parts == ("playbook",)
    policies = book(policies=POLICIES.replace("everyone", "all"))
    assert str(book_changes(book(), policies)) == "policies"


def test_articles_are_compared_one_by_one(book: Changed) -> None:
    before = book().model_copy(update={"articles": {"fees": "1", "loans": "1", "cards": "1"}})
    after = book().model_copy(update={"articles": {"fees": "1", "loans": "2", "limits": "1"}})
    assert str(book_changes(before, after)) == "articles: limits added; loans changed; cards removed"


def test_the_first_book_is_a_change(book: Changed) -> None:
    assert book_changes(None, book()) and str(book_changes(None, book())) == "the first one"
