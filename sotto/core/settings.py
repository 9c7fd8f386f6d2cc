"""What a deployment tells its functions, read from the environment in parts: each is a pydantic model of the few
variables that belong together, and is validated when somebody needs it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, Json, ValidationError, field_validator, model_validator

from sotto.core.errors import Rejected
from sotto.core.residency import Boundary

Channel = Literal["appsync", "websocket"]
DEEPGRAM_URL = "wss://api.deepgram.com/v1/listen"
"""Deepgram's global endpoint; others stay in a region: https://developers.deepgram.com/reference/regional-endpoints"""
Capability = Literal["rest_api", "siprec", "imports", "media_gateway"]
"""What a deployment has where it asks for it."""
CHANNELS: tuple[Channel, ...] = ("appsync", "websocket")


class MissingSetting(Rejected):
    """An environment variable is missing or wrong."""


class Setting(BaseModel):
    """A part of the settings. The alias of each field is its environment variable."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    @classmethod
    def variables(cls) -> tuple[str, ...]:
        return tuple(str(field.alias) for field in cls.model_fields.values())


Part = TypeVar("Part", bound=Setting)


class Settings:
    """``environment``: by variable. An empty variable counts as none."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment

    def of(self, part: type[Part]) -> Part:
        """Raises MissingSetting naming the variables."""
        found = {name: self.environment[name] for name in part.variables() if self.environment.get(name)}
        try:
            return part.model_validate(found)
        except ValidationError as error:
            raise MissingSetting("; ".join(map(_named, error.errors()))) from None


def _named(mistake: Mapping[str, object]) -> str:
    place = mistake["loc"]
    assert isinstance(place, tuple)
    if not place:  # what several variables say together
        return str(mistake["msg"]).removeprefix("Value error, ")
    variable = f"environment variable {place[0]}"
    return f"{variable} is not set" if mistake["type"] == "missing" else f"{variable}: {mistake['msg']}"


class AwsRegion(Setting):
    region: str = Field(alias="AWS_REGION")


class ContactRecords(Setting):
    table: str = Field(alias="SOTTO_CONTACTS_TABLE")


class DataKeyRecords(Setting):
    table: str = Field(alias="SOTTO_DATA_KEYS_TABLE")


class TenantKeys(Setting):
    """``alias`` holds ``{tenant}`` in place of a name: of the tenant's KMS key, under which the data keys of its
    contacts are wrapped. None: what is written of contacts is not encrypted by us, as in single tests."""

    alias: str | None = Field(default=None, alias="SOTTO_TENANT_KEY")


class ErasureRecords(Setting):
    table: str = Field(alias="SOTTO_ERASURES_TABLE")


class CertificateKey(Setting):
    """Id, ARN or alias of the KMS key that signs."""

    key: str = Field(alias="SOTTO_CERTIFICATE_KEY")


class TenantBooks(Setting):
    table: str = Field(alias="SOTTO_TENANTS_TABLE")
    bucket: str = Field(alias="SOTTO_ARTIFACTS_BUCKET")


class RecordingObjects(Setting):
    """``keys``: tenant -> ARN of the KMS key that its recordings are under."""

    bucket: str = Field(alias="SOTTO_AUDIO_BUCKET")
    keys: Json[dict[str, str]] = Field(default={}, alias="SOTTO_RECORDING_KEYS")


class ModelRecords(Setting):
    table: str = Field(alias="SOTTO_MODELS_TABLE")


class AuditRecords(Setting):
    table: str = Field(alias="SOTTO_AUDIT_TABLE")


class DirectoryRecords(Setting):
    table: str = Field(alias="SOTTO_DIRECTORY_TABLE")


class HistoryRecords(Setting):
    table: str = Field(alias="SOTTO_HISTORY_TABLE")


class ApiRecords(Setting):
    table: str = Field(alias="SOTTO_API_TABLE")


class SearchIndexes(Setting):
    """``bucket``: the vector bucket with an index for each tenant. ``folder``: where indexes are kept on this machine
    instead, for development."""

    bucket: str | None = Field(default=None, alias="SOTTO_SEARCH_BUCKET")
    folder: Path | None = Field(default=None, alias="SOTTO_SEARCH_FOLDER")

    @model_validator(mode="after")
    def _has_one(self) -> Self:
        if self.bucket is None and self.folder is None:
            raise ValueError("environment variable SOTTO_SEARCH_BUCKET is not set")
        return self


class ConnectInstances(Setting):
    """Id of each Connect instance of the cell -> the tenant whose it is."""

    tenants: Json[dict[str, str]] = Field(default={}, alias="SOTTO_CONNECT_INSTANCES")


class VoiceConnectors(Setting):
    """Id of each Voice Connector that records calls for the cell -> the tenant whose it is."""

    tenants: Json[dict[str, str]] = Field(default={}, alias="SOTTO_VOICE_CONNECTORS")


class ImportPlaces(Setting):
    """``sources``: parts of customers' buckets from which conversations of the past are imported, each with its
    ``tenant``, ``name``, ``bucket``, ``prefix``, ``agent_channel`` and ``language`` (sotto.imports.source).
    ``at_once``: pages of one import that are worked on side by side."""

    sources: Json[list[dict[str, Any]]] = Field(default=[], alias="SOTTO_IMPORT_SOURCES")
    at_once: int = Field(default=10, ge=1, le=1_000, alias="SOTTO_IMPORTS_AT_ONCE")


class MediaGateways(Setting):
    """Id of each gateway by which telephone systems send calls to the cell -> the tenant whose they are."""

    tenants: Json[dict[str, str]] = Field(default={}, alias="SOTTO_MEDIA_GATEWAYS")


class CustomerDomains(Setting):
    """Id of each Connect instance that has one -> its domain of Customer Profiles."""

    names: Json[dict[str, str]] = Field(default={}, alias="SOTTO_CUSTOMER_DOMAINS")


class FactStore(Setting):
    """The bucket of facts."""

    bucket: str = Field(alias="SOTTO_FACTS_BUCKET")


class AlertTopics(Setting):
    """``topic`` holds ``{tenant}`` in place of a name: ARN of the SNS topic of the tenant's alerts. ``manager``: the
    address of the manager's app, for links; None: messages have none."""

    topic: str = Field(alias="SOTTO_ALERT_TOPIC_ARN")
    manager: str | None = Field(default=None, alias="SOTTO_MANAGER_URL")


class FilingAddresses(Setting):
    """Declared addresses of systems of record -> where they are asked instead, in an embedded stack."""

    instead: Json[dict[str, str]] = Field(default={}, alias="SOTTO_FILING_ADDRESSES")


class ConnectionRecords(Setting):
    table: str = Field(alias="SOTTO_CONNECTIONS_TABLE")


class TenantRoles(Setting):
    """``arn`` holds ``{tenant}`` where a tenant's name belongs; None where functions act as themselves."""

    arn: str | None = Field(default=None, alias="SOTTO_TENANT_ROLE_ARN")


class OtherFunctions(Setting):
    """``prefix`` and a function's name make its address."""

    prefix: str = Field(default="", alias="SOTTO_FUNCTION_PREFIX")


class GuideMachineArn(Setting):
    arn: str = Field(alias="SOTTO_GUIDE_UTTERANCE_ARN")


class AfterCallMachineArn(Setting):
    arn: str = Field(alias="SOTTO_AFTER_CALL_ARN")


class ReviewMachineArn(Setting):
    arn: str = Field(alias="SOTTO_REVIEW_ARN")


class WorkflowMachineArn(Setting):
    arn: str = Field(alias="SOTTO_RUN_WORKFLOW_ARN")


class ImportMachineArn(Setting):
    """Empty where the deployment imports nothing."""

    arn: str = Field(default="", alias="SOTTO_IMPORT_CONVERSATIONS_ARN")


class Panels(Setting):
    """Tenant -> the channels to its panels; ``*`` for those that it does not name:
    ``{"*": ["appsync"], "harbour_bank": ["appsync", "websocket"]}``."""

    channels: Json[dict[str, Annotated[tuple[Channel, ...], Field(min_length=1)]]] = Field(
        default={"*": ("appsync",)}, alias="SOTTO_CHANNELS"
    )
    graphql_url: str | None = Field(default=None, alias="SOTTO_GRAPHQL_URL")
    websocket_url: str | None = Field(default=None, alias="SOTTO_WEBSOCKET_URL")
    connections_table: str | None = Field(default=None, alias="SOTTO_CONNECTIONS_TABLE")

    @property
    def names(self) -> tuple[Channel, ...]:
        """The channels that some tenant uses."""
        return tuple(sorted({name for names in self.channels.values() for name in names}))

    @model_validator(mode="after")
    def _each_channel_has_its_address(self) -> Self:
        if "appsync" in self.names and self.graphql_url is None:
            raise ValueError("environment variable SOTTO_GRAPHQL_URL is not set")
        if "websocket" in self.names and None in (self.websocket_url, self.connections_table):
            raise ValueError("environment variables SOTTO_WEBSOCKET_URL and SOTTO_CONNECTIONS_TABLE are not both set")
        return self


class WebSocketPanels(Setting):
    url: str = Field(alias="SOTTO_WEBSOCKET_URL")


class TokenIssuer(Setting):
    """The OpenID Connect provider of those who sign in."""

    issuer: str = Field(alias="SOTTO_OIDC_ISSUER")
    client_id: str | None = Field(default=None, alias="SOTTO_OIDC_CLIENT_ID")


class SignedTenants(Setting):
    """Whom the issuer signs for, by name with commas between. Its tokens open nothing of anybody else."""

    tenants: frozenset[str] = Field(alias="SOTTO_OIDC_TENANTS", min_length=1)

    @field_validator("tenants", mode="before")
    @classmethod
    def _listed(cls, written: Any) -> Any:
        return frozenset(filter(None, written.split(","))) if isinstance(written, str) else written


class Recognition(Setting):
    """``recogniser`` overrides the tenants' order, and ``transcripts`` is a folder of them, for development.
    ``deepgram_secret``: name or ARN of the secret in Secrets Manager that holds Deepgram's API key. ``self_hosted``: a
    SageMaker endpoint's name, or wss://host[:port], whose token is then in ``self_hosted_secret``;
    ``self_hosted_languages``: what its model knows, with commas between."""

    recogniser: str | None = Field(default=None, alias="SOTTO_RECOGNISER")
    transcripts: Path | None = Field(default=None, alias="SOTTO_TRANSCRIPTS")
    deepgram_secret: str | None = Field(default=None, alias="SOTTO_DEEPGRAM_SECRET")
    deepgram_url: str = Field(default=DEEPGRAM_URL, alias="SOTTO_DEEPGRAM_URL")
    transcribe_endpoint: str | None = Field(default=None, alias="AWS_ENDPOINT_URL_TRANSCRIBE_STREAMING")
    transcribe_vocabularies: bool = Field(default=False, alias="SOTTO_TRANSCRIBE_VOCABULARIES")
    self_hosted: str | None = Field(default=None, alias="SOTTO_SELF_HOSTED_RECOGNISER")
    self_hosted_secret: str | None = Field(default=None, alias="SOTTO_SELF_HOSTED_SECRET")
    self_hosted_languages: str = Field(default="en", alias="SOTTO_SELF_HOSTED_LANGUAGES")
    sagemaker_streams: str | None = Field(default=None, alias="AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME_HTTP2")


class TextProviders(Setting):
    """Who writes texts. What these say together is read, and checked, in sotto.generation.settings: whoever writes
    nothing still does the rest of its work."""

    order: str | None = Field(default=None, alias="SOTTO_GENERATION")
    bedrock_model: str | None = Field(default=None, alias="SOTTO_BEDROCK_MODEL")
    bedrock_shape: str | None = Field(default=None, alias="SOTTO_BEDROCK_SHAPE")
    openai_url: str | None = Field(default=None, alias="SOTTO_OPENAI_URL")
    openai_model: str | None = Field(default=None, alias="SOTTO_OPENAI_MODEL")
    openai_secret: str | None = Field(default=None, alias="SOTTO_OPENAI_SECRET")
    prices: str | None = Field(default=None, alias="SOTTO_GENERATION_PRICES")


class Residencies(Setting):
    """Where tenants' data may be processed. ``tenants``: tenant -> a boundary that it may not leave. ``hosts``:
    hosts of others -> the boundary or region that they stay within by contract (sotto.core.residency)."""

    tenants: Json[dict[str, Boundary]] = Field(default={}, alias="SOTTO_RESIDENCY")
    hosts: Json[dict[str, str]] = Field(default={}, alias="SOTTO_HOSTS")


class WorkerLimit(Setting):
    """Hand over this often, for development."""

    worker_limit_s: float | None = Field(default=None, alias="SOTTO_WORKER_LIMIT_S")


class Measurement(Setting):
    """``cell``: the dimension by which cells' metrics are kept apart; see infra/deployment.py. ``metrics_file``: where
    metrics are written instead of standard output, for development."""

    cell: str = Field(default="embedded", alias="SOTTO_CELL")
    metrics_file: Path | None = Field(default=None, alias="SOTTO_METRICS_FILE")


class Logging(Setting):
    level: str | None = Field(default=None, alias="POWERTOOLS_LOG_LEVEL")


class Tracing(Setting):
    """``daemon``: address of X-Ray's; None where nobody traces. ``header``: another one with each invocation."""

    daemon: str | None = Field(default=None, alias="AWS_XRAY_DAEMON_ADDRESS")
    header: str = Field(default="", alias="_X_AMZN_TRACE_ID")
