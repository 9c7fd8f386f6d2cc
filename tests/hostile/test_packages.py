"""Hostile: model packages that promise little and hold much, and cards whose numbers are none."""

from __future__ import annotations

import gzip
import io
import json
import os
import sys
import tarfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from model_containers.shard.lora.peft_format import CONFIG, read_config
from sotto.models.package import CARD, BadPackage, ModelCard, open_package, read_archived_card

GIGABYTES = 1_900_000_000
GOOD: dict[str, Any] = {
    "task": "intent",
    "tenant": "bank",
    "model": "intent",
    "version": "v1",
    "base_model": "any",
    "base_revision": "any",
    "labels": ["buy"],
    "thresholds": {"in_scope": 0.5},
    "calibration": {"temperature": 1.5},
    "metrics": {"accuracy": 0.9},
}


def header(kind: bytes, size: int, name: str = "x") -> bytes:
    member = tarfile.TarInfo(name)
    member.type, member.size = kind, size
    return member.tobuf(tarfile.GNU_FORMAT)


def block(content: bytes) -> bytes:
    return content + bytes(-len(content) % 512)


def pax(records: dict[str, str]) -> bytes:
    """An extended header of these records, before whatever it is about."""
    lines = b""
    for key, value in records.items():
        rest = f" {key}={value}\n".encode()
        length = len(rest) + len(str(len(rest) + 2))
        lines += str(length).encode() + rest
    return header(tarfile.XHDTYPE, len(lines)) + block(lines)


def archive_of(path: Path, *parts: bytes, zeros: int = 0) -> Path:
    """What is written of ``zeros`` takes a thousandth of it."""
    with gzip.open(path, "wb", compresslevel=1) as packed:
        for part in parts:
            packed.write(part)
        for _ in range(zeros // 2**20):
            packed.write(bytes(2**20))
    return path


def long_name(kind: bytes) -> Callable[[Path], Path]:
    return lambda path: archive_of(path, header(kind, GIGABYTES), zeros=32 * 2**20)


def sparse_map(path: Path) -> Path:
    """A file with holes whose map claims so many entries that it never ends."""
    about = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "x", "GNU.sparse.realsize": "1"}
    return archive_of(path, pax(about), header(tarfile.REGTYPE, 512), b"99999999\n" + b"0\n" * 20_000_000)


def headers_without_end(path: Path) -> Path:
    return archive_of(path, pax({"comment": "x"}) * 20_000)


def old_sparse(path: Path) -> Path:
    return archive_of(path, header(tarfile.GNUTYPE_SPARSE, 512), b"\x01" * 2**20)


def negative_size(path: Path) -> Path:
    return archive_of(path, header(tarfile.REGTYPE, -(2**40), "a"), header(tarfile.REGTYPE, 2**40, "b"))


def early_end_of_a_map(path: Path) -> Path:
    about = {"GNU.sparse.map": "1,b", "GNU.sparse.size": "x"}
    return archive_of(path, pax(about), header(tarfile.REGTYPE, 0))


def great_card(path: Path) -> Path:
    return archive_of(path, header(tarfile.REGTYPE, 64 * 2**20, CARD), zeros=64 * 2**20)


def linked_card(path: Path) -> Path:
    member = tarfile.TarInfo(CARD)
    member.type, member.linkname = tarfile.SYMTYPE, "/etc/hostname"
    return archive_of(path, member.tobuf())


@pytest.fixture
def little_memory() -> Iterator[None]:
    """Fails a test that took more than a few megabytes, or long."""
    tracemalloc.start()
    began = time.monotonic()
    yield
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 * 2**20
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "made",
    [
        long_name(tarfile.GNUTYPE_LONGNAME),
        long_name(tarfile.GNUTYPE_LONGLINK),
        long_name(tarfile.XHDTYPE),
        long_name(tarfile.XGLTYPE),
        sparse_map,
        old_sparse,
        headers_without_end,
        negative_size,
        early_end_of_a_map,
        great_card,
        linked_card,
    ],
)
@pytest.mark.parametrize("read", [lambda path: open_package(path, path.parent / "out"), read_archived_card])
def test_an_archive_that_holds_more_than_it_says_is_refused_in_little_memory(
    tmp_path: Path, made: Callable[[Path], Path], read: Callable[[Path], object], request: pytest.FixtureRequest
) -> None:
    path = made(tmp_path / "package.tar.gz")
    request.getfixturevalue("little_memory")
    with pytest.raises(BadPackage):
        read(path)
    assert [file for file in (tmp_path / "out").rglob("*") if file.stat().st_size > 2**20] == []


def card_file(tmp_path: Path, content: str) -> Path:
    (tmp_path / CARD).write_text(content)
    return tmp_path


NUMBERS = [("thresholds", "in_scope"), ("calibration", "temperature"), ("metrics", "accuracy")]


@pytest.mark.parametrize(("field", "name"), NUMBERS)
@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_a_number_that_is_none_is_refused_by_its_name(tmp_path: Path, field: str, name: str, number: str) -> None:
    content = json.dumps({**GOOD, field: {name: "THE NUMBER"}}).replace('"THE NUMBER"', number)
    with pytest.raises(BadPackage, match=rf"{field}\.{name}: "):
        open_package(card_file(tmp_path, content), tmp_path)
    packed = content.encode()
    archive = archive_of(tmp_path / "a.tar.gz", header(tarfile.REGTYPE, len(packed), CARD), block(packed), bytes(1024))
    with pytest.raises(BadPackage, match=rf"{field}\.{name}: "):
        read_archived_card(archive)


@pytest.mark.parametrize(
    ("field", "name", "number"),
    [
        ("thresholds", "in_scope", 1.5),
        ("thresholds", "in_scope", -0.1),
        ("calibration", "temperature", 0),
        ("calibration", "temperature", 1e-300),
        ("calibration", "temperature", 1e300),
    ],
)
def test_a_number_that_makes_nonsense_of_every_answer_is_refused(
    tmp_path: Path, field: str, name: str, number: float
) -> None:
    with pytest.raises(BadPackage, match=rf"{field}\.{name}: "):
        open_package(card_file(tmp_path, json.dumps({**GOOD, field: {name: number}})), tmp_path)


def test_a_good_card_is_read_from_a_folder_and_from_an_archive(tmp_path: Path) -> None:
    packed = json.dumps(GOOD).encode()
    archive = archive_of(tmp_path / "a.tar.gz", header(tarfile.REGTYPE, len(packed), CARD), block(packed), bytes(1024))
    folder = tmp_path / "folder"
    folder.mkdir()
    card = open_package(card_file(folder, packed.decode()), folder).card
    assert card == read_archived_card(archive) == ModelCard.model_validate(GOOD)


def test_headers_without_end_are_refused_however_deep_the_process_lets_itself_go(tmp_path: Path) -> None:
    """Libraries raise the limit of recursion for the whole process."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    try:
        with pytest.raises(BadPackage, match="headers without end"):
            read_archived_card(headers_without_end(tmp_path / "package.tar.gz"))
    finally:
        sys.setrecursionlimit(before)


@pytest.mark.parametrize("again", [CARD, f"./{CARD}"])
def test_a_second_card_is_refused_as_it_could_name_another_tenant(tmp_path: Path, again: str) -> None:
    first, second = (json.dumps({**GOOD, "tenant": tenant}).encode() for tenant in ("bank", "other"))
    parts = (header(tarfile.REGTYPE, len(first), CARD), block(first), header(tarfile.REGTYPE, len(second), again))
    archive = archive_of(tmp_path / "a.tar.gz", *parts, block(second), bytes(1024))
    for read in (read_archived_card, lambda path: open_package(path, tmp_path / "out")):
        with pytest.raises(BadPackage, match="twice"):
            read(archive)


def test_a_card_that_is_a_link_or_endless_is_not_read(tmp_path: Path) -> None:
    (tmp_path / CARD).symlink_to("/dev/zero")
    with pytest.raises(BadPackage, match=f"no {CARD}"):
        open_package(tmp_path, tmp_path)
    (tmp_path / CARD).unlink()
    with (tmp_path / CARD).open("wb") as file:
        os.truncate(file.fileno(), 2 * 2**20)
    with pytest.raises(BadPackage, match="more than 1048576 bytes"):
        open_package(tmp_path, tmp_path)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lora_alpha", "NaN"),
        ("alpha_pattern", '{"query": NaN}'),
        ("alpha_pattern", '{"query": Infinity}'),
        ("alpha_pattern", '{"(a+)+b": 4}'),
        ("rank_pattern", '{"(a+)+b": 4}'),
    ],
)
def test_an_adapter_whose_scale_is_no_number_is_refused_by_its_name(tmp_path: Path, field: str, value: str) -> None:
    (tmp_path / CONFIG).write_text(f'{{"peft_type": "LORA", "r": 4, "{field}": {value}}}')
    with pytest.raises(BadPackage, match=field):
        read_config(tmp_path)


def test_a_module_that_no_pattern_can_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / CONFIG).write_text('{"peft_type": "LORA", "r": 4, "alpha_pattern": {"query\\\\": 4}}')
    with pytest.raises(BadPackage, match="alpha_pattern: .* is no name of a module"):
        read_config(tmp_path).scale_of("query", 4)


def test_what_is_not_a_tar_at_all_is_refused(tmp_path: Path) -> None:
    for content in (b"", b"\x1f\x8b", gzip.compress(b"no tar"), io.BytesIO(os.urandom(4096)).read()):
        (tmp_path / "a.tar.gz").write_bytes(content)
        with pytest.raises(BadPackage):
            read_archived_card(tmp_path / "a.tar.gz")
