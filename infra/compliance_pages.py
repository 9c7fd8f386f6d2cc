"""The data-flow page and the list of sub-processors of a deployment, written from its file:
``python -m infra.compliance_pages FILE DIR``. What a deployment does not use stands in neither."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from infra.deployment import Deployment, DeploymentMistaken, deployment_from
from infra.markdown import prose, row
from infra.parts import Region
from sotto.core.function_spec import FunctionSpec
from sotto.core.needs import Appends, Keeps, PublishesBooks, Reads, Records
from sotto.core.resources import TableSpec, resources_of

PAGES = ("data-flow.md", "sub-processors.md")
AWS = "Amazon Web Services"


@dataclass(frozen=True, slots=True)
class Processor:
    """``gets``: what of a conversation reaches it. ``place``: region, boundary or host."""

    name: str
    service: str
    place: str
    gets: str
    ends: str


def page(name: str, deployment: Deployment, source: str) -> str:
    lines = _data_flow(deployment) if name == "data-flow.md" else _sub_processors(deployment)
    written_by = f"Written by `python -m infra.compliance_pages {source} docs/compliance`; do not edit."
    return "\n".join([_TITLES[name], "", written_by, "", *lines]).rstrip("\n") + "\n"


_TITLES = {"data-flow.md": "# Where data of conversations goes", "sub-processors.md": "# Sub-processors"}


def processors(deployment: Deployment) -> list[Processor]:
    """In the order of the regions, each once."""
    found = (each for region in sorted(deployment.regions) for each in _of_region(region, deployment))
    return list(dict.fromkeys(found))


def _of_region(region: str, deployment: Deployment) -> Iterator[Processor]:
    settings = deployment.regions[region]
    tenants = [deployment.tenants[each.tenant] for each in settings.instances]
    named: set[str] = {name for tenant in tenants for name in tenant.recognisers}
    hours = sorted({each.media_retention_hours for each in settings.instances})
    yield Processor(
        AWS, "Connect, Kinesis Video Streams", region, "the call's audio", f"{_list(hours)} h after it was spoken"
    )
    yield Processor(AWS, "Lambda, DynamoDB, KMS", region, "redacted words, what is made of them", "the tenant's time")
    yield Processor(
        AWS, "S3", region, "books, models; facts without words", "while they are published; the tenant's time"
    )
    yield Processor(AWS, "S3", region, "redacted recordings", "the tenant's time")
    yield Processor(AWS, "S3 Vectors", region, "redacted words and their vectors", "the tenant's time")
    yield Processor(AWS, "SageMaker", region, "redacted words, to be classified", "in memory, while it answers")
    yield Processor(AWS, "CloudWatch, X-Ray", region, "times and counts; no words", f"{settings.log_days} days")
    yield from _recognisers(region, settings, named)
    yield from _writers(region, settings)
    yield from _customers(region, settings)
    yield Processor(
        "by each tenant's choice",
        "systems of record (filing.yaml)",
        "where the system is",
        "summary, disposition, times, the caller's number",
        "by your contract with them",
    )
    if settings.panel.url is None:
        yield Processor(AWS, "CloudFront", "edge locations", "the panel's files; no words", "cached files")
    for place in settings.replicas:
        yield Processor(
            AWS, "DynamoDB, S3 (copies)", place, "redacted words, what is made of them", "the tenant's time"
        )


def _recognisers(region: str, settings: Region, named: set[str]) -> Iterator[Processor]:
    if "transcribe" in named:
        yield Processor(AWS, "Transcribe, streaming", region, "the call's audio", "in memory, while it is spoken")
    if "deepgram" in named:
        host = settings.deepgram_url.removeprefix("wss://").partition("/")[0]
        yield Processor("Deepgram", "speech to text", host, "the call's audio", "by your contract with them")
    if "self_hosted" in named and settings.recogniser is not None:
        place = settings.recogniser.url or f"SageMaker, {region}"
        yield Processor("you", "the self-hosted recogniser", place, "the call's audio", "in memory, while it is spoken")


def _writers(region: str, settings: Region) -> Iterator[Processor]:
    for provider, place in settings.places_of_writers(region):
        if provider == "bedrock":
            yield Processor(AWS, "Bedrock", place, "redacted words, to be summarised", "in memory, while it answers")
        elif provider == "openai":
            yield Processor("by your choice", "a language model", place, "redacted words", "by your contract with them")


def _customers(region: str, settings: Region) -> Iterator[Processor]:
    if any(each.customer_profiles_domain for each in settings.instances):
        yield Processor(AWS, "Connect Customer Profiles", region, "the caller's number, to be looked up", "not kept")


def _sub_processors(deployment: Deployment) -> Iterator[str]:
    yield from prose(
        "Who processes personal data of callers and agents for this deployment, and where. AWS processes under its",
        "data processing addendum; what a provider keeps by its own terms is between you and it.",
    )
    yield row("who", "service", "where", "what reaches it", "kept until")
    yield row(*["---"] * 5)
    for each in processors(deployment):
        yield row(each.name, each.service, each.place, each.gets, each.ends)
    yield ""


def _data_flow(deployment: Deployment) -> Iterator[str]:
    yield from _residencies(deployment)
    yield "## The way of a conversation"
    yield ""
    for number, line in enumerate(_WAY, start=1):
        yield f"{number}. {line}"
    yield ""
    for region in sorted(deployment.regions):
        for cell in deployment.cells(region):
            yield f"## {region}, cell {cell.title}"
            yield ""
            yield row("table", "written by", "read by", "restorable")
            yield row("---", "---", "---", "--:")
            for table in resources_of(cell.functions).tables:
                writers = _functions_with(cell.functions, table, Keeps, Appends, PublishesBooks)
                readers = _functions_with(cell.functions, table, Reads)
                days = f"{table.recovery_days} d" if table.lasting else "no"
                yield row(f"`{table.name}`", writers, readers, days)
            yield ""


_WAY = (
    "Connect streams the audio into Kinesis Video Streams, under the tenant's key.",
    "`transcribe_call` reads it and sends it to the tenant's recogniser; after the call `redact_recording` reads "
    "Connect's recording, and keeps what is redacted and proven. Nothing else of ours sees audio.",
    "What comes back is redacted in that process. From here on there are redacted words alone.",
    "Words are stored sealed under a key of the contact, which the tenant's KMS key wraps "
    "(`sotto/aws/sealed_table.py`), and carried to the agent's panel.",
    "What is said of a call goes on to the tenant's systems of record, its search index and, as numbers, its facts.",
    "Events say that something was stored, by ids; logs, metrics, queues and machine inputs hold no words.",
    "What is over is not read any more, and deleted; what a person asks to be erased goes by `run_erasure`.",
)


def _residencies(deployment: Deployment) -> Iterator[str]:
    yield row("tenant", "isolation", "residency", "regions", "recognisers")
    yield row(*["---"] * 5)
    for name, tenant in sorted(deployment.tenants.items()):
        regions = sorted(
            region
            for region, settings in deployment.regions.items()
            if any(each.tenant == name for each in settings.instances)
        )
        yield row(name, tenant.isolation, tenant.residency or "none", _list(regions), _list(tenant.recognisers))
    yield ""


def _functions_with(functions: Iterable[FunctionSpec], table: TableSpec, *kinds: type[Records | PublishesBooks]) -> str:
    names = [
        f"`{each.name}`"
        for each in functions
        if any(table in need.tables for kind in kinds for need in each.needs_of(kind))
    ]
    return _list(names) or "-"


def _list(of: Iterable[object]) -> str:
    return ", ".join(map(str, of))


def main() -> None:
    match sys.argv[1:]:
        case [file, folder]:
            try:
                deployment = deployment_from(Path(file))
            except DeploymentMistaken as error:
                raise SystemExit(str(error)) from None
            for name in PAGES:
                (Path(folder) / name).write_text(page(name, deployment, file))
        case _:
            raise SystemExit("usage: python -m infra.compliance_pages FILE DIR")


if __name__ == "__main__":
    main()
