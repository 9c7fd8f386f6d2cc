"""What AWS asks for: list prices, each an input that yours can take the place of."""

from __future__ import annotations

import math
from dataclasses import dataclass

HOURS_A_MONTH = 24 * 30.4


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars, list prices of us-east-1 without free tiers and discounts; see docs/unverified.md."""

    lambda_gb_s: float = 0.0000133334
    lambda_million: float = 0.20
    lambda_provisioned_gb_s: float = 0.0000033334  # of what stands ready, used or not
    lambda_provisioned_run_gb_s: float = 0.0000077778
    snap_cached_gb_s: float = 0.0000015046  # of each published version
    snap_restored_gb: float = 0.0001397998
    express_million: float = 1.00
    express_gb_s: float = 0.00001667
    standard_million: float = 25.00  # state transitions
    transcribe_minutes: tuple[tuple[float, float], ...] = (
        (250_000, 0.024), (750_000, 0.015), (4_000_000, 0.0102), (math.inf, 0.0078),
    )  # fmt: skip
    kvs_gb_in: float = 0.0085
    kvs_gb_out: float = 0.0085
    appsync_million: float = 4.00
    appsync_delivered_million: float = 2.00
    appsync_connected_million: float = 0.08
    dynamodb_writes_million: float = 0.625
    dynamodb_reads_million: float = 0.125
    s3_puts_million: float = 5.00
    s3_gets_million: float = 0.40
    s3_gb_month: float = 0.023
    vectors_gb_in: float = 0.20  # S3 Vectors, bytes put
    kms_million: float = 3.00
    pipe_million: float = 0.40
    event_million: float = 1.00
    websocket_million: float = 1.00
    websocket_connected_million: float = 0.25
    sagemaker_hour: float = 0.408  # ml.c6i.2xlarge
    writer_hour: float = 1.408  # ml.g5.xlarge
    logs_gb: float = 0.50
    metric_month: float = 0.30
    dashboard_month: float = 3.00
    alarm_month: float = 0.10
