"""The gateway put together out of settings and AWS clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3

from media_gateway.call import CallPorts
from media_gateway.kinesis.put_media import PutMedia
from media_gateway.kinesis.streams import CallStreams
from media_gateway.server import Gateway
from media_gateway.session import Sessions
from media_gateway.settings import GatewaySettings
from sotto.aws.lambda_functions import LambdaFunctions
from sotto.aws.secrets import WholeSecret
from sotto.call.live import GatewayCall
from sotto.core.clock import Clock
from sotto.core.metrics.measure import GATEWAY_BLOCK
from sotto.core.metrics.recorder import Metrics
from sotto.core.settings import OtherFunctions, Settings

if TYPE_CHECKING:
    from botocore.credentials import ReadOnlyCredentials

FUNCTION = "follow_gateway"


class FunctionOrders:
    """``follow_gateway``, invoked asynchronously: Lambda keeps what it has accepted."""

    def __init__(self, functions: LambdaFunctions) -> None:
        self._functions = functions

    def changed(self, call: GatewayCall) -> None:
        self._functions.invoke_async(FUNCTION, call)


class GatewayParts:
    """Raises MissingSetting and EntryMistaken."""

    def __init__(self, settings: Settings, session: boto3.Session, clock: Clock, metrics: Metrics) -> None:
        self.settings = settings.of(GatewaySettings)
        self._prefix = settings.of(OtherFunctions).prefix
        self._session, self._clock, self._metrics = session, clock, metrics
        self.streams = CallStreams(
            self._client("kinesisvideo"),
            clock,
            begin=self.settings.streams_begin,
            key_of=lambda tenant: (self.settings.key or "").replace("{tenant}", tenant),
            retention_hours=self.settings.retention_hours,
        )

    def ports(self) -> CallPorts:
        return CallPorts(
            streams=self.streams,
            sink=PutMedia(self.streams.endpoint, self._credentials, self._session.region_name or ""),
            orders=FunctionOrders(LambdaFunctions(self._client("lambda"), self._prefix)),
            clock=self._clock,
            written=self._written,
            fragments_a_second=self.settings.fragments_a_second,
        )

    def gateway(self, ports: CallPorts | None = None) -> Gateway:
        entries = self.settings.by_path()
        secrets = {
            each.secret: WholeSecret(self._client("secretsmanager"), each.secret, self._clock)
            for each in entries.values()
        }
        return Gateway(
            Sessions(ports or self.ports()),
            entries,
            secrets,
            host=self.settings.host,
            most=self.settings.sessions,
            clock=self._clock,
            metrics=self._metrics,
        )

    def _written(self, ms: float) -> None:
        self._metrics.add(GATEWAY_BLOCK, ms)

    def _client(self, service: str) -> Any:
        return self._session.client(service)  # type: ignore[call-overload]

    def _credentials(self) -> ReadOnlyCredentials:
        credentials = self._session.get_credentials()
        assert credentials is not None
        return credentials.get_frozen_credentials()
