"""Which digits in an utterance are private."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from itertools import pairwise

import phonenumbers

from sotto.redaction.detectors.spoken.answers import answers_in, codes_in
from sotto.redaction.detectors.spoken.context import Announcement
from sotto.redaction.detectors.spoken.numbers.dates import SpokenDate, dates_in, whole_date
from sotto.redaction.detectors.spoken.numbers.digit_runs import Atom, DigitRun, Wording, runs_of
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
_LONG = 12
"""Digits of the shortest account number with a country's letters before it."""
_COUNTRIES = frozenset("de at ch es gb fr it nl be ie pt lu li".split())
_FEW, _SOME = 3, 24
"""Words besides an expiry date that was asked for; where its month is named."""
_ASKED_WITH_EXPIRY = frozenset({PrivateKind.CARD_EXPIRY, PrivateKind.SECURITY_CODE, PrivateKind.CARD_NUMBER})
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
    found += _going_on(apart, reading, taken)
    taken |= _taken(tokens, [(f.start, f.end) for f in found])
    company = 1 if reading.is_interim or expected else 3
    found = [
        *secrets_in(reading),
        *found,
        *_expiries(reading),
        *answers_in(reading),
        *codes_in(reading),
        *_private_runs(runs_of(tokens, reading.language.numbers, taken, company=company), reading),
    ]
    return [_whole(finding, reading) if finding.kind is PrivateKind.DATE_OF_BIRTH else finding for finding in found]


def _taken(tokens: list[Token], stretches: list[tuple[int, int]]) -> set[int]:
    return {i for i, token in enumerate(tokens) if any(s < token.end and token.start < e for s, e in stretches)}


def _going_on(apart: list[Finding], reading: Reading, taken: Set[int]) -> list[Finding]:
    """The rest of a number in writing, before or after a word: "4 1 1 1 ... no 2 5 7 4", "double oh 3 5 3"."""
    if not apart:
        return []
    rest: list[Finding] = []
    for run in runs_of(reading.tokens, reading.language.numbers, taken):
        for one, two in pairwise(run.atoms):
            first, second = (_place_of(atom, reading) for atom in (one, two))
            between = reading.plain[first[0] if one.wording is not Wording.WRITTEN else first[1] : second[1]]
            if not any(character.isalpha() for character in between):
                continue
            for found in apart:
                if found.overlaps(*first) and not found.overlaps(*second):
                    rest.append(Finding(found.kind, second[0], _place_of(run.atoms[-1], reading)[1]))
                elif found.overlaps(*second) and not found.overlaps(*first):
                    rest.append(Finding(found.kind, _place_of(run.atoms[0], reading)[0], first[1]))
    return rest


def _place_of(atom: Atom, reading: Reading) -> tuple[int, int]:
    return reading.tokens[atom.first].start, reading.tokens[atom.last].end


def _expiries(reading: Reading) -> Iterator[Finding]:
    """When a card expires, where that was asked for or announced: "june 2028", "nueve del treinta y dos", "07/30"."""
    asked = reading.expected is not None and reading.expected.kind in _ASKED_WITH_EXPIRY
    announced = [a.end for a in reading.announced if a.kind is PrivateKind.CARD_EXPIRY]
    if not asked and not announced:
        return
    for m in reading.language.dates.expiry.finditer(reading.fluent.text):
        start, end = reading.fluent.source(*m.span())
        if any(0 <= start - at <= _NEAR // 2 for at in announced) or (
            asked
            and (
                (m["month"] and reading.strangers(start, end) <= _SOME)
                or (_asks_for_a_date(reading.expected) and reading.strangers(start, end) <= _FEW)
            )
        ):
            yield Finding(PrivateKind.CARD_EXPIRY, start, end)


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
            found.append(Finding(kind, _country_before(start, run, reading), end))
            if name:
                answered[name] = answered.get(name, 0) + run.certain_digits
    return found


def _country_before(start: int, run: DigitRun, reading: Reading) -> int:
    """Where the letters of an IBAN begin that stand before its digits: "d e", "e ese"."""
    if len(run.digits) < _LONG:
        return start
    spelling = reading.language.spelling
    at = run.first
    for _ in range(2):
        word = reading.tokens[at - 1].text if at > 0 else ""
        is_name = word in spelling.named or word in spelling.letters
        is_letter = (len(word) == 1 and word.isalpha()) or is_name or (len(word) == 2 and word in _COUNTRIES)
        if not is_letter:
            break
        at -= 1
        if word in _COUNTRIES and word not in spelling.named:
            break
    return reading.tokens[at].start if run.first - at == 2 or reading.tokens[at].text in _COUNTRIES else start


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
        return _shape_of(run.digits, reading) if reading.expected.is_complete else expected
    if long or _reads_like_a_code(run, whole, reading):
        return name.kind if name else _shape_of(run.digits, reading)
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
    return _shape_of(run.digits, reading)


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
    return name.kind if name else _shape_of(re.sub(r"\D", "", reading.text[start:end]), reading)


def _shape_of(digits: str, reading: Reading) -> PrivateKind:
    if is_card(digits) or len(digits) in (15, 16):
        return PrivateKind.CARD_NUMBER
    if any(_is_phone(digits, region) for region in (*reading.rules.regions, *reading.language.regions)):
        return PrivateKind.PHONE
    if (kind := reading.language.identity_of(digits)) is not None:
        return kind
    return PrivateKind.CARD_NUMBER if len(digits) >= 13 else PrivateKind.NUMBER


def _is_phone(digits: str, region: str) -> bool:
    if not 7 <= len(digits) <= 15:
        return False
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(digits, region))
    except phonenumbers.NumberParseException:
        return False


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
    if before in words.calls and run.digits in words.emergency:
        return not reading.is_interim
    point = any(token.text == words.point for token in reading.tokens[run.first : run.last])
    is_short = run.longest_certain_row < 3 or (point and run.certain_digits <= _LONGEST_INNOCENT)
    return is_short and (after in words.units_of_measure or before in ("$", "£", "€"))


def _is_year(run: DigitRun, reading: Reading) -> bool:
    before = reading.tokens[run.first - 1].text if run.first else ""
    return run.certain_digits == 4 and run.digits[:2] in ("19", "20") and before in reading.language.numbers.year_before
