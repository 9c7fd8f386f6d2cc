"""The files of a document library of SharePoint, by Microsoft Graph."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sotto.tenants.knowledge_sources import DeclaredSource, SecretName
from sotto.tenants.reading.addresses import address, origin
from sotto.tenants.reading.places import YamlPlace

FIELDS = ("site", "drive", "directory", "client_id", "graph", "login")
NEEDED = ("site", "drive", "directory", "client_id")
HAS_SECRET = True
GRAPH = "https://graph.microsoft.com"
LOGIN = "https://login.microsoftonline.com"
_IDS = {
    "drive": (re.compile(r"[A-Za-z0-9!_-]{4,200}"), "id of a drive, such as b!-RIj2DuyvEyV1T4NlOaMHk8XkS_I8MdF"),
    "directory": (re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{1,253}"), "directory (tenant) id of Microsoft Entra"),
    "client_id": (re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"), "application (client) id"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SharePointDrive(DeclaredSource):
    """``site``: the host from which Graph has files downloaded. ``graph`` and ``login`` are others in national clouds.
    The secret is the application's client secret."""

    kind = "sharepoint"
    site: str
    drive: str
    directory: str
    client_id: str
    graph: str = GRAPH
    login: str = LOGIN

    @property
    def places(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(origin(each) for each in (self.graph, self.login, self.site)))

    @property
    def identity(self) -> str:
        return f"{self.graph} {self.drive}"


def read(name: str, fields: Mapping[str, YamlPlace], secret: SecretName | None) -> DeclaredSource | None:
    ids = {each: fields[each].text() or "" for each in _IDS}
    for each, (pattern, what) in _IDS.items():
        if not pattern.fullmatch(ids[each]):
            fields[each].wrong(f"'{ids[each]}' is no {what}")
    site = address(fields["site"])
    graph = address(fields["graph"]) if "graph" in fields else GRAPH
    login = address(fields["login"]) if "login" in fields else LOGIN
    if not (site and graph and login and secret):
        return None
    return SharePointDrive(
        name=name, secret=secret, site=origin(site), graph=origin(graph), login=origin(login),
        drive=ids["drive"], directory=ids["directory"], client_id=ids["client_id"],
    )  # fmt: skip
