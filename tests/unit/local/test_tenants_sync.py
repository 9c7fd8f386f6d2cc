"""Unit: ``sotto tenants sync`` against a site on this machine: what it prints, leaves and how it exits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from local.commands.tenants import tenants
from local.document_hosts.confluence import LocalConfluence
from local.document_hosts.website import LocalWebsite
from sotto.core.residency import OutsideResidency
from sotto.tenants.reading.folder import TenantMistaken, read_articles
from tests.unit.tenants.tenant_files import TENANT, write_tenant

FEES = "The monthly fee is waived once a year."


@pytest.fixture
def site() -> Iterator[LocalWebsite]:
    with LocalWebsite() as site:
        site.put("/help/fees", "Fees", FEES, lastmod="2026-03-31")
        site.put("/help/logo", "Logo", "x", media_type="image/png")
        yield site


@pytest.fixture
def wiki() -> Iterator[LocalConfluence]:
    with LocalConfluence() as wiki:
        wiki.put("7", "Cards", "A lost card is blocked at once.")
        yield wiki


@pytest.fixture
def folder(tmp_path: Path, site: LocalWebsite, wiki: LocalConfluence) -> Path:
    folder = write_tenant(tmp_path)
    (folder / "knowledge").mkdir(exist_ok=True)
    (folder / "knowledge" / "sources.yaml").write_text(
        f"version: 1\nsources:\n  help: {{kind: sitemap, address: '{site.url}/sitemap.xml'}}\n"
        f"  wiki: {{kind: confluence, address: '{wiki.url}', space: HELP, secret_env: WIKI_TOKEN}}\n"
    )
    return folder


def sync(folder: Path, *more: str, token: str = "ann@harbour.example:token") -> Result:
    return CliRunner().invoke(tenants, ["sync", str(folder), *more], env={"WIKI_TOKEN": token})


def test_articles_come_from_every_source_and_pass_the_check(folder: Path, site: LocalWebsite) -> None:
    result = sync(folder)
    assert result.exit_code == 0, result.output
    assert "corner_shop/help: 1 added, 0 changed, 0 removed, 1 skipped, 0 unchanged" in result.output
    assert "corner_shop/help: skipped: logo: image/png is no kind" in result.output
    assert "corner_shop/wiki: added: Cards" in result.output
    checked = CliRunner().invoke(tenants, ["check", str(folder)])
    assert checked.exit_code == 0, checked.output
    assert {each.title: (each.source, each.date) for each in read_articles(folder)}["Fees"] == (
        f"{site.url}/help/fees", "2026-03-31",
    )  # fmt: skip


def test_a_source_that_fails_leaves_the_others_and_says_so(folder: Path, wiki: LocalConfluence) -> None:
    sync(folder)
    result = sync(folder, token="ann@harbour.example:another")
    assert result.exit_code == 1
    assert "corner_shop/wiki: not finished: " in result.output
    assert "another" not in result.output
    assert "corner_shop/help: 0 added, 0 changed, 0 removed, 1 skipped, 1 unchanged" in result.output
    assert {"Fees", "Cards"} <= {each.title for each in read_articles(folder)}


def test_a_secret_that_is_not_set_is_named(folder: Path) -> None:
    result = sync(folder, "--source", "wiki", token="")
    assert result.exit_code == 1
    assert "WIKI_TOKEN is not set in the environment; what was fetched before stays" in result.output


def test_a_source_that_is_taken_out_of_the_file_takes_its_articles_along(folder: Path) -> None:
    sync(folder)
    file = folder / "knowledge" / "sources.yaml"
    file.write_text("".join(file.read_text().splitlines(keepends=True)[:3]))
    assert CliRunner().invoke(tenants, ["check", str(folder)]).exit_code == 1
    assert "corner_shop/wiki: taken out" in sync(folder).output
    assert CliRunner().invoke(tenants, ["check", str(folder)]).exit_code == 0


def test_nothing_is_asked_outside_the_residency(folder: Path, site: LocalWebsite) -> None:
    (folder / "tenant.yaml").write_text(TENANT.replace("teams:", "residency: eu\nteams:"))
    result = sync(folder)
    assert isinstance(result.exception, OutsideResidency)
    assert "knowledge source 'help' is asked at 127.0.0.1" in str(result.exception)
    assert not site.asked


def test_a_declaration_with_a_mistake_is_not_followed(folder: Path, site: LocalWebsite) -> None:
    (folder / "knowledge" / "sources.yaml").write_text("version: 1\nsources: {help: {kind: site}}\n")
    assert isinstance(sync(folder).exception, TenantMistaken)
    assert not site.asked
