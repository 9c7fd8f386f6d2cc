"""The embedded AWS as one object: one port for every service that Sotto calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from functools import cached_property, partial
from types import TracebackType
from typing import Any, ClassVar, Self

import boto3
import botocore.session
from botocore.config import Config
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from local.aws.appsync.authorisation import IamCaller
from local.aws.connect import ConnectContacts
from local.aws.connect.recordings import ConnectRecordings
from local.aws.connect_cases import ConnectCasesApi
from local.aws.connect_directory.api import ConnectDirectory
from local.aws.customer_profiles import CustomerProfilesApi
from local.aws.event_delivery import DeliveryFaults, EventDelivery
from local.aws.event_pipes import EventPipes
from local.aws.inference_components import OPERATIONS, InferenceComponents
from local.aws.kinesis_video.server import PATHS, KinesisVideo
from local.aws.lambda_api import LambdaApi
from local.aws.lambda_runtime import LambdaRuntime
from local.aws.moto_server import MotoApp, forget_everything, plays_link, session_of
from local.aws.s3_vectors.api import S3VectorsApi
from local.aws.sagemaker_runtime import SageMakerRuntime
from local.aws.schedules import Schedules
from local.aws.tenant_isolation import TenantIsolation
from local.aws.web_server import WebServer
from local.inherited_environment import NOWHERE, cut_off
from local.spans import Spans
from sotto.aws.session import SharedSession

REGION = "us-east-1"
ACCESS_KEY = "AKIAEMBEDDEDSOTTO000"
SECRET_KEY = "embedded-secret-key-of-no-account"
ENGINEERS_KEY = "AKIAEMBEDDEDENGINEER"
"""Of whoever sets the stack up: may everything, as the functions may not."""
TENANT_ROLE_ARN = "arn:aws:iam::123456789012:role/sotto-tenant-{tenant}"


class Services:
    """Which service a request is for, by its path; what is not named here is moto's."""

    def __init__(self, moto: ASGIApp, by_path: Mapping[str, ASGIApp], by_target: Mapping[str, ASGIApp]) -> None:
        """``by_target``: by the beginning of ``X-Amz-Target``, for services that share the path ``/``."""
        self._moto = moto
        self._by_path = by_path
        self._by_target = by_target

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope.get("path", "")
        app = next((app for prefix, app in self._by_path.items() if path.startswith(prefix)), None)
        await (app or self._targeted(scope))(scope, receive, send)

    def _targeted(self, scope: Scope) -> ASGIApp:
        target = dict(scope.get("headers", ())).get(b"x-amz-target", b"").decode("latin-1")
        return next((app for prefix, app in self._by_target.items() if target.startswith(prefix)), self._moto)


class EmbeddedSession(SharedSession):
    """Whoever ``access_key`` is, at this stack: nothing comes from the environment or from this machine's profiles."""

    _ITS_OWN: ClassVar[dict[str, Any]] = {"profile": (None, [], None, None)}
    _CONFIG = Config(inject_host_prefix=False)

    def __init__(self, url: str, access_key: str) -> None:
        super().__init__(
            aws_access_key_id=access_key,
            aws_secret_access_key=SECRET_KEY,
            region_name=REGION,
            botocore_session=botocore.session.Session(self._ITS_OWN),
        )
        self._url = url

    def client(self, service: str, **how: Any) -> Any:  # type: ignore[override]
        config = self._CONFIG.merge(how.pop("config", Config()))
        return super().client(service, **{"endpoint_url": self._url, "config": config, **how})


class EmbeddedAws:
    """DynamoDB, S3, EventBridge, Step Functions and the rest of moto; Lambda, Kinesis Video Streams, SageMaker Runtime.

    One at a time in a process: moto keeps its data in module state, so a second one raises RuntimeError.
    ``environment`` is what SDK clients need.
    Meanwhile this process's environment has nothing that leads outside. ``tenants``: those that the functions may act
    as; what is theirs is then refused to anybody else. None refuses nothing.
    ``delivery_faults``: of its event bus. ``spans``: records what it does. ``patience``: see LambdaRuntime.
    """

    _is_running: ClassVar[bool] = False

    def __init__(
        self,
        *,
        speed: float = 1.0,
        tenants: Callable[[], Iterable[str]] | None = None,
        delivery_faults: DeliveryFaults | None = None,
        spans: Spans | None = None,
        patience: float = 1.0,
    ) -> None:
        self._tenants = tenants
        self._spans = spans
        self.functions = LambdaRuntime(region=REGION, spans=spans, patience=patience)
        self.delivery = EventDelivery(self.functions.invoke_async, delivery_faults)
        self.pipes = EventPipes(self.engineer)
        self.media = KinesisVideo(speed=speed, caller=IamCaller(ACCESS_KEY, SECRET_KEY, REGION))
        self.directory = ConnectDirectory()
        self.schedules = Schedules(self.functions.invoke_async)
        self.connect_contacts = ConnectContacts()
        self.recordings = ConnectRecordings(self.connect_contacts, partial(self.engineer, "s3"))
        self.connect_contacts.recording_of = self.recordings.location_of
        self.customer_profiles = CustomerProfilesApi()
        self.connect_cases = ConnectCasesApi()
        self.s3_vectors = S3VectorsApi()
        self.sagemaker = SageMakerRuntime()
        self.components = InferenceComponents(self.sagemaker)
        self._open = ExitStack()
        self.url = ""

    def __enter__(self) -> Self:
        with self._open:
            self._start()
            self._open = self._open.pop_all()
        return self

    def _start(self) -> None:
        if EmbeddedAws._is_running:
            raise RuntimeError("an embedded AWS runs in this process already, and would lose all that it holds")
        EmbeddedAws._is_running = True
        self._open.callback(setattr, EmbeddedAws, "_is_running", False)
        self._open.enter_context(cut_off())
        from local.aws import event_pipes, events, moto_shortcuts, step_functions

        forget_everything()
        isolation = self._isolation(self._tenants) if self._tenants is not None else None
        moto = MotoApp(isolation.refusal) if isolation is not None else MotoApp()
        if isolation is not None:
            self.s3_vectors.refusal = isolation.refusal
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
                **dict.fromkeys(PATHS, self.media.app),
                "/contacts/": self.connect_contacts.app,
                "/contact/attributes": self.connect_contacts.app,
                "/contact/tags": self.connect_contacts.app,
                "/contact/suspend-recording": self.connect_contacts.app,
                "/contact/resume-recording": self.connect_contacts.app,
                "/endpoints/": self.sagemaker.app,
                "/domains/": Starlette(routes=[*self.customer_profiles.routes, *self.connect_cases.routes]),
                **dict.fromkeys(self.directory.paths, self.directory.app),
                **dict.fromkeys(self.s3_vectors.paths, self.s3_vectors.app),
            },
            {f"SageMaker.{operation}": self.components.app for operation in OPERATIONS},
        )
        self._open.callback(self.functions.stop)
        app = services if self._spans is None else self._spans.served(services)
        server = self._open.enter_context(
            WebServer(app, name="embedded-aws", at_end=self.sagemaker.close, plays=plays_link)
        )
        self.url = server.url
        step_functions.install(self.functions)
        events.install(self.functions, self.delivery)
        event_pipes.install(self.pipes)
        self._open.callback(self.delivery.stop)
        self._open.callback(self.pipes.stop)
        self._open.callback(self.schedules.stop)
        self._open.callback(step_functions.end_waiting)
        moto_shortcuts.install()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def busy(self) -> bool:
        """Whether a function runs or waits, or an event is on its way to one. Looked at in the order in which events
        travel; what a function has written meanwhile is on the stream, or was carried from there."""
        carried = self.pipes.carried
        busy = self.pipes.busy() or self.delivery.busy() or self.functions.busy()
        return busy or self.pipes.busy() or self.pipes.carried != carried

    @staticmethod
    def _isolation(tenants: Callable[[], Iterable[str]]) -> TenantIsolation:
        session = partial(session_of, TENANT_ROLE_ARN)
        return TenantIsolation(ACCESS_KEY, TENANT_ROLE_ARN, tenants, session)

    def engineer(self, service: str) -> Any:
        """A boto3 client of whoever deploys and publishes."""
        return self._engineers_session.client(service)

    @cached_property
    def session(self) -> boto3.Session:
        """Of the functions."""
        session = EmbeddedSession(self.url, ACCESS_KEY)
        if self._spans is not None:
            self._spans.watch_clients(session)
        return session

    @cached_property
    def _engineers_session(self) -> EmbeddedSession:
        return EmbeddedSession(self.url, ENGINEERS_KEY)

    def environment(self) -> dict[str, str]:
        """Of the functions."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            # Not boto3's, and not emulated: sessions fail here instead of reaching AWS with these keys.
            "AWS_ENDPOINT_URL_TRANSCRIBE_STREAMING": self.url.replace("http:", "https:"),
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
            "AWS_EC2_METADATA_DISABLED": "true",
            **NOWHERE,
            **({} if self._tenants is None else {"SOTTO_TENANT_ROLE_ARN": TENANT_ROLE_ARN}),
        }
