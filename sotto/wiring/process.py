"""What a process has one of: its clock, its log and its AWS clients, its own or a tenant's."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools import Logger
from botocore.config import Config

from sotto.clock import Clock, SystemClock
from sotto.wiring.settings import settings

if TYPE_CHECKING:
    from sotto.storage.adapters.tenant_sessions import TenantSessions


def logger(service: str) -> Logger:
    """Structured, and told nothing that a caller said or is."""
    return Logger(service=service)


@cache
def clock() -> Clock:
    return SystemClock()


@cache
def client(service: str) -> Any:
    """One boto3 client per service and process: they are safe to share between threads."""
    made = boto3.client(service, region_name=settings().region, config=_config())  # type: ignore[call-overload]
    return _watched(made) if service in ("dynamodb", "s3", "sts") else made


def _watched(made: Any) -> Any:
    """An alarm counts this log line: code that mixes up two tenants is refused by AWS, and must not stay unnoticed."""
    from sotto.storage.adapters.tenant_sessions import Denied, tell_denials

    log = logger("isolation")

    def tell(denied: Denied) -> None:
        extra = {"aws_service": denied.service, "operation": denied.operation, "code": denied.code}
        log.error("isolation denied", extra=extra)

    return tell_denials(made, tell)


def _config() -> Config:
    return Config(
        retries={"mode": "standard", "total_max_attempts": 3},
        connect_timeout=2,
        read_timeout=10,
        max_pool_connections=32,
        tcp_keepalive=True,
    )


@cache
def tenant_sessions(role_arn: str) -> TenantSessions:
    from sotto.storage.adapters.tenant_sessions import Credentials, TenantSessions

    def acting(service: str, given: Credentials) -> Any:
        made = boto3.client(  # type: ignore[call-overload]
            service,
            region_name=settings().region,
            config=_config(),
            aws_access_key_id=given.access_key,
            aws_secret_access_key=given.secret_key,
            aws_session_token=given.token,
        )
        return _watched(made)

    return TenantSessions(client("sts"), role_arn, acting, clock())


@cache
def records(service: str) -> Any:
    """DynamoDB and S3 as the tenant that a request's key names, where the deployment has roles for tenants."""
    role_arn = settings().tenant_role_arn
    if role_arn is None:
        return client(service)
    from sotto.storage.adapters.tenant_sessions import TenantDynamoDB, TenantS3

    sessions = tenant_sessions(role_arn)
    return TenantDynamoDB(sessions, client("dynamodb")) if service == "dynamodb" else TenantS3(sessions)


def missed(service: str) -> Callable[[str], None]:
    """Counts what could not be told, by kind."""
    log = logger(service)
    return lambda what: log.warning("not told", extra={"what": what})
