"""Objects under a prefix of a bucket. Read with the credentials of AWS that the environment has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sotto.tenants.knowledge_sources import DeclaredSource, SecretName
from sotto.tenants.reading.places import YamlPlace

FIELDS = ("address", "region")
NEEDED = ("address", "region")
HAS_SECRET = False
_ADDRESS = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(\S.{0,1000})?")
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Prefix(DeclaredSource):
    """``prefix`` may be empty: the whole bucket."""

    kind = "s3"
    bucket: str
    prefix: str
    region: str

    @property
    def places(self) -> tuple[str, ...]:
        return (self.region,)

    @property
    def identity(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}"


def read(name: str, fields: Mapping[str, YamlPlace], secret: SecretName | None) -> DeclaredSource | None:
    written, region = fields["address"].text() or "", fields["region"].text() or ""
    match = _ADDRESS.fullmatch(written)
    if match is None:
        fields["address"].wrong(
            f"'{written}' is no prefix of a bucket; write for example s3://harbour-articles/public/"
        )
    if not _REGION.fullmatch(region):
        fields["region"].wrong(f"'{region}' is no region; write for example eu-central-1")
    return S3Prefix(name=name, bucket=match[1], prefix=match[2] or "", region=region) if match else None
