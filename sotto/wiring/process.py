"""What a process has one of: its clock, its log, its metrics and its AWS clients, its own or a tenant's."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools import Logger
from botocore.config import Config

from sotto.aws.access import MEDIA_READ, MEDIA_REDACT
from sotto.aws.session import SharedSession
from sotto.aws.xray import XRayDaemon
from sotto.core.built import Builds, built, built_per_name
from sotto.core.clock import Clock, SystemClock
from sotto.core.metrics.measure import ISOLATION_DENIED, PUBLISH_FAILED, REDACTION_FAILURES
from sotto.core.metrics.recorder import Recorder
from sotto.core.observation import Observe, Observers
from sotto.core.settings import AwsRegion, Logging, Measurement, OtherFunctions, Settings, TenantRoles, Tracing

if TYPE_CHECKING:
    from sotto.aws.connect_api import ConnectApi
    from sotto.aws.lambda_functions import LambdaAnswers, LambdaFunctions
    from sotto.aws.tenant_sessions import Credentials, Denied, TenantSessions

_naming_loggers = Lock()
"""Loggers are Python's own: two threads that set up one of the same name spoil it, whoever they belong to."""


ANSWER_WITHIN_S = 8
"""Of another function: less than the 10 s that its caller has."""


class ProcessParts(Builds):
    def __init__(self, settings: Settings, **given: Any) -> None:
        """``given``: by name, what is not to be built."""
        super().__init__(**given)
        self.settings = settings

    @built
    def clock(self) -> Clock:
        return SystemClock()

    @built_per_name
    def logger(self, service: str) -> Logger:
        """Structured; nothing that a caller said or is may be given to it."""
        with _naming_loggers:
            return Logger(service=service, level=self.settings.of(Logging).level)

    @built
    def metrics(self) -> Recorder:
        """Its lines go where the platform takes logs from."""
        return Recorder(self.clock, self._write_metrics, cell=self.settings.of(Measurement).cell)

    def _write_metrics(self, line: str) -> None:
        file = self.settings.of(Measurement).metrics_file
        if file is None:
            sys.stdout.write(line + "\n")  # one call: lines of two threads must not mix
            sys.stdout.flush()
            return
        with file.open("a", encoding="utf-8") as lines:
            lines.write(line + "\n")

    @built
    def observe(self) -> Observe:
        """Who learns of what happened, whichever part of the house it happened in."""
        from sotto.generation.metrics import GenerationMetrics
        from sotto.inference.metrics import InferenceMetrics

        return Observers(InferenceMetrics(self.metrics), GenerationMetrics(self.metrics), *self.other_observers)

    @built
    def other_observers(self) -> tuple[Observe, ...]:
        """Of whoever runs these functions in his own process."""
        return ()

    @built
    def pause(self) -> Callable[[float], None]:
        """For so many milliseconds."""
        return lambda ms: time.sleep(ms / 1000)

    @built
    def tracer(self) -> XRayDaemon | None:
        """None where nobody traces."""
        address = self.settings.of(Tracing).daemon
        return XRayDaemon(address, self.clock) if address else None

    @built
    def session(self) -> boto3.Session:
        """The process's own credentials; they are renewed as they age."""
        return SharedSession(region_name=self.settings.of(AwsRegion).region)

    @built_per_name
    def client(self, service: str) -> Any:
        """One boto3 client per service: they are safe to share between threads."""
        made = self.session.client(service, config=_config_of(service))  # type: ignore[call-overload]
        return self.watched(made, service) if service in ("dynamodb", "s3", "sts") else made

    @built
    def connect_api(self) -> ConnectApi:
        from sotto.aws.connect_api import ConnectApi

        log = self.logger("connect")

        def refused(operation: str) -> None:
            log.error("connect refused", extra={"operation": operation})

        return ConnectApi(self.client("connect"), refused)

    def watched(self, made: Any, service: str) -> Any:
        """A client whose denials are counted and logged: code that mixes up two tenants is refused by AWS, and must not
        stay unnoticed."""
        from sotto.aws.tenant_sessions import watch_denials

        self.metrics.add(ISOLATION_DENIED, 0, service=service)
        log = self.logger("isolation")

        def report(denied: Denied) -> None:
            self.metrics.add(ISOLATION_DENIED, service=service)
            extra = {"aws_service": denied.service, "operation": denied.operation, "code": denied.code}
            log.error("isolation denied", extra=extra)

        return watch_denials(made, report)

    @built_per_name
    def tenant_sessions(self, role_arn: str) -> TenantSessions:
        from sotto.aws.tenant_sessions import TenantSessions

        return TenantSessions(self.client("sts"), role_arn, self._acting, self.clock)

    @built_per_name
    def media_sessions(self, role_arn: str) -> TenantSessions:
        """Sessions of the audio worker's, which no other function is given."""
        from sotto.aws.tenant_sessions import TenantSessions

        return TenantSessions(self.client("sts"), role_arn, self._acting, self.clock, media=MEDIA_READ)

    @built_per_name
    def recording_sessions(self, role_arn: str) -> TenantSessions:
        """Sessions of redact_recording's, which no other function is given."""
        from sotto.aws.tenant_sessions import TenantSessions

        return TenantSessions(self.client("sts"), role_arn, self._acting, self.clock, media=MEDIA_REDACT)

    def _acting(self, service: str, given: Credentials) -> Any:
        return self.watched(self.acting_client(service, given, config=_config_of(service)), service)

    def acting_client(self, service: str, given: Credentials, **how: Any) -> Any:
        return self.session.client(  # type: ignore[call-overload]
            service,
            aws_access_key_id=given.access_key,
            aws_secret_access_key=given.secret_key,
            aws_session_token=given.token,
            **how,
        )

    @built_per_name
    def records(self, service: str) -> Any:
        """DynamoDB and S3 as the tenant that a request's key names, where the deployment has roles for tenants."""
        role_arn = self.settings.of(TenantRoles).arn
        if role_arn is None:
            return self.client(service)
        from sotto.aws.tenant_sessions import TenantDynamoDB, TenantS3

        sessions = self.tenant_sessions(role_arn)
        return TenantDynamoDB(sessions, self.client("dynamodb")) if service == "dynamodb" else TenantS3(sessions)

    @built
    def functions(self) -> LambdaFunctions:
        from sotto.aws.lambda_functions import LambdaFunctions

        return LambdaFunctions(self.client("lambda"), self.settings.of(OtherFunctions).prefix)

    @built
    def function_answers(self) -> LambdaAnswers:
        """Somebody waits: a second try would come too late."""
        from sotto.aws.lambda_functions import LambdaAnswers

        once = Config(retries={"total_max_attempts": 1}, connect_timeout=1, read_timeout=ANSWER_WITHIN_S)
        return LambdaAnswers(self.session.client("lambda", config=once), self.settings.of(OtherFunctions).prefix)

    def publish_failed(self, service: str) -> Callable[[str], None]:
        """Counts what could not be published or invoked, by kind."""
        log = self.logger(service)
        self.metrics.add(PUBLISH_FAILED, 0, what="guidance" if service in _GUIDING else "publish")

        def count(what: str) -> None:
            log.warning("publish failed", extra={"what": what})
            self.metrics.add(PUBLISH_FAILED, what=what)

        return count

    def redaction_alarm(self, tenant: str) -> Callable[[str], None]:
        """Counts texts that are withheld because redaction failed on them; the log has the class of what failed."""
        self.metrics.add(REDACTION_FAILURES, 0, error="redaction-failed")

        def failed(why: str) -> None:
            self.metrics.add(REDACTION_FAILURES, tenant=tenant, error=why)

        return failed


_GUIDING = ("deliver_annotations", "orchestrate_utterance")

_CLIENTS = Config(
    retries={"mode": "standard", "total_max_attempts": 3},
    connect_timeout=2,
    read_timeout=10,
    max_pool_connections=32,
    tcp_keepalive=True,
)
_SIGNED = Config(signature_version="s3v4")
"""Links to objects under a KMS key: signed as boto3 does by default in the oldest region, S3 would not open them."""


def _config_of(service: str) -> Config:
    return _CLIENTS.merge(_SIGNED) if service == "s3" else _CLIENTS
