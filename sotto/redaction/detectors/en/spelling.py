"""How letters are named in English."""

from __future__ import annotations

from sotto.redaction.detectors.spoken.numbers.codes import SpellingWords
from sotto.redaction.detectors.vocabulary import words_of

LETTER_NAMES = words_of(
    "alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november",
    "oscar papa quebec romeo sierra tango uniform victor whiskey whisky xray x-ray yankee zulu zed zee cee dee vex",
)

SPELLING = SpellingWords(
    letters=LETTER_NAMES,
    sounds_like_a_letter=words_of(
        "bee gee jay kay ell em en pee queue cue ar are ess tee tea you ex why see sea oh double space capital",
    ),
    words_of_one_letter=words_of("a i o"),
    acronyms=words_of(
        "ok id ids atm uk us usa eu tv pin dvd mot vat iban sms app faq usb gps suv abs ac am pm mr mrs ms dr"
    ),
    like=words_of("for as"),
    between=words_of(", - . and um uh er then space dash hang on"),
)
