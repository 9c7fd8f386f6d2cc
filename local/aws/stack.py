"""The embedded AWS as one object: one port for every service that Sotto calls."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from local.aws.kinesis_video.server import KinesisVideo
from local.aws.lambda_api import LambdaApi
from local.aws.lambda_runtime import LambdaRuntime
from local.aws.moto_server import MotoApp, forget_everything
from local.aws.sagemaker_runtime import SageMakerRuntime
from local.aws.web_server import WebServer

REGION = "us-east-1"
ACCESS_KEY = "AKIAEMBEDDEDSOTTO000"
SECRET_KEY = "embedded-secret-key-of-no-account"


class Services:
    """Which service a request is for, by its path; what is not named here is moto's."""

    def __init__(self, moto: ASGIApp, by_path: Mapping[str, ASGIApp]) -> None:
        self._moto = moto
        self._by_path = by_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope.get("path", "")
        app = next((app for prefix, app in self._by_path.items() if path.startswith(prefix)), self._moto)
        await app(scope, receive, send)


class EmbeddedAws:
    """DynamoDB, S3, EventBridge, Step Functions and the rest of moto; Lambda, Kinesis Video Streams, SageMaker Runtime.

    One at a time in a process: moto keeps its data in module state. ``environment`` is what SDK clients need.
    """

    def __init__(self, *, speed: float = 1.0) -> None:
        self.functions = LambdaRuntime(region=REGION)
        self.media = KinesisVideo(speed=speed)
        self.sagemaker = SageMakerRuntime()
        self._open = ExitStack()
        self.url = ""

    def __enter__(self) -> Self:
        from local.aws import events, moto_shortcuts, step_functions

        forget_everything()
        moto = MotoApp()
        self._open.callback(moto.close)
        lambda_api = Starlette(
            routes=[
                Route(
                    "/2015-03-31/functions/{name:path}/invocations", LambdaApi(self.functions).invoke, methods=["POST"]
                )
            ]
        )
        services = Services(
            moto,
            {
                "/2015-03-31/functions/": lambda_api,
                "/getDataEndpoint": self.media.app,
                "/getMedia": self.media.app,
                "/endpoints/": self.sagemaker.app,
            },
        )
        self._open.callback(self.functions.stop)
        server = self._open.enter_context(WebServer(services, name="embedded-aws", at_end=self.sagemaker.close))
        self.url = server.url
        step_functions.install(self.functions)
        events.install(self.functions)
        moto_shortcuts.install()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
