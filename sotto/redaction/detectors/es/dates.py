"""How dates are said in Spanish: "el doce de marzo de mil novecientos ochenta y cinco", "doce del tres del 85"."""

from __future__ import annotations

import re

from sotto.redaction.detectors.es.number_words import SOUND_ALIKES, TEENS, TENS, UNITS
from sotto.redaction.detectors.es.words import spanish
from sotto.redaction.detectors.spoken.numbers.dates import DateGrammar

_MONTH = r"(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre)"
_UNIT = r"(?:uno|un|dos|tres|cuatro|cinco|seis|siete|ocho|nueve)"
_TEEN = (
    r"(?:once|doce|trece|catorce|quince|dieciseis|diecisiete|dieciocho|diecinueve|veinti(?:un|una|uno|dos|tres|cuatro|"
    r"cinco|seis|siete|ocho|nueve))"
)
_TENS = r"(?:diez|veinte|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa)"
_TWO = rf"(?:{_TENS} ?[yi] ?{_UNIT}|{_TENS}|{_TEEN})"
_SMALL = rf"(?:{_TWO}|cero {_UNIT}|{_UNIT})"
_DAY = rf"(?:primero|{_SMALL}|(?:0?[1-9]|[12]\d|3[01]))"
_DAY_OF = r"(?:dia )?"
_YEAR = rf"(?:mil (?:novecientos|ochocientos)(?: {_SMALL})?|dos ?mil(?: {_SMALL})?|(?:19|20)\d\d|veinte {_TEEN})"
_SHORT_YEAR = rf"(?:{_SMALL}|\d\d)"
_OF = r" (?:(?:de|del|en|ano|el) ){0,3}"
_COUNTED = rf"(?:{_SMALL}|0?[1-9]|1[0-2])"
_DAY_MONTH = rf"(?:{_DAY} de(?:l mes de)? {_MONTH}|{_MONTH} {_DAY}|{_DAY} {_MONTH})"
_DAY_COUNTED = rf"(?:{_DAY} (?:del?|[-/]) (?:mes )?{_COUNTED})"
_FULL = re.compile(rf"\b(?:{_DAY_MONTH}{_OF}|{_DAY_COUNTED} (?:del?|[-/]) (?:ano )?)(?P<year>{_YEAR})\b")
_PART = re.compile(
    rf"\b(?:{_DAY_MONTH}(?:{_OF}{_SHORT_YEAR})?|{_DAY_COUNTED} (?:del?|[-/]) (?:ano )?{_SHORT_YEAR}|"
    rf"{_MONTH} (?:del? )?(?:{_YEAR}|{_SHORT_YEAR})|{_YEAR})\b"
)
_BEGUN_YEAR = rf"(?:mil(?: novecientos)?|dos(?: mil)?|{_TENS}(?: y)?|cero|19|20|19\d|20\d)"
_BEGUN = re.compile(
    rf"\b(?:{_DAY_MONTH}(?:{_OF}{_SHORT_YEAR}|{_OF}{_BEGUN_YEAR}| (?:(?:del?|en|el|ano) ?){{1,3}})?|"
    rf"{_DAY_COUNTED}(?: del?| [-/])?(?: {_BEGUN_YEAR})?|{_DAY} (?:del?|de)(?: mes de)?|"
    rf"{_MONTH}(?: del?)?(?: {_BEGUN_YEAR})?|"
    rf"(?:el )?(?:dia )?{_DAY}(?: y)?|el|dia)$"
)
_WORD = re.compile(rf"^(?:{_MONTH}|primero|{_YEAR}|{_SMALL}|cero|mil|novecientos|ochocientos|\w*\d\w*)$")

DATES = DateGrammar(
    hint=re.compile(rf"\b{_MONTH}\b|\bmil\b|\b(?:19|20)\d\d\b|\bdel\b"),
    full=_FULL,
    part=_PART,
    begun=_BEGUN,
    grown=re.compile(rf"^(?:mil (?:ochocientos|novecientos)|18|19|dos ?mil(?! {_TWO})|20 ?0\d)"),
    word=_WORD,
    within=spanish("el de del en año día mil novecientos cero y / -"),
    day_or_month=re.compile(rf"{_MONTH}|primero|{_SMALL}|\d{{1,2}}"),
    month_or_year=re.compile(rf"{_MONTH}|(?:19|20)\d\d|mil|novecientos|{_TEEN}"),
    joining=spanish(", de del el en año y eh este"),
    begun_by_alone=spanish("el dia"),
    seldom=frozenset({*UNITS, *TEENS, *TENS, *SOUND_ALIKES}),
    before=spanish("es el fue en la día nací soy mi creo número un una"),
    not_birth=spanish("desde hasta"),
    expiry=re.compile(
        rf"\b(?:(?:finales de )?(?P<month>{_MONTH})|{_SMALL}|\d{{1,2}})(?: (?:del?|ano|barra|/|-|\.)){{0,2}} ?"
        rf"(?:{_YEAR}|{_SHORT_YEAR})\b"
    ),
    year_of_two_digits=frozenset("/"),
)
