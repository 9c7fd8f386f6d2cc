"""German, as it is spoken in Germany, Austria and Switzerland."""

from __future__ import annotations

from sotto.redaction.detectors.de.addresses import GermanAddresses
from sotto.redaction.detectors.de.announcements import ANNOUNCING
from sotto.redaction.detectors.de.dates import DATES
from sotto.redaction.detectors.de.emails import EMAIL_WORDS
from sotto.redaction.detectors.de.names.words import NAMES
from sotto.redaction.detectors.de.number_words import NUMBERS
from sotto.redaction.detectors.de.secrets import SECRET_WORDS
from sotto.redaction.detectors.de.sentence_words import SENTENCE_WORDS
from sotto.redaction.detectors.de.spelling import SPELLING
from sotto.redaction.detectors.de.words import german
from sotto.redaction.detectors.de.written import WRITTEN, identity_of
from sotto.redaction.detectors.folding import without_accents
from sotto.redaction.detectors.spoken.language import Language
from sotto.redaction.detectors.spoken.pack import SpokenPack
from sotto.redaction.detectors.tokens import SIGNS_WITHIN_TALK

GERMAN = SpokenPack(
    Language(
        plain=without_accents,
        hesitation=german("äh ähm öh öhm hm hmm mhm em") | SIGNS_WITHIN_TALK,
        numbers=NUMBERS,
        dates=DATES,
        spelling=SPELLING,
        written=WRITTEN,
        announcing=ANNOUNCING,
        sentence_words=SENTENCE_WORDS,
        secrets=SECRET_WORDS,
        emails=EMAIL_WORDS,
        names=NAMES,
        addresses=GermanAddresses(),
        regions=("DE", "AT", "CH"),
        identity_of=identity_of,
    )
)
PACK = GERMAN
