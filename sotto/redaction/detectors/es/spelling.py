"""How letters are named in Spanish: "be de Barcelona", "uve", "eñe", "i griega"."""

from __future__ import annotations

from sotto.redaction.detectors.es.words import spanish
from sotto.redaction.detectors.spoken.numbers.codes import SpellingWords

LETTER_NAMES = spanish(
    "efe hache jota eñe erre uve ve zeta equis ele eme ene ka cu ge ese pe be ce te de griega doble",
) - spanish("ese te de doble be pe ve ce")
LETTER_SOUNDS = spanish(
    "a be ce de e efe ge hache i jota ka ele eme ene eñe o pe cu erre ere ese te u uve ve equis ye zeta doble doblevé",
    "griega latina mayúscula minúscula larga corta",
)
NAMED = {
    "a": "a", "be": "b", "ce": "c", "de": "d", "e": "e", "efe": "f", "ge": "g", "hache": "h", "i": "i", "jota": "j",
    "ka": "k", "ele": "l", "eme": "m", "ene": "n", "o": "o", "pe": "p", "cu": "q", "erre": "r", "ere": "r",
    "ese": "s", "te": "t", "u": "u", "uve": "v", "ve": "v", "equis": "x", "ye": "y", "griega": "y", "zeta": "z",
}  # fmt: skip
LIKE = spanish("de como")
"""B "de" Barcelona, B "como" Barcelona."""

SPELLING = SpellingWords(
    letters=LETTER_NAMES,
    sounds_like_a_letter=LETTER_SOUNDS,
    words_of_one_letter=frozenset("aeouyi"),
    acronyms=spanish("ok id dni nie nif iban tv pin pc sms app usb gps sa sl sr sra dr dra ee uu ue iva cvv adsl"),
    like=LIKE,
    named=NAMED,
    between=spanish(", - . y eh este luego espacio guión punto"),
)
