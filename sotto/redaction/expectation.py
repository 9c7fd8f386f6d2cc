"""What kind of private data may follow, because it was asked for or begun."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sotto.tenants.redaction_rules import PrivateKind

REMEMBERED_MS = 60_000
REMEMBERED_FINALS = 8
LINGERS_FINALS = 3
GUESSED_FINALS = 2
"""How long a complete or an unexplained number still makes its neighbours suspect."""

_COMPLETE_DIGITS = {
    PrivateKind.SECURITY_CODE: 3,
    PrivateKind.CARD_EXPIRY: 4,
    PrivateKind.CARD_ENDING: 4,
    PrivateKind.SOCIAL_SECURITY: 9,
    PrivateKind.CARD_NUMBER: 16,
    PrivateKind.DATE_OF_BIRTH: 4,
    PrivateKind.PHONE: 10,
    PrivateKind.POSTCODE: 5,
    PrivateKind.PIN: 4,
    PrivateKind.ONE_TIME_CODE: 6,
    PrivateKind.PASSWORD: 1,
    PrivateKind.SECURITY_ANSWER: 1,
}

_LINGERING = frozenset({PrivateKind.NUMBER, PrivateKind.CARD_NUMBER, PrivateKind.PASSWORD, PrivateKind.SECURITY_ANSWER})


@dataclass(frozen=True, slots=True)
class Expectation:
    """Data of this kind was asked for or begun, and may follow from either speaker. Counts digits, keeps none."""

    kind: PrivateKind
    since_ms: float
    finals_left: int = REMEMBERED_FINALS
    digits_seen: int = 0
    is_guess: bool = False
    """The question has other answers, too ("who was that?"): only what reads like a name is one."""

    def holds_at(self, at_ms: float) -> bool:
        return self.finals_left > 0 and at_ms - self.since_ms <= REMEMBERED_MS

    def after_a_final(self) -> Expectation:
        return replace(self, finals_left=self.finals_left - 1)

    def after_digits(self, digits: int, at_ms: float) -> Expectation:
        seen = self.digits_seen + digits
        finals = REMEMBERED_FINALS
        if self.kind is PrivateKind.NUMBER or is_complete(self.kind, seen):
            finals = LINGERS_FINALS if self.kind in _LINGERING else 1
        return Expectation(self.kind, at_ms, finals, seen)

    @property
    def is_complete(self) -> bool:
        return is_complete(self.kind, self.digits_seen)

    @property
    def is_vague(self) -> bool:
        """Nothing particular is awaited any more, but a last piece may come."""
        return self.is_complete or self.kind is PrivateKind.NUMBER


def is_complete(kind: PrivateKind, digits: int) -> bool:
    return digits >= _COMPLETE_DIGITS.get(kind, 1_000)
