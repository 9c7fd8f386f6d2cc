"""Unit: model packages, good, broken and hostile."""

from __future__ import annotations

import io
import json
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sotto.models import package as packages
from sotto.models.package import BadPackage, ModelCard, open_package, read_archived_card, write_package


def any_card(**changes: object) -> ModelCard:
    given = {
        "task": "intent",
        "tenant": "harbour_bank",
        "model": "intent",
        "version": "3f2a",
        "base_model": "base",
        "base_revision": "r1",
        "labels": ("close_account",),
        "thresholds": {"none_of_these": 0.4},
        **changes,
    }
    return ModelCard.model_validate(given)


def archive_of(tmp_path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    path = tmp_path / "package.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        for member, content in members:
            member.size = member.size or len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


def test_weights_are_stored_as_they_are_and_texts_are_compressed(tmp_path: Path) -> None:
    """Zeros, which any compression would shrink."""
    weights = write_package(any_card(), {"adapter.safetensors": bytes(100_000), "a.json": b"{}"}, tmp_path / "weights")
    texts = write_package(any_card(), {"articles.json": bytes(100_000), "head.safetensors": b"x"}, tmp_path / "texts")
    assert weights.stat().st_size > 100_000 > 10 * texts.stat().st_size
    for archive in (weights, texts):
        assert open_package(archive, archive.parent / "unpacked").card.model == any_card().model


def test_a_written_package_opens_with_the_same_card_and_content(tmp_path: Path) -> None:
    archive = write_package(any_card(), {"head.bin": b"\x01\x02"}, tmp_path)
    opened = open_package(archive, tmp_path / "unpacked")
    assert archive == tmp_path / "harbour_bank/intent/3f2a.tar.gz"
    assert opened.read("head.bin") == b"\x01\x02"
    assert opened.size_bytes == 2
    assert opened.card.thresholds == {"none_of_these": 0.4}


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    first = write_package(any_card(), {"head.bin": b"x"}, tmp_path / "a")
    second = write_package(any_card(), {"head.bin": b"x"}, tmp_path / "b")
    assert first.read_bytes() == second.read_bytes()


def test_many_may_write_one_version_at_once(tmp_path: Path) -> None:
    """As two commands do that train one tenant's models."""
    files = {"head.bin": bytes(200_000)}
    with ThreadPoolExecutor(8) as threads:
        written = {str(path) for path in threads.map(lambda _: write_package(any_card(), files, tmp_path), range(40))}
    (only,) = written
    assert [str(path) for path in Path(only).parent.iterdir()] == [only]
    assert open_package(Path(only), tmp_path / "unpacked").read("head.bin") == files["head.bin"]


def test_an_unpacked_directory_opens_as_well(tmp_path: Path) -> None:
    open_package(write_package(any_card(), {"head.bin": b"x"}, tmp_path), tmp_path / "unpacked")
    assert open_package(tmp_path / "unpacked", tmp_path / "unused").card.tenant == "harbour_bank"


def test_the_card_can_be_read_without_unpacking(tmp_path: Path) -> None:
    archive = write_package(any_card(), {"head.bin": b"x"}, tmp_path)
    assert read_archived_card(archive).target_model == "harbour_bank/intent/3f2a.tar.gz"


@pytest.mark.parametrize("kept", [0.0, 0.01, 0.1, 0.5, 0.9])
def test_a_truncated_archive_is_refused_with_its_name(tmp_path: Path, kept: float) -> None:
    archive = write_package(any_card(), {"head.bin": bytes(range(256)) * 64}, tmp_path)
    whole = archive.read_bytes()
    archive.write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(BadPackage, match=r"3f2a\.tar\.gz|model\.json|head\.bin"):
        open_package(archive, tmp_path / "unpacked")


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "a/../../outside", "a\\..\\outside"])
def test_a_name_that_leaves_the_directory_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadPackage, match="would leave"):
        open_package(archive_of(tmp_path, (tarfile.TarInfo(name), b"x")), tmp_path / "unpacked")
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_links_and_devices_are_refused(tmp_path: Path, kind: bytes) -> None:
    member = tarfile.TarInfo("head.bin")
    member.type, member.linkname = kind, "/etc/hostname"
    with pytest.raises(BadPackage, match="plain files only"):
        open_package(archive_of(tmp_path, (member, b"")), tmp_path / "unpacked")


def test_an_archive_that_promises_too_much_is_refused_before_it_is_written(tmp_path: Path) -> None:
    member = tarfile.TarInfo("bomb")
    member.size = packages.LARGEST_PACKAGE_BYTES + 1
    header = io.BytesIO()
    with tarfile.open(fileobj=header, mode="w:gz") as tar:
        tar.addfile(member)
    path = tmp_path / "bomb.tar.gz"
    path.write_bytes(header.getvalue())
    with pytest.raises(BadPackage, match="holds more than"):
        open_package(path, tmp_path / "unpacked")
    assert not (tmp_path / "unpacked/bomb").exists()


def test_a_changed_file_does_not_match_its_checksum(tmp_path: Path) -> None:
    unpacked = open_package(write_package(any_card(), {"head.bin": b"x"}, tmp_path), tmp_path / "unpacked").directory
    (unpacked / "head.bin").write_bytes(b"y")
    with pytest.raises(BadPackage, match="head.bin does not match its checksum"):
        open_package(unpacked, tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    unpacked = open_package(write_package(any_card(), {"head.bin": b"x"}, tmp_path), tmp_path / "unpacked").directory
    (unpacked / "head.bin").unlink()
    with pytest.raises(BadPackage, match="lists head.bin, which is missing"):
        open_package(unpacked, tmp_path)


def test_a_card_with_a_mistake_names_the_field(tmp_path: Path) -> None:
    card = {**json.loads(any_card().model_dump_json()), "task": "poetry", "calibration": {"temperature": -1}}
    (tmp_path / "model.json").write_text(json.dumps(card))
    with pytest.raises(BadPackage, match=r"task: .*calibration\.temperature: "):
        open_package(tmp_path, tmp_path)


def test_a_directory_without_a_card_and_a_path_without_anything_are_distinguished(tmp_path: Path) -> None:
    with pytest.raises(BadPackage, match=r"no model\.json at its top level"):
        open_package(tmp_path, tmp_path)
    with pytest.raises(BadPackage, match="there is no package at"):
        open_package(tmp_path / "nothing", tmp_path)


def test_a_package_that_cannot_be_written_leaves_no_part_of_itself(tmp_path: Path) -> None:
    (tmp_path / any_card().target_model).mkdir(parents=True)  # a folder stands where the archive should
    with pytest.raises(OSError):
        write_package(any_card(), {"head.safetensors": b"content"}, tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
