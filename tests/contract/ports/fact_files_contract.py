"""What every place for files of facts must do, as a class of tests to inherit. A subclass gives ``files``."""

from __future__ import annotations

from pathlib import Path

import pytest

from sotto.analytics.days.write import FactFiles
from sotto.aws.keys import BadKey

DAY = "2026-11-30"


def a_file(folder: Path, content: str) -> Path:
    file = folder / "made"
    file.write_text(content)
    return file


def read(files: FactFiles, folder: Path, tenant: str = "bank", day: str = DAY) -> str | None:
    copy = folder / "copy"
    return copy.read_text() if files.get(tenant, "conversation", day, copy) else None


class FactFilesContract:
    def test_what_is_put_is_got(self, files: FactFiles, tmp_path: Path) -> None:
        files.put("bank", "conversation", DAY, a_file(tmp_path, "one"))
        assert read(files, tmp_path) == "one"

    def test_a_file_takes_the_place_of_the_one_before(self, files: FactFiles, tmp_path: Path) -> None:
        for content in ("one", "two"):
            files.put("bank", "conversation", DAY, a_file(tmp_path, content))
        assert read(files, tmp_path) == "two"

    def test_what_is_not_there_is_not_got(self, files: FactFiles, tmp_path: Path) -> None:
        files.put("bank", "conversation", DAY, a_file(tmp_path, "one"))
        assert read(files, tmp_path, "garage") is None
        assert read(files, tmp_path, day="2026-12-01") is None
        assert not files.get("bank", "contact", DAY, tmp_path / "copy")

    def test_what_is_removed_is_gone_and_may_be_removed_again(self, files: FactFiles, tmp_path: Path) -> None:
        files.put("bank", "conversation", DAY, a_file(tmp_path, "one"))
        for _ in range(2):
            files.remove("bank", "conversation", DAY)
        assert read(files, tmp_path) is None

    @pytest.mark.parametrize("where", [("../x", DAY), ("conversation", "2026"), ("conversation", "../../etc/x")])
    def test_names_lead_nowhere_else(self, files: FactFiles, tmp_path: Path, where: tuple[str, str]) -> None:
        with pytest.raises(BadKey):
            files.put("bank", *where, a_file(tmp_path, "one"))
        with pytest.raises(BadKey):
            files.get("Bank/..", "conversation", DAY, tmp_path / "copy")
