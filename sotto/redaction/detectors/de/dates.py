"""How dates are put in German: "am zwölften März neunzehnhundertachtzig", "zwölfter dritter 85", "12.3.1985"."""

from __future__ import annotations

import re

from sotto.redaction.detectors.de.number_words import SOUND_ALIKES, TEENS, TENS, UNITS
from sotto.redaction.detectors.de.words import german, pattern
from sotto.redaction.detectors.spoken.numbers.dates import DateGrammar

_MONTH = pattern(
    r"(?:januar|jänner|jan|februar|feber|feb|märz|mrz|april|apr|mai|juni|juno|jun|juli|julei|jul|august|aug|september|"
    r"sept|sep|oktober|okt|november|nov|dezember|dez)"
)
_UNIT = pattern(r"(?:eins|ein|zwei|zwo|drei|vier|fünf|sechs|sieben|acht|neun)")
_TEEN = pattern(r"(?:zehn|elf|zwölf|dreizehn|vierzehn|fünfzehn|sechzehn|siebzehn|achtzehn|neunzehn)")
_TENS = pattern(r"(?:zwanzig|dreißig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig)")
_TWO = rf"(?:{_UNIT} ?und ?{_TENS}|{_TEEN}|{_TENS})"
_SMALL = rf"(?:{_TWO}|null {_UNIT}|{_UNIT})"
_MONTH_STEM = pattern(r"(?:ers|zwei|zwo|drit|vier|fünf|sechs|sieben|sieb|ach|neun|zehn|elf|zwölf)")
_STEM = pattern(
    rf"(?:(?:{_UNIT} ?und ?)?(?:zwanzig|dreißig)s|(?:drei|vier|fünf|sech|sieb|acht|neun)zehn|{_MONTH_STEM})"
)
_WRITTEN = r"(?:0?[1-9]|[12]\d|3[01])(?: ?\.)?"
_DAY = rf"(?:{_STEM}te[nrsm]?|{_WRITTEN}|{_SMALL})"
_NAMED_MONTH = rf"(?:{_MONTH}(?: \.)?)"
_COUNTED_MONTH = rf"(?:{_MONTH_STEM}te[nrsm]?|(?:0?[1-9]|1[0-2])(?: ?\.)?)"
_YEAR = (
    rf"(?:(?:neunzehn|achtzehn) ?hundert(?: ?(?:und ?)?{_SMALL})?|zwei ?tausend(?: ?(?:und ?)?{_SMALL})?|"
    rf"neunzehn ?{_TWO}|zwanzig {_TWO}|(?:19|20) ?\d\d)"
)
_SHORT_YEAR = rf"(?:{_SMALL}|' ?\d\d|\d\d)"
_IN = r" (?:(?:im|jahr|jahre|des|jahres|anno|und|,) ){0,3}"
_DAY_MONTH = rf"(?:{_DAY} (?:im |des )?(?:{_NAMED_MONTH}|{_COUNTED_MONTH}))"
_FULL = re.compile(rf"\b{_DAY_MONTH}{_IN}(?P<year>{_YEAR})\b")
_PART = re.compile(
    rf"\b(?:{_DAY} {_NAMED_MONTH}(?:{_IN}{_SHORT_YEAR})?|{_STEM}te[nrsm]? {_COUNTED_MONTH}(?:{_IN}{_SHORT_YEAR})?|"
    rf"\d\d?(?: ?\.) {_COUNTED_MONTH}(?:{_IN}{_SHORT_YEAR})|{_NAMED_MONTH}{_IN}(?:{_YEAR}|{_SHORT_YEAR})|{_YEAR})\b"
)
_BEGUN_YEAR = (
    rf"(?:neunzehn(?: ?hundert(?: ?und)?)?|zwei|zwanzig|zwei ?tausend(?: ?und)?|null|{_UNIT} ?und|19|20|19 \d)"
)
_BEGUN = re.compile(
    rf"\b(?:{_DAY_MONTH}(?:{_IN}{_SHORT_YEAR}|{_IN}{_BEGUN_YEAR}| (?:(?:im|jahr|jahre) ?){{1,2}})?|"
    rf"{_STEM}te[nrsm]?(?: im| des)?|{_WRITTEN}|{_NAMED_MONTH}(?: (?:im|jahr|jahre|anno)){{0,2}}(?: {_BEGUN_YEAR})?|"
    rf"der|am|den)$"
)
_WORD = re.compile(
    rf"^(?:{_MONTH}|{_STEM}te[nrsm]?|{_YEAR}|{_SMALL}|{_UNIT}und|null|hundert|tausend|neunzehnhundertund|\w*\d\w*)$"
)
_GROWN = re.compile(rf"^(?:achtzehn|neunzehn|18|19|zwei ?tausend(?! ?(?:und ?)?{_TWO})|20 ?0\d)")

DATES = DateGrammar(
    hint=re.compile(rf"\b{_MONTH}\b|te[nrsm]?\b|hundert|tausend|\bneunzehn|\bzwanzig|\b(?:19|20) ?\d\d\b"),
    full=_FULL,
    part=_PART,
    begun=_BEGUN,
    grown=_GROWN,
    word=_WORD,
    within=german("der am den im des und jahr jahre anno hundert tausend null . ,"),
    day_or_month=re.compile(rf"{_MONTH}|{_STEM}te[nrsm]?|\d{{1,2}}"),
    month_or_year=re.compile(rf"{_MONTH}|(?:19|20)\d\d|(?:neunzehn|zwei)(?:hundert|tausend)\w*"),
    joining=german(", . und der den im jahr jahre äh ähm"),
    begun_by_alone=german("der am den"),
    seldom=frozenset({*UNITS, *TEENS, *TENS, *SOUND_ALIKES}),
    before=german("das ist war am der den im es ich bin wurde geboren glaube nummer ein eine"),
    not_birth=german("seit bis ab vom zum"),
    expiry=re.compile(
        rf"\b(?:(?:ende )?(?P<month>{_NAMED_MONTH})|{_COUNTED_MONTH}|{_SMALL}|\d{{1,2}})"
        rf"(?: (?:im|jahr|schragstrich|strich|slash|/|-|\.|,)){{0,2}} ?(?:{_YEAR}|{_SHORT_YEAR})\b"
    ),
    year_of_two_digits=frozenset("./"),
    numeric=re.compile(
        r"(?<![\d/.-])(?:(?P<year>(?:19|20)\d\d)[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.] ?\d{1,2}[-/.] ?(?P<last>\d{4}|"
        r"\d{2}))(?![\d/-])"
    ),
)
