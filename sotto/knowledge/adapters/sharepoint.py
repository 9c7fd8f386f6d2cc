"""The files of a document library, by Microsoft Graph's delta queries.

https://learn.microsoft.com/graph/api/driveitem-delta: pages end with a link for the next time, an item may come more
than once and the last one counts, and a link that is too old is answered by 410.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from sotto.core.api_keys import ApiKey
from sotto.core.clock import Clock
from sotto.knowledge.adapters.connection import Connection
from sotto.knowledge.adapters.web import Limit, Web
from sotto.knowledge.knowledge_source import (
    Changes,
    Content,
    CursorExpired,
    DocumentGone,
    DocumentSkipped,
    ListedDocument,
    SourceRefused,
    SourceUnavailable,
)
from sotto.knowledge.retries import Retries
from sotto.tenants.reading.documents import LARGEST_BYTES
from sotto.tenants.reading.sources.sharepoint import SharePointDrive

MOST_PAGES = 1_000
RENEWED_BEFORE_MS = 60_000
_SENT_ELSEWHERE = (301, 302, 303, 307, 308)


class ClientCredentials:
    """A token of an application of its own, fetched again a minute before it ends and when it is refused.

    https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
    """

    def __init__(self, drive: SharePointDrive, key: ApiKey, web: Web, clock: Clock) -> None:
        self._drive, self._key, self._web, self._clock = drive, key, web, clock
        self._token, self._ends_at_ms = "", 0.0

    def headers(self) -> Mapping[str, str]:
        if not self._token or self._clock.monotonic_ms() >= self._ends_at_ms:
            self._fetch()
        return {"Authorization": f"Bearer {self._token}"}

    def refused(self) -> None:
        self._token = ""

    def _fetch(self) -> None:
        secret = self._key.current()
        form = {
            "grant_type": "client_credentials", "client_id": self._drive.client_id, "client_secret": secret,
            "scope": f"{self._drive.graph}/.default",
        }  # fmt: skip
        url = f"{self._drive.login}/{self._drive.directory}/oauth2/v2.0/token"
        answer = self._web.post_form(url, form, wanted=(200, 400, 401))
        if answer.status != 200:
            self._key.refused(secret)
            raise SourceRefused(f"{self._drive.login} gives no token ({answer.status}); check client_id and secret")
        found = answer.json()
        try:
            self._token, lasts_ms = str(found["access_token"]), float(found["expires_in"]) * 1000
        except (KeyError, TypeError, ValueError) as error:
            raise SourceUnavailable("a token comes in another form") from error
        self._ends_at_ms = self._clock.monotonic_ms() + lasts_ms - RENEWED_BEFORE_MS


class SharePointFiles:
    """``most_bytes``: of a document."""

    def __init__(
        self, drive: SharePointDrive, key: ApiKey, retries: Retries, *, most_bytes: int = LARGEST_BYTES
    ) -> None:
        self._limit = Limit(most_bytes, DocumentSkipped)
        self._drive = f"{drive.graph}/v1.0/drives/{quote(drive.drive, safe='!')}"
        self._graph = Web((drive.graph,), retries)
        self._downloads = Web((drive.site,), retries)
        self._authorisation = ClientCredentials(drive, key, Web((drive.login,), retries), retries.clock)

    def changes(self, cursor: str) -> Changes:
        """The cursor is the link that the service gave last."""
        last: dict[str, Mapping[str, Any]] = {}
        url = cursor or f"{self._drive}/root/delta"
        for _ in range(MOST_PAGES):
            page = self._page(url)
            last |= {str(item["id"]): item for item in _items(page)}
            if delta := page.get("@odata.deltaLink"):
                return _changes(last, str(delta), is_whole=not cursor)
            url = str(page.get("@odata.nextLink") or "")
            if not url:
                raise SourceUnavailable("a page of changes has no link to what follows")
        raise SourceRefused(f"the library has more than {MOST_PAGES} pages of changes")

    def _page(self, url: str) -> dict[str, Any]:
        answer = self._graph.get(url, authorisation=self._authorisation, wanted=(200, 404, 410))
        if answer.status == 410:
            raise CursorExpired("the service has forgotten where we were")
        if answer.status == 404:
            raise SourceRefused("there is no such drive that the application may read")
        return answer.json()

    def read(self, document: ListedDocument, validator: str = "") -> Content | None:
        """Graph sends to the site, with what the request needs in the address: no token goes there."""
        url = f"{self._drive}/items/{quote(document.id, safe='!')}/content"
        wanted = (200, 403, 404, 423, *_SENT_ELSEWHERE)
        answer = self._graph.get(url, authorisation=self._authorisation, wanted=wanted, limit=self._limit)
        if answer.status in _SENT_ELSEWHERE:
            at = answer.headers.get("location", "")
            answer = self._downloads.get(at, wanted=(200, 401, 403, 404), limit=self._limit)
            if answer.status == 401:
                raise SourceUnavailable("an address to download from had ended")
        if answer.status == 404:
            raise DocumentGone(document.id)
        if answer.status != 200:
            raise DocumentSkipped(f"it is locked, or the application may not read it ({answer.status})")
        return Content(answer.body, document.media_type or answer.headers.get("content-type", ""))


def _items(page: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = page.get("value")
    if not isinstance(found, list) or not all(isinstance(each, dict) and each.get("id") for each in found):
        raise SourceUnavailable("a page of changes comes without its items")
    return found


def _changes(items: Mapping[str, Mapping[str, Any]], cursor: str, *, is_whole: bool) -> Changes:
    gone = tuple(id for id, item in items.items() if "deleted" in item)
    files = [(id, item) for id, item in items.items() if "deleted" not in item and isinstance(item.get("file"), dict)]
    return Changes(tuple(_listed(id, item) for id, item in files), gone, cursor, is_whole)


def _listed(id: str, item: Mapping[str, Any]) -> ListedDocument:
    size = item.get("size")
    return ListedDocument(
        id=id,
        version=str(item.get("eTag") or item.get("cTag") or ""),
        address=str(item.get("webUrl") or ""),
        name=str(item.get("name") or ""),
        media_type=str(item["file"].get("mimeType") or ""),
        date=str(item.get("lastModifiedDateTime") or "")[:10],
        size=size if isinstance(size, int) else None,
    )


def source(declared: SharePointDrive, connection: Connection) -> SharePointFiles:
    assert connection.key is not None
    return SharePointFiles(declared, connection.key, connection.retries)
