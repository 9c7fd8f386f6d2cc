"""English."""

from __future__ import annotations

from stdnum.us import ssn

from sotto.redaction.detectors.en.addresses import EnglishAddresses
from sotto.redaction.detectors.en.announcements import ANNOUNCING
from sotto.redaction.detectors.en.dates import DATES
from sotto.redaction.detectors.en.emails import EMAIL_WORDS
from sotto.redaction.detectors.en.names.words import NAMES
from sotto.redaction.detectors.en.number_words import NUMBERS
from sotto.redaction.detectors.en.secrets import SECRET_WORDS
from sotto.redaction.detectors.en.sentence_words import SENTENCE_WORDS
from sotto.redaction.detectors.en.spelling import SPELLING
from sotto.redaction.detectors.en.written import WRITTEN
from sotto.redaction.detectors.folding import in_lower_case
from sotto.redaction.detectors.spoken.language import Language
from sotto.redaction.detectors.spoken.pack import SpokenPack
from sotto.redaction.detectors.tokens import HESITATION
from sotto.tenants.redaction_rules import PrivateKind


def _identity_of(digits: str) -> PrivateKind | None:
    if len(digits) == 9 and ssn.is_valid(f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"):
        return PrivateKind.SOCIAL_SECURITY
    return None


ENGLISH = SpokenPack(
    Language(
        plain=in_lower_case,
        hesitation=HESITATION,
        numbers=NUMBERS,
        dates=DATES,
        spelling=SPELLING,
        written=WRITTEN,
        announcing=ANNOUNCING,
        sentence_words=SENTENCE_WORDS,
        secrets=SECRET_WORDS,
        emails=EMAIL_WORDS,
        names=NAMES,
        addresses=EnglishAddresses(),
        regions=(),
        identity_of=_identity_of,
    )
)
PACK = ENGLISH
