"""Whether a tenant may be served where it is published to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sotto.core.residency import admits, refusal
from sotto.tenants.book import TenantBook, TenantSettings
from sotto.tenants.knowledge_sources import DeclaredSources


@dataclass(frozen=True, slots=True)
class Serving:
    """``region`` of the tables; ``deepgram_url``: where Deepgram is asked; ``hosts``: hosts of others -> the boundary
    or region that they stay within; ``self_hosted``: where that recogniser is asked, None: in the region."""

    region: str
    deepgram_url: str
    hosts: Mapping[str, str]
    self_hosted: str | None = None


def refusals(settings: TenantSettings, serving: Serving) -> list[str]:
    """A sentence for each thing of the book that would leave the residency which the book itself names."""
    boundary = settings.residency
    if boundary is None:
        return []
    found = []
    if not admits(boundary, serving.region, {}):
        found.append(f"residency: {boundary}, but {serving.region} is outside it; publish to a region inside")
    if "deepgram" in settings.recognisers:
        reason = refusal(boundary, "deepgram", serving.deepgram_url, serving.hosts)
        if reason is not None:
            found.append(f"recognisers: {reason}; set deepgram_url (and hosts) of the deployment, or take deepgram out")
    if "self_hosted" in settings.recognisers and "://" in (serving.self_hosted or ""):
        reason = refusal(boundary, "self_hosted", str(serving.self_hosted), serving.hosts)
        if reason is not None:
            found.append(f"recognisers: {reason}; set hosts of the deployment, or take self_hosted out")
    return found


def filing_refusals(book: TenantBook, serving: Serving) -> list[str]:
    """A sentence for each system of record of the book that would take calls out of its residency. A system in the
    tenant's own AWS account is where the tables are."""
    boundary = book.settings.residency
    if boundary is None:
        return []
    found = []
    for system in book.filing.systems:
        for place in system.places:
            reason = refusal(boundary, f"system '{system.name}'", place, serving.hosts)
            if reason is not None:
                advice = "name the boundary that the host stays within under hosts of the deployment file"
                found.append(f"filing.yaml: {reason}; {advice}, or take the system out")
    return found


def source_refusals(declared: DeclaredSources, hosts: Mapping[str, str]) -> list[str]:
    """A sentence for each place outside the tenant's residency that a source would be read from. ``hosts``: as in
    ``Serving``."""
    if declared.residency is None:
        return []
    found = []
    for source in declared.sources:
        for place in source.places:
            reason = refusal(declared.residency, f"knowledge source '{source.name}'", place, hosts)
            if reason is not None:
                advice = "; name the boundary that the host stays within under hosts of the deployment file"
                found.append(reason + (advice if "://" in place else ""))
    return found
