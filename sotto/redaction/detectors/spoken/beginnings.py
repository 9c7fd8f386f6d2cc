"""The end of an interim that the next word may make private: a number, a date, an address or an answer just begun."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sotto.redaction.detectors.spoken.answers import begun_code
from sotto.redaction.detectors.spoken.begun_emails import begun_address
from sotto.redaction.detectors.spoken.names.begun_names import begun_name
from sotto.redaction.detectors.spoken.numbers.begun_runs import begun_run
from sotto.redaction.detectors.spoken.numbers.dates import begun_date, date_words
from sotto.redaction.detectors.spoken.reading import Reading
from sotto.redaction.detectors.tokens import Fluent, Token
from sotto.redaction.finding import Finding
from sotto.tenants.redaction_rules import PrivateKind

_LAST = 48
"""Tokens: what began earlier than these has been decided, or is hidden by what it was found to be."""
_SHORT_ANSWER = 16
_GARBLED = 2
"""Words at the end of a short answer that may stand between two pieces of it."""
_NEAR = 60
"""Characters between an announcement and what it may announce."""
_HALF_POSTCODE = re.compile(r"[a-z]{1,2}\d[a-z\d]?", re.IGNORECASE)


def held_from(reading: Reading, findings: list[Finding]) -> int:
    """The offset from which on the text may be the beginning of something private; its length where nothing is."""
    last = reading.tokens[-_LAST:]
    if not last:
        return len(reading.text)
    begun = [offset for offset in _beginnings(reading, last) if offset is not None]
    return min([*begun, *_answer_going_on(reading, findings)], default=len(reading.text))


def _beginnings(reading: Reading, last: list[Token]) -> Iterator[int | None]:
    language = reading.language
    fluent = Fluent(last, language.hesitation)
    yield begun_run(last, language.numbers)
    yield begun_date(fluent, language.dates, awaited=_awaits(reading, PrivateKind.DATE_OF_BIRTH))
    if reading.hides(PrivateKind.EMAIL):
        yield begun_address(fluent, language.emails, announced=_awaits(reading, PrivateKind.EMAIL))
    if reading.hides(PrivateKind.NAME) or reading.hides(PrivateKind.EMAIL):  # "jane at", and "jane" to begin with
        yield begun_name(reading.text, last, language.names, only_known=not reading.hides(PrivateKind.NAME))
    if reading.hides(PrivateKind.ADDRESS):
        yield language.addresses.begun(last)
    if reading.hides(PrivateKind.POSTCODE) and _HALF_POSTCODE.fullmatch(last[-1].text):
        yield last[-1].start
    yield begun_code(reading, _code_since(reading), is_answer=_is_short_answer(reading))


def _asked(reading: Reading) -> PrivateKind | None:
    """What was asked for and has not come yet."""
    return None if reading.expected is None or reading.expected.is_complete else reading.expected.kind


def _is_short_answer(reading: Reading) -> bool:
    return _asked(reading) is not None and len(reading.tokens) <= _SHORT_ANSWER


def _is_near_the_end(reading: Reading, offset: int) -> bool:
    return len(reading.text) - offset <= _NEAR


def _awaits(reading: Reading, kind: PrivateKind) -> bool:
    if _asked(reading) is kind and _is_short_answer(reading):
        return True
    return any(a.kind is kind and _is_near_the_end(reading, a.end) for a in reading.announced)


def _code_since(reading: Reading) -> int | None:
    """From which offset on letters and digits belong to what was announced or asked for. None: to nothing."""
    kinds = (
        PrivateKind.POSTCODE,
        PrivateKind.IDENTITY_DOCUMENT,
        PrivateKind.ACCOUNT_NUMBER,
        PrivateKind.SOCIAL_SECURITY,
    )
    awaited = [kind for kind in kinds if reading.hides(kind)]
    named = [a.end for a in reading.announced if a.strong and a.kind in awaited]
    if named:
        return named[-1] if _is_near_the_end(reading, named[-1]) else None
    return 0 if _asked(reading) in awaited and _is_short_answer(reading) else None


def _answer_going_on(reading: Reading, findings: list[Finding]) -> Iterator[int]:
    """After a piece of what was asked for, the last words may stand between two such pieces ("the ninth or eighth")."""
    asked = _asked(reading)
    if asked is None or not _is_short_answer(reading) or not reading.hides(asked):
        return
    if asked is PrivateKind.DATE_OF_BIRTH:
        yield from (word.start for word in date_words(reading.tokens, reading.language.dates)[:1])
    done = [finding for finding in findings if finding.kind is asked]
    after = [token for token in reading.tokens if done and token.start >= min(finding.end for finding in done)]
    left = [token for token in after if not any(finding.overlaps(token.start, token.end) for finding in findings)]
    if left and sum(len(token.text) > 1 for token in left) <= _GARBLED:
        yield left[0].start
