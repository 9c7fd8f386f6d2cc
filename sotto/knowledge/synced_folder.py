"""What a source gave so far, as articles in a folder of their own: knowledge/synced/NAME, with the cursor beside them.

Hand-written articles are never touched. An article is written before the state that names it, so that whatever ends a
synchronisation leaves nothing that the next one does not put right.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import re
import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from sotto.core.errors import Rejected
from sotto.knowledge.knowledge_source import ListedDocument
from sotto.tenants.knowledge_sources import DeclaredSource
from sotto.tenants.reading.documents import ReadDocument
from sotto.tenants.reading.knowledge import LONGEST_SOURCE
from sotto.tenants.reading.sources import SYNCED

STATE = ".sync.json"
LOCK = ".sync.lock"
LONGEST_TITLE = 200
SAVED_EVERY = 25
"""Documents. Whoever kills a synchronisation has so many fetched again."""
_ODD = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class SyncUnderWay(Rejected):
    """Another process fetches the same source."""


class Held(BaseModel):
    """A document as it was fetched last. ``file`` is empty where ``skipped`` says why it is no article."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    version: str
    file: str = ""
    validator: str = ""
    title: str = ""
    skipped: str = ""


class State(BaseModel):
    """``identity``: of what the cursor is about."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    identity: str
    cursor: str = ""
    documents: dict[str, Held] = {}


@dataclass(slots=True)
class SyncedFolder:
    """``folder`` is the tenant's. Open it by ``opened``."""

    path: Path
    source: str
    state: State
    _unsaved: int = field(default=0)

    @classmethod
    @contextmanager
    def opened(cls, folder: Path, source: DeclaredSource) -> Iterator[SyncedFolder]:
        """One at a time. What is kept of another place under the same name, or cannot be read, is fetched anew; until
        then its articles stay. Raises SyncUnderWay."""
        path = folder / "knowledge" / SYNCED / source.name
        path.mkdir(parents=True, exist_ok=True)
        with _locked(path / LOCK):
            state = _read(path / STATE, f"{source.kind} {source.identity}")
            opened = cls(path, source.name, state)
            if not all(map(opened.has, state.documents)):
                state.cursor = ""  # what somebody deleted here comes only with everything
            try:
                yield opened
            finally:
                opened.save()

    def put(self, document: ListedDocument, read: ReadDocument, validator: str) -> bool:
        """Whether the article is another one now: sites send the same page as new."""
        held = self.state.documents.get(document.id)
        file = held.file if held and held.file else _file_name(document)
        title = _title(document.title or read.title) or _title(Path(document.name).stem) or Path(file).stem
        date = document.date if _DATE.fullmatch(document.date) else read.date
        head = {
            "id": f"{self.source}-{Path(file).stem}",
            "title": title,
            "source": _line(document.address),
            "date": date,
        }
        lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in head.items() if value]
        is_other = _write(self.path / file, "\n".join(("---", *lines, "---", "", _ODD.sub("", read.text), "")))
        self._note(document.id, Held(version=document.version, file=file, validator=validator, title=title))
        return is_other

    def confirm(self, document: ListedDocument) -> None:
        """It is as it was, whatever its version says."""
        held = self.state.documents[document.id]
        self._note(document.id, held.model_copy(update={"version": document.version}))

    def skip(self, document: ListedDocument, why: str) -> None:
        """What an earlier version named is not what it says now."""
        self._unlink(document.id)
        self._note(document.id, Held(version=document.version, title=_title(document.title), skipped=why))

    def remove(self, id: str) -> Held | None:
        self._unlink(id)
        held = self.state.documents.pop(id, None)
        self._changed()
        return held

    def finish(self, cursor: str) -> None:
        """Everything up to ``cursor`` is here. Articles that no document accounts for go."""
        self.state.cursor = cursor
        known = {held.file for held in self.state.documents.values()}
        for path in self.path.glob("*.md"):
            if path.name not in known:
                path.unlink()
        self.save()

    def save(self) -> None:
        self._unsaved = 0
        _write(self.path / STATE, self.state.model_dump_json(indent=1) + "\n")

    def has(self, id: str) -> bool:
        """Whether what is kept of a document is really there."""
        held = self.state.documents.get(id)
        return held is not None and (bool(held.skipped) or (self.path / held.file).is_file())

    def _unlink(self, id: str) -> None:
        held = self.state.documents.get(id)
        if held is not None and held.file:
            (self.path / held.file).unlink(missing_ok=True)

    def _note(self, id: str, held: Held) -> None:
        self.state.documents[id] = held
        self._changed()

    def _changed(self) -> None:
        self._unsaved += 1
        if self._unsaved >= SAVED_EVERY:
            self.save()


def take_out_undeclared(folder: Path, names: set[str]) -> list[str]:
    """What was fetched from sources that are declared no more goes; gives back their names."""
    gone = [
        path
        for path in sorted((folder / "knowledge" / SYNCED).glob("*"))
        if path.is_dir() and path.name not in names and (path / STATE).is_file()
    ]
    for path in gone:
        shutil.rmtree(path)
    return [path.name for path in gone]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Kept by the process, so that one that dies leaves no lock."""
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SyncUnderWay(f"{path.parent.name} is being fetched by another process; wait for it") from None
        yield


def _read(path: Path, identity: str) -> State:
    try:
        state = State.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return State(identity=identity)
    fine = state.identity == identity and all(Path(held.file).name == held.file for held in state.documents.values())
    return state if fine else State(identity=identity)


def _write(path: Path, text: str) -> bool:
    """Whole or not at all; whether it was another text before."""
    if path.is_file() and path.read_bytes() == text.encode():
        return False
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(text, encoding="utf-8", newline="\n")
    partial.replace(path)
    return True


def _file_name(document: ListedDocument) -> str:
    """Readable, and another one for each document: what the service calls it may be anything."""
    named = document.title or Path(document.name).stem
    plain = unicodedata.normalize("NFKD", named).encode("ascii", "ignore").decode().lower()
    slug = _NOT_SLUG.sub("-", plain)[:40].strip("-")
    digest = hashlib.sha256(document.id.encode()).hexdigest()[:8]
    return f"{slug}-{digest}.md" if slug else f"{digest}.md"


def _line(text: str) -> str:
    return " ".join(_ODD.sub("", text).split())[:LONGEST_SOURCE]


def _title(text: str) -> str:
    """Empty where it has no words."""
    line = _line(text)[:LONGEST_TITLE].strip()
    return line if any(letter.isalnum() for letter in line) else ""
