"""An account with what publishing needs, and nothing published: inside moto's mock."""

from __future__ import annotations

from functions.specs import everything
from local.aws.resources import create_table
from local.records import records_environment
from sotto.aws.session import SharedSession
from sotto.wiring.sotto import Sotto


def unpublished() -> Sotto:
    session = SharedSession(aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1")
    sotto = Sotto.of(records_environment(), session=session)
    for table in everything().tables:
        create_table(table, sotto.client("dynamodb"))
    for bucket in everything().buckets:
        sotto.client("s3").create_bucket(Bucket=bucket)
    return sotto
