"""Which digits in an utterance are private."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import ClassVar

import phonenumbers
from stdnum.us import ssn  # type: ignore[import-untyped]

from sotto.privacy.context import Announcement, announcements_in
from sotto.privacy.digit_runs import Run, Said, runs_of
from sotto.privacy.finding import Finding
from sotto.privacy.number_words import ASIDES, UNITS_OF_MEASURE
from sotto.privacy.rules import Kind, RedactionRules
from sotto.privacy.spoken import full_dates, part_dates
from sotto.privacy.tokens import Token, tokens_of
from sotto.privacy.written import digits_apart, is_card

_YEAR_BEFORE = frozenset("in since of from until year during before after by around late early mid".split())
_NEAR = 60
"""Characters between an announcement and the digits that it announces."""


@dataclass(slots=True)
class NumberReader:
    """Reads one text. ``expected`` is the kind of data that earlier utterances asked for or began."""

    KINDS: ClassVar[frozenset[Kind]] = frozenset(Kind) - {
        Kind.NAME, Kind.ADDRESS, Kind.EMAIL, Kind.NETWORK_ADDRESS
    }  # fmt: skip

    text: str
    expected: Kind | None
    is_partial: bool
    rules: RedactionRules
    _tokens: list[Token] = field(init=False)
    _announced: list[Announcement] = field(init=False)

    def findings(self) -> list[Finding]:
        self._tokens = tokens_of(self.text)
        self._announced = announcements_in(self.text)
        found = self._dates()
        taken = {i for i, token in enumerate(self._tokens) if any(f.overlaps(token.start, token.end) for f in found)}
        kept_dates = self._harmless_dates(found)
        taken |= {
            i for i, token in enumerate(self._tokens) if any(s < token.end and token.start < e for s, e in kept_dates)
        }
        found += self._apart()
        for run in runs_of(self._tokens, taken):
            if (kind := self._kind_of(run)) is not None:
                found.append(Finding(kind, self._tokens[run.first].start, self._tokens[run.last].end))
        return found

    def _dates(self) -> list[Finding]:
        birth = self.expected is Kind.DATE_OF_BIRTH or any(a.kind is Kind.DATE_OF_BIRTH for a in self._announced)
        found = [
            Finding(Kind.DATE_OF_BIRTH, start, end) for start, end, grown in full_dates(self.text) if birth or grown
        ]
        if birth:
            found += [Finding(Kind.DATE_OF_BIRTH, start, end) for start, end in part_dates(self.text)]
        return found

    def _harmless_dates(self, found: list[Finding]) -> list[tuple[int, int]]:
        return [(start, end) for start, end, _ in full_dates(self.text)] if not self.is_partial else []

    def _apart(self) -> list[Finding]:
        """Written digits with any separators; those the joining of runs would not accept, "(37) 788-063" say."""
        found = []
        for start, end in digits_apart(self.text):
            digits = re.sub(r"\D", "", self.text[start:end])
            found.append(Finding(self._named(start, end) or self._shape_of(digits), start, end))
        return found

    def _kind_of(self, run: Run) -> Kind | None:
        """What the run is, or None when it is not private."""
        start, end = self._tokens[run.first].start, self._tokens[run.last].end
        certain, long = run.certain_digits, run.certain_digits >= 7 and not run.is_one_cardinal
        if not certain:
            return self.expected if self.expected and self._is_whole_answer(run) and len(run.digits) > 1 else None
        if not long and self._is_quantity(run):
            return None
        if self.is_partial and (certain >= 2 or self._is_open(run)):
            return self._named(start, end) or self.expected or Kind.NUMBER
        if named := self._named(start, end):
            return named if certain >= 2 or self._directly_announced(run) or self._is_whole_answer(run) else None
        if self.expected and self._continues(run):
            return self.expected
        return self._shape_of(run.digits) if long or self._reads_like_a_code(run) else None

    def _named(self, start: int, end: int) -> Kind | None:
        """The announcement that belongs to the digits: the last before them, else one that follows closely."""
        before = [a for a in self._announced if a.end <= start and start - a.end <= _NEAR]
        if before:
            return before[-1].kind
        after = [a for a in self._announced if 0 <= a.start - end <= _NEAR // 2]
        return after[0].kind if after else None

    def _directly_announced(self, run: Run) -> bool:
        start = self._tokens[run.first].start
        return any(0 <= start - a.end <= 12 for a in self._announced)

    def _continues(self, run: Run) -> bool:
        """Whether digits after a question are its answer: two of them, or one that is all that was said."""
        if run.certain_digits >= 2:
            return not self._is_year(run) or self._is_whole_answer(run)
        return self._is_whole_answer(run)

    def _reads_like_a_code(self, run: Run) -> bool:
        """The rule without any context; see docs/decisions on its false alarms."""
        if run.longest_one_by_one >= 3 or any(a.said is Said.WRITTEN and len(a.digits) >= 6 for a in run.atoms):
            return True
        if run.certain_digits >= 6 and len(run.atoms) >= 3:
            return True
        if self._is_whole_answer(run) and not run.is_one_cardinal:
            return run.certain_digits >= 3 or run.longest_one_by_one >= 2
        return False

    def _shape_of(self, digits: str) -> Kind:
        if is_card(digits) or len(digits) in (15, 16):
            return Kind.CARD_NUMBER
        if any(_is_phone(digits, region) for region in self.rules.regions):
            return Kind.PHONE
        if len(digits) == 9 and ssn.is_valid(f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"):
            return Kind.SOCIAL_SECURITY
        return Kind.CARD_NUMBER if len(digits) >= 13 else Kind.NUMBER

    def _is_whole_answer(self, run: Run) -> bool:
        around = [*self._tokens[: run.first], *self._tokens[run.last + 1 :]]
        return all(token.text in ASIDES or not token.text.isalnum() for token in around)

    def _is_open(self, run: Run) -> bool:
        """Whether the run may go on with the next word: nothing but separators follows."""
        return all(t.text in ASIDES or not t.text.isalnum() for t in self._tokens[run.last + 1 :])

    def _is_quantity(self, run: Run) -> bool:
        after = self._tokens[run.last + 1].text if run.last + 1 < len(self._tokens) else ""
        before = self._tokens[run.first - 1].text if run.first else ""
        return after in UNITS_OF_MEASURE or before in ("$", "£", "€")

    def _is_year(self, run: Run) -> bool:
        before = self._tokens[run.first - 1].text if run.first else ""
        return run.certain_digits == 4 and run.digits[:2] in ("19", "20") and before in _YEAR_BEFORE


def _is_phone(digits: str, region: str) -> bool:
    if not 7 <= len(digits) <= 15:
        return False
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(digits, region))
    except phonenumbers.NumberParseException:
        return False
