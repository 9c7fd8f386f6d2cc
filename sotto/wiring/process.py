"""What a process has one of: its clock, its log and its AWS clients, its own or a tenant's."""

from __future__ import annotations

import sys
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools import Logger
from botocore.config import Config

from sotto.core.clock import Clock, SystemClock
from sotto.core.metrics.measure import ISOLATION_DENIED, PUBLISH_FAILED, REDACTION_FAILURES
from sotto.core.metrics.recorder import Recorder
from sotto.core.once import once
from sotto.wiring.settings import settings

if TYPE_CHECKING:
    from sotto.aws.tenant_sessions import Credentials, TenantSessions


_making = Lock()


@once
def logger(service: str) -> Logger:
    """Structured, and told nothing that a caller said or is."""
    return Logger(service=service)


@once
def clock() -> Clock:
    return SystemClock()


@once
def metrics() -> Recorder:
    """One of the process; its lines go where the platform takes logs from."""
    return Recorder(clock(), _written, cell=settings().cell)


def _written(line: str) -> None:
    file = settings().metrics_file
    if file is None:
        sys.stdout.write(line + "\n")  # one call: lines of two threads must not mix
        sys.stdout.flush()
        return
    with file.open("a", encoding="utf-8") as lines:
        lines.write(line + "\n")


@once
def client(service: str) -> Any:
    """One boto3 client per service and process: they are safe to share between threads."""
    made = boto_client(service, config=_config())
    return watched(made, service) if service in ("dynamodb", "s3", "sts") else made


def boto_client(service: str, **how: Any) -> Any:
    """A client of boto3's default session. To make one is what is not safe in several threads at a time."""
    with _making:
        return boto3.client(service, region_name=settings().region, **how)  # type: ignore[call-overload]


def watched(made: Any, service: str) -> Any:
    """A client whose denials are counted and logged: code that mixes up two tenants is refused by AWS, and must not
    stay unnoticed."""
    from sotto.aws.tenant_sessions import Denied, watch_denials

    log = logger("isolation")
    metrics().add(ISOLATION_DENIED, 0, service=service)

    def tell(denied: Denied) -> None:
        metrics().add(ISOLATION_DENIED, service=service)
        extra = {"aws_service": denied.service, "operation": denied.operation, "code": denied.code}
        log.error("isolation denied", extra=extra)

    return watch_denials(made, tell)


def _config() -> Config:
    return Config(
        retries={"mode": "standard", "total_max_attempts": 3},
        connect_timeout=2,
        read_timeout=10,
        max_pool_connections=32,
        tcp_keepalive=True,
    )


@once
def tenant_sessions(role_arn: str) -> TenantSessions:
    from sotto.aws.tenant_sessions import TenantSessions

    return TenantSessions(client("sts"), role_arn, _acting, clock())


@once
def media_sessions(role_arn: str) -> TenantSessions:
    """Sessions of the audio worker's, which no other function is given."""
    from sotto.aws.tenant_sessions import TenantSessions

    return TenantSessions(client("sts"), role_arn, _acting, clock(), reads_media=True)


def _acting(service: str, given: Credentials) -> Any:
    return watched(acting_client(service, given, config=_config()), service)


def acting_client(service: str, given: Credentials, **how: Any) -> Any:
    return boto_client(
        service,
        aws_access_key_id=given.access_key,
        aws_secret_access_key=given.secret_key,
        aws_session_token=given.token,
        **how,
    )


@once
def records(service: str) -> Any:
    """DynamoDB and S3 as the tenant that a request's key names, where the deployment has roles for tenants."""
    role_arn = settings().tenant_role_arn
    if role_arn is None:
        return client(service)
    from sotto.aws.tenant_sessions import TenantDynamoDB, TenantS3

    sessions = tenant_sessions(role_arn)
    return TenantDynamoDB(sessions, client("dynamodb")) if service == "dynamodb" else TenantS3(sessions)


def publish_failed(service: str) -> Callable[[str], None]:
    """Counts what could not be published or invoked, by kind."""
    log = logger(service)
    metrics().add(PUBLISH_FAILED, 0, what="guidance" if service == "deliver_annotations" else "publish")

    def count(what: str) -> None:
        log.warning("publish failed", extra={"what": what})
        metrics().add(PUBLISH_FAILED, what=what)

    return count


def redaction_alarm(tenant: str) -> Callable[[str], None]:
    """Counts texts that are withheld because redaction failed on them; the log has the class of what failed."""
    metrics().add(REDACTION_FAILURES, 0, error="redaction-failed")

    def failed(why: str) -> None:
        metrics().add(REDACTION_FAILURES, tenant=tenant, error=why)

    return failed
