"""Unit: a tenant's files, and the messages for mistakes in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from model_containers.trainer.examples.tenant_files import BadTenantFile, read_tenant
from tests.fakes.small_tenant import write_small_tenant


def test_everything_that_models_learn_from_is_read(tmp_path: Path) -> None:
    files = read_tenant(write_small_tenant(tmp_path))
    assert files.tenant == "small_bank"
    assert list(files.intents) == ["close_account", "lost_card", "balance"]
    assert list(files.behaviours) == ["greeting", "recording_disclosure"]
    assert files.entities["branch"] == ("Harbour Street", "Old Mill")
    assert [(d.id, d.title) for d in files.documents] == [
        ("fees", "Monthly fees"),
        ("lost-card", "Lost and stolen cards"),
    ]


def test_a_title_with_a_colon_needs_quotes_and_the_error_says_so(tmp_path: Path) -> None:
    tenant = write_small_tenant(tmp_path)
    article = tenant / "knowledge/fees.md"
    article.write_text("---\nid: fees\ntitle: Fees: what we charge\n---\nTwelve dollars.")
    with pytest.raises(
        BadTenantFile, match=r"fees\.md:3:12: not valid YAML: mapping values.*check indentation, quotes"
    ):
        read_tenant(tenant)
    article.write_text("---\nid: fees\ntitle: 'Fees: what we charge'\n---\nTwelve dollars.")
    assert read_tenant(tenant).documents[0].title == "Fees: what we charge"


def test_missing_files_mean_missing_models(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    files = read_tenant(tmp_path / "empty")
    assert not files.intents and not files.behaviours and not files.documents


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("intents: [a, b]", "1:10: expected intents: a block of 'name: value' lines"),
        ("intents: {close: [a, b]}", "1:18: expected fields, such as 'phrases: ...'"),
        ("intents: {close: {phrases: [{a: b}, c, d]}}", "1:29: expected text here"),
        ("intents: {close: {phrases: [one phrase]}}", "intent 'close' has fewer than 2 phrases"),
        ("intents: {close: {phrases: [one, two]}}", "one intent cannot be told from another"),
        ("intents: {}\nnone_of_these: {a: b}", "2:16: expected text here"),
        ("- a list", "1:1: expected fields"),
        ("intents: {", "1:11: not valid YAML"),
    ],
)
def test_a_mistake_is_named_with_file_and_place(tmp_path: Path, content: str, message: str) -> None:
    tenant = write_small_tenant(tmp_path)
    (tenant / "intents.yaml").write_text(content)
    with pytest.raises(BadTenantFile, match=message) as mistake:
        read_tenant(tenant)
    assert "intents.yaml" in str(mistake.value)


def test_numbers_dates_and_truths_are_phrases_as_they_are_written(tmp_path: Path) -> None:
    tenant = write_small_tenant(tmp_path)
    (tenant / "intents.yaml").write_text("intents: {yes: {phrases: [007, 2026-01-31]}, no: {phrases: [true, 1e3]}}")
    assert read_tenant(tenant).intents == {"yes": ("007", "2026-01-31"), "no": ("true", "1e3")}
