"""Passwords and answers to security questions: ordinary words that nothing but the talk around them gives away."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from sotto.redaction.detectors.spoken.context import Announcement
from sotto.redaction.detectors.spoken.reading import Reading
from sotto.redaction.detectors.spoken.secret_vocabulary import SecretWords
from sotto.redaction.detectors.tokens import Token
from sotto.redaction.finding import Finding
from sotto.tenants.redaction_rules import PrivateKind

SECRETS = frozenset({PrivateKind.PASSWORD, PrivateKind.SECURITY_ANSWER})

_LONGEST, _LONGEST_ANSWER = 14, 6
"""Words of a secret that was announced, of one that is the whole answer."""
_NEAR = 4
"""Words between an announcement and its "is": "my password for the app is"."""


def secrets_in(reading: Reading) -> Iterator[Finding]:
    """Where a password or a security answer is given: announced in this text, or asked for before it."""
    named = [a for a in reading.announced if a.kind in SECRETS]
    for announcement in named:
        span = _given_after(reading, announcement) or _given_before(reading, announcement.start)
        if span:
            yield Finding(announcement.kind, *span)
    expected = reading.expected
    if not named and expected and expected.kind in SECRETS and (span := _answer(reading, echo=expected.is_complete)):
        yield Finding(expected.kind, *span)


def _given_after(reading: Reading, announcement: Announcement) -> tuple[int, int] | None:
    """The secret in "my password (for the app) is hunter two", "I set the password to", "maiden name Gray"."""
    words = reading.language.secrets
    end = announcement.end
    first = _first_from(reading, end)
    if first == len(reading.tokens):
        return None
    if reading.text[end : end + 2].lower() in ("'s", "’s"):
        return _secret_from(reading, first)
    for i in range(first, min(first + _NEAR + 1, len(reading.tokens))):
        word = reading.tokens[i].text
        if word in words.verbs or (word in words.chosen and reading.tokens[i - 1].text in words.chooser):
            return _secret_from(reading, i + 1)
        if i == first and word in words.with_or_as:
            return _short(reading, _secret_from(reading, i + 1))
        if word in words.set_to and (reading.is_interim or _is_set_before(reading, announcement.start)):
            return _short(reading, _secret_from(reading, i + 1))
        if word in ".?!":
            return None
    if words.asks_for_a_word.search(reading.plain, announcement.start, end):
        return _short(reading, _secret_from(reading, first))
    return None


def _first_from(reading: Reading, offset: int) -> int:
    """The first token that begins at ``offset`` or later."""
    return bisect_left(reading.tokens, offset, key=lambda token: token.start)


def _is_set_before(reading: Reading, start: int) -> bool:
    before = _first_from(reading, start)
    return any(token.text in reading.language.secrets.sets for token in reading.tokens[max(0, before - _NEAR) : before])


def _short(reading: Reading, span: tuple[int, int] | None) -> tuple[int, int] | None:
    """The span where nothing but its place says that it is a secret: no talk, no more than a few words."""
    if span is None:
        return None
    inside = _inside(reading, span)
    while inside and inside[-1].text in reading.language.secrets.time_and_place:
        inside.pop()
    return (span[0], inside[-1].end) if inside and _fits(inside, reading.language.secrets) else None


def _inside(reading: Reading, span: tuple[int, int]) -> list[Token]:
    return [token for token in reading.tokens if span[0] <= token.start < span[1]]


def _fits(tokens: list[Token], words: SecretWords, longest: int = _LONGEST_ANSWER) -> bool:
    inside = [token.text for token in tokens if token.text.isalnum() or "'" in token.text]
    return bool(inside) and _may_be_secret(inside, words) and (len(inside) <= longest or _is_spelled(inside))


def _secret_from(reading: Reading, at: int) -> tuple[int, int] | None:
    """From the first word of a secret to the end of its clause; None when no secret begins at ``at``."""
    tokens, words = reading.tokens, reading.language.secrets
    first = at
    while first < len(tokens) and tokens[first].text in words.hedges:
        first += 1
    if first >= len(tokens) or tokens[first].text in words.no_secret or _ends_clause(tokens, first, words):
        return None
    last = first
    while last + 1 < len(tokens) and last - first < _LONGEST and not _ends_clause(tokens, last + 1, words):
        last += 1
    return tokens[first].start, tokens[last].end


def _ends_clause(tokens: list[Token], at: int, words: SecretWords) -> bool:
    word = tokens[at].text
    following = tokens[at + 1].text if at + 1 < len(tokens) else ""
    if word in ".?!;":
        return len(tokens[at - 1].text) > 1 if at else True
    if word in words.clause_openers:
        return following in words.statement_openers
    return word in words.ends_clause or (word, following) in words.asks_of_you


def _given_before(reading: Reading, start: int) -> tuple[int, int] | None:
    """The secret in "hunter two is my password"."""
    before = reading.tokens[: _first_from(reading, start)][-_LONGEST:]
    words = reading.language.secrets
    if before and before[-1].text in words.own:
        before.pop()
    if not before or before[-1].text not in words.is_before:
        return None
    given = before[:-1]
    if before[-1].text in words.with_or_as:  # "try cherrytree 64 as the password"
        while len(given) > 1 and (given[0].text in words.talk or given[0].text in words.courtesy):
            given = given[1:]
    return _bare(given, reading)


def _answer(reading: Reading, *, echo: bool) -> tuple[int, int] | None:
    """The secret in the answer to a question; in an ``echo`` of one, only words that stand alone."""
    words = reading.language.secrets
    if not echo and (m := words.led_in.search(reading.plain)):
        at = _first_from(reading, m.end())
        span = _secret_from(reading, at)
        if span and _fits(_inside(reading, span), words):
            return span
    if words.greeting.match(reading.plain):
        return None
    return _bare(reading.tokens, reading, longest=2 if echo else _LONGEST_ANSWER)


def _bare(tokens: list[Token], reading: Reading, longest: int = _LONGEST_ANSWER) -> tuple[int, int] | None:
    """A few words that are no sentence, but for the courtesy around them."""
    words, numbers = reading.language.secrets, reading.language.numbers
    bare = [token for token in tokens if token.text.isalnum() or "'" in token.text]
    while bare and bare[0].text in words.before_an_answer:
        bare = bare[1:]
    for tail in words.tails:
        if tuple(word.text for word in bare[-len(tail) :]) == tail:
            bare = bare[: -len(tail)]
            break
    while bare and (bare[-1].text in words.courtesy or tuple(word.text for word in bare[-2:]) == words.thanks):
        bare = bare[:-1]
    if not bare or all(word.text in words.says_nothing or numbers.is_small(word.text) for word in bare):
        return None
    return (bare[0].start, bare[-1].end) if _fits(bare, words, longest) else None


def _may_be_secret(inside: list[str], words: SecretWords) -> bool:
    """Whether they are no talk; among spelled letters "i" and "for" are part of the spelling."""
    spelled = sum(len(word) == 1 and word not in words.words_of_one_letter for word in inside) >= 2
    return not any(
        word in words.talk and not (spelled and (len(word) == 1 or word in words.spelled_with)) for word in inside
    )


def _is_spelled(words: list[str]) -> bool:
    return 2 * sum(len(word) == 1 for word in words) >= len(words)
