"""When a card expires."""

from __future__ import annotations

from collections.abc import Iterator

from sotto.redaction.detectors.spoken.reading import Reading
from sotto.redaction.finding import Finding
from sotto.tenants.redaction_rules import PrivateKind

_FEW, _SOME = 3, 24
"""Words besides an expiry date that was asked for; where its month is named."""
_ASKED_WITH_EXPIRY = frozenset({PrivateKind.CARD_EXPIRY, PrivateKind.SECURITY_CODE, PrivateKind.CARD_NUMBER})
_NEAR = 30
"""Characters between what announces an expiry date and the date."""


def expiries_in(reading: Reading) -> Iterator[Finding]:
    """When a card expires, where that was asked for or announced: "june 2028", "nueve del treinta y dos", "07/30"."""
    asked = reading.expected is not None and reading.expected.kind in _ASKED_WITH_EXPIRY
    announced = [a.end for a in reading.announced if a.kind is PrivateKind.CARD_EXPIRY]
    if not asked and not announced:
        return
    for m in reading.language.dates.expiry.finditer(reading.fluent.text):
        start, end = reading.fluent.source(*m.span())
        if any(0 <= start - at <= _NEAR for at in announced) or (
            asked
            and (
                (m["month"] and reading.strangers(start, end) <= _SOME)
                or (_is_asked(reading) and reading.strangers(start, end) <= _FEW)
            )
        ):
            yield Finding(PrivateKind.CARD_EXPIRY, start, end)


def _is_asked(reading: Reading) -> bool:
    expected = reading.expected
    return expected is not None and expected.kind is PrivateKind.CARD_EXPIRY and not expected.is_complete
