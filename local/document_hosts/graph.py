"""Microsoft Graph with one drive, the directory that gives tokens for it, and the site from which files are downloaded.

https://learn.microsoft.com/graph/api/driveitem-delta and driveitem-get-content. Changes are a log: an item that changed
twice comes twice, as it was each time, and what a link stands for can be forgotten.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass

from local.document_hosts.host import DocumentHost, Reply, Request

DRIVE = "b!harbour-1"
DIRECTORY = "harbour.example"
CLIENT = "8d1c1f0a-0000-4000-8000-000000000001"
_TYPES = {"pdf": "application/pdf", "html": "text/html", "txt": "text/plain"}
_CONTENT = re.compile(r"/v1\.0/drives/([^/]+)/items/([^/]+)/content")
_DELTA = re.compile(r"/v1\.0/drives/([^/]+)/root/delta")


@dataclass(frozen=True, slots=True)
class File:
    name: str
    data: bytes
    number: int


class DownloadSite(DocumentHost):
    """``tickets``: each lets one file be read, once. A request that shows a token is refused: tickets are enough."""

    def __init__(self) -> None:
        super().__init__()
        self.tickets: dict[str, bytes] = {}

    def reply(self, request: Request) -> Reply:
        data = self.tickets.pop(request.parameter("tempauth"), None)
        if "authorization" in request.headers or data is None:
            return Reply(401, b"access denied")
        return Reply(200, data, {"Content-Type": "application/octet-stream"})


class LocalGraph(DocumentHost):
    """``site``: where downloads lead. ``each``: items of a page. ``forget``: links of now are answered by 410 then."""

    def __init__(self, site: DownloadSite, *, secret: str = "secret", each: int = 200) -> None:
        super().__init__()
        self.site, self.secret, self.each = site, secret, each
        self.files: dict[str, File] = {}
        self._log: list[dict[str, object]] = []
        self._forgotten = 0
        self._tokens: set[str] = set()

    def put(self, id: str, name: str, data: bytes) -> None:
        known = self.files.get(id)
        self.files[id] = File(name, data, known.number + 1 if known else 1)
        self._log.append(self._item(id))

    def remove(self, id: str) -> None:
        del self.files[id]
        self._log.append(self._item(id))

    def forget(self) -> None:
        self._forgotten = len(self._log) + 1
        self._log.append(self._item("root"))

    def end_tokens(self) -> None:
        self._tokens.clear()

    def reply(self, request: Request) -> Reply:
        if request.path == f"/{DIRECTORY}/oauth2/v2.0/token":
            return self._token(request)
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self._tokens:
            return _error(401, "InvalidAuthenticationToken")
        if (match := _DELTA.fullmatch(request.path)) and match[1] == DRIVE:
            return self._delta(request)
        if (match := _CONTENT.fullmatch(request.path)) and match[1] == DRIVE and match[2] in self.files:
            ticket = secrets.token_hex(8)
            self.site.tickets[ticket] = self.files[match[2]].data
            return Reply(302, b"", {"Location": f"{self.site.url}/_layouts/15/download.aspx?tempauth={ticket}"})
        return _error(404, "itemNotFound")

    def _token(self, request: Request) -> Reply:
        expected = {
            "grant_type": ["client_credentials"], "client_id": [CLIENT], "client_secret": [self.secret],
            "scope": [f"{self.url}/.default"],
        }  # fmt: skip
        if request.form != expected:
            return Reply(401, json.dumps({"error": "invalid_client"}).encode())
        token = secrets.token_hex(16)
        self._tokens.add(token)
        return _json({"token_type": "Bearer", "expires_in": 3599, "access_token": token})

    def _delta(self, request: Request) -> Reply:
        """``token``: whether everything is listed or the log, from where, and where the log ended at its start."""
        token = request.parameter("token")
        kind, at, end = "all", 0, len(self._log)
        if token:
            try:
                kind, place, until = token.split(".")
                at, end = int(place), int(until) if until else end
            except ValueError:
                return _error(400, "invalidRequest")
            if (end if kind == "all" else at) < self._forgotten:
                link = {"Location": f"{self.url}{request.path}?token="}
                return _error(410, "resyncChangesApplyDifferences", link)
        everything = map(self._item, ("root", *sorted(self.files)))
        items = list(everything) if kind == "all" else self._log[:end]
        shown = items[at : at + self.each]
        link = {"@odata.deltaLink": f"{self.url}{request.path}?token=log.{end}."}
        if at + len(shown) < len(items):
            link = {"@odata.nextLink": f"{self.url}{request.path}?token={kind}.{at + len(shown)}.{end}"}
        return _json({"value": shown, **link})

    def _item(self, id: str) -> dict[str, object]:
        if id == "root":
            return {"id": id, "name": "root", "root": {}, "folder": {"childCount": len(self.files)}}
        file = self.files.get(id)
        if file is None:
            return {"id": id, "deleted": {"state": "deleted"}}
        kind = _TYPES.get(file.name.rpartition(".")[2], "application/octet-stream")
        return {
            "id": id,
            "name": file.name,
            "eTag": f'"{{{id}}},{file.number}"',
            "cTag": f'"c:{{{id}}},{file.number}"',
            "size": len(file.data),
            "file": {"mimeType": kind},
            "webUrl": f"https://harbour.sharepoint.com/Shared%20Documents/{file.name}",
            "lastModifiedDateTime": "2026-03-31T10:00:00Z",
        }


def _json(content: dict[str, object]) -> Reply:
    return Reply(200, json.dumps(content).encode(), {"Content-Type": "application/json"})


def _error(status: int, code: str, headers: dict[str, str] | None = None) -> Reply:
    return Reply(status, json.dumps({"error": {"code": code, "message": code}}).encode(), headers or {})
