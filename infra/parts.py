"""The parts of a deployment file, each validated by itself; how they fit together is in infra.deployment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from functions.specs import deployed, of_capability
from infra.generation import Generation
from infra.media_gateway import STREAMS, MediaGateway
from infra.recogniser import RecogniserSettings
from sotto.core.function_spec import FunctionSpec, FunctionStack
from sotto.core.residency import Boundary, admits
from sotto.core.settings import CHANNELS, DEEPGRAM_URL, Capability

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,15}$")]
Account = Annotated[str, StringConstraints(pattern=r"^\d{12}$")]
Https = Annotated[str, StringConstraints(pattern=r"^https://[^\s]+$")]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
InstanceArn = Annotated[
    str, StringConstraints(pattern=r"^arn:aws[a-z-]*:connect:[a-z0-9-]+:\d{12}:instance/[0-9a-f-]{36}$")
]
Package = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*/[a-z0-9][a-z0-9_-]*/[A-Za-z0-9][A-Za-z0-9._-]*$")
]
"""``tenant/model/version``."""
RegionName = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]
HostName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]+$", to_lower=True)]
KinesisArn = Annotated[
    str, StringConstraints(pattern=r"^arn:aws[a-z-]*:kinesis:[a-z0-9-]+:\d{12}:stream/[A-Za-z0-9_.-]{1,128}$")
]
LogDays = Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class SignIn(Part):
    """The OpenID Connect provider whose tokens carry the claims tenant, agent, role and teams. ``token_url``: for a
    tenant's own, where CloudFront serves the panel: what stands in place of ``panel.token_url``."""

    issuer: Https
    client_id: str | None = None
    token_url: Https | None = None


class Tenant(Part):
    """``residency``: no resource for this tenant outside that boundary. ``retention_days``: of objects in its bucket
    prefix; how long records are kept stands in the tenant's own book. ``data_capture``: SageMaker keeps what the
    tenant's models were asked and answered, under the tenant's key; it captures a whole endpoint, so only a dedicated
    tenant can have it. ``channels``: how its panels are reached; several serve several kinds of desktops at once.
    ``sign_in``: a dedicated tenant's own issuer, in place of its region's. ``alert_emails``: who gets its alerts; each
    confirms it once."""

    isolation: Literal["pooled", "dedicated"] = "pooled"
    residency: Boundary | None = None
    retention_days: int = Field(default=90, ge=1, le=3650)
    data_capture: bool = False
    sign_in: SignIn | None = None
    alert_emails: tuple[Email, ...] = ()
    recognisers: tuple[Literal["transcribe", "deepgram", "embedded", "self_hosted"], ...] = Field(
        default=("transcribe",), min_length=1
    )

    channels: tuple[Literal["appsync", "websocket"], ...] = Field(default=("appsync",), min_length=1)

    def may_live_in(self, region: str) -> bool:
        return self.residency is None or admits(self.residency, region, {})


Alias = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,44}$")]


class Instance(Part):
    """A Connect instance. ``alias``: the first part of its address, ``https://<alias>.my.connect.aws``; its media
    streams are named after it, and only pages from there frame the panel. ``media_streams``: ``existing`` when the
    instance already stores media streams (Connect allows one configuration); its prefix and key are then its own.
    ``queue_arn``: where the generated example flow transfers to; without it only the module is made. ``contact_lens``:
    its real-time segments are read as well, of calls that no audio worker transcribes. ``contact_records_stream_arn``,
    ``agent_events_stream_arn``: Kinesis streams to which the instance exports these (Connect allows one of each, so
    they are yours); without them neither is read. ``streams_key_arn``: the KMS key that they are under, if any.
    ``customer_profiles_domain``: of Customer Profiles, where the instance is; without it no number is looked up.
    ``cases_domain``: the id of its domain of Cases; without it no call is filed there.
    ``recordings_bucket``: where the instance puts recordings of calls, under ``recordings_prefix`` (by default as
    Connect names it after the instance) and the KMS key ``recordings_key_arn``, if any; without it none is redacted."""

    arn: InstanceArn
    alias: Alias
    tenant: Slug
    media_streams: Literal["create", "existing"] = "create"
    media_retention_hours: int = Field(default=24, ge=1, le=87_600)
    media_prefix: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,32}$")] = "sotto"
    media_key_arn: str | None = None
    queue_arn: str | None = None
    contact_lens: bool = False
    contact_records_stream_arn: KinesisArn | None = None
    agent_events_stream_arn: KinesisArn | None = None
    streams_key_arn: str | None = None
    customer_profiles_domain: Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9_-]{1,64}$")] | None = None
    cases_domain: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")] | None = (
        None
    )
    recordings_bucket: Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]{3,63}$")] | None = None
    recordings_prefix: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9/._-]+/$")] | None = None
    recordings_key_arn: Annotated[str, StringConstraints(pattern=r"^arn:aws[a-z-]*:kms:[^\s]+$")] | None = None

    @property
    def id(self) -> str:
        return self.arn.rpartition("/")[2]

    @property
    def streams_begin(self) -> str:
        """Connect names them ``<prefix>-connect-<instance alias>-contact-<contact id>``."""
        return f"{self.media_prefix}-connect-{self.alias}-contact-"

    @property
    def recordings_are_under(self) -> str:
        return self.recordings_prefix or f"connect/{self.alias}/CallRecordings/"

    @property
    def exports(self) -> Mapping[str, str]:
        """By Connect's word for what is exported, the stream."""
        found = {"CONTACT_TRACE_RECORDS": self.contact_records_stream_arn, "AGENT_EVENTS": self.agent_events_stream_arn}
        return {what: arn for what, arn in found.items() if arn is not None}

    @model_validator(mode="after")
    def _streams_are_where_it_is(self) -> Instance:
        """Lambda reads streams of its own region; one of another account would need a policy there."""
        place = self.arn.split(":")[3:5]
        if any(arn.split(":")[3:5] != place for arn in self.exports.values()):
            raise ValueError(
                "contact_records_stream_arn, agent_events_stream_arn: are in the instance's region and account"
            )
        if self.streams_key_arn and not self.exports:
            raise ValueError("streams_key_arn: is the key of the streams, and neither is named")
        return self

    @model_validator(mode="after")
    def _recordings_have_a_bucket(self) -> Instance:
        if (self.recordings_prefix or self.recordings_key_arn) and not self.recordings_bucket:
            raise ValueError("recordings_bucket: name it, or recordings_prefix and recordings_key_arn say nothing")
        return self

    @model_validator(mode="after")
    def _key_belongs_to_existing(self) -> Instance:
        if self.media_key_arn and self.media_streams == "create":
            raise ValueError("media_key_arn is for media_streams: existing; otherwise the tenant's own key is used")
        return self


class VoiceConnector(Part):
    """An Amazon Chime SDK Voice Connector to which session border controllers send a tenant's calls by SIPREC, and
    which streams them to Kinesis Video Streams; both are set up outside (docs/siprec.md)."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,64}$")]
    tenant: Slug

    @property
    def streams_begin(self) -> str:
        """The Voice Connector names them ``ChimeVoiceConnector-<its id>-<a UUID>``."""
        return f"ChimeVoiceConnector-{self.id}-"


class ImportSource(Part):
    """Part of a bucket of the customer's, from which conversations of the past are imported: what is put below
    ``prefix`` begins an import. The bucket sends its events to EventBridge (docs/imports.md). ``agent_channel``: 0 or
    1, of recordings with two. ``key_arn``: of the KMS key that its objects are under, where that is the customer's."""

    tenant: Slug
    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]
    bucket: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
    prefix: Annotated[str, StringConstraints(pattern=r"^([^/*?]+/)+$")]
    agent_channel: Literal[0, 1] = 1
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")] | None = None
    key_arn: Annotated[str, StringConstraints(pattern=r"^arn:aws:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+$")] | None = (
        None
    )


class PanelHosting(Part):
    """``url``: where you serve the built panel from. Without it, CloudFront does, and ``token_url`` is the one host
    beside the API that it connects to: it answers with the token of whoever is signed in."""

    url: Https | None = None
    token_url: Https | None = None

    @model_validator(mode="after")
    def _is_served(self) -> PanelHosting:
        if self.url is None and self.token_url is None:
            raise ValueError("write url, where you serve the panel, or token_url, to have CloudFront serve it")
        return self


class ShardSettings(Part):
    """SageMaker instances that run a shard, and how they host it.

    ``multi_model``: SageMaker loads packages; with a container of one's own on CPU only, and without streaming.
    ``single_endpoint``: the container fetches adapters itself; the way to thousands of them on one base.
    ``inference_components``: each adapter is a component on a base component; ``adapters`` lists those to deploy;
    others are added when they are published. ``base_model``: folder of the decoder's weights in S3. ``image``: instead
    of the one built here, which has torch for CPU. ``text_engine``: what a decoder writes with; vllm needs an ``image``
    that has it.
    """

    hosting: Literal["multi_model", "single_endpoint", "inference_components"] = "multi_model"
    engine: Literal["encoder", "decoder"] = "encoder"
    text_engine: Literal["own", "vllm"] = "own"
    instance_type: Annotated[str, StringConstraints(pattern=r"^ml\.[a-z0-9]+\.[a-z0-9]+$")] = "ml.c6i.2xlarge"
    fewest: int = Field(default=2, ge=1, le=100)
    most: int = Field(default=8, ge=1, le=500)
    invocations_per_minute: int = Field(default=2_000, ge=60)
    concurrent_requests: int = Field(default=8, ge=1, le=512)
    encoder_threads: int = Field(default=2, ge=1, le=64)
    model_memory_mb: int = Field(default=8_192, ge=512)
    startup_s: int = Field(default=300, ge=60, le=3_600)
    base_model: Annotated[str, StringConstraints(pattern=r"^s3://[a-z0-9.-]{3,63}/[A-Za-z0-9/._-]+/$")] | None = None
    image: Annotated[str, StringConstraints(pattern=r"^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com/.+$")] | None = None
    adapters: tuple[Package, ...] = ()

    @property
    def has_gpu(self) -> bool:
        return self.instance_type.startswith(("ml.g", "ml.p"))

    @property
    def writes(self) -> bool:
        return self.engine == "decoder"

    @model_validator(mode="after")
    def _most_holds_fewest(self) -> ShardSettings:
        if self.most < self.fewest:
            raise ValueError(f"most ({self.most}) is less than fewest ({self.fewest})")
        return self

    @model_validator(mode="after")
    def _is_offered(self) -> ShardSettings:
        if self.hosting == "multi_model" and self.has_gpu:
            raise ValueError("multi_model with our container runs on CPU only; use single_endpoint on a GPU")
        if self.hosting == "multi_model" and self.writes:
            raise ValueError("multi_model endpoints cannot stream what a decoder writes; use single_endpoint")
        if self.writes != (self.base_model is not None):
            raise ValueError("base_model and engine: decoder belong together")
        if self.has_gpu and self.image is None:
            raise ValueError("image: the one built here has torch for CPU; name one built with torch for CUDA")
        if self.text_engine == "vllm" and not (self.writes and self.image):
            raise ValueError("text_engine: vllm is for engine: decoder, with an image that has vLLM (docs/deploy.md)")
        if self.adapters and self.hosting != "inference_components":
            raise ValueError("adapters are listed for inference_components only; other endpoints find them in S3")
        return self


class Region(Part):
    """``calls``: how many at once to be ready for; concurrency, quotas and alarms are sized by it. ``tenant_sessions``:
    the functions' own role reads no tenant's records; they act as the tenant's role. ``shard`` classifies, ``writer``
    (a decoder) writes; ``recogniser``: of one's own, for tenants that name ``self_hosted``. ``generation``: who writes
    texts; without it nobody does. ``replicas``: other regions that hold copies of tables, books and models; no copy
    leaves the residency of any tenant here. ``release``: how new versions of functions are put in place of the old;
    ``canary`` takes five minutes longer and takes a bad one back by itself.
    ``hosts``: services of others that the region uses -> the boundary or region that they stay within by contract, for
    tenants with a residency. ``rest_api``: other systems are served, too (docs/api.md). ``deepgram_url``: Deepgram's
    endpoint; without it the global one. ``voice_connectors``: calls of other telephone systems are guided, too,
    which a recorder sends; ``media_gateway``: which they send by WebSocket.
    ``imports``: where customers keep conversations of the past, of which ``imports_at_once`` pages are worked on.
    """

    calls: int = Field(ge=1, le=100_000)
    instances: tuple[Instance, ...] = Field(min_length=1)
    voice_connectors: tuple[VoiceConnector, ...] = ()
    imports: tuple[ImportSource, ...] = ()
    imports_at_once: int = Field(default=10, ge=1, le=1_000)
    media_gateway: MediaGateway | None = None
    sign_in: SignIn
    panel: PanelHosting
    shard: ShardSettings = ShardSettings()
    writer: ShardSettings | None = None
    recogniser: RecogniserSettings | None = None
    generation: Generation | None = None
    replicas: tuple[RegionName, ...] = ()
    log_days: LogDays = 30
    deepgram_secret_arn: str | None = None
    deepgram_url: Annotated[str, StringConstraints(pattern=r"^wss://[^\s]+$")] = DEEPGRAM_URL
    hosts: Mapping[HostName, Boundary | RegionName] = {}
    reserve_concurrency: bool = True
    tenant_sessions: bool = True
    rest_api: bool = False
    release: Literal["canary", "at_once"] = "canary"

    def places_of_writers(self, region: str) -> list[tuple[str, str]]:
        """Provider of texts, and a place where it may be asked: of Bedrock every region that the policies allow."""
        return self.generation.places_in(region) if self.generation is not None else []


class Cell(Part):
    """What shares tables, functions and a shard in one region: the pooled tenants, or one dedicated tenant."""

    deployment: str
    account: str
    region: str
    tenants: Mapping[str, Tenant]
    instances: tuple[Instance, ...]
    dedicated_to: str | None = None
    rest_api: bool = False
    voice_connectors: tuple[VoiceConnector, ...] = ()
    imports: tuple[ImportSource, ...] = ()
    media_gateway: MediaGateway | None = None

    @property
    def prefix(self) -> str:
        """Begins the names of functions, state machines and endpoints."""
        return f"{self.deployment}-" if self.dedicated_to is None else f"{self.deployment}-{self.dedicated_to}-"

    @property
    def title(self) -> str:
        """In the names of stacks, which may hold no underscores."""
        return "shared" if self.dedicated_to is None else self.dedicated_to.replace("_", "-")

    @property
    def bucket_name(self) -> str:
        """Names of buckets are shared by everyone on AWS and may hold no underscores."""
        return f"{self.deployment}-{self.title}-{self.account}-{self.region}"

    def bucket_of(self, what: str, region: str | None = None) -> str:
        """``what``: ``audio`` or, in another region, ``replica``."""
        return f"{self.deployment}-{self.title}-{what}-{self.account}-{region or self.region}"

    @property
    def replica_key_alias(self) -> str:
        """Of the key in another region that copies of this cell's records are under."""
        return f"alias/{self.prefix}replica-of-{self.region}"

    @property
    def captures_for(self) -> str | None:
        tenant = self.dedicated_to
        return tenant if tenant is not None and self.tenants[tenant].data_capture else None

    def tenant_key_alias(self, tenant: str) -> str:
        """Of the KMS key under which the tenant's audio and the data keys of its contacts are."""
        return f"alias/{self.prefix}tenant-{tenant}"

    @property
    def certificate_key_alias(self) -> str:
        return f"alias/{self.prefix}certificates"

    @property
    def gateway_streams_begin(self) -> str:
        return f"{self.prefix}{STREAMS}"

    def gateway_streams_arn(self, tenant: str) -> str:
        """Of the streams that the media gateway makes for the tenant's calls: no tenant's name has a dot in it."""
        streams = f"arn:aws:kinesisvideo:{self.region}:{self.account}:stream"
        return f"{streams}/{self.gateway_streams_begin}{tenant}.*/*"

    def tenant_role_arn(self, tenant: str) -> str:
        return f"arn:aws:iam::{self.account}:role/{self.prefix}tenant-{tenant}-{self.region}"

    @property
    def acting_path(self) -> str:
        """Of the roles of functions that act as the cell's tenants, and of no others."""
        return f"/{self.prefix}{self.region}/acting-as-tenants/"

    def sign_in(self, region: Region) -> SignIn:
        """The one issuer of its agents' tokens. It signs for the cell's tenants, and for nobody else here."""
        own = self.tenants[self.dedicated_to].sign_in if self.dedicated_to is not None else None
        return own or region.sign_in

    @property
    def functions(self) -> tuple[FunctionSpec, ...]:
        return deployed(*(channel for channel in CHANNELS if self.has_channel(channel))).functions

    def functions_in(self, stack: FunctionStack) -> tuple[FunctionSpec, ...]:
        return tuple(each for each in (*self.functions, *self.optional_functions) if each.stack == stack)

    @property
    def optional_functions(self) -> tuple[FunctionSpec, ...]:
        """Those of what the deployment asks for."""
        asked: dict[Capability, bool] = {
            "rest_api": self.rest_api,
            "siprec": bool(self.voice_connectors),
            "imports": bool(self.imports),
            "media_gateway": self.media_gateway is not None,
        }
        return tuple(each for name, is_there in asked.items() if is_there for each in of_capability(name).functions)

    @property
    def panel_channel(self) -> str | None:
        """By which a panel that all the cell's tenants load is reached: what each of them names first, else what each
        of them names; None when they have none in common."""
        chosen = [tenant.channels for tenant in self.tenants.values()]
        if len({each[0] for each in chosen}) == 1:
            return chosen[0][0]
        return next((each for each in ("appsync", "websocket") if all(each in names for names in chosen)), None)

    def has_channel(self, channel: str) -> bool:
        return any(channel in tenant.channels for tenant in self.tenants.values())

    def recognises_with(self, recogniser: str) -> bool:
        return any(recogniser in tenant.recognisers for tenant in self.tenants.values())
