"""German numbers: compounds ("dreihundertzwölf", "einundzwanzig"), "zwo", "doppel-sieben", "zweimal die null"."""

from __future__ import annotations

import re
from functools import lru_cache

from sotto.redaction.detectors.de.words import german, german_map
from sotto.redaction.detectors.spoken.numbers.number_words import NumberWords

UNITS = german_map({
    "null": "0", "eins": "1", "zwei": "2", "zwo": "2", "drei": "3", "vier": "4", "fünf": "5", "sechs": "6",
    "sieben": "7", "acht": "8", "neun": "9",
})  # fmt: skip

UNIT_FIRST = {word: digit for word, digit in UNITS.items() if digit != "0"} | {"ein": "1"}
"""Before "und zwanzig" and before "hundert"."""

SOUND_ALIKES = german_map({
    "ein": "1", "eine": "1", "einen": "1", "einer": "1", "einz": "1", "oh": "0", "zwoh": "2", "fier": "4", "fir": "4",
    "sex": "6", "sechse": "6", "siebn": "7", "neuen": "9", "noin": "9", "fünfe": "5", "dreie": "3", "viere": "4",
})  # fmt: skip

TEENS = german_map({
    "zehn": "10", "elf": "11", "zwölf": "12", "dreizehn": "13", "vierzehn": "14", "fünfzehn": "15", "sechzehn": "16",
    "siebzehn": "17", "achtzehn": "18", "neunzehn": "19",
})  # fmt: skip

TENS = german_map({
    "zwanzig": "20", "dreißig": "30", "vierzig": "40", "fünfzig": "50", "sechzig": "60", "siebzig": "70",
    "achtzig": "80", "neunzig": "90",
})  # fmt: skip

MAGNITUDES = {
    "hundert": 100, "tausend": 1_000, "million": 1_000_000, "millionen": 1_000_000, "milliarde": 10**9,
    "milliarden": 10**9,
}  # fmt: skip

REPEATS = german_map({
    "doppel": 2, "doppelt": 2, "doppelte": 2, "zweimal": 2, "zwomal": 2, "dreifach": 3, "dreifache": 3, "dreimal": 3,
    "trippel": 3, "tripel": 3, "triple": 3, "viermal": 4, "vierfach": 4,
})  # fmt: skip

PLURALS = german_map({
    "nullen": "0", "nuller": "0", "einsen": "1", "einser": "1", "zweien": "2", "zweier": "2", "dreien": "3",
    "dreier": "3", "vieren": "4", "vierer": "4", "fünfen": "5", "fünfer": "5", "sechsen": "6", "sechser": "6",
    "siebenen": "7", "siebener": "7", "achten": "8", "achter": "8", "neunen": "9", "neuner": "9",
})  # fmt: skip

BRIDGES = german(
    "- – — . , ( ) / + # : ; _ | * ~ = strich bindestrich schrägstrich unterstrich leerzeichen leer pause punkt äh ähm",
    "öh öhm hm hmm mhm em eh und dann okay ok also nein nee sorry entschuldigung pardon moment warte warten halt",
    "stopp quatsch falsch korrektur nochmal noch mal einmal ach ja ich meine genau weiter gleich so jetzt kommt",
    "danach anschließend minus nicht doch sondern jetzt slash",
)

ASIDES = german(
    "ja jawohl jo genau richtig also gut okay ok so die das der den ist lautet war wäre meine mein ihre nummer zahl",
    "ziffer ziffern code und dann äh ähm öh öhm hm mhm bitte danke schön vielen dank gerne nein sorry moment erst",
    "zuerst nächste letzte letzten ersten stimmt sicher klar na nun mal eben bin am es sind",
)

UNITS_OF_MEASURE = german(
    "euro euros eur cent cents franken rappen dollar pfund prozent % € $ £ ¥ kronen uhr sekunde sekunden minute",
    "minuten",
    "stunde stunden tag tage tagen werktage werktagen arbeitstage woche wochen monat monate monaten jahr jahre jahren",
    "jährig jährige nacht nächte nächten kilometer km meter metern zentimeter cm millimeter mm quadratmeter meilen",
    "gramm g kilo kilogramm kg pfund tonnen liter litern milliliter ml milligramm mg grad celsius tablette tabletten",
    "tropfen stück stücke personen person leute kinder erwachsene gäste fahrgäste passagiere koffer tickets karten",
    "plätze zimmer gepäckstücke artikel paar pakete bestellungen rechnungen raten mal sterne punkte megabyte gigabyte",
    "mb gb tb megabit mbit ps watt volt kilowattstunden kwh prozentpunkte mitarbeiter zeilen seiten flaschen stellen",
    "stellig stellige andere weitere weiteren weiterer oder bis geräte",
)

_PARTS = sorted({*UNIT_FIRST, *UNITS, *TEENS, *TENS, *MAGNITUDES, "und", "doppel"}, key=len, reverse=True)
_PART = re.compile("|".join(_PARTS))
_COMPOUND = re.compile(rf"(?:{'|'.join(_PARTS)})+")
_SHORTEST, _LONGEST = 6, 80


@lru_cache(maxsize=8192)
def parts_of(word: str) -> tuple[str, ...]:
    """ "einundzwanzig" -> "ein", "und", "zwanzig"; a word that is no compound of number words by itself."""
    if not _SHORTEST <= len(word) <= _LONGEST or word in TEENS or word in TENS or not _COMPOUND.fullmatch(word):
        return (word,)
    parts = tuple(_PART.findall(word))
    return parts if len(parts) > 1 and any(part != "und" for part in parts) else (word,)


def is_number(word: str) -> bool:
    return len(parts_of(word)) > 1


NUMBERS = NumberWords(
    units=UNITS,
    sound_alikes=SOUND_ALIKES,
    teens=TEENS,
    tens=TENS,
    repeats=REPEATS,
    plurals=PLURALS,
    hundred=frozenset({"hundert"}),
    magnitudes=MAGNITUDES,
    hundreds={},
    alone=frozenset({"hundert", "tausend"}),
    one_before=frozenset({"ein", "eine"}),
    joins=frozenset({"und"}),
    tens_join=frozenset({"und"}),
    unit_first=UNIT_FIRST,
    times=frozenset({"mal"}),
    repeat_joins=german("- die der das eine"),
    bridges=BRIDGES,
    asides=ASIDES,
    units_of_measure=UNITS_OF_MEASURE,
    year_before=german("in im seit von bis jahr jahre jahres während vor nach um ab anfang mitte ende seitdem anno"),
    links=german("ist lautet nummer nr hat die der es mit den : # * _ ( . - endet auf von"),
    point="komma",
    calls=german("wähle wählen ruf rufe rufen"),
    idioms=frozenset({"247"}),
    emergency=german("110 112 116117 115 144 133 122"),
    parts_of=parts_of,
)
