"""How letters are named in German: "Anton", "B wie Berta", "Doppel-L", "scharfes S"."""

from __future__ import annotations

from sotto.redaction.detectors.de.words import german
from sotto.redaction.detectors.spoken.numbers.codes import SpellingWords

LETTER_NAMES = german(
    "anton ärger aerger berta bertha cäsar caesar charlotte dora emil friedrich gustav heinrich ida julius kaufmann",
    "konrad ludwig martha nordpol otto ökonom paula quelle samuel schule siegfried theodor ulrich übermut viktor",
    "wilhelm xanthippe ypsilon zacharias zeppelin zürich anna daniel david gustaf jakob kaiser leopold marie niklaus",
    "peter rosa sophie zacharias österreich xaver eszett rufzeichen",
)
"""DIN 5009 as most people know it, with the Austrian and Swiss names."""
LETTER_SOUNDS = german(
    "be ce ze de ge ha jot ka el em en pe ku qu er es te vau fau we ix zet zett tset ypsilon äs äf er umlaut",
    "scharfes doppel groß klein großes kleines",
)

NAMED = {
    "be": "b", "ce": "c", "ze": "c", "de": "d", "ge": "g", "ha": "h", "jot": "j", "ka": "k", "el": "l", "em": "m",
    "en": "n", "pe": "p", "ku": "q", "qu": "q", "er": "r", "es": "s", "te": "t", "vau": "v", "fau": "v", "we": "w",
    "ix": "x", "ypsilon": "y", "zet": "z", "zett": "z",
}  # fmt: skip

SPELLING = SpellingWords(
    letters=LETTER_NAMES,
    sounds_like_a_letter=LETTER_SOUNDS,
    words_of_one_letter=frozenset(),
    acronyms=german(
        "ok id ag kg ev eu tv pin tan dvd iban sms app usb gps lte dsl adac pkw lkw tüv aok dak gez wg plz"
    ),
    like=german("wie für"),
    named=NAMED,
    between=german(", - . und äh ähm dann leerzeichen bindestrich strich schrägstrich punkt"),
)
