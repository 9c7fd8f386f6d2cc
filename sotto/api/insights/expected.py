"""What kind of answer a question expects, by how it asks, and whether words hold one. English and German.

An answer says something that the question does not, so what the question names itself is no answer to it: "in the
hospital" does not say on which ward.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sotto.core.content_words import content_words


class Kind(StrEnum):
    ANY = "any"
    TIME = "time"
    LENGTH = "length"
    """How long: of time, or of a thing."""
    PLACE = "place"
    MONEY = "money"
    NUMBER = "number"
    PERSON = "person"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Expected:
    """``names``: words of the question that only name the kind of answer: "which month" is answered by "in May"."""

    kind: Kind
    names: frozenset[str]


_NUMBER = (
    r"\d|(?<!that )(?<!this )(?<!other )(?<!the )\bone\b|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|\w+teen|twenty|thirty|forty|fifty|sixty"
    r"|seventy|eighty|ninety|hundred|thousand|half|eins?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf"
    r"|\w+zig|hundert|tausend)\b"
)
_TIME = (
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|may|june|july|august"
    r"|september|october|november|december|today|tomorrow|yesterday|tonight|mornings?|afternoons?|evenings?|nights?"
    r"|noon|weeks?|weekends?|months?|years?|hours?|minutes?|days?|summer|autumn|winter|spring|early|late|o['’]clock"
    r"|(?:fir|fir)st|second|third|(?:four|fif|six|seven|eigh|nin|ten|twelf|\w+teen|\w+tie)th"
    r"|montags?|dienstags?|mittwochs?|donnerstags?|freitags?|samstags?|sonntags?|januar|februar|märz|mai|juni|juli"
    r"|oktober|dezember|heute|morgen|gestern|wochen?|monate?n?|jahre?n?|stunden?|uhr)\b"
)
_TIMES = re.compile(_TIME, re.IGNORECASE)
_PLACE = (
    r"(?:in|at|on|to|from|near|outside|behind|inside|under|above|into|im|am|bei|nach|aus|vor|hinter|neben)"
    r" (?:(?:the|a|an|my|our|your|der|die|das|dem|den) )?"
    r"(?!(?:the|our|your|der|die|das|dem|den|and|und)\b)[^\W\d_]{3,}"
)
_HOLDS = {
    Kind.NUMBER: re.compile(_NUMBER, re.IGNORECASE),
    Kind.MONEY: re.compile(r"[$£€]|\b(?:dollars?|pounds?|euros?|cents?|percent|prozent|kostenlos)\b", re.IGNORECASE),
    Kind.TIME: re.compile(
        _TIME + r"|\b(?:at|before|after|from|until|by|um|ab|bis) (?:" + _NUMBER + r")|\b\d{1,2}[:.]\d\d\b",
        re.IGNORECASE,
    ),
    Kind.LENGTH: re.compile(_NUMBER + r"|\b(?:an?|since|until|for) (?:\w+ )?(?:week|month|year|hour|day)s?\b",
                            re.IGNORECASE),
    Kind.PLACE: re.compile(r"\b" + _PLACE, re.IGNORECASE),
    Kind.PERSON: re.compile(
        r"\b(?:mr|mrs|ms|miss|dr|herr|frau|wife|husband|brother|sister|mother|father|son|daughter|friend|neighbou?r"
        r"|boss|colleague|doctor|mutter|vater|bruder|schwester|freund\w*|kolleg\w+)\b"
        r"|\[\w+\]|(?<=[\w,] )(?!I\b)[A-Z][a-z]+|\b(?:to|by|with|an|von|bei|tenant,) (?:an? |my |our |the )?[a-z]{4,}"
    ),
    Kind.NAME: re.compile(r"\[\w+\]|(?<=[\w,] )(?!I\b|I['’])[A-Z]\w+"),
}  # fmt: skip
_ASKED = (
    (Kind.MONEY, re.compile(
        r"\bhow (?:much|high)\b.*\b(?:costs?|pays?|paid|charges?|rent|fees?|worth|price|earn|refunds?|discount|back)\b"
        r"|\b(?:what|which) (?:did|does|do|is|was|are)\b.*\b(?:costs?|charges?|price|rent|fee|salary)\b"
        r"|\b(?:what|which) (?:rent|price|fee|interest|salary)\b|\bwie ?viel\b.*\bkost\w+|\bwas kost\w+",
        re.IGNORECASE)),
    (Kind.LENGTH, re.compile(r"\b(?:how long|wie lange?)\b", re.IGNORECASE)),
    (Kind.NUMBER, re.compile(
        r"\bhow (?:many|much|old|big|large|high|heavy|far|fast|tall|wide|deep)\b|\b(?:serial|account) number\b"
        r"|\bwie (?:viele?|alt|groß|hoch|schwer|weit|schnell)\b", re.IGNORECASE)),
    (Kind.TIME, re.compile(
        r"\b(?:when|(?:what|which) (?:day|date|month|year|time|week|shift)s?)\b"
        r"|\b(?:wann|welche[rmns]? (?:tag|monat|jahr|woche))\b", re.IGNORECASE)),
    (Kind.PLACE, re.compile(
        r"\b(?:where|(?:what|which) (?:town|city|place|country|room|region|street|clinic|office|ward))\b"
        r"|\b(?:wo|wohin|woher|welche[rmns]? (?:stadt|ort|land|raum))\b", re.IGNORECASE)),
    (Kind.NAME, re.compile(
        r"\b(?:what|which|whose)\b.*\b(?:called|brand|make|name|company|carrier|firm)\b|\bwie heißt\b|\bwelche marke\b",
        re.IGNORECASE)),
    (Kind.PERSON, re.compile(r"\b(?:who|whom|whose|wer|wem|wen)\b", re.IGNORECASE)),
)  # fmt: skip
_OF_A_KIND = (
    "brand make model breed kind sort type name called town city place country region month day date year time subject"
    " colour color position material form way carrier company room shift marke art name stadt ort land monat tag jahr"
    " farbe fach"
)
_SIZES = "many much old big large high heavy far fast tall wide deep long inch inches mile miles metre metres"
_NAMES = {
    Kind.ANY: frozenset(content_words(_OF_A_KIND)),
    Kind.MONEY: frozenset(content_words(f"cost costs price worth money {_SIZES} pay pays paid")),
    Kind.NUMBER: frozenset(content_words(_SIZES)),
    Kind.LENGTH: frozenset(content_words(_SIZES)),
}


def expected(question: str) -> Expected:
    kind = next((kind for kind, asked in _ASKED if asked.search(question)), Kind.ANY)
    words = frozenset(content_words(question))
    return Expected(kind, words & (_NAMES[Kind.ANY] | _NAMES.get(kind, frozenset())))


def holds(kind: Kind, text: str, question: Collection[str]) -> bool:
    """``question``: its words, as ``content_words`` cuts them."""
    found = _HOLDS.get(kind)
    if found is None:
        return True
    rest = re.sub(r"[^\W_]+", lambda word: "" if set(content_words(word[0])) & set(question) else word[0], text)
    if kind in (Kind.PLACE, Kind.PERSON, Kind.NAME):
        rest = _TIMES.sub("", rest)
    return bool(found.search(rest))
