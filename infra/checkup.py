"""What a deployment file asks of AWS, and what is odd about it: ``sotto doctor --deployment FILE``. Knows no CDK."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from botocore.session import get_session

from infra.deployment import Deployment, Region
from infra.sizing import Load, costs_a_month, instances, metrics_a_month, quotas, recogniser_instances

NEW_ACCOUNT_ADVICE = "ask in Service Quotas"
SERVICES = {
    "connect": "Amazon Connect", "kinesisvideo": "Kinesis Video Streams", "transcribe": "Amazon Transcribe",
    "appsync": "AppSync", "stepfunctions": "Step Functions", "sagemaker": "SageMaker", "lambda": "Lambda",
    "dynamodb": "DynamoDB",
}  # fmt: skip
"""By botocore's names, whose table of regions comes with every release."""


class Weight(StrEnum):
    """``RAISE``: to ask AWS for. ``LOOK``: may be meant so, and may be a mistake."""

    OK = "ok"
    LOOK = "look"
    RAISE = "raise"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """``about``: a quota, a tenant, a setting. ``has``: what a new account or the file has. ``needs``: by formula."""

    region: str
    weight: Weight
    about: str
    needs: str = ""
    has: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """US dollars. ``an_hour``: of one agent's talk."""

    region: str
    agents: int
    a_month: float
    an_hour: float


def findings(deployment: Deployment) -> Iterator[CheckResult]:
    for region, settings in deployment.regions.items():
        channels = deployment.channels(region)
        yield from _of_quotas(region, settings, channels)
        yield from _of_services(region, channels)
        yield from _of_settings(region, settings, deployment)
        yield from _of_channels(region, channels)
        yield from _of_models(region, settings)
    yield from _of_tenants(deployment)


def costs(deployment: Deployment, load: Load | None = None) -> Iterator[Cost]:
    """Each of a region's agents counted as a call at once; metrics for its tenants."""
    load = load or Load()
    for region, settings in deployment.regions.items():
        by_service = costs_a_month(
            settings.calls,
            shard=settings.shard,
            writer=settings.writer,
            channels=deployment.channels(region),
            load=load,
        )
        by_service["Metrics"] = metrics_a_month(len({each.tenant for each in settings.instances}))
        month = sum(by_service.values())
        yield Cost(region, settings.calls, month, month / settings.calls / load.talk_hours_a_month)


def _of_quotas(region: str, settings: Region, channels: Collection[str]) -> Iterator[CheckResult]:
    shard, writer, own = settings.shard, settings.writer, settings.recogniser
    for quota in quotas(settings.calls, shard=shard, writer=writer, recogniser=own, channels=channels):
        has = "varies" if quota.default is None else f"{quota.default:,}"
        weight = Weight.RAISE if quota.to_raise else Weight.OK
        advice = NEW_ACCOUNT_ADVICE if quota.to_raise else ""
        yield CheckResult(region, weight, f"{quota.service}: {quota.name}", f"{quota.needed:,}", has, advice)


def _of_services(region: str, channels: Collection[str]) -> Iterator[CheckResult]:
    session = get_session()
    services = SERVICES | ({"apigatewayv2": "API Gateway"} if "websocket" in channels else {})
    missing = [title for name, title in services.items() if region not in session.get_available_regions(name)]
    if missing:
        advice = "not there as far as botocore's table knows; choose another region, or make sure"
        yield CheckResult(region, Weight.LOOK, f"services: {', '.join(missing)}", has="unknown", advice=advice)
    else:
        yield CheckResult(region, Weight.OK, f"services: all {len(services)} are in the region")


def _of_settings(region: str, settings: Region, deployment: Deployment) -> Iterator[CheckResult]:
    if not deployment.alarm_emails:
        yield CheckResult(region, Weight.LOOK, "alarm_emails", has="none", advice="alarms would reach nobody")
    if not settings.tenant_sessions:
        advice = "functions' own roles read every tenant's records; see docs/deploy.md"
        yield CheckResult(region, Weight.LOOK, "tenant_sessions", has="false", advice=advice)
    if settings.sign_in.client_id is None:
        advice = "tokens for any client of the issuer are taken"
        yield CheckResult(region, Weight.LOOK, "sign_in.client_id", has="none", advice=advice)
    yield from _of_sign_in(region, settings, deployment)
    for each in settings.instances:
        if each.queue_arn is None:
            advice = "only the flow module is made; add it to your own flows"
            yield CheckResult(region, Weight.LOOK, f"instance of {each.tenant}: queue_arn", has="none", advice=advice)


def _of_sign_in(region: str, settings: Region, deployment: Deployment) -> Iterator[CheckResult]:
    """Who shares an issuer is kept apart by a claim that this issuer signs."""
    here = {each.tenant for each in settings.instances}
    sharing = sorted(name for name in here if deployment.tenants[name].sign_in is None)
    if len(sharing) > 1:
        advice = "the issuer must set the claim tenant by itself, never from what a user may edit"
        yield CheckResult(region, Weight.LOOK, f"sign_in of {', '.join(sharing)}", has="one issuer", advice=advice)
    for name in sorted(here):
        own = deployment.tenants[name].sign_in
        if own is not None and own.client_id is None:
            advice = "tokens for any client of the issuer are taken"
            yield CheckResult(region, Weight.LOOK, f"tenant {name}: sign_in.client_id", has="none", advice=advice)


def _of_models(region: str, settings: Region) -> Iterator[CheckResult]:
    for name, shard, late in (("shard", settings.shard, "models answer"), ("writer", settings.writer, "texts come")):
        if shard is None:
            continue
        needed, most = instances(settings.calls, shard), shard.most
        weight = Weight.LOOK if needed > most else Weight.OK
        advice = f"raise {name}.most, or {late} late at the busiest hour" if needed > most else ""
        yield CheckResult(region, weight, f"{name}.most (instances)", f"{needed:,}", f"{most:,}", advice)
    if (own := settings.recogniser) is not None and own.url is None:
        needed = recogniser_instances(settings.calls, own)
        weight = Weight.LOOK if needed > own.most else Weight.OK
        advice = "raise recogniser.most, or calls go to the tenants' next provider" if needed > own.most else ""
        yield CheckResult(region, weight, "recogniser.most (instances)", f"{needed:,}", f"{own.most:,}", advice)
    if settings.writer is not None and (settings.generation is None or "shard" not in settings.generation.order):
        advice = "nobody asks it: name shard in generation.order"
        yield CheckResult(region, Weight.LOOK, "writer", has="no generation by shard", advice=advice)


def _of_channels(region: str, channels: Collection[str]) -> Iterator[CheckResult]:
    if "websocket" in channels:
        advice = "API Gateway needs a role of the account's to write logs; see docs/deploy.md, The panel"
        yield CheckResult(region, Weight.LOOK, "channels: websocket", has="unknown", advice=advice)


def _of_tenants(deployment: Deployment) -> Iterator[CheckResult]:
    placed = {each.tenant: region for region, here in deployment.regions.items() for each in here.instances}
    for name, tenant in deployment.tenants.items():
        if name not in placed:
            advice = "list its Connect instance under a region; until then nothing is deployed for it"
            yield CheckResult("-", Weight.LOOK, f"tenant {name}", has="no Connect instance", advice=advice)
        if tenant.recognisers == ("embedded",):
            advice = "the embedded recogniser is for development, too large for a function: name transcribe or deepgram"
            yield CheckResult(placed.get(name, "-"), Weight.LOOK, f"tenant {name}", has="embedded only", advice=advice)
        elif len(tenant.recognisers) == 1:
            advice = "with a second provider calls keep their text when the first fails"
            yield CheckResult(placed.get(name, "-"), Weight.LOOK, f"tenant {name}", has="one recogniser", advice=advice)
