"""A site of Confluence Cloud, as far as REST API v2 lists and reads pages.

https://developer.atlassian.com/cloud/confluence/rest/v2/api-group-page/
"""

from __future__ import annotations

import base64
import html
import json
import re
from dataclasses import dataclass

from local.document_hosts.host import DocumentHost, Reply, Request

MOST_EACH = 250
_PAGES = re.compile(r"/wiki/api/v2/spaces/(\d+)/pages")
_PAGE = re.compile(r"/wiki/api/v2/pages/(\d+)")


@dataclass(slots=True)
class Page:
    title: str
    body: str
    number: int = 1
    created_at: str = "2026-03-31T10:00:00.000Z"
    status: str = "current"


class LocalConfluence(DocumentHost):
    """One space. ``credentials``: ``user:token``. ``each``: pages of a listing at most, whatever is asked for."""

    def __init__(self, *, space: str = "HELP", credentials: str = "ann@harbour.example:token", each: int = MOST_EACH):
        super().__init__()
        self.space, self.credentials, self.each = space, credentials, each
        self.is_readable = True
        self.pages: dict[str, Page] = {}
        self._cursors: dict[str, int] = {}

    def put(self, id: str, title: str, body: str, *, at: str = "2026-03-31T10:00:00.000Z") -> None:
        known = self.pages.get(id)
        self.pages[id] = Page(title, body, known.number + 1 if known else 1, at)

    def reply(self, request: Request) -> Reply:
        if request.headers.get("authorization") not in self._shown():
            return _error(401, "Unauthorized; scope does not match")
        if request.path == "/wiki/api/v2/spaces":
            return self._spaces(request)
        if match := _PAGES.fullmatch(request.path):
            return self._listing(request) if match[1] == "17" and self.is_readable else _error(404, "Not Found")
        if match := _PAGE.fullmatch(request.path):
            return self._page(request, match[1])
        return _error(404, "Not Found")

    def _shown(self) -> tuple[str, ...]:
        return (f"Basic {base64.b64encode(self.credentials.encode()).decode()}", f"Bearer {self.credentials}")

    def _spaces(self, request: Request) -> Reply:
        """What may not be read is not listed: an empty list, and no error."""
        found = self.is_readable and request.parameter("keys") == self.space
        return self._results([{"id": "17", "key": self.space, "name": "Help"}] if found else [], None)

    def _listing(self, request: Request) -> Reply:
        limit = request.parameter("limit", "25")
        if not limit.isdigit() or not 1 <= int(limit) <= MOST_EACH:
            return _error(400, "limit must be between 1 and 250")
        cursor = request.parameter("cursor")
        if cursor and cursor not in self._cursors:
            return _error(400, "The cursor is invalid")
        wanted = request.parameter("status")
        pages = sorted((int(id), page) for id, page in self.pages.items() if not wanted or page.status == wanted)
        left = [(id, page) for id, page in pages if id > self._cursors.get(cursor, 0)]
        shown = left[: min(int(limit), self.each)]
        following = None
        if len(left) > len(shown):
            following = base64.urlsafe_b64encode(f"after:{shown[-1][0]}".encode()).decode()
            self._cursors[following] = shown[-1][0]
        return self._results([self._listed(str(id), page) for id, page in shown], following)

    def _listed(self, id: str, page: Page) -> dict[str, object]:
        return {
            "id": id,
            "status": page.status,
            "title": page.title,
            "spaceId": "17",
            "version": {"number": page.number, "createdAt": page.created_at, "minorEdit": False},
            "body": {},
            "_links": {"webui": f"/spaces/{self.space}/pages/{id}"},
        }

    def _results(self, results: list[dict[str, object]], cursor: str | None) -> Reply:
        links = {"base": f"{self.url}/wiki"}
        if cursor is not None:
            links["next"] = f"/wiki/api/v2/spaces/17/pages?limit=2&cursor={cursor}"
        return _json({"results": results, "_links": links})

    def _page(self, request: Request, id: str) -> Reply:
        page = self.pages.get(id)
        if page is None or page.status != "current" or not self.is_readable:
            return _error(404, "Not Found")
        body = {}
        if (form := request.parameter("body-format")) == "view":
            text = "".join(f"<p>{html.escape(part)}</p>" for part in page.body.split("\n\n"))
            body = {"view": {"representation": form, "value": text}}
        return _json(self._listed(id, page) | {"body": body})


def _json(content: dict[str, object]) -> Reply:
    return Reply(200, json.dumps(content).encode(), {"Content-Type": "application/json"})


def _error(status: int, title: str) -> Reply:
    body = {"errors": [{"status": status, "code": title.upper().replace(" ", "_"), "title": title, "detail": None}]}
    return Reply(status, json.dumps(body).encode(), {"Content-Type": "application/json"})
