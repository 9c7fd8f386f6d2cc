"""Words that stand for digits, as people say them and as recognisers mishear them."""

from __future__ import annotations

from sotto.redaction.detectors.spoken.numbers.number_words import NumberWords
from sotto.redaction.detectors.vocabulary import words_of

UNITS = {
    "zero": "0", "nought": "0", "naught": "0", "nil": "0", "one": "1", "two": "2", "three": "3", "four": "4",
    "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "niner": "9",
}  # fmt: skip
"""Always a digit."""

SOUND_ALIKES = {
    "oh": "0", "o": "0", "owe": "0", "won": "1", "wan": "1", "to": "2", "too": "2", "tu": "2", "tree": "3", "free": "3",
    "for": "4", "fore": "4", "foor": "4", "fife": "5", "hive": "5", "sicks": "6", "sex": "6", "sics": "6", "ate": "8",
    "ait": "8", "hate": "8", "nein": "9", "nigh": "9",
}  # fmt: skip
"""A digit only in the company of digits."""

TEENS = {
    "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16",
    "seventeen": "17", "eighteen": "18", "nineteen": "19",
}  # fmt: skip

TENS = {
    "twenty": "20", "thirty": "30", "forty": "40", "fourty": "40", "fifty": "50", "sixty": "60", "seventy": "70",
    "eighty": "80", "ninety": "90",
}  # fmt: skip

MAGNITUDES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}

REPEATS = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4}

BRIDGES = words_of(
    "- – — . , ( ) / + # : ; _ | * ~ = underscore dash hyphen space slash dot point minus stop um umm uh uhh",
    "er erm ah hmm mm then hang hold on not stroke",
    "and okay ok so that's again no sorry wait actually mean i correction rather let's see like is",
)
"""What may stand between two digits of one number: separators, hesitation, a correction in mid-number."""

ASIDES = words_of(
    "yes yeah yep yup right sure alright well it's its it the my and then okay ok so um uh er erm ah hmm",
    "please thanks number digits digit code is was first next last four that's that sorry no oh",
)
"""What may stand around the digits in an answer that is nothing but a number."""

UNITS_OF_MEASURE = words_of(
    "dollar dollars buck bucks cent cents pound pounds quid pence euro euros yen yuan percent per % $ £ € ¥",
    "o'clock oclock am pm a.m p.m second seconds minute minutes min mins hour hours day days week weeks",
    "fortnight month months year years night nights mile miles kilometre kilometres kilometer kilometers km",
    "metre metres meter meters foot feet inch inches gram grams g kg kilo kilos kilograms milligram",
    "milligrams mg ml millilitre millilitres litre litres liter liters ounce ounces oz stone degrees degree",
    "celsius fahrenheit times tablet tablets pill pills puffs unit units drops cups glasses pints passengers",
    "passenger people person adults children kids items pieces bags bag tickets ticket seats seat copies",
    "orders thousand million billion hundred grand star stars points megabytes gigabytes gb mb tb kilobytes",
    "volts watts litre bpm psi mph rpm weeks' year's old yrs yr wks months' or business working calendar more",
    "other different est pst gmt stop way year-old percentage",
)
"""A number before one of these is a quantity."""

NUMBERS = NumberWords(
    units=UNITS,
    sound_alikes=SOUND_ALIKES,
    teens=TEENS,
    tens=TENS,
    repeats=REPEATS,
    hundred=frozenset({"hundred"}),
    magnitudes=MAGNITUDES,
    hundreds={},
    alone=frozenset(),
    one_before=frozenset({"a"}),
    joins=frozenset({"and"}),
    tens_join=frozenset({"-"}),
    unit_first={},
    times=frozenset(),
    repeat_joins=frozenset(),
    bridges=BRIDGES,
    asides=ASIDES,
    units_of_measure=UNITS_OF_MEASURE,
    year_before=words_of("in since of from until year during before after by around late early mid"),
    links=words_of("is number no id of it's its with the : # * _ ( . -"),
    point="point",
    calls=words_of("call dial ring"),
    idioms=frozenset({"247"}),
    emergency=words_of("911 999 112 101 111 411 311"),
)
