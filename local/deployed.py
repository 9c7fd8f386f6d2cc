"""The stack that the environment names, as those see it who publish to it: AWS, or the embedded one by its address."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
)

from local.audit_trail import AuditTrail
from local.publishing import PublishTarget
from local.records import records_environment
from local.tenants import ModelPublisher, endpoints_of, identity
from sotto.contacts.adapters.dynamodb_directory import DynamoDirectory
from sotto.contacts.directory_names import names_of
from sotto.core.errors import Rejected, Retryable
from sotto.core.settings import AwsRegion, Recognition, Residencies, TenantBooks
from sotto.inference.adapters.dynamodb_comparisons import DynamoComparisons
from sotto.models.adapters.dynamodb_registry import DynamoModelRegistry
from sotto.models.adapters.inference_components import AdapterComponents
from sotto.models.releases import Because
from sotto.tenants.adapters.published_books import PublishedBooks
from sotto.tenants.book import TenantBook
from sotto.tenants.reading.publish_checks import DirectoryNames
from sotto.tenants.residency import Serving
from sotto.wiring.sotto import Sotto

DEFAULT_ENDPOINT = "sotto-shard"
_MISSING = ("ResourceNotFoundException", "NoSuchBucket", "404")
_REFUSED = ("AccessDenied", "AccessDeniedException", "UnrecognizedClientException", "InvalidAccessKeyId", "403")


class StackUnreachable(Retryable):
    """Nothing answers where the environment says that the stack is."""


class NotDeployed(Rejected):
    """The account or region has no such table or bucket, or does not let these credentials in."""


@dataclass(frozen=True, slots=True)
class DeployedStack:
    books: PublishedBooks
    registry: DynamoModelRegistry
    comparisons: DynamoComparisons
    directory: DynamoDirectory
    s3: Any
    bucket: str
    endpoint: str
    sagemaker: Callable[[], Any]
    transcribe: Callable[[], Any]
    sts: Callable[[], Any]
    trail: AuditTrail
    serving: Serving
    named_endpoint: bool = False
    """Somebody named it, here or in the environment: models that are elsewhere move to it."""

    @property
    def models(self) -> ModelPublisher:
        return ModelPublisher(self.s3, self.bucket, self.registry, self.components, self.trail, self.trail.clock)

    def because(self, why: str) -> Because:
        """Of a change that moves no package."""
        return Because(self.trail.who(), why, int(self.trail.clock.now_ms()))

    def names(self, book: TenantBook) -> DirectoryNames | None:
        """What the tenant's Connect instances named last; None where that is not known."""
        now_ms = self.trail.clock.now_ms()
        return names_of(self.directory, book.tenant, book.settings.instances, now_ms)

    @property
    def target(self) -> PublishTarget:
        return PublishTarget(self.books, self.models, self.endpoint, self.publisher)

    @property
    def wished_endpoints(self) -> tuple[str, ...]:
        """Empty: models stay where they are. Raises Rejected."""
        return tuple(endpoints_of(self.endpoint)) if self.named_endpoint else ()

    @property
    def components(self) -> AdapterComponents:
        """Made when something is published: other commands have no use for a client of SageMaker."""
        return AdapterComponents(self.sagemaker(), report=print)

    def publisher(self) -> str:
        return identity(self.sts())


@contextmanager
def deployed_stack(endpoint: str | None = None) -> Iterator[DeployedStack]:
    """Tables and the bucket have the names that a deployment named sotto gives them, unless the environment says
    otherwise. Inside, errors of the SDK become StackUnreachable and NotDeployed. Raises MissingSetting."""
    sotto = Sotto.of(records_environment() | os.environ)
    named = endpoint or os.environ.get("SOTTO_SHARD_ENDPOINT")
    with sdk_errors_translated(sotto.settings.of(AwsRegion).region):
        yield DeployedStack(
            books=sotto.books,
            registry=sotto.model_registry,
            comparisons=sotto.comparisons,
            directory=sotto.directory_store,
            s3=sotto.client("s3"),
            bucket=sotto.settings.of(TenantBooks).bucket,
            sagemaker=lambda: sotto.client("sagemaker"),
            transcribe=lambda: sotto.client("transcribe"),
            sts=lambda: sotto.client("sts"),
            endpoint=named or DEFAULT_ENDPOINT,
            named_endpoint=bool(named),
            serving=Serving(
                sotto.settings.of(AwsRegion).region,
                sotto.settings.of(Recognition).deepgram_url,
                sotto.settings.of(Residencies).hosts,
                sotto.settings.of(Recognition).self_hosted,
            ),
            trail=AuditTrail(sotto.audit_log, lambda: identity(sotto.client("sts")), sotto.clock),
        )


@contextmanager
def sdk_errors_translated(region: str) -> Iterator[None]:
    where = os.environ.get("AWS_ENDPOINT_URL") or f"AWS in {region}"
    try:
        yield
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise NotDeployed(
            "no AWS credentials: log in, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (any value for an "
            "embedded stack) and AWS_ENDPOINT_URL where it is not AWS itself"
        ) from error
    except (ConnectionError, HTTPClientError) as error:
        raise StackUnreachable(
            f"nothing answers at {where} ({type(error).__name__}): start the stack, or correct AWS_ENDPOINT_URL"
        ) from error
    except ClientError as error:
        raise _translated(error, where) from error
    except BotoCoreError as error:
        raise StackUnreachable(f"{where}: {error}") from error


def _translated(error: ClientError, where: str) -> Rejected | Retryable:
    code, operation = error.response.get("Error", {}).get("Code", ""), error.operation_name
    if code in _MISSING:
        return NotDeployed(
            f"{where} has no table or bucket for {operation}: deploy Sotto there, or set SOTTO_MODELS_TABLE, "
            "SOTTO_TENANTS_TABLE, SOTTO_CONTACTS_TABLE, SOTTO_AUDIT_TABLE and SOTTO_ARTIFACTS_BUCKET to its names"
        )
    if code in _REFUSED:
        return NotDeployed(f"{where} refuses {operation} ({code}): use credentials that may publish")
    return StackUnreachable(f"{where} failed at {operation} ({code}): try again")
