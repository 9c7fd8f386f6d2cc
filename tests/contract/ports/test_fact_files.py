"""Contract tests: files of facts in a folder and in S3's emulation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3
import pytest

from sotto.analytics.adapters.folder_files import FolderFiles
from sotto.analytics.adapters.s3_files import S3Files
from sotto.analytics.days.write import FactFiles
from tests.contract.ports.fact_files_contract import DAY, FactFilesContract, a_file


class TestFolderFiles(FactFilesContract):
    @pytest.fixture
    def files(self, tmp_path: Path) -> FactFiles:
        return FolderFiles(tmp_path / "facts")


@pytest.fixture
def s3(aws: boto3.Session) -> Any:
    client = aws.client("s3")
    client.create_bucket(Bucket="facts")
    client.put_bucket_versioning(Bucket="facts", VersioningConfiguration={"Status": "Enabled"})
    return client


class TestS3Files(FactFilesContract):
    @pytest.fixture
    def files(self, s3: Any) -> FactFiles:
        return S3Files(s3, "facts")


def test_no_version_outlives_what_replaced_or_removed_it(s3: Any, tmp_path: Path) -> None:
    files = S3Files(s3, "facts")
    for content in ("one", "two", "three"):
        files.put("bank", "conversation", DAY, a_file(tmp_path, content))
    assert len(s3.list_object_versions(Bucket="facts")["Versions"]) == 1
    s3.delete_object(Bucket="facts", Key=f"bank/conversation/dt={DAY}/part.parquet")  # only marks it
    files.remove("bank", "conversation", DAY)
    left = s3.list_object_versions(Bucket="facts")
    assert "Versions" not in left and "DeleteMarkers" not in left
