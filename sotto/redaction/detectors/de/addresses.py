"""German postal addresses: the street, then its number ("Lindenstraße zwölf b", "Am Alten Markt 3, 50667 Köln")."""

from __future__ import annotations

import re

from sotto.redaction.detectors.de.names.known_names import known_names
from sotto.redaction.detectors.de.number_words import ASIDES, NUMBERS
from sotto.redaction.detectors.de.sentence_words import SENTENCE_WORDS
from sotto.redaction.detectors.de.words import german
from sotto.redaction.detectors.spoken.numbers.digit_runs import may_begin_a_number
from sotto.redaction.detectors.tokens import Token

_SUFFIX = (
    r"(?:stras?se|str|weg|platz|allee|gasse|gassli|ring|damm|ufer|steig|steg|hof|markt|chaussee|promenade|zeile|berg|"
    r"park|bruecke|brucke|wall|graben|kamp|stieg|pfad|tor|garten|gaerten|winkel|twiete|deich|hugel|huegel|anger|wiese|"
    r"rain|kai|leite|hang|grund|feld|siedlung|kehre|lande)"
)
_STREET = re.compile(rf"\w{{3,}}{_SUFFIX}|\w+stras?se|\w+str")
_ALONE = re.compile(
    r"(?:stras?se|str|weg|platz|allee|gasse|ring|damm|ufer|steig|chaussee|promenade|graben|markt|berg|hof)"
)
_NO_STREET = german(
    "arbeitsplatz parkplatz sitzplatz stellplatz bahnhof flughafen friedhof heimweg umweg rückweg arbeitsweg postweg",
    "supermarkt baumarkt wochenmarkt spielplatz campingplatz rechtsweg dienstweg feldweg nachtrag beitrag vortrag",
    "vertrag auftrag betrag antrag eintrag abtrag hinweg unterwegs",
)
_OPENS = german("am an im in auf unter zum zur bei hinter vor der den dem alten alte alter neuen neue neuer")
"""Before names of streets without a street word: "am Hang 3", "unter den Linden 5"."""
_NO_NAME = ASIDES | SENTENCE_WORDS | german("wohne wohnt adresse anschrift lautet straße hausnummer lieferung an nach")
_BETWEEN = german(". , nummer hausnummer nr")
_AFTER_NUMBER = german(", in und a b c d e f g h links rechts postleitzahl plz stock etage hinterhaus wohnung d")
_LETTERS = frozenset("abcdefgh")
_LONGEST_NUMBER, _LONGEST_NAME, _LONGEST_CITY = 6, 3, 2
_POSTCODE_DIGITS = (4, 5)
_ASKED_ANSWER = 22


class GermanAddresses:
    """PostalAddresses."""

    def spans(self, text: str, plain: str, tokens: list[Token], *, expected: bool) -> list[tuple[int, int]]:
        found = [(tokens[first].start, tokens[last].end) for first, last in _streets(text, tokens)]
        if expected and not found and (answer := _answer(tokens)):
            found.append(answer)
        return found

    def begun(self, tokens: list[Token]) -> int | None:
        """A street at the end of the text, with or without the first words of its number."""
        for i in range(len(tokens) - 1, max(-1, len(tokens) - _LONGEST_NUMBER - 2), -1):
            if _is_street(tokens, i):
                return tokens[_street_start(tokens, i)].start
            if not (_is_number(tokens[i]) or tokens[i].text in _BETWEEN or tokens[i].text in _LETTERS):
                return None
        return None


def _is_number(token: Token) -> bool:
    word = token.text
    return word.isdecimal() or bool(re.fullmatch(r"\d{1,4}[a-h]?", word)) or may_begin_a_number(word, NUMBERS)


def _is_street(tokens: list[Token], i: int) -> bool:
    word = tokens[i].text
    if word in _NO_STREET:
        return False
    if _STREET.fullmatch(word) and not known_names().is_ordinary(word):
        return True
    return (
        bool(_STREET.fullmatch(word) and word.endswith(("strase", "strasse")))
        or (
            i > 0
            and bool(_ALONE.fullmatch(word))
            and tokens[i - 1].text not in _NO_NAME
            and tokens[i - 1].text[0].isalpha()
        )
        or (i > 1 and bool(_ALONE.fullmatch(word)) and tokens[i - 1].text == "-")
    )


def _street_start(tokens: list[Token], i: int) -> int:
    """Back over "Berliner", "Karl - Marx -", "Am Alten"."""
    first = i
    if _ALONE.fullmatch(tokens[i].text) or (i > 0 and tokens[i - 1].text == "-"):
        for _ in range(_LONGEST_NAME):
            if first > 1 and tokens[first - 1].text == "-":
                first -= 2
            elif (
                first > 0
                and first == i
                and tokens[first - 1].text not in _NO_NAME
                and tokens[first - 1].text[0].isalpha()
            ):
                first -= 1
    while first > 0 and tokens[first - 1].text in ("alten", "alte", "neuen", "neue", "grosen", "kleinen", "langen"):
        first -= 1
    if first > 0 and tokens[first - 1].text in ("am", "an", "unter") and first < i:
        first -= 1
    return first


def _streets(text: str, tokens: list[Token]) -> list[tuple[int, int]]:
    """First and last token of each street with its number, postcode and town."""
    found: list[tuple[int, int]] = []
    for i in range(len(tokens)):
        if found and i <= found[-1][1]:
            continue
        first = _street_start(tokens, i) if _is_street(tokens, i) else None
        number = i + 1
        if first is None and (opened := _opened(text, tokens, i)):
            first, number = opened
        if first is None:
            continue
        if (last := _number_end(tokens, number)) is not None:
            found.append((first, _with_town(text, tokens, last)))
    return found


def _opened(text: str, tokens: list[Token], i: int) -> tuple[int, int] | None:
    """ "Am Hang 3", "Unter den Linden 5": a preposition with a capital in mid-sentence, one or two capitals, a number."""
    if tokens[i].text not in ("am", "im", "an", "unter", "auf", "zum", "zur", "in") or i + 2 >= len(tokens):
        return None
    if not text[tokens[i].start].isupper() and not (
        i and tokens[i - 1].text in ("adresse", "ist", "lautet", "in", ",")
    ):
        return None
    at = i + 1
    while at < len(tokens) and at - i <= 3 and (tokens[at].text in _OPENS or text[tokens[at].start].isupper()):
        at += 1
    is_named = (
        at > i + 1 and text[tokens[at - 1].start].isupper() and not known_names().is_ordinary(tokens[at - 1].text)
    )
    return (i, at) if is_named else None


def _number_end(tokens: list[Token], at: int) -> int | None:
    """The last token of a house number that begins at ``at``; None where none does."""
    while at < len(tokens) and tokens[at].text in _BETWEEN:
        at += 1
    last: int | None = None
    while at < len(tokens) and (last is None or at - last <= 1):
        if _is_number(tokens[at]) or (last is not None and tokens[at].text in _LETTERS):
            last = at
        elif last is None or tokens[at].text not in ("-", "/", "und", "bis"):
            break
        elif not (at + 1 < len(tokens) and _is_number(tokens[at + 1])):
            break
        else:
            last = at
        at += 1
    if last is not None and last + 1 < len(tokens) and tokens[last + 1].text in NUMBERS.units_of_measure - {"oder"}:
        return None
    return last


def _with_town(text: str, tokens: list[Token], last: int) -> int:
    """On to "80331 München" or "in München" behind the house number."""
    at = last + 1
    while at < len(tokens) and at - last <= 4 and tokens[at].text in _AFTER_NUMBER | ASIDES | german("das"):
        at += 1
    digits = at
    while at < len(tokens) and _is_number(tokens[at]):
        at += 1
    is_postcode = at > digits
    is_in = digits > last + 1 and tokens[digits - 1].text in ("in", ",")
    if not is_postcode and not is_in:
        return last
    town = at
    while town < len(tokens) and town - at < _LONGEST_CITY and _is_town(text, tokens[town]):
        town += 1
    if town > at:
        return _with_part(text, tokens, town - 1)
    return at - 1 if is_postcode else last


def _is_town(text: str, token: Token) -> bool:
    word = token.text
    if not word.isalpha() or word in _NO_NAME or word in NUMBERS.units_of_measure or known_names().is_ordinary(word):
        return word in known_names().places
    return text[token.start].isupper() or not any(c.isupper() for c in text)


def _with_part(text: str, tokens: list[Token], last: int) -> int:
    """ "Frankfurt am Main", "Bad Homburg v. d. Höhe", "Köln-Deutz"."""
    if last + 2 < len(tokens) and tokens[last + 1].text in ("am", "an", "im", "bei", "-", "ob", "der"):
        if tokens[last + 2].text in ("main", "rhein", "der", "see", "neckar") or tokens[last + 1].text == "-":
            return last + 2
    return last


def _answer(tokens: list[Token]) -> tuple[int, int] | None:
    """A short answer with a number in it where an address was asked for."""
    if len(tokens) > _ASKED_ANSWER or not any(map(_is_number, tokens)):
        return None
    own = [t for t in tokens if t.text not in _NO_NAME and (t.text.isalnum())]
    return (own[0].start, own[-1].end) if len(own) > 1 else None
