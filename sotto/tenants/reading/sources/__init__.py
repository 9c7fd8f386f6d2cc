"""knowledge/sources.yaml -> the sources that a tenant declares. A module here for each kind says which fields it has.

version: 1
sources:
  help-centre: {kind: sitemap, address: "https://www.harbour.example/sitemap.xml"}
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Protocol, cast

from sotto.tenants.knowledge_sources import DeclaredSource, SecretName
from sotto.tenants.reading.parsing import read_yaml
from sotto.tenants.reading.places import Mistakes, YamlPlace, did_you_mean

SOURCES = "sources.yaml"
SYNCED = "synced"
"""The folder in knowledge/ with a folder for each source."""
MOST_SOURCES = 20
KINDS = tuple(sorted(each.name for each in iter_modules(__path__)))
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_SECRET = re.compile(r"[A-Za-z0-9/_+=.@:-]{1,512}")
_LOOKS_SECRET = re.compile(r"ATATT3|eyJ|.+@.+:.+|.*~")
"""API tokens of Atlassian, JSON web tokens, ``user@host:token``, Microsoft's client secrets."""


class SourceKind(Protocol):
    """What a module here has. ``read`` gets the fields that are there; mistakes are noted, None is no source."""

    FIELDS: tuple[str, ...]
    NEEDED: tuple[str, ...]
    HAS_SECRET: bool

    def read(self, name: str, fields: Mapping[str, YamlPlace], secret: SecretName | None) -> DeclaredSource | None: ...


def read_sources(folder: Path, mistakes: Mistakes, root: str = "") -> tuple[DeclaredSource, ...]:
    """Of a tenant's folder, called ``root`` in mistakes. Without a file there are none."""
    path = folder / "knowledge" / SOURCES
    file = f"{root or folder.name}/knowledge/{SOURCES}"
    place = read_yaml(path, file, mistakes) if path.exists() else None
    found: list[DeclaredSource] = []
    if place is not None:
        fields = place.fields(("version", "sources"), needed=("version", "sources"))
        if "version" in fields:
            fields["version"].version()
        for name, key, value in fields["sources"].named("sources") if "sources" in fields else ():
            if not _NAME.fullmatch(name):
                key.wrong(f"'{name}' is no name of a source; use a-z, 0-9 and '-', such as help-centre")
            elif (source := _source(name, value)) is not None:
                found.append(source)
        if len(found) > MOST_SOURCES:
            fields["sources"].wrong(f"{len(found)} sources are more than {MOST_SOURCES}; split the tenant")
    return tuple(found)


def _source(name: str, place: YamlPlace) -> DeclaredSource | None:
    written = {each: value for each, _, value in place.named("fields")} if place.is_map else {}
    if "kind" not in written:
        place.wrong(f"say what it is: 'kind: ' and one of {', '.join(KINDS)}")
        return None
    kind = written["kind"].text() or ""
    if kind not in KINDS:
        written["kind"].wrong(f"unknown kind '{kind}'{did_you_mean(kind, KINDS)}")
        return None
    module = cast(SourceKind, import_module(f"{__name__}.{kind}"))
    secrets = ("secret", "secret_env") if module.HAS_SECRET else ()
    fields = place.fields(("kind", *module.FIELDS, *secrets), needed=module.NEEDED)
    secret = _secret(place, fields) if module.HAS_SECRET else None
    if any(needed not in fields for needed in module.NEEDED):
        return None
    return module.read(name, fields, secret)


def _secret(place: YamlPlace, fields: Mapping[str, YamlPlace]) -> SecretName | None:
    if ("secret" in fields) is ("secret_env" in fields):
        place.wrong(
            "say where the secret is: 'secret: NAME' of Secrets Manager or 'secret_env: NAME' of the environment"
        )
        return None
    which = "secret" if "secret" in fields else "secret_env"
    name = fields[which].text() or ""
    if _LOOKS_SECRET.match(name) and not name.startswith("arn:"):
        fields[which].wrong("this looks like the secret itself; take it out of the file and write its name")
    elif not (_SECRET if which == "secret" else _VARIABLE).fullmatch(name):
        fields[which].wrong(f"this is no name of a {'secret' if which == 'secret' else 'variable'}; write its name")
    return SecretName(secret_id=name) if which == "secret" else SecretName(variable=name)


def check_synced(folder: Path, sources: Iterable[DeclaredSource], mistakes: Mistakes) -> None:
    """What was fetched from a source that is declared no more would be found for ever."""
    names = {source.name for source in sources}
    for path in sorted((folder / "knowledge" / SYNCED).glob("*")):
        if path.is_dir() and path.name not in names and not path.name.startswith("."):
            file = f"{folder.name}/knowledge/{SYNCED}/{path.name}"
            wrong = f"no source of this name is in {SOURCES}; run 'sotto tenants sync', which takes its articles out"
            mistakes.add(file, 1, 1, wrong)
