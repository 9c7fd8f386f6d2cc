"""Reads spoken numbers back into digits. Written apart from the generators: by addition, not by their tables."""

from __future__ import annotations

import re

_EN = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90, "zero": 0, "oh": 0,
}  # fmt: skip
_DE_ONES = {
    "null": 0, "ein": 1, "eins": 1, "zwei": 2, "zwo": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7,
    "acht": 8, "neun": 9, "zehn": 10, "elf": 11, "zwölf": 12, "sechzehn": 16, "siebzehn": 17,
    "dreizehn": 13, "vierzehn": 14, "fünfzehn": 15, "achtzehn": 18, "neunzehn": 19,
}  # fmt: skip
_DE_TENS = {
    "zwanzig": 20, "dreißig": 30, "vierzig": 40, "fünfzig": 50, "sechzig": 60, "siebzig": 70, "achtzig": 80,
    "neunzig": 90,
}  # fmt: skip
_ES = {
    "cero": 0, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9,
    "diez": 10, "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciséis": 16, "diecisiete": 17,
    "dieciocho": 18, "diecinueve": 19, "veinte": 20, "veintiuno": 21, "veintidós": 22, "veintitrés": 23,
    "veinticuatro": 24, "veinticinco": 25, "veintiséis": 26, "veintisiete": 27, "veintiocho": 28, "veintinueve": 29,
    "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80, "noventa": 90,
    "cien": 100, "ciento": 100, "doscientos": 200, "trescientos": 300, "cuatrocientos": 400, "quinientos": 500,
    "seiscientos": 600, "setecientos": 700, "ochocientos": 800, "novecientos": 900,
}  # fmt: skip
_TIMES = {
    "en": [(r"\bdouble (\w+)", 2), (r"\b(?:triple|treble) (\w+)", 3)],
    "de": [(r"\b(?:doppel[- ]|zweimal die |zwei mal )(\w+)", 2), (r"\b(?:dreimal die |drei mal |dreimal )(\w+)", 3)],
    "es": [(r"\b(?:doble|dos veces) (\w+)", 2), (r"\b(?:triple|tres veces) (\w+)", 3)],
}


def digits_of(text: str, language: str) -> str:
    """``"double four twenty one"`` is ``4421``; what is in digits stays, commas and spaces go."""
    text = text.lower().replace(",", " ")
    for pattern, times in _TIMES[language]:
        text = re.sub(pattern, lambda found, times=times: " ".join([found[1]] * times), text)
    return {"en": _english, "de": _german, "es": _spanish}[language](text.split())


def _english(words: list[str]) -> str:
    out, at = "", 0
    while at < len(words):
        value, at = _EN.get(words[at]), at + 1
        if value is None:
            out += words[at - 1]
            continue
        if words[at : at + 1] == ["hundred"]:
            value, at = value * 100, at + 1
            if words[at : at + 1] == ["and"]:
                value, at = value + _EN[words[at + 1]], at + 2
        starts_hundreds = words[at + 1 : at + 2] == ["hundred"]
        is_ten = value % 100 >= 20 and value % 10 == 0
        if is_ten and not starts_hundreds and 0 < _EN.get(" ".join(words[at : at + 1]), 0) < 10:
            value, at = value + _EN[words[at]], at + 1
        out += str(value)
    return out


def _german(words: list[str]) -> str:
    return "".join(word if word.isdigit() else str(_german_number(word)) for word in words)


def _german_number(word: str) -> int:
    head, hundred, rest = word.partition("hundert")
    if hundred:
        return _DE_ONES[head] * 100 + (_german_number(rest) if rest else 0)
    if word in _DE_ONES:
        return _DE_ONES[word]
    if word in _DE_TENS:
        return _DE_TENS[word]
    one, _, ten = word.partition("und")
    return _DE_ONES[one] + _DE_TENS[ten]


def _spanish(words: list[str]) -> str:
    out, at = "", 0
    while at < len(words):
        value, at = _ES.get(words[at]), at + 1
        if value is None:
            out += words[at - 1]
            continue
        if value > 100 or words[at - 1] == "ciento":
            following = _ES.get(" ".join(words[at : at + 1]), 0)
            if 0 < following < 100:
                value, at = value + following, at + 1
        if words[at : at + 1] == ["y"]:
            value, at = value + _ES[words[at + 1]], at + 2
        out += str(value)
    return out
