"""Contract: packages from S3, against moto's S3."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from model_containers.shard.adapters.disk import DiskPackages
from model_containers.shard.adapters.sources import LocalPackages, PackageNotFound, S3Packages, Sources
from sotto.models.package import BadPackage
from tests.fakes.small_adapters import write_adapter_package

KEY = "models/bank/m/1.tar.gz"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket="packages", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        yield client


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return write_adapter_package(tmp_path / "published", "m")


def disk_of(root: Path, s3: Any, **limits: int) -> DiskPackages:
    return DiskPackages(root, Sources(LocalPackages(), lambda: S3Packages(s3, **limits)), budget_bytes=10**6)


def test_a_package_is_fetched_once_checked_and_kept(s3: Any, archive: Path, tmp_path: Path) -> None:
    s3.put_object(Bucket="packages", Key=KEY, Body=archive.read_bytes(), ChecksumAlgorithm="SHA256")
    disk = disk_of(tmp_path / "disk", s3)
    for was_here_before in (False, True):
        with disk.opened(f"s3://packages/{KEY}") as (package, was_here):
            assert package.card.target_model == "bank/m/1.tar.gz"
            assert was_here is was_here_before


def test_a_missing_package_is_not_found_and_leaves_nothing(s3: Any, tmp_path: Path) -> None:
    with (
        pytest.raises(PackageNotFound, match="no package"),
        disk_of(tmp_path / "disk", s3).opened(f"s3://packages/{KEY}"),
    ):
        pass
    assert not list((tmp_path / "disk").iterdir())


@pytest.mark.parametrize("url", ["s3://packages", "s3://", "s3:///key"])
def test_an_address_that_is_none_is_refused(s3: Any, tmp_path: Path, url: str) -> None:
    with pytest.raises(BadPackage, match="s3://bucket/key"), disk_of(tmp_path / "disk", s3).opened(url):
        pass


def test_a_package_that_is_too_large_is_refused_before_it_is_read(s3: Any, archive: Path, tmp_path: Path) -> None:
    s3.put_object(Bucket="packages", Key=KEY, Body=archive.read_bytes())
    disk = disk_of(tmp_path / "disk", s3, largest_bytes=10)
    with pytest.raises(BadPackage, match="more than 10"), disk.opened(f"s3://packages/{KEY}"):
        pass
