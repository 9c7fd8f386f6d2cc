"""Contract tests: connectors against services that behave as they are documented, S3's against moto."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from moto.core.botocore_stubber import MockRawResponse

from local.document_hosts.confluence import LocalConfluence
from local.document_hosts.graph import CLIENT, DIRECTORY, DRIVE, DownloadSite, LocalGraph
from local.document_hosts.website import LocalWebsite
from sotto.aws.secrets import GivenKey
from sotto.knowledge.adapters.confluence import ConfluencePages
from sotto.knowledge.adapters.s3 import CONFIG, S3Documents
from sotto.knowledge.adapters.sharepoint import SharePointFiles
from sotto.knowledge.adapters.sitemap import SitemapPages
from sotto.knowledge.knowledge_source import (
    CursorExpired,
    DocumentSkipped,
    KnowledgeSource,
    SourceRefused,
    SourceUnavailable,
)
from sotto.knowledge.retries import Retries
from sotto.tenants.reading.sources.confluence import ConfluenceSpace
from sotto.tenants.reading.sources.s3 import S3Prefix
from sotto.tenants.reading.sources.sharepoint import SharePointDrive
from sotto.tenants.reading.sources.sitemap import Sitemap
from tests.contract.ports.conftest import REGION
from tests.contract.ports.knowledge_source_contract import CARDS, FEES, LIMIT, Held, KnowledgeSourceContract
from tests.fakes.turned_clock import TurnedClock

BUCKET = "harbour-articles"
TOKEN = "ann@harbour.example:token"


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
def retries(clock: TurnedClock) -> Retries:
    return Retries(clock, clock.pass_ms)


class ConfluenceShelf(LocalConfluence):
    def __init__(self) -> None:
        super().__init__(each=3)

    def put(self, number: int, text: str) -> None:  # type: ignore[override]
        super().put(str(100 + number), f"Page {number}", text)

    def remove(self, number: int) -> None:
        """To the trash: it is listed there, and not among the current ones."""
        self.pages[str(100 + number)].status = "trashed"

    def lose_access(self) -> None:
        self.is_readable = False

    def be_busy(self, times: int) -> float:
        self.busy.extend(["7"] * times)
        return 7_000

    def be_down(self, is_down: bool) -> None:
        self.is_down = is_down

    def cut(self, times: int) -> None:
        self.cut_next = times


class TestConfluencePages(KnowledgeSourceContract):
    @pytest.fixture
    def shelf(self) -> Iterator[ConfluenceShelf]:
        with ConfluenceShelf() as shelf:
            yield shelf

    @pytest.fixture
    def space(self, shelf: ConfluenceShelf) -> ConfluenceSpace:
        return ConfluenceSpace(name="wiki", address=shelf.url, space="HELP")

    @pytest.fixture
    def source(self, space: ConfluenceSpace, retries: Retries) -> KnowledgeSource:
        return ConfluencePages(space, GivenKey(TOKEN), retries)

    @pytest.fixture
    def limited(self, space: ConfluenceSpace, retries: Retries) -> KnowledgeSource:
        return ConfluencePages(space, GivenKey(TOKEN), retries, most_bytes=LIMIT)

    def test_a_wrong_token_is_refused_without_being_shown(self, space: ConfluenceSpace, retries: Retries) -> None:
        with pytest.raises(SourceRefused, match="replace the secret") as raised:
            ConfluencePages(space, GivenKey("ann@harbour.example:wrong"), retries).changes("")
        assert "wrong" not in str(raised.value)

    def test_a_space_that_is_not_there_is_refused(self, shelf: ConfluenceShelf, retries: Retries) -> None:
        other = ConfluenceSpace(name="wiki", address=shelf.url, space="OTHER")
        with pytest.raises(SourceRefused, match="no space OTHER"):
            ConfluencePages(other, GivenKey(TOKEN), retries).changes("")

    def test_the_address_is_where_people_read_it(self, source: KnowledgeSource, shelf: ConfluenceShelf) -> None:
        shelf.put(1, FEES)
        (document,) = source.changes("").documents
        assert document.address == f"{shelf.url}/wiki/spaces/HELP/pages/101"
        assert (document.title, document.date) == ("Page 1", "2026-03-31")


class SharePointShelf:
    """What is kept is in Graph; what is downloaded comes from the site."""

    def __init__(self, graph: LocalGraph) -> None:
        self.graph = graph

    def put(self, number: int, text: str) -> None:
        self.graph.put(f"f{number}", f"page-{number}.txt", text.encode())

    def remove(self, number: int) -> None:
        self.graph.remove(f"f{number}")

    def lose_access(self) -> None:
        self.graph.secret = "another"
        self.graph.end_tokens()

    def be_busy(self, times: int) -> float:
        self.graph.busy.extend(["7"] * times)
        return 7_000

    def be_down(self, is_down: bool) -> None:
        self.graph.is_down = self.graph.site.is_down = is_down

    def cut(self, times: int) -> None:
        self.graph.cut_next = times


class TestSharePointFiles(KnowledgeSourceContract):
    @pytest.fixture
    def graph(self) -> Iterator[LocalGraph]:
        with DownloadSite() as site, LocalGraph(site, each=3) as graph:
            yield graph

    @pytest.fixture
    def shelf(self, graph: LocalGraph) -> SharePointShelf:
        return SharePointShelf(graph)

    @pytest.fixture
    def drive(self, graph: LocalGraph) -> SharePointDrive:
        return SharePointDrive(
            name="policies", site=graph.site.url, graph=graph.url, login=graph.url, drive=DRIVE, directory=DIRECTORY,
            client_id=CLIENT,
        )  # fmt: skip

    @pytest.fixture
    def source(self, drive: SharePointDrive, retries: Retries) -> KnowledgeSource:
        return SharePointFiles(drive, GivenKey("secret"), retries)

    @pytest.fixture
    def limited(self, drive: SharePointDrive, retries: Retries) -> KnowledgeSource:
        return SharePointFiles(drive, GivenKey("secret"), retries, most_bytes=LIMIT)

    def test_a_link_that_was_forgotten_has_expired_and_everything_comes_anew(
        self, source: KnowledgeSource, shelf: SharePointShelf
    ) -> None:
        shelf.put(1, FEES)
        shelf.put(2, CARDS)
        cursor = source.changes("").cursor
        shelf.remove(1)
        shelf.graph.forget()
        with pytest.raises(CursorExpired):
            source.changes(cursor)
        anew = source.changes("")
        assert anew.is_whole
        assert [each.id for each in anew.documents] == ["f2"]
        assert source.changes(anew.cursor).documents == ()

    def test_the_last_of_several_changes_of_an_item_counts(
        self, source: KnowledgeSource, shelf: SharePointShelf
    ) -> None:
        cursor = source.changes("").cursor
        shelf.put(1, FEES)
        shelf.put(1, CARDS)
        shelf.put(2, FEES)
        shelf.remove(2)
        changes = source.changes(cursor)
        assert ([(each.id, each.size) for each in changes.documents], changes.gone) == ([("f1", len(CARDS))], ("f2",))
        assert not changes.is_whole

    def test_a_token_that_ended_is_fetched_again(self, source: KnowledgeSource, shelf: SharePointShelf) -> None:
        shelf.put(1, FEES)
        held = Held(source)
        held.sync()
        shelf.graph.end_tokens()
        assert held.texts() == [FEES]

    def test_a_cursor_that_leads_to_another_host_is_not_followed(
        self, source: KnowledgeSource, shelf: SharePointShelf
    ) -> None:
        with LocalGraph(shelf.graph.site) as other:
            with pytest.raises(SourceRefused, match="does not name"):
                source.changes(f"{other.url}/v1.0/drives/{DRIVE}/root/delta?token=log.0.")
            assert not other.asked

    def test_no_token_goes_where_files_are_downloaded(self, source: KnowledgeSource, shelf: SharePointShelf) -> None:
        shelf.put(1, FEES)
        held = Held(source)
        held.sync()
        held.texts()
        assert all("authorization" not in each.headers for each in shelf.graph.site.asked)

    def test_a_download_elsewhere_is_not_followed(
        self, drive: SharePointDrive, shelf: SharePointShelf, retries: Retries
    ) -> None:
        shelf.put(1, FEES)
        elsewhere = SharePointDrive(
            name="policies", site="https://other.sharepoint.com", graph=drive.graph, login=drive.login,
            drive=DRIVE, directory=DIRECTORY, client_id=CLIENT,
        )  # fmt: skip
        source = SharePointFiles(elsewhere, GivenKey("secret"), retries)
        (document,) = source.changes("").documents
        with pytest.raises(SourceRefused, match="leads to http://127"):
            source.read(document)


class WebsiteShelf(LocalWebsite):
    def __init__(self) -> None:
        super().__init__(each=3)
        self._edits = 0

    def put(self, number: int, text: str) -> None:  # type: ignore[override]
        self._edits += 1
        super().put(f"/help/{number}", f"Page {number}", text, lastmod=f"2026-03-31T10:00:{self._edits:02}Z")

    def remove(self, number: int) -> None:
        del self.pages[f"/help/{number}"]

    def lose_access(self) -> None:
        self.is_open = False

    def be_busy(self, times: int) -> float:
        self.busy.extend(["7"] * times)
        return 7_000

    def be_down(self, is_down: bool) -> None:
        self.is_down = is_down

    def cut(self, times: int) -> None:
        self.cut_next = times


class TestSitemapPages(KnowledgeSourceContract):
    @pytest.fixture
    def shelf(self) -> Iterator[WebsiteShelf]:
        with WebsiteShelf() as shelf:
            yield shelf

    @pytest.fixture
    def declared(self, shelf: WebsiteShelf) -> Sitemap:
        return Sitemap(name="help", address=f"{shelf.url}/sitemap.xml", paths=("/help/",))

    @pytest.fixture
    def source(self, declared: Sitemap, retries: Retries) -> KnowledgeSource:
        return SitemapPages(declared, retries)

    @pytest.fixture
    def limited(self, declared: Sitemap, retries: Retries) -> KnowledgeSource:
        return SitemapPages(declared, retries, most_bytes=LIMIT)

    def test_pages_of_others_of_other_paths_and_those_that_robots_keep_out_are_left_alone(
        self, source: KnowledgeSource, shelf: WebsiteShelf
    ) -> None:
        shelf.robots = "User-agent: *\nDisallow: /help/*-internal\nCrawl-delay: 3\n"
        shelf.put(1, FEES)
        LocalWebsite.put(shelf, "/help/2-internal", "Internal", CARDS)
        LocalWebsite.put(shelf, "/news/3", "News", CARDS)
        shelf.also_listed += ["https://elsewhere.example/help/4", "http://[help/5", "", "//help/6", "javascript:help()"]
        assert [each.address for each in source.changes("").documents] == [f"{shelf.url}/help/1"]

    def test_the_pause_that_the_site_asks_for_is_kept(
        self, source: KnowledgeSource, shelf: WebsiteShelf, clock: TurnedClock
    ) -> None:
        shelf.robots = "User-agent: *\nCrawl-delay: 3\n"
        shelf.put(1, FEES)
        held = Held(source)
        held.sync()
        before_ms = clock.time_ms
        held.texts()
        assert clock.time_ms - before_ms == 3_000

    def test_while_robots_cannot_be_read_nothing_is(self, source: KnowledgeSource, shelf: WebsiteShelf) -> None:
        shelf.put(1, FEES)
        shelf.robots_status = 500
        with pytest.raises(SourceUnavailable):
            source.changes("")

    def test_a_page_that_is_as_it_was_is_not_sent_again(self, source: KnowledgeSource, shelf: WebsiteShelf) -> None:
        LocalWebsite.put(shelf, "/help/1", "Fees", FEES)
        (document,) = source.changes("").documents
        content = source.read(document)
        assert content is not None
        assert document.version == ""
        assert source.read(document, content.validator) is None
        LocalWebsite.put(shelf, "/help/1", "Fees", CARDS)
        assert source.read(document, content.validator) is not None

    def test_a_page_that_leads_elsewhere_is_skipped_and_one_within_the_paths_followed(
        self, source: KnowledgeSource, shelf: WebsiteShelf
    ) -> None:
        for path, location in (
            ("/help/old", "/help/new"), ("/help/out", "/members"), ("/help/away", "https://elsewhere.example/"),
            ("/help/round", "/help/round"), ("/help/nowhere", "http://[help"),
        ):  # fmt: skip
            LocalWebsite.put(shelf, path, "Moved", "", status=301, location=location)
        LocalWebsite.put(shelf, "/help/new", "New", FEES, is_listed=False)
        documents = {each.name: each for each in source.changes("").documents}
        content = source.read(documents.pop("old"))
        assert content is not None
        assert FEES.encode() in content.data
        for document in documents.values():
            with pytest.raises(DocumentSkipped, match="leads"):
                source.read(document)
        assert "/members" not in [each.path for each in shelf.asked]

    def test_what_is_no_sitemap_is_refused(self, shelf: WebsiteShelf, retries: Retries) -> None:
        shelf.put(1, FEES)
        with pytest.raises(SourceRefused, match="no sitemap"):
            SitemapPages(Sitemap(name="help", address=f"{shelf.url}/help/1"), retries).changes("")


class S3Shelf:
    """Objects of moto's; ``trouble`` answers instead of it: (times, how)."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.client.create_bucket(Bucket=BUCKET)
        self.client.put_object(Bucket=BUCKET, Key="private/1.txt", Body=b"not ours")
        self.client.put_object(Bucket=BUCKET, Key="public/", Body=b"")
        self._left, self._how = 0, ""
        client.meta.events.register_first("before-send.s3", self._instead)

    def put(self, number: int, text: str) -> None:
        self.client.put_object(Bucket=BUCKET, Key=f"public/{number}.txt", Body=text.encode())

    def remove(self, number: int) -> None:
        self.client.delete_object(Bucket=BUCKET, Key=f"public/{number}.txt")

    def lose_access(self) -> None:
        self._left, self._how = 1_000, "refused"

    def be_busy(self, times: int) -> float:
        self._left, self._how = times, "busy"
        return 0

    def be_down(self, is_down: bool) -> None:
        self._left, self._how = (1_000, "busy") if is_down else (0, "")

    def cut(self, times: int) -> None:
        self._left, self._how = times, "cut"

    def _instead(self, request: Any, **_: Any) -> AWSResponse | None:
        if not self._left or (self._how == "cut" and request.method == "HEAD"):
            return None
        self._left -= 1
        if self._how == "cut":
            return self._response(request, 200, b"<?xml version='1.0'?><ListBucketResult><Contents><Key>pub", 400)
        code, status = {"busy": ("SlowDown", 503), "refused": ("AccessDenied", 403)}[self._how]
        return self._response(request, status, f"<Error><Code>{code}</Code><Message/></Error>".encode())

    def _response(self, request: Any, status: int, body: bytes, length: int | None = None) -> AWSResponse:
        headers = {"content-length": str(length or len(body)), "content-type": "application/xml"}
        return AWSResponse(request.url, status, headers, MockRawResponse(body))  # type: ignore[arg-type]


class TestS3Documents(KnowledgeSourceContract):
    @pytest.fixture
    def shelf(self, aws: boto3.Session) -> S3Shelf:
        return S3Shelf(aws.client("s3", config=CONFIG))

    @pytest.fixture
    def declared(self) -> S3Prefix:
        return S3Prefix(name="files", bucket=BUCKET, prefix="public/", region=REGION)

    @pytest.fixture
    def source(self, declared: S3Prefix, shelf: S3Shelf, retries: Retries) -> KnowledgeSource:
        return S3Documents(declared, shelf.client, retries, keys_each=3)

    @pytest.fixture
    def limited(self, declared: S3Prefix, shelf: S3Shelf, retries: Retries) -> KnowledgeSource:
        return S3Documents(declared, shelf.client, retries, most_bytes=LIMIT)

    def test_a_bucket_of_another_region_is_refused(self, aws: boto3.Session, shelf: S3Shelf, retries: Retries) -> None:
        where = {"LocationConstraint": "eu-central-1"}
        aws.client("s3", "eu-central-1").create_bucket(Bucket="european", CreateBucketConfiguration=where)
        declared = S3Prefix(name="files", bucket="european", prefix="", region=REGION)
        with pytest.raises(SourceRefused, match="the bucket is in eu-central-1"):
            S3Documents(declared, shelf.client, retries).changes("")

    def test_a_bucket_that_is_not_there_is_refused(self, shelf: S3Shelf, retries: Retries) -> None:
        declared = S3Prefix(name="files", bucket="nowhere", prefix="", region=REGION)
        with pytest.raises(SourceRefused, match="no bucket nowhere"):
            S3Documents(declared, shelf.client, retries).changes("")

    def test_only_the_prefix_is_read(self, source: KnowledgeSource, shelf: S3Shelf) -> None:
        shelf.put(1, FEES)
        assert [each.address for each in source.changes("").documents] == [f"s3://{BUCKET}/public/1.txt"]
