"""Unit: the consent rule in tenant.yaml, and every mistake in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sotto.call.contact import Speaker
from sotto.tenants.book import BOOK, Consent
from sotto.tenants.consent_rule import ConsentBasis, ConsentRule
from sotto.wiring.publishing import book_from, load_tenant
from tests.unit.tenants.tenant_files import TENANT, write_tenant


def rule_of(folder: Path, consent: str) -> ConsentRule:
    return book_from(write_tenant(folder, tenant=TENANT + consent)).settings.consent.rule


@pytest.mark.parametrize(
    ("consent", "rule"),
    [
        ("", ConsentRule()),
        ("consent: never\n", ConsentRule(ConsentBasis.NEVER)),
        (
            "consent: attribute:may_listen\n",
            ConsentRule(ConsentBasis.ATTRIBUTE, "may_listen", frozenset({"yes", "true", "granted"})),
        ),
        (
            "consent: {basis: attribute, attribute: may_listen, values: [ja]}\n",
            ConsentRule(ConsentBasis.ATTRIBUTE, "may_listen", frozenset({"ja"})),
        ),
        (
            'consent:\n  basis: region\n  excluded_numbers: ["+1415", "+49"]\n  on_refusal: drop\n',
            ConsentRule(ConsentBasis.REGION, excluded_prefixes=("+1415", "+49"), drop_on_refusal=True),
        ),
        (
            "consent: {basis: spoken, refusal_by: [customer, agent], on_refusal: ignore}\n",
            ConsentRule(
                ConsentBasis.SPOKEN, stop_on_refusal=False, refusal_by=frozenset({Speaker.CUSTOMER, Speaker.AGENT})
            ),
        ),
    ],
)
def test_a_rule_is_a_word_or_fields(tmp_path: Path, consent: str, rule: ConsentRule) -> None:
    assert rule_of(tmp_path, consent) == rule


@pytest.mark.parametrize(
    ("consent", "message"),
    [
        ("consent: maybe\n", "11:10: unknown consent rule 'maybe'; write always, never, attribute:NAME"),
        ("consent: {basis: sometimes}\n", "11:18: unknown basis 'sometimes'"),
        ("consent: {values: [ja]}\n", "11:10: 'basis' is missing"),
        ("consent: {basis: attribute}\n", "11:10: basis 'attribute' needs the attribute's name"),
        ("consent: {basis: region}\n", "11:10: basis 'region' needs the numbers to leave out"),
        ('consent: {basis: region, excluded_numbers: ["415"]}\n', "11:45: '415' is not the beginning of a number"),
        ("consent: {basis: always, attribute: a}\n", "11:37: basis 'always' does not look at 'attribute'"),
        ('consent: {basis: never, excluded_numbers: ["+1"]}\n', "11:43: basis 'never' does not look at numbers"),
        ("consent: {basis: always, on_refusal: shout}\n", "11:38: unknown choice 'shout'"),
        ("consent: {basis: always, refusal_by: [dog]}\n", "11:39: unknown speaker 'dog'"),
        ("consent: {basis: attribute, attribute: a b}\n", "11:40: 'a b' is no name of a contact attribute"),
        ("consent: {base: always}\n", "unknown field 'base'; did you mean 'basis'?"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, consent: str, message: str) -> None:
    found = [str(mistake) for mistake in load_tenant(write_tenant(tmp_path, tenant=TENANT + consent)).mistakes]
    assert any(message in mistake for mistake in found), found


def test_books_that_were_published_with_a_word_are_still_read(tmp_path: Path) -> None:
    book = book_from(write_tenant(tmp_path, tenant=TENANT + "consent: attribute:may_listen\n"))
    fields = '"consent":' + book.settings.consent.model_dump_json()
    older = BOOK.dump_json(book).decode().replace(fields, '"consent":"attribute:may_listen"')
    assert older != BOOK.dump_json(book).decode()
    assert BOOK.validate_json(older).settings.consent == Consent.short("attribute:may_listen")
