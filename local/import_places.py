"""Where customers of the embedded stack keep what they import: a bucket that is not Sotto's, a prefix for each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

BUCKET = "customers-archive"
SOURCE = "archive"
AT_ONCE = 2
"""Pages: while one is recognised, another is guided on."""


def prefix_of(tenant: str) -> str:
    return f"{tenant}/calls/"


def create_import_places(tenants: Iterable[str], s3: Any) -> dict[str, str]:
    """The bucket, which tells EventBridge what is put there; what a deployment tells its functions of it."""
    s3.create_bucket(Bucket=BUCKET)
    s3.put_bucket_notification_configuration(Bucket=BUCKET, NotificationConfiguration={"EventBridgeConfiguration": {}})
    sources = [{"tenant": each, "name": SOURCE, "bucket": BUCKET, "prefix": prefix_of(each)} for each in tenants]
    return {"SOTTO_IMPORT_SOURCES": json.dumps(sources), "SOTTO_IMPORTS_AT_ONCE": str(AT_ONCE)}
