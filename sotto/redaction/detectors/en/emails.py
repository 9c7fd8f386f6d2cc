"""How e-mail and web addresses are read out in English."""

from __future__ import annotations

from sotto.redaction.detectors.en.number_words import REPEATS, TEENS, TENS, UNITS
from sotto.redaction.detectors.en.spelling import LETTER_NAMES
from sotto.redaction.detectors.spoken.emails import EmailWords
from sotto.redaction.detectors.vocabulary import words_of

_JOINTS = words_of("dot dash hyphen underscore plus point")
_PROVIDERS = words_of("gmail googlemail yahoo hotmail outlook icloud aol msn protonmail comcast verizon")
_SPLIT_PROVIDERS = frozenset(
    {
        ("g", "mail"),
        ("google", "mail"),
        ("hot", "mail"),
        ("i", "cloud"),
        ("proton", "mail"),
        ("a", "o", "l"),
        ("m", "s", "n"),
    }
)
_WEB_ENDINGS = words_of("com net org ai io")
_SPELLED_WEB_ENDINGS = frozenset({("c", "o", "m"), ("co", "uk"), ("co", "dot", "uk")})
_NOT_IN_A_NAME = words_of(
    "is it's its it that's that this the my your our to me us at yes yeah no email e mail address send write and or so",
    "a an on for of in by just look looking please sure okay ok right well be it'd i'm um uh with from via",
)
_CHARACTER_WORDS = frozenset({*UNITS, *TEENS, *TENS, *REPEATS, *LETTER_NAMES, "capital", "uppercase", "lowercase"})
_OTHER_DOTS = frozenset({"period", "point", "."})
_DOMAIN_ENDINGS = words_of("com net org co edu gov")

EMAIL_WORDS = EmailWords(
    says={},
    dots_in_domains=_OTHER_DOTS,
    joints=_JOINTS,
    split_joints=frozenset({("under", "score")}),
    providers=_PROVIDERS,
    split_providers=_SPLIT_PROVIDERS,
    domain_endings=_DOMAIN_ENDINGS,
    web_endings=_WEB_ENDINGS,
    spelled_web_endings=_SPELLED_WEB_ENDINGS,
    not_in_a_name=_NOT_IN_A_NAME,
    characters=_CHARACTER_WORDS,
    like=words_of("for as"),
    words_of_one_letter=words_of("a i"),
    letters=LETTER_NAMES,
)
