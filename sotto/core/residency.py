"""Where a tenant's data may be processed, and what of the providers lies outside.

A **place** is the name of an AWS region, the name of a boundary, ``https://host`` of somebody else's service, or
``ANYWHERE``. A service of somebody else lies inside a boundary only if it is known to stay there: by its maker's
documentation (``STAYS_WITHIN``) or by what whoever deploys has been promised in a contract (``hosts`` of a deployment).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlsplit

from sotto.core.errors import Rejected

Boundary = Literal["us", "eu", "uk", "ca", "apac"]
BOUNDARIES: Mapping[str, tuple[str, ...]] = {
    "us": ("us-east-", "us-west-"),
    "eu": ("eu-",),
    "uk": ("eu-west-2",),
    "ca": ("ca-",),
    "apac": ("ap-",),
}
"""Residency boundary -> how the names of its regions begin. ``eu`` is Europe as AWS names regions; see ``uk``."""

STAYS_WITHIN: Mapping[str, str] = {"api.eu.deepgram.com": "eu", "api.us.deepgram.com": "us"}
"""https://developers.deepgram.com/reference/regional-endpoints. Without a region in its name Deepgram's is global."""

ANYWHERE = "anywhere"
_PROFILES: Mapping[str, str] = {"us": "us", "eu": "eu", "apac": "apac", "jp": "apac", "au": "apac", "ca": "ca"}
"""What a Bedrock inference profile's id begins with -> where its requests may go.
https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html"""


def admits(boundary: str, place: str, hosts: Mapping[str, str]) -> bool:
    """``hosts``: host -> the boundary or region that it is known to stay within, beside ``STAYS_WITHIN``."""
    if "://" in place:
        known = _stays_within(place, hosts)
        return known is not None and admits(boundary, known, {})
    begins = BOUNDARIES[boundary]
    return all(each.startswith(begins) for each in BOUNDARIES.get(place, (place,)))


class OutsideResidency(Rejected):
    """A provider would take a tenant's data where they may not be."""


def refusal(boundary: str, provider: str, place: str, hosts: Mapping[str, str]) -> str | None:
    """Why ``provider`` may not be asked for a tenant that may not leave ``boundary``; None where it may."""
    if admits(boundary, place, hosts):
        return None
    if place == ANYWHERE:
        return f"{provider} chooses among all regions, and the tenant may not leave {boundary}"
    if "://" in place:
        known = _stays_within(place, hosts)
        stays = f"stays within {known}" if known else "is not known to stay anywhere"
        return f"{provider} is asked at {_host(place)}, which {stays}, and the tenant may not leave {boundary}"
    return f"{provider} is in {place}, and the tenant may not leave {boundary}"


def bedrock_place(model_id: str, region: str) -> str:
    """Where a request to a model or an inference profile may be answered."""
    if model_id.startswith("arn:"):
        model_id, region = model_id.rpartition("/")[2], model_id.split(":")[3] or region
    first = model_id.partition(".")[0]
    return ANYWHERE if first == "global" else _PROFILES.get(first, region)


def _stays_within(address: str, hosts: Mapping[str, str]) -> str | None:
    host = _host(address)
    return hosts.get(host) or STAYS_WITHIN.get(host)


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").lower()
