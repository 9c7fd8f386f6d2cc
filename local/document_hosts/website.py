"""A website with a sitemap and a robots.txt, whose pages have ETags and whose old addresses lead to new ones."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from xml.sax.saxutils import escape

from local.document_hosts.host import DocumentHost, Reply, Request

_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@dataclass(slots=True)
class WebPage:
    """``lastmod``: as the sitemap has it, empty where it says nothing. ``is_listed``: in the sitemap."""

    data: bytes
    lastmod: str = ""
    media_type: str = "text/html; charset=utf-8"
    status: int = 200
    location: str = ""
    is_listed: bool = True


class LocalWebsite(DocumentHost):
    """``/sitemap.xml`` is an index of sitemaps with ``each`` pages at most; the second one and those that follow are
    packed. ``robots``: None is no file. ``also_listed``: addresses of others in the sitemap."""

    def __init__(self, *, each: int = 50_000) -> None:
        super().__init__()
        self.each = each
        self.pages: dict[str, WebPage] = {}
        self.robots: str | None = None
        self.robots_status = 404
        self.also_listed: list[str] = []
        self.is_open = True

    def put(self, path: str, title: str, text: str, *, lastmod: str = "", **more: object) -> None:
        """``text`` with an empty line between paragraphs."""
        paragraphs = "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n"))
        page = f"<html><head><title>{escape(title)}</title></head><body><main><h1>{escape(title)}</h1>{paragraphs}"
        self.pages[path] = WebPage(f"{page}</main></body></html>".encode(), lastmod)
        for name, value in more.items():
            setattr(self.pages[path], name, value)

    def reply(self, request: Request) -> Reply:
        if not self.is_open:
            return Reply(403, b"for members")
        if request.path == "/robots.txt":
            return Reply(self.robots_status) if self.robots is None else Reply(200, self.robots.encode())
        if request.path == "/sitemap.xml":
            return self._index()
        if request.path.startswith("/sitemap-"):
            return self._sitemap(int(request.path.removeprefix("/sitemap-").partition(".")[0]))
        page = self.pages.get(request.path)
        return Reply(404, b"not here") if page is None else self._page(page, request)

    def _page(self, page: WebPage, request: Request) -> Reply:
        if page.location:
            return Reply(page.status, b"", {"Location": page.location})
        etag = f'"{hashlib.sha256(page.data).hexdigest()[:12]}"'
        if request.headers.get("if-none-match") == etag:
            return Reply(304, b"", {"ETag": etag})
        return Reply(page.status, page.data, {"Content-Type": page.media_type, "ETag": etag})

    def _listed(self) -> list[tuple[str, str]]:
        own = [(f"{self.url}{path}", page.lastmod) for path, page in sorted(self.pages.items()) if page.is_listed]
        return [*own, *((url, "2026-01-01") for url in self.also_listed)]

    def _index(self) -> Reply:
        count = max(1, -(-len(self._listed()) // self.each))
        names = [f"sitemap-{number}.xml{'.gz' if number else ''}" for number in range(count)]
        entries = "".join(f"<sitemap><loc>{self.url}/{name}</loc></sitemap>" for name in names)
        return _xml(f"<sitemapindex {_NAMESPACE}>{entries}</sitemapindex>")

    def _sitemap(self, number: int) -> Reply:
        entries = "".join(
            f"<url><loc>{escape(url)}</loc>{f'<lastmod>{lastmod}</lastmod>' if lastmod else ''}</url>"
            for url, lastmod in self._listed()[number * self.each : (number + 1) * self.each]
        )
        reply = _xml(f"<urlset {_NAMESPACE}>{entries}</urlset>")
        return Reply(200, gzip.compress(reply.body), {"Content-Type": "application/gzip"}) if number else reply


def _xml(content: str) -> Reply:
    return Reply(200, f'<?xml version="1.0" encoding="UTF-8"?>{content}'.encode(), {"Content-Type": "application/xml"})
