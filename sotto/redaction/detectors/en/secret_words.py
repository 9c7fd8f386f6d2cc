"""Passwords and answers to security questions: ordinary words that nothing but the talk around them gives away."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from sotto.redaction.detectors.en.context import Announcement
from sotto.redaction.detectors.en.numbers.number_words import TEENS, TENS, UNITS
from sotto.redaction.detectors.en.reading import Reading
from sotto.redaction.detectors.en.sentence_words import SENTENCE_WORDS, STATEMENT_OPENERS
from sotto.redaction.detectors.tokens import Token
from sotto.redaction.detectors.vocabulary import words_of
from sotto.redaction.finding import Finding
from sotto.tenants.redaction_rules import PrivateKind

SECRETS = frozenset({PrivateKind.PASSWORD, PrivateKind.SECURITY_ANSWER})

_IS = frozenset({"is", "was", "are", "will", "be", "would", "'s", ":", "=", "-", "called", "named", "reads", "says"})
_CHOSEN = words_of("put used use chose picked set have got")
_HEDGES = words_of(
    "um uh er erm ah hmm mm well just actually still currently now probably maybe also simply all lower upper",
    "case lowercase uppercase capital capitals small letters in word words the , : = - is be it it's its that's i",
    "think believe guess oh okay ok so like yes yeah",
)
"""What may stand between the announcement and the secret. Masked with it when a secret follows."""
_NO_SECRET = words_of(
    "not wrong right correct incorrect invalid valid expired expires expiring locked blocked rejected refused accepted",
    "required needed missing gone lost forgotten stolen hacked compromised leaked reset changed saved stored written",
    "working broken old new too very always never no none what which something somewhere somehow different safe secure",
    "unsafe weak strong short long longer shorter easy hard difficult there here fine good better best great okay ok",
    "case sensitive hidden known unknown set due about because only being been getting going asking coming on",
    "at by for",
    "from to with under between private secret confidential important necessary impossible possible optional than",
    "helpful alright low high bad big small huge daily weekly raining snowing cold hot warm a an interesting",
    "funny strange weird odd annoying ridiculous terrible awful nice lovely perfect true false sure unsure",
    "embarrassing empty blank outdated temporary permanent recommended recognised recognized verified confirmed done",
    "your you his her their our me he she they we my mine theirs supposed meant used stopped the-same",
)
"""What is said of a password, rather than as one: "is wrong", "was rejected", "is not working"."""
_COURTESY = words_of(
    "yes yeah yep yup no nope um uh er erm ah hmm mm oh well so right sure okay ok alright please thanks thank cheers",
    "sorry hello hi hey bye goodbye good morning afternoon evening perfect great lovely brilliant excellent wonderful",
    "fine correct moment second minute sec hold wait hang speaking really indeed exactly absolutely certainly course",
    "pardon excuse sir madam ma'am mate verified confirmed huh hm ohh awesome cool fantastic amazing super wow",
    "gosh god",
    "dear interesting better understood noted anytime welcome pleasure much k",
)
"""What stands around an answer."""
_SAYS_NOTHING = _COURTESY | _NO_SECRET | words_of("ready idea clue dunno nothing unsure maybe")
_NUMBERS = frozenset({*UNITS, *TEENS, *TENS})
"""By themselves the business of the rules for digits."""
_GREETING = re.compile(r"\W*(?:good (?:morning|afternoon|evening|day)|hello|hi|hey|welcome)\b", re.IGNORECASE)
_COURTEOUS = rf"(?:(?:{'|'.join(sorted(_COURTESY))})\b[\s,.!-]*)*"
_LED_IN = re.compile(
    rf"^\W*{_COURTEOUS}(?:(?:i|we) (?:think|believe|guess|reckon)(?: that)? ?,? ?)?"
    r"(?:it(?: is| was|'s| would be| should be| might be)|that(?:'s| would be)|(?:she|he|they)(?: was|'s| is|"
    r" were)(?: called| named)|(?:my|the) (?:answer|one|word)(?: is| was|'s)|(?:her|his|its|their) name(?: is| was|'s)|"
    r"try|called|named)\b|\b(?:i|we) (?:used|chose|picked|went with)\b|"
    rf"^\W*{_COURTEOUS}(?:i|we) (?:put|set|called|named|said|think|believe|guess)\b(?: it| her| him)?",
    re.IGNORECASE,
)
_ASKS_FOR_A_WORD = re.compile(r"(?:name|word|place|date|phrase|answer| of)$", re.IGNORECASE)
_SETS = words_of("set reset change changed changing make made update updated put switch switched")
_BEFORE_AN_ANSWER = _COURTESY | words_of("it's its that's in at a an you")
_TIME_AND_PLACE = words_of("today yesterday tomorrow tonight again yet already here now later soon ago instead")
_TALK = (
    SENTENCE_WORDS
    | _TIME_AND_PLACE
    | words_of(
        "for to at on by time that sounds sound sense quite rather pretty really last next speaking calling live"
    )
)
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
    end = announcement.end
    first = _first_from(reading, end)
    if first == len(reading.tokens):
        return None
    if reading.text[end : end + 2].lower() in ("'s", "’s"):
        return _secret_from(reading, first)
    for i in range(first, min(first + _NEAR + 1, len(reading.tokens))):
        word = reading.tokens[i].text
        if word in _IS or (word in _CHOSEN and reading.tokens[i - 1].text in ("i", "we", "i've", "we've")):
            return _secret_from(reading, i + 1)
        if i == first and word in ("with", "as"):
            return _short(reading, _secret_from(reading, i + 1))
        if word == "to" and (reading.is_interim or _is_set_before(reading, announcement.start)):
            return _short(reading, _secret_from(reading, i + 1))
        if word in ".?!":
            return None
    if _ASKS_FOR_A_WORD.search(reading.text, announcement.start, end):
        return _short(reading, _secret_from(reading, first))
    return None


def _first_from(reading: Reading, offset: int) -> int:
    """The first token that begins at ``offset`` or later."""
    return bisect_left(reading.tokens, offset, key=lambda token: token.start)


def _is_set_before(reading: Reading, start: int) -> bool:
    before = _first_from(reading, start)
    return any(token.text in _SETS for token in reading.tokens[max(0, before - _NEAR) : before])


def _short(reading: Reading, span: tuple[int, int] | None) -> tuple[int, int] | None:
    """The span where nothing but its place says that it is a secret: no talk, no more than a few words."""
    if span is None:
        return None
    inside = _inside(reading, span)
    while inside and inside[-1].text in _TIME_AND_PLACE:
        inside.pop()
    return (span[0], inside[-1].end) if inside and _fits(inside) else None


def _inside(reading: Reading, span: tuple[int, int]) -> list[Token]:
    return [token for token in reading.tokens if span[0] <= token.start < span[1]]


def _fits(tokens: list[Token], longest: int = _LONGEST_ANSWER) -> bool:
    words = [token.text for token in tokens if token.text.isalnum() or "'" in token.text]
    return bool(words) and _may_be_secret(words) and (len(words) <= longest or _is_spelled(words))


def _secret_from(reading: Reading, at: int) -> tuple[int, int] | None:
    """From the first word of a secret to the end of its clause; None when no secret begins at ``at``."""
    tokens = reading.tokens
    first = at
    while first < len(tokens) and tokens[first].text in _HEDGES:
        first += 1
    if first >= len(tokens) or tokens[first].text in _NO_SECRET or _ends_clause(tokens, first):
        return None
    last = first
    while last + 1 < len(tokens) and last - first < _LONGEST and not _ends_clause(tokens, last + 1):
        last += 1
    return tokens[first].start, tokens[last].end


def _ends_clause(tokens: list[Token], at: int) -> bool:
    word = tokens[at].text
    following = tokens[at + 1].text if at + 1 < len(tokens) else ""
    if word in ".?!;":
        return len(tokens[at - 1].text) > 1 if at else True
    if word in ("and", "but", "so", "because", "if", "when", "or", "which", ","):
        return following in STATEMENT_OPENERS
    return word in ("please", "thanks", "thank", "because", "though") or (
        word in ("can", "could") and following == "you"
    )


def _given_before(reading: Reading, start: int) -> tuple[int, int] | None:
    """The secret in "hunter two is my password"."""
    before = reading.tokens[: _first_from(reading, start)][-_LONGEST:]
    if before and before[-1].text in ("my", "the", "our", "a", "his", "her"):
        before.pop()
    if not before or before[-1].text not in ("is", "was", "as", "'s"):
        return None
    return _bare(before[:-1])


def _answer(reading: Reading, *, echo: bool) -> tuple[int, int] | None:
    """The secret in the answer to a question; in an ``echo`` of one, only words that stand alone."""
    if not echo and (m := _LED_IN.search(reading.text)):
        at = _first_from(reading, m.end())
        span = _secret_from(reading, at)
        if span and _fits(_inside(reading, span)):
            return span
    if _GREETING.match(reading.text):
        return None
    return _bare(reading.tokens, longest=2 if echo else _LONGEST_ANSWER)


def _bare(tokens: list[Token], longest: int = _LONGEST_ANSWER) -> tuple[int, int] | None:
    """A few words that are no sentence, but for the courtesy around them."""
    words = [token for token in tokens if token.text.isalnum() or "'" in token.text]
    while words and words[0].text in _BEFORE_AN_ANSWER:
        words = words[1:]
    while words and (words[-1].text in _COURTESY or [word.text for word in words[-2:]] == ["thank", "you"]):
        words = words[:-1]
    if not words or all(word.text in _SAYS_NOTHING or word.text in _NUMBERS for word in words):
        return None
    return (words[0].start, words[-1].end) if _fits(words, longest) else None


def _may_be_secret(words: list[str]) -> bool:
    """Whether they are no talk; among spelled letters "i" and "for" are part of the spelling."""
    spelled = sum(len(word) == 1 and word not in "ai" for word in words) >= 2
    return not any(word in _TALK and not (spelled and (len(word) == 1 or word in ("for", "as"))) for word in words)


def _is_spelled(words: list[str]) -> bool:
    return 2 * sum(len(word) == 1 for word in words) >= len(words)
