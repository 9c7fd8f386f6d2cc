"""Spanish, as it is spoken in Spain and Latin America."""

from __future__ import annotations

from sotto.redaction.detectors.es.addresses import SpanishAddresses
from sotto.redaction.detectors.es.announcements import ANNOUNCING
from sotto.redaction.detectors.es.dates import DATES
from sotto.redaction.detectors.es.emails import EMAIL_WORDS
from sotto.redaction.detectors.es.names.words import NAMES
from sotto.redaction.detectors.es.number_words import NUMBERS
from sotto.redaction.detectors.es.secrets import SECRET_WORDS
from sotto.redaction.detectors.es.sentence_words import SENTENCE_WORDS
from sotto.redaction.detectors.es.spelling import SPELLING
from sotto.redaction.detectors.es.words import spanish
from sotto.redaction.detectors.es.written import WRITTEN, identity_of
from sotto.redaction.detectors.folding import without_accents
from sotto.redaction.detectors.spoken.language import Language
from sotto.redaction.detectors.spoken.pack import SpokenPack
from sotto.redaction.detectors.tokens import SIGNS_WITHIN_TALK

SPANISH = SpokenPack(
    Language(
        plain=without_accents,
        hesitation=spanish("eh em mmm mm ehm este") | SIGNS_WITHIN_TALK,
        numbers=NUMBERS,
        dates=DATES,
        spelling=SPELLING,
        written=WRITTEN,
        announcing=ANNOUNCING,
        sentence_words=SENTENCE_WORDS,
        secrets=SECRET_WORDS,
        emails=EMAIL_WORDS,
        names=NAMES,
        addresses=SpanishAddresses(),
        regions=("ES", "MX", "AR", "CO", "CL", "PE"),
        identity_of=identity_of,
    )
)
PACK = SPANISH
