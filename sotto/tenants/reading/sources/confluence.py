"""The pages of a space of Confluence Cloud."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sotto.tenants.knowledge_sources import DeclaredSource, SecretName
from sotto.tenants.reading.addresses import address, origin
from sotto.tenants.reading.places import YamlPlace

FIELDS = ("address", "space")
NEEDED = ("address", "space")
HAS_SECRET = True
_SPACE = re.compile(r"~?[A-Za-z0-9_:-]{1,255}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfluenceSpace(DeclaredSource):
    """``address`` ends before ``/wiki``; ``space`` is its key. The secret is ``user:token``, or a token alone."""

    kind = "confluence"
    address: str
    space: str

    @property
    def places(self) -> tuple[str, ...]:
        return (origin(self.address),)

    @property
    def identity(self) -> str:
        return f"{self.address} {self.space}"


def read(name: str, fields: Mapping[str, YamlPlace], secret: SecretName | None) -> DeclaredSource | None:
    at, space = address(fields["address"]), fields["space"].text() or ""
    if not _SPACE.fullmatch(space):
        fields["space"].wrong(f"'{space}' is no key of a space; it stands in the address of its pages: /spaces/KEY/")
    if at is None or secret is None:
        return None
    return ConfluenceSpace(name=name, secret=secret, address=at.removesuffix("/wiki"), space=space)
