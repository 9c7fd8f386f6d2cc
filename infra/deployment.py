"""What one customer deploys: read once from a file, validated, then only read. Nothing here knows of the CDK.

A deployment has regions that do not depend on each other. In each region, tenants share one **cell** (functions,
tables, bucket, key, API, shard), except those whose isolation is ``dedicated``: each of them has a cell of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from infra import parts
from infra.generation import Generation
from infra.media_gateway import GatewayEntry, MediaGateway
from infra.parts import Account, Cell, Email, Instance, Name, Part, Region, ShardSettings, SignIn, Slug, Tenant
from infra.recogniser import RecogniserSettings
from sotto.core.residency import refusal

__all__ = ["Cell", "Deployment", "DeploymentMistaken", "Instance", "Region", "ShardSettings"]

RESERVED = frozenset({"shared", "instance", "tenant"})
LONGEST_ROLE_NAME = 64
LONGEST_CELL_NAME = 23
"""Of a deployment and a tenant together: a bucket's name adds its kind, account and region: 63 in all."""


class DeploymentMistaken(Exception):
    """The deployment file cannot be used. The message lists every mistake with its place and what to write."""


class Deployment(Part):
    name: Name = "sotto"
    account: Account
    alarm_emails: tuple[Email, ...] = ()
    regions: Mapping[str, Region] = Field(min_length=1)
    tenants: Mapping[Slug, Tenant] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits_together(self) -> Deployment:
        mistakes = [
            *_foreign_instances(self),
            *_streams_of_others(self),
            *_misplaced_connectors(self),
            *_misplaced_imports(self),
            *_misplaced_gateways(self),
            *_unclear_tenants(self),
            *_missing_secrets(self),
            *_missing_recognisers(self),
            *_long_role_names(self),
            *_replicas_outside(self),
            *_providers_outside(self),
            *_captures_of_others(self),
            *_issuers_of_others(self),
            *_misplaced_shards(self),
            *_panels_everywhere(self),
            *_panels_of_no_channel(self),
        ]
        if mistakes:
            raise ValueError("; ".join(mistakes))
        return self

    def channels(self, region: str) -> frozenset[str]:
        """By which panels of any tenant in the region are published to."""
        return frozenset(
            channel for cell in self.cells(region) for tenant in cell.tenants.values() for channel in tenant.channels
        )

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
                rest_api=self.regions[region].rest_api,
                voice_connectors=tuple(
                    each for each in self.regions[region].voice_connectors if each.tenant in tenants
                ),
                imports=tuple(each for each in self.regions[region].imports if each.tenant in tenants),
                media_gateway=_gateway_of(self.regions[region].media_gateway, tenants),
            )
            for dedicated_to, tenants in groups
        )


def deployment_from(path: Path) -> Deployment:
    """Raises DeploymentMistaken."""
    try:
        written = YAML(typ="safe").load(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise DeploymentMistaken(
            f"{path}: {error.strerror}; copy deployment.example.yaml and name it with --context deployment=FILE"
        ) from None
    except (YAMLError, ValueError, RecursionError) as error:  # not UTF-8; a date that is none; too deep
        raise DeploymentMistaken(f"{path}: not YAML: {error}") from None
    return deployment_of(written, str(path))


def deployment_of(written: Any, source: str) -> Deployment:
    """Raises DeploymentMistaken."""
    if not isinstance(written, Mapping):
        raise DeploymentMistaken(f"{source}: must be a map; see deployment.example.yaml")
    try:
        return Deployment.model_validate(written)
    except ValidationError as error:
        lines = [f"{source}: {_place(each['loc'])}{_reason(each, written)}" for each in error.errors()]
        raise DeploymentMistaken("\n".join(lines)) from None


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(map(str, location)) + ": " if location else ""


def _reason(error: Any, written: Any) -> str:
    if error["type"] == "extra_forbidden":
        known = ", ".join(_known_keys(error["loc"][:-1]))
        return f"unknown key; known here are: {known}"
    return str(error["msg"]).removeprefix("Value error, ")


def _known_keys(parent: tuple[int | str, ...]) -> list[str]:
    """The keys of the part at a place; places alternate between names of fields and names or numbers of entries."""
    part: type[BaseModel] = Deployment
    by_field: Mapping[str, type[BaseModel]] = {
        "regions": Region, "tenants": Tenant, "instances": Instance, "voice_connectors": parts.VoiceConnector,
         "imports": parts.ImportSource,
         "media_gateway": MediaGateway, "entries": GatewayEntry, "sign_in": SignIn, "panel": parts.PanelHosting,
        "shard": ShardSettings, "writer": ShardSettings, "generation": Generation, "recogniser": RecogniserSettings,
    }  # fmt: skip
    for step in parent:
        if step in part.model_fields and step in by_field:
            part = by_field[str(step)]
    return sorted(part.model_fields)


def _foreign_instances(deployment: Deployment) -> Iterator[str]:
    seen: set[str] = set()
    aliases: set[str] = set()
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
            if instance.alias.lower() in aliases:
                yield f"{place}.alias: '{instance.alias}' is another instance's; each has an address of its own"
            aliases.add(instance.alias.lower())
            tenant = deployment.tenants.get(instance.tenant)
            if tenant is None:
                yield f"{place}.tenant: '{instance.tenant}' is not under tenants"
            elif not tenant.may_live_in(region):
                yield f"{place}.tenant: '{instance.tenant}' may not leave {tenant.residency}; {region} is outside it"


def _streams_of_others(deployment: Deployment) -> Iterator[str]:
    """Of an instance called ``a-contact-b`` the streams are named as if they were contacts of ``a``."""
    for region, settings in deployment.regions.items():
        for at, instance in enumerate(settings.instances):
            for other in settings.instances:
                if other.tenant != instance.tenant and instance.streams_begin.startswith(other.streams_begin):
                    yield (
                        f"regions.{region}.instances.{at}.media_prefix: its streams would be named as those of "
                        f"'{other.tenant}', whose role could read them; choose another prefix"
                    )


def _misplaced_connectors(deployment: Deployment) -> Iterator[str]:
    """A Voice Connector is one tenant's, and that tenant has its agents at an instance of the same region."""
    owners: dict[str, str] = {}
    for region, settings in deployment.regions.items():
        here = {each.tenant for each in settings.instances}
        for at, connector in enumerate(settings.voice_connectors):
            place = f"regions.{region}.voice_connectors.{at}"
            if connector.tenant not in here:
                yield f"{place}.tenant: '{connector.tenant}' has no instance in {region}; list it where its agents are"
            if connector.id in owners:
                yield f"{place}.id: listed twice; a Voice Connector is one tenant's"
            owners[connector.id] = connector.tenant


def _misplaced_imports(deployment: Deployment) -> Iterator[str]:
    """A prefix is one tenant's: its role reads all that is below."""
    for region, settings in deployment.regions.items():
        here = {each.tenant for each in settings.instances}
        for at, source in enumerate(settings.imports):
            place = f"regions.{region}.imports.{at}"
            if source.tenant not in here:
                yield f"{place}.tenant: '{source.tenant}' has no instance in {region}; list it where its agents are"
            for other in settings.imports[:at]:
                if (other.tenant, other.name) == (source.tenant, source.name):
                    yield f"{place}.name: the tenant has another source of this name; choose another"
                within = source.prefix.startswith(other.prefix) or other.prefix.startswith(source.prefix)
                if other.bucket == source.bucket and within:
                    yield f"{place}.prefix: lies within that of another source; give each a prefix of its own"


def _gateway_of(gateway: MediaGateway | None, tenants: Mapping[str, Tenant]) -> MediaGateway | None:
    """What of it is a cell's."""
    own = tuple(each for each in gateway.entries if each.tenant in tenants) if gateway is not None else ()
    return gateway.model_copy(update={"entries": own}) if gateway is not None and own else None


def _misplaced_gateways(deployment: Deployment) -> Iterator[str]:
    """A gateway's host is one cell's: its tenants share it, or one of them has it alone."""
    for region, settings in deployment.regions.items():
        gateway, here = settings.media_gateway, {each.tenant for each in settings.instances}
        if gateway is None:
            continue
        place = f"regions.{region}.media_gateway"
        if f":acm:{region}:{deployment.account}:" not in gateway.certificate_arn:
            yield f"{place}.certificate_arn: a certificate of this account in {region}"
        if gateway.most < gateway.fewest:
            yield f"{place}.most: {gateway.most} is less than fewest ({gateway.fewest})"
        cells, addresses = set(), set()
        for at, entry in enumerate(gateway.entries):
            tenant = deployment.tenants.get(entry.tenant)
            if entry.tenant not in here or tenant is None:
                yield f"{place}.entries.{at}.tenant: '{entry.tenant}' has no instance in {region}, where its agents are"
                continue
            cells.add(entry.tenant if tenant.isolation == "dedicated" else "shared")
            if entry.id in addresses:
                yield f"{place}.entries.{at}.id: listed twice; each has an address of its own"
            addresses.add(entry.id)
            if f":secretsmanager:{region}:{deployment.account}:" not in entry.secret_arn:
                yield f"{place}.entries.{at}.secret_arn: a secret of this account in {region}"
        if len(cells) > 1:
            yield f"{place}.entries: tenants that share a cell, or one dedicated tenant: a host is one gateway's"


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


def _missing_recognisers(deployment: Deployment) -> Iterator[str]:
    for region, settings in deployment.regions.items():
        tenants = {each.tenant: deployment.tenants.get(each.tenant) for each in settings.instances}
        users = sorted(name for name, tenant in tenants.items() if tenant and "self_hosted" in tenant.recognisers)
        if users and settings.recogniser is None:
            yield f"regions.{region}.recogniser: needed, because of {', '.join(users)}; {{}} takes the defaults"
        if (own := settings.recogniser) is not None and own.image and f".ecr.{region}." not in own.image:
            yield f"regions.{region}.recogniser.image: SageMaker takes images of its own region; copy it to {region}"


def _replicas_outside(deployment: Deployment) -> Iterator[str]:
    for region, settings in deployment.regions.items():
        tenants = {each.tenant: deployment.tenants.get(each.tenant) for each in settings.instances}
        for at, replica in enumerate(settings.replicas):
            place = f"regions.{region}.replicas.{at}"
            if replica in deployment.regions:
                yield f"{place}: {replica} has tables of these names itself; take one that is not under regions"
            if settings.replicas.index(replica) != at:
                yield f"{place}: {replica} is listed twice"
            for name, tenant in sorted(tenants.items()):
                if tenant is not None and not tenant.may_live_in(replica):
                    yield (
                        f"{place}: '{name}' may not leave {tenant.residency}; {replica} is outside it. Take the "
                        "replica out, or give the tenant a region without replicas"
                    )


def _providers_outside(deployment: Deployment) -> Iterator[str]:
    """Recognisers and writers of a region whose requests could leave the residency of a tenant in it."""
    for region, settings in deployment.regions.items():
        for name in sorted({each.tenant for each in settings.instances}):
            tenant = deployment.tenants.get(name)
            if tenant is None or tenant.residency is None:
                continue
            asked = [("deepgram_url", "deepgram", settings.deepgram_url)] if "deepgram" in tenant.recognisers else []
            if settings.recogniser is not None and settings.recogniser.url and "self_hosted" in tenant.recognisers:
                asked.append(("recogniser.url", "self_hosted", settings.recogniser.url))
            asked += [("generation", *each) for each in settings.places_of_writers(region)]
            for field, provider, place in asked:
                reason = refusal(tenant.residency, provider, place, settings.hosts)
                if reason is not None:
                    yield f"regions.{region}.{field}: not for '{name}': {reason}{_way_out(place)}"


def _way_out(place: str) -> str:
    return "; name the boundary that the host stays within under hosts" if "://" in place else ""


def _captures_of_others(deployment: Deployment) -> Iterator[str]:
    for name, tenant in deployment.tenants.items():
        if tenant.data_capture and tenant.isolation == "pooled":
            yield (
                f"tenants.{name}.data_capture: an endpoint captures what all its tenants are asked; "
                "write isolation: dedicated"
            )


def _issuers_of_others(deployment: Deployment) -> Iterator[str]:
    for region, settings in deployment.regions.items():
        if settings.sign_in.token_url is not None:
            yield f"regions.{region}.sign_in.token_url: is for a tenant's own sign_in; write panel.token_url"
    for name, tenant in deployment.tenants.items():
        if tenant.sign_in is not None and tenant.isolation == "pooled":
            yield (
                f"tenants.{name}.sign_in: pooled tenants share an API and its issuer, which signs the claim 'tenant'; "
                "write isolation: dedicated"
            )
        if tenant.sign_in is None or tenant.isolation == "pooled" or tenant.sign_in.token_url is not None:
            continue
        for region, settings in deployment.regions.items():
            if settings.panel.url is None and any(each.tenant == name for each in settings.instances):
                yield f"tenants.{name}.sign_in.token_url: needed, because CloudFront serves its panel in {region}"


def _misplaced_shards(deployment: Deployment) -> Iterator[str]:
    for region, settings in deployment.regions.items():
        place = f"regions.{region}"
        if settings.shard.writes:
            yield f"{place}.shard.engine: shard classifies; a decoder belongs under writer"
        if settings.writer is not None and not settings.writer.writes:
            yield f"{place}.writer.engine: writer needs engine: decoder"
        for name, shard in (("shard", settings.shard), ("writer", settings.writer)):
            if shard is not None and shard.image is not None and f".ecr.{region}." not in shard.image:
                yield f"{place}.{name}.image: SageMaker takes images of its own region; copy it to {region}"


def _panels_everywhere(deployment: Deployment) -> Iterator[str]:
    for region, settings in deployment.regions.items():
        tenants = {each.tenant: deployment.tenants.get(each.tenant) for each in settings.instances}
        bound = sorted(name for name, tenant in tenants.items() if tenant is not None and tenant.residency is not None)
        if settings.panel.url is None and bound:
            yield (
                f"regions.{region}.panel.url: needed, because CloudFront is everywhere and {', '.join(bound)} may not "
                "leave a boundary; serve the panel yourself"
            )


def _panels_of_no_channel(deployment: Deployment) -> Iterator[str]:
    for region, settings in deployment.regions.items():
        if settings.panel.url is not None or not all(each.tenant in deployment.tenants for each in settings.instances):
            continue
        for cell in deployment.cells(region):
            if cell.panel_channel is None:
                yield (
                    f"regions.{region}.panel.token_url: {', '.join(cell.tenants)} load the same panel but have no "
                    "channel in common; let all of them name one, or give one isolation: dedicated"
                )
