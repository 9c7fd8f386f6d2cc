"""Unit: a tenant's files, and the messages for mistakes in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from model_containers.shard.training.tenant_files import BadTenantFile, read_tenant
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
    with pytest.raises(BadTenantFile, match=r"fees\.md.*quote titles with a colon"):
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
        ("intents: [a, b]", "intents must map names"),
        ("intents: {close: [a, b]}", "intents.close needs `phrases:`"),
        ("intents: {close: {phrases: [true, 12]}}", "put quotes around numbers"),
        ("intents: {close: {phrases: [one phrase]}}", "has 1 examples, give at least 2"),
        ("none_of_these: hello", "none_of_these must be a list"),
        ("- a list", "expected a mapping"),
        ("intents: {", "not YAML"),
    ],
)
def test_a_mistake_is_named_with_file_and_place(tmp_path: Path, content: str, message: str) -> None:
    tenant = write_small_tenant(tmp_path)
    (tenant / "intents.yaml").write_text(content)
    with pytest.raises(BadTenantFile, match=message) as mistake:
        read_tenant(tenant)
    assert "intents.yaml" in str(mistake.value)
