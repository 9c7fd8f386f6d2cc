"""Postal addresses, written over one or several lines or said in one breath."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sotto.redaction.detectors.en.names.known_names import known_names
from sotto.redaction.detectors.en.number_words import NUMBERS, TEENS, TENS, UNITS, UNITS_OF_MEASURE
from sotto.redaction.detectors.en.sentence_words import SENTENCE_WORDS
from sotto.redaction.detectors.en.spelling import SPELLING
from sotto.redaction.detectors.spoken.addresses.hints import HintWords, hinted, with_parts_before, with_town_before
from sotto.redaction.detectors.spoken.addresses.tail import AddressWords, short_answer, tail_end
from sotto.redaction.detectors.tokens import Token
from sotto.redaction.detectors.vocabulary import words_of

_STREET = (
    r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|way|court|ct|place|pl|boulevard|blvd|terrace|close|"
    r"crescent|square|sq|parkway|"
    r"nagar|marg|colony|enclave|vihar|chowk|quay|wharf|embankment|esplanade|parade|promenade|rise|vale|mount|"
    r"turnpike|pike|expressway|bypass|loop|alley|plaza|yard|wynd|brae|highway|hwy|circle|trail|row|gardens|grove|mews|walk|hill|heights|rapids|parks?|green|view|ridge|steps)"
)
_UNIT = r"(?i:apt\.?|apartment|suite|unit|flat|box|room|floor|po box|p o box)"
_WORD = r"[^\W\d_][\w.'’/-]*"
_CAPITAL = r"[^\W\d_a-z][\w.'’/-]*"
_SMALL = (
    r"(?:van|von|de|der|den|del|della|di|da|do|dos|das|la|le|les|du|u|ul|út|utca|of|the|vej|na|pod|z|v|y|el|al|"
    r"i)\b\.?"
)
_NAME = rf"(?:{_CAPITAL}|{_SMALL})"
_TAIL = (
    rf"(?:[\s,]+{_UNIT}\s*\d+)?"
    rf"(?:[\s,]+(?:{_UNIT}\s*\d+|nan|\({_CAPITAL}[^)\n]*\)|{_NAME}(?:[ ]{_NAME})*))*"
    rf"(?:[\s,]+(?:[A-Z]{{2}}\s+)?[A-Z]{{0,2}}\d[\dA-Z]{{1,4}}(?:[ -]?\d?[A-Z\d]{{2,4}})?\b)?"
)
# "6750 Koskikatu 25 Apt. 864 Artilleros, CO Uruguay 64677": a number, a street, then a second number/unit/street word.
_NUMBERED = re.compile(
    rf"(?<![\w$€£.:#+-])\d{{1,5}}(?:[-/]\d{{1,5}}|[a-c])?[ ]+(?:\d{{1,5}}[ ]+)?(?:{_NAME}[ ]+){{0,5}}?"
    rf"(?:{_NAME}(?:[ ,]+\d{{1,4}}\b\.?[a-z]?|[\s,]+{_UNIT}\s*\d+|(?=[\s,]+{_CAPITAL}[^.?!]*\d{{4,5}}\b))|"
    rf"(?i:{_STREET})\b\.?)"
    rf"(?P<tail>{_TAIL})"
)
_MILITARY = re.compile(
    r"\b(?:PSC \d+, Box \d+|Unit \d+,? Box \d+|USN[SV] \w+|USS \w+|US[A-Z]{2} \w+)\s+[AFD]PO [A-Z]{2} \d{5}",
    re.IGNORECASE,
)
_CORNER = re.compile(rf"\b[Tt]he corner of (?:[\w.'’-]+ ){{1,5}}?and [\w.'’-]+(?: (?:{_NAME}|\d{{1,5}}\b))*")
_INTRODUCED = re.compile(
    r"(?:\b(?:(?:my|his|her|their|the|billing|home|new)\s+address(?:\s+is|:)|address\s+(?:with|of\s+\w+\s+is)|"
    r"(?:lives?|lived|living)\s+(?:at|in)|address:|office\s+is\s+at|"
    r"(?:sent|deliver\w*|ship\w*)\s+to|(?:meet|arrived|located|pick\w*)\s+(?:you\s+|me\s+)?at|"
    r"here\s+they\s+are:|it's\s+in|side\s+of|enter\s+on|card\s+to|is\s+at|address\s+of\s+[\w .,'&-]+?\s+is|"
    r"address:\s*\n))\s*",
    re.IGNORECASE,
)
_CASED_REST = re.compile(rf"(?:\d{{1,6}}\b\.?|{_UNIT}(?=\s*\d)|nan\b|{_CAPITAL}|{_SMALL}|,(?=[\s\S])|[ \n/()-])+")
_BLOCK = re.compile(
    rf"(?m)^[>\s]*(?:\d{{1,5}}[ ]+{_NAME}|{_NAME}[^\n?!:@\d]{{0,40}}\d{{1,4}}\b)[^\n?!:@]{{0,40}}\n"
    rf"(?:[>\s]*{_UNIT}[ ]\d+[ ]*\n)?(?:[>\s]*[^\n?!:@]{{2,40}}\n)?[> ]*,?[ ]*[^\n?!:@\d]{{0,40}}\d{{3,6}}(?:[ "
    rf"-]\d{{2,4}})?[ ]*$"
)
_NUMBER_WORDS = frozenset({*UNITS, *TEENS, *TENS, "hundred"})
_UNIT_WORD = re.compile(rf"^{_UNIT}$")
_STREET_WORD = re.compile(rf"^{_STREET}$")
_NO_STREET = words_of(
    "the a an this that my your of to in on at by way miles minutes percent years times days",
)
_ASKED_ANSWER = 16
_MOST_CORRECTING = 3
_HOUSE_LETTERS = frozenset("abcdefgh")


_WORDS = AddressWords(
    numbers=NUMBERS,
    spelling=SPELLING,
    joining=words_of(", . in that's that is at near and postcode zip code county"),
    into=words_of("in near"),
    parts=words_of("apartment apt suite flat unit floor ground first second third fourth fifth top basement"),
    within_towns=words_of("upon on st saint under the by le in"),
    town_begins=words_of("fort new saint st san los las el la north south east west great little upper lower"),
    corrects=words_of("no sorry wait i mean actually um er uh make that it's not"),
    no_town=SENTENCE_WORDS
    | words_of(
        "please thanks thank yes no and so but the town city street case fact order general there here case time",
        "full cash",
    ),
    known=known_names,
)


_MOST_OF_A_NAME = 3


def _street_end(tokens: list[Token], at: int) -> int | None:
    """One to three words and a word for a street."""
    for i in range(at, min(at + _MOST_OF_A_NAME + 1, len(tokens))):
        word = tokens[i].text
        if i > at and _STREET_WORD.match(word) and not (i + 1 < len(tokens) and _STREET_WORD.match(tokens[i + 1].text)):
            return i if tokens[at].text != "the" or i > at + 1 else None
        if not _is_of_a_name(word) or (word in _WORDS.no_town and word not in _WORDS.within_towns):
            return None
    return None


_HOUSE_WORDS = words_of(
    "cottage cottages farm farmhouse lodge barn manor rectory vicarage villa bungalow croft grange house hall mill",
    "chapel stables ranch priory oast parsonage homestead",
)
_HINTS = HintWords(
    corner=re.compile(r"\bcorner of (?:the )?"),
    joints=frozenset({"and", "with"}),
    box=re.compile(r"\b(?P<box>(?:p ?o|p\.o\.?|post office) box(?: number| no\.?)?|box number)(?= )"),
    village=re.compile(
        r"\b(?:village|hamlet|small town|little town|little place|small place|place) (?:called|named|of|just called) "
    ),
    lives=re.compile(
        r"\b(?:(?:i|we|they|she|he|who)(?:'m|'re|'ve| am| are| is| was| were| have)?(?: \w+)? (?:live|lives|lived|"
        r"living|stay|staying|moved|"
        r"moving|based|renting|grew up|raised)(?: \w+)?|(?:house|flat|home|property|place|parcel|it)(?:'s|"
        r" is) (?:up |down |over )?) (?:in|on|at|to|along|near) "
        r"(?!the (?:corner|house|flat|moment))"
    ),
    house=re.compile(
        r"\b(?:house|property|cottage|farm|home|place) (?:is|name is|is called|is named|called|named) (?:the )?(?=\w)|"
        r"\b(?:send|deliver|post|deliver it|post it|send it|sent|shipped) to (?:the )?(?=\w+ (?:\w+ )?(?:"
        + "|".join(sorted(_HOUSE_WORDS))
        + r")\b)"
    ),
    house_words=_HOUSE_WORDS,
    house_word_leads=False,
    numbered=frozenset({"number", "no"}),
    linking=words_of("on in of along down at the"),
    before_postcode=re.compile(
        r"\b(?:,? and |, )?(?:the |my |our )?(?:post ?code|zip(?: code)?|eircode)(?:'s| is| would be|:)"
    ),
    parts_before=words_of(
        "flat apartment apt unit suite floor ground first second third fourth fifth sixth top lower upper",
        "basement garden attic maisonette",
        "penthouse room the number studio",
    )
    - {"the", "number"},
    near=words_of("near just outside by close to not far from in of"),
    street_end=_street_end,
)


class EnglishAddresses:
    """PostalAddresses."""

    def spans(self, text: str, plain: str, tokens: list[Token], *, expected: bool) -> list[tuple[int, int]]:
        spoken = [(first, tail_end(text, tokens, last, _WORDS, expected=expected)) for first, last in _spoken(tokens)]
        spoken += hinted(text, plain, tokens, _WORDS, _HINTS, expected=expected and not spoken)
        begun = [(with_parts_before(tokens, first, _WORDS, _HINTS), last) for first, last in spoken]
        begun = [(with_town_before(text, tokens, first, _WORDS), last) for first, last in begun]
        placed = [(tokens[first].start, tokens[last].end) for first, last in begun]
        return [*_written(text), *placed, *(_answered(tokens) if expected else ())]

    def begun(self, tokens: list[Token]) -> int | None:
        return _begun_street(tokens)


def _written(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_NUMBERED, _MILITARY, _CORNER, _BLOCK):
        for m in pattern.finditer(text):
            start = m.start() + len(m.group()) - len(m.group().lstrip(" >\n\t"))
            yield start, m.start() + len(m.group().rstrip(" ,\n"))
    for m in _INTRODUCED.finditer(text):
        rest = _CASED_REST.match(text, m.end())
        if rest and any(c.isdigit() for c in rest.group()) and any(c.isalpha() for c in rest.group()):
            yield m.end(), m.end() + len(rest.group().rstrip(" ,\n"))


def _spoken(tokens: list[Token]) -> Iterator[tuple[int, int]]:
    """ "sixty four cliveden place", "12 b main street apartment four": a number, one to three words, a street word.
    First and last token."""
    for i, token in enumerate(tokens):
        if not _STREET_WORD.match(token.text):
            continue
        for words in (1, 2, 3):
            number = i - words - 1
            between = [t.text for t in tokens[i - words : i] if number >= 0]
            if len(between) > 1 and between[0] in _HOUSE_LETTERS:
                between = between[1:]
            if not between or (between != ["the"] and not all(map(_is_of_a_name, between))):
                continue
            if _is_number(tokens[number]):
                yield _number_start(tokens, number), _with_unit(tokens, i)
                break


def _is_of_a_name(word: str) -> bool:
    if re.fullmatch(r"\d+(?:st|nd|rd|th)", word):
        return True
    return word.isalpha() and word not in _NO_STREET and word not in _NUMBER_WORDS


def _number_start(tokens: list[Token], number: int) -> int:
    """Back over the house number, "flat" or "number" before it, and a number it corrects: "60a no fifty"."""
    first = number
    while first > 0 and (_is_number(tokens[first - 1]) or tokens[first - 1].text in ("oh", "o", "and", "double")):
        first -= 1
    while tokens[first].text in ("and", "o"):
        first += 1
    before = first
    while before > 0 and first - before < _MOST_CORRECTING and tokens[before - 1].text in _WORDS.corrects | {","}:
        before -= 1
    if before > 0 and before < first and (_is_number(tokens[before - 1]) or tokens[before - 1].text in _HOUSE_LETTERS):
        at = before - 1 - (tokens[before - 1].text in _HOUSE_LETTERS)
        if at >= 0 and _is_number(tokens[at]):
            return _number_start(tokens, at)
    if first > 0 and _UNIT_WORD.match(tokens[first - 1].text):
        first -= 1
    return first


def _with_unit(tokens: list[Token], street: int) -> int:
    """The last token of "apartment four", "suite 112" after the street word, or the street word itself."""
    last = street
    if last + 2 < len(tokens) and _UNIT_WORD.match(tokens[last + 1].text):
        last += 1
        while last + 1 < len(tokens) and _is_number(tokens[last + 1]):
            last += 1
    return last


def _is_number(token: Token) -> bool:
    return token.text in _NUMBER_WORDS or token.text.isdecimal() or bool(re.fullmatch(r"\d{1,5}[a-c]", token.text))


def _answered(tokens: list[Token]) -> Iterator[tuple[int, int]]:
    numbers = [i for i, token in enumerate(tokens) if _is_number(token)]
    if numbers and len(tokens) <= _ASKED_ANSWER and len(tokens) - numbers[0] >= 2:
        yield tokens[numbers[0]].start, tokens[-1].end
    elif not numbers and (span := short_answer(tokens, _WORDS)):
        yield span


def _begun_street(tokens: list[Token]) -> int | None:
    """Where a number stands that a street may belong to: no more than three words after it, at the end of the text."""
    for words in (0, 1, 2, 3):
        number = len(tokens) - words - 1
        between = [token.text for token in tokens[number + 1 :]]
        if number < 0 or any(word in _NO_STREET or not word.isalpha() for word in between):
            return None
        if _is_number(tokens[number]):
            while number > 0 and _is_number(tokens[number - 1]):
                number -= 1
            return None if between and between[0] in UNITS_OF_MEASURE else tokens[number].start
    return None
