"""The pages that a site lists in its sitemap (https://www.sitemaps.org/protocol.html), as its robots.txt lets us.

``lastmod`` says what changed; a page without it is asked for by its validator, and 304 says that it did not.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree

from sotto.knowledge.adapters.connection import Connection
from sotto.knowledge.adapters.web import AGENT, Answer, Limit, Web
from sotto.knowledge.knowledge_source import (
    Changes,
    Content,
    DocumentGone,
    DocumentSkipped,
    ListedDocument,
    SourceRefused,
    SourceUnavailable,
)
from sotto.knowledge.retries import Retries
from sotto.knowledge.robots import LARGEST_BYTES as LARGEST_ROBOTS
from sotto.knowledge.robots import Robots, read_robots
from sotto.tenants.reading.addresses import origin
from sotto.tenants.reading.documents import LARGEST_BYTES
from sotto.tenants.reading.sources.sitemap import Sitemap

LARGEST_SITEMAP = 50 * 1024**2
MOST_SITEMAPS = 50
MOST_PAGES = 50_000
MOST_REDIRECTS = 3
BETWEEN_PAGES_MS = 200
"""Where the site asks for no longer pause."""
_NO_FILE = (400, 401, 403, 404, 405, 410, 451)
_OF_A_PAGE = (304, 401, 403, 404, 410, 451)
_ROBOTS = Limit(LARGEST_ROBOTS, SourceRefused)
_SITEMAP = Limit(LARGEST_SITEMAP, SourceRefused)
_REDIRECTS = (301, 302, 303, 307, 308)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class _Fetch:
    """``wanted``: statuses beside 200. ``is_page``: what is wrong with it is wrong with it alone."""

    limit: Limit
    wanted: tuple[int, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    is_page: bool = False


class SitemapPages:
    """``most_bytes``: of a page."""

    def __init__(self, declared: Sitemap, retries: Retries, *, most_bytes: int = LARGEST_BYTES) -> None:
        self._limit = Limit(most_bytes, DocumentSkipped)
        self._declared = declared
        self._retries = retries
        self._web = Web(declared.places, retries)
        self._robots: Robots | None = None

    def changes(self, cursor: str) -> Changes:
        pages: dict[str, ListedDocument] = {}
        for url, lastmod in self._locations():
            if self._is_wanted(url):
                pages[url] = ListedDocument(
                    id=url,
                    version=lastmod,
                    address=url,
                    media_type="text/html",  # what it is, its answer says; a dot in an address says nothing
                    name=unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2]),
                    date=match[0] if (match := _DATE.match(lastmod)) else "",
                )
            if len(pages) > MOST_PAGES:
                raise SourceRefused(f"the site lists more than {MOST_PAGES:,} pages; name the paths that are wanted")
        return Changes(documents=tuple(pages.values()), is_whole=True)

    def _is_wanted(self, url: str) -> bool:
        if not self._web.reaches(url):
            return False
        parts = urlsplit(url)
        path = parts.path or "/"
        if not path.startswith(self._declared.paths or ("/",)):
            return False
        return self._rules().allows(f"{path}?{parts.query}" if parts.query else path)

    def _rules(self) -> Robots:
        """RFC 9309, 2.3.1: without a file everything is allowed; while it cannot be read, nothing is."""
        if self._robots is None:
            url = f"{origin(self._declared.address)}/robots.txt"
            answer = self._followed(url, _Fetch(_ROBOTS, _NO_FILE))
            text = answer.body.decode(errors="replace") if answer.status == 200 else ""
            self._robots = read_robots(text, AGENT)
        return self._robots

    def _locations(self) -> Iterator[tuple[str, str]]:
        """(address, lastmod or "") of every page, of the sitemaps that an index lists as well."""
        waiting, seen = [self._declared.address], {self._declared.address}
        while waiting:
            root = self._sitemap(waiting.pop(0))
            is_index = _bare(root.tag) == "sitemapindex"
            for entry in root:
                fields = {_bare(each.tag): (each.text or "").strip() for each in entry}
                url = fields.get("loc", "")
                if not is_index:
                    yield url, fields.get("lastmod", "")
                elif url not in seen and self._web.reaches(url):
                    seen.add(url)
                    waiting.append(url)
            if len(seen) > MOST_SITEMAPS:
                raise SourceRefused(f"the site has more than {MOST_SITEMAPS} sitemaps; name one of them")

    def _sitemap(self, url: str) -> ElementTree.Element:
        data = self._followed(url, _Fetch(_SITEMAP)).body
        if data[:2] == b"\x1f\x8b":
            data = _unpacked(data)
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise SourceRefused("the sitemap declares entities; it needs none")
        try:
            root = ElementTree.fromstring(data)  # noqa: S314 (entities are refused above)
        except ElementTree.ParseError as error:
            raise SourceUnavailable("the sitemap is no whole XML") from error
        if _bare(root.tag) not in ("urlset", "sitemapindex"):
            raise SourceRefused("this is no sitemap; write the address of one")
        return root

    def read(self, document: ListedDocument, validator: str = "") -> Content | None:
        self._retries.wait(max(BETWEEN_PAGES_MS, self._rules().delay_ms))
        answer = self._followed(document.id, _Fetch(self._limit, _OF_A_PAGE, _condition(validator), is_page=True))
        if answer.status == 304:
            return None
        if answer.status in (404, 410):
            raise DocumentGone(document.id)
        if answer.status != 200:
            raise DocumentSkipped(f"the site does not show it to everybody ({answer.status})")
        return Content(answer.body, answer.headers.get("content-type", ""), _validator(answer))

    def _followed(self, url: str, fetch: _Fetch) -> Answer:
        refused = DocumentSkipped if fetch.is_page else SourceRefused
        for _ in range(1 + MOST_REDIRECTS):
            answer = self._web.get(
                url,
                headers=fetch.headers,
                wanted=(200, *fetch.wanted, *_REDIRECTS),
                limit=fetch.limit,
            )
            if answer.status not in _REDIRECTS:
                return answer
            try:
                url = urljoin(url, answer.headers.get("location", ""))
            except ValueError as error:
                raise refused("it leads to what is no address") from error
            if fetch.is_page and not self._is_wanted(url):
                raise DocumentSkipped("it leads to where we were not asked to look")
        raise refused("it leads round in circles")


def _condition(validator: str) -> dict[str, str]:
    if not validator:
        return {}
    kind, _, value = validator.partition(" ")
    return {"If-None-Match": value} if kind == "etag" else {"If-Modified-Since": value}


def _validator(answer: Answer) -> str:
    if etag := answer.headers.get("etag"):
        return f"etag {etag}"
    modified = answer.headers.get("last-modified")
    return f"modified {modified}" if modified else ""


def _unpacked(data: bytes) -> bytes:
    try:
        unpacker = zlib.decompressobj(wbits=31)
        unpacked = unpacker.decompress(data, LARGEST_SITEMAP + 1)
    except zlib.error as error:
        raise SourceUnavailable("the sitemap cannot be unpacked") from error
    if len(unpacked) > LARGEST_SITEMAP:
        raise SourceRefused("the sitemap is larger than the protocol lets it be")
    if not unpacker.eof:
        raise SourceUnavailable("the sitemap came to an end too early")
    return unpacked


def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]


def source(declared: Sitemap, connection: Connection) -> SitemapPages:
    return SitemapPages(declared, connection.retries)
