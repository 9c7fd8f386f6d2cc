"""What one customer deploys: read once from a file, validated, then only read. Nothing here knows of the CDK.

A deployment has regions that do not depend on each other. In each region, tenants share one **cell** (functions,
tables, bucket, key, API, shard), except those whose isolation is ``dedicated``: each of them has a cell of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from infra.generation import Generation

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,15}$")]
Account = Annotated[str, StringConstraints(pattern=r"^\d{12}$")]
Https = Annotated[str, StringConstraints(pattern=r"^https://[^\s]+$")]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
InstanceArn = Annotated[
    str, StringConstraints(pattern=r"^arn:aws[a-z-]*:connect:[a-z0-9-]+:\d{12}:instance/[0-9a-f-]{36}$")
]
LogDays = Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365]

BOUNDARIES: Mapping[str, tuple[str, ...]] = {
    "us": ("us-east-", "us-west-"),
    "eu": ("eu-",),
    "uk": ("eu-west-2",),
    "ca": ("ca-",),
    "apac": ("ap-",),
}
"""Residency boundary -> how the names of its regions begin. ``eu`` is Europe as AWS names regions; see ``uk``."""

RESERVED = frozenset({"shared", "instance", "tenant"})
LONGEST_ROLE_NAME = 64
LONGEST_CELL_NAME = 34
"""Of a deployment and a tenant together: a bucket's name adds account and region and has at most 63 characters."""


class DeploymentMistaken(Exception):
    """The deployment file cannot be used. The message lists every mistake with its place and what to write."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Tenant(_Part):
    """``residency``: no resource for this tenant outside that boundary. ``retention_days``: of objects in its bucket
    prefix; how long records are kept stands in the tenant's own book. ``channels``: how its panels are told; several
    serve several kinds of desktops at once."""

    isolation: Literal["pooled", "dedicated"] = "pooled"
    residency: Literal["us", "eu", "uk", "ca", "apac"] | None = None
    retention_days: int = Field(default=90, ge=1, le=3650)
    recognisers: tuple[Literal["transcribe", "deepgram", "embedded"], ...] = Field(
        default=("transcribe",), min_length=1
    )
    channels: tuple[Literal["appsync", "websocket"], ...] = Field(default=("appsync",), min_length=1)

    def may_live_in(self, region: str) -> bool:
        return self.residency is None or region.startswith(BOUNDARIES[self.residency])


class Instance(_Part):
    """A Connect instance. ``media_streams``: ``existing`` when the instance already stores media streams (Connect
    allows one configuration); its prefix and key are then its own. ``queue_arn``: where the generated example flow
    transfers to; without it only the module is made. ``contact_lens``: its real-time segments are heard as well, of
    calls that no audio worker hears."""

    arn: InstanceArn
    tenant: Slug
    media_streams: Literal["create", "existing"] = "create"
    media_retention_hours: int = Field(default=24, ge=1, le=87_600)
    media_prefix: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,32}$")] = "sotto"
    media_key_arn: str | None = None
    queue_arn: str | None = None
    contact_lens: bool = False

    @property
    def id(self) -> str:
        return self.arn.rpartition("/")[2]

    @model_validator(mode="after")
    def _key_belongs_to_existing(self) -> Instance:
        if self.media_key_arn and self.media_streams == "create":
            raise ValueError("media_key_arn is for media_streams: existing; otherwise the tenant's own key is used")
        return self


class SignIn(_Part):
    """The OpenID Connect provider whose tokens carry the claims tenant, agent, role and teams."""

    issuer: Https
    client_id: str | None = None


class Panel(_Part):
    """Where the built panel is served from."""

    url: Https


class Shard(_Part):
    """SageMaker instances of the models' endpoint. Multi-model endpoints with own containers are CPU only."""

    hosting: Literal["multi_model"] = "multi_model"
    instance_type: Annotated[str, StringConstraints(pattern=r"^ml\.[a-z0-9]+\.[a-z0-9]+$")] = "ml.c6i.2xlarge"
    fewest: int = Field(default=2, ge=1, le=100)
    most: int = Field(default=8, ge=1, le=500)
    invocations_per_minute: int = Field(default=3_000, ge=60)
    encoder_threads: int = Field(default=2, ge=1, le=64)
    model_memory_mb: int = Field(default=8_192, ge=512)

    @model_validator(mode="after")
    def _most_holds_fewest(self) -> Shard:
        if self.most < self.fewest:
            raise ValueError(f"most ({self.most}) is less than fewest ({self.fewest})")
        return self


class Region(_Part):
    """``calls``: how many at once to be ready for; concurrency, quotas and alarms are sized by it. ``tenant_sessions``:
    the functions' own role reads no tenant's records; they act as the tenant's role. ``generation``: who writes texts;
    without it nobody does."""

    calls: int = Field(ge=1, le=100_000)
    instances: tuple[Instance, ...] = Field(min_length=1)
    sign_in: SignIn
    panel: Panel
    shard: Shard = Shard()
    generation: Generation | None = None
    log_days: LogDays = 30
    deepgram_secret_arn: str | None = None
    reserve_concurrency: bool = True
    tenant_sessions: bool = True


class Cell(_Part):
    """What shares tables, functions and a shard in one region: the pooled tenants, or one dedicated tenant."""

    deployment: str
    account: str
    region: str
    tenants: Mapping[str, Tenant]
    instances: tuple[Instance, ...]
    dedicated_to: str | None = None

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

    def tenant_role_arn(self, tenant: str) -> str:
        return f"arn:aws:iam::{self.account}:role/{self.prefix}tenant-{tenant}-{self.region}"

    def tells_by(self, channel: str) -> bool:
        return any(channel in tenant.channels for tenant in self.tenants.values())

    def recognises_with(self, recogniser: str) -> bool:
        return any(recogniser in tenant.recognisers for tenant in self.tenants.values())


class Deployment(_Part):
    name: Name = "sotto"
    account: Account
    alarm_emails: tuple[Email, ...] = ()
    regions: Mapping[str, Region] = Field(min_length=1)
    tenants: Mapping[Slug, Tenant] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits_together(self) -> Deployment:
        mistakes = [
            *_foreign_instances(self),
            *_unclear_tenants(self),
            *_missing_secrets(self),
            *_long_role_names(self),
        ]
        if mistakes:
            raise ValueError("; ".join(mistakes))
        return self

    def cells(self, region: str) -> tuple[Cell, ...]:
        """The pooled cell first, if anyone is in it; only tenants with an instance in the region."""
        instances = self.regions[region].instances
        here = {name: self.tenants[name] for name in sorted({each.tenant for each in instances})}
        pooled = {name: tenant for name, tenant in here.items() if tenant.isolation == "pooled"}
        groups: list[tuple[str | None, Mapping[str, Tenant]]] = [(None, pooled)] if pooled else []
        groups += [(name, {name: tenant}) for name, tenant in here.items() if tenant.isolation == "dedicated"]
        return tuple(
            Cell(
                deployment=self.name,
                account=self.account,
                region=region,
                tenants=tenants,
                instances=tuple(each for each in instances if each.tenant in tenants),
                dedicated_to=dedicated_to,
            )
            for dedicated_to, tenants in groups
        )


def deployment_from(path: Path) -> Deployment:
    """Raises DeploymentMistaken."""
    try:
        written = YAML(typ="safe").load(path.read_text())
    except OSError as error:
        raise DeploymentMistaken(
            f"{path}: {error.strerror}; copy deployment.example.yaml and name it with --context deployment=FILE"
        ) from None
    except YAMLError as error:
        raise DeploymentMistaken(f"{path}: not YAML: {error}") from None
    return deployment_of(written, str(path))


def deployment_of(written: Any, source: str) -> Deployment:
    """Raises DeploymentMistaken."""
    if not isinstance(written, Mapping):
        raise DeploymentMistaken(f"{source}: must be a map; see deployment.example.yaml")
    try:
        return Deployment.model_validate(written)
    except ValidationError as error:
        lines = [f"{source}: {_place(each['loc'])}{_said(each, written)}" for each in error.errors()]
        raise DeploymentMistaken("\n".join(lines)) from None


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(map(str, location)) + ": " if location else ""


def _said(error: Any, written: Any) -> str:
    if error["type"] == "extra_forbidden":
        known = ", ".join(_known_keys(error["loc"][:-1]))
        return f"unknown key; known here are: {known}"
    return str(error["msg"]).removeprefix("Value error, ")


def _known_keys(parent: tuple[int | str, ...]) -> list[str]:
    """The keys of the part at a place; places alternate between names of fields and names or numbers of entries."""
    part: type[BaseModel] = Deployment
    parts: Mapping[str, type[BaseModel]] = {
        "regions": Region, "tenants": Tenant, "instances": Instance, "sign_in": SignIn, "panel": Panel, "shard": Shard,
        "generation": Generation,
    }  # fmt: skip
    for step in parent:
        if step in part.model_fields and step in parts:
            part = parts[str(step)]
    return sorted(part.model_fields)


def _foreign_instances(deployment: Deployment) -> Iterator[str]:
    seen: set[str] = set()
    for region, settings in deployment.regions.items():
        for at, instance in enumerate(settings.instances):
            place = f"regions.{region}.instances.{at}"
            _, _, _, arn_region, account, _ = instance.arn.split(":", 5)
            if arn_region != region:
                yield f"{place}.arn: the instance is in {arn_region}; list it under that region"
            if account != deployment.account:
                yield f"{place}.arn: the instance is in account {account}, the deployment in {deployment.account}"
            if instance.id in seen:
                yield f"{place}.arn: listed twice"
            seen.add(instance.id)
            tenant = deployment.tenants.get(instance.tenant)
            if tenant is None:
                yield f"{place}.tenant: '{instance.tenant}' is not under tenants"
            elif not tenant.may_live_in(region):
                yield f"{place}.tenant: '{instance.tenant}' may not leave {tenant.residency}; {region} is outside it"


def _unclear_tenants(deployment: Deployment) -> Iterator[str]:
    for name in sorted(RESERVED & set(deployment.tenants)):
        yield f"tenants.{name}: keys of records begin with this word; choose another name"
    titles: dict[str, str] = {"shared": "shared"}
    for name, tenant in deployment.tenants.items():
        other = titles.setdefault(name.replace("_", "-"), name)
        if other != name and tenant.isolation == "dedicated":
            yield f"tenants.{name}: its stacks would have the same names as those of '{other}'; rename one"
        most = LONGEST_CELL_NAME - len(deployment.name)
        if tenant.isolation == "dedicated" and len(name) > most:
            yield f"tenants.{name}: too long to name a bucket after; a dedicated tenant has at most {most} characters"


def _long_role_names(deployment: Deployment) -> Iterator[str]:
    for region, settings in deployment.regions.items():
        if not settings.tenant_sessions or any(each.tenant not in deployment.tenants for each in settings.instances):
            continue
        for cell in deployment.cells(region):
            for tenant in cell.tenants:
                name = cell.tenant_role_arn(tenant).rpartition("/")[2]
                if len(name) > LONGEST_ROLE_NAME:
                    yield f"tenants.{tenant}: its role would be {name}, longer than {LONGEST_ROLE_NAME} characters"


def _missing_secrets(deployment: Deployment) -> Iterator[str]:
    for region, settings in deployment.regions.items():
        tenants = {each.tenant: deployment.tenants.get(each.tenant) for each in settings.instances}
        users = sorted(name for name, tenant in tenants.items() if tenant and "deepgram" in tenant.recognisers)
        if users and not settings.deepgram_secret_arn:
            yield f"regions.{region}.deepgram_secret_arn: needed, because of {', '.join(users)}"
