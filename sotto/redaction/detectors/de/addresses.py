"""German postal addresses: the street, then its number ("Lindenstraße zwölf b", "Am Alten Markt 3, 50667 Köln")."""

from __future__ import annotations

import re

from sotto.redaction.detectors.de.names.known_names import known_names
from sotto.redaction.detectors.de.number_words import ASIDES, NUMBERS
from sotto.redaction.detectors.de.sentence_words import SENTENCE_WORDS
from sotto.redaction.detectors.de.spelling import SPELLING
from sotto.redaction.detectors.de.words import german
from sotto.redaction.detectors.spoken.addresses.hints import HintWords, hinted, with_town_before
from sotto.redaction.detectors.spoken.addresses.tail import (
    AddressWords,
    short_answer,
    tail_end,
    with_correction,
    with_house_letter,
)
from sotto.redaction.detectors.spoken.numbers.digit_runs import Wording, runs_of
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
    "supermarkt baumarkt wochenmarkt spielplatz campingplatz rechtsweg dienstweg nachtrag beitrag vortrag",
    "vertrag auftrag betrag antrag eintrag abtrag hinweg unterwegs",
)
_OPENS = german("am an im in auf unter zum zur bei hinter vor der den dem alten alte alter neuen neue neuer")
"""Before names of streets without a street word: "am Hang 3", "unter den Linden 5"."""
_BEGINS = german("am im an unter auf zum zur in")
_ADJECTIVES = german("alten alte alter neuen neue neuer großen kleinen langen hohen unteren oberen")
_NO_NAME = ASIDES | SENTENCE_WORDS | german("wohne wohnt adresse anschrift lautet straße hausnummer lieferung an nach")
_BETWEEN = german(". , nummer hausnummer nr")
_LETTERS = frozenset("abcdefgh")
_LONGEST_NUMBER, _LONGEST_NAME = 6, 3
_SHORT_NAME = 4
"""Letters: "Bergacker 5 in Liestal" is a street, "Punkt 5" is none."""
_ASKED_ANSWER = 24
_WORDS = AddressWords(
    numbers=NUMBERS,
    spelling=SPELLING,
    joining=german(", . - in nach und das ist postleitzahl plz im also d at ch"),
    into=german("in nach"),
    parts=german(
        "stock etage hinterhaus vorderhaus wohnung links rechts erdgeschoss dachgeschoss stiege tür top haus",
        "erster zweiter dritter vierter fünfter sechster erste zweite dritte vierte fünfte sechste ersten zweiten",
        "dritten vierten fünften",
        "obergeschoss untergeschoss og eg ug dg aufgang eingang treppe seitenflügel parterre hochparterre",
        "souterrain gartenhaus quergebäude",
        "apartment appartement mitte stockwerk geschoss",
    ),
    within_towns=german("am an der im bei ob in sankt st bad auf dem"),
    town_begins=german("bad sankt st neu groß klein alt ober unter nieder"),
    corrects=german("nein nee sorry entschuldigung pardon moment quatsch falsch äh ähm doch"),
    no_town=SENTENCE_WORDS
    | NUMBERS.units_of_measure
    | german("ja nein bitte danke richtig ort stadt wohnort straße adresse hausnummer nur also der ordnung fall"),
    known=known_names,
)


def _may_be_talk(tokens: list[Token], i: int) -> bool:
    """ "ist der Strom weg": without a number behind it."""
    if not _ALONE.fullmatch(tokens[i].text) or i == 0:
        return False
    before = tokens[i - 1]
    return before.text != "-" and not before.text.endswith("er") and _is_ordinary(before)


def _street_end(tokens: list[Token], at: int) -> int | None:
    """A word for a street among the next few, or "am Mühlbach"."""
    opens, named, words = at < len(tokens) and tokens[at].text in _OPENS, None, 0
    for i in range(at, len(tokens)):
        word = tokens[i].text
        if _is_street(tokens, i) and not _may_be_talk(tokens, i):
            return i
        words += word != "-"
        if words > _LONGEST_NAME + 1:
            break
        if word == "-" or word in _OPENS or word in _ADJECTIVES:
            continue
        if not word.isalpha() or word in _WORDS.no_town or _WORDS.is_number(tokens[i]):
            break
        if opens and named is None and i > at and not _is_ordinary(tokens[i]):
            named = i
    return named


_HINTS = HintWords(
    corner=re.compile(r"\b(?:an der |die )?ecke (?:von |der |zur )?"),
    joints=german("und mit zur zum"),
    box=re.compile(r"\b(?P<box>postfach)(?:nummer)?(?: ist| lautet)?(?= )"),
    village=re.compile(
        r"\b(?:dorf|ort|weiler|gemeinde|kaff|nest|ortschaft|ortsteil)(?: namens| mit namen|,? das heisst|"
        r",? der heisst| heisst)? (?=\w)"
    ),
    lives=re.compile(
        r"\b(?:(?:ich|wir|er|sie|mutter|vater|sohn|tochter) )?(?:wohn(?:e|en|t|te|ten)|leb(?:e|en|t)|zieh(?:e|en|"
        r"t)|umgezogen|gezogen)"
        r"(?: (?:ich|wir|er|sie|jetzt|nun|seit \w+|schon|immer noch|noch|aktuell|zurzeit))* (?:in|nach|am|im|an|"
        r"bei|auf) (?:der |dem |den |die )?"
        r"|\b(?:in|an|auf) (?:der |dem )(?=[\w-]+ (?:[\w-]+ )?(?:aufgewachsen|gewohnt|gelebt|gross geworden|geboren)\b)"
    ),
    house=re.compile(
        r"\b(?:haus|hof|gut|anwesen|huette) (?:heisst|nennt sich|namens) (?=\w)|\b(?:hof|gut|weiler) in (?=\w)"
    ),
    house_words=german("gut hof haus villa mühle gutshof forsthaus schloss burg"),
    house_word_leads=True,
    numbered=german("nummer hausnummer nr"),
    linking=german("in auf an am im der dem den von vom"),
    before_postcode=re.compile(r"\b(?:,? )?(?:und )?(?:die )?(?:postleitzahl|plz)\b"),
    near=german("bei nahe in der nähe von kreis landkreis"),
    street_end=_street_end,
)


class GermanAddresses:
    """PostalAddresses."""

    def spans(self, text: str, plain: str, tokens: list[Token], *, expected: bool) -> list[tuple[int, int]]:
        stretches = [*_streets(text, tokens, expected=expected), *_towns(text, tokens)]
        stretches += hinted(text, plain, tokens, _WORDS, _HINTS, expected=expected and not stretches)
        begun = [(with_town_before(text, tokens, first, _WORDS), last) for first, last in stretches]
        found = [(tokens[first].start, tokens[last].end) for first, last in begun]
        if expected and not found and (answer := _answer(tokens)):
            found.append(answer)
        return found

    def begun(self, tokens: list[Token]) -> int | None:
        """A street at the end of the text, with or without the first words of its number."""
        for i in range(len(tokens) - 1, max(-1, len(tokens) - _LONGEST_NUMBER - 2), -1):
            if _is_street(tokens, i):
                return tokens[_street_start(tokens, i)].start
            if not (_WORDS.is_number(tokens[i]) or tokens[i].text in _BETWEEN or tokens[i].text in _LETTERS):
                return None
        return None


def _is_street(tokens: list[Token], i: int) -> bool:
    word = tokens[i].text
    if word in _NO_STREET:
        return False
    if _STREET.fullmatch(word) and (word.endswith(("strase", "strasse")) or not known_names().is_ordinary(word)):
        return True
    if i == 0 or not _ALONE.fullmatch(word):
        return False
    before = tokens[i - 1].text
    return (before == "-" and i > 1) or (before not in _NO_NAME and before[0].isalpha())


def _street_start(tokens: list[Token], i: int) -> int:
    """Back over "Berliner", "Karl - Marx -", "Am Alten"."""
    first = i
    if _ALONE.fullmatch(tokens[i].text) or (i > 0 and tokens[i - 1].text == "-"):
        for _ in range(_LONGEST_NAME):
            before = tokens[first - 1].text if first > 0 else ""
            if first > 1 and before == "-":
                first -= 2
            elif first == i and before and before not in _NO_NAME and before[0].isalpha():
                first -= 1
    while first > 0 and tokens[first - 1].text in _ADJECTIVES:
        first -= 1
    return first - (0 < first < i and tokens[first - 1].text in ("am", "an", "unter"))


def _streets(text: str, tokens: list[Token], *, expected: bool) -> list[tuple[int, int]]:
    """First and last token of each street with its number, postcode and town."""
    found: list[tuple[int, int]] = []
    for i in range(len(tokens)):
        if found and i <= found[-1][1]:
            continue
        if _is_street(tokens, i):
            first, number, is_sure = _street_start(tokens, i), i + 1, True
        elif opened := _opened(text, tokens, i):
            first, number, is_sure = opened
        else:
            continue
        if (last := _number_end(tokens, number)) is None:
            continue
        end = tail_end(text, tokens, last, _WORDS, expected=expected)
        if is_sure or expected or end > last:
            found.append((first, end))
    return found


def _opened(text: str, tokens: list[Token], i: int) -> tuple[int, int, bool] | None:
    """First token, where the number begins, and whether it is sure, of "Am Hang 3", "Unter den Linden 5", "Bergacker
    Hausnummer 4". Not sure: without capitals only a postcode or a town behind it makes an address."""
    if tokens[i].text in ("hausnummer", "nummer") and i > 0:
        first = i - 1
        if tokens[first].text in _NO_NAME or not tokens[first].text.isalpha() or _is_ordinary(tokens[first]):
            return None
        while first > 0 and tokens[first - 1].text in _OPENS:
            first -= 1
        return first, i, tokens[i].text == "hausnummer"
    if tokens[i].text not in _BEGINS or i + 2 >= len(tokens):
        is_strange = len(tokens[i].text) > _SHORT_NAME and known_names().is_unknown(tokens[i].text)
        is_numbered = i + 1 < len(tokens) and _WORDS.is_number(tokens[i + 1])
        return (i, i + 1, False) if is_strange and is_numbered else None
    at = i + 1
    while at < len(tokens) and at - i <= 3 and tokens[at].text in _OPENS:
        at += 1
    if at < len(tokens) and (_is_ordinary(tokens[at]) or _WORDS.is_number(tokens[at]) or not tokens[at].text.isalpha()):
        return None
    if i > 0 and tokens[i - 1].text in ("der", "die") and at + 1 < len(tokens) and _WORDS.is_number(tokens[at + 1]):
        return i, at + 1, True  # "in der Am Mühlbach 12"
    is_capital = text[tokens[i].start].isupper() or (i > 0 and tokens[i - 1].text in ("adresse", "ist", "lautet", ","))
    is_named = at < len(tokens) and text[tokens[at].start].isupper()
    return i, at + 1, is_capital and is_named


def _is_ordinary(token: Token) -> bool:
    return known_names().is_ordinary(token.text) or token.text in _NO_NAME


def _number_end(tokens: list[Token], at: int) -> int | None:
    """The last token of a house number that begins at ``at``; None where none does."""
    while at < len(tokens) and tokens[at].text in _BETWEEN:
        at += 1
    if at >= len(tokens) or not _WORDS.is_number(tokens[at]):
        return None
    last = at
    while last + 1 < len(tokens) and last - at < 1 and tokens[last + 1].text in NUMBERS.tens_join:
        if last + 2 >= len(tokens) or not _WORDS.is_number(tokens[last + 2]):
            break
        last += 2
    after = tokens[last + 1].text if last + 1 < len(tokens) else ""
    if after in NUMBERS.units_of_measure - {"oder"}:
        return None
    last = with_house_letter(tokens, last)
    if last + 2 < len(tokens) and tokens[last + 1].text in ("-", "/") and _WORDS.is_number(tokens[last + 2]):
        last += 2
    return with_correction(tokens, last, _WORDS)


def _towns(text: str, tokens: list[Token]) -> list[tuple[int, int]]:
    """ "80331 München", "neunzehn null neun Chur": a postcode and its town without a street."""
    found = []
    for run in runs_of(tokens, NUMBERS):
        is_written = len(run.atoms) == 1 and run.atoms[0].wording is Wording.WRITTEN and len(run.digits) == 5
        is_read_out = len(run.digits) in (4, 5) and len(run.atoms) > 2
        if not (is_written or is_read_out) or run.last + 1 >= len(tokens):
            continue
        town = tokens[run.last + 1]
        is_named = text[town.start].isupper() or (town.text in known_names().places)
        if is_named and town.text.isalpha() and town.text not in NUMBERS.units_of_measure and _may_be_town(town):
            found.append((run.first, tail_end(text, tokens, run.last, _WORDS, expected=True)))
    return found


def _may_be_town(token: Token) -> bool:
    return token.text in known_names().places or not _is_ordinary(token)


def _answer(tokens: list[Token]) -> tuple[int, int] | None:
    """A short answer with a number in it where an address was asked for, or a town by itself."""
    if not any(map(_WORDS.is_number, tokens)):
        return short_answer(tokens, _WORDS)
    own = [t for t in tokens if t.text not in _NO_NAME and t.text.isalnum()]
    return (own[0].start, own[-1].end) if len(own) > 1 and len(tokens) <= _ASKED_ANSWER else None
