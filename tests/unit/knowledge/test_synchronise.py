"""Unit: what a source changed, applied to a tenant's folder, and all that can break off on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from sotto.core.errors import SottoError
from sotto.knowledge.knowledge_source import (
    Changes,
    Content,
    CursorExpired,
    DocumentGone,
    ListedDocument,
    SourceRefused,
    SourceUnavailable,
)
from sotto.knowledge.synced_folder import SyncedFolder, SyncUnderWay, take_out_undeclared
from sotto.knowledge.synchronise import MOST_DOCUMENTS, SyncReport, synchronise
from sotto.tenants.reading.folder import articles_of
from sotto.tenants.reading.knowledge import Document, read_documents
from sotto.tenants.reading.places import Mistakes
from sotto.tenants.reading.sources.sitemap import Sitemap

FEES = "The monthly fee is waived once a year."
CARDS = "A lost card is blocked at once."
DECLARED = Sitemap(name="help", address="https://www.harbour.example/sitemap.xml")


@dataclass
class Service:
    """Lists all that it has, and counts what is read. ``fails``: what reading a document raises."""

    texts: dict[str, str]
    versions: dict[str, str] = field(default_factory=dict)
    fails: dict[str, SottoError] = field(default_factory=dict)
    refuses: SottoError | None = None
    read_ids: list[str] = field(default_factory=list)
    media_type: str = "text/plain"

    def changes(self, cursor: str) -> Changes:
        if self.refuses is not None:
            raise self.refuses
        return Changes(tuple(map(self.listed, sorted(self.texts))), is_whole=True, cursor=f"after {cursor}")

    def listed(self, id: str) -> ListedDocument:
        version = self.versions.get(id, self.texts[id])
        return ListedDocument(id, version, f"https://help.example/{id}", title=f"About {id}", date="2026-03-31")

    def read(self, document: ListedDocument, validator: str = "") -> Content | None:
        self.read_ids.append(document.id)
        if document.id in self.fails:
            raise self.fails[document.id]
        return Content(self.texts[document.id].encode(), self.media_type, validator="v")


def sync(tenant: Path, service: object, declared: Sitemap = DECLARED) -> SyncReport:
    with SyncedFolder.opened(tenant, declared) as folder:
        return synchronise(service, folder)  # type: ignore[arg-type]


def articles(tenant: Path) -> dict[str, Document]:
    mistakes = Mistakes()
    found = {each.title: each for each in read_documents(tenant, mistakes)}
    assert not mistakes.found
    return found


@pytest.fixture
def tenant(tmp_path: Path) -> Path:
    (tmp_path / "bank" / "knowledge").mkdir(parents=True)
    return tmp_path / "bank"


def test_documents_become_articles_with_their_source_and_date(tenant: Path) -> None:
    report = sync(tenant, Service({"fees": FEES, "cards": CARDS}))
    assert (sorted(report.added), report.trouble) == (["About cards", "About fees"], "")
    found = articles(tenant)["About fees"]
    assert (found.text, found.source, found.date) == (FEES, "https://help.example/fees", "2026-03-31")
    assert found.id.startswith("help-about-fees-")
    assert {each.source for each in articles_of(articles(tenant).values())} >= {"https://help.example/cards"}


def test_only_what_changed_is_fetched_and_nothing_twice(tenant: Path) -> None:
    service = Service({"fees": FEES, "cards": CARDS})
    sync(tenant, service)
    kept = articles(tenant)
    service.read_ids.clear()
    again = sync(tenant, service)
    assert (service.read_ids, again.unchanged, again.added) == ([], 2, [])
    assert articles(tenant) == kept
    service.texts["fees"] = f"{FEES} Or twice."
    changed = sync(tenant, service)
    assert (service.read_ids, changed.changed) == (["fees"], ["About fees"])
    assert articles(tenant)["About fees"].id == kept["About fees"].id


def test_a_service_that_tells_no_versions_is_read_each_time_and_says_nothing_new(tenant: Path) -> None:
    service = Service({"fees": FEES}, versions={"fees": ""})
    sync(tenant, service)
    again = sync(tenant, service)
    assert (service.read_ids, again.unchanged, again.changed) == (["fees", "fees"], 1, [])


def test_what_vanished_is_taken_out(tenant: Path) -> None:
    service = Service({"fees": FEES, "cards": CARDS})
    sync(tenant, service)
    del service.texts["fees"]
    assert sync(tenant, service).removed == ["About fees"]
    assert list(articles(tenant)) == ["About cards"]


@pytest.mark.parametrize("error", [SourceUnavailable("it is down"), SourceRefused("no"), CursorExpired("forgotten")])
def test_a_source_that_does_not_answer_leaves_what_is_there(tenant: Path, error: SottoError) -> None:
    service = Service({"fees": FEES})
    sync(tenant, service)
    service.refuses = error
    assert sync(tenant, service).trouble == f"{error}; what was fetched before stays"
    assert list(articles(tenant)) == ["About fees"]
    service.refuses = None
    assert sync(tenant, service).unchanged == 1


def test_a_source_that_lists_nothing_any_more_is_doubted(tenant: Path) -> None:
    service = Service({"fees": FEES})
    sync(tenant, service)
    service.texts.clear()
    assert "lists none of the 1 documents" in sync(tenant, service).trouble
    assert list(articles(tenant)) == ["About fees"]


def test_one_document_that_fails_stays_as_it_was_and_comes_the_next_time(tenant: Path) -> None:
    service = Service({"cards": CARDS, "fees": FEES})
    sync(tenant, service)
    service.texts |= {"cards": f"{CARDS} New.", "fees": f"{FEES} New."}
    service.fails["cards"] = SourceUnavailable("busy")
    report = sync(tenant, service)
    assert (report.changed, report.trouble.partition(";")[0]) == (["About fees"], "busy")
    assert articles(tenant)["About cards"].text == CARDS
    service.fails.clear()
    service.read_ids.clear()
    assert sync(tenant, service).changed == ["About cards"]
    assert service.read_ids == ["cards"]


def test_three_failures_in_a_row_are_the_services_own(tenant: Path) -> None:
    texts = {f"{number:02}": f"{FEES} {number}" for number in range(10)}
    service = Service(texts, fails={id: SourceUnavailable("down") for id in texts})
    assert sync(tenant, service).trouble
    assert len(service.read_ids) == 3


def test_the_cursor_stays_until_everything_before_it_is_here(tenant: Path) -> None:
    service = Service({"fees": FEES}, fails={"fees": SourceUnavailable("busy")})
    sync(tenant, service)
    with SyncedFolder.opened(tenant, DECLARED) as folder:
        assert folder.state.cursor == ""
    service.fails.clear()
    sync(tenant, service)
    with SyncedFolder.opened(tenant, DECLARED) as folder:
        assert folder.state.cursor == "after "


def test_what_cannot_be_an_article_is_skipped_named_and_not_fetched_again(tenant: Path) -> None:
    service = Service({"fees": FEES, "logo": "PNG"})
    service.media_type = "image/png"
    report = sync(tenant, service)
    assert report.skipped == [
        (f"About {id}", "image/png is no kind that becomes an article; save it as PDF, HTML or Markdown")
        for id in ("fees", "logo")
    ]
    service.read_ids.clear()
    assert (sync(tenant, service).skipped, service.read_ids) == (report.skipped, [])
    assert not articles(tenant)


def test_an_article_whose_document_becomes_a_picture_goes(tenant: Path) -> None:
    service = Service({"fees": FEES, "cards": CARDS})
    sync(tenant, service)
    service.texts["fees"], service.media_type = "another", "image/png"
    assert len(sync(tenant, service).skipped) == 1
    assert list(articles(tenant)) == ["About cards"]


class Sized(Service):
    def listed(self, id: str) -> ListedDocument:
        return replace(super().listed(id), size=90 * 1024**2, name="film.pdf")


def test_what_is_known_to_be_too_large_is_not_fetched(tenant: Path) -> None:
    service = Sized({"film": FEES})
    assert sync(tenant, service).skipped == [("About film", "it has 90 MB, and 20 are the most; split it")]
    assert service.read_ids == []


def test_a_document_that_goes_while_it_is_fetched_is_gone(tenant: Path) -> None:
    service = Service({"fees": FEES, "cards": CARDS}, fails={"fees": DocumentGone("fees")})
    report = sync(tenant, service)
    assert (report.added, report.trouble) == (["About cards"], "")


class Delta(Service):
    """Gives what changed alone; a cursor of "old" is forgotten."""

    only: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    def changes(self, cursor: str) -> Changes:
        if cursor == "old":
            raise CursorExpired("forgotten")
        ids = self.only if cursor else sorted(self.texts)
        return Changes(tuple(map(self.listed, ids)), self.gone, "old" if not cursor else "new", is_whole=not cursor)


def test_a_forgotten_cursor_compares_everything_and_takes_out_what_went_meanwhile(tenant: Path) -> None:
    service = Delta({"fees": FEES, "cards": CARDS})
    sync(tenant, service)
    del service.texts["fees"]
    service.read_ids.clear()
    report = sync(tenant, service)
    assert (report.restarted, report.removed, service.read_ids) == (True, ["About fees"], [])


def _without_articles(path: Path) -> None:
    for each in path.glob("*.md"):
        each.unlink()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "an article was deleted": _without_articles,
    "the state is torn": lambda path: (path / ".sync.json").write_text('{"identity": "site'),
    "the state is gone": lambda path: (path / ".sync.json").unlink(),
    "the state points out of the folder": lambda path: (path / ".sync.json").write_text(
        (path / ".sync.json").read_text().replace('"file": "', '"file": "../')
    ),
    "a stray article lies there": lambda path: (path / "stray.md").write_text(
        "---\nid: stray\ntitle: Stray\n---\nNobody wrote this."
    ),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_whatever_happened_to_the_folder_the_next_time_puts_it_right(
    tenant: Path, damage: Callable[[Path], object]
) -> None:
    service = Service({"fees": FEES, "cards": CARDS})
    sync(tenant, service)
    kept = articles(tenant)
    damage(tenant / "knowledge" / "synced" / "help")
    assert not sync(tenant, service).trouble
    assert articles(tenant) == kept


def test_another_place_under_the_same_name_replaces_what_was_there(tenant: Path) -> None:
    sync(tenant, Service({"fees": FEES}))
    elsewhere = Sitemap(name="help", address="https://other.example/sitemap.xml")
    sync(tenant, Service({"cards": CARDS}), elsewhere)
    assert list(articles(tenant)) == ["About cards"]


def test_a_source_that_is_declared_no_more_is_taken_out_and_own_folders_stay(tenant: Path) -> None:
    sync(tenant, Service({"fees": FEES}))
    own = tenant / "knowledge" / "synced" / "own"
    own.mkdir()
    assert take_out_undeclared(tenant, {"wiki"}) == ["help"]
    assert own.is_dir()
    assert not articles(tenant)


def test_two_at_the_same_time_are_refused(tenant: Path) -> None:
    with SyncedFolder.opened(tenant, DECLARED), pytest.raises(SyncUnderWay):
        sync(tenant, Service({}))


def test_more_than_a_tenant_can_have_is_refused_whole(tenant: Path) -> None:
    service = Service({str(number): FEES for number in range(MOST_DOCUMENTS + 1)})
    assert "2,001 documents" in sync(tenant, service).trouble
    assert service.read_ids == []


class Odd(Service):
    def listed(self, id: str) -> ListedDocument:
        return ListedDocument(id, "1", 'https://help.example/"x": y\n---', title=self.texts[id].partition("\n")[0])


@pytest.mark.parametrize(
    "title", ['a "quoted": {title} # \u0007', "---", "\u202e", "'", "Änderung: Gebühr 🙂", "x" * 900]
)
def test_whatever_a_document_is_called_the_article_can_be_read(tenant: Path, title: str) -> None:
    sync(tenant, Odd({"../../etc/passwd": f"{title}\n---\n{FEES}"}))
    (article,) = articles(tenant).values()
    assert FEES in article.text
    assert any(letter.isalnum() for letter in article.title)
    assert [each.parent.name for each in tenant.rglob("*.md")] == ["help"]
