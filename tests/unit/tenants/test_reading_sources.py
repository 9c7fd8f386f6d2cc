"""Unit: knowledge/sources.yaml, every mistake with its line, and what residency says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sotto.tenants.knowledge_sources import DeclaredSources, SecretName
from sotto.tenants.reading.places import Mistakes
from sotto.tenants.reading.sources import KINDS, read_sources
from sotto.tenants.reading.sources.confluence import ConfluenceSpace
from sotto.tenants.reading.sources.s3 import S3Prefix
from sotto.tenants.reading.sources.sharepoint import SharePointDrive
from sotto.tenants.reading.sources.sitemap import Sitemap
from sotto.tenants.residency import source_refusals
from sotto.wiring.publishing import load_tenant
from tests.unit.tenants.tenant_files import write_tenant

FINE = """\
version: 1
sources:
  help: {kind: sitemap, address: "https://www.harbour.example/sitemap.xml", paths: [/help/]}
  wiki: {kind: confluence, address: https://harbour.atlassian.net, space: HELP, secret: sotto/bank/confluence}
  files: {kind: s3, address: "s3://harbour-articles/public/", region: eu-central-1}
  policies:
    kind: sharepoint
    site: https://harbour.sharepoint.com
    drive: b!-RIj2DuyvEyV1T4NlOaMHk8XkS_I8MdF
    directory: harbour.example
    client_id: 8d1c1f0a-0000-4000-8000-000000000001
    secret_env: SHAREPOINT_SECRET
"""


def written(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "bank"
    (folder / "knowledge").mkdir(parents=True, exist_ok=True)
    (folder / "knowledge" / "sources.yaml").write_text(text)
    return folder


def mistakes_of(tmp_path: Path, text: str) -> list[str]:
    found = Mistakes()
    read_sources(written(tmp_path, text), found)
    return [f"{each.line}:{each.column}: {each.message}" for each in found.in_order()]


def test_each_kind_is_read(tmp_path: Path) -> None:
    found = Mistakes()
    sources = read_sources(written(tmp_path, FINE), found)
    assert not found.found
    assert sources == (
        Sitemap(name="help", address="https://www.harbour.example/sitemap.xml", paths=("/help/",)),
        ConfluenceSpace(
            name="wiki", address="https://harbour.atlassian.net", space="HELP",
            secret=SecretName(secret_id="sotto/bank/confluence"),
        ),
        S3Prefix(name="files", bucket="harbour-articles", prefix="public/", region="eu-central-1"),
        SharePointDrive(
            name="policies", site="https://harbour.sharepoint.com", drive="b!-RIj2DuyvEyV1T4NlOaMHk8XkS_I8MdF",
            directory="harbour.example", client_id="8d1c1f0a-0000-4000-8000-000000000001",
            secret=SecretName(variable="SHAREPOINT_SECRET"),
        ),
    )  # fmt: skip
    assert {each.kind for each in sources} == set(KINDS)


@pytest.mark.parametrize(
    ("wrong", "right", "message"),
    [
        ("kind: sitemap", "kind: sitemaps", "3:16: unknown kind 'sitemaps'; did you mean 'sitemap'?"),
        ("kind: sitemap, ", "", "3:9: say what it is: 'kind: ' and one of confluence, s3, sharepoint, sitemap"),
        ("paths: [/help/]", "paths: [help]", "3:85: 'help' is no path of the site; begin with '/', such as /help/"),
        ("https://www", "http://www", "3:34: 'http://www.harbour.example/sitemap.xml' would be read in clear"),
        ("https://www", "https://ann:pw@www", "3:34: take user and password out of the address"),
        ("space: HELP, ", "", "4:9: 'space' is missing; add 'space: ...'"),
        ("secret: sotto/bank/confluence", "secret: ATATT3xFfGF0abc", "4:89: this looks like the secret itself"),
        ("secret_env: SHAREPOINT_SECRET", "secret_env: Q2x8Q~abc", "12:17: this looks like the secret itself"),
        (", secret: sotto/bank/confluence", "", "4:9: say where the secret is"),
        ("s3://harbour-articles/public/", "harbour-articles", "5:30: 'harbour-articles' is no prefix of a bucket"),
        ("drive: b!-RI", "drive: https://b!-RI", "9:12: 'https://b!-RIj2DuyvEyV1T4NlOaMHk8XkS_I8MdF' is no id"),
        ("  help:", "  Help desk:", "3:3: 'Help desk' is no name of a source"),
        ("version: 1", "version: 2", "1:10: this release reads 'version: 1'"),
    ],
)  # fmt: skip
def test_every_mistake_has_its_line(tmp_path: Path, wrong: str, right: str, message: str) -> None:
    assert any(each.startswith(message) for each in mistakes_of(tmp_path, FINE.replace(wrong, right)))


@pytest.mark.parametrize(
    "text",
    ["", "[]", "sources: []", "version: 1\nsources: {a: b}", "a: b: c", "version: 1\nsources:\n  a: {kind: [s3]}"],
)
def test_what_is_no_declaration_is_a_mistake(tmp_path: Path, text: str) -> None:
    assert mistakes_of(tmp_path, text)


def test_mistakes_in_it_are_the_tenants_and_so_is_a_folder_that_nobody_declares(tmp_path: Path) -> None:
    folder = write_tenant(tmp_path)
    (folder / "knowledge" / "synced" / "old").mkdir(parents=True)
    (folder / "knowledge" / "sources.yaml").write_text(FINE.replace("kind: sitemap", "kind: site"))
    messages = [str(each) for each in load_tenant(folder).mistakes]
    assert "corner_shop/knowledge/sources.yaml:3:16: unknown kind 'site'; did you mean 'sitemap'?" in messages
    assert any(each.startswith("corner_shop/knowledge/synced/old:1:1: no source of this name") for each in messages)


def test_what_lies_outside_the_residency_is_refused_with_the_reason(tmp_path: Path) -> None:
    sources = read_sources(written(tmp_path, FINE), Mistakes())
    known = {"www.harbour.example": "eu", "harbour.atlassian.net": "us"}
    messages = source_refusals(DeclaredSources(sources, "eu"), known)
    assert messages[0] == (
        "knowledge source 'wiki' is asked at harbour.atlassian.net, which stays within us, and the tenant may not "
        "leave eu; name the boundary that the host stays within under hosts of the deployment file"
    )
    assert [each.partition(" is ")[0] for each in messages] == [
        "knowledge source 'wiki'",
        *["knowledge source 'policies'"] * 3,
    ]
    assert not source_refusals(DeclaredSources(sources), {})
    assert "is in eu-central-1" in source_refusals(DeclaredSources(sources[2:3], "us"), {})[0]
