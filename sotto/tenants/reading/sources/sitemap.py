"""The pages that a site lists in its sitemap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sotto.tenants.knowledge_sources import DeclaredSource, SecretName
from sotto.tenants.reading.addresses import address, origin
from sotto.tenants.reading.places import YamlPlace

FIELDS = ("address", "paths")
NEEDED = ("address",)
HAS_SECRET = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap(DeclaredSource):
    """``paths``: pages whose path begins with one of them; none: all."""

    kind = "sitemap"
    address: str
    paths: tuple[str, ...] = ()

    @property
    def places(self) -> tuple[str, ...]:
        return (origin(self.address),)

    @property
    def identity(self) -> str:
        return " ".join((self.address, *self.paths))


def read(name: str, fields: Mapping[str, YamlPlace], secret: SecretName | None) -> DeclaredSource | None:
    paths = fields["paths"].texts() if "paths" in fields else []
    for path, place in paths:
        if not path.startswith("/"):
            place.wrong(f"'{path}' is no path of the site; begin with '/', such as /help/")
    at = address(fields["address"])
    return Sitemap(name=name, address=at, paths=tuple(path for path, _ in paths)) if at else None
