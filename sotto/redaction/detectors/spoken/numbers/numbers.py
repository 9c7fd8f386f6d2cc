"""Which digits in an utterance are private."""

from __future__ import annotations

import re

from sotto.redaction.detectors.spoken.answers import answers_in, codes_in
from sotto.redaction.detectors.spoken.context import Announcement
from sotto.redaction.detectors.spoken.numbers.dates import SpokenDate, dates_in, whole_date
from sotto.redaction.detectors.spoken.numbers.digit_runs import DigitRun, Wording, runs_of
from sotto.redaction.detectors.spoken.numbers.expiries import expiries_in
from sotto.redaction.detectors.spoken.numbers.going_on import country_before, going_on
from sotto.redaction.detectors.spoken.numbers.shapes import shape_of
from sotto.redaction.detectors.spoken.numbers.written import digits_apart, is_card, quantities
from sotto.redaction.detectors.spoken.reading import Reading
from sotto.redaction.detectors.spoken.secret_words import secrets_in
from sotto.redaction.detectors.tokens import Token, tokens_of
from sotto.redaction.expectation import Expectation, is_complete
from sotto.redaction.finding import Finding
from sotto.tenants.redaction_rules import PrivateKind, RedactionAction

_NO_DIGITS = frozenset({PrivateKind.NAME, PrivateKind.ADDRESS, PrivateKind.EMAIL})
_IN_ONE_BREATH = frozenset(
    {PrivateKind.PIN, PrivateKind.ONE_TIME_CODE, PrivateKind.PASSWORD, PrivateKind.SECURITY_ANSWER}
)
"""Talked about more often than given: two digits somewhere after them are something else."""
_MOST_DIGITS = {
    PrivateKind.POSTCODE: 5,
    PrivateKind.ADDRESS: 5,
    PrivateKind.DATE_OF_BIRTH: 8,
    PrivateKind.PHONE: 12,
    PrivateKind.SOCIAL_SECURITY: 9,
    PrivateKind.ACCOUNT_NUMBER: 12,
}
_TIME_OF_DAY = re.compile(r"[T ,]+(?:at )?\d{1,2}:\d\d")
_WHILE_READING = 3
"""Words besides digits and asides in the middle of a number: "then it's forty one, got that?"."""
_LONGEST_INNOCENT = 10
"""Digits of an order's number."""
_FEW = 3
"""Words between what an innocent number is and its digits."""
_NEAR, _BESIDE = 60, 14
"""Characters between an announcement and digits that it may, or must, announce."""


def numbers_in(reading: Reading) -> list[Finding]:
    """Private numbers and dates of birth, in no particular order."""
    text, tokens, fluent, expected = reading.text, reading.tokens, reading.fluent, reading.expected
    dates = list(dates_in(text, fluent, reading.language.dates))
    found = [Finding(PrivateKind.DATE_OF_BIRTH, d.start, d.end) for d in dates if _is_birth(d, reading)]
    apart = [
        Finding(_name_apart(start, end, reading), start, end)
        for start, end in digits_apart(text, reading.language.written)
    ]
    excluded = [] if reading.is_interim else [(d.start, d.end) for d in dates if d.is_full]
    excluded += [(f.start, f.end) for f in found] + [
        q for q in quantities(text, reading.language.written) if text[q[0]] in "$£€" or not _asks_for_a_date(expected)
    ]
    taken = _taken(tokens, excluded)
    found += apart
    found += going_on(apart, reading, taken)
    taken |= _taken(tokens, [(f.start, f.end) for f in found])
    company = 1 if reading.is_interim or expected else 3
    found = [
        *secrets_in(reading),
        *found,
        *expiries_in(reading),
        *answers_in(reading),
        *codes_in(reading),
        *_private_runs(runs_of(tokens, reading.language.numbers, taken, company=company), reading),
    ]
    return [_whole(finding, reading) if finding.kind is PrivateKind.DATE_OF_BIRTH else finding for finding in found]


def _taken(tokens: list[Token], stretches: list[tuple[int, int]]) -> set[int]:
    return {i for i, token in enumerate(tokens) if any(s < token.end and token.start < e for s, e in stretches)}


def _whole(birth: Finding, reading: Reading) -> Finding:
    return Finding(birth.kind, *whole_date(birth.start, birth.end, reading.tokens, reading.language.dates))


def _asks_for_a_date(expected: Expectation | None) -> bool:
    """Recognisers write "05:27" for an expiry read out as a time of day."""
    return bool(
        expected and expected.kind in (PrivateKind.CARD_EXPIRY, PrivateKind.DATE_OF_BIRTH) and not expected.is_complete
    )


def _is_birth(date: SpokenDate, reading: Reading) -> bool:
    before = reading.plain[: date.start].split()[-1:]
    is_stamp = bool(_TIME_OF_DAY.match(reading.text, date.end))
    if date.is_full and (
        reading.is_interim
        or (date.is_grown and not is_stamp and not reading.language.dates.not_birth.intersection(before))
    ):
        return True
    beside = any(
        a.kind is PrivateKind.DATE_OF_BIRTH and 0 <= date.start - a.end <= _NEAR // 2 for a in reading.announced
    )
    if beside:
        return True
    expected = reading.expected is not None and reading.expected.kind is PrivateKind.DATE_OF_BIRTH
    return expected and reading.is_whole_answer(date.start, date.end, strangers=0 if not date.is_full else 3)


def _private_runs(runs: list[DigitRun], reading: Reading) -> list[Finding]:
    found: list[Finding] = []
    answered: dict[Announcement, int] = {}
    for run in runs:
        start, end = reading.tokens[run.first].start, reading.tokens[run.last].end
        name = _announcing(start, end, reading, answered)
        kind = _unless_off(_kind_of(run, name, reading), run, reading)
        if kind is not None:
            found.append(Finding(kind, country_before(start, run, reading), end))
            if name:
                answered[name] = answered.get(name, 0) + run.certain_digits
    return found


def _kind_of(run: DigitRun, name: Announcement | None, reading: Reading) -> PrivateKind | None:
    """What the run is, or None when it is not private."""
    certain = run.certain_digits
    whole = reading.is_whole_answer(reading.tokens[run.first].start, reading.tokens[run.last].end)
    expected = reading.expected.kind if reading.expected else None
    if not certain:
        return expected if whole and (len(run.digits) > 1 or _is_in_the_middle(reading.expected)) else None
    long = certain >= 7 and not run.is_one_cardinal
    if _is_innocent(run, name, reading):
        return None
    if not long and _is_quantity(run, reading):
        return None
    if reading.is_interim and (certain >= 2 or _is_open(run, reading)):
        return name.kind if name else expected or PrivateKind.NUMBER
    if name and _is_announced(run, name, whole, reading):
        return name.kind
    if reading.expected and _is_expected(run, reading.expected, whole, reading):
        return shape_of(run.digits, reading) if reading.expected.is_complete else expected
    if long or _reads_like_a_code(run, whole, reading):
        return name.kind if name else shape_of(run.digits, reading)
    return None


def _is_innocent(run: DigitRun, name: Announcement | None, reading: Reading) -> bool:
    """The number of an order or of an error, said as such and no longer than one."""
    awaited = reading.expected is not None and not reading.expected.is_vague
    if reading.is_interim or name or awaited or len(run.digits) > _LONGEST_INNOCENT:
        return False
    start = reading.tokens[run.first].start
    before = reading.language.announcing.innocent.finditer(reading.plain, max(0, start - _NEAR), start)
    return any(_is_beside(m.end(), start, reading) for m in before)


def _is_beside(start: int, end: int, reading: Reading) -> bool:
    """Nothing but links, letters and digits between an announcement and its number."""
    links = reading.language.numbers.links
    tokens = tokens_of(reading.plain[start:end])
    return len(tokens) <= _FEW and all(
        t.text in links or len(t.text) == 1 or reading.language.numbers.is_small(t.text) for t in tokens
    )


def _unless_off(kind: PrivateKind | None, run: DigitRun, reading: Reading) -> PrivateKind | None:
    """A name that the tenant does not hide must not let a card number pass ("your postcode?" "four one one one...").
    More digits than such data has, a check digit that fits, or an interim: called what it looks like."""
    if kind is None or is_card(run.digits):
        return kind and PrivateKind.CARD_NUMBER
    if reading.rules.action_for(kind) is not RedactionAction.OFF:
        return kind
    earlier = reading.expected.digits_seen if reading.expected and reading.expected.kind is kind else 0
    if not reading.is_interim and earlier + run.certain_digits <= _MOST_DIGITS.get(kind, 4):
        return kind
    return shape_of(run.digits, reading)


def _announcing(start: int, end: int, reading: Reading, answered: dict[Announcement, int]) -> Announcement | None:
    """The announcement that belongs to the digits: the last before them that is not yet answered, else one that
    follows closely ("one two three is the security code")."""
    before = [a for a in reading.announced if a.end <= start and start - a.end <= _NEAR]
    if before:
        last = before[-1]
        return None if is_complete(last.kind, answered.get(last, 0)) else last
    after = [a for a in reading.announced if 0 <= a.start - end <= _NEAR // 2 and reading.text[a.end - 1] != ":"]
    return after[0] if after else None


def _is_announced(run: DigitRun, name: Announcement, whole: bool, reading: Reading) -> bool:
    start, end = reading.tokens[run.first].start, reading.tokens[run.last].end
    beside = 0 <= start - name.end <= _BESIDE or 0 <= name.start - end <= _BESIDE
    if not name.strong:
        linked = _linked(name.end, start, reading) if name.end <= start else name.start - end <= 1
        return linked and run.certain_digits >= 4 and not run.is_one_cardinal and not _is_year(run, reading)
    if name.kind in _IN_ONE_BREATH and not beside and not whole:
        return run.certain_digits >= 3 and not _is_year(run, reading)
    if name.kind in (PrivateKind.CARD_EXPIRY, PrivateKind.DATE_OF_BIRTH):
        return run.certain_digits >= 2 and (beside or whole or run.certain_digits >= 4)
    return (run.certain_digits >= 2 and not _is_year(run, reading)) or whole or 0 <= start - name.end <= _BESIDE


def _linked(start: int, end: int, reading: Reading) -> bool:
    links = reading.language.numbers.links
    return end - start <= _BESIDE and all(token.text in links for token in tokens_of(reading.plain[start:end]))


def _is_expected(run: DigitRun, expected: Expectation, whole: bool, reading: Reading) -> bool:
    """Whether digits after a question are its answer: nothing else was said, or they are more than a plain number."""
    if whole:
        return True
    start, end = reading.tokens[run.first].start, reading.tokens[run.last].end
    if expected.kind in _NO_DIGITS:
        return False
    if _is_in_the_middle(expected) and reading.strangers(start, end) <= _WHILE_READING:
        return run.certain_digits >= 2 and not run.is_one_cardinal
    if expected.is_vague:
        return run.longest_one_by_one >= 2
    if expected.kind is PrivateKind.DATE_OF_BIRTH:
        return run.certain_digits >= 6
    return run.certain_digits >= 3 and not run.is_one_cardinal and not _is_year(run, reading)


def _is_in_the_middle(expected: Expectation | None) -> bool:
    """Of a number that is being read out."""
    return expected is not None and expected.digits_seen > 0 and not expected.is_vague


def _reads_like_a_code(run: DigitRun, whole: bool, reading: Reading) -> bool:
    """The rule where nothing announces the digits."""
    if (
        run.certain_digits <= 6
        and sum(token.text == reading.language.numbers.point for token in reading.tokens[run.first : run.last]) == 1
    ):
        return False
    if run.longest_one_by_one >= 3 or any(a.wording is Wording.WRITTEN and len(a.digits) >= 6 for a in run.atoms):
        return True
    if run.certain_digits >= 6 and (len(run.atoms) >= 3 or all(a.wording is Wording.WRITTEN for a in run.atoms)):
        return True
    if run.certain_digits >= 6 and all(a.wording is Wording.CARDINAL and len(a.digits) == 3 for a in run.atoms):
        return True  # "seven hundred thirteen five hundred seventeen"
    return whole and not run.is_one_cardinal and (run.certain_digits >= 3 or run.longest_one_by_one >= 2)


def _name_apart(start: int, end: int, reading: Reading) -> PrivateKind:
    name = _announcing(start, end, reading, {})
    return name.kind if name else shape_of(re.sub(r"\D", "", reading.text[start:end]), reading)


def _is_open(run: DigitRun, reading: Reading) -> bool:
    """Whether the run may go on with the next word: nothing follows but what may stand within a number."""
    words = reading.language.numbers
    return all(
        t.text in words.asides
        or t.text in words.bridges
        or t.text in words.repeats
        or t.text in words.sound_alikes
        or t.text in words.times
        or t.text in words.tens_join
        or not t.text.isalnum()
        for t in reading.tokens[run.last + 1 :]
    )


def _is_quantity(run: DigitRun, reading: Reading) -> bool:
    after = reading.tokens[run.last + 1].text if run.last + 1 < len(reading.tokens) else ""
    before = reading.tokens[run.first - 1].text if run.first else ""
    words = reading.language.numbers
    if run.digits in words.idioms and reading.expected is None:
        return not reading.is_interim
    if before in words.calls and run.digits in words.emergency:
        return not reading.is_interim
    point = any(token.text == words.point for token in reading.tokens[run.first : run.last])
    is_short = run.longest_certain_row < 3 or (point and run.certain_digits <= _LONGEST_INNOCENT)
    return is_short and (after in words.units_of_measure or before in ("$", "£", "€"))


def _is_year(run: DigitRun, reading: Reading) -> bool:
    before = reading.tokens[run.first - 1].text if run.first else ""
    return run.certain_digits == 4 and run.digits[:2] in ("19", "20") and before in reading.language.numbers.year_before
