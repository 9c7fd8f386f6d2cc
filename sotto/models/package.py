"""A model package: what training writes, the registry names and the shard loads.

A directory or a tar.gz with ``model.json`` (the card) beside the files that it lists. Packages arrive from object
storage, so nothing in one is trusted: names, links, sizes and checksums are checked before a file is read.
"""

from __future__ import annotations

import hashlib
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal, Self
from uuid import uuid4

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from sotto.core.errors import Rejected
from sotto.models.packing import packed

CARD = "model.json"
LARGEST_PACKAGE_BYTES = 2 * 1024**3
MOST_FILES = 1_000
LARGEST_CARD_BYTES = 1024**2
LARGEST_HEADER_BYTES = 64 * 1024
"""Of a tar's extended header, which holds a long name. tarfile reads it whole before anybody sees the member."""
MOST_HEADERS_IN_A_ROW = 8
"""A file has one or two before its own. tarfile follows them by recursion, as deep as the process lets it."""
LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE = 1e-3, 1e3
"""Training finds 0.2 to 5. Logits divided by 1e-300 are infinite, and every answer is then not a number."""

Finite = Annotated[float, Field(allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Task = Literal["intent", "sentiment", "behaviours", "entities", "knowledge", "generation"]


class BadPackage(Rejected):
    """The package cannot be loaded; the message says which part is wrong."""


_FORMER_METRICS = {"surprise_saved": "nll_saved"}
"""Names in cards that were written before."""


def _renamed_metrics(found: object) -> object:
    return (
        {_FORMER_METRICS.get(name, name): value for name, value in found.items()} if isinstance(found, dict) else found
    )


class Calibration(BaseModel):
    """How raw scores become probabilities: logits are divided by ``temperature`` before the softmax or sigmoid."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    temperature: float = Field(default=1.0, ge=LOWEST_TEMPERATURE, le=HIGHEST_TEMPERATURE, allow_inf_nan=False)


class ModelCard(BaseModel):
    """``model.json``. ``files`` maps every other file of the package to its SHA-256."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    format: Literal[1] = 1
    task: Task
    tenant: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")
    model: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")
    version: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
    base_model: str
    base_revision: str
    labels: tuple[str, ...] = ()
    thresholds: Mapping[str, Share] = Field(default_factory=dict)
    calibration: Calibration = Calibration()
    metrics: Annotated[Mapping[str, Finite], BeforeValidator(_renamed_metrics)] = Field(default_factory=dict)
    files: Mapping[str, str] = Field(default_factory=dict)

    @property
    def target_model(self) -> str:
        """The name under which SageMaker finds the package beneath the models prefix."""
        return f"{self.tenant}/{self.model}/{self.version}.tar.gz"


@dataclass(frozen=True, slots=True)
class ModelPackage:
    """A checked package on disk."""

    card: ModelCard
    directory: Path

    @property
    def size_bytes(self) -> int:
        return sum((self.directory / name).stat().st_size for name in self.card.files)

    def read(self, name: str) -> bytes:
        if name not in self.card.files:
            raise BadPackage(f"the package of {self.card.target_model} has no {name}: train and publish it again")
        return (self.directory / name).read_bytes()


def open_package(source: Path, workspace: Path) -> ModelPackage:
    """Check the package at ``source``; an archive is first unpacked into ``workspace``.

    SageMaker hands over the directory into which it unpacked the archive; elsewhere it is the archive itself.
    """
    if not source.exists():
        raise BadPackage(f"there is no package at {source}: check the url given for the model")
    directory = source if source.is_dir() else _unpacked(source, workspace)
    card = read_card(directory)
    for name, digest in card.files.items():
        _check(directory, name, digest)
    return ModelPackage(card, directory)


def read_card(directory: Path) -> ModelCard:
    path = directory / CARD
    if path.is_symlink() or not path.is_file():
        raise BadPackage(f"the package has no {CARD} at its top level: pack the files, not their folder")
    with path.open("rb") as content:
        return _card(content.read(LARGEST_CARD_BYTES + 1))


def _card(content: bytes) -> ModelCard:
    if len(content) > LARGEST_CARD_BYTES:
        raise _great_card()
    try:
        return ModelCard.model_validate_json(content)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc'])) or CARD}: {e['msg']}" for e in error.errors())
        raise BadPackage(f"{CARD} is not a model card: {wrong}") from error


def _great_card() -> BadPackage:
    return BadPackage(f"{CARD} has more than {LARGEST_CARD_BYTES} bytes: it lists files and numbers, nothing else")


def write_package(card: ModelCard, files: Mapping[str, bytes], root: Path) -> Path:
    """Write ``<root>/<tenant>/<model>/<version>.tar.gz`` and return it. The same content gives the same bytes."""
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    listed = card.model_copy(update={"files": digests})
    archive = root / listed.target_model
    archive.parent.mkdir(parents=True, exist_ok=True)
    partial = archive.with_suffix(f".{uuid4().hex}.partial")  # another may be writing the same version
    try:
        partial.write_bytes(packed({CARD: listed.model_dump_json(indent=2).encode(), **files}))
        partial.replace(archive)
    finally:  # a full disk or Ctrl-C in between leaves nothing
        partial.unlink(missing_ok=True)
    return archive


def read_archived_card(archive: Path) -> ModelCard:
    """The card alone, without unpacking the rest."""
    content = archived_files(archive, CARD).get(CARD)
    if content is None:
        raise BadPackage(f"{archive.name} has no {CARD} at its top level: pack the files, not their folder")
    return _card(content)


def archived_files(archive: Path, *names: str) -> Mapping[str, bytes]:
    """Those that are there, cut at what a card may have. All of the archive is read over: a second file of a name
    would be another's."""
    found = {}
    with _opened(archive) as tar:
        for member in _members(tar):
            content = tar.extractfile(member) if _safe_name(member.name) in names else None
            if content is not None:
                found[_safe_name(member.name)] = content.read(LARGEST_CARD_BYTES + 1)
    return found


def _unpacked(archive: Path, workspace: Path) -> Path:
    workspace.mkdir(parents=True, exist_ok=True)
    with _opened(archive) as tar:
        for member in _members(tar):
            tar.extract(member.replace(name=_safe_name(member.name), deep=False), workspace, filter="data")
    return workspace


class _Header(tarfile.TarInfo):
    """A header as it stands in the archive, refused before tarfile acts on what it promises. Each archive is read with
    a class of its own, which counts."""

    in_a_row = 0

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        header = super().frombuf(buf, encoding, errors)
        if header.size < 0:
            raise BadPackage("a file in the package has a negative size: pack it again")
        if header.type in _EXTENDED and header.size > LARGEST_HEADER_BYTES:
            raise BadPackage(f"a name in the package takes {header.size} bytes, more than {LARGEST_HEADER_BYTES}")
        cls.in_a_row = cls.in_a_row + 1 if header.type in _EXTENDED else 0
        if cls.in_a_row > MOST_HEADERS_IN_A_ROW:
            raise BadPackage("a file in the package has headers without end: pack it again")
        if header.type == tarfile.GNUTYPE_SPARSE:
            raise _holes()
        return header

    def _no_map(self, *_: object) -> None:
        """tarfile would read a map of the holes for as long as the archive goes on."""
        raise _holes()

    _proc_gnusparse_00 = _proc_gnusparse_01 = _proc_gnusparse_10 = _no_map


def _holes() -> BadPackage:
    return BadPackage("a file in the package has holes (a sparse file): pack it with plain files only")


_EXTENDED = (
    tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE
)  # fmt: skip


@contextmanager
def _opened(archive: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(archive, "r:gz", tarinfo=type("_Header", (_Header,), {})) as tar:
            yield tar
    except (tarfile.TarError, EOFError, OSError, zlib.error, ValueError, OverflowError) as error:
        # ValueError: of sparse maps that end early.
        raise BadPackage(f"{archive.name} is truncated or not a tar.gz: upload it again ({error})") from error


def _members(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Plain files. Headers are read one at a time, so that an archive that promises too much is refused before it is
    written or read on."""
    total = count = 0
    names: set[str] = set()
    for member in tar:
        count, total = count + 1, total + member.size
        if count > MOST_FILES or total > LARGEST_PACKAGE_BYTES:
            raise BadPackage(f"the package holds more than {MOST_FILES} files or {LARGEST_PACKAGE_BYTES} bytes")
        if member.isdir():
            continue
        if not member.isreg():
            raise BadPackage(f"{member.name} is a link or a device: a package holds plain files only")
        name = _safe_name(member.name)
        if name in names:
            raise BadPackage(f"the package holds {name} twice: pack it again")
        if name == CARD and member.size > LARGEST_CARD_BYTES:
            raise _great_card()
        names.add(name)
        yield member


def _safe_name(name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or not path.parts:
        raise BadPackage(f"{name} would leave the package's directory")
    return str(path)


def _check(directory: Path, name: str, digest: str) -> None:
    path = directory / _safe_name(name)
    if path.is_symlink() or not path.is_file():
        raise BadPackage(f"{CARD} lists {name}, which is missing: upload the package again")
    with path.open("rb") as content:
        found = hashlib.file_digest(content, "sha256").hexdigest()
    if found != digest:
        raise BadPackage(f"{name} does not match its checksum in {CARD}: upload the package again")
