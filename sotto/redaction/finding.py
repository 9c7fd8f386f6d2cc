"""A private piece of one text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sotto.tenants.redaction_rules import PrivateKind


@dataclass(frozen=True, slots=True)
class Finding:
    """``start`` and ``end`` are character offsets in the text as it was heard."""

    kind: PrivateKind
    start: int
    end: int

    def overlaps(self, start: int, end: int) -> bool:
        return self.start < end and start < self.end


def without_overlaps(findings: Iterable[Finding]) -> list[Finding]:
    """In order of place. Where two overlap, the one given first keeps its kind and covers both, uncovering nothing."""
    kept: list[Finding] = []
    for finding in findings:
        clashing = [other for other in kept if other.overlaps(finding.start, finding.end)]
        if clashing:
            first = clashing[0]
            kept = [other for other in kept if other not in clashing]
            start = min(finding.start, *(other.start for other in clashing))
            end = max(finding.end, *(other.end for other in clashing))
            finding = Finding(first.kind, start, end)
        kept.append(finding)
    return sorted(kept, key=lambda finding: finding.start)
