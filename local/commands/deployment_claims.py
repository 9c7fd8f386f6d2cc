"""Whose Connect instances are and how they are served, as the deployment file says: what ``sotto tenants`` holds books
against."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from infra.deployment import Deployment, DeploymentMistaken, deployment_from
from sotto.core.errors import Rejected
from sotto.tenants.residency import Serving


class DeploymentRejected(Rejected):
    """The file cannot be deployed; the message lists every mistake."""


def read_deployment(file: Path) -> Deployment:
    """Raises DeploymentRejected."""
    try:
        return deployment_from(file)
    except DeploymentMistaken as error:
        raise DeploymentRejected(str(error)) from None


def instance_owners(file: Path) -> Mapping[str, str]:
    """Instance -> tenant, in all regions. Raises DeploymentRejected."""
    return {each.id: each.tenant for region in read_deployment(file).regions.values() for each in region.instances}


def serving_of(file: Path, region: str) -> Serving | None:
    """None where the file has nothing in that region. Raises DeploymentRejected."""
    settings = read_deployment(file).regions.get(region)
    if settings is None:
        return None
    elsewhere = settings.recogniser.url if settings.recogniser is not None else None
    return Serving(region, settings.deepgram_url, settings.hosts, elsewhere)


def known_hosts(file: Path) -> Mapping[str, str]:
    """Host of others -> the boundary or region that it stays within, in all regions; one that two regions judge
    differently is not known. Raises DeploymentRejected."""
    found: dict[str, set[str]] = {}
    for region in read_deployment(file).regions.values():
        for host, place in region.hosts.items():
            found.setdefault(host, set()).add(place)
    return {host: next(iter(places)) for host, places in found.items() if len(places) == 1}
