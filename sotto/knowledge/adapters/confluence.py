"""The pages of a space, by Confluence Cloud's REST API v2.

https://developer.atlassian.com/cloud/confluence/rest/v2/api-group-page/. A listing holds no bodies, 250 pages each
time, so all of it is asked every time: what was deleted, archived or closed to us is then known for certain.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from sotto.core.api_keys import ApiKey
from sotto.knowledge.adapters.connection import Connection
from sotto.knowledge.adapters.web import Limit, Web
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
from sotto.tenants.reading.documents import LARGEST_BYTES
from sotto.tenants.reading.sources.confluence import ConfluenceSpace

PAGES_EACH = 250
MOST_LISTINGS = 100


class UserAndToken:
    """``user:token`` by Basic, as API tokens go; anything else as a bearer token."""

    def __init__(self, key: ApiKey) -> None:
        self._key = key
        self._shown = ""

    def headers(self) -> Mapping[str, str]:
        self._shown = self._key.current()
        if ":" in self._shown:
            return {"Authorization": f"Basic {base64.b64encode(self._shown.encode()).decode()}"}
        return {"Authorization": f"Bearer {self._shown}"}

    def refused(self) -> None:
        self._key.refused(self._shown)


class ConfluencePages:
    """``most_bytes``: of a document."""

    def __init__(
        self, space: ConfluenceSpace, key: ApiKey, retries: Retries, *, most_bytes: int = LARGEST_BYTES
    ) -> None:
        self._limit = Limit(most_bytes, DocumentSkipped)
        self._api = f"{space.address}/wiki/api/v2"
        self._site = f"{space.address}/wiki"
        self._space = space.space
        self._web = Web(space.places, retries)
        self._authorisation = UserAndToken(key)

    def changes(self, cursor: str) -> Changes:
        return Changes(documents=tuple(self._pages(self._space_id())), is_whole=True)

    def read(self, document: ListedDocument, validator: str = "") -> Content | None:
        url = f"{self._api}/pages/{quote(document.id, safe='')}?body-format=view"
        answer = self._web.get(url, authorisation=self._authorisation, wanted=(200, 403, 404), limit=self._limit)
        if answer.status == 404:
            raise DocumentGone(document.id)
        if answer.status == 403:
            raise DocumentSkipped("the secret may not read it")
        body = answer.json().get("body")
        view = body.get("view") if isinstance(body, dict) else None
        value = view.get("value") if isinstance(view, dict) else None
        if not isinstance(value, str):
            raise SourceUnavailable("a page comes without its body")
        return Content(value.encode(), "text/html")

    def _asked(self, path: str, **parameters: str | int) -> dict[str, Any]:
        url = f"{self._api}/{path}?{urlencode(parameters)}"
        return self._web.get(url, authorisation=self._authorisation).json()

    def _space_id(self) -> str:
        found = _results(self._asked("spaces", keys=self._space, limit=1))
        if not found:
            raise SourceRefused(f"there is no space {self._space} that the secret may read")
        return str(found[0].get("id", ""))

    def _pages(self, space_id: str) -> Iterator[ListedDocument]:
        seen: set[str] = set()
        cursor: str | None = None
        for _ in range(MOST_LISTINGS):
            more = {"cursor": cursor} if cursor is not None else {}
            path = f"spaces/{quote(space_id, safe='')}/pages"
            listing = self._asked(path, status="current", limit=PAGES_EACH, **more)
            links = listing.get("_links")
            links = links if isinstance(links, dict) else {}
            for page in _results(listing):
                document = self._listed(page, links)
                if document.id not in seen:  # a page that moves while they are listed may come twice
                    seen.add(document.id)
                    yield document
            if (cursor := _cursor(links)) is None:
                return
        raise SourceRefused(f"the space has more than {MOST_LISTINGS * PAGES_EACH:,} pages; name a smaller one")

    def _listed(self, page: Mapping[str, Any], links: Mapping[str, Any]) -> ListedDocument:
        version = page.get("version")
        version = version if isinstance(version, dict) else {}
        if not page.get("id") or not version.get("number"):
            raise SourceUnavailable("a page is listed without its id or version")
        base = str(links.get("base") or self._site)
        own = page.get("_links")
        path = str(own.get("webui", "")) if isinstance(own, dict) else ""
        return ListedDocument(
            id=str(page["id"]),
            version=str(version["number"]),
            address=(base if base.startswith("https://") else self._site) + path,
            title=str(page.get("title") or ""),
            date=str(version.get("createdAt") or "")[:10],
        )


def _results(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = answer.get("results")
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise SourceUnavailable("a listing comes without its results")
    return found


def _cursor(links: Mapping[str, Any]) -> str | None:
    """Of the next page. Only that is taken: the link lacks a part of the path where tokens with scopes are used."""
    following = links.get("next")
    if not following:
        return None
    cursors = parse_qs(urlsplit(str(following)).query).get("cursor")
    if not cursors:
        raise SourceUnavailable("the link to the next page has no cursor")
    return cursors[0]


def source(declared: ConfluenceSpace, connection: Connection) -> ConfluencePages:
    assert connection.key is not None
    return ConfluencePages(declared, connection.key, connection.retries)
