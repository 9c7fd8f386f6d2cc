"""What the models are asked, as files: ``TASK.md``, a head with the version and how many tokens the conversation may
take, then the system's message, a line ``---``, and the user's.

``versions.json`` holds the digest of every version that there was. ``python -m sotto.generation.templates`` adds the
present ones, and refuses where a template has changed and its version has not. A subject that asks models something of
its own keeps its templates in a folder of the same form, given as an argument.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template

FOLDER = Path(__file__).parent
VERSIONS = FOLDER / "versions.json"
_SEPARATOR = "\n---\n"
_HEAD = re.compile(r"version: (\d+)\ncontext_tokens: (\d+)")
_BLANK = re.compile(r"\n{2,}")


@dataclass(frozen=True, slots=True)
class PromptTemplate:
    """``name`` and ``version`` are what annotations keep of it; ``context_tokens``: of what was said before."""

    name: str
    version: int
    context_tokens: int
    system: str
    user: str

    @property
    def id(self) -> str:
        return f"{self.name}/{self.version}"

    def rendered(self, parts: Mapping[str, str]) -> tuple[str, str]:
        """The system's message and the user's. Lines of parts that are empty are left out. Raises KeyError for a part
        that the template wants and nobody gives."""
        system, user = (Template(text).substitute(parts) for text in (self.system, self.user))
        return _BLANK.sub("\n", system).strip(), _BLANK.sub("\n", user).strip()


@cache
def template(name: str, folder: Path = FOLDER) -> PromptTemplate:
    head, system, user = (folder / f"{name}.md").read_text(encoding="utf-8").split(_SEPARATOR)
    found = _HEAD.fullmatch(head)
    if found is None:
        raise ValueError(f"{name}.md does not begin with 'version: N' and 'context_tokens: N'")
    return PromptTemplate(name, int(found[1]), int(found[2]), system, user)


def names(folder: Path = FOLDER) -> list[str]:
    return sorted(path.stem for path in folder.glob("*.md"))


def digest(name: str, folder: Path = FOLDER) -> str:
    return hashlib.sha256((folder / f"{name}.md").read_bytes()).hexdigest()[:16]


def with_present(versions: Mapping[str, str], present: Mapping[str, str]) -> dict[str, str]:
    """``task/version`` -> digest. Raises ValueError for a template that changed under its version."""
    for named, value in present.items():
        if versions.get(named, value) != value:
            raise ValueError(f"{named} has changed; give the template the next version")
    return dict(sorted({**versions, **present}.items()))


def known_versions(folder: Path = FOLDER) -> dict[str, str]:
    known: dict[str, str] = json.loads((folder / VERSIONS.name).read_text(encoding="utf-8"))
    return known


def present_versions(folder: Path = FOLDER) -> dict[str, str]:
    return {template(name, folder).id: digest(name, folder) for name in names(folder)}
